//! What is judged by: the world, and the rule packs that hold in it. One immutable snapshot, swapped in whole.

use std::ops::Deref;

use chrono::{DateTime, Utc};

use super::pack::{RulePacks, RuleSet};
use crate::{
    domain::PackVersion,
    hazard::Catalogue,
    world::{KnownVehicle, World, WorldParts},
};

/// The world with the rules that hold in it.
#[derive(Debug)]
pub struct Realm {
    world: World,
    packs: RulePacks,
    no_rules: RuleSet,
}

impl Realm {
    /// Builds the world, and with it the rules.
    #[must_use]
    pub fn build(parts: WorldParts, packs: RulePacks, catalogue: &Catalogue) -> Self {
        let no_rules = RuleSet::empty(PackVersion { jurisdiction: "none".into(), version: 0 });
        Self { world: World::build(parts, catalogue), packs, no_rules }
    }

    /// The rules that bind the vehicle at `time`: those of its jurisdiction, else of the installation's.
    #[must_use]
    pub fn rules(&self, known: &KnownVehicle, time: DateTime<Utc>) -> &RuleSet {
        let jurisdiction = known.vehicle.jurisdiction.as_deref().unwrap_or(&self.settings().jurisdiction);
        self.packs.in_force(jurisdiction, time).unwrap_or(&self.no_rules)
    }

    /// All rule packs.
    #[must_use]
    pub fn packs(&self) -> &RulePacks {
        &self.packs
    }
}

impl Deref for Realm {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}
