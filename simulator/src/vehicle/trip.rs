//! One drive along a path: how fast, where, when.
//!
//! The speed is planned over distance: nowhere above the limit, slower in sharp turns, braking early enough for what
//! comes, accelerating no more than a loaded truck can (the usual forward and backward pass over `v² = u² + 2as`).
//! Between two samples the acceleration is constant, so place and speed at any time follow in closed form.

use super::TrueState;
use crate::{
    geometry::turn_deg,
    network::route::Path,
    numbers::{count, whole},
};

/// What a vehicle can and may do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Performance {
    /// Highest speed it drives at all, in km/h.
    pub top_speed_kmh: f64,
    /// How far below a limit the driver stays, in km/h.
    pub reserve_kmh: f64,
    /// Acceleration in m/s².
    pub acceleration: f64,
    /// Braking in m/s².
    pub braking: f64,
}

impl Performance {
    /// A loaded tank vehicle with a careful driver.
    pub const TANKER: Self = Self { top_speed_kmh: 80.0, reserve_kmh: 3.0, acceleration: 0.5, braking: 0.8 };
}

/// Distance between two samples of the plan, in metres.
const STEP_M: f64 = 10.0;

#[derive(Clone, Copy, Debug)]
struct Sample {
    at_m: f64,
    speed_ms: f64,
    time_s: f64,
}

/// A planned drive, beginning and ending at rest unless it is said otherwise.
#[derive(Clone, Debug)]
pub struct Trip {
    path: Path,
    plan: Vec<Sample>,
}

impl Trip {
    /// Plans a drive along the whole path, from rest to rest.
    #[must_use]
    pub fn plan(path: Path, performance: Performance) -> Self {
        Self::plan_from_speed(path, performance, 0.0)
    }

    /// Plans a drive that is already under way at the beginning of the path. A speed above what the path allows there
    /// is lowered to it.
    #[must_use]
    pub fn plan_from_speed(path: Path, performance: Performance, speed_kmh: f64) -> Self {
        let steps = count((path.length_m() / STEP_M).ceil()).max(1);
        let step_m = path.length_m() / steps as f64;
        let mut plan: Vec<Sample> = (0..=steps)
            .map(|step| step as f64 * step_m)
            .map(|at_m| Sample { at_m, speed_ms: allowed_ms(&path, at_m, performance), time_s: 0.0 })
            .collect();
        if let Some(first) = plan.first_mut() {
            first.speed_ms = first.speed_ms.min(speed_kmh / 3.6);
        }
        if let Some(last) = plan.last_mut() {
            last.speed_ms = 0.0;
        }
        let reachable = |from_ms: f64, rate: f64| (from_ms.powi(2) + 2.0 * rate * step_m).sqrt();
        let mut before_ms = plan.first().map_or(0.0, |first| first.speed_ms);
        for sample in plan.iter_mut().skip(1) {
            sample.speed_ms = sample.speed_ms.min(reachable(before_ms, performance.acceleration));
            before_ms = sample.speed_ms;
        }
        let mut after_ms = 0.0;
        for sample in plan.iter_mut().rev().skip(1) {
            sample.speed_ms = sample.speed_ms.min(reachable(after_ms, performance.braking));
            after_ms = sample.speed_ms;
        }
        let mut time_s = 0.0;
        let mut before_ms = None;
        for sample in &mut plan {
            if let Some(before_ms) = before_ms {
                // From rest to rest within one step would take for ever on paper; a crawl of 1 m/s is assumed instead.
                time_s += 2.0 * step_m / f64::max(before_ms + sample.speed_ms, 1.0);
            }
            sample.time_s = time_s;
            before_ms = Some(sample.speed_ms);
        }
        Self { path, plan }
    }

    /// The path that is driven.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How long the drive takes, in seconds.
    #[must_use]
    pub fn duration_s(&self) -> f64 {
        self.plan.last().map_or(0.0, |last| last.time_s)
    }

