//! The timeline of an incident: everything that was done, in the order in which it was recorded. Entries are only ever
//! added. What an incident had when it was merged into another is read from both.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{IncidentFilter, IncidentRecord, steps, tell::tell};
use crate::{
    domain::IncidentId,
    store::{StoreError, Visibility, feed, page::Page, tokens::TokenOwner},
};

/// What an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryKind {
    Trigger,
    Level,
    Step,
    Note,
    Merge,
}

impl EntryKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Trigger => "trigger",
            Self::Level => "level",
            Self::Step => "step",
            Self::Note => "note",
            Self::Merge => "merge",
        }
    }
}

/// An entry as it is listed.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Entry {
    /// Its number; entries are listed in this order.
    pub id: i64,
    /// The incident that it was written for: this one, or one that was merged into it.
    pub incident: Uuid,
    /// When it happened.
    pub happened_at: DateTime<Utc>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Code of the organisation that did it; null for Placard itself.
    pub organisation: Option<String>,
    /// Number of the token that did it.
    pub token: Option<i64>,
    /// trigger, level, step, note, merge, or seen (by a responder, for the first time).
    pub kind: String,
    /// What it says: of a trigger `rule` with `violation_id` or `reported`; of a level `from`, `to` and `reasons`; of a
    /// step `step` and `note`; of a note `text`; of a merge `into` or `from`, and `reason`.
    #[schema(value_type = Object)]
    pub detail: Value,
}

/// Adds an entry; `by` is nobody when Placard itself did it. Returns its number.
pub(super) async fn add(
    connection: &mut PgConnection,
    id: IncidentId,
    happened_at: DateTime<Utc>,
    by: Option<&TokenOwner>,
    kind: EntryKind,
    detail: &Value,
) -> Result<i64, StoreError> {
    let added = sqlx::query_scalar!(
        "INSERT INTO incident_entry (incident_id, happened_at, token_id, organisation_id, kind, detail)
         VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        id.0,
        happened_at,
        by.map(|by| by.token_id),
        by.map(|by| by.organisation_id.0),
        kind.as_str(),
        detail,
    );
    Ok(added.fetch_one(connection).await?)
}

/// Adds a note of a person. `None` when there is no such incident that `filter` covers.
///
/// # Errors
/// When the database refuses.
pub async fn note(
    pool: &PgPool,
    visibility: Visibility,
    filter: &IncidentFilter,
    id: IncidentId,
    text: &str,
    by: &TokenOwner,
) -> Result<Option<IncidentRecord>, StoreError> {
    let mut transaction = pool.begin().await?;
    let mut news = Vec::new();
    if steps::lock(&mut transaction, visibility, filter, id).await?.is_none() {
        return Ok(None);
    }
    let entry = add(&mut transaction, id, Utc::now(), Some(by), EntryKind::Note, &json!({ "text": text })).await?;
    let record = tell(&mut transaction, id, &format!("note/{entry}"), None, &mut news).await?;
    feed::append(&mut transaction, &news).await?;
    transaction.commit().await?;
    Ok(record)
}

/// Notes that a responder saw these incidents, where it is the first time.
///
/// # Errors
/// When the database refuses.
pub async fn seen(pool: &PgPool, ids: &[Uuid], by: &TokenOwner) -> Result<(), StoreError> {
    sqlx::query!(
        r#"WITH seen AS (UPDATE incident SET seen_at = now() WHERE id = ANY($1) AND seen_at IS NULL RETURNING id)
           INSERT INTO incident_entry (incident_id, happened_at, token_id, organisation_id, kind, detail)
           SELECT id, now(), $2, $3, 'seen', '{}' FROM seen"#,
        ids,
        by.token_id,
        by.organisation_id.0,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// One page of the timeline of an incident that may be seen, oldest entry first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn timeline(
    pool: &PgPool,
    visibility: Visibility,
    id: IncidentId,
    after: Option<i64>,
    limit: i64,
) -> Result<Page<Entry>, StoreError> {
    let items = sqlx::query_as!(
        Entry,
        r#"SELECT e.id, e.incident_id AS incident, e.happened_at, e.recorded_at, o.code AS "organisation?",
                  e.token_id AS token, e.kind, e.detail
           FROM incident_entry e JOIN incident i ON i.id = e.incident_id
           LEFT JOIN organisation o ON o.id = e.organisation_id
           WHERE (i.id = $1 OR i.merged_into = $1) AND e.id > $2
             AND EXISTS (SELECT FROM incident a WHERE a.id = $1 AND ($3::bigint IS NULL OR a.operator_id = $3))
           ORDER BY e.id LIMIT $4"#,
        id.0,
        after.unwrap_or(0),
        visibility.operator_filter(),
        limit + 1,
    )
    .fetch_all(pool)
    .await?;
    Ok(Page::cut(items, limit, |last| last.id))
}
