//! `zone.restricted`: a vehicle is where its cargo may be only under conditions, and one of them fails.
//!
//! Which conditions, the zone says (an authority's): no more than a quantity of the goods that it names, no faster than a speed,
//! with an attendant on board, for no longer than a time. Goods whose mass is not stated, and cargo that nobody has declared,
//! count as too much. That a device that has to name an attendant for 300 s does not, and that too fast counts after 10 s, is
//! proposed.
//!
//! The situation says which condition failed first, or is the graver. One episode is about a zone, or its group, and is open
//! while any condition fails there.

mod conditions;
mod order;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use self::{
    conditions::{Failing, failing},
    order::{Event, tell},
};
use super::{
    EpisodeBook, Scene, Step,
    area::{began_since, ended_since, subject_of},
    pack::{Given, Rule},
    parameters::{self, ParameterError, not_negative},
    seconds_between,
};
use crate::{
    domain::{Certainty, EntryKind, Place, Subject, ZoneId, ZoneKind, ZoneVersion},
    world::KnownZone,
};

/// What a pack can set of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// The cab is warned when a zone whose conditions it does not meet is this many seconds ahead (proposed: 60).
    pub prewarn_s: f64,
    /// A demanded escort counts as missing when no fix has named one for so long, in seconds (proposed: 300).
    pub escort_missing_s: f64,
    /// Too fast counts when it lasts this long, in seconds (proposed: 10).
    pub speed_hold_s: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { prewarn_s: 60.0, escort_missing_s: 300.0, speed_hold_s: 10.0 }
    }
}

impl parameters::Parameters for Parameters {
    const VALUE: Given = Given::Sometimes;
    const LIMIT: Given = Given::Sometimes;

    fn check(&self) -> Result<(), ParameterError> {
        not_negative("prewarn_s", self.prewarn_s)?;
        not_negative("escort_missing_s", self.escort_missing_s)?;
        not_negative("speed_hold_s", self.speed_hold_s)
    }
}

/// What is known of a vehicle that may need an attendant, and of its stays in restricted zones.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// The first of the fixes that have not named an attendant, while none does.
    #[serde(skip_serializing_if = "Option::is_none")]
    unescorted_since: Option<DateTime<Utc>>,
    /// The restricted zones that it is in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stays: Vec<Stay>,
}

/// A stay in a restricted zone.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Stay {
    zone: ZoneId,
    version: ZoneVersion,
    /// When and where it came in, or was first found.
    entered: (DateTime<Utc>, Place),
    /// How it came in.
    entry: EntryKind,
    /// How sure that is.
    certainty: Certainty,
    /// First fix over the zone's speed, while all since are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    over_since: Option<(DateTime<Utc>, Place)>,
    /// Whether a condition fails.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    fails: bool,
    /// When the last one that failed on this stay was met again: nothing that fails later began before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    met_since: Option<DateTime<Utc>>,
    /// The length of a stay that is too long, in seconds, by which it was last raised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    raised_to_s: Option<f64>,
}

impl Stay {
    fn new(known: (ZoneId, ZoneVersion), entered: (DateTime<Utc>, Place), how: (EntryKind, Certainty)) -> Self {
        let (zone, version) = known;
        let (entry, certainty) = how;
        Self {
            zone,
            version,
            entered,
            entry,
            certainty,
            over_since: None,
            fails: false,
            met_since: None,
            raised_to_s: None,
        }
    }
}

impl Memory {
    /// Whether entering the zone now would break a condition of it.
    #[must_use]
    pub fn forbids_entry(&self, known: &KnownZone, scene: &Scene<'_>) -> bool {
        let Some(rule) = &scene.rules.zone_restricted else { return false };
        let ZoneKind::Restricted { cargo, max_quantity_kg, escort_required, .. } = &known.zone.kind else {
            return false;
        };
        conditions::excess(cargo, *max_quantity_kg, scene).is_some()
            || (*escort_required && self.lacks_escort(&rule.parameters, scene.time))
    }

    fn lacks_escort(&self, parameters: &Parameters, at: DateTime<Utc>) -> bool {
        self.unescorted_since.is_some_and(|since| seconds_between(since, at) >= parameters.escort_missing_s)
    }
}

