//! What holds for any trip: with a route, an agreed arrival, drivers who take turns, attendants, and zones with conditions.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    engine::{Track, VehicleState},
    world::KnownZone,
};

/// A world in which every rule about trips has much to find within minutes.
fn busy_trip() -> Parts {
    let restricted = json!({
        "kind": "restricted", "cargo": {}, "max_quantity_kg": 1000.0, "max_speed_kmh": 40.0, "escort_required": true,
        "max_stay_s": 90.0,
    });
    let restricted = |without: &str| -> ZoneKind {
        let mut kind = restricted.clone();
        kind.as_object_mut().unwrap().remove(without);
        serde_json::from_value(kind).unwrap()
    };
    let mut parts = parts(Some("1017"), Vec::new());
    parts.settings.zone_margins = crate::world::RuleSettings::default().zone_margins;
    let mut grouped = zone(2, restricted("max_stay_s"), [-200.0, -1500.0, 900.0, -300.0]);
    grouped.group = Some("centre".into());
    let mut neighbour = zone(3, restricted("max_quantity_kg"), [700.0, -1500.0, 1500.0, 200.0]);
    neighbour.group = Some("centre".into());
    let mut waiting = zone(4, restricted("escort_required"), [-2000.0, -600.0, -900.0, 400.0]);
    waiting.dwell_s = Some(45.0);
    let zones = [zone(1, restricted("escort_required"), [-500.0, 300.0, 700.0, 1500.0]), grouped, neighbour, waiting];
    parts.zones = zones.into_iter().map(KnownZone::from).collect();

    let mut round = route(7, 150.0, &[(-1500.0, -1500.0), (1500.0, -1500.0), (1500.0, 1500.0), (-1500.0, 1500.0)]);
    let section = |name: &str, from_m, to_m| RouteSection {
        name: name.into(),
        from_m,
        to_m,
        min_s: Some(60.0),
        max_s: Some(120.0),
    };
    round.route.sections = vec![section("south", 500.0, 2000.0), section("east", 2500.0, 4500.0)];
    parts.routes = vec![round];
    let shipment = &mut parts.shipments[0];
    shipment.route_id = Some(RouteId(7));
    shipment.destination = Some(site(-1500.0, 0.0, 600.0));
    shipment.arrive_from = Some(at(400.0));
    shipment.arrive_by = Some(at(700.0));
    shipment.ends_at = Some(at(2000.0));
    parts.packs = packs(pack_with(&json!({
        "zone.restricted": { "escort_missing_s": 60.0, "speed_hold_s": 10.0 },
        "route.deviation": { "off_s": 20.0, "off_m": 100.0 },
        "drive.continuous": { "limit_s": 300, "break_s": 120, "split_breaks_s": [60, 90], "prewarn_s": 60 },
        "drive.daily": { "limit_s": 400, "reckoned": "rolling", "span_s": 900, "prewarn_s": 60 },
        "schedule.window": { "late_s": 120.0 },
    })));
    parts
}

/// Fixes of a drunken walk with stops, by drivers who take turns.
fn trips() -> impl Strategy<Value = Vec<Fix>> {
    let step = (-400.0..400.0_f64, -400.0..400.0_f64, 5.0..60.0_f64, 0.0..90.0_f64, 0..12_u8, 0..20_u8);
    proptest::collection::vec(step, 1..80).prop_map(|steps| {
        let (mut second, mut east_m, mut north_m) = (0.0, -1500.0_f64, -1500.0_f64);
        steps
            .into_iter()
            .map(|(east, north, pause_s, speed_kmh, crew, silence)| {
                let moves = speed_kmh > 20.0;
                second += if silence == 0 { 20.0 * pause_s } else { pause_s };
                if moves {
                    east_m = (east_m + east).clamp(-2500.0, 2500.0);
                    north_m = (north_m + north).clamp(-2500.0, 2500.0);
                }
                Fix {
                    speed_kmh: (crew != 11).then_some(if moves { speed_kmh } else { 0.0 }),
                    driver: match crew {
                        0..4 => Some("D-1".into()),
                        4 | 5 => Some("D-2".into()),
                        _ => None,
                    },
                    escort: (crew % 4 == 0).then(|| "E-1".into()),
                    ..fix(second, east_m, north_m)
                }
            })
            .collect()
    })
}

