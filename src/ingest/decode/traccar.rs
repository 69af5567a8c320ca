//! Traccar: positions as a Traccar server forwards them (`forward.type` `json`, `mqtt`, `kafka` …).
//!
//! Source: traccar.org, "Forwarding", and the fields and units of Traccar's `Position`: `{"position": {…}, "device":
//! {…}}` with `fixTime`, `deviceTime`, `latitude`, `longitude`, `speed` in knots, `course` in degrees, `altitude` and
//! `accuracy` in metres, `valid`, and `attributes` (`ignition`, `sat`, `alarm`, `odometer` in metres, `obdSpeed` in
//! km/h, `door`, `driverUniqueId`, `archive`: kept while offline). A number that Traccar does not know is 0 there.
//! Attributes with the names of Placard's sensors are taken as such, so that computed attributes can feed them; all
//! others are kept beside them. Of the device only its `uniqueId` is kept: the vehicle is that of the topic.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::{
    Decoded, Decoder, Limits,
    fields::{Fields, missing, wrong_type},
    json::{Payload, refuse_nul},
};
use crate::{
    domain::{DeviceEvent, DeviceEventKind, Fix, FixKey, position::Sensors},
    ingest::{
        reject::{Reason, Reject},
        topic::Topic,
    },
};

/// The decoder of what Traccar forwards.
#[derive(Clone, Copy, Debug, Default)]
pub struct TraccarDecoder;

/// One international knot: 1852 m an hour.
const KMH_PER_KNOT: f64 = 1.852;

impl Decoder for TraccarDecoder {
    fn decode(&self, _topic: &Topic, payload: &[u8], limits: &Limits) -> Result<Decoded, Reject> {
        let Payload { value, may_hold_nul } = Payload::read(payload)?;
        if may_hold_nul {
            refuse_nul(&value)?;
        }
        let Value::Object(object) = value else {
            return Err(Reject { reason: Reason::NotAnObject, ..wrong_type("the payload", &value, "an object") });
        };
        let mut message = Fields(object);
        let position = message.take_object("position").ok_or_else(|| missing("position"))?;
        let mut position = Fields(position);
        let attributes = position.take_object("attributes").unwrap_or_default();
        let alarms: Vec<_> = [attributes.get("alarm"), alarm_of_event(&message)]
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .flat_map(|alarms| alarms.split(','))
            .filter_map(|alarm| alarm_kind(alarm.trim()))
            .collect();
        if let Some(id) = message.take_object("device").and_then(|mut device| device.remove("uniqueId")) {
            position.0.insert("uniqueId".into(), id);
        }

        let mut decoded = Decoded::default();
        let event_time = time(&mut position, "deviceTime", limits);
        let fix = fix(position, attributes, limits);
        let place = fix.as_ref().ok().map(|fix| fix.place);
        // What a device calls an alarm is one even where its clock cannot be used.
        let event_time = event_time.or_else(|_| fix.as_ref().map(|fix| fix.key.time)).unwrap_or(limits.received_at);
        for kind in alarms {
            decoded.events.push(DeviceEvent { kind, time: event_time, seq: 0, place });
        }
        match fix {
            Ok(fix) => decoded.fixes.push(fix),
            Err(reject) => decoded.rejects.push((0, reject)),
        }
        Ok(decoded)
    }
}

/// The alarm that an event forwarded by itself is about: `{"event": {"type": "alarm", "attributes": {"alarm": …}}, …}`.
fn alarm_of_event(message: &Fields) -> Option<&Value> {
    let event = message.0.get("event").filter(|event| event.get("type").is_some_and(|kind| kind == "alarm"))?;
    event.get("attributes")?.get("alarm")
}

/// What Traccar's alarms mean here. Those that Placard judges by itself (speed, geofences, fatigue), that devices use
/// for several things (`fallDown`, `vibration`) or that are not about danger have no counterpart; they stay readable
/// under `alarm`.
fn alarm_kind(alarm: &str) -> Option<DeviceEventKind> {
    Some(match alarm {
        "sos" => DeviceEventKind::Sos,
        "accident" => DeviceEventKind::Crash,
        "powerCut" | "powerOff" => DeviceEventKind::PowerCut,
        "jamming" => DeviceEventKind::GnssJamming,
        "tampering" | "removing" | "gpsAntennaCut" | "door" => DeviceEventKind::Tamper,
        _ => return None,
    })
}

