//! What lies around an accident: whom it endangers, who can help.
//!
//! [`Surroundings`] prepares the zones of an accident once and answers three questions: which sites and how many people are
//! inside each zone (`sites`), which other vehicles are inside or heading in (`traffic`), and who of those that can help
//! is nearest (`helpers`). Distances and bearings are from the accident, geodesic and as the crow flies: no road is known
//! here. What is nearest stands first.

mod helpers;
mod sites;
mod traffic;

use ::geo::{MultiPolygon, algorithm::bool_ops::unary_union};
use serde::Serialize;

pub use self::{
    helpers::{Help, Helper, HelperKind, NearHelper},
    sites::{PeopleInZone, PeopleInside, SensitiveSite, SiteInside, SiteKind, SiteShape, SitesInside},
    traffic::{Danger, EndangeredVehicle, OtherVehicle},
};
use super::protective::{ProtectiveKind, ProtectiveZone, ProtectiveZones};
use crate::{
    domain::Place,
    geo::{Path, PreparedArea, bearing_deg, geodesic_m, quick_m},
};

/// The zones of an accident, prepared for questions about what is in them.
#[derive(Debug)]
pub struct Surroundings<'a> {
    place: Place,
    zones: Vec<PreparedZone<'a>>,
    /// All that is in a zone in force.
    in_force: MultiPolygon<f64>,
}

#[derive(Debug)]
struct PreparedZone<'a> {
    kind: ProtectiveKind,
    in_force: bool,
    area: &'a MultiPolygon<f64>,
    prepared: PreparedArea,
}

/// A zone that something is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct ZoneHit {
    /// What the zone is for.
    pub kind: ProtectiveKind,
    /// Whether it holds now.
    pub in_force: bool,
}

impl<'a> Surroundings<'a> {
    /// Prepares the zones.
    #[must_use]
    pub fn new(zones: &'a ProtectiveZones) -> Self {
        let prepare = |zone: &'a ProtectiveZone| PreparedZone {
            kind: zone.kind,
            in_force: zone.in_force,
            area: &zone.area,
            prepared: PreparedArea::new(&zone.area),
        };
        let in_force = zones.zones.iter().filter(|zone| zone.in_force);
        Self {
            place: zones.place,
            in_force: unary_union(in_force.map(|zone| &zone.area)),
            zones: zones.zones.iter().map(prepare).collect(),
        }
    }

    /// The zones that a place is in.
    #[must_use]
    pub fn zones_at(&self, place: Place) -> Vec<ZoneHit> {
        let within = self.zones.iter().filter(|zone| zone.prepared.contains(place));
        within.map(PreparedZone::hit).collect()
    }

    fn is_in_force_at(&self, place: Place) -> bool {
        self.zones.iter().any(|zone| zone.in_force && zone.prepared.contains(place))
    }

    /// Distance in metres and bearing in degrees of a place from the accident. A place at the accident has no bearing.
    fn way_to(&self, place: Place) -> (f64, Option<f64>) {
        let distance_m = geodesic_m(self.place, place);
        (distance_m, (distance_m > 0.0).then(|| bearing_deg(self.place, place)))
    }
}

impl PreparedZone<'_> {
    fn hit(&self) -> ZoneHit {
        ZoneHit { kind: self.kind, in_force: self.in_force }
    }
}

/// The point of an area's boundary that is nearest to a place.
fn nearest_of_boundary(area: &MultiPolygon<f64>, place: Place) -> Option<Place> {
    let rings = area.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
    let edges = rings.flat_map(|ring| ring.lines());
    let nearest = edges.filter_map(|edge| {
        let from = Place::new(edge.start.y, edge.start.x).ok()?;
        let edge = Path::new(from, Place::new(edge.end.y, edge.end.x).ok()?);
        let nearest = edge.place_at(edge.nearest_share(place));
        Some((nearest, quick_m(place, nearest)))
    });
    nearest.min_by(|(_, one), (_, other)| one.total_cmp(other)).map(|(nearest, _)| nearest)
}

#[cfg(test)]
mod tests;
