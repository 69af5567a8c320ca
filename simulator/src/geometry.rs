//! Places on the earth and the little geometry the simulator needs.
//!
//! Everything here works on a sphere of the mean earth radius; over the distances of a road network that differs from
//! the ellipsoid by less than half a percent, far below a receiver's noise. Nothing here is meant to judge anything:
//! what a zone means, and whether a fix lies in it, is for the server to say.

use serde::{Deserialize, Serialize};

/// Mean earth radius in metres (IUGG).
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// A WGS 84 position in degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Latitude, north positive.
    pub lat: f64,
    /// Longitude, east positive.
    pub lon: f64,
}

/// The plane that touches the earth at a place.
#[derive(Clone, Copy, Debug)]
pub struct Plane {
    origin: Place,
    east_m_per_deg: f64,
    north_m_per_deg: f64,
}

impl Place {
    /// Makes a place; the caller vouches for the ranges.
    #[must_use]
    pub const fn new(lat: f64, lon: f64) -> Self {
        Self { lat, lon }
    }

    /// Great-circle distance in metres (haversine).
    #[must_use]
    pub fn distance_m(self, other: Self) -> f64 {
        let half_lat = (other.lat - self.lat).to_radians() / 2.0;
        let half_lon = (other.lon - self.lon).to_radians() / 2.0;
        let chord = half_lat.sin().powi(2)
            + self.lat.to_radians().cos() * other.lat.to_radians().cos() * half_lon.sin().powi(2);
        2.0 * EARTH_RADIUS_M * chord.sqrt().min(1.0).asin()
    }

    /// Initial course towards `other`, degrees clockwise from north, 0 up to 360.
    #[must_use]
    pub fn heading_deg(self, other: Self) -> f64 {
        let [east_m, north_m] = self.offset_m(other);
        east_m.atan2(north_m).to_degrees().rem_euclid(360.0)
    }

    /// The place `east_m` and `north_m` metres away.
    #[must_use]
    pub fn moved(self, east_m: f64, north_m: f64) -> Self {
        let lat = self.lat + (north_m / EARTH_RADIUS_M).to_degrees();
        let lon = self.lon + (east_m / (EARTH_RADIUS_M * self.lat.to_radians().cos())).to_degrees();
        Self { lat, lon }
    }

    /// The place at `fraction` (0 to 1) of the way to `other`.
    #[must_use]
    pub fn between(self, other: Self, fraction: f64) -> Self {
        Self { lat: self.lat + (other.lat - self.lat) * fraction, lon: self.lon + (other.lon - self.lon) * fraction }
    }

    /// The plane that touches the earth here.
    #[must_use]
    pub fn plane(self) -> Plane {
        let north_m = EARTH_RADIUS_M * std::f64::consts::PI / 180.0;
        Plane { origin: self, east_m_per_deg: north_m * self.lat.to_radians().cos(), north_m_per_deg: north_m }
    }

    /// East and north of `other` as seen from here, in metres, on the local plane.
    #[must_use]
    pub fn offset_m(self, other: Self) -> [f64; 2] {
        let middle = f64::midpoint(self.lat, other.lat).to_radians();
        [
            (other.lon - self.lon).to_radians() * middle.cos() * EARTH_RADIUS_M,
            (other.lat - self.lat).to_radians() * EARTH_RADIUS_M,
        ]
    }
}

/// Length of a line in metres.
#[must_use]
pub fn length_m(line: &[Place]) -> f64 {
    pairs(line).map(|(a, b)| a.distance_m(b)).sum()
}

/// How far apart two courses are, in degrees, 0 to 180.
#[must_use]
pub fn turn_deg(from_deg: f64, to_deg: f64) -> f64 {
    let turn = (to_deg - from_deg).rem_euclid(360.0);
    turn.min(360.0 - turn)
}

