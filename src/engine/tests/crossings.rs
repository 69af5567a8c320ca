//! Entering and leaving areas.

use super::*;
use crate::rules::Change;

const SQUARE: [f64; 4] = [0.0, 0.0, 100.0, 100.0];

#[test]
fn a_zone_crossed_between_two_fixes_is_found_with_times_and_places_on_its_edge() {
    let mut story = Story::new(Some("1203"), vec![zone(1, prohibited(), SQUARE)]);
    let changes = story.drive(&[fix(0.0, -100.0, 50.0), fix(30.0, 200.0, 50.0)]);
    let [opened, closed] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!((opened.change, closed.change), (Change::Opened, Change::Closed));
    let episode = &closed.episode;
    assert_eq!(episode.certainty, Certainty::Likely);
    assert_eq!(episode.entry, EntryKind::Crossed);
    assert_eq!(episode.opened_at, at(10.0));
    assert_eq!(episode.closed_at, Some(at(20.0)));
    assert!((episode.closed_place.unwrap().lon() - 100.0 / DEGREE_M).abs() < 1e-9);
}

#[test]
fn a_fix_inside_makes_it_observed_and_the_episode_stays_open_until_the_exit() {
    let mut story = Story::new(Some("1203"), vec![zone(1, prohibited(), SQUARE)]);
    let changes = story.drive(&[fix(0.0, -100.0, 50.0), fix(20.0, 50.0, 50.0), fix(40.0, 60.0, 50.0)]);
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].episode.certainty, Certainty::Observed);
    assert_eq!(story.open().len(), 1);
    let changes = story.drive(&[fix(60.0, 300.0, 50.0)]);
    assert_eq!(changes[0].change, Change::Closed);
    assert_eq!(changes[0].episode.hits, 2);
}

#[test]
fn inside_at_the_first_fix_is_a_status_and_not_a_crossing() {
    let mut story = Story::new(Some("1203"), vec![zone(1, prohibited(), SQUARE)]);
    let changes = story.drive(&[fix(0.0, 50.0, 50.0)]);
    assert_eq!(changes[0].episode.entry, EntryKind::FoundInside);
    assert_eq!(changes[0].episode.opened_at, at(0.0));
}

#[test]
fn inside_after_a_gap_is_a_status_and_a_way_through_in_a_gap_is_only_possible() {
    let mut story = Story::new(Some("1203"), vec![zone(1, prohibited(), SQUARE)]);
    let changes = story.drive(&[fix(0.0, -500.0, 50.0), fix(500.0, 50.0, 50.0)]);
    assert_eq!(changes[0].episode.entry, EntryKind::FoundInside);
    assert_eq!(changes[0].episode.opened_at, at(500.0));

    let mut story = Story::new(Some("1203"), vec![zone(1, prohibited(), SQUARE)]);
    let changes = story.drive(&[fix(0.0, -500.0, 50.0), fix(500.0, 500.0, 50.0)]);
    assert_eq!(changes[0].episode.certainty, Certainty::Possible);
    assert_eq!(changes[1].change, Change::Closed);
}

#[test]
fn jitter_at_the_edge_makes_one_episode_with_margins_and_many_without() {
    let jitter: Vec<Fix> = (0..60).map(|n| fix(f64::from(n), if n % 2 == 0 { -4.0 } else { 4.0 }, 50.0)).collect();
    let through = [fix(60.0, 50.0, 50.0), fix(70.0, 60.0, 50.0)];

    let mut without = Story::new(Some("1203"), vec![zone(1, prohibited(), SQUARE)]);
    let opened = |changes: &[EpisodeChange]| changes.iter().filter(|change| change.change == Change::Opened).count();
    assert!(opened(&without.drive(&jitter)) > 20);

    let mut with = Story::with_margins(Some("1203"), vec![zone(1, prohibited(), SQUARE)]);
    assert_eq!(opened(&with.drive(&jitter)), 0);
    assert_eq!(opened(&with.drive(&through)), 1);
}

#[test]
fn a_zone_for_other_goods_does_not_concern_the_load() {
    let toxic_only = ZoneKind::Prohibited {
        cargo: CargoPredicate { classes: vec!["2.3".parse().unwrap()], ..CargoPredicate::default() },
    };
    let way = [fix(0.0, -100.0, 50.0), fix(20.0, 50.0, 50.0)];
    assert!(Story::new(Some("1203"), vec![zone(1, toxic_only.clone(), SQUARE)]).drive(&way).is_empty());
    let chlorine = Story::new(Some("1017"), vec![zone(1, toxic_only.clone(), SQUARE)]).drive(&way);
    assert_eq!(chlorine[0].episode.severity, Severity::S1);
    let unknown = Story::new(None, vec![zone(1, toxic_only, SQUARE)]).drive(&way);
    assert!(unknown[0].episode.cargo_unknown, "unknown cargo counts as the most restrictive, and is flagged");
}

