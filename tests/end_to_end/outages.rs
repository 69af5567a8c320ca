//! The database or the broker goes away for a while, and nothing is lost.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::{
    kills::{settle, told_of_the_past, undisturbed},
    support::{BrokerKind, Database, Fleet, Installation, OwnPostgres, Record, publish_all, wait_for},
};

const OUTAGE: Duration = Duration::from_secs(20);
const LIMIT: Duration = Duration::from_secs(120);

fn fleet() -> Fleet {
    Fleet::new(30, 200, chrono::Utc::now() - chrono::TimeDelta::hours(2))
}

async fn finish_and_compare(mut installation: Installation, fleet: &Fleet, expected: &Record) -> Result<()> {
    settle(&installation, fleet.fix_count()).await?;
    if let Some(server) = installation.server.take() {
        server.stop(Duration::from_secs(20)).await?;
    }
    let differences = expected.differences(&Record::of(&installation.pool).await?);
    ensure!(differences.is_empty(), "{differences}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_crashes_and_is_away_for_twenty_seconds_costs_nothing() -> Result<()> {
    let fleet = fleet();
    let expected = undisturbed(&fleet).await?;
    let postgres = OwnPostgres::start()?;
    let database = Database::create_on(&postgres.url).await?;
    let installation = told_of_the_past(BrokerKind::Mosquitto, database).await?;
    fleet.register(&installation).await?;

    let url = installation.broker.url("gateway-rhine-chem");
    let publishing = tokio::spawn(publish_all(url, fleet.messages(), 1500, LIMIT));
    tokio::time::sleep(Duration::from_secs(1)).await;
    postgres.crash()?;
    let client = reqwest::Client::new();
    let ready = installation.server()?.url("/readyz");
    wait_for("the server to say that it is not ready", Duration::from_secs(10), || async {
        let status = client.get(&ready).send().await?.status().as_u16();
        Ok((status == 503).then_some(()))
    })
    .await?;
    tokio::time::sleep(OUTAGE).await;
    ensure!(client.get(installation.server()?.url("/healthz")).send().await?.status().is_success());
    postgres.restart()?;
    installation.server()?.ready(Duration::from_secs(20)).await?;
    publishing.await??;
    finish_and_compare(installation, &fleet, &expected).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_is_stopped_for_twenty_seconds_costs_nothing() -> Result<()> {
    let fleet = fleet();
    let expected = undisturbed(&fleet).await?;
    let installation = told_of_the_past(BrokerKind::Mosquitto, Database::create().await?).await?;
    fleet.register(&installation).await?;

    let url = installation.broker.url("gateway-rhine-chem");
    let publishing = tokio::spawn(publish_all(url, fleet.messages(), 1500, LIMIT));
    tokio::time::sleep(Duration::from_secs(1)).await;
    installation.broker.stop()?;
    tokio::time::sleep(OUTAGE).await;
    installation.broker.restart()?;
    publishing.await??;
    finish_and_compare(installation, &fleet, &expected).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nats_broker_that_is_killed_for_twenty_seconds_costs_nothing() -> Result<()> {
    let fleet = fleet();
    let expected = undisturbed(&fleet).await?;
    let installation = told_of_the_past(BrokerKind::Nats, Database::create().await?).await?;
    fleet.register(&installation).await?;

    let url = installation.broker.url("gateway-rhine-chem");
    let publishing = tokio::spawn(publish_all(url, fleet.messages(), 1500, LIMIT));
    tokio::time::sleep(Duration::from_secs(1)).await;
    installation.broker.kill().await?;
    tokio::time::sleep(OUTAGE).await;
    installation.broker.restart()?;
    publishing.await??;
    finish_and_compare(installation, &fleet, &expected).await
}
