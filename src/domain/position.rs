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
    /// The attendant on board beside the driver, in the operator's own code.
    pub escort: Option<String>,
    /// Distance that the vehicle has covered in its life, in km.
    pub odometer_km: Option<f64>,
    /// Whether the device kept the fix while it was offline and sent it afterwards.
    pub buffered: bool,
    /// Readings of cargo and vehicle sensors by name, units in the names.
    pub sensors: Sensors,
    /// Fields of the payload that Placard does not know, kept as they came.
    pub unknown_fields: Map<String, Value>,
}

impl Fix {
    /// The fix as the store keeps it. What is measured is kept in single precision, seven digits being more than a receiver
    /// has; judging the rounded values makes a fix that is loaded again mean just what it meant when it came.
    #[must_use]
    pub fn as_stored(mut self) -> Self {
        for value in [&mut self.speed_kmh, &mut self.heading_deg, &mut self.accuracy_m, &mut self.altitude_m] {
            #[expect(clippy::cast_possible_truncation, reason = "rounding to single precision is what is wanted")]
            let rounded = value.map(|value| f64::from(value as f32));
            *value = rounded;
        }
        self
    }
}

/// Sensor readings: the ones rules use by name, everything else as it came.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Map<String, Value>")]
pub struct Sensors {
    /// Roll of the vehicle body in degrees from upright, either side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roll_deg: Option<f64>,
    /// Pressure in the tank in kPa, above the atmosphere's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tank_pressure_kpa: Option<f64>,
    /// Temperature of the cargo in °C.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tank_temperature_c: Option<f64>,
    /// Level in the tank in percent of its capacity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tank_level_pct: Option<f64>,
    /// Whether a valve or manhole is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valve_open: Option<bool>,
    /// Gas in the air at the vehicle, in percent of the lower explosive limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gas_pct_lel: Option<f64>,
    /// Whether there is cargo on board.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loaded: Option<bool>,
    /// Whether the driver is at the vehicle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub driver_present: Option<bool>,
    /// Jamming of the receiver: 0 none, 1 warning, 2 critical.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jamming: Option<u8>,
    /// Whether the unit has the vehicle's supply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_power: Option<bool>,
    /// Whether the receiver's antenna is connected and whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub antenna_ok: Option<bool>,
    /// Whether the unit's case is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_open: Option<bool>,
    /// Whether a door to the load is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub door_open: Option<bool>,
    /// Highest acceleration since the last fix, in multiples of 9.81 m/s².
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acceleration_g: Option<f64>,
    /// Speed by the wheels in km/h.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wheel_speed_kmh: Option<f64>,
    /// All other readings.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Sensors {
    /// Whether nothing was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
