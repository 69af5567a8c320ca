//! The feed: violations and incidents in the order in which they became visible.

use serde::Serialize;
use serde_json::Value;
use sqlx::{PgConnection, PgPool};

use super::StoreError;
use crate::domain::OrganisationId;

/// The channel on which servers hear that something was added.
pub const CHANNEL: &str = "placard_feed";

/// What a feed item is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedKind {
    /// A violation opened, was raised, or closed.
    Violation,
    /// An incident was raised, joined, or moved on.
    Incident,
    /// A driver was warned of a breach ahead.
    Warning,
}

impl FeedKind {
    /// The name on the stream and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Violation => "violation",
            Self::Incident => "incident",
            Self::Warning => "warning",
        }
    }
}

/// One item of the feed.
#[derive(Clone, Debug)]
pub struct FeedItem {
    /// Its number; items become visible in the order of their numbers.
    pub id: i64,
    /// What it is about.
    pub kind: FeedKind,
    /// Whose it is.
    pub operator_id: OrganisationId,
    /// The violation or incident as it was then.
    pub payload: Value,
}

/// Something to be added to the feed.
#[derive(Clone, Debug)]
pub(super) struct FeedNews {
    kind: FeedKind,
    operator_id: OrganisationId,
    payload: Value,
}

impl FeedNews {
    /// A violation or incident as it is now.
    pub(super) fn of<T: Serialize>(kind: FeedKind, operator_id: OrganisationId, item: &T) -> Result<Self, StoreError> {
        let payload = serde_json::to_value(item).map_err(|error| sqlx::Error::Encode(error.into()))?;
        Ok(Self { kind, operator_id, payload })
    }
}

/// Adds news within a transaction, as its last statements: the feed's lock is held from here to the commit, and whoever
/// waits for it may hold rows that an earlier place in the transaction would still want.
pub(super) async fn append(connection: &mut PgConnection, news: &[FeedNews]) -> Result<(), StoreError> {
    if news.is_empty() {
        return Ok(());
    }
    sqlx::query!("SELECT placard_feed_append()").execute(&mut *connection).await?;
    for item in news {
        sqlx::query!(
            "INSERT INTO feed (kind, operator_id, payload) VALUES ($1, $2, $3)",
            item.kind.as_str(),
            item.operator_id.0,
            item.payload,
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Up to `limit` items after number `after`, in order.
///
/// # Errors
/// When the database cannot be asked.
pub async fn after(pool: &PgPool, after: i64, limit: i64) -> Result<Vec<FeedItem>, StoreError> {
    let rows = sqlx::query!(
        "SELECT id, kind, operator_id, payload FROM feed WHERE id > $1 ORDER BY id LIMIT $2",
        after,
        limit,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| FeedItem {
            id: row.id,
            kind: match row.kind.as_str() {
                "incident" => FeedKind::Incident,
                "warning" => FeedKind::Warning,
                _ => FeedKind::Violation,
            },
            operator_id: OrganisationId(row.operator_id),
            payload: row.payload,
        })
        .collect())
}

/// The number of the newest item; 0 when there is none.
///
/// # Errors
/// When the database cannot be asked.
pub async fn newest(pool: &PgPool) -> Result<i64, StoreError> {
    let newest = sqlx::query_scalar!(r#"SELECT coalesce(max(id), 0) AS "newest!" FROM feed"#);
    Ok(newest.fetch_one(pool).await?)
}
