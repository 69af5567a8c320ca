//! Versions of rule packs.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use sqlx::{PgConnection, PgPool, types::Json};

use super::{StoreError, page::Page, world_version};
use crate::{
    domain::{OrganisationId, PackVersion},
    rules::Realm,
    rules::pack::{self, PackDocument, PublishedPack, RulePacks},
};

/// A version of a rule pack as it is listed.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct RulePackRecord {
    /// Whose rules these are.
    pub jurisdiction: String,
    /// Number of the version, from 1. Of two versions that overlap in time, the higher one is in force.
    pub version: i32,
    /// What people call it.
    pub title: String,
    /// From when fixes are judged by it, by their own time.
    pub effective_from: DateTime<Utc>,
    /// Until when.
    pub effective_to: Option<DateTime<Utc>>,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// Code of the organisation that published it; null for one that came with the program.
    pub publisher: Option<String>,
}

/// A version of a rule pack with what it says.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct FullRulePack {
    /// Which version it is.
    #[serde(flatten)]
    pub record: RulePackRecord,
    /// What it says, as it was published.
    #[schema(value_type = Object)]
    pub document: Value,
}

/// What became of a pack that was to be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Publication {
    /// It is this new version.
    New(i32),
    /// The newest version, this one, says the same.
    Same(i32),
}

/// Publishes a pack that has been checked as the next version of its jurisdiction.
///
/// # Errors
/// When the database refuses, e.g. because another version was published in the same moment.
pub async fn publish(
    pool: &PgPool,
    publisher: OrganisationId,
    document: &PackDocument,
) -> Result<Publication, StoreError> {
    let mut transaction = pool.begin().await?;
    let newest = sqlx::query!(
        r#"SELECT version, document AS "document: Json<PackDocument>" FROM rule_pack
           WHERE jurisdiction = $1 ORDER BY version DESC LIMIT 1"#,
        document.jurisdiction,
    )
    .fetch_optional(&mut *transaction)
    .await?;
    if let Some(newest) = newest.as_ref().filter(|newest| newest.document.0 == *document) {
        return Ok(Publication::Same(newest.version));
    }
    let version = newest.map_or(0, |newest| newest.version) + 1;
    insert(&mut transaction, version, document, Some(publisher)).await?;
    world_version::changed(&mut transaction).await?;
    transaction.commit().await?;
    Ok(Publication::New(version))
}

async fn insert(
    connection: &mut PgConnection,
    version: i32,
    document: &PackDocument,
    publisher: Option<OrganisationId>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO rule_pack (jurisdiction, version, document, effective_from, effective_to, publisher_id)
         VALUES ($1, $2, $3, $4, $5, $6)",
        document.jurisdiction,
        version,
        Json(document) as _,
        document.effective_from,
        document.effective_to,
        publisher.map(|id| id.0),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Stores the packs in the binary as version 1 of jurisdictions that have none yet. One that differs from what is stored
/// changes nothing: by which rules is judged, a person decides by publishing.
///
/// # Errors
/// When the database refuses, or a pack in the binary does not read.
pub async fn store_builtin(pool: &PgPool) -> Result<(), StoreError> {
    let documents = pack::builtin().map_err(|error| unreadable("rule pack", "the binary", &error))?;
    let mut transaction = pool.begin().await?;
    // Servers that start at once take turns.
    sqlx::query!("LOCK TABLE rule_pack IN SHARE ROW EXCLUSIVE MODE").execute(&mut *transaction).await?;
    let known = sqlx::query_scalar!("SELECT DISTINCT jurisdiction FROM rule_pack").fetch_all(&mut *transaction).await?;
    let mut stored = false;
    for document in documents.iter().filter(|document| !known.contains(&document.jurisdiction)) {
        insert(&mut transaction, 1, document, None).await?;
        stored = true;
    }
    if stored {
        world_version::changed(&mut transaction).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Whether a jurisdiction has a pack.
///
/// # Errors
/// When the database cannot be asked.
pub async fn has(pool: &PgPool, jurisdiction: &str) -> Result<bool, StoreError> {
    let found = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM rule_pack WHERE jurisdiction = $1) AS "found!""#,
        jurisdiction
    );
    Ok(found.fetch_one(pool).await?)
}

/// One page of the versions, by jurisdiction, newest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list(pool: &PgPool, after: Option<(String, i32)>, limit: i64) -> Result<Page<RulePackRecord>, StoreError> {
    let (jurisdiction, version) = after.unwrap_or_default();
    let items = sqlx::query_as!(
        RulePackRecord,
        r#"SELECT p.jurisdiction, p.version, p.document->>'title' AS "title!", p.effective_from, p.effective_to,
                  p.published_at, o.code AS "publisher?"
           FROM rule_pack p LEFT JOIN organisation o ON o.id = p.publisher_id
           WHERE p.jurisdiction > $1 OR (p.jurisdiction = $1 AND p.version < $2)
           ORDER BY p.jurisdiction, p.version DESC LIMIT $3"#,
        jurisdiction,
        version,
        limit + 1,
    )
    .fetch_all(pool)
    .await?;
    Ok(Page::cut(items, limit, |last| (last.jurisdiction.clone(), last.version)))
}

