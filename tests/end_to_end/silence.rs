//! A vehicle that falls silent is missed, however busy the others are.

use std::time::Duration;

use anyhow::Result;
use serde_json::json;

use crate::support::{BrokerKind, Database, Installation, Message, publish_all};

const LIMIT: Duration = Duration::from_secs(30);

fn fix(vehicle: &str, seq: u32) -> Message {
    let fix = json!({ "time": chrono::Utc::now(), "lat": 51.9, "lon": 4.3, "speed_kmh": 60, "seq": seq });
    Message { topic: format!("placard/v1/rhine-chem/{vehicle}/position"), payload: fix.to_string().into_bytes() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_vehicle_is_missed_while_others_of_its_shard_send_without_a_pause() -> Result<()> {
    let settings = [("PLACARD_INGEST__SHARDS", "1")];
    let installation = Installation::with(BrokerKind::Mosquitto, Database::create().await?, &settings).await?;
    installation.rule("signal.lost", json!({ "silence_s": 2.0 })).await?;
    installation.vehicle("T-01").await?;
    installation.vehicle("T-02").await?;
    let url = installation.broker.url("gateway-rhine-chem");
    publish_all(&url, vec![fix("T-01", 1)], 100, LIMIT).await?;
    let busy: Vec<Message> = (1..60_000).map(|seq| fix("T-02", seq)).collect();
    let traffic = tokio::spawn(publish_all(url, busy, 6000, LIMIT));
    let missed = "violation x JOIN vehicle v ON v.id = x.vehicle_id WHERE x.rule = 'signal.lost' AND v.code = 'T-01'";
    installation.wait_for_count(missed, 1, Duration::from_secs(8)).await?;
    traffic.abort();
    Ok(())
}
