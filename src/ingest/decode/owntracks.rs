//! OwnTracks: JSON of the OwnTracks apps, and of trackers whose bridges speak the same.
//!
//! Source: the OwnTracks booklet, "JSON" (<https://owntracks.org/booklet/tech/json/>). Only `_type` `location` says
//! where the vehicle is: `tst` in seconds since 1970, `lat`, `lon`, `acc` in metres, `vel` in km/h, `cog` in degrees,
//! `alt` in metres, `batt` in percent; Queclink trackers add `ign` and `odometer` in km. The other documented types are
//! housekeeping and passed over. A message on a vehicle's topic is about that vehicle, whatever its `tid` or `topic`
//! says; both are kept.

use serde_json::Value;

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

/// The decoder of OwnTracks messages.
#[derive(Clone, Copy, Debug, Default)]
pub struct OwntracksDecoder;

/// Documented types that say nothing about where the vehicle is now. A `transition` comes beside a `location`.
const HOUSEKEEPING: [&str; 14] = [
    "beacon",
    "card",
    "cmd",
    "configuration",
    "dump",
    "lwt",
    "request",
    "status",
    "steps",
    "tour",
    "tours",
    "transition",
    "waypoint",
    "waypoints",
];

impl Decoder for OwntracksDecoder {
    fn decode(&self, _topic: &Topic, payload: &[u8], limits: &Limits) -> Result<Decoded, Reject> {
        let Payload { value, may_hold_nul } = Payload::read(payload)?;
        if may_hold_nul {
            refuse_nul(&value)?;
        }
        let Value::Object(object) = value else {
            return Err(Reject { reason: Reason::NotAnObject, ..wrong_type("the payload", &value, "an object") });
        };
        let mut fields = Fields(object);
        let message = fields.text("_type", 64)?.ok_or_else(|| missing("_type"))?;
        match message.as_str() {
            "location" => location(fields, limits),
            "encrypted" => {
                let detail = "the message is encrypted; Placard has no key: let the app rely on TLS instead";
                Err(Reject::new(Reason::Encrypted, detail))
            }
            housekeeping if HOUSEKEEPING.contains(&housekeeping) => Ok(Decoded::default()),
            other => {
                let detail = format!("_type is {other:?}; \"location\" is wanted");
                Err(Reject::new(Reason::UnknownMessage, detail))
            }
        }
    }
}

