//! Strips of ground around roads: the carriageways of one road, or the bores of one tunnel, as one corridor.

use std::collections::VecDeque;

use serde::Serialize;

use crate::{
    geometry::{Place, length_m, pairs},
    numbers::rounded,
};

/// How far apart two carriageways or bores of the same name may lie to be one, in metres. The bores of twin tunnels lie
/// a few lanes apart, separate ones seldom more than fifty metres.
const APART_M: f64 = 60.0;
/// Width of a lane in metres, where only the number of lanes is known.
const LANE_M: f64 = 3.5;
/// How far drawn lines may be off, in metres.
const DRAWING_M: f64 = 5.0;

/// A strip of ground around a line, as the API takes it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type")]
pub struct Corridor {
    /// The line in the middle, longitude and latitude in degrees.
    pub path: Vec<[f64; 2]>,
    /// Half the width, in metres.
    pub half_width_m: f64,
}

/// A line with the width of its road.
#[derive(Clone, Debug)]
pub(super) struct Strip {
    pub(super) line: Vec<Place>,
    /// Half the width of the carriageway, in metres.
    pub(super) half_width_m: f64,
    /// The lowest number of its ways in OpenStreetMap.
    pub(super) way: i64,
}

impl Strip {
    /// A strip for so many lanes, two where nobody says.
    pub(super) fn new(line: Vec<Place>, lanes: Option<u8>, way: i64) -> Self {
        let half_width_m = f64::from(lanes.unwrap_or(2).max(1)) * LANE_M / 2.0 + DRAWING_M;
        Self { line, half_width_m, way }
    }

    /// The strip as the API takes it.
    pub(super) fn corridor(&self) -> Corridor {
        // Seven decimals are a centimetre, as in the map.
        let path = self.line.iter().map(|place| [rounded(place.lon, 7), rounded(place.lat, 7)]).collect();
        Corridor { path, half_width_m: (self.half_width_m * 10.0).ceil() / 10.0 }
    }

    /// The strip without its ends. A road that is closed begins at the edge of the one that it leaves, not in its middle,
    /// so what only passes by must not be inside. A short strip keeps its middle half.
    pub(super) fn without_ends(&self) -> Self {
        let long_m = length_m(&self.line);
        let end_m = (self.half_width_m + 10.0).min(long_m / 4.0);
        Self { line: cut(&self.line, end_m, long_m - end_m), ..self.clone() }
    }
}

/// Makes one strip of those that run side by side, the longest leading: its line is moved to the middle of all.
pub(super) fn side_by_side(strips: Vec<Strip>) -> Vec<Strip> {
    let mut measured: Vec<(f64, Strip)> = strips.into_iter().map(|strip| (length_m(&strip.line), strip)).collect();
    measured.sort_by(|(long_m, one), (other_m, other)| other_m.total_cmp(long_m).then(one.way.cmp(&other.way)));
    let mut waiting = VecDeque::from(measured);
    let mut joined: Vec<Strip> = Vec::new();
    while let Some((long_m, leading)) = waiting.pop_front() {
        let start = leading.line.first().copied();
        // No place of the leading line is farther from its start than it is long.
        let within_reach = |place: &Place| start.is_some_and(|start| start.distance_m(*place) <= long_m + APART_M);
        let is_beside = |strip: &Strip| {
            strip.line.iter().all(within_reach)
                && strip.line.iter().all(|place| distance_m(&leading.line, *place) <= APART_M)
        };
        let (beside, elsewhere) = waiting.into_iter().partition::<VecDeque<_>, _>(|(_, strip)| is_beside(strip));
        joined.push(around(leading, beside.into_iter().map(|(_, strip)| strip).collect()));
        waiting = elsewhere;
    }
    joined
}

/// Whether two strips come near each other, as bores do that join under the ground.
pub(super) fn are_near(one: &Strip, other: &Strip) -> bool {
    one.line.iter().any(|place| distance_m(&other.line, *place) <= APART_M)
        || other.line.iter().any(|place| distance_m(&one.line, *place) <= APART_M)
}

fn around(leading: Strip, beside: Vec<Strip>) -> Strip {
    let places = beside.iter().flat_map(|strip| &strip.line);
    let sides_m: Vec<f64> = places.map(|place| side_m(&leading.line, *place)).collect();
    let left_m = sides_m.iter().copied().fold(0.0, f64::min);
    let right_m = sides_m.iter().copied().fold(0.0, f64::max);
    let line = shifted(&leading.line, f64::midpoint(left_m, right_m));
    let widest_m = beside.iter().fold(leading.half_width_m, |widest, strip| widest.max(strip.half_width_m));
    let way = beside.iter().fold(leading.way, |lowest, strip| lowest.min(strip.way));
    // In a bend the moved line is not quite in the middle: what counts is that everything is inside.
    let all = leading.line.iter().chain(beside.iter().flat_map(|strip| &strip.line));
    let farthest_m = all.map(|place| distance_m(&line, *place)).fold(0.0, f64::max);
    Strip { line, half_width_m: farthest_m + widest_m, way }
}

