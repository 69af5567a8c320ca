//! Alarms that a device raises by itself.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Place;

/// What a device says happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceEventKind {
    /// The driver pressed the emergency button.
    Sos,
    /// A collision was sensed.
    Crash,
    /// The vehicle turned over.
    Rollover,
    /// Cargo is escaping.
    Leak,
    /// Fire was sensed.
    Fire,
    /// A valve or manhole is open.
    ValveOpen,
    /// The unit lost its supply.
    PowerCut,
    /// The receiver is being jammed.
    GnssJamming,
    /// Somebody meddled with the unit.
    Tamper,
}

impl DeviceEventKind {
    /// Every kind, in order.
    pub const ALL: [Self; 9] = [
        Self::Sos,
        Self::Crash,
        Self::Rollover,
        Self::Leak,
        Self::Fire,
        Self::ValveOpen,
        Self::PowerCut,
        Self::GnssJamming,
        Self::Tamper,
    ];

    /// The kind's place in the order of what happened at one instant.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The kind with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The kind's name in payloads and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sos => "sos",
            Self::Crash => "crash",
            Self::Rollover => "rollover",
            Self::Leak => "leak",
            Self::Fire => "fire",
            Self::ValveOpen => "valve_open",
            Self::PowerCut => "power_cut",
            Self::GnssJamming => "gnss_jamming",
            Self::Tamper => "tamper",
        }
    }
}

impl fmt::Display for DeviceEventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One alarm of one device.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceEvent {
    /// What happened.
    pub kind: DeviceEventKind,
    /// When, by the device's clock.
    pub time: DateTime<Utc>,
    /// The device's sequence number; 0 where it sends none.
    pub seq: i64,
    /// Where, if the device said so; else the vehicle's last fix tells.
    pub place: Option<Place>,
}