#[test]
fn chlorine_in_a_tank_may_not_pass_a_category_c_tunnel_and_petrol_may() {
    let bore = [0.0, -10.0, 800.0, 10.0];
    let way = [fix(0.0, -100.0, 0.0), fix(50.0, 900.0, 0.0)];
    let chlorine = Story::new(Some("1017"), vec![zone(1, tunnel(TunnelCategory::C), bore)]).drive(&way);
    assert_eq!(chlorine[0].episode.rule, RuleKey::TunnelCode);
    assert_eq!(chlorine[0].episode.severity, Severity::S1);
    assert!(Story::new(Some("1203"), vec![zone(1, tunnel(TunnelCategory::C), bore)]).drive(&way).is_empty());
    let petrol_d = Story::new(Some("1203"), vec![zone(1, tunnel(TunnelCategory::D), bore)]).drive(&way);
    assert_eq!(petrol_d[0].episode.rule, RuleKey::TunnelCode);
}

#[test]
fn of_two_zones_left_and_entered_at_one_instant_the_exit_comes_first() {
    let zones =
        vec![zone(1, prohibited(), [100.0, 0.0, 200.0, 100.0]), zone(2, prohibited(), [0.0, 0.0, 100.0, 100.0])];
    let mut story = Story::new(Some("1203"), zones);
    story.drive(&[fix(0.0, 50.0, 50.0)]);
    let changes = story.drive(&[fix(20.0, 150.0, 50.0)]);
    let kinds: Vec<Change> = changes.iter().map(|change| change.change).collect();
    assert_eq!(kinds, [Change::Closed, Change::Opened]);
}

#[test]
fn a_zone_that_comes_into_force_around_a_vehicle_finds_it_inside() {
    let mut later = zone(1, prohibited(), SQUARE);
    later.valid_from = at(15.0);
    let mut story = Story::new(Some("1203"), vec![later]);
    assert!(story.drive(&[fix(0.0, 50.0, 50.0), fix(10.0, 51.0, 50.0)]).is_empty());
    let changes = story.drive(&[fix(20.0, 52.0, 50.0)]);
    assert_eq!(changes[0].episode.entry, EntryKind::FoundInside);
    assert_eq!(changes[0].episode.opened_at, at(15.0), "when it came into force");
}

#[test]
fn a_zone_that_goes_out_of_force_ends_its_episodes() {
    let mut ending = zone(1, prohibited(), SQUARE);
    ending.valid_to = Some(at(15.0));
    let mut story = Story::new(Some("1203"), vec![ending]);
    story.drive(&[fix(0.0, 50.0, 50.0)]);
    let changes = story.drive(&[fix(20.0, 51.0, 50.0)]);
    assert_eq!(changes[0].change, Change::Closed);
    assert!(story.track.state.presences.is_empty());
}

#[test]
fn an_implausible_jump_is_not_judged_but_believed_when_three_fixes_agree() {
    let mut story = Story::new(Some("1203"), vec![zone(1, prohibited(), [50_000.0, 0.0, 50_100.0, 100.0])]);
    story.drive(&[fix(0.0, 0.0, 50.0)]);
    let far = |second| fix(second, 50_050.0, 50.0);
    assert_eq!(story.judge(&far(10.0)).0, Judgement::Implausible);
    assert_eq!(story.judge(&far(20.0)).0, Judgement::Implausible);
    let (judgement, changes) = story.judge(&far(30.0));
    assert_eq!(judgement, Judgement::Judged);
    assert_eq!(changes[0].episode.entry, EntryKind::FoundInside, "how it came there is not known");
}

#[test]
fn one_bad_fix_does_not_lock_a_vehicle_out() {
    let mut story = Story::new(Some("1203"), Vec::new());
    story.drive(&[fix(0.0, 0.0, 0.0)]);
    assert_eq!(story.judge(&fix(1.0, 400_000.0, 0.0)).0, Judgement::Implausible);
    assert_eq!(story.judge(&fix(2.0, 20.0, 0.0)).0, Judgement::Judged);
}

