//! `schedule.window`: a vehicle arrives before or after the time agreed, or does not arrive.
//!
//! Sources: Singapore's approved hours (SCDF HTVTS, verified); 30 min of grace are proposed. Arrival is when the vehicle comes to
//! the place of unloading. Late begins when the grace is over and ends with the arrival, or with the shipment; that it has not
//! arrived is a fact where a fix shows it elsewhere, and only possible while it is silent. Early lasts until the time from which
//! it is expected, or until it goes away again.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    EpisodeBook, LastFix, Scene, Sighting, Step,
    pack::{Given, Rule},
    parameters::{self, ParameterError, not_negative},
    seconds_after, seconds_between,
};
use crate::{
    domain::{Certainty, Place, RuleKey, Shipment, ShipmentId, Site, Subject},
    geo::quick_m,
    world::World,
};

/// What a pack can set of it. The times are the shipment's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// An arrival this long after the agreed time is late, in seconds (proposed: 30 min).
    pub late_s: f64,
    /// An arrival this long before the agreed time is early, in seconds (proposed: 0).
    pub early_s: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { late_s: 1800.0, early_s: 0.0 }
    }
}

impl parameters::Parameters for Parameters {
    const VALUE: Given = Given::Always;
    const LIMIT: Given = Given::Always;

    fn check(&self) -> Result<(), ParameterError> {
        not_negative("late_s", self.late_s)?;
        not_negative("early_s", self.early_s)
    }
}

/// What is known of the arrival of the present shipment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// Which shipment.
    #[serde(skip_serializing_if = "Option::is_none")]
    shipment: Option<ShipmentId>,
    /// Whether it has arrived.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    arrived: bool,
    /// When silence would make it late, or an early arrival is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<DateTime<Utc>>,
    /// The open episode; none without.
    #[serde(skip_serializing_if = "Option::is_none")]
    open: Option<Open>,
}

/// Which episode is open.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Open {
    /// It was early, and is until then.
    EarlyUntil(DateTime<Utc>),
    /// It is late, and was raised to so many seconds.
    Late(f64),
    /// It is late if it has not arrived in silence.
    PerhapsLate,
}

/// An open episode is raised when the delay has grown by so much, in seconds: not at every fix.
const RAISED_EVERY_S: f64 = 300.0;

/// A shipment whose arrival can be judged.
struct Expected<'a> {
    shipment: &'a Shipment,
    destination: &'a Site,
}

impl<'a> Expected<'a> {
    fn of(scene: &Scene<'a>) -> Option<Self> {
        let shipment = &scene.shipment?.shipment;
        let destination = shipment.destination.as_ref()?;
        (shipment.arrive_by.is_some() || shipment.arrive_from.is_some()).then_some(Self { shipment, destination })
    }

    /// Whether `place`, on the way to the step's fix, is where it is unloaded.
    fn is_there(&self, place: Place, step: &Step<'_>) -> bool {
        reaches(step.scene.world, self.destination, place, step.fix.accuracy_m)
    }

    /// When it begins to be late, and by when it is expected.
    fn late_from(&self, rule: &Rule<Parameters>) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let by = self.shipment.arrive_by?;
        Some((seconds_after(by, rule.parameters.late_s).max(self.shipment.starts_at), by))
    }
}

/// Whether `place` is at the site, or may be as far as the receiver can tell.
#[must_use]
pub fn reaches(world: &World, site: &Site, place: Place, accuracy_m: Option<f64>) -> bool {
    let reach_m = site.radius_m + accuracy_m.unwrap_or(0.0).min(world.settings().zone_margins.accuracy_cap_m);
    Place::new(site.lat, site.lon).is_ok_and(|middle| quick_m(middle, place) <= reach_m)
}

