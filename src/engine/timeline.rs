//! What was heard of a vehicle, in the order in which it happened.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::{DeviceEvent, Fix};

/// One thing that was heard of a vehicle.
#[derive(Clone, Debug, PartialEq)]
pub enum Observation {
    /// A position.
    Fix(Arc<Fix>),
    /// An alarm of the device.
    Event(DeviceEvent),
}

/// When something was heard of: identity within the vehicle, and order. What happened at one instant is ordered by the
/// device's numbers, then positions come before alarms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment {
    /// When it happened, by the device.
    pub time: DateTime<Utc>,
    /// The device's sequence number; 0 where it sends none.
    pub seq: i64,
    /// 0 for a position; alarms by their kind.
    pub rank: u8,
}

impl Observation {
    /// When it happened.
    #[must_use]
    pub fn moment(&self) -> Moment {
        match self {
            Self::Fix(fix) => Moment { time: fix.key.time, seq: fix.key.seq, rank: 0 },
            Self::Event(event) => Moment { time: event.time, seq: event.seq, rank: 1 + event.kind.number() },
        }
    }
}

/// What became of something that was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// Judged.
    Judged,
    /// It came so late that its time is no longer judged: kept as it came.
    TooLate,
    /// It cannot be where it says: kept and flagged.
    Implausible,
}

impl Judgement {
    /// The number in the database.
    #[must_use]
    pub fn number(self) -> i16 {
        match self {
            Self::Judged => 0,
            Self::TooLate => 1,
            Self::Implausible => 2,
        }
    }

    /// The judgement with this number.
    #[must_use]
    pub fn from_number(number: i16) -> Option<Self> {
        [Self::Judged, Self::TooLate, Self::Implausible].into_iter().find(|judgement| judgement.number() == number)
    }
}