/// What the episodes say happened, without counters, the ids under which they happened to be found first, and who drove.
fn said(story: &Story) -> Vec<Episode> {
    let plain =
        |episode: &Episode| Episode { id: ViolationId(uuid::Uuid::nil()), hits: 0, driver: None, ..episode.clone() };
    let mut said: Vec<Episode> = story.episodes.values().map(plain).collect();
    said.sort_by(|one, other| {
        (one.rule, &one.subject, one.opened_at).cmp(&(other.rule, &other.subject, other.opened_at))
    });
    said
}

proptest! {
    #[test]
    fn any_order_of_arrival_ends_in_the_same_episodes_of_a_trip(
        (fixes, order) in trips().prop_flat_map(|fixes| {
            let order: Vec<usize> = (0..fixes.len()).collect();
            (Just(fixes), Just(order).prop_shuffle())
        }),
    ) {
        let mut in_order = Story::of(busy_trip());
        for fix in &fixes {
            in_order.judge(fix);
        }
        let mut shuffled = Story::of(busy_trip());
        for at in &order {
            shuffled.judge(&fixes[*at]);
        }
        prop_assert_eq!(said(&shuffled), said(&in_order));
    }

    #[test]
    fn a_trip_goes_on_from_a_stored_state_as_if_nothing_had_been(fixes in trips()) {
        let mut kept = Story::of(busy_trip());
        let mut reloaded = Story::of(busy_trip());
        for fix in &fixes {
            prop_assert_eq!(kept.judge(fix), reloaded.judge(fix));
            let stored = serde_json::to_string(&reloaded.track.state).unwrap();
            let loaded: VehicleState = serde_json::from_str(&stored).unwrap();
            reloaded.track = Track::from_state(loaded);
            prop_assert_eq!(&reloaded.track.state.rules, &kept.track.state.rules);
        }
    }

    #[test]
    fn what_is_open_after_a_trip_is_what_was_opened_and_not_closed(fixes in trips()) {
        let mut story = Story::of(busy_trip());
        for fix in &fixes {
            story.judge(fix);
        }
        let open = story.episodes.values().filter(|episode| episode.closed_at.is_none()).count();
        prop_assert_eq!(open, story.open().len());
        for episode in story.episodes.values() {
            prop_assert!(episode.closed_at.is_none_or(|closed_at| closed_at >= episode.opened_at));
            prop_assert!(episode.peak.is_none_or(f64::is_finite) && episode.limit.is_none_or(f64::is_finite));
        }
    }
}

#[test]
fn such_trips_break_every_rule_about_trips() {
    let mut random = proptest::test_runner::TestRunner::deterministic();
    let mut broken = std::collections::BTreeMap::new();
    for _ in 0..200 {
        let fixes = proptest::strategy::ValueTree::current(&trips().new_tree(&mut random).unwrap());
        let mut story = Story::of(busy_trip());
        fixes.iter().for_each(|fix| drop(story.judge(fix)));
        for episode in story.episodes.values() {
            *broken.entry((episode.rule.as_str(), episode.situation.to_string())).or_insert(0) += 1;
        }
    }
    for (rule, situation) in [
        ("zone.restricted", "quantity"),
        ("zone.restricted", "speed"),
        ("zone.restricted", "escort"),
        ("zone.restricted", "stay"),
        ("route.deviation", "corridor"),
        ("route.deviation", "direction"),
        ("route.section_time", "long"),
        ("drive.continuous", ""),
        ("drive.daily", ""),
        ("schedule.window", "late"),
        ("schedule.window", "early"),
    ] {
        assert!(broken.contains_key(&(rule, situation.to_owned())), "{rule} {situation}: {broken:?}");
    }
}
