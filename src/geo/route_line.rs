//! A route's path, prepared for many questions: how far from it a vehicle is, how far along, which way on.
//!
//! A path may cross itself, and come back along the road that it went out on; then a place has several nearest points.
//! Which of them is meant is told by where the vehicle was before: a path is driven forward. So the answer to one question
//! is the hint for the next, and with it the next takes a look at a few segments only.

use ::geo::{Coord, LineString};
use serde::{Deserialize, Serialize};

use super::{
    LocalFrame, coord_of,
    distance::{geodesic_m, quick_m},
    edge_tree::EdgeTree,
    edges::Edge,
    fold::RunningRing,
    ruler::RulerAt,
};
use crate::domain::Place;

/// Branches that are nearly as near as the nearest, by a receiver's error in metres, are told apart by the hint.
const AS_NEAR_M: f64 = 10.0;
/// A vehicle that seems to have gone back by so many metres may stand still.
const JITTER_M: f64 = 15.0;
/// A metre along the line away from where the vehicle should be speaks against a branch as much as so many metres beside
/// it …
const OFF_PACE: f64 = 0.25;
/// … and a metre that it would have gone back as much again as so many.
const BACKWARD: f64 = 0.5;
/// A vehicle is looked for as far along the path as it moved, times this …
const WINDOW_TIMES: f64 = 1.5;
/// … and so many metres more, to both sides.
const WINDOW_M: f64 = 50.0;
/// Distances from here on are measured on the ellipsoid, in metres.
const LOCAL_M: f64 = 10_000.0;

/// A path, prepared. It may cross the antimeridian.
///
/// Segments are straight in longitude and latitude, the short way round the earth. Distances up to 10 km are those of the
/// local projection around the place that asks (wrong by some hundredths of a percent), geodesic beyond; which segment is
/// the nearest of all is decided in that projection, which far away need not be the one that is geodesically nearest.
#[derive(Clone, Debug)]
pub struct PreparedLine {
    /// Segments by the number of the position at which each starts; longitudes run on.
    segments: EdgeTree,
    /// Metres from the start to each position.
    metres: Vec<f64>,
}

/// The point of a line that is nearest to a place.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinePoint {
    /// Which segment, counted from 0.
    pub segment: usize,
    /// Metres from the start of the line.
    pub along_m: f64,
    /// Metres from the place.
    pub distance_m: f64,
    /// Where the point is.
    pub place: Place,
    /// How far along the vehicle has been since it came to this stretch: where the line turns back, this tells the way out
    /// from the way back.
    pub reached_m: f64,
}

impl PreparedLine {
    /// Prepares a path, longitude and latitude in degrees, as [`line_from_geojson`](super::line_from_geojson) reads it.
    #[must_use]
    pub fn new(line: &LineString<f64>) -> Self {
        let running = RunningRing::the_short_way(&line.0).line();
        let segments = running.lines().map(|line| Edge { from: line.start, to: line.end });
        let places: Vec<Option<Place>> = line.coords().map(|at| place_of(*at)).collect();
        let lengths = places.iter().zip(places.iter().skip(1)).map(|(from, to)| match (from, to) {
            (Some(from), Some(to)) => quick_m(*from, *to),
            _ => 0.0,
        });
        let mut metres = vec![0.0];
        metres.extend(lengths.scan(0.0, |sum, length| {
            *sum += length;
            Some(*sum)
        }));
        Self { segments: EdgeTree::new(segments), metres }
    }

    /// Length in metres.
    #[must_use]
    pub fn length_m(&self) -> f64 {
        self.metres.last().copied().unwrap_or(0.0)
    }

