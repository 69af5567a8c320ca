//! Who can help: the nearest teams, hospitals, supplies and experts, by what they can do.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Surroundings, ZoneHit};
use crate::domain::Place;

/// Somebody or something that can help.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Helper {
    /// Identity where it is kept.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub kind: HelperKind,
    /// Where it is now, or where it stands by.
    pub place: Place,
    /// What it can do or provide, in the words of those who keep the list.
    pub capabilities: BTreeSet<String>,
    /// Whether it can come, or has anything left.
    pub available: bool,
}

/// What a helper is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HelperKind {
    /// A team that comes.
    Team,
    /// A hospital that takes in the injured.
    Hospital,
    /// A store of equipment or agents.
    Supply,
    /// Somebody to ask.
    Expert,
}

/// A helper and how far away it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NearHelper<'a> {
    /// The helper.
    #[serde(flatten)]
    pub helper: &'a Helper,
    /// Distance from the accident in metres, as the crow flies.
    pub distance_m: f64,
    /// Bearing from the accident, degrees clockwise from north.
    pub bearing_deg: Option<f64>,
    /// What is needed and it has.
    pub has: Vec<&'a str>,
    /// What is needed and it lacks.
    pub lacks: Vec<&'a str>,
    /// The zones that it is itself in: it may need help.
    pub zones: Vec<ZoneHit>,
}

/// Who can help.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Help<'a> {
    /// Those that are available and have something of what is needed, the nearest first.
    pub helpers: Vec<NearHelper<'a>>,
    /// For each capability needed the nearest that has it and is in no zone in force, by id; where there is no such, the
    /// nearest that is in one.
    pub nearest: BTreeMap<&'a str, &'a str>,
    /// What is needed and nobody available has.
    pub nobody_has: Vec<&'a str>,
}

impl Surroundings<'_> {
    /// Who of these can help with what is needed; with nothing in particular needed, anybody who is available. At most
    /// `most` are listed, and besides them the nearest of each capability.
    #[must_use]
    pub fn help<'h>(&self, helpers: &'h [Helper], needed: &'h BTreeSet<String>, most: usize) -> Help<'h> {
        let useful = helpers
            .iter()
            .filter(|helper| helper.available && (needed.is_empty() || !helper.capabilities.is_disjoint(needed)));
        let near = useful.map(|helper| {
            let (distance_m, bearing_deg) = self.way_to(helper.place);
            let (has, lacks) =
                needed.iter().map(String::as_str).partition(|capability| helper.capabilities.contains(*capability));
            NearHelper { helper, distance_m, bearing_deg, has, lacks, zones: self.zones_at(helper.place) }
        });
        let mut near: Vec<NearHelper<'h>> = near.collect();
        near.sort_by(|one, other| one.distance_m.total_cmp(&other.distance_m));

        let endangered = |helper: &&NearHelper<'_>| helper.zones.iter().any(|zone| zone.in_force);
        let nearest_with = |capability: &'h str| {
            let able = || near.iter().filter(move |helper| helper.has.contains(&capability));
            able().find(|helper| !endangered(helper)).or_else(|| able().next())
        };
        let nearest: BTreeMap<&str, &str> = needed
            .iter()
            .filter_map(|capability| Some((capability.as_str(), nearest_with(capability)?.helper.id.as_str())))
            .collect();
        let nobody_has =
            needed.iter().map(String::as_str).filter(|capability| !nearest.contains_key(capability)).collect();
        let kept: BTreeSet<&str> = nearest.values().copied().collect();
        let mut number = 0;
        near.retain(|helper| {
            number += 1;
            number <= most || kept.contains(helper.helper.id.as_str())
        });
        Help { helpers: near, nearest, nobody_has }
    }
}
