//! Judging a span of the past again, because something of it has only now come.
//!
//! The span is judged anew from a state before it, in the order in which things happened. What comes out is compared with
//! what was recorded: episodes that are the same stay untouched, others are amended, added or withdrawn. An episode keeps
//! its id when the same breach only begins or ends at another moment.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{
    judge::{Checkpoint, judge_next, judge_silence},
    reconcile::{Beginning, PairedUp, beginning, pair_up, says_the_same},
    state::VehicleState,
    timeline::{Judgement, Moment, Observation},
};
use crate::{
    domain::{Episode, ViolationId},
    rules::{Change, EpisodeChange, Realm, Warning},
    world::KnownVehicle,
};

/// Something that was heard, with what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// What was heard.
    pub observation: Observation,
    /// What became of it.
    pub judgement: Judgement,
}

/// The past of a vehicle from some moment on.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The state before all of it.
    pub base: VehicleState,
    /// What was heard since, in order.
    pub heard: Vec<Heard>,
    /// The episodes that were open at the base, and those recorded since, as they are now.
    pub recorded: Vec<Episode>,
}

/// What judging a span again gave.
#[derive(Clone, Debug, Default)]
pub struct Rejudged {
    /// The state after all of it.
    pub state: VehicleState,
    /// What is different in the vehicle's episodes from what was recorded.
    pub changes: Vec<EpisodeChange>,
    /// All that was heard, in order, with what became of it now.
    pub heard: Vec<Heard>,
    /// What became of the things that were new.
    pub added: Vec<(Moment, Judgement)>,
    /// Things known before whose judgement is now another.
    pub revised: Vec<(Moment, Judgement)>,
    /// What the driver can still avoid, by the things that were new.
    pub warnings: Vec<Warning>,
    /// States along the way from which a later judging can start.
    pub checkpoints: Vec<Checkpoint>,
    /// The episodes that ended within the span.
    pub(super) ended: Vec<Episode>,
}

/// Judges `history` again with `late` in it. `silence_to` is up to when the vehicle's silence was judged by the clock.
#[must_use]
pub fn rejudge(
    realm: &Realm,
    vehicle: &KnownVehicle,
    history: History,
    late: Vec<Observation>,
    silence_to: Option<DateTime<Utc>>,
) -> Rejudged {
    let History { base, heard, recorded } = history;
    let timeline = merge(heard, late);
    let mut result = Rejudged { state: base, ..Rejudged::default() };
    result.state.silence_to = None;
    let mut found = Found::default();
    for (observation, before) in timeline {
        let judged = judge_next(realm, vehicle, &mut result.state, &observation);
        found.note(&judged.changes);
        result.checkpoints.extend(judged.checkpoint);
        let moment = observation.moment();
        match before {
            None => {
                result.added.push((moment, judged.judgement));
                result.warnings.extend(judged.warnings);
            }
            Some(before) if before != judged.judgement => result.revised.push((moment, judged.judgement)),
            Some(_) => {}
        }
        result.heard.push(Heard { observation, judgement: judged.judgement });
    }
    if let Some(until) = silence_to {
        found.note(&judge_silence(realm, vehicle, &mut result.state, until));
    }
    for open in &result.state.open {
        found.note_one(open);
    }
    let names = reconcile(recorded, found.in_order(), &mut result);
    result.state.rename(&names);
    for checkpoint in &mut result.checkpoints {
        checkpoint.state.rename(&names);
    }
    result
}

/// What is known and what is new in one order, with the judgement of what is known. A repeat is dropped.
fn merge(heard: Vec<Heard>, late: Vec<Observation>) -> Vec<(Observation, Option<Judgement>)> {
    let mut all: Vec<(Observation, Option<Judgement>)> =
        heard.into_iter().map(|heard| (heard.observation, Some(heard.judgement))).collect();
    all.extend(late.into_iter().map(|observation| (observation, None)));
    // Stable: of two with one moment the one that is known, which stands first, stays.
    all.sort_by_key(|(observation, _)| observation.moment());
    all.dedup_by_key(|(observation, _)| observation.moment());
    all
}

/// Episodes as they are at the end, in the order in which they were first found.
#[derive(Default)]
struct Found {
    order: Vec<Beginning>,
    last: HashMap<Beginning, Episode>,
}

impl Found {
    fn note(&mut self, changes: &[EpisodeChange]) {
        for change in changes {
            self.note_one(&change.episode);
        }
    }

    fn note_one(&mut self, episode: &Episode) {
        if self.last.insert(beginning(episode), episode.clone()).is_none() {
            self.order.push(beginning(episode));
        }
    }

    fn in_order(mut self) -> Vec<Episode> {
        self.order.iter().filter_map(|beginning| self.last.remove(beginning)).collect()
    }
}

/// Compares what was found with what was recorded, and writes the difference into `result`. Returns the id of each episode.
fn reconcile(recorded: Vec<Episode>, found: Vec<Episode>, result: &mut Rejudged) -> HashMap<Beginning, ViolationId> {
    let mut names = HashMap::new();
    let PairedUp { pairs, not_found } = pair_up(recorded, found);
    for (episode, known) in pairs {
        names.insert(beginning(&episode), episode.id);
        match known {
            None => {
                result.changes.push(EpisodeChange { change: Change::Opened, episode: episode.clone() });
                if episode.closed_at.is_some() {
                    result.changes.push(EpisodeChange { change: Change::Closed, episode: episode.clone() });
                }
            }
            Some(known) => {
                if !says_the_same(&episode, &known) {
                    result.changes.push(EpisodeChange { change: Change::Amended, episode: episode.clone() });
                }
            }
        }
        if episode.closed_at.is_some() {
            result.ended.push(episode);
        }
    }
    result.changes.extend(not_found.into_iter().map(|episode| EpisodeChange { change: Change::Withdrawn, episode }));
    names
}
