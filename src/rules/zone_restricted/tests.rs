//! Stories of vehicles in restricted zones.

use serde_json::json;

use crate::{
    domain::{
        CargoPredicate, Certainty, EntryKind, Episode, Fix, RuleKey, ShipmentId, Subject, Zone, ZoneId, ZoneKind,
    },
    rules::seconds_between,
    testing::*,
    world::KnownZone,
};

/// A zone from 0 to 1000 m east, without conditions.
fn area(id: i64, kind: ZoneKind) -> Zone {
    zone(id, kind, [0.0, -100.0, 1000.0, 100.0])
}

fn unconditional() -> ZoneKind {
    conditions(&json!({}))
}

/// A restricted zone's kind, with these conditions.
fn conditions(given: &serde_json::Value) -> ZoneKind {
    let mut kind = json!({ "kind": "restricted", "cargo": {} });
    kind.as_object_mut().unwrap().extend(given.as_object().unwrap().clone());
    serde_json::from_value(kind).unwrap()
}

/// A vehicle with so many kilograms of petrol, and one zone with these conditions.
fn with(given: &serde_json::Value, quantity_kg: Option<f64>) -> Parts {
    let mut parts = parts(Some("1203"), vec![area(1, conditions(given))]);
    parts.shipments[0].goods[0].quantity_kg = quantity_kg;
    parts
}

fn found(story: &Story) -> Vec<Episode> {
    story.of_rule(RuleKey::ZoneRestricted).into_iter().cloned().collect()
}

fn only(story: &Story) -> Episode {
    let found = found(story);
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].clone()
}

fn began_s(episode: &Episode) -> f64 {
    seconds_between(at(0.0), episode.opened_at)
}

fn ended_s(episode: &Episode) -> Option<f64> {
    episode.closed_at.map(|closed_at| seconds_between(at(0.0), closed_at))
}

/// A fix on the way east at this speed, which is where the vehicle would be had it started 100 m before the zone.
fn passing(second: f64, speed_kmh: f64) -> Fix {
    Fix { speed_kmh: Some(speed_kmh), ..fix(second, -100.0 + second * 10.0, 0.0) }
}

/// Fixes of a passage at 36 km/h and the fix's own word for its speed, every 10 s.
fn passage(from_s: u32, to_s: u32, speed_kmh: f64) -> Vec<Fix> {
    (from_s..=to_s).step_by(10).map(|second| passing(f64::from(second), speed_kmh)).collect()
}

fn escorted(fix: Fix) -> Fix {
    Fix { escort: Some("E-1".into()), ..fix }
}

#[test]
fn a_zone_whose_conditions_are_met_is_passed_without_a_word() {
    let met = json!({ "max_quantity_kg": 5000.0, "max_speed_kmh": 50.0, "escort_required": true, "max_stay_s": 100.0 });
    let mut story = Story::of(with(&met, Some(5000.0)));
    let fixes: Vec<Fix> = passage(0, 150, 50.0).into_iter().map(escorted).collect();
    story.drive(&fixes);
    assert!(found(&story).is_empty());
    let mut story = Story::new(Some("1203"), vec![area(1, unconditional())]);
    story.drive(&passage(0, 150, 79.0));
    assert!(found(&story).is_empty());
}

#[test]
fn too_much_of_the_goods_is_found_from_the_edge_to_the_edge() {
    let mut story = Story::of(with(&json!({ "max_quantity_kg": 5000.0 }), Some(5000.5)));
    story.drive(&passage(0, 150, 36.0));
    let episode = only(&story);
    assert_eq!((&*episode.situation, episode.entry), ("quantity", EntryKind::Crossed));
    assert_eq!((began_s(&episode), ended_s(&episode)), (10.0, Some(110.0)));
    assert_eq!((episode.peak, episode.limit), (Some(5000.5), Some(5000.0)));
    assert_eq!(episode.subject, Subject::Zone(ZoneId(1)));
    assert!(episode.zone.is_some());
}

