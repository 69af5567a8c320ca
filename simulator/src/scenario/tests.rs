//! Each scenario does what it says, when it says, and nothing else that is forbidden.

use super::*;
use crate::{
    demo::region::{Zone, ZoneKind},
    geometry::{Place, inside, touches},
};

const TIMING: Timing = Timing { after_s: 20.0, seed: 1 };

/// The true track of a scenario over ten minutes, second by second, and its alarms.
fn played(key: &str) -> (Tanker, Vec<TrueState>, Vec<(f64, EventKind)>) {
    let region = Region::corridor().unwrap();
    let scenario = ALL.iter().find(|scenario| scenario.key == key).unwrap();
    let mut actor = (scenario.stage)(&region, TIMING).unwrap();
    let mut alarms = Vec::new();
    let mut states = Vec::new();
    for second in 0..600 {
        let (state, raised) = actor.look(f64::from(second)).unwrap();
        states.push(state);
        alarms.extend(raised);
    }
    ((scenario.tanker)(), states, alarms)
}

/// The zones that the vehicle may not be in but was, with the first and last second.
fn trespassed(tanker: &Tanker, states: &[TrueState]) -> Vec<(String, usize, usize)> {
    let region = Region::corridor().unwrap();
    let zones: Vec<&Zone> = region.forbidden_zones(&tanker.goods).collect();
    let seconds_in = |zone: &Zone| -> Vec<usize> {
        let in_zone = states.iter().enumerate().filter(|(_, state)| inside(&zone.ring, state.place));
        in_zone.map(|(second, _)| second).collect()
    };
    zones
        .iter()
        .filter_map(|zone| {
            let seconds = seconds_in(zone);
            Some((zone.name.clone(), *seconds.first()?, *seconds.last()?))
        })
        .collect()
}

#[test]
fn the_petrol_tanker_enters_the_zone_on_time_and_leaves_it() {
    let (tanker, states, alarms) = played("petrol_enters_prohibited_zone");
    let trespasses = trespassed(&tanker, &states);
    let [(zone, entered, left)] = trespasses.as_slice() else { panic!("{trespasses:?}") };
    assert_eq!(Some(zone.as_str()), (ALL[0].expected)().violations[0].zone);
    assert!((19..=22).contains(entered), "entered in second {entered}");
    assert!((60..=120).contains(left), "left after second {left}");
    assert!(alarms.is_empty());
    assert!(states[0].speed_kmh > 60.0, "it is under way from the start");
}

#[test]
fn the_chlorine_tanker_passes_the_tunnel_on_time_and_no_other_place_that_is_forbidden_to_it() {
    let (tanker, states, alarms) = played("chlorine_takes_forbidden_tunnel");
    let trespasses = trespassed(&tanker, &states);
    let [(zone, entered, left)] = trespasses.as_slice() else { panic!("{trespasses:?}") };
    assert_eq!(zone, "Beneluxtunnel");
    assert!((17..=21).contains(entered), "entered in second {entered}");
    assert!((50..=70).contains(left), "left after second {left}");
    assert!(alarms.is_empty());
}

#[test]
fn the_lpg_tanker_lies_still_within_seconds_and_calls_for_help() {
    let (tanker, states, alarms) = played("lpg_tanker_rolls_over");
    assert!(trespassed(&tanker, &states).is_empty());
    assert!(states[19].roll_deg.abs() < 1.0 && states[19].speed_kmh > 70.0);
    assert!(states[30].roll_deg > 80.0 && states[30].speed_kmh < 0.01);
    assert_eq!(states[599].place, states[30].place);
    let kinds: Vec<EventKind> = alarms.iter().map(|(_, kind)| *kind).collect();
    assert_eq!(kinds, [EventKind::Rollover, EventKind::Sos]);
    let delay_s = alarms[1].0 - alarms[0].0;
    assert!((5.0..=22.0).contains(&delay_s), "{delay_s}");
}

#[test]
fn no_scenario_speeds() {
    let region = Region::corridor().unwrap();
    for scenario in &ALL {
        let (_, states, _) = played(scenario.key);
        for state in &states {
            let in_speed_zone = region
                .zones
                .iter()
                .any(|zone| matches!(zone.kind, ZoneKind::SpeedLimit { .. }) && inside(&zone.ring, state.place));
            assert!(state.speed_kmh < if in_speed_zone { 49.0 } else { 79.0 }, "{}: {state:?}", scenario.key);
        }
    }
}

#[test]
fn everything_staged_is_seen_within_a_minute_by_default() {
    let expected = expected();
    assert_eq!(expected.violations.len(), 4);
    assert_eq!(expected.incidents.len(), 3);
    let (_, _, alarms) = played("lpg_tanker_rolls_over");
    assert!(alarms.iter().all(|(second, _)| *second < 50.0));
}

#[test]
fn no_trip_of_the_legal_fleet_comes_near_a_place_that_is_forbidden_to_its_goods() {
    let region = Region::corridor().unwrap();
    for (index, tanker) in crate::demo::fleet::legal().into_iter().enumerate() {
        let forbidden = std::sync::Arc::new(region.forbidden_roads(&tanker.goods));
        let network = std::sync::Arc::clone(&region.network);
        let seed = u64::try_from(index).unwrap();
        let mut driver = Driver::under_way(network, forbidden, Performance::TANKER, seed).unwrap();
        let zones: Vec<&Zone> = region.forbidden_zones(&tanker.goods).collect();
        let track: Vec<Place> = (0..4000).map(|step| driver.state_at(f64::from(step) * 10.0).unwrap().place).collect();
        for zone in &zones {
            assert!(!touches(&track, &zone.ring, 50.0), "{} came near {}", tanker.vehicle, zone.name);
        }
    }
}
