//! Conditions that readings show for as long as they last: an open case, gas in the air, a cargo that is too warm.
//!
//! A reading begins such a condition and a reading ends it; a fix without the reading changes nothing. A long silence in
//! between does not end it either, as long as the next reading still shows it. If that shows it no more, it ended somewhere in
//! the silence, and lasted no longer than is known: to the last reading that showed it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Step, seconds_between};
use crate::domain::Place;

/// Whether a condition is shown, and by which reading it last was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Shown(Option<Reading>);

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Reading {
    at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<Place>,
}

impl Shown {
    /// Whether the condition is not shown.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.is_none()
    }

    /// Notes a reading that shows it.
    pub fn note(&mut self, step: &Step<'_>) {
        self.0 = Some(Reading { at: step.time(), place: step.place });
    }

    /// Notes a reading that does not show it. Returns when and where it ended, if it was shown.
    pub fn end(&mut self, step: &Step<'_>) -> Option<(DateTime<Utc>, Option<Place>)> {
        let last = self.0.take()?;
        let silent = seconds_between(last.at, step.time()) > step.scene.world.settings().gap_s;
        Some(if silent { (last.at, last.place) } else { (step.time(), step.place) })
    }
}
