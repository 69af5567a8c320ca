//! The engine: what a fix, a device event, or silence means.
//!
//! It is deterministic, does no I/O and knows no clock. The caller gives it the [`World`], a vehicle's [`VehicleState`]
//! and what was heard; it changes the state and returns what changed in the vehicle's episodes. Time is the time of the
//! fixes. What would happen without any further word is data too: [`VehicleState::next_deadline`] names the moment, and
//! the caller, who has a clock, calls [`judge_silence`] then. A fix that comes after a deadline fires it first, so that
//! the result is the same whoever notices.

mod plausibility;
mod presence;
mod state;

#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};

use self::plausibility::Plausibility;
pub use self::state::{EventKey, OpenAlarm, Suspect, VehicleState, ZonePresence};
use crate::{
    domain::{DeviceEvent, DeviceEventKind, Fix, RuleKey, Subject},
    rules::{
        EpisodeBook, EpisodeChange, LastFix, Step, device_alarm, motion_rollover, seconds_between, signal_lost, sos,
        speed_limit,
    },
    world::{KnownVehicle, World},
};

/// What became of a fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// Newer than all before: judged.
    Judged,
    /// Not newer than the newest judged one: not judged. It is a repeat, or it came out of order.
    OutOfOrder,
    /// It cannot be where it says: not judged.
    Implausible,
}

impl Judgement {
    /// The number in the database.
    #[must_use]
    pub fn number(self) -> i16 {
        match self {
            Self::Judged => 0,
            Self::OutOfOrder => 1,
            Self::Implausible => 2,
        }
    }
}

/// What judging one fix gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// What became of the fix.
    pub judgement: Judgement,
    /// What changed in the vehicle's episodes, in order.
    pub changes: Vec<EpisodeChange>,
}

/// Judges one fix of `vehicle`.
pub fn judge_fix(world: &World, vehicle: &KnownVehicle, state: &mut VehicleState, fix: &Fix) -> Judged {
    let settings = world.settings();
    let this = LastFix::of(fix);
    if state.last.is_some_and(|last| fix.key <= last.key) {
        return Judged { judgement: Judgement::OutOfOrder, changes: Vec::new() };
    }
    let reanchored = match plausibility::weigh(state, settings, this) {
        Plausibility::Plausible => false,
        Plausibility::Reanchored => true,
        Plausibility::Implausible => {
            let changes = judge_implausible(world, vehicle, state, fix);
            return Judged { judgement: Judgement::Implausible, changes };
        }
    };

    let mut changes = judge_silence(world, vehicle, state, fix.key.time);
    let cargo = world.cargo(vehicle, fix.key.time);
    let long_ago = |last: LastFix| seconds_between(last.key.time, fix.key.time) > settings.gap_s;
    let step =
        Step { world, vehicle, cargo, previous: state.last, fix, gap: reanchored || state.last.is_some_and(long_ago) };
    let mut book = EpisodeBook::new(vehicle.vehicle.id, world.version(), cargo.is_unknown(), &mut state.open);
    let zone_limit_kmh = presence::track(&mut state.presences, &step, &mut book);
    let limit_kmh = [vehicle.vehicle.speed_limit_kmh, zone_limit_kmh].into_iter().flatten().reduce(f64::min);
    speed_limit::judge(&mut state.speed, &step, limit_kmh, &mut book);
    motion_rollover::judge(&step, &mut book);
    signal_lost::heard(&mut state.signal, world, state.last, this, &mut book);
    changes.extend(book.into_changes());

    let overturned = fix.sensors.roll_deg.is_some_and(|roll_deg| roll_deg.abs() > settings.rollover_deg);
    if overturned {
        state.raise_alarm(RuleKey::MotionRollover, Subject::Vehicle, fix.key.time);
    }
    forget_ended_alarms(state);
    state.last = Some(this);
    state.hear(fix.key.time);
    Judged { judgement: Judgement::Judged, changes }
}

/// What can be believed of a fix that cannot be where it says: that the vehicle lies on its side. In a crash the receiver
/// is the first to err.
fn judge_implausible(world: &World, vehicle: &KnownVehicle, state: &mut VehicleState, fix: &Fix) -> Vec<EpisodeChange> {
    let overturned = fix.sensors.roll_deg.is_some_and(|roll_deg| roll_deg.abs() > world.settings().rollover_deg);
    if !overturned {
        return Vec::new();
    }
    let event = DeviceEvent { kind: DeviceEventKind::Rollover, time: fix.key.time, seq: fix.key.seq, place: None };
    judge_event(world, vehicle, state, &event)
}

/// Judges one device event of `vehicle`. Order does not matter to events: a late one is judged like any other.
pub fn judge_event(
    world: &World,
    vehicle: &KnownVehicle,
    state: &mut VehicleState,
    event: &DeviceEvent,
) -> Vec<EpisodeChange> {
    if !state.remember_event(EventKey { kind: event.kind, time: event.time, seq: event.seq }) {
        return Vec::new();
    }
    let mut changes = judge_silence(world, vehicle, state, event.time);
    state.hear(event.time);
    let place = event.place.or_else(|| state.last.map(|last| last.place));
    let cargo = world.cargo(vehicle, event.time);
    let mut book = EpisodeBook::new(vehicle.vehicle.id, world.version(), cargo.is_unknown(), &mut state.open);
    let (rule, subject) = match event.kind {
        DeviceEventKind::Sos => {
            sos::pressed(event, place, &mut book);
            (RuleKey::Sos, Subject::Vehicle)
        }
        DeviceEventKind::Rollover => {
            motion_rollover::overturned(event.time, place, None, &mut book);
            (RuleKey::MotionRollover, Subject::Vehicle)
        }
        other => {
            device_alarm::reported(event, place, &mut book);
            (RuleKey::DeviceAlarm, Subject::Alarm(other))
        }
    };
    changes.extend(book.into_changes());
    state.raise_alarm(rule, subject, event.time);
    changes
}

/// Fires every deadline up to `until`, in order: nothing was heard of the vehicle by then.
pub fn judge_silence(
    world: &World,
    vehicle: &KnownVehicle,
    state: &mut VehicleState,
    until: DateTime<Utc>,
) -> Vec<EpisodeChange> {
    let mut changes = Vec::new();
    while let Some(at) = state.next_deadline(world.settings()).filter(|at| *at <= until) {
        let cargo = world.cargo(vehicle, at);
        let mut book = EpisodeBook::new(vehicle.vehicle.id, world.version(), cargo.is_unknown(), &mut state.open);
        if let Some(last) = state.last.filter(|_| state.signal.due == Some(at)) {
            signal_lost::judge_silence(&mut state.signal, world, cargo, last, at, &mut book);
        } else {
            state.signal.due = state.signal.due.filter(|due| *due != at);
            for alarm in &state.alarms {
                if crate::rules::seconds_after(alarm.last_raised_at, world.settings().alarm_quiet_s) <= at {
                    book.close(alarm.rule, alarm.subject, alarm.last_raised_at, state.last.map(|last| last.place));
                }
            }
        }
        changes.extend(book.into_changes());
        forget_ended_alarms(state);
    }
    changes
}

/// An alarm whose episode has ended, by itself or by its rule, has no deadline any more.
fn forget_ended_alarms(state: &mut VehicleState) {
    let open = &state.open;
    state.alarms.retain(|alarm| open.iter().any(|open| open.rule == alarm.rule && open.subject == alarm.subject));
}
