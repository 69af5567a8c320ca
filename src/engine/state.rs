//! What the engine remembers of one vehicle. It is plain data: it can be stored, loaded, compared, and judged on.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    domain::{DeviceEventKind, Episode, RuleKey, Subject, ZoneId, ZoneVersion},
    geo::Presence,
    rules::{LastFix, seconds_after, signal_lost::SignalState, speed_limit::SpeedState},
    world::RuleSettings,
};

/// Everything that judging the next fix of a vehicle needs to know of its past.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VehicleState {
    /// The newest judged fix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<LastFix>,
    /// Time of the newest fix or event: silence is reckoned from here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heard_at: Option<DateTime<Utc>>,
    /// Implausible fixes since, as far as they agree with each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspect: Option<Suspect>,
    /// Zones that the vehicle is in, or at the edge of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub presences: Vec<ZonePresence>,
    /// Open episodes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<Episode>,
    /// Memory of `speed.limit`.
    pub speed: SpeedState,
    /// Memory of `signal.lost`.
    pub signal: SignalState,
    /// Alarms that are open, and when each was last repeated.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alarms: Vec<OpenAlarm>,
    /// The last device events, to know a repeated one by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recent_events: Vec<EventKey>,
}

/// A run of implausible fixes that agree with each other.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suspect {
    /// The newest of them.
    pub last: LastFix,
    /// How many.
    pub count: u8,
}

/// Where a vehicle stands towards one zone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ZonePresence {
    /// The zone.
    pub zone: ZoneId,
    /// The version of it that was looked at.
    pub version: ZoneVersion,
    /// Inside, or outside with a foot in the door.
    pub presence: Presence,
}

/// An alarm that ends when it is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenAlarm {
    /// The rule of its episode.
    pub rule: RuleKey,
    /// The subject of its episode.
    pub subject: Subject,
    /// When it was last raised.
    pub last_raised_at: DateTime<Utc>,
}

/// What tells one device event from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventKey {
    /// What happened.
    pub kind: DeviceEventKind,
    /// When.
    pub time: DateTime<Utc>,
    /// The device's sequence number.
    pub seq: i64,
}

/// How many device events are remembered.
const REMEMBERED_EVENTS: usize = 64;

impl VehicleState {
    /// The next moment at which something changes if nothing is heard of the vehicle.
    #[must_use]
    pub fn next_deadline(&self, settings: &RuleSettings) -> Option<DateTime<Utc>> {
        let alarm_ends = self.alarms.iter().map(|alarm| seconds_after(alarm.last_raised_at, settings.alarm_quiet_s));
        self.signal.due.into_iter().chain(alarm_ends).min()
    }

    /// Notes that something was heard.
    pub(super) fn hear(&mut self, time: DateTime<Utc>) {
        self.heard_at = self.heard_at.max(Some(time));
    }

    /// Notes an event; false when it was known already.
    pub(super) fn remember_event(&mut self, key: EventKey) -> bool {
        if self.recent_events.contains(&key) {
            return false;
        }
        if self.recent_events.len() >= REMEMBERED_EVENTS {
            self.recent_events.remove(0);
        }
        self.recent_events.push(key);
        true
    }

    /// Notes that an alarm was raised, for the first time or again.
    pub(super) fn raise_alarm(&mut self, rule: RuleKey, subject: Subject, at: DateTime<Utc>) {
        match self.alarms.iter_mut().find(|alarm| alarm.rule == rule && alarm.subject == subject) {
            Some(alarm) => alarm.last_raised_at = alarm.last_raised_at.max(at),
            None => self.alarms.push(OpenAlarm { rule, subject, last_raised_at: at }),
        }
    }
}
