//! What is an area and what is not.
//!
//! The rules are those of GeoJSON (RFC 7946 §3.1.6) and of simple features (OGC 06-103r4 §6.1.11 and §6.1.14): rings
//! are closed and do not touch themselves, holes lie within their exterior, the interior of a polygon is in one
//! piece, polygons share nothing but single points. Nothing is repaired: who drew the zone must say what is meant, so
//! an error names the reason and the place.
//!
//! Decisions use exact predicates on the coordinates as given. The cost is some n log n for n positions, whatever the
//! shape (see `sweep`), and there is a limit to n.

mod polygons;
mod ring;
mod sweep;

use std::fmt;

use ::geo::{Coord, LineString, MultiPolygon, Polygon};

use super::json::RANGE;

pub(super) use self::ring::{at_one_pole, check_positions_within};
use self::{
    polygons::check_together,
    ring::{check_has_area, check_positions},
};

/// An area may have so many corners, all rings together. It is far more than any border in use has, and keeps what
/// one zone can cost in time and memory within bounds.
pub const MOST_CORNERS: usize = 20_000;

/// Why something is no area.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AreaFault {
    /// There is no polygon.
    #[error("the area has no polygon")]
    Empty,
    /// More corners than [`MOST_CORNERS`].
    #[error("the area has {0} corners; at most {MOST_CORNERS} are possible")]
    TooManyCorners(usize),
    /// A ring of fewer than four positions.
    #[error("a ring needs at least 4 positions, the last equal to the first; this one has {0}")]
    TooFewPositions(usize),
    /// A ring whose last position is not its first.
    #[error("the ring is not closed: its last position must equal its first")]
    Unclosed,
    /// A coordinate that is not finite or out of range.
    #[error("the position is outside {RANGE}")]
    OutOfRange,
    /// An edge that spans more than 180° of longitude and cannot be taken to go the short way round the earth.
    #[error(
        "the edge spans more than 180° of longitude: cut an area that crosses the antimeridian in two there, and put \
         positions between in an area that goes far round the earth"
    )]
    EdgeTooWide,
    /// A ring that spans more than 360° of longitude.
    #[error("the ring spans more than 360° of longitude")]
    TooWide,
    /// A ring that goes round the earth in a way that encloses no pole.
    #[error(
        "the ring goes round the earth, which only an exterior ring on one side of the equator may, and once: it \
         encloses the pole"
    )]
    GoesRound,
    /// A corridor that cannot be laid out on one plane.
    #[error("the corridor is longer than 10000 km, or goes too far round the earth: make it several zones")]
    TooLong,
    /// All positions of a ring lie on one line.
    #[error("the ring encloses no area: all its positions lie on one line")]
    NoArea,
    /// A ring crosses or touches itself.
    #[error("the ring crosses or touches itself")]
    SelfIntersection,
    /// A hole is not within its exterior ring.
    #[error("the hole crosses or leaves its exterior ring")]
    HoleOutside,
    /// Two holes of a polygon overlap or share an edge.
    #[error("two holes overlap")]
    HolesOverlap,
    /// Rings touch so that they cut the polygon apart.
    #[error("rings touch so that the interior falls apart: make it two polygons")]
    InteriorInPieces,
    /// Two polygons of the area overlap or share an edge.
    #[error("two polygons of the area overlap or share an edge: join them or give each its own area")]
    PolygonsOverlap,
}

/// Why something is no area, and where. Numbers count from 0.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub struct AreaError {
    /// The reason.
    pub fault: AreaFault,
    /// Which polygon.
    pub polygon: usize,
    /// Which of its rings; 0 is the exterior.
    pub ring: usize,
    /// Which position of the ring: the faulty one, or the start of the faulty edge.
    pub position: usize,
    /// Where the fault is, longitude and latitude in degrees. `None` where there is no position at all.
    pub at: Option<Coord<f64>>,
}

impl AreaError {
    /// A fault of the area as a whole.
    pub(super) fn of_whole(fault: AreaFault) -> Self {
        RingFault { fault, position: 0, at: None }.of_ring(0, 0)
    }

    /// The reason and the coordinate, without the numbers of polygon and ring.
    #[must_use]
    pub fn reason(&self) -> String {
        match self.at {
            Some(at) => format!("{}, at longitude {}, latitude {}", self.fault, at.x, at.y),
            None => self.fault.to_string(),
        }
    }
}

impl fmt::Display for AreaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { polygon, ring, position, .. } = self;
        write!(f, "{} (polygon {polygon}, ring {ring}, position {position})", self.reason())
    }
}

/// A fault within one ring: its reason, the position, the coordinate.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RingFault {
    pub fault: AreaFault,
    pub position: usize,
    pub at: Option<Coord<f64>>,
}

impl RingFault {
    /// The fault with the numbers of polygon and ring.
    pub fn of_ring(self, polygon: usize, ring: usize) -> AreaError {
        AreaError { fault: self.fault, polygon, ring, position: self.position, at: self.at }
    }
}

/// Checks that this is an area by which vehicles can be judged.
///
/// Rings given as `geo` polygons are always closed, since `geo` closes them; whether they were closed to begin with
/// must be asked of the source (see [`geojson_area`](super::geojson_area)).
///
/// # Errors
/// The first fault found, with its place.
pub fn check_area(area: &MultiPolygon<f64>) -> Result<(), AreaError> {
    if area.0.is_empty() {
        return Err(AreaError::of_whole(AreaFault::Empty));
    }
    check_corner_count(corner_count(area))?;
    each_ring(area, |ring| check_positions(&ring.0))?;
    check_topology(area)
}

/// How many corners the area has, all rings together; the last position of a ring, equal to the first, is none.
pub(super) fn corner_count(area: &MultiPolygon<f64>) -> usize {
    area.iter().flat_map(rings).map(|ring| ring.0.len().saturating_sub(1)).sum()
}

pub(super) fn check_corner_count(count: usize) -> Result<(), AreaError> {
    if count > MOST_CORNERS { Err(AreaError::of_whole(AreaFault::TooManyCorners(count))) } else { Ok(()) }
}

/// Checks how the rings lie, wherever the longitudes are.
pub(super) fn check_topology(area: &MultiPolygon<f64>) -> Result<(), AreaError> {
    each_ring(area, check_has_area)?;
    check_together(area)
}

fn each_ring(
    area: &MultiPolygon<f64>,
    check: impl Fn(&LineString<f64>) -> Result<(), RingFault>,
) -> Result<(), AreaError> {
    for (number, polygon) in area.iter().enumerate() {
        for (ring_number, ring) in rings(polygon).enumerate() {
            check(ring).map_err(|fault| fault.of_ring(number, ring_number))?;
        }
    }
    Ok(())
}

/// The exterior, then the holes.
pub(super) fn rings(polygon: &Polygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors())
}

#[cfg(test)]
mod tests;
