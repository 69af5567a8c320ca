//! A recorded track with repeats and gaps is stored once, however often it is sent.

use std::{fmt::Write, time::Duration};

use anyhow::{Result, ensure};
use placard_simulator::{api::Api, broker::Broker, replay};

use crate::support::{Installation, Record};

const LIMIT: Duration = Duration::from_secs(30);

/// Three vehicles that go to and fro over a zone's edge for an hour of last year, with every tenth row twice.
fn track() -> String {
    let mut csv = String::from("vehicle,time,lat,lon,speed_upstream\n");
    for step in 0..360_i64 {
        for vehicle in 0..3 {
            let time = chrono::DateTime::from_timestamp(1_767_225_600 + step * 10 + vehicle, 0).unwrap_or_default();
            let phase = (step % 80) as f64;
            let lon = 4.29 + if phase < 40.0 { phase } else { 80.0 - phase } * 0.0005;
            let row = format!("bus-{vehicle},{},{},{lon},12.5\n", time.to_rfc3339(), 51.905 + vehicle as f64 * 0.001);
            for _ in 0..if step % 10 == 0 { 2 } else { 1 } {
                csv.write_str(&row).expect("a String takes everything");
            }
        }
    }
    csv
}

#[tokio::test(flavor = "multi_thread")]
async fn every_distinct_fix_is_stored_once_and_sending_it_again_changes_nothing() -> Result<()> {
    let mut installation = Installation::start().await?;
    installation.prohibited_zone("Old town", [4.30, 51.90, 4.35, 51.91]).await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("track.csv");
    std::fs::write(&file, track())?;
    let (broker, credentials) = Broker::parse(&installation.broker.url("gateway-rhine-chem"))?;
    let options = replay::ReplayOptions {
        file,
        columns: replay::csv::ColumnMap::default(),
        api: Some(Api::new(&installation.server()?.url(""), &installation.admin)?),
        operator: "rhine-chem".into(),
        dangerous_goods: true,
        broker,
        credentials,
        pace: replay::Pace::Max,
        shift_to_now: false,
    };
    let first = replay::run(options.clone()).await?;
    ensure!(first.vehicles == 3, "{first:?}");
    installation.wait_for_count("position", 1080, LIMIT).await?;
    installation.wait_for_count("violation WHERE closed_at IS NOT NULL", 12, LIMIT).await?;
    ensure!(installation.count("position").await? == 1080);
    // Each vehicle goes in four and a half times: the last time it is still inside at the end, or on its way.
    let before = Record::of(&installation.pool).await?;
    ensure!(before.count("violations") == 15, "{} violations", before.count("violations"));

    replay::run(options).await?;
    // The server has taken in all of it when it stops in order.
    if let Some(server) = installation.server.take() {
        server.stop(Duration::from_secs(20)).await?;
    }
    let differences = before.differences(&Record::of(&installation.pool).await?);
    ensure!(differences.is_empty(), "{differences}");
    Ok(())
}