    /// How far the vehicle has come so many seconds after the start, in metres, and how fast it is, in km/h.
    #[must_use]
    pub fn progress(&self, time_s: f64) -> (f64, f64) {
        let last = self.plan.len().saturating_sub(2);
        let index = self.plan.partition_point(|sample| sample.time_s <= time_s).saturating_sub(1).min(last);
        let (Some(start), Some(end)) = (self.plan.get(index), self.plan.get(index + 1)) else { return (0.0, 0.0) };
        let lasting_s = (end.time_s - start.time_s).max(1e-9);
        let into_s = (time_s - start.time_s).clamp(0.0, lasting_s);
        let acceleration = (end.speed_ms - start.speed_ms) / lasting_s;
        let along_m = start.at_m + start.speed_ms * into_s + 0.5 * acceleration * into_s.powi(2);
        (along_m.min(end.at_m), (start.speed_ms + acceleration * into_s) * 3.6)
    }

    /// When the vehicle is faster than so many km/h: from and to, in seconds after the start, in order.
    #[must_use]
    pub fn faster_than(&self, kmh: f64) -> Vec<(f64, f64)> {
        let limit_ms = kmh / 3.6;
        let mut spans: Vec<(f64, f64)> = Vec::new();
        for (start, end) in self.plan.iter().zip(self.plan.iter().skip(1)) {
            if start.speed_ms.max(end.speed_ms) <= limit_ms {
                continue;
            }
            let at = (limit_ms - start.speed_ms) / (end.speed_ms - start.speed_ms);
            let crossing_s = start.time_s + at * (end.time_s - start.time_s);
            let from_s = if start.speed_ms > limit_ms { start.time_s } else { crossing_s };
            let to_s = if end.speed_ms > limit_ms { end.time_s } else { crossing_s };
            match spans.last_mut() {
                Some((_, last_s)) if from_s - *last_s < 1e-6 => *last_s = to_s,
                _ => spans.push((from_s, to_s)),
            }
        }
        spans
    }

    /// When the vehicle is so many metres along, in seconds after the start.
    #[must_use]
    pub fn time_at_m(&self, along_m: f64) -> f64 {
        let (mut early_s, mut late_s) = (0.0, self.duration_s());
        for _ in 0..60 {
            let middle_s = f64::midpoint(early_s, late_s);
            if self.progress(middle_s).0 < along_m {
                early_s = middle_s;
            } else {
                late_s = middle_s;
            }
        }
        late_s
    }

    /// The true state so many seconds after the start. `None` only for a path without points.
    #[must_use]
    pub fn state_at(&self, time_s: f64) -> Option<TrueState> {
        let (along_m, speed_kmh) = self.progress(time_s);
        let (place, heading_deg) = self.path.at(along_m)?;
        Some(TrueState {
            place,
            speed_kmh,
            heading_deg,
            tunnel: self.path.stretch_at(along_m).and_then(|stretch| stretch.tunnel.clone()),
            ignition: time_s < self.duration_s(),
            roll_deg: 0.0,
        })
    }

    /// The drive that brakes to a halt from where the vehicle is after so many seconds.
    #[must_use]
    pub fn pull_over(&self, time_s: f64, performance: Performance) -> Self {
        let (along_m, speed_kmh) = self.progress(time_s);
        let halting_m = (speed_kmh / 3.6).powi(2) / (2.0 * performance.braking);
        let rest = self.path.cut(along_m, along_m + halting_m.max(1.0));
        Self::plan_from_speed(rest, performance, speed_kmh)
    }
}