/// Judges one step.
pub fn judge(rule: &Rule<Parameters>, memory: &mut Memory, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    match (&step.fix.escort, memory.unescorted_since) {
        (Some(_), _) => memory.unescorted_since = None,
        (None, None) => memory.unescorted_since = Some(step.time()),
        (None, Some(_)) => {}
    }
    if memory.stays.is_empty() && step.crossings.is_empty() && step.presences.is_empty() {
        return;
    }
    let before: Vec<(ZoneId, Subject)> =
        memory.stays.iter().filter(|stay| stay.fails).map(|stay| (stay.zone, subject(stay, step))).collect();
    let mut events = Vec::new();
    end_what_is_gone(memory, step, &mut events);
    for crossing in step.crossings {
        match crossing.entered {
            Some(how) => {
                let known = (crossing.zone, crossing.version);
                memory.stays.push(Stay::new(known, (crossing.at, crossing.place), how));
            }
            None => {
                let Some(at) = memory.stays.iter().position(|stay| stay.zone == crossing.zone) else { continue };
                let mut stay = memory.stays.swap_remove(at);
                look(rule, memory.unescorted_since, &mut stay, Some((crossing.at, crossing.place)), step, &mut events);
                if stay.fails {
                    events.push(Event::ended(&stay, subject(&stay, step), (crossing.at, crossing.place)));
                }
            }
        }
    }
    find_what_was_missed(memory, step);
    let unescorted_since = memory.unescorted_since;
    for stay in &mut memory.stays {
        look(rule, unescorted_since, stay, None, step, &mut events);
    }
    tell(rule, before, events, book);
}

/// Looks at one stay at the end of the step, or where it `left`.
fn look(
    rule: &Rule<Parameters>,
    unescorted_since: Option<DateTime<Utc>>,
    stay: &mut Stay,
    left: Option<(DateTime<Utc>, Place)>,
    step: &Step<'_>,
    events: &mut Vec<Event>,
) {
    let Some(known) = step.scene.world.zone_in_force(stay.zone, step.time()) else { return };
    stay.version = known.zone.version;
    let subject = subject_of(&known.zone);
    let ask = |stay: &Stay, until, goes_on| {
        let ask = Failing { rule, unescorted_since, known, stay, until, step };
        failing(&ask, goes_on)
    };
    if let Some(previous) = step.previous.filter(|_| step.gap)
        && stay.over_since.take().is_some()
        && stay.fails
        && ask(stay, previous.key.time, false).is_empty()
    {
        // Only its speed was at fault, and nothing is known of the speed in a gap.
        (stay.fails, stay.met_since) = (false, Some(previous.key.time));
        events.push(Event::ended(stay, subject.clone(), (previous.key.time, previous.place)));
    }
    if left.is_none() {
        conditions::follow_speed(stay, known, step);
    }
    let until = left.map_or(step.time(), |(at, _)| at);
    let failing = ask(stay, until, left.is_none());
    if failing.is_empty() {
        if stay.fails && left.is_none() {
            (stay.fails, stay.met_since) = (false, Some(step.time()));
            events.push(Event::ended(stay, subject, (step.time(), step.fix.place)));
        }
        return;
    }
    stay.fails = true;
    stay.raised_to_s = failing.iter().find(|seen| seen.situation == conditions::STAY).and_then(|seen| seen.value);
    events.extend(failing.into_iter().map(|sighting| Event::seen(stay, sighting)));
}

/// Stays in zones that went out of force or effect, that mean something else now, or that concern the cargo no more.
fn end_what_is_gone(memory: &mut Memory, step: &Step<'_>, events: &mut Vec<Event>) {
    let world = step.scene.world;
    memory.stays.retain(|stay| {
        let is_left = step.crossings.iter().any(|crossing| crossing.zone == stay.zone);
        let is_inside = || step.presences.iter().any(|here| here.zone == stay.zone && here.entered().is_some());
        let known = world.zone_in_force(stay.zone, step.time());
        let is_same = known.is_some_and(|known| {
            matches!(known.zone.kind, ZoneKind::Restricted { .. }) && subject_of(&known.zone) == subject(stay, step)
        });
        let goes_on = is_same && (is_left || is_inside());
        if !goes_on && stay.fails {
            let at = world.zone_version(stay.zone, stay.version).map_or(step.time(), |known| ended_since(known, step));
            events.push(Event::ended(stay, subject(stay, step), (at, step.place_at(at))));
        }
        goes_on
    });
}

/// Zones that the vehicle is in although it was not seen to come in: they became restricted, or the rule came into force.
fn find_what_was_missed(memory: &mut Memory, step: &Step<'_>) {
    for here in step.presences.iter().filter(|here| here.entered().is_some()) {
        if memory.stays.iter().any(|stay| stay.zone == here.zone) {
            continue;
        }
        let known = step.scene.world.zone_in_force(here.zone, step.time());
        let Some(known) = known.filter(|known| matches!(known.zone.kind, ZoneKind::Restricted { .. })) else {
            continue;
        };
        let since = began_since(known, step);
        let how = (EntryKind::FoundInside, Certainty::Observed);
        memory.stays.push(Stay::new((here.zone, known.zone.version), (since, step.place_at(since)), how));
    }
}

/// What an episode about the stay is about.
fn subject(stay: &Stay, step: &Step<'_>) -> Subject {
    let known = step.scene.world.zone_version(stay.zone, stay.version);
    known.map_or(Subject::Zone(stay.zone), |known| subject_of(&known.zone))
}

#[cfg(test)]
mod tests;