/// One version with what it says.
///
/// # Errors
/// When the database cannot be asked.
pub async fn one(pool: &PgPool, jurisdiction: &str, version: i32) -> Result<Option<FullRulePack>, StoreError> {
    let row = sqlx::query!(
        r#"SELECT p.jurisdiction, p.version, p.document, p.document->>'title' AS "title!", p.effective_from,
                  p.effective_to, p.published_at, o.code AS "publisher?"
           FROM rule_pack p LEFT JOIN organisation o ON o.id = p.publisher_id
           WHERE p.jurisdiction = $1 AND p.version = $2"#,
        jurisdiction,
        version,
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| FullRulePack {
        document: row.document,
        record: RulePackRecord {
            jurisdiction: row.jurisdiction,
            version: row.version,
            title: row.title,
            effective_from: row.effective_from,
            effective_to: row.effective_to,
            published_at: row.published_at,
            publisher: row.publisher,
        },
    }))
}

/// All versions, ready to judge by. Those that `before` knows are taken over from there: a version never changes.
pub(super) async fn load(connection: &mut PgConnection, before: Option<&Realm>) -> Result<RulePacks, StoreError> {
    let known = before.map(|before| before.packs().clone()).unwrap_or_default();
    let rows = sqlx::query!("SELECT jurisdiction, version FROM rule_pack").fetch_all(&mut *connection).await?;
    let new = rows.into_iter().filter(|row| {
        !known.knows(&PackVersion { jurisdiction: row.jurisdiction.as_str().into(), version: row.version })
    });
    let (jurisdictions, versions): (Vec<String>, Vec<i32>) = new.map(|row| (row.jurisdiction, row.version)).unzip();
    if versions.is_empty() {
        return Ok(known);
    }
    let rows = sqlx::query!(
        "SELECT p.jurisdiction, p.version, p.document
         FROM rule_pack p JOIN UNNEST($1::text[], $2::integer[]) AS new (jurisdiction, version)
             ON new.jurisdiction = p.jurisdiction AND new.version = p.version",
        &jurisdictions,
        &versions,
    )
    .fetch_all(connection)
    .await?;
    let mut published = Vec::with_capacity(rows.len());
    for row in rows {
        let of = format!("{} version {}", row.jurisdiction, row.version);
        let document =
            PackDocument::from_json(&of, &row.document).map_err(|error| unreadable("rule pack", &of, &error))?;
        published.push(PublishedPack { version: row.version, document });
    }
    known.with(&published).map_err(|error| unreadable("rule pack", "the store", &error))
}

fn unreadable(what: &'static str, of: &str, error: &pack::PackError) -> StoreError {
    StoreError::Unreadable { what, of: of.into(), reason: error.to_string() }
}