#[test]
fn a_zone_crossed_between_two_fixes_is_likely_and_in_a_gap_possible() {
    for (seconds, certainty) in [(110.0, Certainty::Likely), (150.0, Certainty::Possible)] {
        let mut story = Story::of(with(&json!({ "max_quantity_kg": 5000.0 }), Some(8000.0)));
        story.drive(&[fix(0.0, -100.0, 0.0), fix(seconds, 1100.0, 0.0)]);
        let episode = only(&story);
        assert_eq!(episode.certainty, certainty);
        assert!(episode.closed_at.is_some());
    }
}

#[test]
fn a_quantity_that_nobody_states_and_cargo_that_nobody_declares_are_too_much() {
    let mut story = Story::of(with(&json!({ "max_quantity_kg": 5000.0 }), None));
    story.drive(&passage(0, 50, 36.0));
    assert_eq!(only(&story).peak, None);
    let mut story = Story::new(None, vec![area(1, conditions(&json!({ "max_quantity_kg": 5000.0 })))]);
    story.drive(&passage(0, 50, 36.0));
    assert!(only(&story).cargo_unknown);
}

#[test]
fn only_the_goods_that_the_zone_names_count() {
    let toxic = CargoPredicate { classes: vec!["2.3".parse().unwrap()], ..CargoPredicate::default() };
    let kind = ZoneKind::Restricted {
        cargo: toxic,
        max_quantity_kg: Some(0.0),
        max_speed_kmh: Some(10.0),
        escort_required: true,
        max_stay_s: Some(1.0),
    };
    let mut story = Story::new(Some("1203"), vec![area(1, kind)]);
    story.drive(&passage(0, 400, 36.0));
    assert!(found(&story).is_empty());
}

#[test]
fn too_fast_counts_when_it_lasts_and_ends_when_it_ends() {
    let mut story = Story::of(with(&json!({ "max_speed_kmh": 50.0 }), Some(1.0)));
    story.drive(&passage(0, 20, 60.0));
    assert!(found(&story).is_empty(), "inside for 10 s, but seen too fast only now");
    story.drive(&passage(30, 40, 70.0));
    let episode = only(&story);
    assert_eq!((&*episode.situation, began_s(&episode)), ("speed", 20.0));
    assert_eq!((episode.peak, episode.limit), (Some(70.0), Some(50.0)));
    story.drive(&passage(50, 60, 50.0));
    assert_eq!(ended_s(&only(&story)), Some(50.0));
    assert!(story.of_rule(RuleKey::SpeedLimit).is_empty(), "it is a condition of the zone, not a limit of the road");
}

#[test]
fn speed_before_the_zone_and_fixes_without_a_speed_say_nothing() {
    let mut story = Story::of(with(&json!({ "max_speed_kmh": 50.0 }), Some(1.0)));
    story.drive(&passage(0, 10, 70.0));
    story.drive(&[fix(20.0, 100.0, 0.0), fix(30.0, 200.0, 0.0)]);
    story.drive(&passage(40, 60, 50.0));
    assert!(found(&story).is_empty());
    // In between it counts on.
    story.drive(&passage(70, 70, 60.0));
    story.drive(&[fix(80.0, 700.0, 0.0)]);
    assert_eq!(began_s(&only(&story)), 70.0);
}

#[test]
fn nothing_is_known_of_the_speed_in_a_gap() {
    let mut story = Story::of(with(&json!({ "max_speed_kmh": 50.0 }), Some(1.0)));
    story.drive(&[passing(20.0, 60.0), passing(30.0, 60.0)]);
    assert!(only(&story).closed_at.is_none());
    story.drive(&[Fix { speed_kmh: Some(60.0), ..fix(300.0, 900.0, 0.0) }]);
    assert_eq!(ended_s(&only(&story)), Some(30.0));
}

#[test]
fn an_escort_that_no_fix_has_named_for_five_minutes_is_missing() {
    let mut story = Story::of(with(&json!({ "escort_required": true }), Some(1.0)));
    // 290 s on the road without a word of one, and 90 s in the zone.
    let before = |second: f64| standing(second - 290.0, -100.0, 0.0);
    story.drive(&[before(0.0), before(100.0), before(200.0), before(280.0)]);
    story.drive(&passage(0, 0, 36.0));
    assert!(found(&story).is_empty());
    story.drive(&passage(10, 90, 36.0));
    let episode = only(&story);
    assert_eq!((&*episode.situation, began_s(&episode)), ("escort", 10.0), "since it came in");
    story.drive(&[escorted(passing(100.0, 36.0)), passing(105.0, 36.0)]);
    assert_eq!(ended_s(&only(&story)), Some(100.0));
}

