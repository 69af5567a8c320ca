//! `signal.lost`: a vehicle that was moving is no longer heard of.
//!
//! Missed after three of its usual intervals and at least a minute: S3; with high-consequence goods S2 after five minutes
//! (proposed). A vehicle that fell silent beside a tunnel is given the time to drive through it at a crawl first. Beside a
//! place that no radio reaches, silence says nothing.
//! The silence is a deadline, reckoned in the time of the fixes: whether the next fix or the shell's clock notices first
//! makes no difference to the finding.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    EpisodeBook, LastFix, Scene, Sighting, Step,
    pack::{Given, Rule},
    parameters::{self, ParameterError, not_negative, positive, range},
    seconds_after, seconds_between,
};
use crate::{
    domain::{Place, Subject, ZoneKind},
    geo::{Bounds, Path, quick_m},
};

/// What a rule pack can set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// A moving vehicle is missed after this silence at the least, in seconds (proposed: 60) …
    pub silence_s: f64,
    /// … and after so many of its usual intervals between fixes (proposed: 3).
    pub intervals: f64,
    /// The silence is graded again after this long, in seconds (proposed: 300).
    pub major_s: f64,
    /// A vehicle that fell silent this near to a place that no radio reaches, or to a tunnel, may be in it, in metres
    /// (proposed: 300).
    pub near_m: f64,
    /// In a tunnel it has its length at this speed, in km/h (proposed: 30) …
    pub tunnel_crawl_kmh: f64,
    /// … and this much more time to come out, in seconds (proposed: 60).
    pub tunnel_extra_s: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            silence_s: 60.0,
            intervals: 3.0,
            major_s: 300.0,
            near_m: 300.0,
            tunnel_crawl_kmh: 30.0,
            tunnel_extra_s: 60.0,
        }
    }
}

impl parameters::Parameters for Parameters {
    const VALUE: Given = Given::Always;
    const LIMIT: Given = Given::Sometimes;

    fn check(&self) -> Result<(), ParameterError> {
        positive("silence_s", self.silence_s)?;
        range("intervals", self.intervals, 1.0, 1000.0)?;
        not_negative("major_s", self.major_s)?;
        not_negative("near_m", self.near_m)?;
        positive("tunnel_crawl_kmh", self.tunnel_crawl_kmh)?;
        not_negative("tunnel_extra_s", self.tunnel_extra_s)
    }
}

/// What is known of a vehicle's rhythm, and how far its silence has been judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// Usual interval between fixes in seconds, smoothed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval_s: Option<f64>,
    /// When the present silence is to be judged next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<DateTime<Utc>>,
}

/// Longest interval between fixes that still says something about a vehicle's rhythm, in seconds.
const LONGEST_USUAL_INTERVAL_S: f64 = 600.0;

/// Notes a fix: the silence, if there was one, is over; the next is reckoned from here.
pub fn heard(rule: &Rule<Parameters>, memory: &mut Memory, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    book.close(rule.key, &Subject::Vehicle, step.time(), Some(step.fix.place));
    if let Some(interval_s) =
        step.elapsed_s().filter(|interval_s| (0.0..=LONGEST_USUAL_INTERVAL_S).contains(interval_s))
    {
        let usual_s = memory.interval_s.map_or(interval_s, |usual_s| usual_s + (interval_s - usual_s) * 0.2);
        memory.interval_s = Some(usual_s);
    }
    let moving = step.fix.speed_kmh.is_some_and(|speed_kmh| speed_kmh >= step.scene.world.settings().moving_kmh);
    memory.due = moving.then(|| seconds_after(step.time(), silence_s(&rule.parameters, memory)));
}

/// Judges the silence at `at`, the moment that [`Memory::due`] named.
pub fn judge_silence(
    rule: &Rule<Parameters>,
    memory: &mut Memory,
    scene: &Scene<'_>,
    last: LastFix,
    at: DateTime<Utc>,
    book: &mut EpisodeBook<'_>,
) {
    let parameters = &rule.parameters;
    let Some(allowance_s) = allowance_s(parameters, scene, last) else {
        memory.due = None;
        return;
    };
    let silence_s = silence_s(parameters, memory);
    let missed_at = seconds_after(last.key.time, silence_s + allowance_s);
    if at < missed_at {
        memory.due = Some(missed_at);
        return;
    }
    let high_consequence = scene.cargo.load().is_some_and(|load| load.high_consequence);
    let major_at = seconds_after(last.key.time, parameters.major_s.max(silence_s) + allowance_s);
    let major = high_consequence && at >= major_at;
    let seen = Sighting::of_vehicle(at, Some(last.place));
    book.see(
        rule,
        Sighting { value: Some(seconds_between(last.key.time, at)), limit: Some(parameters.major_s), ..seen },
    );
    memory.due = (high_consequence && !major).then_some(major_at);
}

fn silence_s(parameters: &Parameters, memory: &Memory) -> f64 {
    parameters.silence_s.max(memory.interval_s.unwrap_or(0.0) * parameters.intervals)
}

/// How much longer a vehicle may be silent because of where it fell silent. `None`: for ever, at a place that no radio reaches.
///
/// Beside a tunnel it may be in it: it has the tunnel's length at a crawl, and a minute. The diagonal of the tunnel's bounds
/// stands for its length; it is never shorter than a straight bore.
fn allowance_s(parameters: &Parameters, scene: &Scene<'_>, last: LastFix) -> Option<f64> {
    let here = Path::new(last.place, last.place);
    let mut longest_s: f64 = 0.0;
    let mut is_dead = false;
    scene.world.zones_near(&here, parameters.near_m, |known| {
        if !known.zone.in_force(scene.time) {
            return;
        }
        match known.zone.kind {
            ZoneKind::DeadZone {} => is_dead |= known.is_within_m(last.place, parameters.near_m),
            ZoneKind::Tunnel { .. } if known.is_within_m(last.place, parameters.near_m) => {
                let length_m = diagonal_m(known.area.bounds());
                let crossing_s = length_m / (parameters.tunnel_crawl_kmh / 3.6) + parameters.tunnel_extra_s;
                longest_s = longest_s.max(crossing_s);
            }
            _ => {}
        }
    });
    (!is_dead).then_some(longest_s)
}

fn diagonal_m(bounds: Bounds) -> f64 {
    let corners = (Place::new(bounds.south, bounds.west), Place::new(bounds.north, bounds.east));
    if let (Ok(south_west), Ok(north_east)) = corners { quick_m(south_west, north_east) } else { 0.0 }
}
