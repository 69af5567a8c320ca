//! What cannot be used is kept with its reason, and disturbs nobody.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::support::{Installation, Message, publish_all};

const LIMIT: Duration = Duration::from_secs(30);

fn message(topic: &str, payload: impl Into<Vec<u8>>) -> Message {
    Message { topic: format!("placard/v1/{topic}"), payload: payload.into() }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_bad_input_becomes_a_dead_letter_and_the_connection_lives_on() -> Result<()> {
    let installation = Installation::start().await?;
    installation.vehicle("T-01").await?;
    let now = chrono::Utc::now();
    let good = json!({ "time": now, "lat": 51.9, "lon": 4.3, "seq": 1 }).to_string();
    let position = "rhine-chem/T-01/position";
    let bad: Vec<(&str, Message)> = vec![
        ("not_utf8", message(position, vec![0xff, 0xfe, 0x00])),
        ("not_json", message(position, "{\"time\":")),
        ("not_json", message(position, r#"{"time":"2026-11-24T08:00:00Z","lat":NaN,"lon":4.3}"#)),
        ("not_an_object", message(position, "42")),
        ("empty", message(position, "[]")),
        ("missing_field", message(position, json!({ "lat": 51.9, "lon": 4.3 }).to_string())),
        ("wrong_type", message(position, json!({ "time": now, "lat": "51.9", "lon": 4.3 }).to_string())),
        ("out_of_range", message(position, json!({ "time": now, "lat": 91, "lon": 4.3 }).to_string())),
        ("too_old", message(position, json!({ "time": 0, "lat": 51.9, "lon": 4.3 }).to_string())),
        (
            "in_the_future",
            message(
                position,
                json!({ "time": now + chrono::TimeDelta::hours(1), "lat": 51.9, "lon": 4.3 }).to_string(),
            ),
        ),
        ("unknown_vehicle", message("rhine-chem/T-99/position", good.clone())),
        ("payload_too_large", message(position, vec![b' '; 11 << 20])),
        (
            "vehicle_mismatch",
            message(position, json!({ "time": now, "lat": 51.9, "lon": 4.3, "vehicle": "T-02" }).to_string()),
        ),
        (
            "nul_character",
            message(position, json!({ "time": now, "lat": 51.9, "lon": 4.3, "driver": "a\u{0}b" }).to_string()),
        ),
        ("unknown_event", message("rhine-chem/T-01/event", json!({ "time": now, "kind": "boom" }).to_string())),
        ("bad_topic", message("rhine-chem/T 01/position", good.clone())),
    ];
    let mut messages: Vec<Message> = bad.iter().map(|(_, message)| message.clone()).collect();
    messages.push(message(position, good));
    // Everything twice: what is told twice is kept once.
    messages.extend(messages.clone());
    publish_all(&installation.broker.url("gateway-rhine-chem"), messages, 1000, LIMIT).await?;

    installation.wait_for_count("position", 1, LIMIT).await?;
    installation.wait_for_count("dead_letter", bad.len() as i64, LIMIT).await?;
    let letters = installation.get(&installation.operator, "/api/v1/dead-letters").await?;
    let mut reasons: Vec<&str> =
        letters["items"].as_array().into_iter().flatten().filter_map(|letter| letter["reason"].as_str()).collect();
    let mut expected: Vec<&str> = bad.iter().map(|(reason, _)| *reason).collect();
    reasons.sort_unstable();
    expected.sort_unstable();
    // A topic that names no operator belongs to nobody: the administrator sees it, the operator does not.
    expected.retain(|reason| *reason != "bad_topic");
    ensure!(reasons == expected, "{reasons:?}");
    let largest =
        letters["items"].as_array().into_iter().flatten().filter_map(|letter| letter["payload_bytes"].as_i64());
    ensure!(largest.max() == Some(11 << 20), "the whole length is told");
    let others = installation.get(&installation.other_operator, "/api/v1/dead-letters").await?;
    ensure!(others["items"] == json!([]), "another operator's dead letters were shown");
    let all = installation.get(&installation.admin, "/api/v1/dead-letters").await?;
    ensure!(all["items"].as_array().map(Vec::len) == Some(bad.len()));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_good_part_of_a_backlog_is_used_and_the_rest_is_kept() -> Result<()> {
    let installation = Installation::start().await?;
    installation.vehicle("T-01").await?;
    let now = chrono::Utc::now();
    let fixes: Vec<Value> = (0..50)
        .map(|n| {
            let lat = if n == 20 { 99.0 } else { 51.9 + f64::from(n) * 1e-4 };
            json!({ "time": now - chrono::TimeDelta::seconds(100 - i64::from(n)), "lat": lat, "lon": 4.3, "seq": n })
        })
        .collect();
    let backlog = message("rhine-chem/T-01/position", Value::Array(fixes).to_string());
    publish_all(&installation.broker.url("rhine-chem/T-01"), vec![backlog], 1000, LIMIT).await?;
    installation.wait_for_count("position", 49, LIMIT).await?;
    installation
        .wait_for_count("dead_letter WHERE reason = 'out_of_range' AND detail LIKE '%lat is 99%'", 1, LIMIT)
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_cannot_write_for_another_vehicle() -> Result<()> {
    let installation = Installation::start().await?;
    installation.vehicle("T-01").await?;
    installation.vehicle("T-02").await?;
    let fix = |seq: i64| json!({ "time": chrono::Utc::now(), "lat": 51.9, "lon": 4.3, "seq": seq }).to_string();
    let messages = vec![message("rhine-chem/T-02/position", fix(1)), message("rhine-chem/T-01/position", fix(2))];
    publish_all(&installation.broker.url("rhine-chem/T-01"), messages, 1000, LIMIT).await?;
    // The second message came after the first on the same connection: once it is there, the first never will be.
    installation.wait_for_count("position WHERE seq = 2", 1, LIMIT).await?;
    ensure!(installation.count("position").await? == 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_junk_backlog_becomes_a_few_dead_letters_and_numbers_at_the_edge_stop_nothing() -> Result<()> {
    let installation = Installation::start().await?;
    installation.vehicle("T-01").await?;
    let junk = Value::Array((0..10_000).map(|_| json!("junk")).collect()).to_string();
    let mut messages = vec![message("rhine-chem/T-01/position", junk)];
    for seq in [0, 1, (1_i64 << 53) - 1, i64::MAX - 1, i64::MAX] {
        let fix = json!({ "time": chrono::Utc::now(), "lat": 51.9, "lon": 4.3, "seq": seq, "ack": true });
        messages.push(message("rhine-chem/T-01/position", fix.to_string()));
    }
    let good = json!({ "time": chrono::Utc::now(), "lat": 51.9, "lon": 4.3, "seq": 77 });
    messages.push(message("rhine-chem/T-01/position", good.to_string()));
    publish_all(installation.broker.url("rhine-chem/T-01"), messages, 1000, LIMIT).await?;
    installation.wait_for_count("position WHERE seq = 77", 1, LIMIT).await?;
    ensure!(installation.count("position").await? == 4);
    ensure!(installation.count("dead_letter WHERE reason = 'out_of_range'").await? == 2);
    let junk = installation.count("dead_letter WHERE reason = 'not_an_object'").await?;
    ensure!((2..=21).contains(&junk), "{junk} dead letters of one message");
    installation.wait_for_count("dead_letter WHERE detail LIKE '9980 more elements%'", 1, LIMIT).await
}