fn location(mut fields: Fields, limits: &Limits) -> Result<Decoded, Reject> {
    let time = fields.time("tst", limits)?;
    let place = fields.place("lat", "lon")?.ok_or_else(|| missing("lat"))?;
    // iOS says -1 where it does not know.
    for name in ["vel", "cog", "acc"] {
        if fields.0.get(name).and_then(Value::as_f64).is_some_and(|number| number < 0.0) {
            fields.0.remove(name);
        }
    }
    let mut sensors = Sensors::default();
    if let Some(percent) = fields.take("batt") {
        sensors.other.insert("battery_pct".into(), percent);
    }
    let mut events = Vec::new();
    // The trigger of Queclink trackers that lost the vehicle's supply; the apps have no such trigger.
    if fields.0.get("t").and_then(Value::as_str) == Some("e") {
        events.push(DeviceEvent { kind: DeviceEventKind::PowerCut, time, seq: 0, place: Some(place) });
    }
    let fix = Fix {
        key: FixKey { time, seq: 0 },
        place,
        speed_kmh: fields.number("vel", 0.0..=2000.0)?,
        heading_deg: fields.course("cog")?,
        accuracy_m: fields.number("acc", 0.0..=1e6)?,
        altitude_m: fields.number("alt", -1000.0..=100_000.0)?,
        satellites: None,
        ignition: fields.truth("ign")?,
        driver: None,
        escort: None,
        odometer_km: fields.number("odometer", 0.0..=1e8)?,
        buffered: false,
        sensors,
        unknown_fields: fields.0,
    };
    Ok(Decoded { fixes: vec![fix], events, ..Decoded::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::IngestConfig;

    fn decode(payload: &str) -> Result<Decoded, Reject> {
        let topic = Topic::parse(b"placard/v1/rhine-chem/T-01/owntracks").unwrap();
        let limits = Limits::at("2026-11-24T08:20:00Z".parse().unwrap(), &IngestConfig::default());
        OwntracksDecoder.decode(&topic, payload.as_bytes(), &limits)
    }

    fn reason(payload: &str) -> Reason {
        decode(payload).unwrap_err().reason
    }

    #[test]
    fn a_location_is_a_fix_and_who_it_says_it_is_is_only_kept() {
        let payload = r#"{"_type":"location","acc":6,"alt":3,"batt":82,"bs":2,"cog":182,"conn":"m","lat":51.5074,
            "lon":4.3021,"t":"t","tid":"X9","topic":"owntracks/other/T-99","tst":1795508130,"vac":2,"vel":71,"created_at":1795508131}"#;
        let decoded = decode(payload).unwrap();
        let fix = &decoded.fixes[0];
        assert_eq!(fix.key.time.timestamp(), 1_795_508_130);
        assert_eq!((fix.speed_kmh, fix.heading_deg, fix.accuracy_m), (Some(71.0), Some(182.0), Some(6.0)));
        assert_eq!(fix.altitude_m, Some(3.0));
        assert_eq!(fix.sensors.other["battery_pct"], 82);
        assert_eq!(
            (&fix.unknown_fields["tid"], &fix.unknown_fields["topic"]),
            (&"X9".into(), &"owntracks/other/T-99".into())
        );
        assert!(decoded.events.is_empty() && !decoded.wants_ack);
    }

    #[test]
    fn minus_one_means_that_the_phone_does_not_know() {
        let fix = decode(r#"{"_type":"location","lat":1,"lon":2,"tst":1795508130,"vel":-1,"cog":-1}"#)
            .unwrap()
            .fixes
            .remove(0);
        assert_eq!((fix.speed_kmh, fix.heading_deg), (None, None));
    }

    #[test]
    fn a_tracker_that_lost_its_supply_raises_an_alarm() {
        let payload = r#"{"_type":"location","lat":1,"lon":2,"tst":1795508130,"t":"e","ign":true,"odometer":1204.6}"#;
        let decoded = decode(payload).unwrap();
        assert_eq!(decoded.events[0].kind, DeviceEventKind::PowerCut);
        assert_eq!((decoded.fixes[0].ignition, decoded.fixes[0].odometer_km), (Some(true), Some(1204.6)));
    }

    #[test]
    fn housekeeping_is_passed_over() {
        for message in ["lwt", "transition", "waypoint", "waypoints", "card", "cmd", "steps", "configuration"] {
            let payload = format!(r#"{{"_type":"{message}","tst":1795508130,"lat":1,"lon":2}}"#);
            assert_eq!(decode(&payload).unwrap(), Decoded::default(), "{message}");
        }
    }

    #[test]
    fn what_cannot_be_used_has_its_reason() {
        assert_eq!(reason(r#"{"_type":"encrypted","data":"7yA"}"#), Reason::Encrypted);
        assert_eq!(reason(r#"{"_type":"msg"}"#), Reason::UnknownMessage);
        assert_eq!(reason(r#"{"lat":1,"lon":2,"tst":1795508130}"#), Reason::MissingField);
        assert_eq!(reason(r#"{"_type":"location","lat":1,"lon":2}"#), Reason::MissingField);
        assert_eq!(reason(r#"{"_type":"location","lon":2,"tst":1795508130}"#), Reason::MissingField);
        assert_eq!(reason(r#"{"_type":"location","lat":"51","lon":2,"tst":1795508130}"#), Reason::WrongType);
        assert_eq!(reason(r#"{"_type":"location","lat":91,"lon":2,"tst":1795508130}"#), Reason::OutOfRange);
        assert_eq!(reason(r#"{"_type":"location","lat":1,"lon":2,"tst":12}"#), Reason::TooOld);
        assert_eq!(
            reason(r#"{"_type":"location","lat":1,"lon":2,"tst":1795508130,"tid":"\u0000"}"#),
            Reason::NulCharacter
        );
        assert_eq!(reason("[]"), Reason::NotAnObject);
    }
}
