//! Two vehicles that move evenly on straight ways: when they are nearer than some distance, and how near they come.
//!
//! In a plane around the two the difference of their places is itself an even motion, D + V·t, and its square a parabola in t. So
//! the moments at which it passes a distance L are the roots of (V·V) t² + 2 (D·V) t + (D·D - L²), and the least distance is at
//! t = -(D·V)/(V·V), or at an end.

use chrono::{DateTime, Utc};

use super::TrackPoint;
use crate::{
    domain::Place,
    geo::{LocalFrame, LocalPoint, Path, implied_speed_kmh},
    rules::{seconds_after, seconds_between},
};

/// The way from one fix to the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leg<'a> {
    pub from: &'a TrackPoint,
    pub to: &'a TrackPoint,
}

impl Leg<'_> {
    pub fn start(&self) -> DateTime<Utc> {
        self.from.key.time
    }

    pub fn end(&self) -> DateTime<Utc> {
        self.to.key.time
    }

    pub fn lasts_s(&self) -> f64 {
        seconds_between(self.start(), self.end())
    }

    pub fn speed_kmh(&self) -> f64 {
        implied_speed_kmh(self.from.place, self.to.place, self.end() - self.start())
    }

    pub fn place_at(&self, time: DateTime<Utc>) -> Place {
        let lasts_s = self.lasts_s();
        let share = if lasts_s > 0.0 { seconds_between(self.start(), time) / lasts_s } else { 1.0 };
        Path::new(self.from.place, self.to.place).place_at(share)
    }

    /// The worse of its ends' radii of uncertainty, in metres.
    fn accuracy_m(&self, assumed_m: f64) -> f64 {
        self.from.accuracy_m.unwrap_or(assumed_m).max(self.to.accuracy_m.unwrap_or(assumed_m))
    }
}

/// A stretch of time in which two vehicles are too near.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stretch {
    /// When it begins …
    pub from: DateTime<Utc>,
    /// … and when it ends.
    pub to: DateTime<Utc>,
    /// The least distance in it, in metres.
    pub least_m: f64,
    /// The least of what the distance is at the most, given what the receivers may err, in metres.
    pub surely_least_m: f64,
}

impl Stretch {
    /// Takes in a later one.
    pub fn join(&mut self, later: &Self) {
        self.to = later.to;
        self.least_m = self.least_m.min(later.least_m);
        self.surely_least_m = self.surely_least_m.min(later.surely_least_m);
    }
}

/// The one stretch between `from` and `to`, when both are on their legs, in which they are nearer than `limit_m` metres.
/// `assumed_m` is the accuracy of a fix that reports none.
pub(super) fn near(
    one: &Leg<'_>,
    other: &Leg<'_>,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    limit_m: f64,
    assumed_m: f64,
) -> Option<Stretch> {
    let lasts_s = seconds_between(from, to);
    let (start, end) = ((one.place_at(from), other.place_at(from)), (one.place_at(to), other.place_at(to)));
    let frame = LocalFrame::at(Path::new(start.0, start.1).place_at(0.5));
    let (before, after) = (offset(&frame, start), offset(&frame, end));
    let velocity = LocalPoint {
        east_m: (after.east_m - before.east_m) / lasts_s,
        north_m: (after.north_m - before.north_m) / lasts_s,
    };
    let (square, half, rest) =
        (dot(velocity, velocity), dot(before, velocity), dot(before, before) - limit_m * limit_m);
    let (near_s, far_s) = if square > 0.0 {
        let discriminant = half * half - square * rest;
        if discriminant <= 0.0 {
            return None;
        }
        let root = discriminant.sqrt();
        ((-half - root) / square, (-half + root) / square)
    } else if rest < 0.0 {
        (0.0, lasts_s)
    } else {
        return None;
    };
    if near_s >= lasts_s || far_s <= 0.0 {
        return None;
    }
    let nearest_s = if square > 0.0 { (-half / square).clamp(0.0, lasts_s) } else { 0.0 };
    let nearest = LocalPoint {
        east_m: before.east_m + velocity.east_m * nearest_s,
        north_m: before.north_m + velocity.north_m * nearest_s,
    };
    let least_m = dot(nearest, nearest).sqrt();
    Some(Stretch {
        from: if near_s > 0.0 { seconds_after(from, near_s) } else { from },
        to: if far_s < lasts_s { seconds_after(from, far_s) } else { to },
        least_m,
        surely_least_m: least_m + one.accuracy_m(assumed_m) + other.accuracy_m(assumed_m),
    })
}

/// Where the second place lies as seen from the first, in metres.
fn offset(frame: &LocalFrame, (from, to): (Place, Place)) -> LocalPoint {
    let east_deg = to.lon() - from.lon();
    let east_deg = if east_deg > 180.0 {
        east_deg - 360.0
    } else if east_deg < -180.0 {
        east_deg + 360.0
    } else {
        east_deg
    };
    LocalPoint {
        east_m: east_deg * frame.east_m_per_degree(),
        north_m: (to.lat() - from.lat()) * frame.north_m_per_degree(),
    }
}

fn dot(one: LocalPoint, other: LocalPoint) -> f64 {
    one.east_m * other.east_m + one.north_m * other.north_m
}
