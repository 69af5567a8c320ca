//! The corridor along a path as polygons around it.
//!
//! Each leg of the path gets a rectangle, each turn a pie on its outer side, each end half a disc, measured on the
//! ellipsoid. On a plane around the middle of the path they are joined; what comes out is brought back to degrees.
//! Where legs are long against the width and the turn is slight, two rectangles share a mitred side instead, so that a
//! smooth path gets a smooth border.

use ::geo::{
    Area, Bearing, Coord, Destination, Distance, Geodesic, LineString, MultiPolygon, Point, Polygon,
    algorithm::bool_ops::unary_union,
};

use super::{
    MOST_CORRIDOR_KM,
    plane::{Plane, RADIUS_M},
};
use crate::{
    domain::Place,
    geo::{
        AreaError, AreaFault, PreparedArea, Side, coord_of,
        fold::{Pole, RunningRing, fold},
        validate::{check_corner_count, check_topology, corner_count},
    },
};

/// Greatest angle of a part of a round turn, in degrees. The corners between are 1 / cos 3.75° = 1.0021 half widths
/// from the path.
const TURN_STEP: f64 = 7.5;
/// What is straight in degrees may stray from what it stands for by this share of the half width …
const TOLERANCE: f64 = 0.000_3;
/// … or by so many metres.
const LEAST_TOLERANCE_M: f64 = 0.01;
/// So few parts cannot cross each other too often.
const FEW_PARTS: usize = 512;
/// Positions so near to each other are one, in metres.
const SAME_PLACE_M: f64 = 0.001;
/// Holes and islands smaller than this are left by rounding, in square metres.
const SMALLEST_M2: f64 = 0.01;
/// Where round and straight sides run along each other, rounding may make rings touch. Then what is round is made wider
/// by this share, so that it crosses the straight sides at an angle …
const WIDENED: f64 = 1.000_5;
/// … and sides are brought to degrees with so much more care.
const FINER: f64 = 0.1;
const MOST_ATTEMPTS: i32 = 4;

/// The area: all places within the half width of the path, and none that is more than half a percent and a few
/// centimetres farther.
pub(super) fn area(path: &[Place], half_width_m: f64) -> Result<MultiPolygon<f64>, AreaError> {
    let tolerance_m = (half_width_m * TOLERANCE).max(LEAST_TOLERANCE_M);
    let positions: Vec<Coord<f64>> = path.iter().copied().map(coord_of).collect();
    let too_long = || AreaError::of_whole(AreaFault::TooLong);
    if length_km(&positions) > MOST_CORRIDOR_KM {
        return Err(too_long());
    }
    let plane = Plane::around(&positions).ok_or_else(too_long)?;
    let samples = sampled(plane, &positions, tolerance_m);
    check_corner_count(samples.len())?;
    let legs = legs(&samples);
    let mut attempt = 0;
    loop {
        let reach_m = half_width_m + 2.0 * tolerance_m;
        let maker = Maker { plane, reach_m, round_m: reach_m * WIDENED.powi(attempt) };
        let area = to_degrees(plane, &joined(&maker.parts(&legs))?, tolerance_m * FINER.powi(attempt));
        attempt += 1;
        let touches = |error: &AreaError| !matches!(error.fault, AreaFault::TooManyCorners(_) | AreaFault::TooLong);
        if attempt == MOST_ATTEMPTS || !area.as_ref().is_err_and(touches) {
            return area;
        }
    }
}

fn length_km(path: &[Coord<f64>]) -> f64 {
    let edges = path.iter().zip(path.iter().skip(1));
    edges.map(|(from, to)| Geodesic.distance(Point::from(*from), Point::from(*to))).sum::<f64>() / 1000.0
}

/// The path with positions so near to each other that it is as good as straight between them.
fn sampled(plane: Plane, path: &[Coord<f64>], tolerance_m: f64) -> Vec<Coord<f64>> {
    let mut samples: Vec<Coord<f64>> = path.first().copied().into_iter().collect();
    for (from, to) in path.iter().zip(path.iter().skip(1)) {
        samples.extend(plane.samples(*from, *to, tolerance_m));
    }
    samples
}

/// A straight part of the path.
#[derive(Clone, Copy, Debug)]
struct Leg {
    from: Coord<f64>,
    to: Coord<f64>,
    length_m: f64,
    /// Courses at its start and at its end, in degrees.
    leaves: f64,
    arrives: f64,
}

