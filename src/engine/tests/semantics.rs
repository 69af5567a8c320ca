//! What every rule means in common: ten sentences, a story each. They are where false alarms come from when they are left open.

use serde_json::json;

use super::*;
use crate::{
    domain::{CargoPredicate, Certainty, EntryKind, Exemption, ExemptionId},
    rules::{Change, seconds_between},
};

fn stays(story: &Story) -> Vec<(f64, Option<f64>, Certainty)> {
    let second = |time| seconds_between(at(0.0), time);
    let episodes = story.of_rule(RuleKey::ZoneProhibited);
    episodes.iter().map(|one| (second(one.opened_at), one.closed_at.map(second), one.certainty)).collect()
}

/// A kilometre to the east of 0, and as much to the north and south.
fn area() -> Zone {
    zone(1, prohibited(), [1000.0, -1000.0, 2000.0, 1000.0])
}

#[test]
fn semantic_1_event_time_counts_and_not_arrival() {
    let fixes = [fix(0.0, 0.0, 0.0), fix(50.0, 1500.0, 0.0), fix(100.0, 3000.0, 0.0)];
    let mut in_order = Story::new(Some("1203"), vec![area()]);
    in_order.drive(&fixes);
    let mut late = Story::new(Some("1203"), vec![area()]);
    late.drive(&[fixes[0].clone(), fixes[2].clone(), fixes[1].clone()]);
    assert_eq!(stays(&late), stays(&in_order), "what came late is judged in its place, for the span that it touches");
    assert_eq!(stays(&late)[0].2, Certainty::Observed, "before it came, the crossing was only likely");
}

#[test]
fn semantic_2_the_way_between_two_fixes_counts_with_its_certainty() {
    let certainty = |fixes: &[Fix]| {
        let mut story = Story::new(Some("1203"), vec![area()]);
        story.drive(fixes);
        stays(&story)[0].2
    };
    assert_eq!(certainty(&[fix(0.0, 0.0, 0.0), fix(60.0, 1500.0, 0.0), fix(120.0, 3000.0, 0.0)]), Certainty::Observed);
    assert_eq!(certainty(&[fix(0.0, 0.0, 0.0), fix(100.0, 3000.0, 0.0)]), Certainty::Likely);
    assert_eq!(certainty(&[fix(0.0, 0.0, 0.0), fix(300.0, 3000.0, 0.0)]), Certainty::Possible, "over a gap");
}

#[test]
fn semantic_3_who_drives_along_the_edge_does_not_flap() {
    let mut story = Story::with_margins(Some("1203"), vec![area()]);
    let jitter = [4.0, -6.0, 3.0, -2.0, 8.0, -9.0, 5.0, -4.0];
    let along = |n: usize| Fix {
        accuracy_m: Some(5.0),
        ..fix(n as f64 * 10.0, 1000.0 + jitter[n % jitter.len()], n as f64 * 20.0 - 800.0)
    };
    story.drive(&(0..80).map(along).collect::<Vec<_>>());
    assert!(stays(&story).is_empty(), "{:?}", stays(&story));
    let mut shortly = area();
    shortly.dwell_s = Some(60.0);
    let mut story = Story::new(Some("1203"), vec![shortly]);
    story.drive(&[fix(0.0, 900.0, 0.0), fix(20.0, 1100.0, 0.0), fix(40.0, 900.0, 0.0)]);
    assert!(stays(&story).is_empty(), "a stay has to last where the zone asks for it");
}

#[test]
fn semantic_4_who_is_inside_at_the_start_is_found_inside() {
    let mut story = Story::new(Some("1203"), vec![area()]);
    story.drive(&[fix(0.0, 1500.0, 0.0)]);
    assert_eq!(story.open()[0].entry, EntryKind::FoundInside);
}

#[test]
fn semantic_5_there_is_one_open_episode_and_repeats_count_in_it() {
    let mut story = Story::new(Some("1203"), vec![area()]);
    story.drive(&(0..20).map(|n| fix(f64::from(n) * 10.0, 1200.0, f64::from(n) * 10.0)).collect::<Vec<_>>());
    assert_eq!(stays(&story).len(), 1);
    assert!(story.open()[0].hits >= 20, "{}", story.open()[0].hits);
}

