//! Stories of long days.

use serde_json::json;

use crate::{
    domain::{Episode, RuleKey, Subject},
    rules::driving::story::{Trip, began_min, ended_min},
    testing::*,
};

/// A trip by the defaults, which are those of the EU.
fn eu() -> Trip {
    Trip::new(RuleKey::DriveDaily, parts(Some("1203"), Vec::new()))
}

/// A trip by China's 8 h in any 24 h.
fn china() -> Trip {
    let mut parts = parts(Some("1203"), Vec::new());
    let parameters = json!({ "limit_s": 28_800, "reckoned": "rolling", "span_s": 86_400 });
    parts.packs = packs(pack_with(&json!({ "drive.daily": parameters })));
    Trip::new(RuleKey::DriveDaily, parts)
}

/// Nine hours of driving with the breaks that are needed.
fn a_full_day(trip: Trip) -> Trip {
    trip.drive(270).stand(45).drive(270)
}

fn is_driver_1(episode: &Episode) -> bool {
    episode.subject == Subject::Driver("D-1".into())
}

#[test]
fn nine_hours_may_be_driven_between_two_rests_and_no_more() {
    assert!(a_full_day(eu()).found().is_empty());
    let episode = a_full_day(eu()).stand(45).drive(10).only();
    assert!(is_driver_1(&episode));
    assert_eq!(began_min(&episode), 630.0, "when the driving went on after nine hours of it");
    assert_eq!((episode.peak, episode.limit), (Some(33_000.0), Some(32_400.0)));
}

#[test]
fn a_rest_of_eleven_hours_begins_a_new_day_and_one_of_less_does_not() {
    assert!(a_full_day(eu()).vanish(0.0, 660.0, 0.0).drive(200).found().is_empty());
    assert_eq!(a_full_day(eu()).vanish(0.0, 659.0, 0.0).drive(2).found().len(), 1);
}

#[test]
fn it_ends_when_the_rest_is_complete() {
    let episode = a_full_day(eu()).drive(10).vanish(0.0, 900.0, 0.0).only();
    assert_eq!(ended_min(&episode), Some(595.0 + 660.0));
}

#[test]
fn the_cab_is_warned_half_an_hour_before_once_a_day() {
    let mut trip = eu().drive(270).stand(45).drive(241).stand(15).drive(20);
    trip.found();
    assert_eq!(trip.warnings(), 1);
}

#[test]
fn another_driver_has_a_day_of_his_own() {
    let mut trip = a_full_day(eu()).drive(10).driver(Some("D-2")).drive(300);
    let episode = trip.only();
    assert!(is_driver_1(&episode));
    assert_eq!(ended_min(&episode), Some(595.0));
}

#[test]
fn eight_hours_may_be_driven_in_any_twenty_four() {
    assert!(china().drive(240).stand(20).drive(240).found().is_empty());
    let mut trip = china().drive(240).stand(20).drive(240).stand(20).drive(30);
    let episode = trip.only();
    assert_eq!(began_min(&episode), 520.0);
    // 8 h 30 min were driven from minute 0 on: at minute 1470 no more than 8 h of them lie within a day.
    let mut trip = trip.vanish(0.0, 1200.0, 0.0);
    let episode = trip.only();
    assert!((ended_min(&episode).unwrap() - 1470.0).abs() < 1.0, "{:?}", ended_min(&episode));
}

#[test]
fn what_was_driven_a_day_ago_makes_room_for_what_is_driven_now() {
    // The next day at much the same times: the old hours leave as fast as new ones come.
    let mut trip = china().drive(240).stand(20).drive(240).vanish(0.0, 945.0, 0.0).drive(238).stand(20).drive(200);
    assert!(trip.found().is_empty());
    // One hour earlier they do not.
    let mut trip = china().drive(240).stand(20).drive(240).vanish(0.0, 880.0, 0.0).drive(10);
    assert_eq!(began_min(&trip.only()), 1380.0);
}

#[test]
fn the_stops_of_a_round_cost_no_memory() {
    let round = (0..40).fold(china(), |trip, _| trip.drive(5).stand(5));
    let stored = serde_json::to_string(&round.story.track.state.rules.daily).unwrap();
    assert!(stored.len() < 200, "{} bytes: {stored}", stored.len());
}

#[test]
fn on_rolling_days_the_cab_is_warned_each_day() {
    let mut trip = china().drive(240).stand(20).drive(225).vanish(0.0, 1500.0, 0.0);
    trip.found();
    assert_eq!(trip.warnings(), 1);
    let mut trip = trip.drive(240).stand(20).drive(225);
    trip.found();
    assert_eq!(trip.warnings(), 2);
}