/// The highest planned speed at a place, in m/s: the lowest limit within a step either side, and what the turn allows.
fn allowed_ms(path: &Path, at_m: f64, performance: Performance) -> f64 {
    let first = path.stretches.partition_point(|stretch| stretch.to_m < at_m - STEP_M);
    let limit_kmh = path
        .stretches
        .iter()
        .skip(first)
        .take_while(|stretch| stretch.from_m <= at_m + STEP_M)
        .fold(f64::INFINITY, |lowest, stretch| lowest.min(stretch.limit_kmh));
    let course = |along_m: f64| path.at(along_m).map_or(0.0, |(_, heading_deg)| heading_deg);
    let turn = turn_deg(course(at_m - 15.0), course(at_m + 15.0));
    let turn_kmh = match whole(turn) {
        0..15 => f64::INFINITY,
        15..35 => 65.0,
        35..60 => 45.0,
        60..110 => 25.0,
        _ => 12.0,
    };
    let planned_ms = (performance.top_speed_kmh.min(limit_kmh) - performance.reserve_kmh).min(turn_kmh) / 3.6;
    // A limit as low as the reserve must not bring everything to a halt.
    planned_ms.max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Network, RoadId};

    fn drive(from: &str, to: &str) -> Trip {
        let network = Network::corridor().unwrap();
        let all = |_: RoadId| true;
        let legs = network.route(network.junction(from).unwrap(), network.junction(to).unwrap(), &all).unwrap();
        Trip::plan(network.path(&legs), Performance::TANKER)
    }

    #[test]
    fn the_vehicle_starts_at_rest_arrives_at_rest_and_keeps_every_limit() {
        let trip = drive("maasvlakte", "breda");
        let mut fastest_kmh = 0.0;
        for second in 0..=count(trip.duration_s()) {
            let time_s = second as f64;
            let (along_m, speed_kmh) = trip.progress(time_s);
            let limit_kmh = trip.path().stretch_at(along_m).unwrap().limit_kmh.min(80.0);
            assert!(speed_kmh <= limit_kmh - 2.0, "{speed_kmh} km/h after {time_s} s, where {limit_kmh} is allowed");
            fastest_kmh = f64::max(fastest_kmh, speed_kmh);
        }
        assert!(fastest_kmh > 76.0, "it does drive: {fastest_kmh}");
        assert!(trip.progress(0.0).1 < 0.01);
        let end = trip.state_at(trip.duration_s()).unwrap();
        assert!(end.speed_kmh < 0.01 && !end.ignition);
        assert!(end.place.distance_m(*trip.path().points.last().unwrap()) < 1.0);
    }

    #[test]
    fn speed_never_changes_faster_than_the_vehicle_can() {
        let trip = drive("botlek", "moerdijk");
        for tenth in 0..count(trip.duration_s() * 10.0) {
            let time_s = tenth as f64 / 10.0;
            let change_ms2 = (trip.progress(time_s + 0.1).1 - trip.progress(time_s).1) / 3.6 / 0.1;
            assert!((-0.81..=0.51).contains(&change_ms2), "{change_ms2} m/s² after {time_s} s");
        }
    }

    #[test]
    fn place_and_speed_agree() {
        let trip = drive("pernis", "dordrecht");
        for second in 0..count(trip.duration_s()) {
            let (before, after) = (trip.progress(second as f64), trip.progress(second as f64 + 1.0));
            let mean_ms = f64::midpoint(before.1, after.1) / 3.6;
            assert!((after.0 - before.0 - mean_ms).abs() < 0.3, "after {second} s");
        }
    }

    #[test]
    fn time_at_a_distance_is_the_inverse_of_progress() {
        let trip = drive("pernis", "dordrecht");
        assert!((trip.progress(trip.time_at_m(5000.0)).0 - 5000.0).abs() < 0.1);
    }

    #[test]
    fn it_is_faster_than_a_speed_just_when_it_says_so() {
        let trip = drive("pernis", "dordrecht");
        let spans = trip.faster_than(60.0);
        assert!(!spans.is_empty());
        for second in 0..count(trip.duration_s()) {
            let at_s = second as f64 + 0.5;
            let told = spans.iter().any(|(from_s, to_s)| (*from_s..*to_s).contains(&at_s));
            let kmh = trip.progress(at_s).1;
            assert!(told == (kmh > 60.0) || (kmh - 60.0).abs() < 0.01, "{kmh} km/h after {at_s} s");
        }
        assert!(trip.faster_than(90.0).is_empty());
    }

    #[test]
    fn pulling_over_brakes_from_the_present_speed_to_rest() {
        let trip = drive("pernis", "dordrecht");
        let halt = trip.pull_over(600.0, Performance::TANKER);
        assert!((halt.progress(0.0).1 - trip.progress(600.0).1).abs() < 4.0);
        assert!(halt.progress(halt.duration_s()).1 < 0.01);
        assert!((5.0..60.0).contains(&halt.duration_s()), "{}", halt.duration_s());
    }
}
