//! What comes late or out of order ends in the same record as if it had come in time.

use std::time::Duration;

use anyhow::{Result, ensure};
use rand::{SeedableRng, seq::SliceRandom};
use serde_json::{Value, json};

use crate::{
    kills::settle,
    support::{Fleet, Installation, Message, publish_all},
};

const LIMIT: Duration = Duration::from_secs(60);

fn position(second: i64, lon: f64) -> Value {
    let time = chrono::Utc::now() - chrono::TimeDelta::hours(3) + chrono::TimeDelta::seconds(second);
    json!({ "time": time.to_rfc3339(), "lat": 51.9, "lon": lon, "accuracy_m": 3.0, "seq": second })
}

fn message(payload: &Value) -> Message {
    Message { topic: "placard/v1/rhine-chem/T-01/position".into(), payload: payload.to_string().into_bytes() }
}

/// What was found, without the ids under which it happened to be found first and what tells of arrival.
async fn said(installation: &Installation) -> Result<Vec<String>> {
    let query =
        "SELECT (to_jsonb(v) - 'id' - 'hits' - 'version' - 'recorded_at' - 'world_version')::text FROM violation v
                 WHERE withdrawn_at IS NULL ORDER BY 1";
    Ok(sqlx::query_scalar(query).fetch_all(&installation.pool).await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fleet_whose_messages_come_in_any_order_is_recorded_as_one_whose_come_in_time() -> Result<()> {
    let fleet = Fleet::new(12, 80, chrono::Utc::now() - chrono::TimeDelta::hours(2));
    let in_time = Installation::start().await?;
    fleet.register(&in_time).await?;
    publish_all(&in_time.broker.url("gateway-rhine-chem"), fleet.messages(), 4000, LIMIT).await?;
    settle(&in_time, fleet.fix_count()).await?;
    let expected = said(&in_time).await?;
    ensure!(expected.len() > 20, "only {} violations", expected.len());
    drop(in_time);

    let mut shuffled = Installation::start().await?;
    fleet.register(&shuffled).await?;
    let mut messages = fleet.messages();
    messages.shuffle(&mut rand::rngs::StdRng::seed_from_u64(5));
    let half = messages.split_off(messages.len() / 2);
    let url = shuffled.broker.url("gateway-rhine-chem");
    publish_all(&url, messages, 4000, LIMIT).await?;
    // What was judged so far is no longer in memory.
    shuffled.kill_and_restart().await?;
    publish_all(&url, half, 4000, LIMIT).await?;
    settle(&shuffled, fleet.fix_count()).await?;
    let found = said(&shuffled).await?;
    let replay = shuffled.command(&["replay", "--from", "2020-01-01T00:00:00Z"])?;
    ensure!(replay.contains("Nothing is different from what was recorded."), "{replay}");
    let one: uuid::Uuid = sqlx::query_scalar("SELECT id FROM violation WHERE rule = 'zone.prohibited' LIMIT 1")
        .fetch_one(&shuffled.pool)
        .await?;
    let explained = shuffled.command(&["explain", &one.to_string()])?;
    ensure!(explained.contains("clause") && explained.contains(" m inside"), "{explained}");
    ensure!(found == expected, "{} in time, {} shuffled\n{expected:#?}\n{found:#?}", expected.len(), found.len());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_violation_that_a_late_fix_disproves_is_withdrawn_and_what_it_said_is_kept() -> Result<()> {
    let installation = Installation::start().await?;
    installation.vehicle("T-01").await?;
    installation.shipment("T-01", "1203").await?;
    installation.prohibited_zone("waterworks", [4.300, 51.899, 4.304, 51.901]).await?;
    let url = installation.broker.url("gateway-rhine-chem");
    publish_all(&url, vec![message(&position(0, 4.290)), message(&position(60, 4.310))], 100, LIMIT).await?;
    installation.wait_for_count("violation WHERE rule = 'zone.prohibited' AND withdrawn_at IS NULL", 1, LIMIT).await?;

    // It went round the zone.
    let mut around = position(30, 4.302);
    around["lat"] = json!(51.905);
    publish_all(&url, vec![message(&around)], 100, LIMIT).await?;
    installation
        .wait_for_count("violation WHERE rule = 'zone.prohibited' AND withdrawn_at IS NOT NULL", 1, LIMIT)
        .await?;
    ensure!(installation.count("violation_version").await? == 1, "what it said is kept");
    let list = installation.get(&installation.regulator, "/api/v1/violations?rule=zone.prohibited").await?;
    ensure!(list["items"] == json!([]), "{list}");
    let list =
        installation.get(&installation.regulator, "/api/v1/violations?rule=zone.prohibited&withdrawn=true").await?;
    ensure!(list["items"][0]["version"] == 2 && list["items"][0]["detected_late"] == true, "{list}");
    Ok(())
}
