//! Webhook subscriptions.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgPool;

use super::StoreError;
use crate::domain::OrganisationId;

/// A subscription as it is listed; its secret is shown only when it is made.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct WebhookRecord {
    /// Its number.
    pub id: i64,
    /// Where deliveries go.
    pub url: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// Subscribes `url`. Returns the number.
///
/// # Errors
/// When the database refuses.
pub async fn create(pool: &PgPool, organisation: OrganisationId, url: &str, secret: &str) -> Result<i64, StoreError> {
    let id = sqlx::query_scalar!(
        "INSERT INTO webhook (organisation_id, url, secret) VALUES ($1, $2, $3) RETURNING id",
        organisation.0,
        url,
        secret,
    );
    Ok(id.fetch_one(pool).await?)
}

/// Ends a subscription of this organisation. False when there is none with this number.
///
/// # Errors
/// When the database refuses.
pub async fn end(pool: &PgPool, organisation: OrganisationId, id: i64) -> Result<bool, StoreError> {
    let ended = sqlx::query!(
        "UPDATE webhook SET ended_at = now() WHERE id = $1 AND organisation_id = $2 AND ended_at IS NULL",
        id,
        organisation.0,
    );
    Ok(ended.execute(pool).await?.rows_affected() > 0)
}

/// The subscriptions of this organisation.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list(pool: &PgPool, organisation: OrganisationId) -> Result<Vec<WebhookRecord>, StoreError> {
    let rows = sqlx::query_as!(
        WebhookRecord,
        "SELECT id, url, created_at FROM webhook WHERE organisation_id = $1 AND ended_at IS NULL ORDER BY id",
        organisation.0,
    );
    Ok(rows.fetch_all(pool).await?)
}
