//! `route.deviation`: a vehicle has left the corridor of its approved route, or drives the route backwards.
//!
//! Sources: China, Order 2019 No. 29 Art. 48; Singapore, SCDF HTVTS; USA, 49 CFR 397.67(d) and 397.101. They prescribe routes;
//! from when on a deviation counts is proposed: 60 s and 200 m of way beyond the corridor's half-width and what the receiver
//! errs. It begins where the corridor was left.
//!
//! Being in the corridor again is not yet being back: a vehicle that crosses it on another road is not. It is back when it
//! drives along the route, or stays. At the places of loading and unloading nobody has to be on the route.

mod direction;
mod off;

use serde::{Deserialize, Serialize};

use self::{
    direction::Heading,
    off::{Off, Sites},
};
use super::{
    EpisodeBook, Step,
    on_route::OnRoute,
    pack::{Given, Rule},
    parameters::{self, ParameterError, not_negative},
};
use crate::domain::{RouteId, RuleKey, Subject};

/// What a pack can set of it. The corridor's half-width is the route's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// Off the route counts when it lasts this long, in seconds (proposed: 60) …
    pub off_s: f64,
    /// … and this much way is covered off it, in metres (proposed: 200). So much way driven backwards counts, too.
    pub off_m: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { off_s: 60.0, off_m: 200.0 }
    }
}

impl parameters::Parameters for Parameters {
    const VALUE: Given = Given::Always;
    const LIMIT: Given = Given::Always;

    fn check(&self) -> Result<(), ParameterError> {
        not_negative("off_s", self.off_s)?;
        not_negative("off_m", self.off_m)
    }
}

/// How a vehicle follows its route.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// The route that all this is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    route: Option<RouteId>,
    /// Since when it is off the route, until it is back.
    #[serde(skip_serializing_if = "Option::is_none")]
    off: Option<Off>,
    /// In which direction it drives the route.
    #[serde(skip_serializing_if = "Option::is_none")]
    heading: Option<Heading>,
    /// How far from the path it was by the last fix, in metres, while it comes back to it: on its way there it may drive
    /// against the route's direction.
    #[serde(skip_serializing_if = "Option::is_none")]
    rejoining_m: Option<f64>,
    /// Whether it has been where the cargo is unloaded: it may drive home by the way it came.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    arrived: bool,
}

/// A vehicle comes nearer to the path when it is nearer by this than it was, in metres: receivers err.
const NEARS_M: f64 = 10.0;

/// Judges one fix. `on` says where the vehicle is on its route, if it has one.
pub fn judge(
    rule: &Rule<Parameters>,
    memory: &mut Memory,
    on: Option<&OnRoute<'_>>,
    step: &Step<'_>,
    book: &mut EpisodeBook<'_>,
) {
    let route = on.map(|on| on.known.route.id);
    if memory.route != route {
        let ended_at = step.shipment_changed_at();
        if let Some(old) = memory.route {
            book.close(RuleKey::RouteDeviation, &Subject::Route(old), ended_at, Some(step.place_at(ended_at)));
        }
        *memory = Memory { route, ..Memory::default() };
    }
    let Some(on) = on else { return };

    let shipment = step.scene.shipment.map(|known| &known.shipment);
    let sites = Sites {
        origin: shipment.and_then(|shipment| shipment.origin.as_ref()),
        destination: shipment.and_then(|shipment| shipment.destination.as_ref()),
        world: step.scene.world,
        accuracy_m: step.fix.accuracy_m,
    };
    let excused = sites.take(step.fix.place);
    memory.arrived |= sites.is_unloading(step.fix.place);

    if !on.is_inside() && !excused {
        off::stray(rule, &mut memory.off, on, sites, step, book);
        return;
    }
    if let Some(off) = memory.off.take() {
        let was_raised = off.is_raised();
        memory.off = off::come_back(rule, off, on, (sites, excused), step, book);
        if memory.off.is_some() {
            return;
        }
        if was_raised {
            memory.heading = None;
            memory.rejoining_m = Some(f64::MAX);
        }
    }
    let nears = |last_m: &f64| on.distance_m < last_m - NEARS_M;
    memory.rejoining_m = memory.rejoining_m.filter(nears).map(|_| on.distance_m);
    if memory.rejoining_m.is_some() {
        return;
    }
    if excused || memory.arrived {
        direction::forget(rule, &mut memory.heading, on, book);
    } else {
        direction::follow(rule, &mut memory.heading, on, step, book);
    }
}

#[cfg(test)]
mod tests;
