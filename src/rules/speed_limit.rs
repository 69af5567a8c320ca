//! `speed.limit`: a vehicle drives faster than the lowest limit that binds it, for longer than a hold time.
//!
//! Limits come from the vehicle itself, from the zones that it is in, and from the rule pack: a cap for all, and caps for
//! classes of goods. The lowest wins (where zones overlap, too).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{EpisodeBook, Sighting, Step, pack::Rule, parameters, seconds_between};
use crate::domain::{Place, RuleKey, Subject};

/// Speeding that has been seen but may not have lasted long enough yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    /// First fix over the limit, while all since are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over_since: Option<(DateTime<Utc>, Place)>,
}

/// Judges one fix.
pub fn judge(rule: &Rule<parameters::SpeedLimit>, memory: &mut Memory, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    if let Some(previous) = step.previous.filter(|_| step.gap) {
        // Nothing is known of the speed in a gap: what was open ends with the last fix that showed it.
        end(memory, book, previous.key.time, previous.place);
    }
    let excess = limit_kmh(&rule.parameters, step).zip(step.fix.speed_kmh).filter(|(limit, speed)| speed > limit);
    let Some((limit_kmh, speed_kmh)) = excess else {
        end(memory, book, step.time(), step.fix.place);
        return;
    };
    let (since, place) = *memory.over_since.get_or_insert((step.time(), step.fix.place));
    if seconds_between(since, step.time()) >= rule.parameters.hold_s {
        let seen = Sighting::of_vehicle(since, Some(place));
        book.see(rule, Sighting { value: Some(speed_kmh), limit: Some(limit_kmh), ..seen });
    }
}

/// The lowest limit that binds the vehicle at this fix, in km/h.
#[must_use]
pub fn limit_kmh(parameters: &parameters::SpeedLimit, step: &Step<'_>) -> Option<f64> {
    let load = step.scene.cargo.load();
    let by_class = parameters
        .class_caps
        .iter()
        .filter(|cap| load.is_some_and(|load| load.has_class(&cap.classes)))
        .map(|cap| cap.limit_kmh);
    let own_kmh = step.scene.vehicle.vehicle.speed_limit_kmh;
    [own_kmh, step.ground.limit_kmh, parameters.cap_kmh].into_iter().flatten().chain(by_class).reduce(f64::min)
}

fn end(memory: &mut Memory, book: &mut EpisodeBook<'_>, at: DateTime<Utc>, place: Place) {
    memory.over_since = None;
    book.close(RuleKey::SpeedLimit, &Subject::Vehicle, at, Some(place));
}
