//! Metres around a point near a pole.
//!
//! The polar stereographic projection of the ellipsoid (Snyder 1987, equations 15-9 and 21-33 to 21-35), in true size
//! at the point that measures. It keeps angles, so that lengths near the point are right in every direction; lengths
//! at a distance d from it are wrong by some `d · ρ / (2 R²)` of themselves, ρ being the way to the pole: within 5° of
//! the pole that is 0.01 % at 1 km and 0.1 % at 10 km.
//!
//! What is straight in degrees is a spiral here. Distances to it are found by halving it until the parts are straight
//! but for a hair.

use ::geo::Coord;

use super::{
    Bounds,
    edges::Edge,
    projection::{ECCENTRICITY_SQUARED, SEMI_MAJOR_AXIS_M},
    ruler::Ruler,
};

/// Parts of an edge that are straight but for so much are taken as straight, in metres.
const STRAIGHT_M: f64 = 0.000_5;
/// More halvings are not needed: an edge half round the earth has parts of millimetres then.
const MOST_HALVINGS: u32 = 36;

/// A point on the plane, in metres from the pole.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Flat {
    x: f64,
    y: f64,
}

/// The projection around the pole nearer to a point.
#[derive(Clone, Copy, Debug)]
pub(super) struct PolarFrame {
    /// 1 for the north pole, -1 for the south.
    hemisphere: f64,
    at: Coord<f64>,
    flat: Flat,
    /// Metres on the ground to a metre on the plane, at the point.
    scale: f64,
}

impl PolarFrame {
    pub fn at(at: Coord<f64>) -> Self {
        let hemisphere = 1.0_f64.copysign(at.y);
        let lat = at.y * hemisphere;
        let radius_m = plane_distance_m(lat);
        let (sine, cosine) = lat.to_radians().sin_cos();
        let parallel_m = SEMI_MAJOR_AXIS_M * cosine / (1.0 - ECCENTRICITY_SQUARED * sine * sine).sqrt();
        let scale = if radius_m > 0.01 { parallel_m / radius_m } else { 1.0 };
        Self { hemisphere, at, flat: spread(radius_m, at.x), scale }
    }

    fn pole_distance_m(&self, lat: f64) -> f64 {
        plane_distance_m(lat * self.hemisphere)
    }

    fn flat_of(&self, at: Coord<f64>) -> Flat {
        spread(self.pole_distance_m(at.y), at.x)
    }

    /// The nearest point of the edge, as a share of its way, and the square of its distance.
    pub fn nearest_of_edge(&self, edge: &Edge) -> (f64, f64) {
        let mut nearest = (0.0, f64::INFINITY);
        let (from, to) = (self.flat_of(edge.from), self.flat_of(edge.to));
        self.halve(edge, (0.0, from), (1.0, to), 0, &mut nearest);
        (nearest.0, nearest.1 * self.scale * self.scale)
    }

    fn halve(
        &self,
        edge: &Edge,
        (low, from): (f64, Flat),
        (high, to): (f64, Flat),
        halvings: u32,
        nearest: &mut (f64, f64),
    ) {
        let (along, squared) = nearest_of_chord(self.flat, from, to);
        let bend_m = self.bend_m(edge, high - low, from, to);
        if squared.sqrt() - bend_m > nearest.1.sqrt() {
            return;
        }
        if bend_m < STRAIGHT_M || halvings >= MOST_HALVINGS {
            if squared < nearest.1 {
                *nearest = (low + along * (high - low), squared);
            }
            return;
        }
        let middle = (low + high) / 2.0;
        let halfway = (middle, self.flat_of(edge.point_at(middle)));
        // The nearer half first: the other one may then be left out.
        let halves = [((low, from), halfway), (halfway, (high, to))];
        let [first, second] = if along < 0.5 { halves } else { [halves[1], halves[0]] };
        self.halve(edge, first.0, first.1, halvings + 1, nearest);
        self.halve(edge, second.0, second.1, halvings + 1, nearest);
    }

    /// How far at most a part of the edge strays from the chord between its ends: an eighth of the greatest second
    /// derivative along it. With ρ = 2 R tan(c / 2) at the angle c from the pole and the longitude λ, both changing
    /// evenly, that is at most |ρ''| + 2 |ρ' λ'| + ρ λ'².
    fn bend_m(&self, edge: &Edge, share: f64, from: Flat, to: Flat) -> f64 {
        let turn = ((edge.to.x - edge.from.x) * share).to_radians().abs();
        let rise = ((edge.to.y - edge.from.y) * share).to_radians().abs();
        let farther_m = from.x.hypot(from.y).max(to.x.hypot(to.y));
        let half_tangent = farther_m / (2.0 * SEMI_MAJOR_AXIS_M);
        let slope_m = SEMI_MAJOR_AXIS_M * (1.0 + half_tangent * half_tangent) * rise;
        (slope_m * rise * half_tangent + 2.0 * slope_m * turn + farther_m * turn * turn) / 8.0
    }

    /// The angle in degrees from the point's meridian to the nearest one of the box; 0 within it.
    fn angle_to(&self, bounds: &Bounds) -> f64 {
        let eastward = (bounds.west - self.at.x).rem_euclid(360.0);
        let width = bounds.east - bounds.west;
        // From the western side a turn less the angle is left to the point.
        if eastward == 0.0 || 360.0 - eastward <= width {
            return 0.0;
        }
        eastward.min(360.0 - eastward - width)
    }
}

