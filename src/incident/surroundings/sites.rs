//! Sites and people inside zones.

use ::geo::{Area, BooleanOps, BoundingRect, Intersects, MultiPolygon};
use serde::{Serialize, Serializer};
use serde_json::json;

use super::{Surroundings, ZoneHit, nearest_of_boundary};
use crate::{
    domain::Place,
    geo::{PreparedArea, area_to_geojson},
    incident::protective::ProtectiveKind,
};

/// A place where an accident does more harm than elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SensitiveSite {
    /// Its identity where it came from.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub kind: SiteKind,
    /// Where it is.
    #[serde(serialize_with = "as_geojson")]
    pub shape: SiteShape,
    /// How many people are there, if that is known.
    pub people: Option<u32>,
}

/// What a site is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SiteKind {
    /// A school or a nursery.
    School,
    /// A hospital.
    Hospital,
    /// A home for people who cannot leave on their own.
    CareHome,
    /// Where many people come together: a market, a station, a stadium.
    Assembly,
    /// Where drinking water is taken.
    WaterIntake,
    /// A cell of a census or of a population grid. Its people are those that live there.
    Population,
}

/// Where a site is.
#[derive(Clone, Debug, PartialEq)]
pub enum SiteShape {
    /// At a point.
    Point(Place),
    /// All over an area, valid as a zone's: in longitudes -180…180, cut at the antimeridian.
    Area(MultiPolygon<f64>),
}

/// A site that is inside a zone, wholly or in part.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SiteInside<'a> {
    /// The site.
    #[serde(flatten)]
    pub site: &'a SensitiveSite,
    /// The zones that it is in.
    pub zones: Vec<ZoneHit>,
    /// Distance of its nearest point from the accident in metres; 0 where the accident is in it.
    pub distance_m: f64,
    /// Bearing of that point, degrees clockwise from north.
    pub bearing_deg: Option<f64>,
}

/// How many people are inside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PeopleInside {
    /// About so many, if people are spread evenly over each cell.
    pub about: u64,
    /// So many at most: all people of all cells that the zone touches.
    pub at_most: u64,
    /// Number of cells touched.
    pub cells: u32,
    /// Of these, cells whose people nobody has counted. They are missing above.
    pub uncounted: u32,
}

/// How many people are inside a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PeopleInZone {
    /// The zone.
    #[serde(flatten)]
    pub zone: ZoneHit,
    /// How many.
    #[serde(flatten)]
    pub people: PeopleInside,
}

/// Sites and people inside the zones of an accident.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SitesInside<'a> {
    /// The sites but for population cells, the nearest first.
    pub sites: Vec<SiteInside<'a>>,
    /// People living inside each zone. Zones overlap; these numbers do not add up.
    pub people: Vec<PeopleInZone>,
    /// People living inside some zone in force, each counted once.
    pub people_in_force: PeopleInside,
}

impl Surroundings<'_> {
    /// The sites and people inside the zones. A site that a zone only touches is inside.
    #[must_use]
    pub fn sites<'s>(&self, sites: &'s [SensitiveSite]) -> SitesInside<'s> {
        let mut found: Vec<SiteInside<'s>> = Vec::new();
        let nobody = PeopleInside::default();
        let mut people: Vec<PeopleInZone> =
            self.zones.iter().map(|zone| PeopleInZone { zone: zone.hit(), people: nobody }).collect();
        let mut people_in_force = PeopleInside::default();
        for site in sites {
            let inside: Vec<bool> = self.zones.iter().map(|zone| site.shape.meets(zone.area, &zone.prepared)).collect();
            if !inside.contains(&true) {
                continue;
            }
            if site.kind == SiteKind::Population {
                let with_areas = people.iter_mut().zip(&self.zones).zip(&inside);
                for ((sum, zone), _) in with_areas.filter(|(_, inside)| **inside) {
                    sum.people.add(site, zone.area);
                }
                if self.zones.iter().zip(&inside).any(|(zone, inside)| zone.in_force && *inside) {
                    people_in_force.add(site, &self.in_force);
                }
                continue;
            }
            let zones = self.zones.iter().zip(&inside).filter(|(_, inside)| **inside);
            let zones = zones.map(|(zone, _)| zone.hit()).collect();
            let (distance_m, bearing_deg) = site.shape.nearest_to(self.place).map_or((0.0, None), |at| self.way_to(at));
            found.push(SiteInside { site, zones, distance_m, bearing_deg });
        }
        found.sort_by(|one, other| one.distance_m.total_cmp(&other.distance_m));
        SitesInside { sites: found, people, people_in_force }
    }
}

impl SitesInside<'_> {
    /// The people living inside the zones of a kind.
    #[must_use]
    pub fn people_in(&self, kind: ProtectiveKind) -> Option<PeopleInside> {
        let of_kind = self.people.iter().filter(|people| people.zone.kind == kind);
        of_kind.map(|people| people.people).max_by_key(|people| people.at_most)
    }
}

impl PeopleInside {
    fn add(&mut self, cell: &SensitiveSite, zone: &MultiPolygon<f64>) {
        self.cells += 1;
        let Some(people) = cell.people else {
            self.uncounted += 1;
            return;
        };
        self.at_most += u64::from(people);
        // Rounded up: where somebody lives nobody is rounded away.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to the people of the cell")]
        let about = (f64::from(people) * cell.shape.share_within(zone)).ceil() as u64;
        self.about += about;
    }
}

impl SiteShape {
    fn meets(&self, zone: &MultiPolygon<f64>, prepared: &PreparedArea) -> bool {
        match self {
            Self::Point(place) => prepared.contains(*place),
            Self::Area(area) => {
                let boxes = area.bounding_rect().zip(zone.bounding_rect());
                boxes.is_some_and(|(one, other)| one.intersects(&other)) && area.intersects(zone)
            }
        }
    }

    /// The share of it that lies in the zone, 0 to 1. A site is small, so that degrees measure it well enough.
    fn share_within(&self, zone: &MultiPolygon<f64>) -> f64 {
        let Self::Area(area) = self else { return 1.0 };
        let whole = area.unsigned_area();
        if whole > 0.0 { (area.intersection(zone).unsigned_area() / whole).clamp(0.0, 1.0) } else { 1.0 }
    }

    /// Its point that is nearest to a place; `None` where the place is in it.
    fn nearest_to(&self, place: Place) -> Option<Place> {
        match self {
            Self::Point(at) => Some(*at),
            Self::Area(area) if PreparedArea::new(area).contains(place) => None,
            Self::Area(area) => nearest_of_boundary(area, place),
        }
    }
}

fn as_geojson<S: Serializer>(shape: &SiteShape, serializer: S) -> Result<S::Ok, S::Error> {
    match shape {
        SiteShape::Point(place) => json!({ "type": "Point", "coordinates": [place.lon(), place.lat()] }),
        SiteShape::Area(area) => area_to_geojson(area),
    }
    .serialize(serializer)
}
