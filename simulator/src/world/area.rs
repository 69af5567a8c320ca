//! Areas as they truly lie, and how deep inside or far outside a place is.
//!
//! Written for judging the server, so it shares nothing with it: depth is measured on the plane that touches the earth at
//! the place in question, on a sphere. Near a boundary, where it matters, that is right to a few parts in a thousand.

use serde_json::{Value, json};

use crate::geometry::{Place, pairs};

/// What an area looks like.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Polygons, each a list of closed rings: the outline, then holes. East of the antimeridian, longitudes go on
    /// beyond 180°, so that neighbouring points never jump.
    Polygons(Vec<Vec<Vec<Place>>>),
    /// All within a distance of a place.
    Circle {
        /// The middle.
        center: Place,
        /// Radius in metres.
        radius_m: f64,
    },
    /// All within a distance of a line.
    Corridor {
        /// The line.
        path: Vec<Place>,
        /// Half the width in metres.
        half_width_m: f64,
    },
}

/// An area on the earth.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    shape: Shape,
    /// All of it lies within `reach_m` of here.
    middle: Place,
    reach_m: f64,
}

impl Area {
    /// An area of this shape.
    #[must_use]
    pub fn new(shape: Shape) -> Self {
        let (points, beyond_m): (Vec<Place>, f64) = match &shape {
            Shape::Polygons(polygons) => (polygons.iter().flatten().flatten().copied().collect(), 0.0),
            Shape::Circle { center, radius_m } => (vec![*center], *radius_m),
            Shape::Corridor { path, half_width_m } => (path.clone(), *half_width_m),
        };
        let count = points.len().max(1) as f64;
        let mean = |of: fn(&Place) -> f64| points.iter().map(of).sum::<f64>() / count;
        let middle = Place::new(mean(|place| place.lat), mean(|place| place.lon));
        let farthest_m = points.iter().map(|place| middle.distance_m(*place)).fold(0.0, f64::max);
        Self { shape, middle, reach_m: farthest_m * 1.01 + beyond_m + 1.0 }
    }

    /// The polygon with this outline, which may be open; it is closed.
    #[must_use]
    pub fn polygon(ring: &[Place]) -> Self {
        Self::new(Shape::Polygons(vec![vec![closed(ring)]]))
    }

    /// A polygon with holes.
    #[must_use]
    pub fn with_holes(outline: &[Place], holes: &[Vec<Place>]) -> Self {
        let rings = std::iter::once(closed(outline)).chain(holes.iter().map(|hole| closed(hole))).collect();
        Self::new(Shape::Polygons(vec![rings]))
    }

    /// A rectangle by its sides, in metres east and north of `origin`.
    #[must_use]
    pub fn rectangle(origin: Place, east_m: (f64, f64), north_m: (f64, f64)) -> Self {
        let corner = |east_m, north_m| origin.moved(east_m, north_m);
        Self::polygon(&[
            corner(east_m.0, north_m.0),
            corner(east_m.1, north_m.0),
            corner(east_m.1, north_m.1),
            corner(east_m.0, north_m.1),
        ])
    }

    /// A circle.
    #[must_use]
    pub fn circle(center: Place, radius_m: f64) -> Self {
        Self::new(Shape::Circle { center, radius_m })
    }

    /// A corridor along a line.
    #[must_use]
    pub fn corridor(path: Vec<Place>, half_width_m: f64) -> Self {
        Self::new(Shape::Corridor { path, half_width_m })
    }

    /// Its shape.
    #[must_use]
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// A distance in metres that a place is certainly away from the area; 0 when it may be near.
    #[must_use]
    pub fn at_least_away_m(&self, place: Place) -> f64 {
        (self.middle.distance_m(place) * 0.99 - self.reach_m).max(0.0)
    }

    /// How deep inside a place lies, in metres; negative outside, by the distance to the area.
    #[must_use]
    pub fn depth_m(&self, place: Place) -> f64 {
        match &self.shape {
            Shape::Circle { center, radius_m } => radius_m - center.distance_m(place),
            Shape::Corridor { path, half_width_m } => half_width_m - line_distance_m(path, place),
            Shape::Polygons(polygons) => {
                polygons.iter().map(|rings| polygon_depth_m(rings, place)).fold(f64::NEG_INFINITY, f64::max)
            }
        }
    }

    /// The area as the API takes it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match &self.shape {
            Shape::Circle { center, radius_m } => {
                json!({ "type": "Circle", "center": position(*center), "radius_m": radius_m })
            }
            Shape::Corridor { path, half_width_m } => {
                json!({ "type": "Corridor", "path": positions(path), "half_width_m": half_width_m })
            }
            Shape::Polygons(polygons) => {
                let mut parts: Vec<Vec<Vec<[f64; 2]>>> = polygons.iter().flat_map(|rings| cut_in_two(rings)).collect();
                if parts.len() == 1 {
                    json!({ "type": "Polygon", "coordinates": parts.pop() })
                } else {
                    json!({ "type": "MultiPolygon", "coordinates": parts })
                }
            }
        }
    }
}

/// Distance of a place from a line in metres; infinite where there is no line.
#[must_use]
pub fn line_distance_m(line: &[Place], place: Place) -> f64 {
    let plane = place.plane();
    pairs(line).map(|(a, b)| plane.segment_m(a, b)).fold(f64::INFINITY, f64::min)
}