fn legs(samples: &[Coord<f64>]) -> Vec<Leg> {
    let mut legs: Vec<Leg> = Vec::with_capacity(samples.len());
    let mut from: Option<Coord<f64>> = None;
    for to in samples.iter().copied() {
        let Some(start) = from else {
            from = Some(to);
            continue;
        };
        let (one, other) = (Point::from(start), Point::from(to));
        let length_m = Geodesic.distance(one, other);
        if length_m > SAME_PLACE_M {
            let (leaves, back) = (Geodesic.bearing(one, other), Geodesic.bearing(other, one));
            legs.push(Leg { from: start, to, length_m, leaves, arrives: back + 180.0 });
            from = Some(to);
        }
    }
    legs
}

/// How the path turns between two legs: to the right in degrees, -180 to 180.
fn turn(before: &Leg, after: &Leg) -> f64 {
    (after.leaves - before.arrives + 180.0).rem_euclid(360.0) - 180.0
}

/// Half the turn between two legs, if their rectangles may share a mitred side.
fn mitre(before: &Leg, after: &Leg, reach_m: f64) -> Option<f64> {
    let angle = turn(before, after);
    let inset_m = reach_m * (angle.abs() / 2.0).to_radians().tan();
    let is_slight = angle.abs() <= TURN_STEP && inset_m < 0.4 * before.length_m.min(after.length_m);
    is_slight.then_some(angle / 2.0)
}

/// Makes the parts on the plane, all of them turning left.
struct Maker {
    plane: Plane,
    reach_m: f64,
    /// The same for what is round.
    round_m: f64,
}

impl Maker {
    fn corner(&self, at: Coord<f64>, azimuth: f64, metres: f64) -> Coord<f64> {
        self.plane.to_plane(Geodesic.destination(Point::from(at), azimuth, metres).0)
    }

    /// The round side of a pie around a place, from one azimuth over so many degrees to its left.
    fn arc(&self, at: Coord<f64>, first: f64, angle: f64) -> Vec<Coord<f64>> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 180° in steps of 7.5°")]
        let count = (angle / TURN_STEP).ceil().max(1.0) as u32;
        let step = angle / f64::from(count);
        let outer_m = self.round_m / (step / 2.0).to_radians().cos();
        let between = (0..count).map(|number| self.corner(at, first - (f64::from(number) + 0.5) * step, outer_m));
        let start = std::iter::once(self.corner(at, first, self.round_m));
        start.chain(between).chain([self.corner(at, first - angle, self.round_m)]).collect()
    }

    /// A point on the leg near its start and one near its end. Pies have their tips there, so that they overlap the
    /// rectangles: sides that only meet might leave a slit.
    fn tips(&self, leg: &Leg) -> [Coord<f64>; 2] {
        let inset_m = leg.length_m.min(self.reach_m) / 2.0;
        [self.corner(leg.from, leg.leaves, inset_m), self.corner(leg.to, leg.arrives + 180.0, inset_m)]
    }

    fn start(&self, leg: &Leg) -> Polygon<f64> {
        let [tip, _] = self.tips(leg);
        polygon(self.arc(leg.from, leg.leaves - 90.0, 180.0).into_iter().chain([tip]))
    }

    fn end(&self, leg: &Leg) -> Polygon<f64> {
        let [_, tip] = self.tips(leg);
        polygon(self.arc(leg.to, leg.arrives + 90.0, 180.0).into_iter().chain([tip]))
    }

    /// What is on the outer side of the turn between two legs.
    fn outside_of_turn(&self, before: &Leg, after: &Leg) -> Option<Polygon<f64>> {
        let ([_, came], [goes, _]) = (self.tips(before), self.tips(after));
        match turn(before, after) {
            _ if mitre(before, after, self.reach_m).is_some() => None,
            left if left < 0.0 => {
                let arc = self.arc(before.to, before.arrives + 90.0, -left);
                Some(polygon(arc.into_iter().chain([goes, came])))
            }
            right => {
                let arc = self.arc(before.to, before.arrives - 90.0 + right, right);
                Some(polygon(arc.into_iter().chain([came, goes])))
            }
        }
    }

    /// The corners at the two sides of the path, right and left, between two legs that share a mitred side.
    fn mitred(&self, before: &Leg, half_turn: f64) -> [Coord<f64>; 2] {
        let (course, side_m) = (before.arrives + half_turn, self.reach_m / half_turn.to_radians().cos());
        [90.0, -90.0].map(|side| self.corner(before.to, course + side, side_m))
    }

    /// The rectangle around a leg, its short sides mitred where that is possible.
    fn rectangle(&self, before: Option<&Leg>, leg: &Leg, after: Option<&Leg>) -> Polygon<f64> {
        let square =
            |at: Coord<f64>, course: f64| [90.0, -90.0].map(|side| self.corner(at, course + side, self.reach_m));
        let start = before.and_then(|before| Some(self.mitred(before, mitre(before, leg, self.reach_m)?)));
        let end = after.and_then(|after| Some(self.mitred(leg, mitre(leg, after, self.reach_m)?)));
        let [start_right, start_left] = start.unwrap_or_else(|| square(leg.from, leg.leaves));
        let [end_right, end_left] = end.unwrap_or_else(|| square(leg.to, leg.arrives));
        polygon([start_right, end_right, end_left, start_left].into_iter())
    }

    fn parts(&self, legs: &[Leg]) -> Vec<Polygon<f64>> {
        let mut parts = Vec::with_capacity(legs.len() * 2 + 2);
        parts.extend(legs.first().map(|leg| self.start(leg)));
        for (number, leg) in legs.iter().enumerate() {
            let before = number.checked_sub(1).and_then(|number| legs.get(number));
            parts.extend(before.and_then(|before| self.outside_of_turn(before, leg)));
            parts.push(self.rectangle(before, leg, legs.get(number + 1)));
        }
        parts.extend(legs.last().map(|leg| self.end(leg)));
        parts
    }
}

