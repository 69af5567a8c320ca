//! Metres around a point.
//!
//! A local equirectangular projection: a degree of latitude is as long as the meridian's radius of curvature M makes
//! it at the reference point, a degree of longitude as long as the parallel there.
//!
//! ```text
//! north = (lat - lat₀) · M(lat₀) · π/180             M(φ) = a (1 - e²) / (1 - e² sin²φ)^(3/2)
//! east  = (lon - lon₀) · N(lat₀) · cos lat₀ · π/180  N(φ) = a / √(1 - e² sin²φ)
//! ```
//!
//! with the semi-major axis a and the eccentricity e of WGS 84. The projection is affine: lines straight in degrees
//! stay straight. Its distances from the reference point are wrong by at most about `0.2 · (d / R) · tan |lat₀|` of
//! themselves plus a term in `(d / R)²`: at 60° that is 0.01 % over 1 km and 0.3 % over 50 km. Near the poles it is
//! of no use; see `polar` for what is used there.

use ::geo::Coord;

use super::{Bounds, coord_of};
use crate::domain::Place;

/// Semi-major axis of the WGS 84 ellipsoid in metres.
pub(super) const SEMI_MAJOR_AXIS_M: f64 = 6_378_137.0;
/// Square of the first eccentricity of the WGS 84 ellipsoid, from its flattening 1/298.257223563.
pub(super) const ECCENTRICITY_SQUARED: f64 = 0.006_694_379_990_141_317;

/// A point in metres from a reference point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LocalPoint {
    /// Metres to the east.
    pub east_m: f64,
    /// Metres to the north.
    pub north_m: f64,
}

impl LocalPoint {
    /// Distance from the reference point in metres.
    #[must_use]
    pub fn length_m(self) -> f64 {
        self.squared_length().sqrt()
    }

    /// Square of the distance from the reference point, in square metres.
    pub(super) fn squared_length(self) -> f64 {
        self.east_m * self.east_m + self.north_m * self.north_m
    }
}

/// The local projection around one reference point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LocalFrame {
    reference: Coord<f64>,
    east_m_per_degree: f64,
    north_m_per_degree: f64,
}

impl LocalFrame {
    /// The projection around `reference`.
    #[must_use]
    pub fn at(reference: Place) -> Self {
        Self::at_coord(coord_of(reference))
    }

    pub(super) fn at_coord(reference: Coord<f64>) -> Self {
        let cosine = cosine_of_degrees(reference.y);
        let flattened = 1.0 - ECCENTRICITY_SQUARED * (1.0 - cosine * cosine);
        let prime_vertical_m = SEMI_MAJOR_AXIS_M / flattened.sqrt();
        let meridian_m = prime_vertical_m * (1.0 - ECCENTRICITY_SQUARED) / flattened;
        let radians_per_degree = 1.0_f64.to_radians();
        Self {
            reference,
            east_m_per_degree: prime_vertical_m * cosine * radians_per_degree,
            north_m_per_degree: meridian_m * radians_per_degree,
        }
    }

    pub(super) fn reference(&self) -> Coord<f64> {
        self.reference
    }

    /// The same projection with longitudes counted from so many degrees further east: by whole turns it is the same
    /// place.
    pub(super) fn moved(&self, east_deg: f64) -> Self {
        Self { reference: Coord { x: self.reference.x + east_deg, y: self.reference.y }, ..*self }
    }

    /// A box that holds all places within so many metres, as this projection measures.
    pub(super) fn around(&self, metres: f64) -> Bounds {
        let (east, north) = (metres / self.east_m_per_degree, metres / self.north_m_per_degree);
        let Coord { x, y } = self.reference;
        Bounds { west: x - east, south: y - north, east: x + east, north: y + north }
    }

    /// Length of a degree of longitude here, in metres; 0 at a pole.
    #[must_use]
    pub fn east_m_per_degree(&self) -> f64 {
        self.east_m_per_degree
    }

    /// Length of a degree of latitude here, in metres.
    #[must_use]
    pub fn north_m_per_degree(&self) -> f64 {
        self.north_m_per_degree
    }

    /// Where `place` lies as seen from the reference point.
    #[must_use]
    pub fn local(&self, place: Place) -> LocalPoint {
        self.local_coord(coord_of(place))
    }

    pub(super) fn local_coord(&self, coord: Coord<f64>) -> LocalPoint {
        LocalPoint {
            east_m: (coord.x - self.reference.x) * self.east_m_per_degree,
            north_m: (coord.y - self.reference.y) * self.north_m_per_degree,
        }
    }

