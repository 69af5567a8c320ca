mod encoder;

use chrono::{DateTime, Utc};
use proptest::prelude::*;

use self::encoder::{PHONE, PHONE_2019, PLAIN, Report, Sent, batch, escape, marked, sent};
use super::{frame::unescape, *};
use crate::{
    config::IngestConfig,
    domain::{DeviceEventKind, Fix},
};

fn limits() -> Limits {
    Limits::at("2026-11-24T08:20:00Z".parse().unwrap(), &IngestConfig::default())
}

fn decode(payload: &[u8]) -> Result<Decoded, Reject> {
    let topic = Topic::parse(b"placard/v1/rhine-chem/T-01/jt808").unwrap();
    Jt808Decoder.decode(&topic, payload, &limits())
}

fn decode_report(report: &Report) -> Decoded {
    decode(&sent(LOCATION, report.body()).bytes()).unwrap()
}

fn fix_of(report: &Report) -> Fix {
    let mut decoded = decode_report(report);
    assert!(decoded.rejects.is_empty(), "{:?}", decoded.rejects);
    decoded.fixes.remove(0)
}

/// The one reason in a payload.
fn reason(payload: &[u8]) -> Reason {
    match decode(payload) {
        Err(reject) => reject.reason,
        Ok(decoded) => {
            assert!(decoded.fixes.is_empty(), "{decoded:?}");
            decoded.rejects.first().map(|(_, reject)| reject.reason).expect("a reject")
        }
    }
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn a_frame_written_out_by_hand_is_read() {
    // The header (0x0200, 28 bytes of body, phone 013812345678, serial 7), then alarms, state, place, height, speed,
    // course, time; the checksum is 0xe9.
    let bytes = [
        0x7e, 0x02, 0x00, 0x00, 0x1c, 0x01, 0x38, 0x12, 0x34, 0x56, 0x78, 0x00, 0x07, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x03, 0x01, 0xdc, 0x89, 0xd0, 0x07, 0x3d, 0x8a, 0xa5, 0x00, 0x0c, 0x02, 0xcb, 0x00, 0xb6, 0x26,
        0x11, 0x24, 0x16, 0x15, 0x30, 0xe9, 0x7e,
    ];
    assert_eq!(sent(LOCATION, PLAIN.body()).bytes(), bytes, "the encoder of these tests agrees");
    let decoded = decode(&bytes).unwrap();
    let fix = &decoded.fixes[0];
    assert_eq!((fix.place.lat(), fix.place.lon()), (31.230_416, 121.473_701));
    assert_eq!(fix.key.time, at("2026-11-24T08:15:30Z"));
    assert_eq!((fix.speed_kmh, fix.heading_deg, fix.altitude_m), (Some(71.5), Some(182.0), Some(12.0)));
    assert_eq!((fix.ignition, fix.sensors.door_open, fix.sensors.loaded), (Some(true), Some(false), None));
    assert_eq!((&fix.unknown_fields["terminal"], &fix.unknown_fields["serial"]), (&"013812345678".into(), &7.into()));
    assert!(decoded.events.is_empty() && !decoded.wants_ack);
}

#[test]
fn the_header_of_2019_has_a_version_and_a_longer_number() {
    let frame = Sent { of_2019: true, terminal: PHONE_2019, ..sent(LOCATION, PLAIN.body()) };
    let decoded = decode(&frame.bytes()).unwrap();
    assert_eq!(decoded.fixes[0].unknown_fields["terminal"], "00000000013812345678");
    assert_eq!(decoded.fixes[0].place.lat(), 31.230_416);
}

#[test]
fn south_and_west_are_negative() {
    let fix = fix_of(&Report { state: 0b1110, ..PLAIN });
    assert_eq!((fix.place.lat(), fix.place.lon()), (-31.230_416, -121.473_701));
    assert_eq!(fix.ignition, Some(false));
}

#[test]
fn the_items_after_a_report_are_read_and_the_makers_own_are_kept() {
    let items = vec![
        (0x01, vec![0, 0x1c, 0x1b, 0x59]),
        (0x02, vec![0x04, 0xb0]),
        (0x03, vec![0x02, 0xca]),
        (0x30, vec![21]),
        (0x31, vec![11]),
        (0xeb, vec![0xca, 0xfe]),
    ];
    let fix = fix_of(&Report { items, state: 0b11 | 0b11 << 8 | 1 << 15, ..PLAIN });
    assert_eq!((fix.odometer_km, fix.satellites), (Some(184_200.9), Some(11)));
    assert_eq!(
        (fix.sensors.wheel_speed_kmh, fix.sensors.loaded, fix.sensors.door_open),
        (Some(71.4), Some(true), Some(true))
    );
    assert_eq!(fix.sensors.other["fuel_l"], 120.0);
    assert_eq!(fix.sensors.other["signal_strength"], 21);
    assert_eq!(fix.unknown_fields["items"]["eb"], "cafe");
}

#[test]
fn a_list_of_items_that_is_cut_off_does_not_cost_the_position() {
    let mut body = PLAIN.body();
    body.extend([0x31, 1, 9, 0x01, 4, 0, 1]);
    let decoded = decode(&sent(LOCATION, body).bytes()).unwrap();
    assert_eq!(decoded.fixes[0].satellites, Some(9));
    assert_eq!(decoded.fixes[0].unknown_fields["items_rest"], "01040001");
}

#[test]
fn alarm_bits_become_device_events() {
    for (bit, kind) in [
        (0, DeviceEventKind::Sos),
        (5, DeviceEventKind::Tamper),
        (6, DeviceEventKind::Tamper),
        (8, DeviceEventKind::PowerCut),
        (29, DeviceEventKind::Crash),
        (30, DeviceEventKind::Rollover),
        (31, DeviceEventKind::Tamper),
    ] {
        let decoded = decode_report(&Report { alarms: 1 << bit, ..PLAIN });
        assert_eq!(decoded.events.len(), 1, "bit {bit}");
        assert_eq!((decoded.events[0].kind, decoded.events[0].place), (kind, Some(decoded.fixes[0].place)));
    }
    // Speeding and areas are for Placard to judge.
    assert!(decode_report(&Report { alarms: 1 << 1 | 1 << 20, ..PLAIN }).events.is_empty());
    // Both faults of the antenna are one tampering.
    assert_eq!(decode_report(&Report { alarms: 1 << 5 | 1 << 6, ..PLAIN }).events.len(), 1);
}

#[test]
fn a_position_that_is_none_never_becomes_a_fix_but_its_alarm_counts() {
    let cases = [
        (Report { state: 0b01, ..PLAIN }, Reason::NoFix),
        (Report { latitude: 0, longitude: 0, ..PLAIN }, Reason::NoFix),
        (Report { state: 0b10_0011, ..PLAIN }, Reason::Encrypted),
        (Report { latitude: 90_000_001, ..PLAIN }, Reason::OutOfRange),
        (Report { longitude: u32::MAX, ..PLAIN }, Reason::OutOfRange),
    ];
    for (report, expected) in cases {
        let decoded = decode_report(&Report { alarms: 1, ..report });
        assert!(decoded.fixes.is_empty());
        assert_eq!(decoded.rejects[0].1.reason, expected);
        let sos = &decoded.events[0];
        assert_eq!((sos.kind, sos.time, sos.place), (DeviceEventKind::Sos, at("2026-11-24T08:15:30Z"), None));
    }
}

#[test]
fn an_alarm_of_a_terminal_with_a_broken_clock_counts_from_its_arrival() {
    for time in [[0; 6], [0xff; 6], [0x26, 0x13, 0x24, 0x16, 0x15, 0x30], [0x26, 0x11, 0x24, 0x18, 0x15, 0x30]] {
        let decoded = decode_report(&Report { alarms: 1, time, ..PLAIN });
        assert!(decoded.fixes.is_empty() && decoded.rejects.len() == 1);
        assert_eq!(decoded.events[0].time, at("2026-11-24T08:20:00Z"));
    }
}

#[test]
fn a_batch_is_put_in_order_and_says_whether_it_was_kept() {
    let earlier = Report { time: [0x26, 0x11, 0x24, 0x16, 0x15, 0x20], ..PLAIN };
    let lost = Report { state: 0, ..PLAIN };
    for (kind, buffered) in [(0, false), (1, true)] {
        let decoded =
            decode(&sent(LOCATION_BATCH, batch(kind, &[PLAIN, lost.clone(), earlier.clone()])).bytes()).unwrap();
        let times: Vec<_> = decoded.fixes.iter().map(|fix| fix.key.time).collect();
        assert_eq!(times, [at("2026-11-24T08:15:20Z"), at("2026-11-24T08:15:30Z")]);
        assert!(decoded.fixes.iter().all(|fix| fix.buffered == buffered));
        assert_eq!(decoded.rejects[0].1.reason, Reason::NoFix);
    }
}

#[test]
fn a_batch_that_is_cut_off_keeps_what_is_whole() {
    let mut body = batch(1, &[PLAIN, PLAIN]);
    body.truncate(body.len() - 5);
    let decoded = decode(&sent(LOCATION_BATCH, body).bytes()).unwrap();
    assert_eq!((decoded.fixes.len(), decoded.rejects[0].1.reason), (1, Reason::BadFrame));
    let mut body = batch(1, &[PLAIN]);
    body.push(0);
    let decoded = decode(&sent(LOCATION_BATCH, body).bytes()).unwrap();
    assert!(decoded.rejects[0].1.detail.contains("1 bytes follow the 1 reports"), "{}", decoded.rejects[0].1.detail);
}

#[test]
fn several_frames_may_come_in_one_payload_and_share_a_mark() {
    let one = sent(LOCATION, PLAIN.body()).bytes();
    let answer = [vec![0, 9], Report { time: [0x26, 0x11, 0x24, 0x16, 0x15, 0x31], ..PLAIN }.body()].concat();
    let two = sent(LOCATION_ANSWER, answer).bytes();
    let heartbeat = sent(0x0002, Vec::new()).bytes();
    let decoded = decode(&[&one[..], &heartbeat[1..], &two[..]].concat()).unwrap();
    assert_eq!((decoded.fixes.len(), decoded.rejects.len()), (2, 0));
    let mut broken = one;
    broken[20] ^= 1;
    let decoded = decode(&[broken, two].concat()).unwrap();
    assert_eq!((decoded.fixes.len(), decoded.rejects[0].0), (1, 0));
    assert_eq!(decoded.rejects[0].1.reason, Reason::BadChecksum);
}

#[test]
fn a_split_message_is_put_together_when_all_of_it_is_there() {
    let body = batch(1, &[PLAIN, Report { time: [0x26, 0x11, 0x24, 0x16, 0x15, 0x31], ..PLAIN }]);
    let part = |number: u16, range: std::ops::Range<usize>| Sent {
        serial: u16::MAX.wrapping_add(number - 1),
        part: Some((3, number)),
        ..sent(LOCATION_BATCH, body[range].to_vec())
    };
    let parts = [part(1, 0..20), part(2, 20..40), part(3, 40..body.len())].map(|part| part.bytes());
    let [one, two, three] = &parts;
    let decoded = decode(&[&three[..], one, two].concat()).unwrap();
    assert_eq!((decoded.fixes.len(), decoded.rejects.len()), (2, 0));
    let decoded = decode(&[&one[..], three].concat()).unwrap();
    assert_eq!((decoded.fixes.len(), decoded.rejects[0].1.reason), (0, Reason::SplitMessage));
    assert!(decoded.rejects[0].1.detail.contains("split into 3 frames, of which the payload has 2"));
    let nonsense = Sent { part: Some((3, 4)), ..sent(LOCATION_BATCH, Vec::new()) };
    assert_eq!(reason(&nonsense.bytes()), Reason::BadFrame);
    // A picture comes in hundreds of payloads, none of which is looked into.
    let picture = Sent { part: Some((300, 2)), ..sent(0x0801, vec![0; 900]) };
    assert_eq!(decode(&picture.bytes()).unwrap(), Decoded::default());
}

#[test]
fn what_is_no_frame_has_its_reason() {
    assert_eq!(reason(b""), Reason::Empty);
    assert_eq!(reason(b"hello"), Reason::BadFrame);
    assert_eq!(reason(b"hello\x7e"), Reason::BadFrame);
    assert_eq!(reason(&sent(LOCATION, vec![0; 27]).bytes()), Reason::BadFrame);
    assert_eq!(reason(&sent(LOCATION_BATCH, vec![0; 2]).bytes()), Reason::BadFrame);
    assert_eq!(reason(&sent(0x8103, Vec::new()).bytes()), Reason::UnknownMessage);
    assert_eq!(reason(&marked(&[2, 2])), Reason::BadFrame);
    let encrypted = |content: &mut Vec<u8>| content[2] |= 0b100;
    let mut content = unescape(&sent(LOCATION, PLAIN.body()).bytes()[1..42]).unwrap();
    content.pop();
    encrypted(&mut content);
    content.push(content.iter().fold(0, |sum, byte| sum ^ byte));
    assert_eq!(reason(&marked(&content)), Reason::Encrypted);
    let frame = sent(LOCATION, PLAIN.body()).bytes();
    assert_eq!(reason(&frame[..frame.len() - 1]), Reason::BadFrame);
}

#[test]
fn more_locations_than_are_taken_at_once_are_refused_together() {
    let topic = Topic::parse(b"placard/v1/rhine-chem/T-01/jt808").unwrap();
    let payload = sent(LOCATION_BATCH, batch(0, &[PLAIN, PLAIN, PLAIN])).bytes();
    let few = Limits { fixes: 2, ..limits() };
    assert_eq!(Jt808Decoder.decode(&topic, &payload, &few).unwrap_err().reason, Reason::TooManyFixes);
    // Nor can junk make more refusals than anybody would read.
    let junk = b"\x7ej\x7eu\x7en\x7ek\x7e";
    assert_eq!(Jt808Decoder.decode(&topic, junk, &few).unwrap_err().reason, Reason::TooManyFixes);
}

fn any_report() -> impl Strategy<Value = Report> {
    let time = (20u8..26, 1u8..=12, 1u8..=28, 0u8..24, 0u8..60, 0u8..60)
        .prop_map(|(y, mo, d, h, mi, s)| [y, mo, d, h, mi, s].map(|number| ((number / 10) << 4) | (number % 10)));
    let items = prop::collection::vec((0x40u8..=0xff, prop::collection::vec(any::<u8>(), 0..20)), 0..4);
    (any::<u32>(), any::<u32>(), 0..=90_000_000u32, 1..=180_000_000u32, any::<[u16; 3]>(), time, items).prop_map(
        |(alarms, state, latitude, longitude, [height, speed, course], time, items)| {
            // Fixed, and not disguised.
            let state = state & !0b10_0000 | 0b10;
            Report { alarms, state, latitude, longitude, height, speed, course, time, items }
        },
    )
}

/// Bytes among which marks and escapes are frequent.
fn marked_up_bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop_oneof![Just(0x7e), Just(0x7d), any::<u8>()], 0..300)
}

