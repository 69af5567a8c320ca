//! What a device sends: fixes and alarms, in the form of the `placard` payload.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::geometry::Place;

/// One position with what came beside it. The device numbers it when it is reported.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fix {
    /// When the receiver fixed the position.
    #[serde(serialize_with = "milliseconds")]
    pub time: DateTime<Utc>,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// Ground speed in km/h.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed_kmh: Option<f64>,
    /// Course over ground in degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heading_deg: Option<f64>,
    /// Radius within which the receiver believes the position to be, in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
    /// Satellites used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub satellites: Option<u8>,
    /// Whether the ignition is on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignition: Option<bool>,
    /// Who drives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub driver: Option<String>,
    /// Who attends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escort: Option<String>,
    /// Kilometres driven by the vehicle so far.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub odometer_km: Option<f64>,
    /// Whether it was kept while there was no radio and is sent late.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub buffered: bool,
    /// Readings by name, units in the names.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub sensors: Map<String, Value>,
}

impl Fix {
    /// A fix of which only time and place are known.
    #[must_use]
    pub fn new(time: DateTime<Utc>, place: Place) -> Self {
        Self {
            time,
            place,
            speed_kmh: None,
            heading_deg: None,
            accuracy_m: None,
            satellites: None,
            ignition: None,
            driver: None,
            escort: None,
            odometer_km: None,
            buffered: false,
            sensors: Map::new(),
        }
    }
}

/// What an alarm says happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
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

/// An alarm of the device.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// When.
    #[serde(serialize_with = "milliseconds")]
    pub time: DateTime<Utc>,
    /// Where, if known.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

#[derive(Serialize)]
struct Numbered<'a, T> {
    #[serde(flatten)]
    content: &'a T,
    seq: i64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    ack: bool,
}

/// The JSON object of a fix or an alarm with its number, asking for an acknowledgement if `ack`.
///
/// # Errors
/// When a number in it is not finite, which JSON cannot say.
pub fn numbered(content: &impl Serialize, seq: i64, ack: bool) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Numbered { content, seq, ack })
}

fn milliseconds<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_fix_reads_as_the_payload_wants_it() {
        let mut fix = Fix::new(at("2026-11-24T08:15:30.250Z"), Place::new(51.5074, 4.3021));
        fix.speed_kmh = Some(71.5);
        fix.sensors.insert("roll_deg".into(), json!(1.2));
        let payload: Value = serde_json::from_str(&numbered(&fix, 18211, true).unwrap()).unwrap();
        assert_eq!(
            payload,
            json!({"time": "2026-11-24T08:15:30.250Z", "lat": 51.5074, "lon": 4.3021, "speed_kmh": 71.5,
                   "sensors": {"roll_deg": 1.2}, "seq": 18211, "ack": true})
        );
    }

    #[test]
    fn an_alarm_says_what_when_and_where_and_asks_for_nothing_unless_told() {
        let event =
            Event { kind: EventKind::ValveOpen, time: at("2026-11-24T08:00:00Z"), place: Some(Place::new(51.0, 4.0)) };
        let payload: Value = serde_json::from_str(&numbered(&event, 3, false).unwrap()).unwrap();
        let expected =
            json!({"kind": "valve_open", "time": "2026-11-24T08:00:00.000Z", "lat": 51.0, "lon": 4.0, "seq": 3});
        assert_eq!(payload, expected);
    }
}