#[test]
fn an_escort_whom_some_fix_names_every_five_minutes_is_on_board() {
    let mut story = Story::of(with(&json!({ "escort_required": true }), Some(1.0)));
    for n in 0..30 {
        let second = f64::from(n) * 100.0;
        let here = standing(second, 500.0, 0.0);
        story.drive(&[if n % 3 == 0 { escorted(here) } else { here }]);
    }
    assert!(found(&story).is_empty());
}

#[test]
fn a_stay_that_is_too_long_begins_when_the_time_is_over() {
    let mut story = Story::of(with(&json!({ "max_stay_s": 300.0 }), Some(1.0)));
    story.drive(&[fix(0.0, -100.0, 0.0), fix(20.0, 100.0, 0.0)]);
    let waits: Vec<Fix> = (1..5).map(|n| standing(f64::from(n) * 100.0, 500.0, 0.0)).collect();
    story.drive(&waits[..3]);
    assert!(found(&story).is_empty(), "290 s after it came in");
    story.drive(&waits[3..]);
    let episode = only(&story);
    assert_eq!((&*episode.situation, began_s(&episode)), ("stay", 310.0));
    assert_eq!((episode.peak, episode.limit), (Some(390.0), Some(300.0)));
    story.drive(&[fix(500.0, 1500.0, 0.0)]);
    let episode = only(&story);
    assert_eq!((ended_s(&episode), episode.peak), (Some(450.0), Some(440.0)));
}

#[test]
fn a_stay_that_was_too_long_only_by_its_last_steps_is_found_when_it_is_over() {
    let mut story = Story::of(with(&json!({ "max_stay_s": 100.0 }), Some(1.0)));
    story.drive(&[fix(0.0, -100.0, 0.0), fix(20.0, 100.0, 0.0), fix(100.0, 500.0, 0.0), fix(200.0, 1500.0, 0.0)]);
    let episode = only(&story);
    assert_eq!((began_s(&episode), ended_s(&episode), episode.peak), (110.0, Some(150.0), Some(140.0)));
}

#[test]
fn one_episode_names_the_condition_that_failed_first_and_lasts_while_any_fails() {
    let both = json!({ "max_speed_kmh": 50.0, "max_stay_s": 30.0 });
    let mut story = Story::of(with(&both, Some(1.0)));
    // Too fast until second 40, too long from second 40 on.
    story.drive(&passage(0, 40, 60.0));
    story.drive(&passage(50, 150, 36.0));
    let episode = only(&story);
    assert_eq!((&*episode.situation, began_s(&episode), ended_s(&episode)), ("speed", 20.0, Some(110.0)));
    assert_eq!((episode.peak, episode.limit), (Some(60.0), Some(50.0)), "seconds are not held against km/h");
}

#[test]
fn zones_of_a_group_share_one_episode() {
    let kind = conditions(&json!({ "max_quantity_kg": 5000.0 }));
    let mut west = zone(1, kind.clone(), [0.0, -100.0, 600.0, 100.0]);
    let mut east = zone(2, kind, [500.0, -100.0, 1000.0, 100.0]);
    (west.group, east.group) = (Some("centre".into()), Some("centre".into()));
    let mut story = Story::new(Some("1203"), vec![west, east]);
    story.drive(&passage(0, 150, 36.0));
    let episode = only(&story);
    assert_eq!(episode.subject, Subject::Group("centre".into()));
    assert_eq!((began_s(&episode), ended_s(&episode)), (10.0, Some(110.0)));
}

#[test]
fn a_zone_that_goes_out_of_force_or_comes_into_it_around_the_vehicle() {
    let kind = conditions(&json!({ "max_quantity_kg": 5000.0 }));
    let mut ending = area(1, kind.clone());
    ending.valid_to = Some(at(55.0));
    let mut story = Story::new(Some("1203"), vec![ending]);
    story.drive(&passage(0, 100, 36.0));
    assert_eq!(ended_s(&only(&story)), Some(55.0));

    let mut coming = area(1, kind);
    coming.valid_from = at(55.0);
    let mut story = Story::new(Some("1203"), vec![coming]);
    story.drive(&passage(0, 100, 36.0));
    let episode = only(&story);
    assert_eq!((episode.entry, began_s(&episode)), (EntryKind::FoundInside, 55.0));
}

