//! What silence means, and that it does not matter who notices it.

use super::*;
use crate::rules::{Change, seconds_between};

fn moving(second: f64) -> Fix {
    Fix { speed_kmh: Some(72.0), ..fix(second, second * 20.0, 0.0) }
}

#[test]
fn a_moving_vehicle_is_missed_after_a_minute_and_found_again_by_its_next_fix() {
    let mut story = Story::new(Some("1202"), Vec::new());
    story.drive(&[moving(0.0), moving(5.0), moving(10.0)]);
    assert!(story.wait_until(69.0).is_empty());
    let changes = story.wait_until(70.0);
    assert_eq!(changes[0].episode.rule, RuleKey::SignalLost);
    assert_eq!(changes[0].episode.severity, Severity::S3);
    assert_eq!(changes[0].episode.opened_at, at(70.0));
    let changes = story.drive(&[moving(100.0)]);
    assert_eq!((changes[0].change, changes[0].episode.closed_at), (Change::Closed, Some(at(100.0))));
}

#[test]
fn it_makes_no_difference_whether_the_clock_or_the_next_fix_notices() {
    let mut by_clock = Story::new(Some("1202"), Vec::new());
    by_clock.drive(&[moving(0.0), moving(5.0)]);
    let mut noticed = by_clock.wait_until(200.0);
    noticed.extend(by_clock.drive(&[moving(200.0)]));

    let mut by_fix = Story::new(Some("1202"), Vec::new());
    by_fix.drive(&[moving(0.0), moving(5.0)]);
    assert_eq!(by_fix.drive(&[moving(200.0)]), noticed);
    assert_eq!(by_fix.episodes, by_clock.episodes);
}

#[test]
fn a_parked_vehicle_may_be_silent() {
    let mut story = Story::new(Some("1202"), Vec::new());
    story.drive(&[moving(0.0), Fix { speed_kmh: Some(0.0), ..moving(5.0) }]);
    assert!(story.wait_until(10_000.0).is_empty());
}

#[test]
fn with_high_consequence_goods_five_minutes_of_silence_are_major() {
    let mut story = Story::new(Some("1017"), Vec::new());
    story.drive(&[moving(0.0)]);
    let changes = story.wait_until(1000.0);
    let severities: Vec<Severity> = changes.iter().map(|change| change.episode.severity).collect();
    assert_eq!(severities, [Severity::S3, Severity::S2]);
}

#[test]
fn a_vehicle_that_fell_silent_at_a_tunnel_is_given_the_time_to_drive_through() {
    let bore = tunnel(TunnelCategory::A);
    let mut story = Story::new(Some("1202"), vec![zone(1, bore, [0.0, -10.0, 1000.0, 10.0])]);
    let before = Fix { speed_kmh: Some(72.0), ..fix(0.0, -50.0, 0.0) };
    story.drive(&[before]);
    assert!(story.wait_until(60.0).is_empty(), "it may be in the tunnel");
    let changes = story.wait_until(1000.0);
    // 1000 m at 30 km/h are 120 s, and a minute; the usual minute comes first.
    let missed_after_s = seconds_between(at(0.0), changes[0].episode.opened_at);
    assert!((missed_after_s - 240.0).abs() < 1.0, "{missed_after_s}");
}

#[test]
fn silence_says_nothing_in_a_place_that_no_radio_reaches_and_just_before_it() {
    for (edge_m, missed) in [(-50.0, false), (290.0, false), (310.0, true)] {
        let valley = zone(1, ZoneKind::DeadZone {}, [edge_m, -500.0, edge_m + 4000.0, 500.0]);
        let mut story = Story::new(Some("1202"), vec![valley]);
        story.drive(&[moving(0.0)]);
        assert_eq!(story.wait_until(1000.0).len(), usize::from(missed), "the valley begins {edge_m} m ahead");
    }
}

#[test]
fn the_usual_interval_of_a_slow_reporter_is_learned() {
    let mut story = Story::new(Some("1202"), Vec::new());
    story.drive(&(0..30).map(|n| moving(f64::from(n) * 60.0)).collect::<Vec<_>>());
    let last = 29.0 * 60.0;
    assert!(story.wait_until(last + 170.0).is_empty());
    assert_eq!(story.wait_until(last + 181.0).len(), 1);
}
