//! A circle and a square on the ground, as areas by which places are judged.
//!
//! Distances and straight lines are geodesic (WGS 84, Karney 2013). The edges of an area are straight in longitude and
//! latitude, so corners are put in until they keep to the shape. What is drawn is closed, turns counter-clockwise, is cut
//! at the antimeridian and goes round a pole, as all areas here do.
//!
//! ```text
//!         far left ─────────── far right
//!             │                   │
//!             │         ↑         │   side
//!             │       axis        │
//!        near left ── near ── near right
//! ```

use ::geo::{Bearing, Coord, Destination, Distance, Geodesic, InterpolatePoint, MultiPolygon, Point};

use super::{
    Path, coord_of,
    fold::{Pole, RunningRing, fold},
};
use crate::domain::Place;

/// A circle has so many corners at least.
const CIRCLE_PARTS: u32 = 128;
/// Half a side of a square has so many parts at least.
const HALF_SIDE_PARTS: u32 = 8;
/// Edges of a circle keep to it within this share of the radius …
const CIRCLE_TOLERANCE: f64 = 0.000_4;
/// … and it is drawn so much larger that whoever is within the radius is inside.
const CIRCLE_REACH: f64 = 1.000_5;
/// Edges of a square keep to its sides within this share of a side.
const SQUARE_TOLERANCE: f64 = 0.000_1;
/// Rounding of corners, in metres.
const ROUNDING_M: f64 = 0.001;
/// A boundary does not come nearer to a pole than this share of the size: it goes round it.
const POLE_CLEARANCE: f64 = 0.001;
/// No edge is wider than so many degrees of longitude.
const WIDEST_EDGE: f64 = 90.0;
/// An edge is halved so often at most.
const MOST_HALVINGS: u32 = 16;

/// All places within the radius, and none that is more than 0.1 % (and a few millimetres) farther.
#[must_use]
pub fn geodesic_circle(center: Place, radius_m: f64) -> MultiPolygon<f64> {
    let middle = Point::from(coord_of(center));
    let pole = nearest_pole(center);
    let mut reach_m = radius_m * CIRCLE_REACH + ROUNDING_M;
    let to_pole_m = Geodesic.distance(middle, pole);
    if (to_pole_m - reach_m).abs() < POLE_CLEARANCE * radius_m {
        reach_m = to_pole_m + POLE_CLEARANCE * radius_m;
    }
    let corner = |share: f64| Geodesic.destination(middle, 360.0 * (1.0 - share), reach_m);
    area_within(&[Side { parts: CIRCLE_PARTS, corner: &corner }], CIRCLE_TOLERANCE * radius_m, center)
}

/// The square whose near side has `near` as its middle, and that lies from there in the direction `toward_deg`, clockwise
/// from north. With a margin it is so much larger on every side.
///
/// Its near and its far side are geodesics square to the axis, the other two join their ends.
#[must_use]
pub fn geodesic_square(near: Place, toward_deg: f64, side_m: f64, margin_m: f64) -> MultiPolygon<f64> {
    let square = Square::new(near, toward_deg, side_m, margin_m);
    // A pole at a side is no place on a map: the square then takes it in.
    let clearance_m = POLE_CLEARANCE * side_m;
    if square.boundary_distance_m(nearest_pole(near)) < clearance_m {
        return Square::new(near, toward_deg, side_m, margin_m + 2.0 * clearance_m).area(near, side_m);
    }
    square.area(near, side_m)
}

struct Square {
    near: Point<f64>,
    near_left: Point<f64>,
    near_right: Point<f64>,
    far: Point<f64>,
    far_left: Point<f64>,
    far_right: Point<f64>,
}

impl Square {
    fn new(near: Place, toward_deg: f64, side_m: f64, margin_m: f64) -> Self {
        let start = Point::from(coord_of(near));
        let far = Geodesic.destination(start, toward_deg, side_m + margin_m);
        let back = Geodesic.destination(start, toward_deg + 180.0, margin_m);
        let (near, near_deg) = if margin_m > 0.0 { (back, Geodesic.bearing(back, far)) } else { (start, toward_deg) };
        // The way back from the far side, turned round.
        let far_deg = Geodesic.bearing(far, near) + 180.0;
        let half_m = side_m / 2.0 + margin_m;
        Self {
            near,
            near_left: Geodesic.destination(near, near_deg - 90.0, half_m),
            near_right: Geodesic.destination(near, near_deg + 90.0, half_m),
            far,
            far_left: Geodesic.destination(far, far_deg - 90.0, half_m),
            far_right: Geodesic.destination(far, far_deg + 90.0, half_m),
        }
    }

