//! A naive oracle: it samples the straight way between fixes every few centimetres and asks of each point whether it lies in
//! a zone. With no margins, what it sees is what the engine must find, in worlds and on tracks that nobody thought of.

use geo::{Contains, Point};
use proptest::prelude::*;

use super::*;

/// A star with this many points around a middle, in metres.
fn star((east_m, north_m): (f64, f64), radii_m: &[f64]) -> Vec<(f64, f64)> {
    let count = radii_m.len() as f64;
    radii_m
        .iter()
        .enumerate()
        .map(|(number, radius_m)| {
            let angle = number as f64 / count * std::f64::consts::TAU;
            (east_m + radius_m * angle.cos(), north_m + radius_m * angle.sin())
        })
        .collect()
}

fn worlds() -> impl Strategy<Value = Vec<Zone>> {
    let middle = (-800.0..800.0_f64, -800.0..800.0_f64);
    let radii = proptest::collection::vec(60.0..500.0_f64, 5..14);
    proptest::collection::vec((middle, radii), 1..6).prop_map(|stars| {
        stars
            .into_iter()
            .enumerate()
            .map(|(number, (middle, radii))| {
                let mut ring = star(middle, &radii);
                ring.push(ring[0]);
                let ring: Vec<(f64, f64)> = ring.iter().map(|(x, y)| (x / DEGREE_M, y / DEGREE_M)).collect();
                let mut zone = zone(number as i64 + 1, prohibited(), [0.0, 0.0, 1.0, 1.0]);
                zone.area = std::sync::Arc::new(geo::MultiPolygon::new(vec![geo::Polygon::new(ring.into(), vec![])]));
                zone
            })
            .collect()
    })
}

/// Far steps, and near ones: most of these meet no boundary, and the engine takes its shortcut.
fn ways() -> impl Strategy<Value = Vec<Fix>> {
    prop_oneof![far_steps(), near_steps()]
}

fn near_steps() -> impl Strategy<Value = Vec<Fix>> {
    let start = (-600.0..600.0_f64, -600.0..600.0_f64, 0.0..std::f64::consts::TAU);
    let steps = proptest::collection::vec((-0.4..0.4_f64, 1.0..60.0_f64, 1.0..6.0_f64), 20..120);
    (start, steps).prop_map(|((mut east_m, mut north_m, mut course), steps)| {
        let mut second = 0.0;
        let mut go = |(turn, step_m, pause_s): (f64, f64, f64)| {
            (course, second) = (course + turn, second + pause_s);
            (east_m, north_m) = (east_m + step_m * course.cos(), north_m + step_m * course.sin());
            fix(second, east_m, north_m)
        };
        steps.into_iter().map(&mut go).collect()
    })
}

fn far_steps() -> impl Strategy<Value = Vec<Fix>> {
    proptest::collection::vec((-1000.0..1000.0_f64, -1000.0..1000.0_f64, 60.0..110.0_f64), 2..20).prop_map(|points| {
        let mut second = 0.0;
        points
            .into_iter()
            .map(|(east_m, north_m, pause_s)| {
                second += pause_s;
                fix(second, east_m, north_m)
            })
            .collect()
    })
}

/// The stays in the zone that sampling sees, as seconds from the start of the track: from, to; open ends where the track ends.
fn sampled(zone: &Zone, fixes: &[Fix]) -> Vec<(f64, Option<f64>)> {
    const EVERY_S: f64 = 0.025;
    let inside = |place: Place| zone.area.contains(&Point::new(place.lon(), place.lat()));
    let second = |fix: &Fix| (fix.key.time - at(0.0)).as_seconds_f64();
    let mut stays: Vec<(f64, Option<f64>)> = Vec::new();
    let mut was_inside = false;
    for pair in fixes.windows(2) {
        let (from, to) = (&pair[0], &pair[1]);
        let span_s = second(to) - second(from);
        let passed_s = (0..).map(|sample: u32| f64::from(sample) * EVERY_S).take_while(|passed_s| *passed_s < span_s);
        for passed_s in passed_s.chain([span_s]) {
            let share = passed_s / span_s;
            let mix = |one: f64, other: f64| one + (other - one) * share;
            let here =
                Place::new(mix(from.place.lat(), to.place.lat()), mix(from.place.lon(), to.place.lon())).unwrap();
            let now = mix(second(from), second(to));
            match (was_inside, inside(here)) {
                (false, true) => stays.push((now, None)),
                (true, false) => stays.last_mut().unwrap().1 = Some(now),
                _ => {}
            }
            was_inside = inside(here);
        }
    }
    stays
}

/// Slivers between two samples, and a hair's breadth at corners, are the oracle's blindness, in seconds.
const BLIND_S: f64 = 0.2;

/// Stays with hardly anything between them are one.
fn joined(stays: impl Iterator<Item = (f64, Option<f64>)>) -> Vec<(f64, Option<f64>)> {
    let mut joined: Vec<(f64, Option<f64>)> = Vec::new();
    for (from, to) in stays {
        match joined.last_mut() {
            Some((_, end)) if end.is_some_and(|end| from - end < BLIND_S) => *end = to,
            _ => joined.push((from, to)),
        }
    }
    joined
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn every_stay_that_sampling_sees_is_an_episode_and_the_other_way_round(zones in worlds(), fixes in ways()) {
        let mut parts = parts(Some("1203"), zones.clone());
        // Any speed is plausible here: the way matters, not how fast it is driven.
        parts.packs = packs(pack_with(&serde_json::json!({ "gnss.implausible": { "implausible_kmh": 1e6 } })));
        let mut story = Story::of(parts);
        story.drive(&fixes);
        for zone in &zones {
            let second = |time: chrono::DateTime<chrono::Utc>| (time - at(0.0)).as_seconds_f64();
            let found = story.of_rule(RuleKey::ZoneProhibited);
            let found = found.into_iter().filter(|episode| episode.subject == Subject::Zone(zone.id));
            let found = joined(found.map(|episode| (second(episode.opened_at), episode.closed_at.map(second))));
            let seen = joined(sampled(zone, &fixes).into_iter());
            // Of a stay about so long, it is open which side of the line it falls on.
            let length_s = |(from, to): &(f64, Option<f64>)| to.map_or(f64::INFINITY, |to| to - from);
            prop_assume!(!seen.iter().any(|stay| (length_s(stay) - BLIND_S).abs() < 0.1));
            let is_seen = |stay: &(f64, Option<f64>)| length_s(stay) > BLIND_S;
            let found: Vec<_> = found.into_iter().filter(is_seen).collect();
            let seen: Vec<_> = seen.into_iter().filter(is_seen).collect();
            prop_assert_eq!(found.len(), seen.len(), "zone {:?}: found {:?}, sampled {:?}", zone.id, found, seen);
            for ((from, to), (seen_from, seen_to)) in found.iter().zip(&seen) {
                prop_assert!((from - seen_from).abs() < BLIND_S, "{} and {}", from, seen_from);
                prop_assert_eq!(to.is_some(), seen_to.is_some());
                if let (Some(to), Some(seen_to)) = (to, seen_to) {
                    prop_assert!((to - seen_to).abs() < BLIND_S);
                }
            }
        }
    }
}