/// The line moved sideways by so many metres to the right.
fn shifted(line: &[Place], right_m: f64) -> Vec<Place> {
    let neighbour = |index: Option<usize>| index.and_then(|index| line.get(index));
    line.iter()
        .enumerate()
        .map(|(index, here)| {
            let before = neighbour(index.checked_sub(1)).unwrap_or(here);
            let after = neighbour(Some(index + 1)).unwrap_or(here);
            let course = before.heading_deg(*after).to_radians();
            here.moved(course.cos() * right_m, -course.sin() * right_m)
        })
        .collect()
}

/// Distance of a place from a line, in metres.
fn distance_m(line: &[Place], place: Place) -> f64 {
    side_m(line, place).abs()
}

/// Distance of a place from a line in metres, negative where the place lies to the left of it.
fn side_m(line: &[Place], place: Place) -> f64 {
    let sides = pairs(line).map(|ends| side_of_piece_m(ends, place));
    sides.min_by(|one, other| one.abs().total_cmp(&other.abs())).unwrap_or(f64::INFINITY)
}

/// The same for one straight piece of a line.
pub(super) fn side_of_piece_m((start, end): (Place, Place), place: Place) -> f64 {
    let [along_east, along_north] = start.offset_m(end);
    let [east, north] = start.offset_m(place);
    let squared = along_east.powi(2) + along_north.powi(2);
    let fraction = if squared > 0.0 { (east * along_east + north * along_north) / squared } else { 0.0 };
    let fraction = fraction.clamp(0.0, 1.0);
    let away_m = (east - fraction * along_east).hypot(north - fraction * along_north);
    let is_left = along_east * north - along_north * east > 0.0;
    if is_left { -away_m } else { away_m }
}

/// The part of a line between two distances along it, in metres.
fn cut(line: &[Place], from_m: f64, to_m: f64) -> Vec<Place> {
    let mut part = Vec::new();
    let mut along_m = 0.0;
    for (start, end) in pairs(line) {
        let next_m = along_m + start.distance_m(end);
        let at = |wanted_m: f64| start.between(end, (wanted_m - along_m) / (next_m - along_m));
        if next_m > from_m && along_m < to_m {
            if part.is_empty() {
                part.push(if along_m < from_m { at(from_m) } else { start });
            }
            part.push(if next_m > to_m { at(to_m) } else { end });
        }
        along_m = next_m;
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    const PORTAL: Place = Place::new(51.88, 4.38);

    /// A line that bends a little, `right_m` metres to the right of the first.
    fn bore(right_m: f64) -> Vec<Place> {
        (0..=8).map(|step| f64::from(step) * 100.0).map(|m| PORTAL.moved(m, m * m / 4000.0 - right_m)).collect()
    }

    fn strip(line: Vec<Place>, way: i64) -> Strip {
        Strip::new(line, Some(2), way)
    }

    #[test]
    fn sides_are_told_apart() {
        assert!((side_m(&bore(0.0), PORTAL.moved(0.0, -20.0)) - 20.0).abs() < 0.5);
        assert!((side_m(&bore(0.0), PORTAL.moved(0.0, 20.0)) + 20.0).abs() < 0.5);
        assert_eq!(side_m(&[], PORTAL), f64::INFINITY);
    }

    #[test]
    fn two_bores_become_one_corridor_around_their_middle() {
        let mut back = bore(30.0);
        back.reverse();
        let [both] = side_by_side(vec![strip(bore(0.0), 5), strip(back.clone(), 3)]).try_into().unwrap();
        assert_eq!(both.way, 3);
        assert!((22.0..30.0).contains(&both.half_width_m), "{}", both.half_width_m);
        for place in bore(0.0).iter().chain(&back) {
            let away_m = distance_m(&both.line, *place);
            assert!((12.0..17.5).contains(&away_m), "{away_m}");
        }
    }

    #[test]
    fn bores_that_lie_apart_stay_apart() {
        let apart = side_by_side(vec![strip(bore(0.0), 1), strip(bore(200.0), 2)]);
        assert_eq!(apart.len(), 2);
        assert!(!are_near(&apart[0], &apart[1]));
        let first = apart.iter().find(|strip| strip.way == 1).unwrap();
        assert!(are_near(first, &strip(bore(30.0), 3)));
    }

    #[test]
    fn a_strip_without_its_ends_is_shorter_and_in_place() {
        let whole = strip(bore(0.0), 1);
        let inner = whole.without_ends();
        let shorter_m = length_m(&whole.line) - length_m(&inner.line);
        assert!((shorter_m - 2.0 * 18.5).abs() < 0.1, "{shorter_m}");
        assert!(inner.line.iter().all(|place| distance_m(&whole.line, *place) < 0.1));
        let short = strip(vec![PORTAL, PORTAL.moved(20.0, 0.0)], 1).without_ends();
        assert!((length_m(&short.line) - 10.0).abs() < 0.01);
    }
}