#[test]
fn a_zone_that_becomes_restricted_and_one_that_no_longer_is() {
    let kind = conditions(&json!({ "max_quantity_kg": 5000.0 }));
    let free = ZoneKind::StopPlace { supervised: false };
    for (first, then, wanted) in [(free.clone(), kind.clone(), (55.0, None)), (kind, free, (10.0, Some(55.0)))] {
        let mut before = area(1, first);
        before.valid_to = Some(at(55.0));
        let mut after = area(1, then);
        (after.version, after.valid_from) = (crate::domain::ZoneVersion(2), at(55.0));
        let mut story = Story::new(Some("1203"), vec![before, after]);
        story.drive(&passage(0, 80, 36.0));
        let episode = only(&story);
        assert_eq!((began_s(&episode), ended_s(&episode)), wanted);
    }
}

#[test]
fn a_zone_that_waits_raises_nothing_before_but_from_the_entry() {
    let mut waiting = area(1, conditions(&json!({ "max_quantity_kg": 5000.0 })));
    waiting.dwell_s = Some(60.0);
    let mut parts = parts(Some("1203"), Vec::new());
    parts.zones = vec![KnownZone::from(waiting)];
    let mut story = Story::of(parts);
    story.drive(&passage(0, 60, 36.0));
    assert!(found(&story).is_empty());
    story.drive(&passage(70, 70, 36.0));
    assert_eq!(began_s(&only(&story)), 10.0);
}

#[test]
fn cargo_that_is_unloaded_in_the_zone_ends_it() {
    let mut parts = with(&json!({ "max_quantity_kg": 5000.0 }), Some(8000.0));
    parts.shipments[0].ends_at = Some(at(55.0));
    parts.vehicles[0].dangerous_goods = false;
    let mut story = Story::of(parts);
    story.drive(&passage(0, 100, 36.0));
    assert_eq!(ended_s(&only(&story)), Some(60.0));
}

#[test]
fn what_fails_again_on_the_same_stay_is_another_episode_with_a_beginning_of_its_own() {
    let mut parts = with(&json!({ "max_quantity_kg": 5000.0 }), Some(8000.0));
    let (mut second, mut third) = (parts.shipments[0].clone(), parts.shipments[0].clone());
    parts.shipments[0].ends_at = Some(at(35.0));
    (second.id, second.starts_at, second.ends_at) = (ShipmentId(2), at(35.0), Some(at(55.0)));
    second.goods[0].quantity_kg = Some(10.0);
    (third.id, third.starts_at) = (ShipmentId(3), at(55.0));
    parts.shipments.extend([second, third]);
    let mut story = Story::of(parts);
    story.drive(&passage(0, 130, 36.0));
    let spans: Vec<_> = found(&story).iter().map(|episode| (began_s(episode), ended_s(episode))).collect();
    assert_eq!(spans, [(10.0, Some(40.0)), (40.0, Some(110.0))]);
}

#[test]
fn the_cab_is_warned_of_a_zone_ahead_whose_conditions_it_does_not_meet() {
    let ahead = |given: &serde_json::Value, escort: bool| {
        let mut story = Story::of(with(given, Some(8000.0)));
        for n in 0..5 {
            let second = f64::from(n) * 100.0;
            let here =
                Fix { heading_deg: Some(90.0), speed_kmh: Some(36.0), ..fix(second, -4500.0 + second * 10.0, 0.0) };
            story.drive(&[if escort { escorted(here) } else { here }]);
        }
        story.warnings.iter().filter(|warning| warning.rule == RuleKey::ZoneRestricted).count()
    };
    // The last fix is 500 m, or 50 s, before the zone.
    assert_eq!(ahead(&json!({ "max_quantity_kg": 5000.0 }), false), 1);
    assert_eq!(ahead(&json!({ "max_quantity_kg": 9000.0, "max_speed_kmh": 30.0 }), false), 0);
    assert_eq!(ahead(&json!({ "escort_required": true }), false), 1);
    assert_eq!(ahead(&json!({ "escort_required": true }), true), 0);
}
