//! The level as a person judges it.

use chrono::Utc;
use serde_json::json;
use sqlx::PgPool;

use super::{
    IncidentFilter, IncidentRecord, steps,
    tell::tell,
    timeline::{EntryKind, add},
};
use crate::{
    domain::{IncidentId, IncidentLevel},
    store::{StoreError, Visibility, feed, tokens::TokenOwner},
};

/// Sets the level, up or down, or confirms it as it is. `None` when there is no such open incident that may be seen.
///
/// # Errors
/// When the database refuses.
pub async fn grade(
    pool: &PgPool,
    visibility: Visibility,
    id: IncidentId,
    level: IncidentLevel,
    reason: &str,
    by: &TokenOwner,
) -> Result<Option<IncidentRecord>, StoreError> {
    let mut transaction = pool.begin().await?;
    let open = IncidentFilter { open_only: true, ..IncidentFilter::default() };
    let Some(held) = steps::lock(&mut transaction, visibility, &open, id).await? else { return Ok(None) };
    let now = Utc::now();
    sqlx::query!(
        "UPDATE incident SET level = $2, level_reasons = $3, level_confirmed_at = $4, level_confirmed_by = $5
         WHERE id = $1",
        id.0,
        level.number(),
        json!([reason]),
        now,
        by.token_id,
    )
    .execute(&mut *transaction)
    .await?;
    let detail = json!({ "from": held.level.as_str(), "to": level.as_str(), "reasons": [reason] });
    let entry = add(&mut transaction, id, now, Some(by), EntryKind::Level, &detail).await?;
    let mut news = Vec::new();
    let record = tell(&mut transaction, id, &format!("level/{entry}"), Some(held.level), &mut news).await?;
    feed::append(&mut transaction, &news).await?;
    transaction.commit().await?;
    Ok(record)
}
