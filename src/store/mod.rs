//! The store: PostgreSQL with TimescaleDB, through compile-time checked queries.
//!
//! A file for each thing that is kept. What a batch of messages caused is written by [`batch`], in one transaction. Every
//! query that answers a person takes a [`Visibility`]: it cannot be asked without saying on whose behalf.

pub mod audit;
pub mod batch;
pub mod calendars;
pub mod dead_letters;
pub mod drivers;
pub mod exemptions;
pub mod feed;
pub mod history;
pub mod incidents;
pub mod organisations;
pub mod outbox;
pub mod page;
pub mod past;
pub mod positions;
pub mod replays;
pub mod routes;
pub mod rule_packs;
pub mod separation;
pub mod sheet_links;
pub mod shipments;
pub mod tokens;
pub mod vehicle_states;
pub mod vehicles;
pub mod violations;
pub mod warnings;
pub mod webhooks;
pub mod world;
pub mod world_version;
pub mod zones;

mod episodes;

use std::{str::FromStr, time::Duration};

use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::domain::OrganisationId;

/// Why the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or could not be reached.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The database did not answer in time.
    #[error("the database did not answer within {0:?}")]
    TooSlow(Duration),
    /// A stored value does not read as what it should be.
    #[error("the stored {what} of {of} does not read: {reason}")]
    Unreadable {
        /// Which value.
        what: &'static str,
        /// Of which row.
        of: String,
        /// Why not.
        reason: String,
    },
}

impl StoreError {
    /// Whether trying the same again would fail again, because of what is in it. What may pass is listed: a lost connection,
    /// a database that starts, stops, or has no room or rights (yet), a conflict with another transaction.
    #[must_use]
    pub fn blames_the_values(&self) -> bool {
        const MAY_PASS: [&str; 12] = ["08", "0A", "25", "28", "3D", "40", "42", "53", "55", "57", "58", "XX"];
        match self {
            Self::Database(sqlx::Error::Database(error)) => {
                error.code().is_some_and(|code| !MAY_PASS.iter().any(|class| code.starts_with(class)))
            }
            Self::Database(sqlx::Error::Encode(_)) => true,
            _ => false,
        }
    }

    /// Whether a unique key would have been broken.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(error)) if error.is_unique_violation())
    }
}

/// On whose behalf a question is asked: the one place where organisations are kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// All organisations' data (regulators and administrators).
    Everything,
    /// One operator's own data.
    Operator(OrganisationId),
}

impl Visibility {
    /// The operator that rows are limited to, for `($1::bigint IS NULL OR operator_id = $1)`.
    #[must_use]
    pub fn operator_filter(self) -> Option<i64> {
        match self {
            Self::Everything => None,
            Self::Operator(id) => Some(id.0),
        }
    }

    /// Whether this operator's data may be seen.
    #[must_use]
    pub fn covers(self, operator: OrganisationId) -> bool {
        self.operator_filter().is_none_or(|id| id == operator.0)
    }
}

/// Connects lazily to `url` with at most `connections` connections. Nothing is asked of the server yet, so that a
/// service can start before its database.
///
/// # Errors
/// When the URL does not read.
pub fn pool(url: &str, connections: u32) -> Result<PgPool, StoreError> {
    let options = PgConnectOptions::from_str(url)?.application_name("placard").options([("timezone", "UTC")]);
    Ok(PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(5))
        // A claim lives as long as its connection.
        .max_lifetime(None)
        .idle_timeout(None)
        .connect_lazy_with(options))
}

/// Brings the schema up to date, and stores the rule packs that come with the program where there are none.
///
/// # Errors
/// When the database cannot be reached or a migration fails.
pub async fn migrate(pool: &PgPool) -> Result<(), StoreError> {
    sqlx::migrate!("./migrations").run(pool).await?;
    rule_packs::store_builtin(pool).await
}

/// Whether positions are in a TimescaleDB hypertable.
///
/// # Errors
/// When the database cannot be asked.
pub async fn has_timescaledb(pool: &PgPool) -> Result<bool, StoreError> {
    let found =
        sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') AS "found!""#);
    Ok(found.fetch_one(pool).await?)
}

/// Claims `name` on the one connection of `pool`, for as long as that lives. False when another connection holds it.
///
/// # Errors
/// When the database cannot be asked.
pub async fn claim(pool: &PgPool, name: &str) -> Result<bool, StoreError> {
    let claimed = sqlx::query_scalar!(r#"SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS "claimed!""#, name);
    Ok(claimed.fetch_one(pool).await?)
}
