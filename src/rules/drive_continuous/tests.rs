//! Stories of drivers who drive on.

use serde_json::json;

use crate::{
    domain::{Certainty, RuleKey, Subject},
    rules::{
        Change,
        driving::story::{Trip, began_min, ended_min},
    },
    testing::*,
};

/// A trip by the defaults, which are those of the EU.
fn eu() -> Trip {
    Trip::new(RuleKey::DriveContinuous, parts(Some("1203"), Vec::new()))
}

fn by(parameters: &serde_json::Value) -> Trip {
    let mut parts = parts(Some("1203"), Vec::new());
    parts.packs = packs(pack_with(&json!({ "drive.continuous": parameters })));
    Trip::new(RuleKey::DriveContinuous, parts)
}

#[test]
fn a_driver_may_drive_for_four_and_a_half_hours_and_not_a_second_longer() {
    assert!(eu().drive(270).found().is_empty());
    let episode = eu().drive(272).only();
    assert_eq!(episode.subject, Subject::Driver("D-1".into()));
    assert_eq!(began_min(&episode), 270.0, "when the limit was passed");
    assert_eq!((episode.peak, episode.limit), (Some(16_320.0), Some(16_200.0)));
    assert_eq!(episode.certainty, Certainty::Observed);
    // Where the limit was passed: 1.2 km a minute.
    let east_m = episode.opened_place.unwrap().lon() * DEGREE_M;
    assert!((east_m - 270.0 * 1200.0).abs() < 1.0, "{east_m}");
}

#[test]
fn the_moment_is_interpolated_between_two_fixes() {
    let episode = by(&json!({ "limit_s": 16_230.0 })).drive(272).only();
    assert_eq!(began_min(&episode), 270.5);
}

#[test]
fn the_cab_is_warned_half_an_hour_before_once() {
    let mut trip = eu().drive(239);
    trip.found();
    assert_eq!(trip.warnings(), 0);
    let mut trip = trip.drive(3).stand(10).drive(20);
    trip.found();
    assert_eq!(trip.warnings(), 1);
    let warning = trip.story.warnings.iter().find(|warning| warning.rule == RuleKey::DriveContinuous).unwrap();
    assert_eq!((warning.in_s, &warning.subject), (1800.0, &Subject::Driver("D-1".into())));
    let mut trip = trip.stand(45).drive(241);
    trip.found();
    assert_eq!(trip.warnings(), 2, "after the break the next stint has its own");
}

#[test]
fn a_break_of_three_quarters_of_an_hour_ends_the_stint_and_one_of_less_does_not() {
    assert!(eu().drive(200).stand(45).drive(200).found().is_empty());
    let episode = eu().drive(200).stand(44).drive(80).only();
    assert_eq!(began_min(&episode), 314.0);
}

#[test]
fn a_break_may_be_divided_into_fifteen_and_then_thirty_minutes() {
    assert!(eu().drive(100).stand(15).drive(100).stand(30).drive(200).found().is_empty());
    assert!(eu().drive(100).stand(15).drive(60).stand(20).drive(60).stand(30).drive(200).found().is_empty());
    for (first, second) in [(14, 30), (15, 29), (30, 15)] {
        let found = eu().drive(100).stand(first).drive(100).stand(second).drive(80).found();
        assert_eq!(found.len(), 1, "{first} and {second} minutes");
    }
}

#[test]
fn it_ends_when_the_break_is_complete() {
    let episode = eu().drive(280).stand(60).only();
    assert_eq!(ended_min(&episode), Some(325.0));
    assert_eq!(episode.peak, Some(280.0 * 60.0));
    let episode = eu().drive(100).stand(15).drive(180).stand(60).only();
    assert_eq!(ended_min(&episode), Some(325.0), "the second part is complete after 30 minutes");
    let episode = eu().drive(280).stand(44).drive(10).only();
    assert_eq!(ended_min(&episode), None, "a break that is too short ends nothing");
}

#[test]
fn another_driver_starts_from_nothing_and_the_first_one_goes_on_where_he_was() {
    let mut trip = eu().drive(280).driver(Some("D-2")).drive(20);
    let episode = trip.only();
    assert_eq!((began_min(&episode), ended_min(&episode)), (270.0, Some(280.0)), "another took over");
    // Twenty minutes of rest are no break: he is over the limit as soon as he drives.
    let found = trip.driver(Some("D-1")).drive(5).found();
    assert_eq!(found.len(), 2);
    assert_eq!(began_min(&found[1]), 300.0);

    // After 50 minutes beside the driver he has had his break.
    let found = eu().drive(200).driver(Some("D-2")).drive(50).driver(Some("D-1")).drive(200).found();
    assert!(found.is_empty());
}

#[test]
fn a_fix_that_names_nobody_changes_no_driver() {
    let episode = eu().drive(10).driver(None).drive(262).only();
    assert_eq!(episode.subject, Subject::Driver("D-1".into()));
    assert_eq!(began_min(&episode), 270.0);
}

