//! Devices that speak other formats, each with its own broker account.

use std::time::Duration;

use anyhow::{Result, ensure};
use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use serde_json::json;

use crate::support::{BrokerKind, Database, Installation, Message, publish_all};

const LIMIT: Duration = Duration::from_secs(30);

/// A source of another layout, where the shipped rights let the gateway write and the server read.
const SOURCES: &str = r#"[{topic="placard/v1/{operator}/{vehicle}/legacy/app", decoder="owntracks"}]"#;

fn message(topic: &str, payload: impl Into<Vec<u8>>) -> Message {
    Message { topic: format!("placard/v1/{topic}"), payload: payload.into() }
}

fn owntracks(at: DateTime<Utc>) -> String {
    json!({ "_type": "location", "tst": at.timestamp(), "lat": 51.9, "lon": 4.3, "vel": 60, "tid": "T-99" }).to_string()
}

fn traccar(at: DateTime<Utc>) -> String {
    let position =
        json!({ "fixTime": at, "valid": true, "latitude": 51.9, "longitude": 4.3, "speed": 32.4, "attributes": {} });
    json!({ "position": position, "device": { "uniqueId": "T-99" } }).to_string()
}

/// A JT/T 808 location report with the SOS bit set.
fn jt808_sos(at: DateTime<Utc>) -> Result<Vec<u8>> {
    let china =
        FixedOffset::east_opt(8 * 3600).map(|offset| at.with_timezone(&offset).format("%y%m%d%H%M%S").to_string());
    let digits = china.unwrap_or_default();
    let mut content = vec![0x02, 0x00, 0, 28, 0x01, 0x38, 0x12, 0x34, 0x56, 0x78, 0, 1];
    content.extend([1_u32, 0b11, 51_900_000, 4_300_000].map(u32::to_be_bytes).concat());
    content.extend([0_u16, 600, 90].map(u16::to_be_bytes).concat());
    for number in 0..6 {
        content.push(u8::from_str_radix(&digits[2 * number..2 * number + 2], 16)?);
    }
    content.push(content.iter().fold(0, |sum, byte| sum ^ byte));
    let escaped = content.into_iter().flat_map(|byte| match byte {
        0x7e => vec![0x7d, 2],
        0x7d => vec![0x7d, 1],
        byte => vec![byte],
    });
    Ok([0x7e].into_iter().chain(escaped).chain([0x7e]).collect())
}

async fn devices_of_every_kind_are_heard_on(kind: BrokerKind) -> Result<()> {
    let settings = [("PLACARD_INGEST__SOURCES", SOURCES)];
    let installation = Installation::with(kind, Database::create().await?, &settings).await?;
    installation.vehicle("T-01").await?;
    installation.vehicle("T-02").await?;
    let at = |seconds_ago: i64| Utc::now() - TimeDelta::seconds(seconds_ago);
    // A device may speak any of the formats on its own topics, and on nobody else's.
    let device = vec![
        message("rhine-chem/T-01/owntracks", owntracks(at(30))),
        message("rhine-chem/T-01/traccar", traccar(at(20))),
        message("rhine-chem/T-01/jt808", jt808_sos(at(10))?),
    ];
    publish_all(&installation.broker.url("rhine-chem/T-01"), device, 100, LIMIT).await?;
    let gateway =
        vec![message("rhine-chem/T-02/legacy/app", owntracks(at(5))), message("rhine-chem/T-02/jt808", "no frame")];
    publish_all(&installation.broker.url("gateway-rhine-chem"), gateway, 100, LIMIT).await?;

    let of = |vehicle: &str, rest: &str| {
        format!("position p JOIN vehicle v ON v.id = p.vehicle_id WHERE v.code = '{vehicle}'{rest}")
    };
    installation.wait_for_count(&of("T-01", ""), 3, LIMIT).await?;
    installation.wait_for_count(&of("T-02", ""), 1, LIMIT).await?;
    installation.wait_for_count("violation WHERE rule = 'sos'", 1, LIMIT).await?;
    installation.wait_for_count("dead_letter WHERE reason = 'bad_frame'", 1, LIMIT).await?;
    let terminal = " AND unknown_fields ->> 'terminal' = '013812345678'";
    ensure!(installation.count(&of("T-01", terminal)).await? == 1);
    // Who the payload says it is does not count, but is kept.
    ensure!(installation.count(&of("T-01", " AND unknown_fields ->> 'tid' = 'T-99'")).await? == 1);
    ensure!(installation.count(&of("T-01", " AND abs(speed_kmh - 60.0) < 0.1")).await? == 3);
    ensure!(installation.count("dead_letter").await? == 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_of_every_kind_are_heard_on_mosquitto() -> Result<()> {
    devices_of_every_kind_are_heard_on(BrokerKind::Mosquitto).await
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_of_every_kind_are_heard_on_nats() -> Result<()> {
    devices_of_every_kind_are_heard_on(BrokerKind::Nats).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_cannot_speak_for_another_vehicle_in_any_format() -> Result<()> {
    let installation = Installation::start().await?;
    installation.vehicle("T-01").await?;
    installation.vehicle("T-02").await?;
    let now = Utc::now();
    let stolen = vec![
        message("rhine-chem/T-02/owntracks", owntracks(now)),
        message("rhine-chem/T-02/traccar", traccar(now)),
        message("rhine-chem/T-02/jt808", jt808_sos(now)?),
        message("rhine-chem/T-01/owntracks", owntracks(now)),
    ];
    publish_all(&installation.broker.url("rhine-chem/T-01"), stolen, 100, LIMIT).await?;
    // Messages of one connection stay in order: once the last is there, the others are not coming.
    installation.wait_for_count("position", 1, LIMIT).await?;
    ensure!(installation.count("position p JOIN vehicle v ON v.id = p.vehicle_id WHERE v.code = 'T-02'").await? == 0);
    ensure!(installation.count("dead_letter").await? == 0);
    Ok(())
}
