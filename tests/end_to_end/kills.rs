//! Killing the server at any moment loses nothing and adds nothing.

use std::time::Duration;

use anyhow::{Result, ensure};
use rand::{Rng, SeedableRng};

use crate::support::{BrokerKind, Database, Fleet, Installation, Record, publish_all, wait_for};

const LIMIT: Duration = Duration::from_secs(60);

/// Waits until everything is recorded and told.
pub async fn settle(installation: &Installation, fixes: i64) -> Result<()> {
    installation.wait_for_count("position", fixes, LIMIT).await?;
    wait_for("the broker's window and the outbox to be empty", LIMIT, || async {
        Ok((installation.count("outbox WHERE delivered_at IS NULL").await? == 0).then_some(()))
    })
    .await
}

/// An installation that tells of what is hours old as if it were new: the fleet's tracks lie in the past, so that they can be
/// published faster than they were driven.
pub async fn told_of_the_past(kind: BrokerKind, database: Database) -> Result<Installation> {
    Installation::with(kind, database, &[("PLACARD_RULES__LATENESS_S", "1000000.0")]).await
}

/// What a run of this fleet without any disturbance records.
pub async fn undisturbed(fleet: &Fleet) -> Result<Record> {
    let mut installation = told_of_the_past(BrokerKind::Mosquitto, Database::create().await?).await?;
    fleet.register(&installation).await?;
    publish_all(&installation.broker.url("gateway-rhine-chem"), fleet.messages(), 4000, LIMIT).await?;
    settle(&installation, fleet.fix_count()).await?;
    // Stopped in order, so that what was still in hand is recorded too.
    if let Some(server) = installation.server.take() {
        server.stop(Duration::from_secs(20)).await?;
    }
    let record = Record::of(&installation.pool).await?;
    ensure!(record.count("violations") > 50, "only {} violations: the fleet is too tame", record.count("violations"));
    ensure!(record.count("incidents") > 1 && record.count("notifications") > 50, "{record:?}");
    Ok(record)
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_kills_under_load_end_with_exactly_what_an_undisturbed_run_records() -> Result<()> {
    let fleet = Fleet::new(40, 300, chrono::Utc::now() - chrono::TimeDelta::hours(2));
    let expected = undisturbed(&fleet).await?;

    let mut installation = told_of_the_past(BrokerKind::Mosquitto, Database::create().await?).await?;
    fleet.register(&installation).await?;
    let url = installation.broker.url("gateway-rhine-chem");
    let publishing = tokio::spawn(publish_all(url, fleet.messages(), 500, Duration::from_secs(120)));
    let mut random = rand::rngs::StdRng::seed_from_u64(7);
    for kill in 0..20 {
        tokio::time::sleep(Duration::from_millis(random.random_range(20..900))).await;
        ensure!(!publishing.is_finished(), "the load ended before kill {kill}: nothing was tested");
        installation.kill_and_restart().await?;
    }
    publishing.await??;
    settle(&installation, fleet.fix_count()).await?;
    if let Some(server) = installation.server.take() {
        server.stop(Duration::from_secs(20)).await?;
    }
    let differences = expected.differences(&Record::of(&installation.pool).await?);
    ensure!(differences.is_empty(), "{differences}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_asked_to_stop_finishes_what_it_has_taken_in() -> Result<()> {
    let fleet = Fleet::new(10, 100, chrono::Utc::now() - chrono::TimeDelta::hours(1));
    let mut installation = Installation::start().await?;
    fleet.register(&installation).await?;
    let url = installation.broker.url("gateway-rhine-chem");
    publish_all(&url, fleet.messages(), 4000, LIMIT).await?;
    let stored_at_most = fleet.fix_count();
    let server = installation.server.take().expect("a running server");
    server.stop(Duration::from_secs(15)).await?;
    let stored = installation.count("position").await?;
    ensure!(stored <= stored_at_most);
    // Whatever it did not take in is still with the broker, and comes to the next server.
    installation.start_server().await?;
    installation.wait_for_count("position", stored_at_most, LIMIT).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_does_not_take_the_session_from_the_first() -> Result<()> {
    let installation = Installation::start().await?;
    let second = installation.launch_another()?;
    second.ready(Duration::from_secs(3)).await.expect_err("the first server still runs");
    installation.server()?.ready(Duration::from_secs(3)).await?;
    ensure!(second.log_text().contains("another server holds the broker session"), "{}", second.log_text());
    Ok(())
}