proptest! {
    #[test]
    fn what_is_escaped_is_unescaped_to_the_same(content in marked_up_bytes()) {
        let escaped = escape(&content);
        prop_assert!(!escaped.contains(&0x7e));
        prop_assert_eq!(unescape(&escaped).unwrap(), content);
    }

    #[test]
    fn what_a_terminal_encodes_is_decoded(report in any_report(), of_2019: bool, serial: u16) {
        let terminal = if of_2019 { PHONE_2019 } else { PHONE };
        let frame = Sent { of_2019, terminal, serial, ..sent(LOCATION, report.body()) };
        let decoded = decode(&frame.bytes()).unwrap();
        prop_assert!(decoded.rejects.is_empty(), "{:?}", decoded.rejects);
        let fix = &decoded.fixes[0];
        let sign = |bit: u32| if report.state & 1 << bit == 0 { 1e6 } else { -1e6 };
        let signed = |millionths: u32, bit: u32| f64::from(millionths) / sign(bit);
        prop_assert_eq!(fix.place.lat(), signed(report.latitude, 2));
        prop_assert_eq!(fix.place.lon(), signed(report.longitude, 3));
        let china = fix.key.time.with_timezone(&chrono::FixedOffset::east_opt(8 * 3600).unwrap());
        let digits: String = report.time.iter().map(|byte| format!("{byte:02x}")).collect();
        prop_assert_eq!(china.format("%y%m%d%H%M%S").to_string(), digits);
        prop_assert_eq!(fix.ignition, Some(report.state & 1 == 1));
        prop_assert_eq!(fix.speed_kmh, Some(f64::from(report.speed) / 10.0).filter(|speed| *speed <= 2000.0));
        prop_assert_eq!(&fix.unknown_fields["alarm_bits"], &serde_json::Value::from(format!("{:08x}", report.alarms)));
        prop_assert_eq!(decoded.events.iter().any(|event| event.kind == DeviceEventKind::Sos), report.alarms & 1 == 1);
    }

    #[test]
    fn no_single_wrong_byte_passes(report in any_report(), of_2019: bool, position: prop::sample::Index, other: u8) {
        let terminal = if of_2019 { PHONE_2019 } else { PHONE };
        let mut bytes = Sent { of_2019, terminal, ..sent(LOCATION, report.body()) }.bytes();
        let position = position.index(bytes.len());
        prop_assume!(bytes[position] != other);
        bytes[position] = other;
        if let Ok(decoded) = decode(&bytes) {
            prop_assert!(decoded.fixes.is_empty() && decoded.events.is_empty());
            prop_assert!(!decoded.rejects.is_empty());
        }
    }

    #[test]
    fn whatever_comes_is_read_or_refused(payload in marked_up_bytes()) {
        if let Ok(decoded) = decode(&payload) {
            prop_assert!(decoded.fixes.iter().all(|fix| fix.key.time <= limits().latest));
        }
    }
}