#[test]
fn where_nobody_says_who_drives_it_is_the_vehicle_and_the_first_who_is_named_has_driven() {
    let episode = eu().driver(None).drive(272).only();
    assert_eq!(episode.subject, Subject::Vehicle);
    let episode = eu().driver(None).drive(200).driver(Some("D-1")).drive(72).only();
    assert_eq!((&episode.subject, began_min(&episode)), (&Subject::Driver("D-1".into()), 270.0));
}

#[test]
fn the_driver_whom_the_shipment_names_counts_until_the_device_names_one() {
    let mut parts = parts(Some("1203"), Vec::new());
    parts.shipments[0].driver = Some("D-7".into());
    let episode = Trip::new(RuleKey::DriveContinuous, parts).driver(None).drive(272).only();
    assert_eq!(episode.subject, Subject::Driver("D-7".into()));
}

#[test]
fn a_gap_on_the_way_is_driven_as_long_as_the_way_takes() {
    // 80 km in an hour: driven all through.
    let mut trip = eu().drive(240).vanish(72.0, 60.0, 80.0);
    let episode = trip.only();
    assert_eq!((began_min(&episode), episode.certainty), (270.0, Certainty::Possible));
    // 10 km in 40 minutes are 10 minutes of driving at 60 km/h, and no break.
    let episode = eu().drive(265).vanish(72.0, 40.0, 10.0).only();
    assert!((began_min(&episode) - 270.0).abs() < 0.1);
    // 10 km in an hour leave 50 minutes, in which there may have been a break.
    assert!(eu().drive(255).vanish(72.0, 60.0, 10.0).drive(100).found().is_empty());
}

#[test]
fn a_gap_in_which_the_vehicle_stays_where_it_was_is_a_stop() {
    assert!(eu().drive(200).vanish(0.0, 45.0, 0.1).drive(200).found().is_empty());
    let episode = eu().drive(280).vanish(0.0, 300.0, 0.0).only();
    assert_eq!(ended_min(&episode), Some(325.0));
}

#[test]
fn a_vehicle_that_stood_when_it_fell_silent_has_stood_before_it_drove() {
    // It stood for 20 minutes, and for 50 less 25 of the silence: together a break.
    let mut trip = eu().drive(280).stand(20).vanish(0.0, 50.0, 25.0);
    assert_eq!(ended_min(&trip.only()), Some(325.0));
}

#[test]
fn an_odometer_tells_of_a_round_trip_in_a_gap() {
    let mut trip = eu().drive(250);
    trip.odometer_km = Some(1000.0);
    let mut trip = trip.vanish(0.0, 60.0, 0.0);
    trip.odometer_km = Some(1030.0);
    let mut trip = trip.drive(10);
    // Half an hour of the hour was driven: after half an hour of rest, which is no break.
    assert!((began_min(&trip.only()) - 300.0).abs() < 0.1);

    let mut trip = eu().drive(200);
    trip.odometer_km = Some(1000.0);
    let mut trip = trip.vanish(0.0, 60.0, 0.0);
    trip.odometer_km = Some(900_000.0);
    assert!(trip.drive(200).found().is_empty(), "an odometer that was exchanged says nothing");
}

#[test]
fn moving_up_in_a_queue_does_not_end_a_break_and_a_traffic_jam_is_none() {
    assert!(eu().drive(200).stand(20).drive(1).stand(24).drive(200).found().is_empty());
    let mut jam = (0..70).fold(eu().drive(240), |trip, _| trip.drive(1).stand(1));
    assert_eq!(began_min(&jam.only()), 300.0, "half of the time it moved");
}

#[test]
fn the_limits_of_china_and_of_the_usa() {
    let china = json!({ "limit_s": 14_400, "break_s": 1200, "split_breaks_s": [] });
    assert!(by(&china).drive(240).stand(20).drive(240).found().is_empty());
    assert_eq!(began_min(&by(&china).drive(240).stand(19).drive(2).only()), 259.0);
    let usa = json!({ "limit_s": 28_800, "break_s": 1800, "split_breaks_s": [] });
    assert!(by(&usa).drive(480).stand(30).drive(200).found().is_empty());
    assert_eq!(began_min(&by(&usa).drive(482).only()), 480.0);
}

#[test]
fn it_is_raised_now_and_then_and_not_at_every_fix() {
    let parameters = json!({ "drive.continuous": { "limit_s": 1800.0, "prewarn_s": 0 } });
    let mut parts = parts(Some("1203"), Vec::new());
    parts.packs = packs(pack_with(&parameters));
    let mut story = Story::of(parts);
    let mut raised = 0;
    for n in 0..300 {
        let changes = story.judge(&driving(f64::from(n) * 10.0, 72.0)).1;
        let of_rule = changes.iter().filter(|change| change.episode.rule == RuleKey::DriveContinuous);
        raised += of_rule.filter(|change| change.change == Change::Raised).count();
    }
    assert!((18..=20).contains(&raised), "{raised} times in 1,200 s");
}
