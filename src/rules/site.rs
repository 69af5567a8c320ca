//! Where cargo is handled and vehicles may stand: the sites of shipments, and places for stopping and unloading.

use chrono::{DateTime, Utc};

use super::Step;
use crate::{
    domain::{Place, Site, ZoneKind},
    geo::{Path, quick_m},
    world::{KnownVehicle, World},
};

/// Whether the vehicle is at the site by this fix, or may be as far as its receiver can tell.
#[must_use]
pub fn is_at(site: &Site, step: &Step<'_>) -> bool {
    reaches(step.scene.world, site, step.fix.place, step.fix.accuracy_m)
}

/// Whether the vehicle is where the goods on board now, or on board at `since`, are loaded or unloaded. So it stays at the site
/// when the goods are unloaded and the shipment ends.
#[must_use]
pub fn is_at_one(step: &Step<'_>, since: DateTime<Utc>) -> bool {
    let is_site = |time| is_site_of(step.scene.world, step.scene.vehicle, time, step.fix.place, step.fix.accuracy_m);
    is_site(step.time()) || is_site(since)
}

/// Whether `place` is where the goods that the vehicle has on board at `time` are loaded or unloaded.
#[must_use]
pub fn is_site_of(
    world: &World,
    vehicle: &KnownVehicle,
    time: DateTime<Utc>,
    place: Place,
    accuracy_m: Option<f64>,
) -> bool {
    let Some(known) = vehicle.shipment_at(time) else { return false };
    let sites = [known.shipment.origin, known.shipment.destination];
    sites.iter().flatten().any(|site| reaches(world, site, place, accuracy_m))
}

/// Whether `place` is in a place for stopping or unloading, or so near to its edge that a receiver may err.
#[must_use]
pub fn may_stand(world: &World, time: DateTime<Utc>, place: Place, accuracy_m: Option<f64>) -> bool {
    let margins = &world.settings().zone_margins;
    let edge_m = margins.exit_m + accuracy_m.unwrap_or(margins.assumed_accuracy_m).min(margins.accuracy_cap_m);
    let mut found = false;
    world.zones_near(&Path::new(place, place), edge_m, |known| {
        let is_meant = matches!(known.zone.kind, ZoneKind::StopPlace { .. } | ZoneKind::UnloadingPlace {});
        found |= is_meant
            && known.zone.in_force(time)
            && world.is_in_effect(&known.zone, time)
            && (known.area.contains(place) || known.area.boundary_nearer_than_m(place, edge_m).is_some());
    });
    found
}

/// Whether `place` is at the site, or may be as far as the receiver can tell.
#[must_use]
pub fn reaches(world: &World, site: &Site, place: Place, accuracy_m: Option<f64>) -> bool {
    let reach_m = site.radius_m + accuracy_m.unwrap_or(0.0).min(world.settings().zone_margins.accuracy_cap_m);
    Place::new(site.lat, site.lon).is_ok_and(|middle| quick_m(middle, place) <= reach_m)
}