fn fix(mut position: Fields, attributes: Map<String, Value>, limits: &Limits) -> Result<Fix, Reject> {
    if position.0.get("valid") == Some(&Value::Bool(false)) {
        return Err(Reject::new(Reason::NoFix, "valid is false: the receiver had no position"));
    }
    let place = position.place("latitude", "longitude")?.ok_or_else(|| missing("latitude"))?;
    if place.lat() == 0.0 && place.lon() == 0.0 {
        return Err(Reject::new(Reason::NoFix, "the position is 0, 0, which stands for none"));
    }
    let time = time(&mut position, "fixTime", limits)?;
    let mut attributes = Fields(attributes);
    let known = |value: Option<f64>| value.filter(|value| *value != 0.0);
    // Attributes are whatever the device's protocol yields: one of a strange type must not cost the position.
    let odometer_m =
        attributes.take_if("odometer", |value| value.as_f64().filter(|metres| (0.0..=1e11).contains(metres)));
    let driver = attributes.take_if("driverUniqueId", |value| {
        value.as_str().filter(|driver| driver.chars().count() <= 128).map(str::to_owned)
    });
    Ok(Fix {
        key: FixKey { time, seq: 0 },
        place,
        speed_kmh: position.number("speed", 0.0..=1000.0)?.map(|knots| knots * KMH_PER_KNOT),
        heading_deg: position.course("course")?,
        accuracy_m: known(position.number("accuracy", 0.0..=1e6)?),
        altitude_m: known(position.number("altitude", -1000.0..=100_000.0)?),
        satellites: attributes.take_if("sat", |value| value.as_i64().and_then(|count| i16::try_from(count).ok())),
        ignition: attributes.take_if("ignition", Value::as_bool),
        driver,
        escort: None,
        odometer_km: odometer_m.map(|metres| metres / 1000.0),
        buffered: attributes.take_if("archive", Value::as_bool).unwrap_or(false),
        sensors: sensors(attributes.0),
        unknown_fields: position.0.into_iter().filter(|(_, value)| !value.is_null()).collect(),
    })
}

/// The readings among the attributes, those that Traccar has names for under Placard's.
fn sensors(mut attributes: Map<String, Value>) -> Sensors {
    for (theirs, ours) in [("obdSpeed", "wheel_speed_kmh"), ("door", "door_open")] {
        if !attributes.contains_key(ours)
            && let Some(reading) = attributes.remove(theirs)
        {
            attributes.insert(ours.into(), reading);
        }
    }
    Sensors::from(attributes)
}

