//! A fix: one reported position of one vehicle.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Place;

/// What tells one fix of a vehicle from another, and their order: the time of the fix, then the device's sequence number.
///
/// Times are kept to the microsecond, as the database keeps them; a finer time would make a fix differ from itself
/// after it was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FixKey {
    /// When the receiver fixed the position.
    pub time: DateTime<Utc>,
    /// The device's sequence number; 0 where the device sends none.
    pub seq: i64,
}

/// One reported position with what came beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// Identity and order within the vehicle.
    pub key: FixKey,
    /// Where.
    pub place: Place,
    /// Ground speed in km/h, as the receiver gave it.
    pub speed_kmh: Option<f64>,
    /// Course over ground in degrees clockwise from north, 0 up to 360.
    pub heading_deg: Option<f64>,
    /// Radius in metres within which the receiver believes the position to be.
    pub accuracy_m: Option<f64>,
    /// Height above sea level in metres.
    pub altitude_m: Option<f64>,
    /// Satellites used.
    pub satellites: Option<i16>,
    /// Whether the ignition is on.
    pub ignition: Option<bool>,
    /// Who drives, in the operator's own code.
    pub driver: Option<String>,
    /// Readings of cargo and vehicle sensors by name, units in the names.
    pub sensors: Sensors,
    /// Fields of the payload that Placard does not know, kept as they came.
    pub unknown_fields: Map<String, Value>,
}

/// Sensor readings: the ones rules use by name, everything else as it came.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sensors {
    /// Roll of the vehicle body in degrees from upright, either side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roll_deg: Option<f64>,
    /// All other readings.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Sensors {
    /// Whether nothing was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.roll_deg.is_none() && self.other.is_empty()
    }
}