#[test]
fn the_lowest_of_vehicle_and_zone_limits_binds() {
    let slow = ZoneKind::SpeedLimit { cargo: CargoPredicate::default(), limit_kmh: 50.0 };
    let mut story = Story::new(Some("1203"), vec![zone(1, slow, [0.0, -100.0, 2_000.0, 100.0])]);
    let driving = |second: f64| Fix { speed_kmh: Some(70.0), ..fix(second, -100.0 + second * 19.4, 0.0) };
    let fixes: Vec<Fix> = (0..60).step_by(5).map(|second| driving(f64::from(second))).collect();
    let changes = story.drive(&fixes);
    assert_eq!(changes[0].episode.rule, RuleKey::SpeedLimit);
    assert_eq!((changes[0].episode.peak, changes[0].episode.limit), (Some(70.0), Some(50.0)));
    assert_eq!(changes[0].episode.severity, Severity::S2);
    assert!(changes[0].episode.opened_at >= at(5.0), "outside the zone the vehicle's own limit held");
}

#[test]
fn a_short_burst_of_speed_is_not_raised() {
    let mut story = Story::new(Some("1203"), Vec::new());
    let fast = |second: f64| Fix { speed_kmh: Some(95.0), ..fix(second, second * 25.0, 0.0) };
    let calm = |second: f64| Fix { speed_kmh: Some(75.0), ..fix(second, second * 25.0, 0.0) };
    assert!(story.drive(&[calm(0.0), fast(1.0), fast(6.0), calm(10.0), fast(11.0), calm(20.0)]).is_empty());
}

#[test]
fn a_fix_ahead_of_its_time_does_not_blind_the_vehicle() {
    let mut story = Story::new(Some("1203"), Vec::new());
    story.drive(&[fix(0.0, 0.0, 0.0)]);
    assert_eq!(story.judge(&fix(200.0, 900_000.0, 0.0)).0, Judgement::Implausible);
    assert_eq!(story.judge(&fix(10.0, 100.0, 0.0)).0, Judgement::Judged);
}

#[test]
fn a_receiver_lost_in_kilometres_does_not_make_a_jump_plausible() {
    let mut story = Story::new(Some("1203"), Vec::new());
    story.drive(&[fix(0.0, 0.0, 0.0)]);
    let lost = Fix { accuracy_m: Some(900_000.0), ..fix(10.0, 900_000.0, 0.0) };
    assert_eq!(story.judge(&lost).0, Judgement::Implausible);
}

#[test]
fn a_narrow_zone_crossed_within_one_instant_does_not_stay_open() {
    let mut story = Story::new(Some("1203"), vec![zone(1, prohibited(), [0.0, 0.0, 20.0, 100.0])]);
    let mut second = fix(0.0, 40.0, 50.0);
    second.key.seq = 1;
    let changes = story.drive(&[fix(0.0, -20.0, 50.0), second]);
    let kinds: Vec<Change> = changes.iter().map(|change| change.change).collect();
    assert_eq!(kinds, [Change::Opened, Change::Closed]);
    assert!(story.open().is_empty());
}

#[test]
fn out_and_in_again_during_a_gap_is_a_status_and_not_a_crossing() {
    // A zone with a bite out of it: the straight way between the fixes leaves it and comes back.
    let mut story = Story::new(
        Some("1203"),
        vec![zone(1, prohibited(), SQUARE), zone(2, prohibited(), [300.0, 0.0, 400.0, 100.0])],
    );
    story.drive(&[fix(0.0, 50.0, 50.0)]);
    let changes = story.drive(&[fix(500.0, 350.0, 50.0)]);
    let opened = changes.iter().find(|change| change.change == Change::Opened).unwrap();
    assert_eq!(opened.episode.entry, EntryKind::FoundInside);
}

#[test]
fn a_zone_that_becomes_another_kind_ends_the_violation_of_the_old() {
    let mut before = zone(1, prohibited(), SQUARE);
    before.valid_to = Some(at(15.0));
    let mut after = zone(1, ZoneKind::SpeedLimit { cargo: CargoPredicate::default(), limit_kmh: 30.0 }, SQUARE);
    (after.version, after.valid_from) = (ZoneVersion(2), at(15.0));
    let mut story = Story::new(Some("1203"), vec![before, after]);
    story.drive(&[fix(0.0, 50.0, 50.0), fix(10.0, 51.0, 50.0)]);
    let changes = story.drive(&[fix(20.0, 52.0, 50.0)]);
    assert_eq!(changes[0].change, Change::Closed);
    assert!(story.open().is_empty());
}
