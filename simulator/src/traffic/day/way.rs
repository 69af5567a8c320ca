//! The way of a trip: along which roads, at which limits, with which stop.

use std::collections::HashSet;

use rand::Rng;

use super::Planner;
use crate::{
    life::{Span, Spans},
    network::{
        JunctionId, RoadId,
        route::{Leg, Path},
    },
    vehicle::trip::{Performance, Trip},
    world::{Cargo, Kind, Line},
};

/// Limits of a zone are kept from so far before its edge to so far behind it, in metres.
const ZONE_MARGIN_M: f64 = 80.0;

/// Parts of a way with the stop after each, in seconds.
pub(super) type Parts = Vec<(Trip, f64)>;

impl Planner<'_> {
    /// A way that leaves out a road in the middle of the usual one.
    pub(super) fn another_way(&self, there: JunctionId, closed: &HashSet<RoadId>, usual: &[Leg]) -> Option<Path> {
        let network = &self.country.network;
        let candidates = usual.iter().skip(usual.len() / 3).map(|leg| leg.road);
        candidates
            .filter_map(|left_out| network.route(self.here, there, &|road| road != left_out && !closed.contains(&road)))
            .map(|legs| network.path(&legs))
            .find(|path| path.length_m() < 120_000.0)
    }

    /// The trips that a way is driven in: whole, or with a stop at a rest area, or on the open road for who has the habit.
    pub(super) fn parts(&mut self, path: Path, line: &Line, is_odd: bool) -> Parts {
        let mut path = self.with_limits(path, line);
        let mut performance = Performance::TANKER;
        if is_odd && self.habits.speeding_kmh > 0.0 {
            let from_m = path.length_m() * self.rng.random_range(0.2..0.5);
            let to_m = from_m + self.rng.random_range(1_500.0..4_000.0);
            let more_kmh = self.habits.speeding_kmh;
            performance.top_speed_kmh = 80.0 + more_kmh + performance.reserve_kmh;
            let whole_m = path.length_m();
            path = path.with_stretch(0.0, whole_m, |part| part.limit_kmh = part.limit_kmh.min(80.0));
            path = path.with_stretch(from_m, to_m, |part| part.limit_kmh += more_kmh + performance.reserve_kmh);
        }
        let mut cut = None;
        if is_odd && self.habits.stops_s > 0.0 {
            cut = Some((path.length_m() * self.rng.random_range(0.3..0.7), self.habits.stops_s));
        } else if self.rng.random::<f64>() < 0.3 {
            let stop_s = *[self.rng.random_range(200.0..450.0), self.rng.random_range(780.0..1_500.0)]
                .get(usize::from(self.rng.random::<bool>()))
                .unwrap_or(&300.0);
            cut = self.rest_on(&path).map(|along_m| (along_m, stop_s));
        }
        match cut {
            Some((along_m, stop_s)) => vec![
                (Trip::plan(path.cut(0.0, along_m), performance), stop_s),
                (Trip::plan(path.from(along_m), performance), 0.0),
            ],
            None => vec![(Trip::plan(path, performance), 0.0)],
        }
    }

    /// Where along a way a rest area lies.
    fn rest_on(&self, path: &Path) -> Option<f64> {
        let steps = crate::numbers::count(path.length_m() / 25.0);
        (0..=steps).map(|step| step as f64 * 25.0).find(|along_m| {
            path.place_at(*along_m)
                .is_some_and(|place| self.country.rests.iter().any(|rest| rest.place.distance_m(place) < 20.0))
        })
    }

    /// The way with the limits of the zones on it.
    fn with_limits(&self, mut path: Path, line: &Line) -> Path {
        let cargo = Cargo::Known(std::slice::from_ref(line));
        for zone in &self.world.zones {
            let limit_kmh = match &zone.kind {
                Kind::SpeedLimit(whom, kmh) if cargo.concerned_by(whom) => *kmh,
                Kind::Restricted(whom, conditions) if cargo.concerned_by(whom) => match conditions.max_speed_kmh {
                    Some(kmh) => kmh,
                    None => continue,
                },
                _ => continue,
            };
            let steps = crate::numbers::count(path.length_m() / 20.0);
            let within = |along_m: f64| {
                path.place_at(along_m).is_some_and(|place| {
                    zone.area.at_least_away_m(place) < ZONE_MARGIN_M && zone.area.depth_m(place) > -ZONE_MARGIN_M
                })
            };
            let at = (0..=steps).map(|step| step as f64 * 20.0).filter(|along_m| within(*along_m));
            let spans: Spans = at.map(|along_m| Span::new(along_m - 20.0, along_m + 20.0)).collect();
            for span in spans.iter() {
                path = path.with_stretch(span.from_s, span.to_s, |part| part.limit_kmh = part.limit_kmh.min(limit_kmh));
            }
        }
        path
    }
}

/// Seconds of driving, and seconds with the stops in between.
pub(super) fn lengths(parts: &Parts) -> (f64, f64) {
    let drives_s: f64 = parts.iter().map(|(trip, _)| trip.duration_s()).sum();
    (drives_s, drives_s + parts.iter().map(|(_, stop_s)| stop_s).sum::<f64>())
}
