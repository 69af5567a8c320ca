//! Boxes in longitude and latitude.

use ::geo::Coord;

use super::{LocalFrame, coord_of};
use crate::domain::Place;

/// Length of a degree of latitude at the equator, where it is shortest, rounded down: metres.
const SHORTEST_NORTH_M_PER_DEGREE: f64 = 110_574.0;

/// A box in degrees, its edges included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Least longitude.
    pub west: f64,
    /// Least latitude.
    pub south: f64,
    /// Greatest longitude.
    pub east: f64,
    /// Greatest latitude.
    pub north: f64,
}

impl Bounds {
    /// The box that holds nothing; it meets no other.
    pub const EMPTY: Self =
        Self { west: f64::INFINITY, south: f64::INFINITY, east: f64::NEG_INFINITY, north: f64::NEG_INFINITY };

    /// The smallest box around two places, not across the antimeridian.
    #[must_use]
    pub fn around(one: Place, other: Place) -> Self {
        Self::around_coords(coord_of(one), coord_of(other))
    }

    pub(super) fn around_coords(one: Coord<f64>, other: Coord<f64>) -> Self {
        Self {
            west: one.x.min(other.x),
            south: one.y.min(other.y),
            east: one.x.max(other.x),
            north: one.y.max(other.y),
        }
    }

    /// The smallest box around both.
    #[must_use]
    pub fn joined(self, other: Self) -> Self {
        Self {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }

    /// The box with at least `margin_m` metres more on every side. It may reach beyond ±180° of longitude.
    #[must_use]
    pub fn widened(self, margin_m: f64) -> Self {
        if margin_m <= 0.0 || self.west > self.east {
            return self;
        }
        // A degree of latitude is shortest at the equator: nowhere are `margin_m` metres more degrees than there.
        let north = margin_m / SHORTEST_NORTH_M_PER_DEGREE;
        // No way of `margin_m` metres leaves the widened latitudes, and nowhere in them is a degree of longitude
        // shorter than at their edge. Where the pole is among them, every longitude is near.
        let farthest_from_equator = (self.south.abs().max(self.north.abs()) + north).min(90.0);
        let frame = LocalFrame::at_coord(Coord { x: 0.0, y: farthest_from_equator });
        let east = (margin_m / frame.east_m_per_degree()).min(360.0);
        Self { west: self.west - east, south: self.south - north, east: self.east + east, north: self.north + north }
    }

    /// Whether the two boxes have a point in common.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.west <= other.east && other.west <= self.east && self.south <= other.north && other.south <= self.north
    }

    /// Whether the place lies in the box or on its edge.
    #[must_use]
    pub fn contains(&self, place: Place) -> bool {
        self.contains_coord(coord_of(place))
    }

    pub(super) fn contains_coord(&self, at: Coord<f64>) -> bool {
        self.west <= at.x && at.x <= self.east && self.south <= at.y && at.y <= self.north
    }

    /// Whether the straight line from `from` to `to`, drawn on beyond both, may meet the box. It may say yes wrongly
    /// by a micrometre, never no.
    pub(super) fn may_meet_line(&self, from: Coord<f64>, to: Coord<f64>) -> bool {
        let (across, up) = (to.x - from.x, to.y - from.y);
        let centre = Coord { x: (self.west + self.east) / 2.0, y: (self.south + self.north) / 2.0 };
        let (half_width, half_height) = ((self.east - self.west) / 2.0, (self.north - self.south) / 2.0);
        let offset = across * (centre.y - from.y) - up * (centre.x - from.x);
        let rounding = 1e-11 * (across.abs() + up.abs());
        offset.abs() <= across.abs() * half_height + up.abs() * half_width + rounding
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::geodesic_m;

    fn place(lat: f64, lon: f64) -> Place {
        Place::new(lat, lon).unwrap()
    }

    #[test]
    fn a_widened_box_reaches_as_far_as_it_says() {
        for lat in [0.0, 51.9, -70.0] {
            let bounds = Bounds::around(place(lat, 4.0), place(lat, 4.0)).widened(500.0);
            assert!(geodesic_m(place(lat, 4.0), place(lat, bounds.east)) >= 499.999, "{lat}");
            assert!(geodesic_m(place(lat, 4.0), place(bounds.north, 4.0)) >= 499.999, "{lat}");
            assert!(geodesic_m(place(lat, 4.0), place(bounds.north, 4.0)) < 510.0, "{lat}");
        }
        assert_eq!(Bounds::around(place(90.0, 0.0), place(90.0, 0.0)).widened(1.0).east, 360.0);
        let near_the_pole = Bounds::around(place(89.99, 4.0), place(89.99, 4.0)).widened(1100.0);
        assert!(geodesic_m(place(89.99, 4.0), place(89.99, near_the_pole.east.min(180.0))) >= 1100.0);
        assert_eq!(Bounds::EMPTY.widened(10.0), Bounds::EMPTY);
    }

    #[test]
    fn touching_boxes_meet_and_the_empty_box_meets_none() {
        let here = Bounds::around(place(0.0, 0.0), place(1.0, 1.0));
        assert!(here.meets(&Bounds::around(place(1.0, 1.0), place(2.0, 2.0))));
        assert!(!here.meets(&Bounds::around(place(1.1, 0.0), place(2.0, 2.0))));
        assert!(!here.meets(&Bounds::EMPTY));
    }

    #[test]
    fn a_diagonal_line_misses_a_box_beside_it() {
        let bounds = Bounds::around(place(0.0, 2.0), place(1.0, 3.0));
        assert!(!bounds.may_meet_line(Coord { x: 0.0, y: 0.0 }, Coord { x: 4.0, y: 4.0 }));
        assert!(bounds.may_meet_line(Coord { x: 0.0, y: 0.0 }, Coord { x: 3.0, y: 1.0 }));
        assert!(bounds.may_meet_line(Coord { x: 1.0, y: -1.0 }, Coord { x: 2.0, y: 0.0 }), "through a corner");
    }
}