fn polygon_depth_m(rings: &[Vec<Place>], place: Place) -> f64 {
    let plane = place.plane();
    let mut inside = false;
    let mut nearest_m = f64::INFINITY;
    for (a, b) in rings.iter().flat_map(|ring| pairs(ring)) {
        let ([ax, ay], [bx, by]) = (plane.offset_m(a), plane.offset_m(b));
        // Even-odd rule: a ray to the east crosses this side.
        if (ay > 0.0) != (by > 0.0) && ax - ay * (bx - ax) / (by - ay) > 0.0 {
            inside = !inside;
        }
        nearest_m = nearest_m.min(plane.segment_m(a, b));
    }
    if inside { nearest_m } else { -nearest_m }
}

fn closed(ring: &[Place]) -> Vec<Place> {
    let mut ring = ring.to_vec();
    if ring.first() != ring.last() {
        ring.extend(ring.first().copied());
    }
    ring
}

fn position(place: Place) -> [f64; 2] {
    [place.lon, place.lat]
}

fn positions(line: &[Place]) -> Vec<[f64; 2]> {
    line.iter().copied().map(position).collect()
}

/// The polygon in the form of RFC 7946: cut in two where it crosses the antimeridian (§3.1.9). Only outlines without
/// holes cross it here.
fn cut_in_two(rings: &[Vec<Place>]) -> Vec<Vec<Vec<[f64; 2]>>> {
    let beyond = rings.iter().flatten().any(|place| place.lon > 180.0);
    if !beyond {
        return vec![rings.iter().map(|ring| positions(ring)).collect()];
    }
    let outline = rings.first().map_or(&[][..], Vec::as_slice);
    let west_of_it = clip(outline, 1.0);
    let mut east_of_it = clip(outline, -1.0);
    for place in &mut east_of_it {
        place.lon -= 360.0;
    }
    [west_of_it, east_of_it].iter().filter(|ring| ring.len() > 3).map(|ring| vec![positions(ring)]).collect()
}

/// The part of a convex ring on one side of the antimeridian (Sutherland and Hodgman 1974): `side` 1 keeps what is west
/// of it, -1 what is east.
fn clip(ring: &[Place], side: f64) -> Vec<Place> {
    let within = |place: Place| side * (180.0 - place.lon) >= 0.0;
    let mut kept = Vec::new();
    for (a, b) in pairs(ring) {
        if within(a) {
            kept.push(a);
        }
        if within(a) != within(b) {
            let mut crossing = a.between(b, (180.0 - a.lon) / (b.lon - a.lon));
            crossing.lon = 180.0;
            kept.push(crossing);
        }
    }
    closed(&kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place = Place::new(51.8, 4.6);

    #[test]
    fn depth_is_the_distance_to_the_nearest_side_and_negative_outside() {
        let square = Area::rectangle(HERE, (0.0, 1000.0), (0.0, 1000.0));
        let depth_m = |east_m, north_m| square.depth_m(HERE.moved(east_m, north_m));
        assert!((depth_m(500.0, 300.0) - 300.0).abs() < 1.0, "{}", depth_m(500.0, 300.0));
        assert!((depth_m(-40.0, 500.0) + 40.0).abs() < 0.5, "{}", depth_m(-40.0, 500.0));
        assert!((depth_m(1030.0, 1040.0) + 50.0).abs() < 0.5, "{}", depth_m(1030.0, 1040.0));
    }

    #[test]
    fn a_hole_is_outside() {
        let ring = |half_m: f64| {
            [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
                .map(|(e, n)| HERE.moved(e * half_m, n * half_m))
                .to_vec()
        };
        let area = Area::with_holes(&ring(500.0), &[ring(100.0)]);
        assert!(area.depth_m(HERE) < -95.0);
        assert!((area.depth_m(HERE.moved(300.0, 0.0)) - 200.0).abs() < 1.0);
    }

    #[test]
    fn circles_and_corridors_are_measured_from_their_middle() {
        assert!((Area::circle(HERE, 500.0).depth_m(HERE.moved(300.0, 0.0)) - 200.0).abs() < 0.5);
        let corridor = Area::corridor(vec![HERE, HERE.moved(1000.0, 0.0)], 50.0);
        assert!((corridor.depth_m(HERE.moved(400.0, 20.0)) - 30.0).abs() < 0.5);
        assert!((corridor.depth_m(HERE.moved(1030.0, 40.0))).abs() < 0.5);
    }

    #[test]
    fn what_is_certainly_away_never_exceeds_the_distance() {
        let square = Area::rectangle(HERE, (0.0, 1000.0), (0.0, 400.0));
        for (east_m, north_m) in [(1500.0, 100.0), (9000.0, 4000.0), (-20_000.0, 0.0), (500.0, 200.0)] {
            let place = HERE.moved(east_m, north_m);
            assert!(square.at_least_away_m(place) <= (-square.depth_m(place)).max(0.0) + 1e-9, "{east_m} {north_m}");
        }
        assert!(square.at_least_away_m(HERE.moved(-20_000.0, 0.0)) > 18_000.0);
    }

    #[test]
    fn an_area_across_the_antimeridian_is_one_in_truth_and_two_polygons_in_geojson() {
        let taveuni = Place::new(-16.8, 179.99);
        let area = Area::rectangle(taveuni, (0.0, 4000.0), (0.0, 4000.0));
        assert!(area.depth_m(Place::new(-16.79, -179.995)) > 500.0);
        assert!(area.depth_m(Place::new(-16.79, 179.995)) > 400.0);
        let told = area.to_json();
        assert_eq!(told["type"], "MultiPolygon");
        let parts = told["coordinates"].as_array().unwrap();
        assert_eq!(parts.len(), 2);
        for part in parts {
            let ring = part[0].as_array().unwrap();
            assert_eq!(ring.first(), ring.last());
            assert!(ring.iter().all(|at| at[0].as_f64().unwrap().abs() <= 180.0));
        }
    }
}