    /// Its boundary as ways from point to point, from the middle of the near side counter-clockwise.
    fn ways(&self) -> [(Point<f64>, Point<f64>, u32); 6] {
        [
            (self.near, self.near_right, HALF_SIDE_PARTS),
            (self.near_right, self.far_right, 2 * HALF_SIDE_PARTS),
            (self.far_right, self.far, HALF_SIDE_PARTS),
            (self.far, self.far_left, HALF_SIDE_PARTS),
            (self.far_left, self.near_left, 2 * HALF_SIDE_PARTS),
            (self.near_left, self.near, HALF_SIDE_PARTS),
        ]
    }

    fn area(&self, near: Place, side_m: f64) -> MultiPolygon<f64> {
        let ways = self
            .ways()
            .map(|(from, to, parts)| (parts, move |share: f64| Geodesic.point_at_ratio_between(from, to, share)));
        let sides = ways.each_ref().map(|(parts, corner)| Side { parts: *parts, corner });
        area_within(&sides, SQUARE_TOLERANCE * side_m, near)
    }

    /// Distance of a point from the boundary, in metres.
    fn boundary_distance_m(&self, point: Point<f64>) -> f64 {
        let distances = self.ways().map(|(from, to, _)| {
            let distance_m = |share: f64| Geodesic.distance(point, Geodesic.point_at_ratio_between(from, to, share));
            // Along a geodesic the distance falls and then rises.
            let (mut low, mut high) = (0.0, 1.0);
            for _ in 0..40 {
                let third: f64 = (high - low) / 3.0;
                if distance_m(low + third) < distance_m(high - third) { high -= third } else { low += third }
            }
            distance_m(low)
        });
        distances.into_iter().fold(f64::INFINITY, f64::min)
    }
}

/// A stretch of a boundary.
struct Side<'a> {
    /// So many edges at least.
    parts: u32,
    /// The point at a share of it.
    corner: &'a dyn Fn(f64) -> Point<f64>,
}

impl Side<'_> {
    /// The point at a share of it, rounded to a tenth of a millimetre, so that it is the same on every machine.
    fn at(&self, share: f64) -> Coord<f64> {
        let point = (self.corner)(share).0;
        let to_nano = |degrees: f64| (degrees * 1e9).round() / 1e9;
        Coord { x: to_nano(point.x), y: to_nano(point.y) }
    }

    /// Adds its corners but the last.
    fn draw(&self, tolerance_m: f64, ring: &mut Vec<Coord<f64>>) {
        let share = |number: u32| f64::from(number) / f64::from(self.parts);
        let corners: Vec<(f64, Coord<f64>)> =
            (0..=self.parts).map(|number| (share(number), self.at(share(number)))).collect();
        for (one, other) in corners.iter().zip(corners.iter().skip(1)) {
            ring.push(one.1);
            self.halve(*one, *other, tolerance_m, 0, ring);
        }
    }

    /// Adds corners between two until the edges keep to the side.
    fn halve(
        &self,
        one: (f64, Coord<f64>),
        other: (f64, Coord<f64>),
        tolerance_m: f64,
        halvings: u32,
        ring: &mut Vec<Coord<f64>>,
    ) {
        if halvings >= MOST_HALVINGS || self.keeps_to(one, other, tolerance_m) {
            return;
        }
        let share = (one.0 + other.0) / 2.0;
        let between = (share, self.at(share));
        self.halve(one, between, tolerance_m, halvings + 1, ring);
        ring.push(between.1);
        self.halve(between, other, tolerance_m, halvings + 1, ring);
    }

    fn keeps_to(&self, one: (f64, Coord<f64>), other: (f64, Coord<f64>), tolerance_m: f64) -> bool {
        let (Ok(from), Ok(to)) = (Place::new(one.1.y, one.1.x), Place::new(other.1.y, other.1.x)) else { return true };
        let width = (to.lon() - from.lon()).abs();
        let edge = Path::new(from, to);
        let is_near = |part: f64| {
            let on_side = (self.corner)(one.0 + part * (other.0 - one.0));
            Geodesic.distance(on_side, Point::from(edge.coord_at(part))) <= tolerance_m
        };
        width.min(360.0 - width) <= WIDEST_EDGE && [0.25, 0.5, 0.75].into_iter().all(is_near)
    }
}

/// The area within a boundary that closes.
fn area_within(sides: &[Side<'_>], tolerance_m: f64, place: Place) -> MultiPolygon<f64> {
    let mut ring = Vec::new();
    sides.iter().for_each(|side| side.draw(tolerance_m, &mut ring));
    ring.dedup();
    ring.extend(ring.first().copied());
    let pole = if place.lat() < 0.0 { Pole::South } else { Pole::North };
    MultiPolygon::new(fold(RunningRing::the_short_way(&ring), Vec::new(), pole))
}

/// The pole on the place's side of the equator.
fn nearest_pole(place: Place) -> Point<f64> {
    Point::new(place.lon(), 90.0_f64.copysign(place.lat()))
}

#[cfg(test)]
mod tests;
