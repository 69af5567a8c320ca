//! Stories of vehicles in sections of their route.

use crate::{
    domain::{Fix, RouteId, RouteSection, RuleKey, Subject},
    rules::seconds_between,
    testing::*,
};

/// A route 10 km due east with one section, from 1 to 3 km, that takes 60 s at the least and 200 s at the most.
fn on_route() -> Parts {
    let mut known = route(7, 100.0, &[(0.0, 0.0), (10_000.0, 0.0)]);
    known.route.sections = vec![RouteSection {
        name: "works traffic".into(),
        from_m: 1000.0,
        to_m: 3000.0,
        min_s: Some(60.0),
        max_s: Some(200.0),
    }];
    let mut parts = parts(Some("1203"), Vec::new());
    parts.routes = vec![known];
    parts.shipments[0].route_id = Some(RouteId(7));
    parts
}

/// Fixes at these seconds and metres east.
fn east(points: &[(f64, f64)]) -> Vec<Fix> {
    points.iter().map(|(second, east_m)| Fix { speed_kmh: Some(50.0), ..fix(*second, *east_m, 0.0) }).collect()
}

/// The episode's situation, seconds into the story when it began and ended, and its value, if there is one episode.
fn found(story: &Story) -> Option<(String, i64, Option<i64>, i64)> {
    #[expect(clippy::cast_possible_truncation, reason = "a few thousand seconds")]
    let whole = |seconds: f64| seconds.round() as i64;
    let episodes = story.of_rule(RuleKey::RouteSectionTime);
    assert!(episodes.len() <= 1, "{episodes:?}");
    episodes.first().map(|episode| {
        assert_eq!(episode.subject, Subject::Section(RouteId(7), 1));
        let ended = episode.closed_at.map(|closed_at| whole(seconds_between(at(0.0), closed_at)));
        let began = whole(seconds_between(at(0.0), episode.opened_at));
        (episode.situation.to_string(), began, ended, whole(episode.peak.unwrap()))
    })
}

#[test]
fn a_section_that_is_left_too_soon_is_found_when_it_is_left() {
    let mut story = Story::of(on_route());
    story.drive(&east(&[(0.0, 0.0), (20.0, 800.0), (40.0, 1600.0), (60.0, 2400.0), (80.0, 3200.0)]));
    // 40 m/s: in at 25 s, out at 75 s.
    assert_eq!(found(&story), Some(("short".into(), 75, Some(75), 50)));
}

#[test]
fn a_section_that_takes_the_time_it_should_is_none() {
    for (pace_s, is_found) in [(29.0, true), (31.0, false), (99.0, false)] {
        let mut story = Story::of(on_route());
        story.drive(&east(&[
            (0.0, 0.0),
            (pace_s, 1000.0),
            (2.0 * pace_s, 2000.0),
            (3.0 * pace_s, 3000.0),
            (4.0 * pace_s, 4000.0),
        ]));
        assert_eq!(found(&story).is_some(), is_found, "{pace_s} s for each kilometre");
    }
}

#[test]
fn a_section_that_takes_too_long_is_found_while_the_vehicle_is_in_it() {
    let mut story = Story::of(on_route());
    story.drive(&east(&[(0.0, 900.0), (10.0, 1100.0)]));
    let waiting: Vec<(f64, f64)> = (2..22).map(|n| (f64::from(n) * 10.0, 1500.0)).collect();
    story.drive(&east(&waiting));
    // In at 5 s, so the time is over at 205 s.
    assert_eq!(found(&story), Some(("long".into(), 205, None, 205)));
    story.drive(&east(&[(230.0, 2000.0), (280.0, 2950.0), (290.0, 3050.0)]));
    assert_eq!(found(&story), Some(("long".into(), 205, Some(285), 280)));
}

#[test]
fn a_tolerance_is_granted_on_both_sides() {
    let mut parts = on_route();
    parts.packs = packs(pack_with(&serde_json::json!({ "route.section_time": { "tolerance_s": 15.0 } })));
    let mut story = Story::of(parts);
    story.drive(&east(&[(0.0, 0.0), (20.0, 800.0), (40.0, 1600.0), (60.0, 2400.0), (80.0, 3200.0)]));
    assert_eq!(found(&story), None);
}

#[test]
fn what_a_gap_leaves_open_counts_for_the_driver() {
    // It came in some time in the gap, 20 s before it left or 150 s before.
    let mut story = Story::of(on_route());
    story.drive(&east(&[(0.0, 900.0), (130.0, 2500.0), (150.0, 3200.0)]));
    assert_eq!(found(&story), None);
    // It was in for 210 s at the least.
    let mut story = Story::of(on_route());
    story.drive(&east(&[(0.0, 900.0), (10.0, 1100.0), (215.0, 2900.0)]));
    assert_eq!(found(&story).map(|(situation, ..)| situation), Some("long".into()));
}

#[test]
fn a_vehicle_that_starts_inside_or_turns_back_is_not_timed() {
    let mut story = Story::of(on_route());
    story.drive(&east(&[(0.0, 2000.0), (40.0, 3200.0)]));
    assert_eq!(found(&story), None, "it was not seen to come in");
    let mut story = Story::of(on_route());
    story.drive(&east(&[
        (0.0, 900.0),
        (10.0, 1100.0),
        (20.0, 900.0),
        (300.0, 900.0),
        (310.0, 1100.0),
        (400.0, 3100.0),
    ]));
    assert_eq!(found(&story), None, "it went out where it came in, and came again");
}

#[test]
fn a_place_on_the_path_that_cannot_be_is_no_driving() {
    let mut parts = on_route();
    // The way back passes the beginning at 100 m distance.
    let mut known = route(7, 60.0, &[(0.0, 0.0), (5000.0, 0.0), (5000.0, 100.0), (0.0, 100.0)]);
    known.route.sections = parts.routes[0].route.sections.clone();
    parts.routes = vec![known];
    let mut story = Story::of(parts);
    story.drive(&[fix(0.0, 900.0, 0.0), fix(10.0, 950.0, 95.0), fix(20.0, 900.0, 0.0), fix(30.0, 950.0, 95.0)]);
    assert_eq!(found(&story), None);
}

#[test]
fn it_ends_with_the_shipment() {
    let mut parts = on_route();
    parts.shipments[0].ends_at = Some(at(295.0));
    let mut story = Story::of(parts);
    story.drive(&east(&[
        (0.0, 900.0),
        (10.0, 1100.0),
        (100.0, 1500.0),
        (200.0, 1500.0),
        (290.0, 1500.0),
        (300.0, 1500.0),
    ]));
    assert_eq!(found(&story).map(|(situation, _, ended, _)| (situation, ended)), Some(("long".into(), Some(295))));
}

#[test]
fn a_fix_outside_the_corridor_is_passed_over() {
    let mut story = Story::of(on_route());
    story.drive(&east(&[(0.0, 0.0), (20.0, 800.0)]));
    story.drive(&[fix(40.0, 1600.0, 500.0)]);
    story.drive(&east(&[(60.0, 2400.0), (80.0, 3200.0)]));
    assert_eq!(found(&story), Some(("short".into(), 75, Some(75), 50)));
}
