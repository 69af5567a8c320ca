//! A circle as a polygon around it.

use ::geo::{Coord, Destination, Distance, Geodesic, MultiPolygon, Point};

use super::plane::{WIDEST_EDGE, Way, rounded};
use crate::{
    domain::Place,
    geo::{
        coord_of,
        fold::{Pole, RunningRing, fold},
        geodesic_m,
    },
};

/// A circle has so many corners at least.
const CORNERS: u32 = 64;
/// Within this radius, away from the poles, so many corners are enough.
const SMALL_M: f64 = 20_000.0;
/// So many degrees of latitude from the equator is away from the poles.
const MID_LATITUDE: f64 = 75.0;
/// No point of the polygon's boundary is farther out than this share of the radius.
const FARTHEST: f64 = 1.005;
/// A boundary does not come nearer to a pole than this share of the radius: it goes round it.
const POLE_CLEARANCE: f64 = 0.001;
/// An edge is halved so often at most.
const MOST_HALVINGS: u32 = 12;

/// The area: all places within the radius, and none that is more than half a percent farther.
pub(super) fn area(center: Place, radius_m: f64) -> MultiPolygon<f64> {
    // The middle of an edge is nearer than its ends. What is rounded and what an edge straight in degrees is off the
    // shortest way is covered by the rest.
    let half_step = std::f64::consts::PI / f64::from(CORNERS);
    let mut reach_m = radius_m / half_step.cos() * 1.000_1 + 0.001;
    let pole = if center.lat() < 0.0 { Pole::South } else { Pole::North };
    if let Ok(pole) = Place::new(90.0_f64.copysign(center.lat()), center.lon()) {
        let to_pole_m = geodesic_m(center, pole);
        if (to_pole_m - reach_m).abs() < POLE_CLEARANCE * radius_m {
            reach_m = to_pole_m + POLE_CLEARANCE * radius_m;
        }
    }
    let circle = Circle { center, radius_m, reach_m };
    let is_plain = radius_m <= SMALL_M && center.lat().abs() <= MID_LATITUDE;
    let corners = (0..=CORNERS).map(|number| {
        let azimuth = f64::from(number % CORNERS) / f64::from(CORNERS) * 360.0;
        (f64::from(number) / f64::from(CORNERS) * 360.0, circle.corner(azimuth))
    });
    let corners: Vec<(f64, Coord<f64>)> = corners.collect();
    let mut ring: Vec<Coord<f64>> = Vec::with_capacity(corners.len());
    for (one, other) in corners.iter().zip(corners.iter().skip(1)) {
        ring.push(one.1);
        if !is_plain {
            circle.halve(*one, *other, 0, &mut ring);
        }
    }
    ring.extend(ring.first().copied());
    MultiPolygon::new(fold(RunningRing::the_short_way(&ring), Vec::new(), pole))
}

struct Circle {
    center: Place,
    radius_m: f64,
    /// Distance of the corners.
    reach_m: f64,
}

impl Circle {
    /// The corner in a direction. It is rounded to a tenth of a millimetre, so that it is the same on every machine.
    fn corner(&self, azimuth: f64) -> Coord<f64> {
        let at = Geodesic.destination(Point::from(coord_of(self.center)), azimuth, self.reach_m);
        rounded(at.0)
    }

    /// Puts corners between two until the edges keep to the circle.
    fn halve(&self, one: (f64, Coord<f64>), other: (f64, Coord<f64>), halvings: u32, ring: &mut Vec<Coord<f64>>) {
        if halvings >= MOST_HALVINGS || self.keeps_to_circle(one.1, other.1) {
            return;
        }
        let azimuth = (one.0 + other.0) / 2.0;
        let between = (azimuth, self.corner(azimuth));
        self.halve(one, between, halvings + 1, ring);
        ring.push(between.1);
        self.halve(between, other, halvings + 1, ring);
    }

    fn keeps_to_circle(&self, one: Coord<f64>, other: Coord<f64>) -> bool {
        let (center, way) = (Point::from(coord_of(self.center)), Way::between(one, other));
        let in_range = |share: f64| {
            let metres = Geodesic.distance(center, Point::from(way.at(share)));
            (self.radius_m..=self.radius_m * FARTHEST + 0.01).contains(&metres)
        };
        way.width() <= WIDEST_EDGE && [0.25, 0.5, 0.75].into_iter().all(in_range)
    }
}
