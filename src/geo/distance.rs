//! How far, and how fast that would be.

use ::geo::{Coord, Destination, Distance, Geodesic, Point};
use chrono::TimeDelta;

use super::{LocalFrame, coord_of};
use crate::domain::Place;

/// Beyond so many degrees of either coordinate the quick distance is not quick.
const QUICK_DEGREES: f64 = 0.5;

/// Distance in metres on the WGS 84 ellipsoid (Karney 2013), right to nanometres. What is reported is measured by
/// this.
#[must_use]
pub fn geodesic_m(from: Place, to: Place) -> f64 {
    Geodesic.distance(Point::from(coord_of(from)), Point::from(coord_of(to)))
}

/// Distance in metres for the hot path: in a local projection at the middle latitude up to half a degree, geodesic
/// beyond.
///
/// Wrong by less than 0.01 % below 75° of latitude, by less than 0.1 % below 85°.
#[must_use]
pub fn quick_m(from: Place, to: Place) -> f64 {
    let lon_difference = (to.lon() - from.lon()).abs();
    let east_deg = lon_difference.min(360.0 - lon_difference);
    let north_deg = to.lat() - from.lat();
    if east_deg > QUICK_DEGREES || north_deg.abs() > QUICK_DEGREES || from.lat().abs() > 85.0 {
        return geodesic_m(from, to);
    }
    let frame = LocalFrame::at_coord(Coord { x: 0.0, y: from.lat() + north_deg / 2.0 });
    let (east_m, north_m) = (east_deg * frame.east_m_per_degree(), north_deg * frame.north_m_per_degree());
    (east_m * east_m + north_m * north_m).sqrt()
}

/// The place that lies `distance_m` metres from `from` in the direction `bearing_deg`, clockwise from north, on the WGS 84
/// ellipsoid (Karney 2013).
#[must_use]
pub fn destination(from: Place, bearing_deg: f64, distance_m: f64) -> Option<Place> {
    let to = Geodesic.destination(Point::from(coord_of(from)), bearing_deg, distance_m);
    Place::new(to.y(), to.x()).ok()
}

/// The speed in km/h that a vehicle would have needed. Infinite when it moved in no time or backwards in time; 0 when
/// it did not move.
#[must_use]
pub fn implied_speed_kmh(from: Place, to: Place, elapsed: TimeDelta) -> f64 {
    let metres = quick_m(from, to);
    let seconds = elapsed.as_seconds_f64();
    if metres == 0.0 {
        0.0
    } else if seconds > 0.0 {
        metres / seconds * 3.6
    } else {
        f64::INFINITY
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn place(lat: f64, lon: f64) -> Place {
        Place::new(lat, lon).unwrap()
    }

    #[test]
    fn the_geodesic_distance_is_that_of_the_reference_implementation() {
        // From New York JFK to London Heathrow, the example in the manual of GeographicLib's GeodSolve.
        let metres = geodesic_m(place(40.6, -73.8), place(51.6, -0.5));
        assert!((metres - 5_551_759.4).abs() < 0.1, "{metres}");
    }

    #[test]
    fn the_quick_distance_goes_the_short_way_over_the_antimeridian() {
        let (from, to) = (place(-17.0, 179.99), place(-17.0, -179.99));
        assert!((quick_m(from, to) - geodesic_m(from, to)).abs() < 0.1);
    }

    #[test]
    fn speed_is_distance_by_time() {
        let (from, to) = (place(51.0, 4.0), place(51.01, 4.0));
        let speed = implied_speed_kmh(from, to, TimeDelta::seconds(40));
        assert!((speed - 100.1).abs() < 0.1, "{speed}");
        assert_eq!(implied_speed_kmh(from, from, TimeDelta::zero()), 0.0);
        assert_eq!(implied_speed_kmh(from, to, TimeDelta::zero()), f64::INFINITY);
        assert_eq!(implied_speed_kmh(from, to, TimeDelta::seconds(-1)), f64::INFINITY);
    }

    proptest! {
        #[test]
        fn the_quick_distance_keeps_to_its_bound(
            lat in -84.0..84.0_f64, lon in -180.0..180.0_f64, north in -0.6..0.6_f64, east in -0.6..0.6_f64,
        ) {
            prop_assume!((-180.0..=180.0).contains(&(lon + east)));
            let (from, to) = (place(lat, lon), place(lat + north, lon + east));
            let (quick, exact) = (quick_m(from, to), geodesic_m(from, to));
            let bound = if lat.abs() < 74.0 { 1e-4 } else { 1e-3 };
            prop_assert!((quick - exact).abs() <= exact * bound, "{quick} for {exact}");
        }
    }
}