fn polygon(corners: impl Iterator<Item = Coord<f64>>) -> Polygon<f64> {
    Polygon::new(corners.collect(), Vec::new())
}

/// The union of the parts. All at once, so that what has a side in common is rounded alike.
fn joined(parts: &[Polygon<f64>]) -> Result<MultiPolygon<f64>, AreaError> {
    if parts.len() > FEW_PARTS {
        check_scribble(parts)?;
    }
    Ok(unary_union(parts))
}

/// Refuses a path that crosses itself over and over, while looking at little of it: half of the parts, and half of
/// those, and so on, have too many corners already.
fn check_scribble(parts: &[Polygon<f64>]) -> Result<MultiPolygon<f64>, AreaError> {
    if parts.len() <= FEW_PARTS / 8 {
        return Ok(unary_union(parts));
    }
    let (first, second) = parts.split_at(parts.len() / 2);
    let area = unary_union(&[check_scribble(first)?, check_scribble(second)?]);
    check_corner_count(corner_count(&area))?;
    Ok(area)
}

/// The area on the plane as one in degrees.
fn to_degrees(plane: Plane, area: &MultiPolygon<f64>, tolerance_m: f64) -> Result<MultiPolygon<f64>, AreaError> {
    let mut polygons = Vec::new();
    for polygon in area.iter().filter(|polygon| is_of_size(polygon.exterior())) {
        let prepared = PreparedArea::new(&polygon.clone().into());
        let holds = |lat: f64| {
            let pole = Coord { x: 0.0, y: lat };
            plane.reaches(pole) && prepared.locate_coord(plane.to_plane(pole)) == Side::Inside
        };
        if holds(90.0) && holds(-90.0) {
            return Err(AreaError::of_whole(AreaFault::TooLong));
        }
        let in_degrees =
            |ring: &LineString<f64>| RunningRing::the_short_way(&plane.ring_to_degrees(&ring.0, tolerance_m));
        let exterior = in_degrees(polygon.exterior());
        let holes = polygon.interiors().iter().filter(|hole| is_of_size(hole));
        let holes = holes.map(|hole| in_degrees(hole).beside(&exterior)).collect();
        polygons.extend(fold(exterior, holes, if plane.is_southern() { Pole::South } else { Pole::North }));
    }
    let area = MultiPolygon::new(polygons);
    check_corner_count(corner_count(&area))?;
    check_topology(&area)?;
    Ok(area)
}

fn is_of_size(ring: &LineString<f64>) -> bool {
    Polygon::new(ring.clone(), Vec::new()).unsigned_area() * RADIUS_M * RADIUS_M > SMALLEST_M2
}
