//! All that is staged together: a world and the vehicles in it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::{
    life::{Span, Vehicle},
    truth::{Findings, Header, Judge, Ledger},
    world::World,
};

/// A world and the vehicles in it.
#[derive(Clone, Debug)]
pub struct Set {
    /// The world.
    pub world: World,
    /// The vehicles.
    pub vehicles: Vec<Vehicle>,
}

/// What a ledger's first line needs to know beside the set.
#[derive(Clone, Debug)]
pub struct Production {
    /// The operator that all vehicles belong to.
    pub operator: String,
    /// From which everything random follows.
    pub seed: u64,
    /// When it begins.
    pub start: DateTime<Utc>,
    /// How many hours of traffic there are.
    pub hours: f64,
}

impl Set {
    /// An empty stage whose second 0 is at `start`.
    #[must_use]
    pub fn new(start: DateTime<Utc>) -> Self {
        Self { world: World::new(start), vehicles: Vec::new() }
    }

    /// From the first report of any vehicle to the last.
    #[must_use]
    pub fn whole(&self) -> Span {
        let lives = self.vehicles.iter().map(|vehicle| vehicle.life.whole);
        lives.reduce(|a, b| Span::new(a.from_s.min(b.from_s), a.to_s.max(b.to_s))).unwrap_or(Span::new(0.0, 0.0))
    }

    /// The truth of all vehicles.
    #[must_use]
    pub fn ledger(&self, production: &Production) -> Ledger {
        let judge = Judge::new(&production.operator, &self.world, self.whole());
        let mut all = Findings::default();
        for vehicle in &self.vehicles {
            let found = judge.judge(vehicle);
            all.episodes.extend(found.episodes);
            all.blind.extend(found.blind);
        }
        all.episodes.extend(judge.judge_together(&self.vehicles));
        let to_blame: BTreeSet<&str> = all.episodes.iter().map(|episode| episode.vehicle.as_str()).collect();
        let blameless = self.vehicles.len() - to_blame.len();
        let header = Header {
            operator: production.operator.clone(),
            seed: production.seed,
            start: production.start,
            hours: production.hours,
            vehicles: self.vehicles.len(),
            blameless,
        };
        Ledger { header, episodes: all.episodes, blind: all.blind }
    }
}