/// Rounds the corners of a line by cutting them (Chaikin 1974), `rounds` times; the ends stay where they are.
#[must_use]
pub fn smooth(line: &[Place], rounds: usize) -> Vec<Place> {
    let mut line = line.to_vec();
    for _ in 0..rounds {
        let (Some(&first), Some(&last)) = (line.first(), line.last()) else { return line };
        let mut cut = vec![first];
        for (index, (a, b)) in pairs(&line).enumerate() {
            if index > 0 {
                cut.push(a.between(b, 0.25));
            }
            if index + 2 < line.len() {
                cut.push(a.between(b, 0.75));
            }
        }
        cut.push(last);
        line = cut;
    }
    line
}

/// The closed ring around a line, `half_width_m` to either side and beyond both ends.
///
/// For lines that bend little, such as the bore of a tunnel: a sharp bend would make the ring cross itself.
#[must_use]
pub fn ribbon(line: &[Place], half_width_m: f64) -> Vec<Place> {
    let mut left = Vec::new();
    let mut right = Vec::new();
    for (index, here) in line.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| line.get(index)).unwrap_or(here);
        let after = line.get(index + 1).unwrap_or(here);
        let course = before.heading_deg(*after).to_radians();
        let (east, north) = (course.sin() * half_width_m, course.cos() * half_width_m);
        let beyond = match index {
            0 => -1.0,
            _ if index + 1 == line.len() => 1.0,
            _ => 0.0,
        };
        let centre = here.moved(east * beyond, north * beyond);
        left.push(centre.moved(-north, east));
        right.push(centre.moved(north, -east));
    }
    right.reverse();
    left.extend(right);
    // Left side out, right side back runs clockwise; RFC 7946 §3.1.6 wants outer rings counter-clockwise.
    left.reverse();
    let first = left.first().copied();
    left.extend(first);
    left
}

/// Whether a point lies inside a closed ring (even-odd rule).
#[must_use]
pub fn inside(ring: &[Place], point: Place) -> bool {
    pairs(ring).fold(false, |within, (a, b)| {
        let spans = (a.lat > point.lat) != (b.lat > point.lat);
        let crossing_lon = a.lon + (point.lat - a.lat) / (b.lat - a.lat) * (b.lon - a.lon);
        within ^ (spans && point.lon < crossing_lon)
    })
}

/// Whether a line comes within `margin_m` metres of the area of a closed ring, or enters it.
#[must_use]
pub fn touches(line: &[Place], ring: &[Place], margin_m: f64) -> bool {
    line.iter().any(|point| inside(ring, *point))
        || pairs(line).any(|stretch| pairs(ring).any(|side| segment_distance_m(stretch, side) <= margin_m))
}

/// Neighbouring points, two by two.
pub fn pairs(line: &[Place]) -> impl Iterator<Item = (Place, Place)> {
    line.iter().copied().zip(line.iter().copied().skip(1))
}

/// Distance of a place from the segment between two others, in metres, on the plane that touches the earth at the place.
#[must_use]
pub fn plane_segment_m(place: Place, from: Place, to: Place) -> f64 {
    place.plane().segment_m(from, to)
}

impl Plane {
    /// East and north of `other` in metres. What is straight in degrees is straight here, and the short way round the
    /// earth is taken.
    #[must_use]
    pub fn offset_m(&self, other: Place) -> [f64; 2] {
        let mut east_deg = other.lon - self.origin.lon;
        if east_deg.abs() > 180.0 {
            east_deg -= 360.0 * (east_deg / 360.0).round();
        }
        [east_deg * self.east_m_per_deg, (other.lat - self.origin.lat) * self.north_m_per_deg]
    }

    /// Distance of the plane's origin from the segment between two places, in metres.
    #[must_use]
    pub fn segment_m(&self, from: Place, to: Place) -> f64 {
        point_distance_m([0.0, 0.0], self.offset_m(from), self.offset_m(to))
    }
}