    /// The point of the line that the place belongs to; `None` if the line has no segment.
    ///
    /// With `last`, the answer to the question before, that is the nearest point of the stretch that the vehicle can have
    /// come to since, if it is within `within_m` (half a corridor and the receiver's error, say), even where another
    /// branch is nearer. Where the stretch passes the place several times, it is the time that goes best with driving on. Else
    /// it is the
    /// nearest point of the whole line, of several about as near the first.
    #[must_use]
    pub fn follow(&self, place: Place, last: Option<&LinePoint>, within_m: f64) -> Option<LinePoint> {
        let ruler = RulerAt::new(coord_of(place));
        let ahead = last.and_then(|last| self.ahead_of(last, place, &ruler, within_m));
        ahead.or_else(|| self.first_nearest(place, &ruler))
    }

    /// Whether some point of the line is nearer to the place than so many metres. Cheaper the smaller that is.
    #[must_use]
    pub fn is_nearer_than_m(&self, place: Place, cap_m: f64) -> bool {
        self.segments.nearest(&RulerAt::new(coord_of(place)), cap_m * cap_m).is_some()
    }

    /// The place so many metres from the start; an end of the line for what lies outside.
    #[must_use]
    pub fn place_at(&self, along_m: f64) -> Option<Place> {
        let along_m = along_m.clamp(0.0, self.length_m());
        let position = self.metres.partition_point(|metres| *metres < along_m);
        let segment = position.saturating_sub(1);
        let (start_m, length_m) = self.extent_m(segment)?;
        let share = if length_m > 0.0 { (along_m - start_m) / length_m } else { 0.0 };
        place_of(self.segments.edge(segment)?.point_at(share))
    }

    /// The line between two distances from its start, in metres: the places at both, and the corners between them.
    #[must_use]
    pub fn stretch(&self, from_m: f64, to_m: f64) -> Vec<Place> {
        let between = |at: &f64| from_m < *at && *at < to_m;
        let first = self.metres.partition_point(|metres| *metres <= from_m);
        let corners = self.metres.iter().skip(first).take_while(|at| between(at)).count();
        let corners = (first..first + corners).filter_map(|number| place_of(self.segments.edge(number)?.from));
        self.place_at(from_m).into_iter().chain(corners).chain(self.place_at(to_m)).collect()
    }

    /// The course of the line at a point, in degrees clockwise from north, 0 to 360; `None` where it has no length.
    #[must_use]
    pub fn bearing_deg(&self, at: &LinePoint) -> Option<f64> {
        let has_length = |segment: &usize| self.segments.edge(*segment).is_some_and(|edge| edge.from != edge.to);
        let segments = 0..self.metres.len().saturating_sub(1);
        let ahead = (at.segment..segments.end).find(has_length);
        let edge = self.segments.edge(ahead.or_else(|| segments.rev().find(has_length))?)?;
        let frame = LocalFrame::at_coord(Coord { x: 0.0, y: at.place.lat() });
        let way = edge.to - edge.from;
        let course = (way.x * frame.east_m_per_degree()).atan2(way.y * frame.north_m_per_degree());
        Some(course.to_degrees().rem_euclid(360.0))
    }

    /// The next point near the place on the stretch around `last`, if one is within `within_m`.
    fn ahead_of(&self, last: &LinePoint, place: Place, ruler: &RulerAt, within_m: f64) -> Option<LinePoint> {
        let moved_m = quick_m(last.place, place);
        let reach_m = moved_m * WINDOW_TIMES + WINDOW_M;
        let (low_m, high_m) = (last.along_m - reach_m, last.along_m + reach_m);
        let start = |segment: usize| self.metres.get(segment).copied();
        let mut first = last.segment;
        while first > 0 && start(first).is_some_and(|metres| metres > low_m) {
            first -= 1;
        }
        let mut end = last.segment + 1;
        while start(end).is_some_and(|metres| metres < high_m) {
            end += 1;
        }
        let squared = |segment: usize| Some(ruler.nearest_of_edge(&self.segments.edge(segment)?).1);
        let least = (first..end).filter_map(squared).fold(f64::INFINITY, f64::min);
        let nearest_m = least.sqrt();
        if nearest_m > within_m {
            return None;
        }
        let odds_against_m = |point: &LinePoint| {
            let off_pace_m = (point.along_m - last.along_m - moved_m).abs();
            let back_m = (last.reached_m - JITTER_M - point.along_m).max(0.0);
            point.distance_m + OFF_PACE * off_pace_m + BACKWARD * back_m
        };
        let mut chosen: Option<LinePoint> = None;
        let mut segment = first;
        while let Some((point, next)) = self.next_pass(segment..end, place, ruler, nearest_m + AS_NEAR_M) {
            if chosen.is_none_or(|chosen| odds_against_m(&point) < odds_against_m(&chosen)) {
                chosen = Some(point);
            }
            segment = next;
        }
        chosen.map(|point| LinePoint { reached_m: point.along_m.max(last.reached_m), ..point })
    }