/// The time under `name`. Older servers write the offset without a colon, which RFC 3339 does not know.
fn time(position: &mut Fields, name: &str, limits: &Limits) -> Result<DateTime<Utc>, Reject> {
    if let Some(Value::String(text)) = position.0.get_mut(name)
        && let Some(stem) = text.strip_suffix("+0000")
    {
        *text = format!("{stem}Z");
    }
    position.time(name, limits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::IngestConfig;

    fn decode(payload: &str) -> Result<Decoded, Reject> {
        let topic = Topic::parse(b"placard/v1/rhine-chem/T-01/traccar").unwrap();
        let limits = Limits::at("2026-11-24T08:20:00Z".parse().unwrap(), &IngestConfig::default());
        TraccarDecoder.decode(&topic, payload.as_bytes(), &limits)
    }

    fn position(fields: &str, attributes: &str) -> String {
        format!(
            r#"{{"position":{{"id":7,"deviceId":3,"protocol":"teltonika","deviceTime":"2026-11-24T08:15:31.000+00:00",
            "fixTime":"2026-11-24T08:15:30.000+00:00","latitude":51.5074,"longitude":4.3021{fields},
            "attributes":{{{attributes}}}}},"device":{{"id":3,"uniqueId":"356307042441013","phone":"+31"}}}}"#
        )
    }

    fn with_attributes(attributes: &str) -> Decoded {
        decode(&position(r#","valid":true"#, attributes)).unwrap()
    }

    #[test]
    fn a_forwarded_position_is_a_fix_with_knots_and_metres_turned_into_km() {
        let fields = r#","valid":true,"altitude":3.0,"speed":38.6,"course":182.0,"accuracy":0.0,"address":null"#;
        let attributes = r#""ignition":true,"sat":11,"odometer":184201700,"totalDistance":12.5,"obdSpeed":71,"door":false,
            "driverUniqueId":"D-4411","archive":true,"tank_pressure_kpa":612,"temp1":-31.2"#;
        let decoded = decode(&position(fields, attributes)).unwrap();
        let fix = &decoded.fixes[0];
        assert!((fix.speed_kmh.unwrap() - 71.4872).abs() < 1e-9);
        assert_eq!((fix.heading_deg, fix.altitude_m, fix.accuracy_m), (Some(182.0), Some(3.0), None));
        assert_eq!((fix.ignition, fix.satellites, fix.driver.as_deref()), (Some(true), Some(11), Some("D-4411")));
        assert_eq!((fix.odometer_km, fix.buffered), (Some(184_201.7), true));
        assert_eq!((fix.sensors.tank_pressure_kpa, fix.sensors.wheel_speed_kmh), (Some(612.0), Some(71.0)));
        assert_eq!((fix.sensors.door_open, &fix.sensors.other["temp1"]), (Some(false), &Value::from(-31.2)));
        assert_eq!(fix.unknown_fields["uniqueId"], "356307042441013");
        assert!(!fix.unknown_fields.contains_key("address") && !fix.unknown_fields.contains_key("phone"));
    }

    #[test]
    fn alarms_become_device_events_at_the_time_of_the_device() {
        let decoded = with_attributes(r#""alarm":"sos,powerCut,overspeed""#);
        let kinds: Vec<_> = decoded.events.iter().map(|event| event.kind).collect();
        assert_eq!(kinds, [DeviceEventKind::Sos, DeviceEventKind::PowerCut]);
        assert_eq!(decoded.events[0].time.to_rfc3339(), "2026-11-24T08:15:31+00:00");
        assert!(decoded.events[0].place.is_some());
        assert_eq!(decoded.fixes[0].sensors.other["alarm"], "sos,powerCut,overspeed");
        for (alarm, kind) in [
            ("accident", DeviceEventKind::Crash),
            ("jamming", DeviceEventKind::GnssJamming),
            ("tampering", DeviceEventKind::Tamper),
        ] {
            assert_eq!(with_attributes(&format!(r#""alarm":"{alarm}""#)).events[0].kind, kind);
        }
    }

    #[test]
    fn a_forwarded_event_brings_its_alarm_too() {
        let message = position("", "").replacen('{', r#"{"event":{"type":"alarm","attributes":{"alarm":"sos"}},"#, 1);
        assert_eq!(decode(&message).unwrap().events[0].kind, DeviceEventKind::Sos);
        assert!(decode(&message.replace("\"alarm\",", "\"ignitionOn\",")).unwrap().events.is_empty());
    }

    #[test]
    fn an_alarm_without_a_position_is_still_an_alarm() {
        for no_position in [
            r#","valid":false"#,
            r#","valid":true,"latitude":0.0,"longitude":0.0"#,
            r#","fixTime":"1970-01-01T00:00:00.000+00:00""#,
        ] {
            let decoded = decode(&position(no_position, r#""alarm":"sos""#)).unwrap();
            assert!(decoded.fixes.is_empty() && decoded.rejects.len() == 1, "{no_position}");
            assert_eq!((decoded.events[0].kind, decoded.events[0].place), (DeviceEventKind::Sos, None));
        }
        assert_eq!(decode(&position(r#","valid":false"#, "")).unwrap().rejects[0].1.reason, Reason::NoFix);
    }

    #[test]
    fn an_alarm_of_a_device_with_a_broken_clock_counts_from_its_arrival() {
        let broken = position(r#","valid":false"#, r#""alarm":"sos""#).replace("2026-11-24T08:15", "2000-01-01T00:00");
        assert_eq!(decode(&broken).unwrap().events[0].time.to_rfc3339(), "2026-11-24T08:20:00+00:00");
    }

    #[test]
    fn the_offset_of_older_servers_is_read() {
        let decoded = decode(&position("", "").replace("+00:00", "+0000")).unwrap();
        assert_eq!(decoded.fixes[0].key.time.timestamp(), 1_795_508_130);
    }

    #[test]
    fn an_attribute_of_a_strange_type_does_not_cost_the_position() {
        let fix = with_attributes(r#""ignition":"on","sat":"many","odometer":-1"#).fixes.remove(0);
        assert_eq!((fix.ignition, fix.satellites, fix.odometer_km), (None, None, None));
        assert_eq!(fix.sensors.other["ignition"], "on");
    }

    #[test]
    fn what_cannot_be_used_has_its_reason() {
        assert_eq!(decode("[]").unwrap_err().reason, Reason::NotAnObject);
        assert_eq!(decode(r#"{"device":{}}"#).unwrap_err().reason, Reason::MissingField);
        let reason = |fields: &str| decode(&position(fields, "")).unwrap().rejects[0].1.reason;
        assert_eq!(reason(r#","latitude":91"#), Reason::OutOfRange);
        assert_eq!(reason(r#","speed":"fast""#), Reason::WrongType);
        assert_eq!(reason(r#","fixTime":null"#), Reason::MissingField);
        assert_eq!(decode(&position("", r#""io1":"\u0000""#)).unwrap_err().reason, Reason::NulCharacter);
    }
}
