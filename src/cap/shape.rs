//! Polygons and circles of an area (CAP 1.2 §3.2.4): WGS 84 degrees, latitude first, north and east positive.
//!
//! Coordinates are rounded to six decimals (a tenth of a metre) when a shape is made, so that what was checked is what
//! is written.

use std::fmt;

/// Decimals of a degree that are kept.
const PER_DEGREE: f64 = 1e6;
/// Radii are kept to the metre.
const PER_KM: f64 = 1e3;
/// No place on earth is farther from another, in kilometres.
const FARTHEST_KM: f64 = 20_004.0;

/// A closed ring: at least four pairs, the last equal to the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Polygon(Vec<(f64, f64)>);

/// A circle on the ground.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circle {
    centre: (f64, f64),
    radius_km: f64,
}

/// Why numbers make no shape.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum ShapeError {
    /// A pair is no place.
    #[error("{lat},{lon} is no place; wanted is latitude,longitude in degrees within ±90 and ±180")]
    Place {
        /// Latitude in degrees.
        lat: f64,
        /// Longitude in degrees.
        lon: f64,
    },
    /// There are too few different corners.
    #[error("a polygon of {pairs} pairs with the first repeated at the end is no area; at least four are needed")]
    TooFewPairs {
        /// Pairs after repetitions were dropped and the ring was closed.
        pairs: usize,
    },
    /// An edge goes more than half around the earth, so it must have been meant the other way round.
    #[error("the edge from longitude {from} to {to} crosses the 180° meridian; cut the polygon there into two")]
    AcrossMeridian180 {
        /// Longitude of its start in degrees.
        from: f64,
        /// Longitude of its end in degrees.
        to: f64,
    },
    /// The radius is no distance on earth.
    #[error("a radius of {0} km is no circle; wanted is more than 0 and at most 20004 km")]
    Radius(f64),
}

fn rounded_place((lat, lon): (f64, f64)) -> Result<(f64, f64), ShapeError> {
    if !(-90.0..=90.0).contains(&lat) || !(-180.0..=180.0).contains(&lon) {
        return Err(ShapeError::Place { lat, lon });
    }
    // Adding zero makes -0 plain 0.
    let rounded = |degrees: f64| (degrees * PER_DEGREE).round() / PER_DEGREE + 0.0;
    Ok((rounded(lat), rounded(lon)))
}

impl Polygon {
    /// A polygon through (latitude, longitude) corners in degrees. Corners that repeat the one before are dropped, and
    /// the ring is closed where it is open.
    ///
    /// # Errors
    /// When a corner is no place, when fewer than three different ones follow each other, or when an edge crosses the
    /// 180° meridian.
    pub fn new(corners: impl IntoIterator<Item = (f64, f64)>) -> Result<Self, ShapeError> {
        let mut ring = corners.into_iter().map(rounded_place).collect::<Result<Vec<_>, _>>()?;
        ring.dedup();
        if ring.first() != ring.last() {
            ring.extend(ring.first().copied());
        }
        if ring.len() < 4 {
            return Err(ShapeError::TooFewPairs { pairs: ring.len() });
        }
        for ((_, from), (_, to)) in ring.iter().zip(ring.iter().skip(1)) {
            if (to - from).abs() > 180.0 {
                return Err(ShapeError::AcrossMeridian180 { from: *from, to: *to });
            }
        }
        Ok(Self(ring))
    }

    /// The (latitude, longitude) pairs in degrees, the last equal to the first.
    #[must_use]
    pub fn pairs(&self) -> &[(f64, f64)] {
        &self.0
    }
}

impl Circle {
    /// A circle around (latitude, longitude) in degrees. Its radius is rounded up to the next metre, so that it never
    /// leaves anybody out.
    ///
    /// # Errors
    /// When the centre is no place or the radius is not more than zero and at most half the earth's girth.
    pub fn new(centre: (f64, f64), radius_km: f64) -> Result<Self, ShapeError> {
        let centre = rounded_place(centre)?;
        // A millimetre of grace: 0.07 km times 1000 is a little more than 70.
        let rounded = (radius_km * PER_KM - 1e-3).ceil() / PER_KM;
        if rounded > 0.0 && radius_km <= FARTHEST_KM {
            Ok(Self { centre, radius_km: rounded })
        } else {
            Err(ShapeError::Radius(radius_km))
        }
    }