    /// The nearest point of the whole line; of several about as near, the first.
    fn first_nearest(&self, place: Place, ruler: &RulerAt) -> Option<LinePoint> {
        let (nearest, squared) = self.segments.nearest(ruler, f64::INFINITY)?;
        let limit_m = squared.sqrt() + AS_NEAR_M;
        let squared_limit = limit_m * limit_m;
        let mut first = nearest;
        let near = |bounds: &super::Bounds| ruler.squared_to_box(bounds) <= squared_limit;
        self.segments.visit(near, |number, edge| {
            if number < first && ruler.nearest_of_edge(edge).1 <= squared_limit {
                first = number;
            }
        });
        self.next_pass(first..self.metres.len(), place, ruler, limit_m).map(|(point, _)| point)
    }

    /// The first time that the given segments come within `limit_m` of the place: the nearest point of it, and the segment
    /// after it.
    fn next_pass(
        &self,
        segments: std::ops::Range<usize>,
        place: Place,
        ruler: &RulerAt,
        limit_m: f64,
    ) -> Option<(LinePoint, usize)> {
        let mut nearest: Option<(usize, f64, f64)> = None;
        for segment in segments.clone() {
            let Some(edge) = self.segments.edge(segment) else { break };
            let (share, squared) = ruler.nearest_of_edge(&edge);
            let is_near = |squared: f64| squared <= limit_m * limit_m;
            let within = is_near(squared);
            let goes_on = || within && is_near(ruler.nearest_of_edge(&Edge { from: edge.from, to: edge.from }).1);
            match nearest {
                Some((number, share, squared)) if !goes_on() => {
                    return Some((self.point(number, share, squared, place)?, segment));
                }
                Some((.., least)) if squared >= least => {}
                _ if within => nearest = Some((segment, share, squared)),
                _ => {}
            }
        }
        let (number, share, squared) = nearest?;
        Some((self.point(number, share, squared, place)?, segments.end))
    }

    fn point(&self, segment: usize, share: f64, squared: f64, from: Place) -> Option<LinePoint> {
        let (start_m, length_m) = self.extent_m(segment)?;
        let place = place_of(self.segments.edge(segment)?.point_at(share))?;
        let distance_m = squared.sqrt();
        let distance_m = if distance_m < LOCAL_M { distance_m } else { geodesic_m(from, place) };
        let along_m = start_m + share * length_m;
        Some(LinePoint { segment, along_m, distance_m, place, reached_m: along_m })
    }

    /// Where a segment starts, in metres from the start of the line, and its length.
    fn extent_m(&self, segment: usize) -> Option<(f64, f64)> {
        let (start_m, end_m) = (self.metres.get(segment)?, self.metres.get(segment + 1)?);
        Some((*start_m, end_m - start_m))
    }
}

/// The place at a coordinate whose longitude may run on.
fn place_of(at: Coord<f64>) -> Option<Place> {
    let lon = if at.x.abs() > 180.0 { (at.x + 180.0).rem_euclid(360.0) - 180.0 } else { at.x };
    Place::new(at.y, lon).ok()
}

#[cfg(test)]
mod tests;
