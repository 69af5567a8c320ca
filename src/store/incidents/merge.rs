//! Merging: two incidents turn out to be one.
//!
//! The merged one ends and points to the other, where it goes on; what was merged into it before points there as well.
//! Its triggers and entries stay its own and are read from both. So that a carrier never reads another carrier's, only
//! incidents of one carrier are merged, or one that has no vehicle into any.

use chrono::Utc;
use serde_json::json;
use sqlx::PgPool;

use super::{
    IncidentFilter, IncidentRecord,
    steps::{self, move_to},
    tell::tell,
    timeline::{EntryKind, add},
};
use crate::{
    domain::{IncidentId, IncidentState},
    store::{StoreError, Visibility, feed, tokens::TokenOwner},
};

/// What became of a merge.
#[derive(Debug)]
pub enum Merged {
    /// The incident that goes on, as it is now.
    Into(Box<IncidentRecord>),
    /// There is no such open incident that may be seen: this one.
    Missing(IncidentId),
    /// They are of different carriers, or the one that would end has a vehicle and the other has none.
    Apart,
}

/// Ends the incident `id`, which goes on as part of `into`. Both must be open.
///
/// # Errors
/// When the database refuses.
pub async fn merge(
    pool: &PgPool,
    visibility: Visibility,
    id: IncidentId,
    into: IncidentId,
    reason: &str,
    by: &TokenOwner,
) -> Result<Merged, StoreError> {
    let mut transaction = pool.begin().await?;
    let open = IncidentFilter { open_only: true, ..IncidentFilter::default() };
    // Always in the same order, so that two merges do not wait for each other.
    let (first, second) = if id.0 < into.0 { (id, into) } else { (into, id) };
    let Some(held_first) = steps::lock(&mut transaction, visibility, &open, first).await? else {
        return Ok(Merged::Missing(first));
    };
    let Some(held_second) = steps::lock(&mut transaction, visibility, &open, second).await? else {
        return Ok(Merged::Missing(second));
    };
    let (ends, goes_on) = if first == id { (held_first, held_second) } else { (held_second, held_first) };
    if ends.has_vehicle && (!goes_on.has_vehicle || ends.operator != goes_on.operator) {
        return Ok(Merged::Apart);
    }

    let now = Utc::now();
    move_to(&mut transaction, id, IncidentState::Merged, now, by).await?;
    sqlx::query!("UPDATE incident SET merged_into = $2 WHERE id = $1 OR merged_into = $1", id.0, into.0)
        .execute(&mut *transaction)
        .await?;
    let joined = sqlx::query_scalar!(
        r#"UPDATE incident i SET severity = least(i.severity, e.severity), level = least(i.level, e.level),
             level_reasons = CASE WHEN e.level < i.level THEN i.level_reasons || e.level_reasons ELSE i.level_reasons END,
             level_confirmed_at = CASE WHEN e.level < i.level THEN e.level_confirmed_at ELSE i.level_confirmed_at END,
             level_confirmed_by = CASE WHEN e.level < i.level THEN e.level_confirmed_by ELSE i.level_confirmed_by END
         FROM incident e WHERE i.id = $1 AND e.id = $2 RETURNING i.level_reasons"#,
        into.0,
        id.0
    )
    .fetch_one(&mut *transaction)
    .await?;
    if ends.level > goes_on.level {
        let detail = json!({ "from": goes_on.level.as_str(), "to": ends.level.as_str(), "reasons": joined });
        add(&mut transaction, into, now, Some(by), EntryKind::Level, &detail).await?;
    }
    let of = |other: IncidentId, key: &str| json!({ key: other, "reason": reason });
    let entry = add(&mut transaction, id, now, Some(by), EntryKind::Merge, &of(into, "into")).await?;
    add(&mut transaction, into, now, Some(by), EntryKind::Merge, &of(id, "from")).await?;
    let mut news = Vec::new();
    tell(&mut transaction, id, &format!("merged/{entry}"), None, &mut news).await?;
    let record = tell(&mut transaction, into, &format!("merged/{entry}"), Some(goes_on.level), &mut news).await?;
    feed::append(&mut transaction, &news).await?;
    transaction.commit().await?;
    Ok(record.map_or(Merged::Missing(into), |record| Merged::Into(Box::new(record))))
}
