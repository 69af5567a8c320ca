//! Judging one thing after the other, in the order in which they happened.

use chrono::{DateTime, Utc};

use super::{
    look_ahead, motion,
    plausibility::{self, Plausibility},
    presence,
    state::VehicleState,
    timeline::{Judgement, Observation},
};
use crate::{
    domain::{DeviceEvent, Fix},
    geo::quick_m,
    rules::{self, EpisodeBook, EpisodeChange, Ground, LastFix, Realm, Scene, Step, Warning, seconds_between},
    world::KnownVehicle,
};

/// What judging one thing gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// What became of it.
    pub judgement: Judgement,
    /// What changed in the vehicle's episodes, in order.
    pub changes: Vec<EpisodeChange>,
    /// What the driver can still avoid.
    pub warnings: Vec<Warning>,
    /// The state before it, where a new stretch of the timeline begins.
    pub checkpoint: Option<Checkpoint>,
}

/// A state from which a stretch of the past can be judged again.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// The time of the first thing heard after it.
    pub at: DateTime<Utc>,
    /// The state before that.
    pub state: VehicleState,
}

impl Judged {
    fn take(&mut self, book: EpisodeBook<'_>) {
        let (changes, warnings) = book.into_parts();
        self.changes.extend(changes);
        self.warnings.extend(warnings);
    }
}

/// How often the state is kept for judging again, in seconds.
const STRETCH_S: i64 = 3600;

/// Judges what comes after all that `state` has seen.
pub(super) fn judge_next(
    realm: &Realm,
    vehicle: &KnownVehicle,
    state: &mut VehicleState,
    observation: &Observation,
) -> Judged {
    let moment = observation.moment();
    let stretch = |time: DateTime<Utc>| time.timestamp().div_euclid(STRETCH_S);
    let begins_stretch = state.newest.is_none_or(|newest| stretch(newest.time) != stretch(moment.time));
    let checkpoint = begins_stretch.then(|| Checkpoint { at: moment.time, state: state.clone() });
    let mut judged = Judged {
        judgement: Judgement::Judged,
        changes: judge_silence(realm, vehicle, state, moment.time),
        warnings: Vec::new(),
        checkpoint,
    };
    state.newest = Some(moment);
    match observation {
        Observation::Fix(fix) => judge_fix(realm, vehicle, state, fix, &mut judged),
        Observation::Event(event) => judge_event(realm, vehicle, state, event, &mut judged),
    }
    judged
}

fn judge_fix(realm: &Realm, vehicle: &KnownVehicle, state: &mut VehicleState, fix: &Fix, judged: &mut Judged) {
    let time = fix.key.time;
    let this = LastFix::of(fix);
    let mut step = Step {
        scene: Scene::at(realm, vehicle, time, (fix.driver.as_deref(), fix.escort.as_deref())),
        previous: state.last,
        fix,
        place: Some(fix.place),
        gap: state.last.is_some_and(|last| seconds_between(last.key.time, time) > realm.settings().gap_s),
        moved_m: state.last.map_or(0.0, |last| quick_m(last.place, fix.place)),
        ground: Ground::default(),
        motion: state.motion,
        presences: &[],
        crossings: &[],
    };
    let plausibility = plausibility::weigh(state, &step);
    let mut book = EpisodeBook::new(step.scene, &mut state.open);
    if plausibility == Plausibility::Implausible {
        judged.judgement = Judgement::Implausible;
        step.place = state.last.map(|last| last.place);
        step.ground = presence::known_ground(&state.presences, &step);
        step.presences = &state.presences;
        rules::judge_implausible(&mut state.rules, &step, &mut book);
        judged.take(book);
        return;
    }
    step.gap |= plausibility == Plausibility::Reanchored;
    step.motion = motion::follow(state.motion, &step);
    let (ground, crossings) = presence::track(&mut state.presences, &mut state.clear, &step, &mut book);
    let step = Step { ground, presences: &state.presences, crossings: &crossings, ..step };
    rules::judge_fix(&mut state.rules, &step, &mut book);
    look_ahead::warn(&mut state.rules, state.clear.as_ref(), &step, &mut book);
    judged.take(book);
    state.motion = step.motion;
    state.last = Some(this);
    state.driver.clone_from(&fix.driver);
    state.escort.clone_from(&fix.escort);
    state.hear(time);
}

fn judge_event(
    realm: &Realm,
    vehicle: &KnownVehicle,
    state: &mut VehicleState,
    event: &DeviceEvent,
    judged: &mut Judged,
) {
    state.hear(event.time);
    let place = event.place.or_else(|| state.last.map(|last| last.place));
    let scene = Scene::at(realm, vehicle, event.time, (state.driver.as_deref(), state.escort.as_deref()));
    let mut book = EpisodeBook::new(scene, &mut state.open);
    rules::judge_event(&mut state.rules, &scene, event, place, &mut book);
    judged.take(book);
}

/// Fires every deadline up to `until`, in order: nothing was heard of the vehicle by then.
pub(super) fn judge_silence(
    realm: &Realm,
    vehicle: &KnownVehicle,
    state: &mut VehicleState,
    until: DateTime<Utc>,
) -> Vec<EpisodeChange> {
    let mut changes = Vec::new();
    while let Some(at) = state.next_deadline().filter(|at| *at <= until) {
        let scene = Scene::at(realm, vehicle, at, (state.driver.as_deref(), state.escort.as_deref()));
        let mut book = EpisodeBook::new(scene, &mut state.open);
        rules::judge_deadline(&mut state.rules, &scene, state.last, at, &mut book);
        changes.extend(book.into_parts().0);
    }
    changes
}
