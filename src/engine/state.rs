//! What the engine remembers of one vehicle. It is plain data: it can be stored, loaded, compared, and judged on.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    reconcile::{Beginning, beginning},
    timeline::Moment,
};
use crate::{
    domain::{Episode, Place, ViolationId},
    geo::Clearance,
    rules::{LastFix, Motion, RuleMemory, ZonePresence},
};

/// Everything that judging the next fix of a vehicle needs to know of its past.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VehicleState {
    /// The newest of all that was heard, whatever became of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest: Option<Moment>,
    /// The newest judged fix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<LastFix>,
    /// Who drove by the newest judged fix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub driver: Option<String>,
    /// The attendant on board by the newest judged fix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escort: Option<String>,
    /// Time of the newest fix or event that was believed: silence is reckoned from here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heard_at: Option<DateTime<Utc>>,
    /// Up to when silence was judged by the clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silence_to: Option<DateTime<Utc>>,
    /// Implausible fixes since, as far as they agree with each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspect: Option<Suspect>,
    /// How the vehicle moves.
    pub motion: Motion,
    /// Zones that the vehicle is in, or at the edge of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub presences: Vec<ZonePresence>,
    /// A place around which no zone needs a look. Worked out anew after a start.
    #[serde(skip)]
    pub clear: Option<Clear>,
    /// Open episodes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<Episode>,
    /// What each rule remembers.
    #[serde(skip_serializing_if = "RuleMemory::is_blank")]
    pub rules: RuleMemory,
}

/// A run of implausible fixes that agree with each other.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suspect {
    /// The newest of them.
    pub last: LastFix,
    /// How many.
    pub count: u8,
}

/// A place with a distance within which there is no zone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clear {
    /// The middle.
    pub place: Place,
    /// How far there is none.
    pub clearance: Clearance,
    /// The version of the world by which it is so.
    pub world_version: i64,
}

impl VehicleState {
    /// The next moment at which something changes if nothing is heard of the vehicle.
    #[must_use]
    pub fn next_deadline(&self) -> Option<DateTime<Utc>> {
        self.rules.next_deadline()
    }

    /// Whether `moment` comes after all that was heard, and after all silence that was judged.
    #[must_use]
    pub fn is_before(&self, moment: Moment) -> bool {
        self.precedes(moment) && self.silence_to.is_none_or(|until| until <= moment.time)
    }

    /// Whether `moment` comes after all that was heard.
    #[must_use]
    pub fn precedes(&self, moment: Moment) -> bool {
        self.newest.is_none_or(|newest| newest < moment)
    }

    /// Notes that something was heard and believed.
    pub(super) fn hear(&mut self, time: DateTime<Utc>) {
        self.heard_at = self.heard_at.max(Some(time));
    }

    /// Gives open episodes the ids under which they are recorded.
    pub(super) fn rename(&mut self, names: &HashMap<Beginning, ViolationId>) {
        for episode in &mut self.open {
            if let Some(recorded) = names.get(&beginning(episode)) {
                episode.id = *recorded;
            }
        }
    }
}
