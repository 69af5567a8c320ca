//! What must hold for whatever a decoder makes of a payload.

use std::sync::LazyLock;

use placard::{
    config::{IngestConfig, sources::MessageKind},
    domain::{Fix, position::Sensors},
    ingest::{
        decode::{Decoded, Limits, decoder_for},
        reject::Reject,
        topic::Topic,
    },
};

/// So many parts are looked into, which is few, so that the fuzzer soon finds the way beyond it.
const FIXES: usize = 50;

/// Payloads come at one fixed time: a finding must be the same tomorrow.
static LIMITS: LazyLock<Limits> = LazyLock::new(|| {
    let at = "2026-11-24T08:20:00Z".parse().expect("a time");
    Limits::at(at, &IngestConfig { backlog_fixes: FIXES, ..IngestConfig::default() })
});

/// Decodes `payload` as a message of `kind`, and checks what comes out.
///
/// # Panics
/// When something does not hold: that is a finding.
pub fn check(kind: MessageKind, payload: &[u8]) {
    let topic = Topic {
        operator: "rhine-chem".parse().expect("an operator's code"),
        vehicle: "T-01".parse().expect("a vehicle's code"),
        kind,
    };
    let decode = || decoder_for(kind).decode(&topic, payload, &LIMITS);
    let result = decode();
    assert_eq!(result, decode(), "the same payload means the same");
    match result {
        Ok(decoded) => check_decoded(&decoded),
        Err(reject) => check_reject(&reject),
    }
}

fn check_decoded(decoded: &Decoded) {
    assert!(decoded.fixes.len() <= FIXES, "no more fixes than are taken at once");
    assert!(decoded.fixes.is_sorted_by_key(|fix| fix.key), "fixes are in order");
    decoded.fixes.iter().for_each(check_fix);
    for event in &decoded.events {
        assert!((LIMITS.earliest..=LIMITS.latest).contains(&event.time), "an event has a time that is taken");
    }
    decoded.rejects.iter().for_each(|(_, reject)| check_reject(reject));
    assert!(decoded.refused_seqs.iter().all(|seq| *seq > 0), "only numbers of devices are settled");
}

fn check_fix(fix: &Fix) {
    assert!((LIMITS.earliest..=LIMITS.latest).contains(&fix.key.time), "a fix has a time that is taken");
    assert_eq!(fix.key.time.timestamp_subsec_nanos() % 1000, 0, "and no finer one than the store keeps");
    assert!(fix.key.seq >= 0);
    assert!(fix.heading_deg.is_none_or(|course| (0.0..360.0).contains(&course)), "a course is 0 up to 360");
    let numbers = [fix.speed_kmh, fix.accuracy_m, fix.altitude_m, fix.odometer_km];
    assert!(numbers.into_iter().flatten().all(f64::is_finite));
    assert!([fix.speed_kmh, fix.accuracy_m, fix.odometer_km].into_iter().flatten().all(|number| number >= 0.0));
    // What the store is given: it keeps no NUL, and must give back what it got.
    let sensors = serde_json::to_string(&fix.sensors).expect("sensors serialise");
    let unknown = serde_json::to_string(&fix.unknown_fields).expect("unknown fields serialise");
    assert_eq!(serde_json::from_str::<Sensors>(&sensors).expect("sensors read back"), fix.sensors);
    for json in [&sensors, &unknown] {
        assert!(!holds_nul(json), "no text holds a NUL: {json:?}");
    }
    for text in [fix.driver.as_ref(), fix.escort.as_ref()].into_iter().flatten() {
        assert!(!text.contains('\0'), "no name holds a NUL: {text:?}");
    }
}

fn check_reject(reject: &Reject) {
    assert!(!reject.detail.is_empty() && !reject.detail.contains('\0'), "{:?}", reject.detail);
    assert!(reject.detail.len() < 2000, "a reason is short: {} bytes", reject.detail.len());
}

/// Whether a JSON text holds a NUL, or the escape by which JSON says one.
fn holds_nul(text: &str) -> bool {
    let escaped = text.match_indices("\\u0000").any(|(at, _)| {
        // An even number of backslashes before it are backslashes themselves.
        text[..at].bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 0
    });
    text.contains('\0') || escaped
}