impl Ruler for PolarFrame {
    fn squared_to_edge(&self, edge: &Edge) -> f64 {
        self.nearest_of_edge(edge).1
    }

    fn squared_to_box(&self, bounds: &Bounds) -> f64 {
        let (one, other) = (self.pole_distance_m(bounds.south), self.pole_distance_m(bounds.north));
        let (nearer_m, farther_m) = (one.min(other), one.max(other));
        let radius_m = self.flat.x.hypot(self.flat.y);
        let across_m = (nearer_m - radius_m).max(radius_m - farther_m).max(0.0);
        let angle = self.angle_to(bounds);
        let squared_aside = if angle >= 90.0 {
            radius_m * radius_m + nearer_m * nearer_m
        } else {
            let aside_m = radius_m * angle.to_radians().sin();
            aside_m * aside_m
        };
        // Less than it is, rather than more by the rounding of sines.
        squared_aside.max(across_m * across_m) * self.scale * self.scale * (1.0 - 1e-12)
    }
}

/// The nearest point of the chord, as a share of its way, and the square of its distance.
fn nearest_of_chord(at: Flat, from: Flat, to: Flat) -> (f64, f64) {
    let (way_x, way_y) = (to.x - from.x, to.y - from.y);
    let squared_length = way_x * way_x + way_y * way_y;
    let along = if squared_length > 0.0 {
        (((at.x - from.x) * way_x + (at.y - from.y) * way_y) / squared_length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let (gap_x, gap_y) = (from.x + along * way_x - at.x, from.y + along * way_y - at.y);
    (along, gap_x * gap_x + gap_y * gap_y)
}

fn spread(radius_m: f64, lon: f64) -> Flat {
    let (sine, cosine) = lon.to_radians().sin_cos();
    Flat { x: radius_m * sine, y: radius_m * cosine }
}

/// The way from the pole on the plane, in true size at the pole; `lat` is positive towards the pole.
fn plane_distance_m(lat: f64) -> f64 {
    let eccentricity = ECCENTRICITY_SQUARED.sqrt();
    let sine = lat.to_radians().sin();
    let tangent = ((90.0 - lat) / 2.0).to_radians().tan();
    let flattening = ((1.0 - eccentricity * sine) / (1.0 + eccentricity * sine)).powf(eccentricity / 2.0);
    let at_pole = (1.0 + eccentricity).powf(1.0 + eccentricity) * (1.0 - eccentricity).powf(1.0 - eccentricity);
    2.0 * SEMI_MAJOR_AXIS_M / at_pole.sqrt() * tangent / flattening
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{domain::Place, geo::geodesic_m};

    fn geodesic_between(one: Coord<f64>, other: Coord<f64>) -> f64 {
        geodesic_m(Place::new(one.y, one.x).unwrap(), Place::new(other.y, other.x).unwrap())
    }

    #[test]
    fn at_the_pole_itself_a_metre_is_a_metre() {
        let frame = PolarFrame::at(Coord { x: 0.0, y: 90.0 });
        let near = Coord { x: 77.0, y: 89.9999 };
        let metres = frame.squared_to_edge(&Edge { from: near, to: near }).sqrt();
        assert!((metres - 11.169).abs() < 0.01, "{metres}");
    }

    proptest! {
        #[test]
        fn distances_are_geodesic_on_both_sides_of_both_poles(
            lat in 85.0..90.0_f64, lon in -180.0..180.0_f64, south in any::<bool>(), angle in 0.0..360.0_f64,
            metres in 1.0..10_000.0_f64,
        ) {
            use ::geo::{Destination, Geodesic, Point};
            let at = Coord { x: lon, y: if south { -lat } else { lat } };
            let there: Coord<f64> = Geodesic.destination(Point::from(at), angle, metres).into();
            let frame = PolarFrame::at(at);
            let found = frame.squared_to_edge(&Edge { from: there, to: there }).sqrt();
            prop_assert!((found - metres).abs() <= 1e-3 * metres, "{found} for {metres}");
        }

        #[test]
        fn the_distance_to_an_edge_is_that_of_a_walk_along_it(
            lat in 85.0..90.0_f64, lon in -180.0..180.0_f64,
            from in (-180.0..180.0_f64, 84.0..90.0_f64), to in (-180.0..180.0_f64, 84.0..90.0_f64),
        ) {
            let at = Coord { x: lon, y: lat };
            let edge = Edge { from: Coord { x: from.0, y: from.1 }, to: Coord { x: to.0, y: to.1 } };
            // The nearest of so many steps is up to half a step too far along.
            const STEPS: u32 = 4000;
            let step = |number: u32| edge.point_at(f64::from(number) / f64::from(STEPS));
            let walked = (0..=STEPS).map(|number| geodesic_between(at, step(number))).fold(f64::INFINITY, f64::min);
            let longest = (0..STEPS).map(|number| geodesic_between(step(number), step(number + 1))).fold(0.0, f64::max);
            let frame = PolarFrame::at(at);
            let found = frame.squared_to_edge(&edge).sqrt();
            // Far away the scale is that of the point that asks.
            let error = 0.015 * walked + 1.0;
            prop_assert!(found <= walked + error, "{} for {}", found, walked);
            prop_assert!(found.hypot(longest / 2.0) + error >= walked, "{} for {}", found, walked);
            let bounds = edge.bounds();
            prop_assert!(frame.squared_to_box(&bounds).sqrt() <= found);
        }
    }
}
