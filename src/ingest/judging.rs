//! Judging what was heard of one vehicle, and gathering what followed for the store.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{gather::HeardOf, sequence::SequenceTracker};
use crate::{
    engine::{Checkpoint, History, Judgement, Moment, Observation, Order, Track, VehicleState},
    hazard::Catalogue,
    incident,
    rules::{EpisodeChange, Realm, Warning, seconds_between, separation},
    store::{
        batch::{FoundChange, StateOutcome, StoredCheckpoint, StoredFix, VehicleOutcome},
        separation::NewFixes,
    },
    telemetry::Metrics,
    world::KnownVehicle,
};

/// What is remembered of one vehicle: this is what the store keeps as its state.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Tracked {
    /// The engine's state.
    pub engine: VehicleState,
    /// Numbered reports, if the device asks to be told what is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<SequenceTracker>,
}

#[derive(Serialize)]
struct TrackedRef<'a> {
    engine: &'a VehicleState,
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<&'a SequenceTracker>,
}

/// A vehicle in memory.
#[derive(Default)]
pub(super) struct Vehicle {
    pub track: Track,
    pub sequence: Option<SequenceTracker>,
    /// When it was last heard, by the server's clock; for one that was loaded, when that was.
    pub heard_at: DateTime<Utc>,
}

/// How much of a track is compared with others' at once.
const PORTION: TimeDelta = TimeDelta::hours(1);

/// By what is judged.
#[derive(Clone, Copy)]
pub(crate) struct Judge<'a> {
    pub world: &'a Realm,
    pub catalogue: &'a Catalogue,
    pub metrics: &'a Metrics,
    /// What is older than the newest of its vehicle by more than this is kept, but not judged any more.
    pub rejudge_limit: TimeDelta,
}

