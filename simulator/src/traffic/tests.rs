//! The traffic is mostly lawful, and the rest breaks what it is meant to.

use std::collections::BTreeSet;

use super::*;
use crate::set::Production;

fn production() -> Production {
    Production { operator: "carrier".into(), seed: 7, start: "2026-10-24T12:00:00Z".parse().unwrap(), hours: 24.0 }
}

fn staged(vehicles: usize, seed: u64) -> Set {
    let mut set = Set::new(production().start);
    add_to(&mut set, Arc::new(Network::corridor().unwrap()), vehicles, 24.0, seed);
    set
}

#[test]
fn most_vehicles_are_blameless_and_each_of_the_others_breaks_what_it_is_meant_to() {
    let set = staged(12, 7);
    let ledger = set.ledger(&production());
    assert_eq!(ledger.header.vehicles, 14, "a convoy of two besides");
    // One in three goes wrong; the second of the convoy has no finding of its own.
    assert_eq!(ledger.header.blameless, 9, "{:#?}", ledger.episodes);
    let rules: BTreeSet<&str> =
        ledger.episodes.iter().filter(|one| !one.doubtful).map(|one| one.rule.as_str()).collect();
    for rule in ["zone.prohibited", "tunnel.code", "speed.limit", "separation"] {
        assert!(rules.contains(rule), "{rules:?}");
    }
}

#[test]
fn a_day_has_hours_of_driving_and_of_rest() {
    let set = staged(6, 3);
    for vehicle in &set.vehicles {
        let moving_h = vehicle.life.motion.moving(vehicle.life.whole).total_s() / 3_600.0;
        assert!((1.9..9.0).contains(&moving_h), "{} moves for {moving_h} h", vehicle.code);
    }
}

#[test]
fn the_same_seed_makes_the_same_traffic() {
    let bytes = || {
        let mut bytes = Vec::new();
        staged(5, 11).ledger(&production()).write(&mut bytes).unwrap();
        bytes
    };
    assert_eq!(bytes(), bytes());
}