    /// The place so far from the reference point. `None` where that leaves the range of latitude or longitude.
    #[must_use]
    pub fn place(&self, point: LocalPoint) -> Option<Place> {
        let lon = self.reference.x + point.east_m / self.east_m_per_degree;
        let lat = self.reference.y + point.north_m / self.north_m_per_degree;
        Place::new(lat, lon).ok()
    }

    /// Distance of `place` from the reference point in metres.
    #[must_use]
    pub fn distance_m(&self, place: Place) -> f64 {
        self.local(place).length_m()
    }
}

/// Sine of an angle within ±90°.
pub(super) fn sine_of_degrees(degrees: f64) -> f64 {
    cosine_of_degrees(90.0 - degrees.abs()).copysign(degrees)
}

/// Cosine of an angle within ±90°, by Taylor series to the last bits of a double.
///
/// The mathematics libraries of different machines differ in the last bit of `cos`, and a finding may hang on it;
/// sums and products are the same everywhere.
fn cosine_of_degrees(degrees: f64) -> f64 {
    let degrees = degrees.abs();
    if degrees <= 45.0 {
        let x = degrees.to_radians();
        alternating_series(x * x, &[2.0, 12.0, 30.0, 56.0, 90.0, 132.0, 182.0, 240.0])
    } else {
        let x = (90.0 - degrees).to_radians();
        x * alternating_series(x * x, &[6.0, 20.0, 42.0, 72.0, 110.0, 156.0, 210.0, 272.0])
    }
}

/// `1 - s/d₁ (1 - s/d₂ (1 - …))` for the divisors d.
fn alternating_series(square: f64, divisors: &[f64]) -> f64 {
    divisors.iter().rev().fold(1.0, |inner, divisor| 1.0 - square / divisor * inner)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::geo::geodesic_m;

    const MEAN_RADIUS_M: f64 = 6_371_009.0;

    #[test]
    fn the_cosine_is_the_cosine() {
        for tenth in -900..=900 {
            let degrees = f64::from(tenth) / 10.0;
            assert!((cosine_of_degrees(degrees) - degrees.to_radians().cos()).abs() < 3e-16, "{degrees}");
        }
        assert_eq!(cosine_of_degrees(90.0), 0.0);
    }

    #[test]
    fn a_degree_is_as_long_as_the_tables_say() {
        let equator = LocalFrame::at(Place::new(0.0, 0.0).unwrap());
        assert!((equator.east_m_per_degree() - 111_319.491).abs() < 0.001);
        assert!((equator.north_m_per_degree() - 110_574.276).abs() < 0.001);
        let antwerp = LocalFrame::at(Place::new(51.0, 4.0).unwrap());
        assert!((antwerp.east_m_per_degree() - 70_197.7).abs() < 0.2, "{}", antwerp.east_m_per_degree());
        assert!((antwerp.north_m_per_degree() - 111_248.3).abs() < 0.5, "{}", antwerp.north_m_per_degree());
    }

    #[test]
    fn outside_the_range_there_is_no_place() {
        let frame = LocalFrame::at(Place::new(51.0, 179.9).unwrap());
        assert!(frame.place(LocalPoint { east_m: 20_000.0, north_m: 0.0 }).is_none());
        let pole = LocalFrame::at(Place::new(90.0, 0.0).unwrap());
        assert!(pole.place(LocalPoint { east_m: 1.0, north_m: 0.0 }).is_none());
    }

    proptest! {
        #[test]
        fn distances_keep_to_the_stated_bound(
            lat in -75.0..75.0_f64, lon in -179.0..179.0_f64,
            angle in 0.0..std::f64::consts::TAU, metres in 0.1..50_000.0_f64,
        ) {
            let reference = Place::new(lat, lon).unwrap();
            let frame = LocalFrame::at(reference);
            let offset = LocalPoint { east_m: metres * angle.cos(), north_m: metres * angle.sin() };
            prop_assume!(frame.place(offset).is_some());
            let place = frame.place(offset).unwrap();
            let there = frame.local(place);
            prop_assert!((there.east_m - offset.east_m).abs() < 1e-6 && (there.north_m - offset.north_m).abs() < 1e-6);

            let truth = geodesic_m(reference, place);
            let (ratio, slope) = (truth / MEAN_RADIUS_M, lat.to_radians().tan().abs());
            let bound = 0.2 * ratio * slope + ratio * ratio * (1.0 + slope * slope) + 1e-5;
            prop_assert!((metres - truth).abs() <= truth * bound + 1e-6, "{metres} for {truth}");
        }
    }
}
