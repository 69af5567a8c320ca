//! On a PostgreSQL without TimescaleDB everything works, with one clear warning.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::support::{BrokerKind, Database, Fleet, Installation, OwnPostgres, publish_all};

const LIMIT: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn without_timescaledb_positions_are_in_a_plain_table_and_the_server_says_so_once() -> Result<()> {
    let postgres = OwnPostgres::start_plain()?;
    let database = Database::create_on(&postgres.url).await?;
    let installation = Installation::with(BrokerKind::Mosquitto, database, &[]).await?;
    ensure!(installation.count("pg_extension WHERE extname = 'timescaledb'").await? == 0);
    let log = installation.server()?.log_text();
    ensure!(log.matches("no TimescaleDB").count() == 1, "{log}");

    let fleet = Fleet::new(5, 100, chrono::Utc::now() - chrono::TimeDelta::hours(1));
    fleet.register(&installation).await?;
    publish_all(installation.broker.url("gateway-rhine-chem"), fleet.messages(), 2000, LIMIT).await?;
    installation.wait_for_count("position", fleet.fix_count(), LIMIT).await?;
    installation.wait_for_count("violation WHERE closed_at IS NOT NULL", 10, LIMIT).await?;
    installation.wait_for_count("incident", 1, LIMIT).await
}

#[tokio::test(flavor = "multi_thread")]
async fn with_timescaledb_positions_are_in_a_hypertable() -> Result<()> {
    let installation = Installation::start().await?;
    if installation.count("pg_extension WHERE extname = 'timescaledb'").await? == 0 {
        // The distribution has no TimescaleDB; the story above is what holds then.
        ensure!(installation.server()?.log_text().contains("no TimescaleDB"));
        return Ok(());
    }
    ensure!(installation.count("timescaledb_information.hypertables WHERE hypertable_name = 'position'").await? == 1);
    Ok(())
}
