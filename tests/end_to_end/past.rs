//! Questions of the past: who was inside, who passed by.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Utc};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Installation, Message, publish_all};

const LIMIT: Duration = Duration::from_secs(30);

/// So many seconds into a morning of last January.
fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_254_400 + seconds, 0).unwrap_or_default()
}

fn fix(operator: &str, vehicle: &str, seconds: i64, lon: f64) -> Message {
    let fix = json!({ "time": at(seconds), "lat": 51.905, "lon": lon, "seq": seconds + 1 });
    let topic = format!("placard/v1/{operator}/{vehicle}/position");
    Message { topic, payload: fix.to_string().into_bytes() }
}

/// One carrier's T-01 drives through the old town, T-02 through it between two fixes, T-03 over it in a gap, T-04 by
/// another road; the other carrier's H-01 stays there.
async fn morning() -> Result<Installation> {
    let installation = Installation::start().await?;
    for vehicle in ["T-01", "T-02", "T-03", "T-04"] {
        installation.vehicle(vehicle).await?;
    }
    let filing = json!({ "dangerous_goods": true });
    let path = "/api/v1/vehicles/other-haul/H-01";
    installation.send(&installation.other_operator, Method::PUT, path, &filing).await?;
    let mut own: Vec<Message> = (0..20).map(|n| fix("rhine-chem", "T-01", n * 10, 4.29 + n as f64 * 0.002)).collect();
    own.extend([fix("rhine-chem", "T-02", 0, 4.295), fix("rhine-chem", "T-02", 60, 4.315)]);
    own.extend([fix("rhine-chem", "T-03", 0, 4.28), fix("rhine-chem", "T-03", 200, 4.33)]);
    own.extend((0..5).map(|n| fix("rhine-chem", "T-04", n * 10, 4.40 + n as f64 * 0.002)));
    let others = (0..5).map(|n| fix("other-haul", "H-01", 100 + n * 10, 4.305)).collect();
    publish_all(installation.broker.url("gateway-rhine-chem"), own, 1000, LIMIT).await?;
    publish_all(installation.broker.url("gateway-other-haul"), others, 1000, LIMIT).await?;
    installation.wait_for_count("position", 34, LIMIT).await?;
    Ok(installation)
}

/// The old town: 4.30 to 4.31 east, 51.90 to 51.91 north.
fn old_town() -> Value {
    let ring = [[4.30, 51.90], [4.31, 51.90], [4.31, 51.91], [4.30, 51.91], [4.30, 51.90]];
    json!({ "type": "Polygon", "coordinates": [ring] })
}

async fn inside(installation: &Installation, token: &str, question: &Value) -> Result<Value> {
    installation.send(token, Method::POST, "/api/v1/queries/inside", question).await
}