impl Judge<'_> {
    /// An outcome of `vehicle` with nothing in it yet.
    pub fn begin(&self, known: &KnownVehicle, topic_path: String, received_at: DateTime<Utc>) -> VehicleOutcome {
        VehicleOutcome {
            vehicle_id: known.vehicle.id,
            operator_id: known.vehicle.operator_id,
            topic_path,
            received_at,
            fixes: Vec::new(),
            revised: Vec::new(),
            events: Vec::new(),
            changes: Vec::new(),
            told: Vec::new(),
            warnings: Vec::new(),
            incidents: Vec::new(),
            checkpoints: Vec::new(),
            rejudged_from: None,
            to_compare: Vec::new(),
            state: None,
        }
    }

    /// Puts what was heard in order, drops what is known, and sets aside what is too late.
    pub(super) fn prepare(
        &self,
        known: &KnownVehicle,
        vehicle: &mut Vehicle,
        heard: &mut HeardOf,
        outcome: &mut VehicleOutcome,
    ) {
        vehicle.heard_at = heard.received_at;
        // Stable: of two with one moment the one that came first stays.
        heard.observations.sort_by_key(|(observation, _)| observation.moment());
        heard.observations.dedup_by_key(|(observation, _)| observation.moment());
        let track = &vehicle.track;
        heard.observations.retain(|(observation, _)| track.order_of(observation.moment()) != Order::Repeat);
        self.set_aside_what_is_too_late(known, track, heard, outcome);
    }

    /// Judges what was heard. `past` is what the store knows of the time from the first of [`beyond_memory`] on, if there is any.
    pub(super) fn hear(
        &self,
        known: &KnownVehicle,
        vehicle: &mut Vehicle,
        heard: &mut HeardOf,
        past: Option<History>,
        outcome: &mut VehicleOutcome,
    ) {
        if let Some(past) = &past {
            let moments: HashSet<Moment> = past.heard.iter().map(|heard| heard.observation.moment()).collect();
            heard.observations.retain(|(observation, _)| !moments.contains(&observation.moment()));
        }
        let Some(first) = heard.observations.first().map(|(observation, _)| observation.moment()) else { return };
        if vehicle.track.order_of(first) == Order::Next {
            for (observation, received_at) in heard.observations.drain(..) {
                let judged = vehicle.track.judge(self.world, known, observation.clone());
                self.keep(observation, judged.judgement, received_at, outcome);
                self.note_changes(known, judged.changes, received_at, outcome);
                self.note_warnings(judged.warnings, received_at, outcome);
                outcome.checkpoints.extend(judged.checkpoint.map(|checkpoint| stored(&checkpoint)));
            }
        } else if let Some(history) = past.or_else(|| vehicle.track.recent_past(first)) {
            self.judge_again(known, vehicle, history, heard, outcome);
        }
        self.note_what_to_compare(known, outcome);
    }

    /// Notes where the track has something new, if the vehicle's distance to others is watched.
    fn note_what_to_compare(&self, known: &KnownVehicle, outcome: &mut VehicleOutcome) {
        if known.shipments.is_empty() {
            return;
        }
        let judged = outcome.fixes.iter().filter(|stored| stored.judgement == Judgement::Judged);
        let revised = outcome.revised.iter().map(|(moment, _)| moment.time);
        let mut times: Vec<DateTime<Utc>> = judged.map(|stored| stored.fix.key.time).chain(revised).collect();
        times.sort_unstable();
        let world_version = self.world.version();
        let mut new: Vec<NewFixes> = Vec::new();
        for time in times.into_iter().filter(|time| separation::concerns(self.world, known, (*time, *time)).is_some()) {
            match new.last_mut() {
                // A long backlog is compared in portions.
                Some(last) if time - last.from <= PORTION => last.to = time,
                _ => new.push(NewFixes { from: time, to: time, world_version }),
            }
        }
        outcome.to_compare = new;
    }

    /// Judges a span again with what came out of order in it, and with what comes after.
    fn judge_again(
        &self,
        known: &KnownVehicle,
        vehicle: &mut Vehicle,
        history: History,
        heard: &mut HeardOf,
        outcome: &mut VehicleOutcome,
    ) {
        let received_at = heard.received_at;
        let observations = heard.observations.iter().map(|(observation, _)| observation.clone()).collect();
        let rejudged = vehicle.track.judge_again(self.world, known, history, observations);
        let judgements: HashMap<Moment, Judgement> = rejudged.added.into_iter().collect();
        for (observation, received_at) in heard.observations.drain(..) {
            let judgement = judgements.get(&observation.moment()).copied().unwrap_or(Judgement::Judged);
            self.keep(observation, judgement, received_at, outcome);
        }
        outcome.revised.extend(rejudged.revised);
        outcome.rejudged_from = rejudged.heard.first().map(|heard| heard.observation.moment().time);
        outcome.checkpoints.extend(rejudged.checkpoints.iter().map(stored));
        self.note_changes(known, rejudged.changes, received_at, outcome);
        self.note_warnings(rejudged.warnings, received_at, outcome);
    }

    /// A warning is for what lies ahead now, not for what lay ahead when a late fix was made.
    fn note_warnings(&self, warnings: Vec<Warning>, received_at: DateTime<Utc>, outcome: &mut VehicleOutcome) {
        let fresh = |at| seconds_between(at, received_at) <= self.world.settings().lateness_s;
        outcome.warnings.extend(warnings.into_iter().filter(|warning| fresh(warning.at)));
    }

    /// Fires the deadlines up to `until`: by the clock, nothing was heard of the vehicle by then.
    pub(super) fn judge_silence(
        &self,
        known: &KnownVehicle,
        vehicle: &mut Vehicle,
        until: DateTime<Utc>,
        outcome: &mut VehicleOutcome,
    ) {
        let changes = vehicle.track.judge_silence(self.world, known, until);
        let now = outcome.received_at;
        self.note_changes(known, changes, now, outcome);
    }

    /// Keeps what is older than is judged again. An alarm among it is judged by itself all the same: it may be an emergency.
    fn set_aside_what_is_too_late(
        &self,
        known: &KnownVehicle,
        track: &Track,
        heard: &mut HeardOf,
        outcome: &mut VehicleOutcome,
    ) {
        let Some(newest) = track.state.newest else { return };
        let oldest = newest.time - self.rejudge_limit;
        let first_in_time = heard.observations.partition_point(|(observation, _)| observation.moment().time < oldest);
        for (observation, received_at) in heard.observations.drain(..first_in_time) {
            if let Observation::Event(_) = &observation {
                let mut alone = Track::default();
                let mut changes = alone.judge(self.world, known, observation.clone()).changes;
                while let Some(at) = alone.state.next_deadline() {
                    changes.extend(alone.judge_silence(self.world, known, at));
                }
                self.note_changes(known, changes, received_at, outcome);
            }
            self.keep(observation, Judgement::TooLate, received_at, outcome);
        }
    }

    fn keep(
        &self,
        observation: Observation,
        judgement: Judgement,
        received_at: DateTime<Utc>,
        outcome: &mut VehicleOutcome,
    ) {
        match observation {
            Observation::Fix(fix) => {
                self.metrics.fix(judgement);
                outcome.fixes.push(StoredFix { fix, judgement, received_at });
            }
            Observation::Event(event) => outcome.events.push((event, received_at)),
        }
    }

    /// Counts what changed, and drafts the incidents that follow from it.
    pub fn note_changes(
        &self,
        known: &KnownVehicle,
        changes: Vec<EpisodeChange>,
        received_at: DateTime<Utc>,
        outcome: &mut VehicleOutcome,
    ) {
        for change in changes {
            self.metrics.episode(&change);
            let age_s = seconds_between(change.episode.opened_at, received_at);
            let fresh = age_s <= self.world.settings().lateness_s;
            if let Some(draft) = incident::draft(self.world, self.catalogue, known, &change, fresh) {
                outcome.incidents.push(draft);
            }
            if incident::is_told(&change, fresh) {
                outcome.told.push(change.episode.id);
            }
            outcome.changes.push(FoundChange { change, late: !fresh });
        }
    }
}

/// What of it lies farther back than memory reaches: whether it is known, and what was then, only the store can tell.
pub(super) fn beyond_memory(vehicle: &Vehicle, heard: &HeardOf) -> impl Iterator<Item = Moment> {
    let moments = heard.observations.iter().map(|(observation, _)| observation.moment());
    moments.filter(|moment| vehicle.track.order_of(*moment) == Order::Past)
}

impl Vehicle {
    /// The vehicle as the store keeps it.
    ///
    /// # Errors
    /// When it does not serialise.
    pub fn stored(&self) -> Result<StateOutcome, serde_json::Error> {
        let tracked = TrackedRef { engine: &self.track.state, sequence: self.sequence.as_ref() };
        Ok(StateOutcome { last: self.track.state.last, engine_state: serde_json::to_string(&tracked)? })
    }

    /// A vehicle that the store kept.
    pub fn loaded(tracked: Tracked, at: DateTime<Utc>) -> Self {
        Self { track: Track::from_state(tracked.engine), sequence: tracked.sequence, heard_at: at }
    }
}

fn stored(checkpoint: &Checkpoint) -> StoredCheckpoint {
    // Plain data of our own always serialises; a blank state would only make judging again begin with a first look.
    let engine_state = serde_json::to_string(&checkpoint.state).unwrap_or_else(|_| "{}".into());
    StoredCheckpoint { at: checkpoint.at, engine_state }
}
