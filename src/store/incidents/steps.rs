//! The steps that people take in the life of an incident.

use sqlx::PgPool;

use super::{IncidentFilter, IncidentRecord, list::select, tell::tell};
use crate::{
    domain::IncidentId,
    store::{StoreError, Visibility, feed, tokens::TokenOwner},
};

/// A step in an incident's life that a person takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IncidentStep {
    /// Takes it.
    Acknowledge,
    /// Ends it.
    Close,
}

/// Takes a step; taking one again changes nothing. Returns the incident as it is then, or `None` when there is no such
/// incident that may be seen.
///
/// # Errors
/// When the database refuses.
pub async fn step(
    pool: &PgPool,
    visibility: Visibility,
    id: IncidentId,
    step: IncidentStep,
    by: &TokenOwner,
) -> Result<Option<IncidentRecord>, StoreError> {
    let mut transaction = pool.begin().await?;
    let mut news = Vec::new();
    let (acknowledge, close) = (true, step == IncidentStep::Close);
    let changed = sqlx::query!(
        "UPDATE incident SET
             acknowledged_at = CASE WHEN $3 THEN coalesce(acknowledged_at, now()) ELSE acknowledged_at END,
             acknowledged_by = CASE WHEN $3 THEN coalesce(acknowledged_by, $5) ELSE acknowledged_by END,
             closed_at = CASE WHEN $4 THEN now() END, closed_by = CASE WHEN $4 THEN $5 END
         WHERE id = $1 AND ($2::bigint IS NULL OR operator_id = $2) AND closed_at IS NULL
           AND ($4 OR acknowledged_at IS NULL)",
        id.0,
        visibility.operator_filter(),
        acknowledge,
        close,
        by.token_id,
    )
    .execute(&mut *transaction)
    .await?
    .rows_affected();
    if changed > 0 {
        let reason = if close { "closed" } else { "acknowledged" };
        tell(&mut transaction, id, reason, None, &mut news).await?;
    }
    let filter = IncidentFilter::default();
    let found = select(&mut *transaction, visibility, &filter, Some(id.0), None, 1).await?;
    feed::append(&mut transaction, &news).await?;
    transaction.commit().await?;
    Ok(found.into_iter().next().map(|(_, record)| record))
}
