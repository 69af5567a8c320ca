//! Who passed by a place.

use chrono::{DateTime, Utc};

use super::{PastFix, Point, Step, Terms, Track, certainty};
use crate::{
    domain::{Certainty, Place},
    geo::{Path, geodesic_m},
};

/// How a vehicle passed by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Passing {
    /// The least distance, in metres.
    pub distance_m: f64,
    /// When it was there.
    pub at: DateTime<Utc>,
    /// Where it was then.
    pub place: Place,
    /// How certain it is that it came within the distance at all.
    pub certainty: Certainty,
    /// How many fixes lie within the distance.
    pub fixes: u32,
}

/// Follows one vehicle's track and finds how near it came to a place.
#[derive(Debug)]
pub struct Near {
    place: Place,
    distance_m: f64,
    track: Track,
    nearest: Option<Nearest>,
    fixes: u32,
}

#[derive(Clone, Copy, Debug)]
struct Nearest {
    distance_m: f64,
    at: DateTime<Utc>,
    place: Place,
    in_gap: bool,
}

impl Near {
    /// For one vehicle.
    #[must_use]
    pub fn new(place: Place, distance_m: f64, terms: Terms) -> Self {
        Self { place, distance_m, track: Track::new(terms), nearest: None, fixes: 0 }
    }

    /// Takes in the vehicle's next fix, in order of time.
    pub fn next(&mut self, fix: PastFix) {
        let news = self.track.next(fix);
        if let Some(point) = news.begins {
            self.see(point);
        }
        if let Some(step) = news.step {
            self.go(&step);
        }
    }

    /// How the vehicle passed by, if it did. What a gap may hide counts only where nothing else is known.
    #[must_use]
    pub fn finish(self) -> Option<Passing> {
        let Nearest { distance_m, at, place, in_gap } = self.nearest?;
        Some(Passing { distance_m, at, place, certainty: certainty(self.fixes, !in_gap), fixes: self.fixes })
    }

    fn see(&mut self, point: Point) {
        if self.weigh(point.time, point.place, false) {
            self.fixes += u32::from(point.is_fix);
        }
    }

    fn go(&mut self, step: &Step) {
        let share = Path::new(step.from.place, step.to.place).nearest_share(self.place);
        let (at, place) = step.at(share);
        self.weigh(at, place, step.gap);
        self.see(step.to);
    }

    /// Keeps the point if it is the nearest; whether it is within the distance.
    fn weigh(&mut self, at: DateTime<Utc>, place: Place, in_gap: bool) -> bool {
        let distance_m = geodesic_m(self.place, place);
        let within = distance_m <= self.distance_m;
        let rank = |in_gap: bool, distance_m: f64| (in_gap, distance_m);
        if within
            && self.nearest.is_none_or(|nearest| rank(in_gap, distance_m) < rank(nearest.in_gap, nearest.distance_m))
        {
            self.nearest = Some(Nearest { distance_m, at, place, in_gap });
        }
        within
    }
}
