//! `gnss.implausible`: the receiver reports what cannot be.
//!
//! Five situations (proposed, all of them): `jump`, a place that no road vehicle reaches in the time (the value is the speed
//! that it would have needed); `nowhere`, 0° north 0° east, where receivers without a fix are; `time`, the very time of the fix
//! before at another place, from a clock that stands; `frozen`, the very same place for a minute while odometer or wheels tell
//! of a way; and `repeated`, when it happens often enough within a window to look like tampering. The episode begins with the
//! first such fix, for a frozen place with the last fix that was still right, and ends with the next one that can be.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    EpisodeBook, Sighting, Step,
    pack::{Given, Rule},
    parameters::{self, ParameterError, positive, range},
    seconds_between,
    shown::Shown,
};
use crate::{
    domain::{Place, Subject},
    geo::quick_m,
};

/// What a rule pack can set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// No road vehicle is faster than this between two fixes, in km/h (proposed: 160).
    pub implausible_kmh: f64,
    /// A position that stays the very same this long while the vehicle moves is frozen, in seconds (proposed: 60) …
    pub frozen_s: f64,
    /// … if the odometer tells at least this much way in that time, in metres (proposed: 500) …
    pub frozen_odometer_m: f64,
    /// … or the wheels turn at least this fast, in km/h (proposed: 10).
    pub frozen_wheel_kmh: f64,
    /// So many implausible fixes (proposed: 3) …
    pub repeats: u32,
    /// … within this time look like tampering, in seconds (proposed: 10 min).
    pub window_s: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            implausible_kmh: 160.0,
            frozen_s: 60.0,
            frozen_odometer_m: 500.0,
            frozen_wheel_kmh: 10.0,
            repeats: 3,
            window_s: 600.0,
        }
    }
}

impl parameters::Parameters for Parameters {
    const VALUE: Given = Given::Sometimes;
    const LIMIT: Given = Given::Sometimes;

    fn check(&self) -> Result<(), ParameterError> {
        positive("implausible_kmh", self.implausible_kmh)?;
        positive("frozen_s", self.frozen_s)?;
        positive("frozen_odometer_m", self.frozen_odometer_m)?;
        positive("frozen_wheel_kmh", self.frozen_wheel_kmh)?;
        range("repeats", self.repeats.into(), 1.0, 1000.0)?;
        positive("window_s", self.window_s)
    }
}

/// What is remembered of the receiver.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// Whether the last fix was implausible.
    #[serde(skip_serializing_if = "Shown::is_blank")]
    pub shown: Shown,
    /// When it was within the window, oldest first, and no more often than counts as repeated.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recent: Vec<DateTime<Utc>>,
    /// A place that has not changed, while something tells whether the vehicle moves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub still: Option<Still>,
    /// Where the first of several fixes of one time was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instant: Option<Place>,
}

/// What odometer and wheels told while the place did not change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Still {
    /// Last fix at which the odometer had not moved, and what it showed in km.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub odometer: Option<(DateTime<Utc>, f64)>,
    /// First fix of those since which the wheels turn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wheels_since: Option<DateTime<Utc>>,
    /// Since when the place is known to be frozen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frozen_since: Option<DateTime<Utc>>,
}

/// Within one instant a receiver wanders no farther than this, in metres, beside what it says of its accuracy (proposed).
const WANDER_M: f64 = 100.0;

/// What is wrong with a fix.
struct Fault {
    situation: &'static str,
    since: DateTime<Utc>,
    place: Option<Place>,
    speed_kmh: Option<f64>,
    /// Whether it counts towards those that are repeated.
    counts: bool,
}

/// Judges a fix that can be where it says.
pub fn judge(rule: &Rule<Parameters>, memory: &mut Memory, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    let place = Some(step.fix.place);
    let fault = if clock_stands(memory, step) {
        memory.still = None;
        Some(Fault { situation: "time", since: step.time(), place, speed_kmh: None, counts: true })
    } else {
        let known = memory.still.and_then(|still| still.frozen_since);
        let frozen_since = frozen_since(&rule.parameters, memory, step);
        frozen_since.map(|since| Fault { situation: "frozen", since, place, speed_kmh: None, counts: known.is_none() })
    };
    if let Some(fault) = fault {
        see(rule, memory, fault, step, book);
    } else if let Some((at, place)) = memory.shown.end(step) {
        book.close(rule.key, &Subject::Vehicle, at, place);
    } else if memory.recent.last().is_some_and(|at| seconds_between(*at, step.time()) > rule.parameters.window_s) {
        memory.recent = Vec::new();
    }
}

