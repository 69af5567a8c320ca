//! A route's path, made ready for questions.
//!
//! It is known by its points only, and asked one after the other: right for paths with a point every few metres, as those from a map
//! have. A path of few, far corners has to be given more points first.

use super::quick_m;
use crate::domain::Place;
use geo::LineString;

/// A path with the distance of each of its points from its start.
#[derive(Clone, Debug)]
pub struct PreparedLine {
    points: Vec<(f64, Place)>,
}

/// The point of a path that is nearest to a place.
#[derive(Clone, Copy, Debug)]
pub struct NearestOnLine {
    /// How far from the place it is, in metres.
    pub distance_m: f64,
    /// How far from the path's start it is, in metres along the path.
    pub along_m: f64,
}

impl PreparedLine {
    /// Makes the path ready. Points out of range are left out.
    #[must_use]
    pub fn new(path: &LineString<f64>) -> Self {
        let mut points: Vec<(f64, Place)> = Vec::new();
        for coord in path.coords() {
            if let Ok(place) = Place::new(coord.y, coord.x) {
                let along = points.last().map_or(0.0, |(along, last)| along + quick_m(*last, place));
                points.push((along, place));
            }
        }
        Self { points }
    }
    /// The nearest point of the path; `None` of a path without points.
    #[must_use]
    pub fn nearest(&self, place: Place, _hint_m: Option<f64>) -> Option<NearestOnLine> {
        self.points
            .iter()
            .map(|(along_m, point)| NearestOnLine { distance_m: quick_m(place, *point), along_m: *along_m })
            .min_by(|one, other| one.distance_m.total_cmp(&other.distance_m))
    }
    /// The points of the path between two distances from its start, in metres.
    #[must_use]
    pub fn stretch(&self, from_m: f64, to_m: f64) -> Vec<Place> {
        self.points.iter().filter(|(along, _)| (from_m..=to_m).contains(along)).map(|(_, place)| *place).collect()
    }
}