    /// The (latitude, longitude) of its centre in degrees.
    #[must_use]
    pub fn centre(&self) -> (f64, f64) {
        self.centre
    }

    /// Its radius in kilometres.
    #[must_use]
    pub fn radius_km(&self) -> f64 {
        self.radius_km
    }
}

impl fmt::Display for Polygon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (lat, lon)) in self.0.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            write!(f, "{space}{lat},{lon}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (lat, lon) = self.centre;
        write!(f, "{lat},{lon} {}", self.radius_km)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRIANGLE: [(f64, f64); 3] = [(51.9, 4.4), (51.9, 4.5), (52.0, 4.5)];

    #[test]
    fn an_open_ring_is_closed_and_a_closed_one_stays_as_it_is() {
        let open = Polygon::new(TRIANGLE).unwrap();
        assert_eq!(open.to_string(), "51.9,4.4 51.9,4.5 52,4.5 51.9,4.4");
        assert_eq!(Polygon::new(open.pairs().iter().copied()).unwrap(), open);
    }

    #[test]
    fn what_has_no_area_is_no_polygon() {
        assert_eq!(Polygon::new([]), Err(ShapeError::TooFewPairs { pairs: 0 }));
        assert_eq!(Polygon::new(TRIANGLE.into_iter().take(2)), Err(ShapeError::TooFewPairs { pairs: 3 }));
        // A corner that differs by a centimetre is the same corner once it is written.
        let thin = [(51.9, 4.4), (51.900_000_1, 4.4), (51.9, 4.5)];
        assert_eq!(Polygon::new(thin), Err(ShapeError::TooFewPairs { pairs: 3 }));
    }

    #[test]
    fn a_corner_off_the_earth_is_refused() {
        for bad in [(91.0, 0.0), (0.0, 180.1), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            let corners = TRIANGLE.into_iter().chain([bad]);
            assert!(matches!(Polygon::new(corners), Err(ShapeError::Place { .. })), "{bad:?}");
            assert!(matches!(Circle::new(bad, 1.0), Err(ShapeError::Place { .. })), "{bad:?}");
        }
    }

    #[test]
    fn an_edge_across_the_far_meridian_is_refused_rather_than_drawn_around_the_earth() {
        let taveuni = [(-16.8, 179.9), (-16.8, -179.9), (-16.9, 179.9)];
        assert_eq!(Polygon::new(taveuni), Err(ShapeError::AcrossMeridian180 { from: 179.9, to: -179.9 }));
    }

    #[test]
    fn coordinates_are_plain_decimals() {
        let tiny = Polygon::new([(1e-7, -1e-7), (0.000_012, 0.0), (0.0, 123.456_789_4)]).unwrap();
        assert_eq!(tiny.to_string(), "0,0 0.000012,0 0,123.456789 0,0");
    }

    #[test]
    fn a_circle_is_written_in_kilometres_and_never_shrinks() {
        let written = |radius_km| Circle::new((32.9525, -115.5527), radius_km).unwrap().to_string();
        assert_eq!(written(1.0), "32.9525,-115.5527 1");
        assert_eq!(written(0.07), "32.9525,-115.5527 0.07");
        assert_eq!(written(0.600_4), "32.9525,-115.5527 0.601");
    }

    #[test]
    fn a_circle_without_extent_or_beyond_the_earth_is_refused() {
        for radius_km in [0.0, -1.0, f64::NAN, f64::INFINITY, 20_005.0] {
            assert!(matches!(Circle::new((0.0, 0.0), radius_km), Err(ShapeError::Radius(_))), "{radius_km}");
        }
    }
}
