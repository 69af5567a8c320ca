//! Stories of arrivals.

use serde_json::json;

use crate::{
    domain::{Certainty, Episode, RuleKey},
    rules::{Change, seconds_between},
    testing::*,
};

/// A shipment to a place 10 km east that is expected from second 1000 on and by second 2000. 300 s of grace.
fn expected() -> Parts {
    let mut parts = parts(Some("1203"), Vec::new());
    let shipment = &mut parts.shipments[0];
    shipment.destination = Some(site(10_000.0, 0.0, 200.0));
    shipment.arrive_from = Some(at(1000.0));
    shipment.arrive_by = Some(at(2000.0));
    parts.packs = packs(pack_with(&json!({ "schedule.window": { "late_s": 300.0 } })));
    parts
}

fn only(story: &Story) -> Option<Episode> {
    let episodes = story.of_rule(RuleKey::ScheduleWindow);
    assert!(episodes.len() <= 1, "{episodes:?}");
    episodes.first().map(|episode| (*episode).clone())
}

fn second(time: chrono::DateTime<chrono::Utc>) -> f64 {
    seconds_between(at(0.0), time).round()
}

/// The vehicle stands on its way from one second to another, reporting every 100 s.
fn wait(story: &mut Story, from: u32, to: u32) {
    for second in (from..=to).step_by(100) {
        story.drive(&[standing(f64::from(second), 9000.0, 0.0)]);
    }
}

#[test]
fn an_arrival_within_the_window_or_the_grace_is_none() {
    for arrival_s in [1400_u32, 2250] {
        let mut story = Story::of(expected());
        wait(&mut story, arrival_s % 100, arrival_s - 100);
        story.drive(&[standing(f64::from(arrival_s), 9900.0, 0.0)]);
        assert_eq!(only(&story), None, "at {arrival_s} s");
    }
}

#[test]
fn late_begins_when_the_grace_is_over_and_ends_with_the_arrival() {
    let mut story = Story::of(expected());
    wait(&mut story, 1000, 2800);
    let episode = only(&story).unwrap();
    assert_eq!(&*episode.situation, "late");
    assert_eq!(second(episode.opened_at), 2300.0);
    assert!(episode.peak.unwrap() >= 300.0, "seconds after the time agreed");
    assert_eq!((episode.certainty, episode.limit), (Certainty::Observed, Some(300.0)));
    // From 9,000 m to 10,000 m in 100 s: it comes to within 200 m of the place after 80 s.
    story.drive(&[standing(2900.0, 10_000.0, 0.0)]);
    let episode = only(&story).unwrap();
    assert_eq!((episode.closed_at.map(second), episode.peak.map(f64::round)), (Some(2880.0), Some(880.0)));
    story.drive(&[standing(3000.0, 10_000.0, 0.0), standing(3100.0, 9000.0, 0.0), standing(9000.0, 9000.0, 0.0)]);
    assert!(only(&story).unwrap().closed_at.is_some(), "it has arrived once and for all");
}

#[test]
fn it_is_raised_now_and_then_and_not_at_every_fix() {
    let mut story = Story::of(expected());
    let mut changes = Vec::new();
    for n in 0..300 {
        changes.extend(story.judge(&standing(2000.0 + f64::from(n) * 10.0, 9000.0, 0.0)).1);
    }
    let raised = changes.iter().filter(|change| change.change == Change::Raised).count();
    assert!((8..=10).contains(&raised), "{raised} times in 2,700 s");
}

#[test]
fn a_silent_vehicle_is_perhaps_late_whoever_notices() {
    let mut by_clock = Story::of(expected());
    by_clock.drive(&[standing(1000.0, 9000.0, 0.0)]);
    assert!(by_clock.wait_until(2299.0).is_empty());
    assert_eq!(by_clock.wait_until(2300.0).len(), 1);
    assert_eq!(only(&by_clock).unwrap().certainty, Certainty::Possible);
    by_clock.drive(&[standing(2500.0, 9000.0, 0.0)]);
    assert_eq!(only(&by_clock).unwrap().certainty, Certainty::Observed);

    let mut by_fix = Story::of(expected());
    by_fix.drive(&[standing(1000.0, 9000.0, 0.0), standing(2500.0, 9000.0, 0.0)]);
    assert_eq!(by_fix.episodes, by_clock.episodes);
}

#[test]
fn a_vehicle_heard_again_at_its_place_after_a_gap_may_have_come_in_time() {
    let mut story = Story::of(expected());
    story.drive(&[standing(1000.0, 9000.0, 0.0), standing(2600.0, 10_000.0, 0.0)]);
    let episode = only(&story).unwrap();
    assert_eq!(episode.certainty, Certainty::Possible);
    assert_eq!(episode.closed_at.map(second), Some(2600.0));
}

#[test]
fn early_lasts_until_the_window_opens_or_the_vehicle_goes_away() {
    let mut story = Story::of(expected());
    story.drive(&[standing(500.0, 9000.0, 0.0), standing(600.0, 10_000.0, 0.0), standing(700.0, 10_000.0, 0.0)]);
    let episode = only(&story).unwrap();
    assert_eq!((&*episode.situation, second(episode.opened_at)), ("early", 580.0));
    assert_eq!((episode.peak.map(f64::round), episode.limit), (Some(420.0), Some(0.0)));
    assert!(episode.closed_at.is_none());
    assert_eq!(story.wait_until(1000.0).len(), 1);
    assert_eq!(only(&story).unwrap().closed_at, Some(at(1000.0)));

    let mut story = Story::of(expected());
    story.drive(&[standing(600.0, 10_000.0, 0.0), standing(700.0, 10_000.0, 0.0), standing(750.0, 10_500.0, 0.0)]);
    let episode = only(&story).unwrap();
    assert_eq!(episode.closed_at.map(second), Some(720.0));
}

#[test]
fn an_early_arrival_is_granted_as_much_as_the_pack_says() {
    for (early_s, is_found) in [(400.0, false), (399.0, true)] {
        let mut parts = expected();
        parts.packs = packs(pack_with(&json!({ "schedule.window": { "early_s": early_s } })));
        let mut story = Story::of(parts);
        story.drive(&[standing(600.0, 10_000.0, 0.0)]);
        assert_eq!(only(&story).is_some(), is_found);
    }
}

#[test]
fn a_late_shipment_that_ends_is_late_no_longer() {
    let mut parts = expected();
    parts.shipments[0].ends_at = Some(at(2650.0));
    let mut story = Story::of(parts);
    wait(&mut story, 2000, 2800);
    assert_eq!(only(&story).unwrap().closed_at, Some(at(2650.0)));
}

#[test]
fn without_a_place_or_a_time_nothing_is_expected() {
    let mut parts = expected();
    parts.shipments[0].destination = None;
    let mut story = Story::of(parts);
    wait(&mut story, 0, 4000);
    assert_eq!(only(&story), None);

    let mut parts = expected();
    (parts.shipments[0].arrive_by, parts.shipments[0].arrive_from) = (None, None);
    let mut story = Story::of(parts);
    wait(&mut story, 0, 4000);
    assert_eq!(only(&story), None);
}
