//! Device alarms and rollover.

use super::*;
use crate::{domain::position::Sensors, rules::Change};

#[test]
fn sos_is_critical_and_carries_the_last_known_place() {
    let mut story = Story::new(Some("1965"), Vec::new());
    story.drive(&[fix(0.0, 30.0, 40.0)]);
    let changes = story.raise(&event(DeviceEventKind::Sos, 5.0, 1));
    assert_eq!(changes[0].episode.rule, RuleKey::Sos);
    assert_eq!(changes[0].episode.severity, Severity::S1);
    assert_eq!(changes[0].episode.opened_place, Some(place(30.0, 40.0)));
}

#[test]
fn a_late_sos_is_raised_like_any_other() {
    let mut story = Story::new(Some("1965"), Vec::new());
    story.drive(&[fix(0.0, 0.0, 0.0), fix(1000.0, 0.0, 0.0)]);
    assert_eq!(story.raise(&event(DeviceEventKind::Sos, 10.0, 1))[0].change, Change::Opened);
}

#[test]
fn the_same_event_again_changes_nothing_and_another_press_joins_the_open_episode() {
    let mut story = Story::new(Some("1965"), Vec::new());
    story.raise(&event(DeviceEventKind::Sos, 0.0, 1));
    let before = story.track.state.clone();
    assert!(story.raise(&event(DeviceEventKind::Sos, 0.0, 1)).is_empty());
    assert_eq!(story.track.state, before);
    assert!(story.raise(&event(DeviceEventKind::Sos, 20.0, 2)).is_empty());
    assert_eq!(story.open().len(), 1);
    assert_eq!(story.open()[0].hits, 2);
}

#[test]
fn an_alarm_that_is_not_repeated_is_over() {
    let mut story = Story::new(Some("1965"), Vec::new());
    story.raise(&event(DeviceEventKind::Leak, 0.0, 1));
    assert!(story.wait_until(599.0).is_empty());
    let changes = story.wait_until(600.0);
    assert_eq!(changes[0].change, Change::Closed);
    assert!(story.open().is_empty());
}

#[test]
fn a_rolled_over_tank_is_raised_by_its_sensor_once_and_over_when_upright() {
    let mut story = Story::new(Some("1965"), Vec::new());
    let rolled = |second: f64, roll_deg: f64| Fix {
        sensors: Sensors { roll_deg: Some(roll_deg), ..Sensors::default() },
        ..fix(second, 0.0, 0.0)
    };
    let changes = story.drive(&[rolled(0.0, 2.0), rolled(1.0, 40.0), rolled(2.0, -80.0), rolled(3.0, -90.0)]);
    let kinds: Vec<Change> = changes.iter().map(|change| change.change).collect();
    assert_eq!(kinds, [Change::Opened, Change::Raised]);
    assert_eq!(changes[1].episode.peak, Some(90.0));
    assert!(story.raise(&event(DeviceEventKind::Rollover, 3.5, 1)).is_empty(), "the device says the same");
    let changes = story.drive(&[rolled(600.0, 3.0)]);
    assert_eq!(changes[0].change, Change::Closed);
}

#[test]
fn an_alarm_of_a_vehicle_that_never_sent_a_fix_stays_open_as_long_as_any_other() {
    let mut story = Story::new(Some("1965"), Vec::new());
    story.raise(&event(DeviceEventKind::Sos, 0.0, 1));
    assert_eq!(story.track.state.heard_at, Some(at(0.0)));
    assert!(story.raise(&event(DeviceEventKind::Sos, 30.0, 2)).is_empty(), "the second press joins the first");
}

#[test]
fn a_press_long_after_the_last_is_a_new_alarm_whether_or_not_anybody_looked_in_between() {
    let mut story = Story::new(Some("1965"), Vec::new());
    story.raise(&event(DeviceEventKind::Sos, 0.0, 1));
    let changes = story.raise(&event(DeviceEventKind::Sos, 1200.0, 2));
    let kinds: Vec<Change> = changes.iter().map(|change| change.change).collect();
    assert_eq!(kinds, [Change::Closed, Change::Opened]);
}

#[test]
fn a_rollover_is_believed_even_of_a_fix_that_cannot_be_where_it_says() {
    let mut story = Story::new(Some("1965"), Vec::new());
    story.drive(&[fix(0.0, 0.0, 0.0)]);
    let far = Fix { sensors: Sensors { roll_deg: Some(80.0), ..Sensors::default() }, ..fix(1.0, 900_000.0, 0.0) };
    let (judgement, changes) = story.judge(&far);
    assert_eq!(judgement, Judgement::Implausible);
    let rolled = changes.iter().find(|change| change.episode.rule == RuleKey::MotionRollover).unwrap();
    assert_eq!(rolled.episode.opened_place, Some(place(0.0, 0.0)), "the last place that was plausible");
}
