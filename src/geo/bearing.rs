//! Directions, in degrees clockwise from north.

use ::geo::{Bearing, Geodesic, Point};

use super::coord_of;
use crate::domain::Place;

/// The direction in which the shortest way from one place to another sets out, 0 to 360, on the WGS 84 ellipsoid (Karney
/// 2013). Of a place to itself it means nothing.
#[must_use]
pub fn bearing_deg(from: Place, to: Place) -> f64 {
    normal_deg(Geodesic.bearing(Point::from(coord_of(from)), Point::from(coord_of(to))))
}

/// A direction as one from 0 to less than 360.
#[must_use]
pub fn normal_deg(bearing_deg: f64) -> f64 {
    let normal = bearing_deg.rem_euclid(360.0);
    // A hair below 0 is rounded to 360 itself.
    if normal < 360.0 { normal } else { 0.0 }
}

/// The angle between two directions, 0 to 180.
#[must_use]
pub fn turn_deg(one_deg: f64, other_deg: f64) -> f64 {
    let turn = normal_deg(one_deg - other_deg);
    turn.min(360.0 - turn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bearing_is_clockwise_from_north() {
        let bearing = |(lat, lon): (f64, f64)| {
            bearing_deg(Place::new(51.0, 4.0).unwrap(), Place::new(51.0 + lat, 4.0 + lon).unwrap())
        };
        assert_eq!((bearing((0.1, 0.0)), bearing((-0.1, 0.0))), (0.0, 180.0));
        assert!((bearing((0.0, 0.001)) - 90.0).abs() < 0.01);
        assert!((bearing((0.0, -0.001)) - 270.0).abs() < 0.01);
        // From New York JFK to London Heathrow, the example in the manual of GeographicLib's GeodSolve.
        let heathrow = bearing_deg(Place::new(40.6, -73.8).unwrap(), Place::new(51.6, -0.5).unwrap());
        assert!((heathrow - 51.198_882_845_579_824).abs() < 1e-6, "{heathrow}");
    }

    #[test]
    fn a_turn_goes_the_short_way() {
        assert_eq!((turn_deg(350.0, 10.0), turn_deg(10.0, 350.0), turn_deg(0.0, 180.0)), (20.0, 20.0, 180.0));
        assert_eq!((normal_deg(-1e-20), normal_deg(360.0), normal_deg(-90.0)), (0.0, 0.0, 270.0));
    }
}
