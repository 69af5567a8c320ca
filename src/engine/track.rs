//! A vehicle as the engine follows it, whatever order things come in.
//!
//! Something newer than all before is judged at once. Something older goes to its place in the past: the span from there on
//! is judged again, from the recent past where that reaches back so far, else from a [`History`] that the caller loads. So
//! any order of arrival ends in the same episodes.

use chrono::{DateTime, Utc};

use super::{
    history::{Heard, History, Rejudged, rejudge},
    judge::{Judged, judge_next, judge_silence},
    recent::Recent,
    state::VehicleState,
    timeline::{Moment, Observation},
};
use crate::{
    rules::{EpisodeChange, Realm},
    world::KnownVehicle,
};

/// The state of a vehicle, with the recent past to judge again what comes out of order.
#[derive(Clone, Debug, Default)]
pub struct Track {
    /// The state after everything that was heard.
    pub state: VehicleState,
    recent: Recent,
}

/// Where something belongs in what was heard of a vehicle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// After all before.
    Next,
    /// It is known already.
    Repeat,
    /// Within the recent past.
    Recent,
    /// Before the recent past: the store has to be asked, also whether it is known.
    Past,
}

impl Track {
    /// Goes on from a stored state.
    #[must_use]
    pub fn from_state(state: VehicleState) -> Self {
        Self { state, recent: Recent::default() }
    }

    /// Where `moment` belongs.
    #[must_use]
    pub fn order_of(&self, moment: Moment) -> Order {
        if self.state.is_before(moment) {
            Order::Next
        } else if self.recent.knows(moment) {
            Order::Repeat
        } else if self.recent.reaches(moment) {
            Order::Recent
        } else {
            Order::Past
        }
    }

    /// Judges what comes after all before ([`Order::Next`]).
    pub fn judge(&mut self, realm: &Realm, vehicle: &KnownVehicle, observation: Observation) -> Judged {
        self.recent.prepare(&self.state);
        let judged = judge_next(realm, vehicle, &mut self.state, &observation);
        self.recent.note(Heard { observation, judgement: judged.judgement });
        self.recent.note_ended(judged.changes.iter().map(|change| &change.episode));
        judged
    }

    /// Fires every deadline up to `until`: by the clock, nothing was heard of the vehicle by then.
    pub fn judge_silence(&mut self, realm: &Realm, vehicle: &KnownVehicle, until: DateTime<Utc>) -> Vec<EpisodeChange> {
        let changes = judge_silence(realm, vehicle, &mut self.state, until);
        self.state.silence_to = self.state.silence_to.max(Some(until));
        self.recent.note_ended(changes.iter().map(|change| &change.episode));
        changes
    }

    /// The recent past from before `moment` on, if it reaches back so far.
    #[must_use]
    pub fn recent_past(&self, moment: Moment) -> Option<History> {
        self.recent.since(moment, &self.state.open)
    }

    /// Puts `late` into its place and judges again from there on.
    pub fn judge_again(
        &mut self,
        realm: &Realm,
        vehicle: &KnownVehicle,
        history: History,
        late: Vec<Observation>,
    ) -> Rejudged {
        let base = history.base.clone();
        let silence_to = self.state.silence_to;
        let rejudged = rejudge(realm, vehicle, history, late, silence_to);
        self.state = rejudged.state.clone();
        self.state.silence_to = silence_to;
        self.recent.replace(base, rejudged.heard.clone(), rejudged.ended.clone());
        rejudged
    }

    /// Lets go of the recent past, for a vehicle that has not been heard for long.
    pub fn forget_past(&mut self) {
        self.recent.forget();
    }
}
