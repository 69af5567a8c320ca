//! Where a vehicle is on the approved route of its shipment, for the rules about routes.

use serde::{Deserialize, Serialize};

use super::Step;
use crate::{
    domain::{Place, RouteId},
    geo::LinePoint,
    world::KnownRoute,
};

/// Where the vehicle was on its route by the newest judged fix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// Which route.
    #[serde(skip_serializing_if = "Option::is_none")]
    route: Option<RouteId>,
    /// Where on its path, where it was in the corridor: a route may pass the same place twice.
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<LinePoint>,
}

impl Memory {
    /// Where on the path of this route the vehicle is, if it is in its corridor.
    #[must_use]
    pub fn point_on(&self, route: RouteId) -> Option<&LinePoint> {
        self.on.as_ref().filter(|_| self.route == Some(route))
    }
}

/// A vehicle and its route.
#[derive(Clone, Copy, Debug)]
pub struct OnRoute<'a> {
    /// The route.
    pub known: &'a KnownRoute,
    /// Metres along the path to where the vehicle is nearest to it.
    pub along_m: f64,
    /// Metres from there.
    pub distance_m: f64,
    /// Within so many metres of the path it is in the corridor: half the width, and what the receiver errs.
    pub allowed_m: f64,
    /// Metres along the path at the fix before, if it was in the corridor of the same route then.
    pub along_before_m: Option<f64>,
}

impl OnRoute<'_> {
    /// Whether the fix lies in the corridor.
    #[must_use]
    pub fn is_inside(&self) -> bool {
        self.distance_m <= self.allowed_m
    }

    /// Whether a place near the vehicle lies in the corridor.
    #[must_use]
    pub fn takes(&self, place: Place) -> bool {
        self.known.line.is_nearer_than_m(place, self.allowed_m)
    }
}

/// Looks where the vehicle is on the route of its shipment. `None` where it has none.
pub fn locate<'a>(memory: &mut Memory, step: &Step<'a>) -> Option<OnRoute<'a>> {
    let Some(known) = step.scene.world.route_of(step.scene.shipment) else {
        *memory = Memory::default();
        return None;
    };
    let same = memory.route == Some(known.route.id) && !step.gap;
    let before = memory.on.filter(|_| same);
    let margins = &step.scene.world.settings().zone_margins;
    let allowed_m = known.route.half_width_m + margins.widening_m(step.fix.accuracy_m);
    let on = known.line.follow(step.fix.place, before.as_ref(), allowed_m)?;
    let here = OnRoute {
        known,
        along_m: on.along_m,
        distance_m: on.distance_m,
        allowed_m,
        along_before_m: before.map(|before| before.along_m),
    };
    *memory = Memory { route: Some(known.route.id), on: here.is_inside().then_some(on) };
    Some(here)
}
