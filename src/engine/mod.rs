//! The engine: what a fix, a device event, or silence means.
//!
//! It is deterministic, does no I/O and knows no clock. The caller gives it the [`Realm`](crate::rules::Realm), a vehicle's
//! [`Track`] and what was heard; it changes the track and returns what changed in the vehicle's episodes. Time is the time of
//! the fixes. What would happen without any further word is data too: [`VehicleState::next_deadline`] names the moment, and
//! the caller, who has a clock, calls [`Track::judge_silence`] then. A fix that comes after a deadline fires it first, so that
//! the result is the same whoever notices.
//!
//! What comes out of order is put in its place and judged again from there ([`history`]): any order of arrival ends in the
//! same episodes.

mod judge;
mod look_ahead;
mod motion;
mod plausibility;
mod presence;
mod recent;
mod reconcile;
mod state;
mod timeline;
mod track;

pub mod history;
pub mod separation;

#[cfg(test)]
mod tests;

pub use self::{
    history::{Heard, History, Rejudged, rejudge},
    judge::{Checkpoint, Judged},
    state::{Clear, Suspect, VehicleState},
    timeline::{Judgement, Moment, Observation},
    track::{Order, Track},
};