/// Judges one fix.
pub fn judge(rule: &Rule<Parameters>, memory: &mut Memory, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    let expected = Expected::of(&step.scene);
    let id = expected.as_ref().map(|expected| expected.shipment.id);
    if memory.shipment != id {
        let at = step.shipment_changed_at();
        end(memory, book, at, step.place_at(at));
        *memory = Memory { shipment: id, ..Memory::default() };
    }
    let Some(expected) = expected else { return };
    if memory.arrived && memory.open.is_none() {
        return;
    }
    let is_there = |place| expected.is_there(place, step);
    if let Some(Open::EarlyUntil(until)) = memory.open {
        if until <= step.time() {
            end(memory, book, until, step.place_at(until));
        } else if !is_there(step.fix.place) {
            let (at, place) = step.changed_at(is_there);
            end(memory, book, at, place);
        }
        return;
    }
    if is_there(step.fix.place) {
        arrive(rule, memory, &expected, step, book);
        return;
    }
    memory.due = None;
    let Some((late_from, by)) = expected.late_from(rule) else { return };
    if step.time() <= late_from {
        memory.due = Some(late_from);
        return;
    }
    let late_s = seconds_between(by, step.time());
    if let Some(Open::Late(raised_to_s)) = memory.open
        && late_s < raised_to_s + RAISED_EVERY_S
    {
        return;
    }
    memory.open = Some(Open::Late(late_s));
    see(
        rule,
        "late",
        (late_from, step.place_at(late_from)),
        (late_s, rule.parameters.late_s),
        Certainty::Observed,
        book,
    );
}

fn arrive(
    rule: &Rule<Parameters>,
    memory: &mut Memory,
    expected: &Expected<'_>,
    step: &Step<'_>,
    book: &mut EpisodeBook<'_>,
) {
    let is_there = |place| expected.is_there(place, step);
    let came = step.previous.is_some_and(|previous| !step.gap && !is_there(previous.place));
    let (at, place) = if came { step.changed_at(is_there) } else { (step.time(), step.fix.place) };
    memory.arrived = true;
    memory.due = None;
    if let Some((late_from, by)) = expected.late_from(rule).filter(|(late_from, _)| at > *late_from) {
        // In a gap it may have come in time.
        let certainty = if step.gap { Certainty::Possible } else { Certainty::Observed };
        let value = (seconds_between(by, at), rule.parameters.late_s);
        see(rule, "late", (late_from, step.place_at(late_from)), value, certainty, book);
        memory.open = Some(Open::Late(value.0));
    }
    end(memory, book, at, place);
    let Some(from) = expected.shipment.arrive_from else { return };
    let early_until = seconds_after(from, -rule.parameters.early_s);
    if at < early_until {
        let value = (seconds_between(at, from), rule.parameters.early_s);
        see(rule, "early", (at, place), value, Certainty::Observed, book);
        memory.open = Some(Open::EarlyUntil(early_until));
        memory.due = Some(early_until);
        if early_until <= step.time() {
            end(memory, book, early_until, step.fix.place);
        }
    }
}

/// Judges silence at `at`, the moment that [`Memory::due`] named.
pub fn judge_silence(
    rule: &Rule<Parameters>,
    memory: &mut Memory,
    scene: &Scene<'_>,
    last: LastFix,
    at: DateTime<Utc>,
    book: &mut EpisodeBook<'_>,
) {
    memory.due = None;
    if let Some(Open::EarlyUntil(_)) = memory.open {
        end(memory, book, at, last.place);
        return;
    }
    let Some(expected) = Expected::of(scene).filter(|expected| memory.shipment == Some(expected.shipment.id)) else {
        return;
    };
    let Some((late_from, by)) = expected.late_from(rule) else { return };
    if at < late_from {
        memory.due = Some(late_from);
        return;
    }
    memory.open = Some(Open::PerhapsLate);
    let value = (seconds_between(by, at), rule.parameters.late_s);
    see(rule, "late", (late_from, last.place), value, Certainty::Possible, book);
}

fn see(
    rule: &Rule<Parameters>,
    situation: &'static str,
    (since, place): (DateTime<Utc>, Place),
    (value_s, limit_s): (f64, f64),
    certainty: Certainty,
    book: &mut EpisodeBook<'_>,
) {
    let seen = Sighting::of_vehicle(since, Some(place));
    book.see(rule, Sighting { situation, certainty, value: Some(value_s), limit: Some(limit_s), ..seen });
}

fn end(memory: &mut Memory, book: &mut EpisodeBook<'_>, at: DateTime<Utc>, place: Place) {
    memory.due = None;
    if memory.open.take().is_some() {
        book.close(RuleKey::ScheduleWindow, &Subject::Vehicle, at, Some(place));
    }
}

#[cfg(test)]
mod tests;
