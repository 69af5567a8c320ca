//! Placard's own format: one object or a list of objects, as the README describes.

use serde_json::Value;

use super::{
    Decoded, Decoder, Limits,
    fields::{Fields, LARGEST_WHOLE, missing, wrong_type},
    json::{Payload, refuse_nul},
};
use crate::{
    domain::{DeviceEvent, DeviceEventKind, Fix, FixKey, position::Sensors},
    ingest::{
        reject::{Reason, Reject},
        topic::{MessageKind, Topic},
    },
};

/// The decoder of Placard's own format.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlacardDecoder;

impl Decoder for PlacardDecoder {
    fn decode(&self, topic: &Topic, payload: &[u8], limits: &Limits) -> Result<Decoded, Reject> {
        let Payload { value, may_hold_nul } = Payload::read(payload)?;
        let elements = match value {
            Value::Array(elements) => elements,
            single => vec![single],
        };
        if elements.is_empty() {
            return Err(Reject::new(Reason::Empty, "the payload is an empty list; at least one element is wanted"));
        }
        if elements.len() > limits.fixes {
            let detail = format!("the payload lists {} elements; at most {} are taken", elements.len(), limits.fixes);
            return Err(Reject::new(Reason::TooManyFixes, detail));
        }
        let mut decoded = Decoded::default();
        for (part, element) in elements.into_iter().enumerate() {
            let seq = element.get("seq").and_then(Value::as_i64);
            let asks = element.get("ack").and_then(Value::as_bool).unwrap_or(false);
            let storable = if may_hold_nul { refuse_nul(&element) } else { Ok(()) };
            if let Err(reject) = storable.and_then(|()| take(topic, element, limits, &mut decoded)) {
                decoded.rejects.push((part, reject));
                decoded.refused_seqs.extend(seq.filter(|seq| (1..=LARGEST_WHOLE).contains(seq)));
                decoded.wants_ack |= asks;
            }
        }
        // A backlog may come newest first; the engine wants the order of the fixes.
        decoded.fixes.sort_by_key(|fix| fix.key);
        Ok(decoded)
    }
}

fn take(topic: &Topic, element: Value, limits: &Limits, decoded: &mut Decoded) -> Result<(), Reject> {
    let Value::Object(object) = element else {
        return Err(Reject { reason: Reason::NotAnObject, ..wrong_type("the element", &element, "an object") });
    };
    let mut fields = Fields(object);
    for (name, spoken_for) in [("operator", topic.operator.as_str()), ("vehicle", topic.vehicle.as_str())] {
        if let Some(named) = fields.text(name, 64)?.filter(|named| named != spoken_for) {
            let detail = format!("{name} is {named:?}, but the topic is that of {spoken_for:?}");
            return Err(Reject::new(Reason::VehicleMismatch, detail));
        }
    }
    decoded.wants_ack |= fields.truth("ack")?.unwrap_or(false);
    match topic.kind {
        MessageKind::Event => decoded.events.push(event(fields, limits)?),
        _ => decoded.fixes.push(fix(fields, limits)?),
    }
    Ok(())
}

fn fix(mut fields: Fields, limits: &Limits) -> Result<Fix, Reject> {
    let time = fields.time("time", limits)?;
    let place = fields.place("lat", "lon")?.ok_or_else(|| missing("lat"))?;
    Ok(Fix {
        key: FixKey { time, seq: fields.whole("seq")?.unwrap_or(0) },
        place,
        speed_kmh: fields.number("speed_kmh", 0.0..=2000.0)?,
        heading_deg: fields.course("heading_deg")?,
        accuracy_m: fields.number("accuracy_m", 0.0..=1e6)?,
        altitude_m: fields.number("altitude_m", -1000.0..=100_000.0)?,
        satellites: fields.satellites("satellites")?,
        ignition: fields.truth("ignition")?,
        driver: fields.text("driver", 128)?,
        escort: fields.text("escort", 128)?,
        odometer_km: fields.number("odometer_km", 0.0..=1e8)?,
        buffered: fields.truth("buffered")?.unwrap_or(false),
        sensors: fields.take_object("sensors").map(Sensors::from).unwrap_or_default(),
        unknown_fields: fields.0,
    })
}

