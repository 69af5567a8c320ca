//! The recent past of a vehicle: a state, and what was heard since. What comes a little out of order is judged again from
//! here, without asking the store.

use super::{
    history::{Heard, History},
    state::VehicleState,
    timeline::Moment,
};
use crate::domain::Episode;

/// Half of what is kept at the most: when the whole is full, the older half is let go.
const HALF: usize = 16;

/// A short ring of what was heard. Empty after a start: then the store has to be asked.
#[derive(Clone, Debug, Default)]
pub struct Recent {
    base: Option<Box<VehicleState>>,
    heard: Vec<Heard>,
    /// Episodes that ended since the base.
    ended: Vec<Episode>,
    middle: Option<Box<Middle>>,
}

/// Where the older half ends.
#[derive(Clone, Debug)]
struct Middle {
    state: VehicleState,
    heard: usize,
    ended: usize,
}

impl Recent {
    /// Makes room for something that is about to be judged by `state`.
    pub(super) fn prepare(&mut self, state: &VehicleState) {
        if self.heard.len() >= 2 * HALF
            && let Some(middle) = self.middle.take()
        {
            self.base = Some(Box::new(middle.state));
            self.heard.drain(..middle.heard.min(self.heard.len()));
            self.ended.drain(..middle.ended.min(self.ended.len()));
        }
        if self.base.is_none() {
            self.base = Some(Box::new(state.clone()));
        }
        if self.heard.len() >= HALF && self.middle.is_none() {
            let (heard, ended) = (self.heard.len(), self.ended.len());
            self.middle = Some(Box::new(Middle { state: state.clone(), heard, ended }));
        }
    }

    /// Notes what was judged.
    pub(super) fn note(&mut self, heard: Heard) {
        self.heard.push(heard);
    }

    /// Notes episodes that ended.
    pub(super) fn note_ended<'e>(&mut self, episodes: impl Iterator<Item = &'e Episode>) {
        if self.base.is_some() {
            self.ended.extend(episodes.filter(|episode| episode.closed_at.is_some()).cloned());
        }
    }

    /// Whether exactly this was heard already.
    #[must_use]
    pub fn knows(&self, moment: Moment) -> bool {
        self.heard.iter().any(|heard| heard.observation.moment() == moment)
    }

    /// Whether the past from before `moment` on is here.
    #[must_use]
    pub fn reaches(&self, moment: Moment) -> bool {
        self.base.as_ref().is_some_and(|base| base.precedes(moment))
    }

    /// The past from a state before `moment`, if it reaches back so far. `open` are the episodes open now.
    pub(super) fn since(&self, moment: Moment, open: &[Episode]) -> Option<History> {
        let base = self.base.as_ref().filter(|base| base.precedes(moment))?;
        let recorded = self.ended.iter().chain(open).cloned().collect();
        Some(History { base: (**base).clone(), heard: self.heard.clone(), recorded })
    }

    /// Starts anew: the past was judged again.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Takes over a past that was judged again, if it is short enough to be kept.
    pub(super) fn replace(&mut self, base: VehicleState, heard: Vec<Heard>, ended: Vec<Episode>) {
        self.forget();
        if heard.len() < 2 * HALF {
            *self = Self { base: Some(Box::new(base)), heard, ended, middle: None };
        }
    }
}
