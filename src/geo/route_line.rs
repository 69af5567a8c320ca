//! temporary
use super::quick_m;
use crate::domain::Place;
use geo::LineString;

/// t
#[derive(Clone, Debug)]
pub struct PreparedLine {
    points: Vec<(f64, Place)>,
}

/// t
#[derive(Clone, Copy, Debug)]
pub struct NearestOnLine {
    /// t
    pub distance_m: f64,
    /// t
    pub along_m: f64,
}

impl PreparedLine {
    /// t
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
    /// t
    #[must_use]
    pub fn nearest(&self, place: Place, _hint_m: Option<f64>) -> Option<NearestOnLine> {
        self.points
            .iter()
            .map(|(along_m, point)| NearestOnLine { distance_m: quick_m(place, *point), along_m: *along_m })
            .min_by(|one, other| one.distance_m.total_cmp(&other.distance_m))
    }
    /// t
    #[must_use]
    pub fn stretch(&self, from_m: f64, to_m: f64) -> Vec<Place> {
        self.points.iter().filter(|(along, _)| (from_m..=to_m).contains(along)).map(|(_, place)| *place).collect()
    }
}