/// Distance between two segments in metres, on the plane that touches the first one's start.
fn segment_distance_m(one: (Place, Place), other: (Place, Place)) -> f64 {
    let origin = one.0;
    let at = |place: Place| origin.offset_m(place);
    let (a, b, c, d) = (at(one.0), at(one.1), at(other.0), at(other.1));
    let side = |p: [f64; 2], q: [f64; 2], r: [f64; 2]| (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]);
    if side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0 {
        return 0.0;
    }
    [point_distance_m(a, c, d), point_distance_m(b, c, d), point_distance_m(c, a, b), point_distance_m(d, a, b)]
        .into_iter()
        .fold(f64::INFINITY, f64::min)
}

fn point_distance_m(p: [f64; 2], a: [f64; 2], b: [f64; 2]) -> f64 {
    let along = [b[0] - a[0], b[1] - a[1]];
    let length_squared = along[0].powi(2) + along[1].powi(2);
    let fraction = if length_squared == 0.0 {
        0.0
    } else {
        (((p[0] - a[0]) * along[0] + (p[1] - a[1]) * along[1]) / length_squared).clamp(0.0, 1.0)
    };
    ((p[0] - a[0] - fraction * along[0]).powi(2) + (p[1] - a[1] - fraction * along[1]).powi(2)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place = Place::new(51.8, 4.6);

    #[test]
    fn a_step_of_a_kilometre_is_a_kilometre_in_its_direction() {
        let there = HERE.moved(600.0, 800.0);
        assert!((HERE.distance_m(there) - 1000.0).abs() < 0.5, "{}", HERE.distance_m(there));
        assert!((HERE.heading_deg(there) - 36.87).abs() < 0.05, "{}", HERE.heading_deg(there));
        assert!((HERE.heading_deg(HERE.moved(-5.0, 0.0)) - 270.0).abs() < 0.01);
    }

    #[test]
    fn a_turn_is_measured_the_short_way_round() {
        assert!((turn_deg(350.0, 10.0) - 20.0).abs() < 1e-9);
        assert!((turn_deg(10.0, 350.0) - 20.0).abs() < 1e-9);
        assert!((turn_deg(0.0, 180.0) - 180.0).abs() < 1e-9);
    }

    #[test]
    fn smoothing_keeps_the_ends_and_halves_the_corner() {
        let corner = [HERE, HERE.moved(1000.0, 0.0), HERE.moved(1000.0, 1000.0)];
        let line = smooth(&corner, 2);
        assert_eq!(line.first(), Some(&HERE));
        assert_eq!(line.last(), corner.last());
        let sharpest = line
            .windows(3)
            .map(|three| turn_deg(three[0].heading_deg(three[1]), three[1].heading_deg(three[2])))
            .fold(0.0, f64::max);
        assert!(sharpest < 50.0, "{sharpest}");
    }

    #[test]
    fn the_ribbon_of_a_tunnel_is_closed_counter_clockwise_and_holds_the_bore() {
        let bore = [HERE, HERE.moved(400.0, 30.0), HERE.moved(800.0, 0.0)];
        let ring = ribbon(&bore, 30.0);
        assert_eq!(ring.first(), ring.last());
        let doubled_area: f64 = pairs(&ring).map(|(a, b)| a.lon * b.lat - b.lon * a.lat).sum();
        assert!(doubled_area > 0.0, "counter-clockwise as RFC 7946 wants it");
        assert!(bore.iter().all(|point| inside(&ring, *point)));
        assert!(!inside(&ring, HERE.moved(400.0, 80.0)));
    }

    #[test]
    fn a_line_touches_what_it_crosses_even_between_its_points() {
        let ring = ribbon(&[HERE, HERE.moved(0.0, 500.0)], 20.0);
        let across = [HERE.moved(-1000.0, 250.0), HERE.moved(1000.0, 250.0)];
        assert!(touches(&across, &ring, 0.0));
        let beside = [HERE.moved(60.0, 0.0), HERE.moved(60.0, 500.0)];
        assert!(!touches(&beside, &ring, 30.0));
        assert!(touches(&beside, &ring, 50.0));
    }
}