#[test]
fn semantic_6_unknown_cargo_is_the_most_restrictive_and_says_so() {
    let toxic = CargoPredicate { classes: vec!["2.3".parse().unwrap()], ..CargoPredicate::default() };
    let closed_to_toxic = || zone(1, ZoneKind::Prohibited { cargo: toxic.clone() }, [1000.0, -1000.0, 2000.0, 1000.0]);
    let mut petrol = Story::new(Some("1203"), vec![closed_to_toxic()]);
    petrol.drive(&[fix(0.0, 1500.0, 0.0)]);
    assert!(stays(&petrol).is_empty());
    let mut unknown = Story::new(None, vec![closed_to_toxic()]);
    unknown.drive(&[fix(0.0, 1500.0, 0.0)]);
    assert!(unknown.of_rule(RuleKey::ZoneProhibited)[0].cargo_unknown);
}

#[test]
fn semantic_7_of_overlapping_speed_zones_the_lowest_limit_wins() {
    let limited = |id, limit_kmh| {
        let kind = ZoneKind::SpeedLimit { cargo: CargoPredicate::default(), limit_kmh };
        zone(id, kind, [-1000.0, -1000.0, 5000.0, 1000.0])
    };
    let mut story = Story::new(Some("1203"), vec![limited(1, 70.0), limited(2, 50.0), limited(3, 60.0)]);
    story.drive(&(0..10).map(|n| driving(f64::from(n) * 5.0, 55.0)).collect::<Vec<_>>());
    let [speeding] = story.of_rule(RuleKey::SpeedLimit)[..] else { panic!("one episode") };
    assert_eq!(speeding.limit, Some(50.0));
}

#[test]
fn semantic_8_a_window_is_by_the_clock_of_the_place() {
    // The story begins on a Tuesday at 08:15:30 UTC: 09:15 in Amsterdam, 16:15 in Shanghai.
    let banned_from_nine_to_ten = |time_zone: &str| {
        let schedule =
            json!({ "time_zone": time_zone, "windows": [{ "days": ["tue"], "from": "09:00", "to": "10:00" }] });
        let mut area = area();
        area.kind = ZoneKind::TimeBan { cargo: CargoPredicate::default() };
        area.schedule = Some(serde_json::from_value(schedule).unwrap());
        let mut story = Story::new(Some("1203"), vec![area]);
        story.drive(&[fix(0.0, 1500.0, 0.0)]);
        story.of_rule(RuleKey::TimeBan).len()
    };
    assert_eq!(banned_from_nine_to_ten("Europe/Amsterdam"), 1);
    assert_eq!(banned_from_nine_to_ten("Asia/Shanghai"), 0);
}

#[test]
fn semantic_9_over_a_tunnel_a_vehicle_is_only_possibly_in_it() {
    let bore = || zone(1, tunnel(TunnelCategory::E), [0.0, -10.0, 1000.0, 10.0]);
    let certainty = |fixes: &[Fix]| {
        let mut story = Story::new(Some("1017"), vec![bore()]);
        story.drive(fixes);
        story.of_rule(RuleKey::TunnelCode)[0].certainty
    };
    let across = [fix(0.0, 500.0, -200.0), fix(10.0, 500.0, 0.0), fix(20.0, 500.0, 200.0)];
    assert_eq!(certainty(&across), Certainty::Possible, "a road over the bore");
    let through = [fix(0.0, -200.0, 0.0), fix(60.0, 1200.0, 0.0)];
    assert_eq!(certainty(&through), Certainty::Likely, "in at one portal, out at the other");
}

#[test]
fn semantic_10_what_a_permit_covers_is_recorded_as_exempted() {
    let mut parts = parts(Some("1203"), vec![area()]);
    let permit = Exemption {
        id: ExemptionId(3),
        permit: "P-2026-17".into(),
        operator_id: None,
        vehicle_id: Some(VehicleId(1)),
        rules: vec![RuleKey::ZoneProhibited],
        zone: None,
        group: None,
        valid_from: at(-1000.0),
        valid_to: at(60.0),
        schedule: None,
        escort_required: false,
        conditions: Vec::new(),
    };
    parts.exemptions = vec![permit];
    let mut story = Story::of(parts);
    story.drive(&[fix(0.0, 1500.0, 0.0)]);
    assert_eq!(story.open()[0].exempted_by, Some(ExemptionId(3)));
    let changes = story.drive(&[fix(30.0, 1500.0, 0.0), fix(70.0, 1500.0, 0.0)]);
    assert!(changes.iter().any(|change| change.change == Change::Raised), "it runs out while the vehicle is there");
    assert_eq!(story.open()[0].exempted_by, None);
}