fn event(mut fields: Fields, limits: &Limits) -> Result<DeviceEvent, Reject> {
    let time = fields.time("time", limits)?;
    let kind = fields.text("kind", 64)?.ok_or_else(|| missing("kind"))?;
    let kind: DeviceEventKind = serde_json::from_value(Value::String(kind.clone())).map_err(|_| {
        let wanted = "sos, crash, rollover, leak, fire, valve_open, power_cut, gnss_jamming or tamper is wanted";
        Reject::new(Reason::UnknownEvent, format!("kind is {kind:?}; {wanted}"))
    })?;
    Ok(DeviceEvent { kind, time, seq: fields.whole("seq")?.unwrap_or(0), place: fields.place("lat", "lon")? })
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;
    use crate::config::IngestConfig;

    fn now() -> DateTime<Utc> {
        "2026-11-24T08:20:00Z".parse().unwrap()
    }

    fn decode(kind: &str, payload: &[u8]) -> Result<Decoded, Reject> {
        let topic = Topic::parse(format!("placard/v1/rhine-chem/T-01/{kind}").as_bytes()).unwrap();
        PlacardDecoder.decode(&topic, payload, &Limits::at(now(), &IngestConfig::default()))
    }

    fn reason(payload: &str) -> Reason {
        match decode("position", payload.as_bytes()) {
            Err(reject) => reject.reason,
            Ok(decoded) => decoded.rejects.first().map(|(_, reject)| reject.reason).expect("a reject"),
        }
    }

    #[test]
    fn a_full_position_is_read_and_unknown_fields_are_kept() {
        let payload = br#"{"time":"2026-11-24T08:15:30.250Z","lat":51.5074,"lon":4.3021,"speed_kmh":71.5,
            "heading_deg":360,"accuracy_m":4.1,"altitude_m":3,"satellites":11,"seq":18211,"ignition":true,
            "driver":"D-4411","escort":"E-12","odometer_km":184201.7,"buffered":true,
            "sensors":{"tank_pressure_kpa":612,"roll_deg":1.2,"oil_bar":4.2},"ack":true,"firmware":"9.1"}"#;
        let decoded = decode("position", payload).unwrap();
        assert!(decoded.wants_ack && decoded.rejects.is_empty());
        let fix = &decoded.fixes[0];
        assert_eq!(fix.key.seq, 18211);
        assert_eq!(fix.heading_deg, Some(0.0));
        assert_eq!(fix.sensors.roll_deg, Some(1.2));
        assert_eq!(fix.sensors.tank_pressure_kpa, Some(612.0));
        assert_eq!(fix.sensors.other["oil_bar"], 4.2);
        assert_eq!((fix.escort.as_deref(), fix.odometer_km, fix.buffered), (Some("E-12"), Some(184_201.7), true));
        assert_eq!(fix.unknown_fields["firmware"], "9.1");
    }

    #[test]
    fn times_are_rfc_3339_or_epoch_seconds_or_milliseconds() {
        let time = |text: &str| {
            let payload = format!(r#"{{"time":{text},"lat":1,"lon":2}}"#);
            decode("position", payload.as_bytes()).unwrap().fixes[0].key.time
        };
        assert_eq!(time("\"2026-11-24T09:15:30+01:00\""), time("1795508130"));
        assert_eq!(time("1795508130250"), time("1795508130.25"));
    }

    #[test]
    fn every_kind_of_bad_input_has_its_reason() {
        assert_eq!(reason("{"), Reason::NotJson);
        assert_eq!(reason("7"), Reason::NotAnObject);
        assert_eq!(reason("[]"), Reason::Empty);
        assert_eq!(reason(r#"{"lat":1,"lon":2}"#), Reason::MissingField);
        assert_eq!(reason(r#"{"time":1795508130,"lon":2}"#), Reason::MissingField);
        assert_eq!(reason(r#"{"time":1795508130,"lat":91,"lon":2}"#), Reason::OutOfRange);
        assert_eq!(reason(r#"{"time":1795508130,"lat":NaN,"lon":2}"#), Reason::NotJson);
        assert_eq!(reason(r#"{"time":1795508130,"lat":"NaN","lon":2}"#), Reason::WrongType);
        assert_eq!(reason(r#"{"time":1795508130,"lat":1e999,"lon":2}"#), Reason::NotJson);
        assert_eq!(reason(r#"{"time":"yesterday","lat":1,"lon":2}"#), Reason::WrongType);
        assert_eq!(reason(r#"{"time":0,"lat":1,"lon":2}"#), Reason::TooOld);
        assert_eq!(reason(r#"{"time":1795512000,"lat":1,"lon":2}"#), Reason::InTheFuture);
        assert_eq!(reason(r#"{"time":1795508130,"lat":1,"lon":2,"vehicle":"T-02"}"#), Reason::VehicleMismatch);
        assert_eq!(reason(r#"{"time":1795508130,"lat":1,"lon":2,"driver":"a\u0000b"}"#), Reason::NulCharacter);
        assert_eq!(reason(r#"{"time":1795508130,"lat":1,"lon":2,"seq":-1}"#), Reason::OutOfRange);
        assert_eq!(decode("position", b"\xff\xfe").unwrap_err().reason, Reason::NotUtf8);
        assert_eq!(
            decode("event", br#"{"time":1795508130,"kind":"boom"}"#).unwrap().rejects[0].1.reason,
            Reason::UnknownEvent
        );
    }

    #[test]
    fn one_bad_element_of_a_backlog_does_not_spoil_the_rest() {
        let payload = br#"[{"time":1795508130,"lat":1,"lon":2,"seq":1},{"time":1795508131,"lat":99,"lon":2,"seq":2},
            {"time":1795508132,"lat":1,"lon":2,"seq":3}]"#;
        let decoded = decode("position", payload).unwrap();
        assert_eq!(decoded.fixes.len(), 2);
        assert_eq!(decoded.rejects[0].0, 1);
        assert!(decoded.rejects[0].1.detail.contains("lat is 99"));
    }

    #[test]
    fn a_broken_sensor_does_not_cost_the_position() {
        let sensors = |text: &str| {
            let payload = format!(r#"{{"time":1795508130,"lat":1,"lon":2,"sensors":{text}}}"#);
            let mut decoded = decode("position", payload.as_bytes()).unwrap();
            assert!(decoded.rejects.is_empty(), "{:?}", decoded.rejects);
            decoded.fixes.remove(0)
        };
        let fix = sensors(r#"{"tank_pressure_kpa":"n/a","roll_deg":4000,"valve_open":true}"#);
        assert_eq!(
            (fix.sensors.tank_pressure_kpa, fix.sensors.roll_deg, fix.sensors.valve_open),
            (None, None, Some(true))
        );
        assert_eq!(fix.sensors.other["tank_pressure_kpa"], "n/a");
        assert_eq!(sensors("[612]").unknown_fields["sensors"][0], 612);
        assert!(sensors("null").sensors.is_empty());
    }

    #[test]
    fn an_event_may_come_without_a_place() {
        let decoded = decode("event", br#"{"time":1795508130,"kind":"sos","seq":4}"#).unwrap();
        assert_eq!(decoded.events[0].kind, DeviceEventKind::Sos);
        assert_eq!(decoded.events[0].place, None);
    }
}
