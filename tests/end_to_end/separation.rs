//! Two vehicles with explosives that belong to different shards meet, and late news of them is believed.

use std::time::Duration;

use anyhow::{Result, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{BrokerKind, Database, Installation, Message, publish_all};

const LIMIT: Duration = Duration::from_secs(30);

/// A degree of longitude where the story plays, at 51.9° north, in metres.
const DEGREE_M: f64 = 68_800.0;

/// A fix so many seconds after `start`, and so many metres east of where they meet.
fn fix(vehicle: &str, start: DateTime<Utc>, second: i64, east_m: f64) -> Message {
    let fix = json!({
        "time": start + TimeDelta::seconds(second), "lat": 51.9, "lon": 4.3 + east_m / DEGREE_M,
        "speed_kmh": 10.0, "accuracy_m": 4.0, "seq": second + 1,
    });
    Message { topic: format!("placard/v1/rhine-chem/{vehicle}/position"), payload: fix.to_string().into_bytes() }
}

/// Two vehicles with blasting explosives, in different shards.
async fn installation() -> Result<Installation> {
    let settings = [("PLACARD_INGEST__SHARDS", "2")];
    let installation = Installation::with(BrokerKind::Mosquitto, Database::create().await?, &settings).await?;
    for vehicle in ["T-01", "T-02"] {
        installation.vehicle(vehicle).await?;
        let filing = json!({
            "operator": "rhine-chem", "vehicle": vehicle, "waybill": format!("W-{vehicle}"),
            "goods": [{ "un_number": "0081", "mode": "packages", "quantity_kg": 900.0, "net_explosive_mass_kg": 800.0 }],
            "starts_at": Utc::now() - TimeDelta::days(1),
        });
        installation.send(&installation.operator, Method::POST, "/api/v1/shipments", &filing).await?;
    }
    let shards: i64 = installation.count("(SELECT DISTINCT id % 2 FROM vehicle) AS shards").await?;
    ensure!(shards == 2, "the two are to be in different shards");
    Ok(installation)
}

async fn publish(installation: &Installation, messages: Vec<Message>) -> Result<()> {
    publish_all(installation.broker.url("gateway-rhine-chem"), messages, 500, LIMIT).await
}

async fn found(installation: &Installation, query: &str) -> Result<Vec<Value>> {
    let path = format!("/api/v1/violations?rule=separation{query}");
    let page = installation.get(&installation.operator, &path).await?;
    Ok(page["items"].as_array().cloned().unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_that_meet_are_one_violation_that_is_told_once_and_ends_when_they_part() -> Result<()> {
    let mut installation = installation().await?;
    let start = Utc::now() - TimeDelta::seconds(70);
    // The second comes to the first, which stands, and stays beside it.
    let second_at = |second: i64| if second < 20 { 320.0 - 15.0 * second as f64 } else { 20.0 };
    let both = |second: i64, east_m: f64| [fix("T-01", start, second, 0.0), fix("T-02", start, second, east_m)];
    let meeting = (0..=60).step_by(5).flat_map(|second| both(second, second_at(second)));
    publish(&installation, meeting.collect()).await?;
    let open = "violation WHERE rule = 'separation' AND closed_at IS NULL";
    installation.wait_for_count(open, 1, LIMIT).await?;

    let violations = found(&installation, "").await?;
    ensure!(violations.len() == 1, "{violations:#?}");
    let violation = &violations[0];
    ensure!(violation["vehicle"] == "T-01" && violation["subject"] == "vehicle/2", "{violation:#}");
    ensure!(violation["severity"] == "S2" && violation["certainty"] == "observed", "{violation:#}");
    ensure!(violation["detected_late"] == false && violation["entry"] == "crossed", "{violation:#}");
    let distance_m = violation["peak"].as_f64().unwrap_or_default();
    ensure!((distance_m - 20.0).abs() < 0.5 && violation["limit"] == 50.0, "{violation:#}");
    let told = "outbox WHERE topic = 'placard/v1/rhine-chem/T-01/alert'";
    ensure!(installation.count(told).await? == 1);

    // What comes while the server is down, and what it had not judged when it was killed, is judged by the next one.
    installation.server.take().expect("a server").kill()?;
    let parting = (65..=90).step_by(5).flat_map(|second| both(second, 20.0 + 12.0 * (second - 60) as f64));
    publish(&installation, parting.collect()).await?;
    installation.start_server().await?;
    installation.wait_for_count("violation WHERE rule = 'separation' AND closed_at IS NOT NULL", 1, LIMIT).await?;
    installation.wait_for_count("(SELECT WHERE NOT EXISTS (SELECT FROM separation_due)) AS done", 1, LIMIT).await?;
    let violations = found(&installation, "").await?;
    ensure!(violations.len() == 1 && violations[0]["id"] == violation["id"], "{violations:#?}");
    ensure!(violations[0]["version"] == 1, "to end is no amendment: {violations:#?}");
    ensure!(installation.count(told).await? == 1, "told once");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn late_fixes_that_show_that_they_were_apart_take_it_back() -> Result<()> {
    let installation = installation().await?;
    let start = Utc::now() - TimeDelta::seconds(100);
    let mut messages: Vec<Message> = (0..=90).step_by(5).map(|second| fix("T-01", start, second, 0.0)).collect();
    // Of the second nothing is heard for a while: as far as is known it stayed beside the first.
    messages.extend(
        [(0, 20.0), (50, 20.0), (55, 150.0), (90, 600.0)].map(|(second, east_m)| fix("T-02", start, second, east_m)),
    );
    publish(&installation, messages).await?;
    installation.wait_for_count("violation WHERE rule = 'separation'", 1, LIMIT).await?;
    ensure!(found(&installation, "").await?[0]["certainty"] == "observed");

    publish(&installation, vec![fix("T-02", start, 25, 250.0)]).await?;
    installation.wait_for_count("violation WHERE withdrawn_at IS NOT NULL", 1, LIMIT).await?;
    ensure!(found(&installation, "").await?.is_empty());
    let withdrawn = found(&installation, "&withdrawn=true").await?;
    ensure!(withdrawn.len() == 1 && withdrawn[0]["version"] == 2, "{withdrawn:#?}");
    ensure!(installation.count("violation_version").await? == 1, "what it said before is kept");
    Ok(())
}