/// The rows in short: vehicle, how the stay begins and ends, certainty, number of fixes.
fn short(page: &Value) -> Vec<String> {
    let row = |row: &Value| {
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        format!("{} {} {} {} {}", text("vehicle"), text("entry"), text("exit"), text("certainty"), row["fixes"])
    };
    page["items"].as_array().into_iter().flatten().map(row).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_inside_is_answered_with_times_certainty_and_only_to_those_who_may_know() -> Result<()> {
    let installation = morning().await?;
    let question = json!({ "area": old_town(), "from": at(-3600), "to": at(3600) });
    let everything = inside(&installation, &installation.regulator, &question).await?;
    let expected = [
        "T-01 crossed crossed observed 5",
        "T-02 crossed crossed likely 0",
        "T-03 in_gap in_gap possible 0",
        "H-01 unknown unknown observed 5",
    ];
    ensure!(short(&everything) == expected, "{everything}");
    let entered: DateTime<Utc> = serde_json::from_value(everything["items"][1]["entered_at"].clone())?;
    ensure!((entered - at(15)).num_milliseconds().abs() < 10, "T-02 goes over the side after 15 of 60 s: {entered}");
    ensure!((everything["items"][1]["entered_place"]["lon"].as_f64().context("a longitude")? - 4.30).abs() < 1e-6);

    let own = inside(&installation, &installation.operator, &question).await?;
    ensure!(short(&own) == expected[..3], "an operator sees its own vehicles only: {own}");
    let narrowed = json!({ "area": old_town(), "from": at(-3600), "to": at(3600), "operator": "other-haul" });
    ensure!(short(&inside(&installation, &installation.regulator, &narrowed).await?) == expected[3..]);
    ensure!(inside(&installation, &installation.operator, &narrowed).await?["items"] == json!([]));
    let (status, _) =
        installation.ask(&installation.responder, Method::POST, "/api/v1/queries/inside", Some(&question)).await?;
    ensure!(status == 403, "a responder asks no questions of the past: {status}");
    ensure!(
        installation.count("audit_log WHERE action = 'past.inside'").await? == 4,
        "every question is in the audit log"
    );

    let circle = json!({ "type": "Circle", "center": [4.305, 51.905], "radius_m": 300 });
    let soon = json!({ "area": circle, "from": at(120), "to": at(130) });
    let page = inside(&installation, &installation.regulator, &soon).await?;
    ensure!(short(&page) == ["H-01 unknown unknown observed 2"], "{page}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_go_on_where_they_ended_and_a_question_that_is_too_long_is_refused() -> Result<()> {
    let installation = morning().await?;
    let (mut rows, mut cursor) = (Vec::new(), Value::Null);
    for _ in 0..10 {
        let question = json!({ "area": old_town(), "from": at(0), "to": at(3600), "limit": 1, "cursor": cursor });
        let page = inside(&installation, &installation.regulator, &question).await?;
        ensure!(page["items"].as_array().is_some_and(|items| items.len() <= 1), "{page}");
        rows.extend(short(&page).into_iter().map(|row| row[..4].to_owned()));
        cursor = page["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    ensure!(rows == ["T-01", "T-02", "T-03", "H-01"], "{rows:?}");

    for (question, field, says) in [
        (json!({ "area": old_town(), "from": at(0), "to": at(8 * 86400) }), "to", "at most 7 days"),
        (json!({ "area": old_town(), "from": at(10), "to": at(10) }), "from", "must be before"),
        (
            json!({ "area": { "type": "Circle", "center": [4.3, 51.9] }, "from": at(0), "to": at(10) }),
            "area",
            "radius_m",
        ),
    ] {
        let (status, answer) =
            installation.ask(&installation.regulator, Method::POST, "/api/v1/queries/inside", Some(&question)).await?;
        let detail = answer["detail"].as_str().unwrap_or_default();
        ensure!(status == 422 && answer["field"] == field && detail.contains(says), "{status} {answer}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_passed_by_is_answered_with_the_nearest_point() -> Result<()> {
    let installation = morning().await?;
    let ask = |distance_m: u32| {
        let time = |seconds| at(seconds).format("%Y-%m-%dT%H:%M:%SZ").to_string();
        format!(
            "/api/v1/queries/near?lat=51.9055&lon=4.307&distance_m={distance_m}&from={}&to={}",
            time(-60),
            time(3600)
        )
    };
    let page = installation.get(&installation.operator, &ask(100)).await?;
    let rows = page["items"].as_array().context("a list")?;
    let vehicles: Vec<&str> = rows.iter().filter_map(|row| row["vehicle"].as_str()).collect();
    ensure!(vehicles == ["T-01", "T-02", "T-03"], "{page}");
    for (row, certainty) in rows.iter().zip(["observed", "likely", "possible"]) {
        let distance_m = row["distance_m"].as_f64().context("a distance")?;
        ensure!((distance_m - 55.6).abs() < 0.2 && row["certainty"] == certainty, "{row}");
    }
    ensure!(installation.get(&installation.operator, &ask(50)).await?["items"] == json!([]));
    ensure!(installation.get(&installation.other_operator, &ask(200)).await?["items"][0]["vehicle"] == "H-01");
    let (status, answer) = installation
        .ask(&installation.operator, Method::GET, &ask(100).replace("distance_m=100", "distance_m=0"), None)
        .await?;
    ensure!(status == 400 && answer["field"] == "distance_m", "{status} {answer}");
    ensure!(installation.count("audit_log WHERE action = 'past.near'").await? == 3);
    Ok(())
}
