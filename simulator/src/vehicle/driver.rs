//! A driver takes one trip after another between terminals, over roads that the load is allowed on.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use rand::{Rng, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

use super::{
    TrueState,
    trip::{Performance, Trip},
};
use crate::network::{JunctionId, Network, RoadId};

/// Why a driver has nowhere to go.
#[derive(Debug, thiserror::Error)]
#[error("no two terminals are joined by roads that this load may use")]
pub struct NowhereToGo;

/// Drives between terminals for as long as it is asked.
#[derive(Clone, Debug)]
pub struct Driver {
    network: Arc<Network>,
    forbidden: Arc<HashSet<RoadId>>,
    terminals: Vec<JunctionId>,
    performance: Performance,
    rng: ChaCha8Rng,
    destination: JunctionId,
    trip: Trip,
    /// When the trip began, in seconds of the simulation; before 0 for one that was under way.
    departed_s: f64,
    /// How long the stop after the trip lasts, in seconds.
    stop_s: f64,
    halted: bool,
}

impl Driver {
    /// A driver who at second 0 is somewhere under way, not in a tunnel.
    ///
    /// # Errors
    /// When no two terminals are joined by allowed roads.
    pub fn under_way(
        network: Arc<Network>,
        forbidden: Arc<HashSet<RoadId>>,
        performance: Performance,
        seed: u64,
    ) -> Result<Self, NowhereToGo> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let terminals = joined_terminals(&network, &forbidden);
        let start = *terminals.choose(&mut rng).ok_or(NowhereToGo)?;
        let mut driver = Self {
            network,
            forbidden,
            terminals,
            performance,
            rng,
            destination: start,
            trip: Trip::plan(crate::network::route::Path::default(), performance),
            departed_s: 0.0,
            stop_s: 0.0,
            halted: false,
        };
        driver.set_out(0.0);
        let lasts_s = driver.trip.duration_s();
        for _ in 0..100 {
            let gone_s = driver.rng.random_range(0.05..0.8) * lasts_s;
            driver.departed_s = -gone_s;
            if driver.trip.state_at(gone_s).is_some_and(|state| state.tunnel.is_none()) {
                break;
            }
        }
        Ok(driver)
    }

    /// The true state at a second of the simulation. Asked for times in rising order; earlier ones get the present
    /// trip.
    pub fn state_at(&mut self, time_s: f64) -> Option<TrueState> {
        while !self.halted && time_s >= self.departed_s + self.trip.duration_s() + self.stop_s {
            let departs_s = self.departed_s + self.trip.duration_s() + self.stop_s;
            self.set_out(departs_s);
        }
        self.trip.state_at(time_s - self.departed_s)
    }

    /// Brakes to a halt from now on and stays there.
    pub fn pull_over(&mut self, time_s: f64) {
        self.trip = self.trip.pull_over(time_s - self.departed_s, self.performance);
        self.departed_s = time_s;
        self.halted = true;
    }

    /// When the present trip ends, in seconds of the simulation.
    #[must_use]
    pub fn arrives_s(&self) -> f64 {
        self.departed_s + self.trip.duration_s()
    }

    /// The trip that is being driven.
    #[must_use]
    pub fn trip(&self) -> &Trip {
        &self.trip
    }

    fn set_out(&mut self, departs_s: f64) {
        let here = self.destination;
        let others: Vec<JunctionId> = self.terminals.iter().copied().filter(|terminal| *terminal != here).collect();
        let there = others.choose(&mut self.rng).copied().unwrap_or(here);
        let allowed = |road: RoadId| !self.forbidden.contains(&road);
        let legs = self.network.route(here, there, &allowed).unwrap_or_default();
        self.trip = Trip::plan(self.network.path(&legs), self.performance);
        self.destination = there;
        self.departed_s = departs_s;
        self.stop_s = self.rng.random_range(90.0..300.0);
    }
}

/// The largest set of terminals that can all reach each other.
fn joined_terminals(network: &Network, forbidden: &HashSet<RoadId>) -> Vec<JunctionId> {
    let parts = network.parts(&|road| !forbidden.contains(&road));
    let mut joined: BTreeMap<usize, Vec<JunctionId>> = BTreeMap::new();
    for ((id, junction), part) in network.junctions().zip(parts) {
        if junction.terminal {
            joined.entry(part).or_default().push(id);
        }
    }
    joined.into_values().max_by_key(Vec::len).filter(|set| set.len() > 1).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn driver(seed: u64, forbidden: HashSet<RoadId>) -> Driver {
        let network = Arc::new(Network::corridor().unwrap());
        Driver::under_way(network, Arc::new(forbidden), Performance::TANKER, seed).unwrap()
    }

    #[test]
    fn the_same_seed_drives_the_same_way_and_another_seed_another() {
        let track = |seed| {
            let mut driver = driver(seed, HashSet::new());
            (0..2000).map(|step| driver.state_at(f64::from(step) * 5.0).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(track(7), track(7));
        assert_ne!(track(7), track(8));
    }

    #[test]
    fn a_day_of_driving_has_stops_and_no_jumps() {
        let mut driver = driver(3, HashSet::new());
        let mut before = driver.state_at(0.0).unwrap();
        let mut stopped = 0;
        for second in 1..36_000 {
            let now = driver.state_at(f64::from(second)).unwrap();
            let moved_m = before.place.distance_m(now.place);
            assert!(moved_m < 23.0, "{moved_m} m in second {second}");
            stopped += usize::from(!now.ignition);
            before = now;
        }
        assert!((100..20_000).contains(&stopped), "{stopped}");
    }

    #[test]
    fn a_driver_never_uses_a_forbidden_road() {
        let network = Network::corridor().unwrap();
        let forbidden: HashSet<RoadId> =
            network.roads().filter(|(_, road)| road.tunnel.is_some()).map(|(id, _)| id).collect();
        let mut driver = driver(11, forbidden);
        for step in 0..5000 {
            assert_eq!(driver.state_at(f64::from(step) * 10.0).unwrap().tunnel, None);
        }
    }

    #[test]
    fn who_pulls_over_comes_to_rest_and_stays() {
        let mut driver = driver(5, HashSet::new());
        driver.state_at(100.0).unwrap();
        driver.pull_over(100.0);
        let rest = driver.state_at(200.0).unwrap();
        assert!(rest.speed_kmh < 0.01 && !rest.ignition);
        assert_eq!(driver.state_at(9000.0).unwrap().place, rest.place);
    }

    #[test]
    fn without_any_road_there_is_nowhere_to_go() {
        let network = Arc::new(Network::corridor().unwrap());
        let all: HashSet<RoadId> = network.roads().map(|(id, _)| id).collect();
        assert!(Driver::under_way(network, Arc::new(all), Performance::TANKER, 1).is_err());
    }
}
