//! Holiday calendars.

use chrono::NaiveDate;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};

use super::{StoreError, page::Page, world_version};
use crate::domain::{Calendar, OrganisationId, Schedule};

/// A calendar as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CalendarRecord {
    /// The code by which schedules name it.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The holidays, in order.
    #[schema(value_type = Vec<String>, example = json!(["2026-12-25"]))]
    pub days: Vec<NaiveDate>,
    /// Code of the organisation that published it.
    pub publisher: String,
}

/// Publishes a calendar; one with this code that is there already is replaced. Returns whether it is new.
///
/// # Errors
/// When the database refuses.
pub async fn publish(pool: &PgPool, publisher: OrganisationId, calendar: &Calendar) -> Result<bool, StoreError> {
    let days: Vec<NaiveDate> = calendar.days.iter().copied().collect();
    let mut transaction = pool.begin().await?;
    // A row that was there keeps its transaction's mark of deletion in xmax; a new one has none.
    let new = sqlx::query_scalar!(
        r#"INSERT INTO calendar (code, name, days, publisher_id) VALUES ($1, $2, $3, $4)
           ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, days = EXCLUDED.days,
               publisher_id = EXCLUDED.publisher_id, published_at = now()
           RETURNING xmax = 0 AS "new!""#,
        calendar.code,
        calendar.name,
        &days,
        publisher.0,
    )
    .fetch_one(&mut *transaction)
    .await?;
    world_version::changed(&mut transaction).await?;
    transaction.commit().await?;
    Ok(new)
}

/// One page of the calendars, by code.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list(pool: &PgPool, after: Option<String>, limit: i64) -> Result<Page<CalendarRecord>, StoreError> {
    let items = sqlx::query_as!(
        CalendarRecord,
        "SELECT c.code, c.name, c.days, o.code AS publisher
         FROM calendar c JOIN organisation o ON o.id = c.publisher_id
         WHERE c.code > $1 ORDER BY c.code LIMIT $2",
        after.unwrap_or_default(),
        limit + 1,
    )
    .fetch_all(pool)
    .await?;
    Ok(Page::cut(items, limit, |last| last.code.clone()))
}

/// One calendar.
///
/// # Errors
/// When the database cannot be asked.
pub async fn one(pool: &PgPool, code: &str) -> Result<Option<CalendarRecord>, StoreError> {
    let found = sqlx::query_as!(
        CalendarRecord,
        "SELECT c.code, c.name, c.days, o.code AS publisher
         FROM calendar c JOIN organisation o ON o.id = c.publisher_id WHERE c.code = $1",
        code,
    );
    Ok(found.fetch_optional(pool).await?)
}

/// The first calendar that one of these schedules names and nobody has published.
///
/// # Errors
/// When the database cannot be asked.
pub async fn missing(pool: &PgPool, schedules: &[&Schedule]) -> Result<Option<String>, StoreError> {
    let named: Vec<String> = schedules.iter().filter_map(|schedule| schedule.calendar.clone()).collect();
    if named.is_empty() {
        return Ok(None);
    }
    let known = sqlx::query_scalar!("SELECT code FROM calendar WHERE code = ANY($1)", &named).fetch_all(pool).await?;
    Ok(named.into_iter().find(|code| !known.contains(code)))
}

/// All calendars.
pub(super) async fn load(connection: &mut PgConnection) -> Result<Vec<Calendar>, StoreError> {
    let rows = sqlx::query!("SELECT code, name, days FROM calendar").fetch_all(connection).await?;
    Ok(rows
        .into_iter()
        .map(|row| Calendar { code: row.code, name: row.name, days: row.days.into_iter().collect() })
        .collect())
}