/// Judges a fix that cannot be where it says.
pub fn judge_implausible(rule: &Rule<Parameters>, memory: &mut Memory, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    memory.still = None;
    let nowhere = step.fix.place.lat() == 0.0 && step.fix.place.lon() == 0.0;
    let needed_kmh = step.elapsed_s().filter(|elapsed_s| *elapsed_s > 0.0).map(|s| step.moved_m / s * 3.6);
    let (situation, speed_kmh) = match needed_kmh {
        _ if nowhere => ("nowhere", None),
        None => ("time", None),
        Some(needed_kmh) => ("jump", Some(needed_kmh)),
    };
    let fault = Fault { situation, since: step.time(), place: step.place, speed_kmh, counts: true };
    see(rule, memory, fault, step, book);
}

fn see(rule: &Rule<Parameters>, memory: &mut Memory, fault: Fault, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    let Parameters { repeats, window_s, implausible_kmh, .. } = rule.parameters;
    let repeats = usize::try_from(repeats).unwrap_or(usize::MAX);
    memory.recent.retain(|at| seconds_between(*at, step.time()) <= window_s);
    if fault.counts {
        memory.recent.push(step.time());
        let surplus = memory.recent.len().saturating_sub(repeats);
        memory.recent.drain(..surplus);
    }
    let repeated = memory.recent.len() >= repeats;
    memory.shown.note(step);
    let limit = fault.speed_kmh.map(|_| implausible_kmh);
    let seen = Sighting::of_vehicle(fault.since, fault.place);
    let situation = if repeated { "repeated" } else { fault.situation };
    book.see(rule, Sighting { situation, value: fault.speed_kmh, limit, ..seen });
}

/// Whether several fixes in a row bear one time, and this one is not where the first of them was.
fn clock_stands(memory: &mut Memory, step: &Step<'_>) -> bool {
    let Some(previous) = step.previous.filter(|previous| previous.key.time == step.time()) else {
        memory.instant = None;
        return false;
    };
    let first = *memory.instant.get_or_insert(previous.place);
    let accuracy_m = previous.accuracy_m.unwrap_or(0.0) + step.fix.accuracy_m.unwrap_or(0.0);
    quick_m(first, step.fix.place) > WANDER_M + accuracy_m
}

/// Since when the place is frozen, if it is.
fn frozen_since(parameters: &Parameters, memory: &mut Memory, step: &Step<'_>) -> Option<DateTime<Utc>> {
    let Some(previous) = step.previous.filter(|previous| previous.place == step.fix.place) else {
        memory.still = None;
        return None;
    };
    let (odometer_km, wheel_kmh) = (step.fix.odometer_km, step.fix.sensors.wheel_speed_kmh);
    if odometer_km.is_none() && wheel_kmh.is_none() {
        return memory.still.and_then(|still| still.frozen_since);
    }
    let now = step.time();
    // What is found now must not reach back into an episode that is over with this fix.
    let fresh = memory.shown.is_blank();
    let still = memory.still.get_or_insert_with(|| Still {
        odometer: previous.odometer_km.filter(|_| fresh).map(|km| (previous.key.time, km)),
        ..Still::default()
    });
    if still.frozen_since.is_some() {
        return still.frozen_since;
    }
    if let Some(km) = odometer_km {
        match still.odometer {
            Some((since, base_km)) if km > base_km => {
                let way_m = (km - base_km) * 1000.0;
                if way_m >= parameters.frozen_odometer_m && seconds_between(since, now) >= parameters.frozen_s {
                    still.frozen_since = Some(since);
                }
            }
            _ => still.odometer = Some((now, km)),
        }
    }
    if let Some(wheel_kmh) = wheel_kmh {
        // In a silence nobody knows whether they turned.
        let before = still.wheels_since.filter(|_| !step.gap);
        let since = (wheel_kmh >= parameters.frozen_wheel_kmh).then(|| before.unwrap_or(now));
        still.wheels_since = since;
        let lasting = since.filter(|since| seconds_between(*since, now) >= parameters.frozen_s);
        still.frozen_since = still.frozen_since.or(lasting);
    }
    still.frozen_since
}

#[cfg(test)]
mod tests;
