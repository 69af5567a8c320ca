//! Violations: writing episodes, and asking for them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::{PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

use super::{
    StoreError, Visibility,
    page::{Page, TimeCursor},
};
use crate::domain::{Episode, OrganisationId, Place, Subject, ViolationId};

/// A violation as it is listed and streamed.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ViolationRecord {
    /// Its id, derived from vehicle, rule, subject and opening.
    pub id: Uuid,
    /// Code of the carrier.
    pub operator: String,
    /// Code of the vehicle.
    pub vehicle: String,
    /// Key of the rule, as in `zone.prohibited`.
    pub rule: String,
    /// What it is about, as in `zone/12`, `alarm/leak`, `vehicle`.
    pub subject: String,
    /// The zone, in the version by which it was judged.
    pub zone: Option<ZoneReference>,
    /// S1 (critical) to S4 (notice).
    pub severity: String,
    /// observed, likely or possible.
    pub certainty: String,
    /// crossed, or found_inside where the condition held at the first look.
    pub entry: String,
    /// When it began.
    pub opened_at: DateTime<Utc>,
    /// Where it began.
    pub opened_place: Option<PlaceRecord>,
    /// When it ended; null while open.
    pub closed_at: Option<DateTime<Utc>>,
    /// Where it ended.
    pub closed_place: Option<PlaceRecord>,
    /// The highest value of what the rule measures: km/h over the limit, degrees of roll, seconds of silence.
    pub peak: Option<f64>,
    /// Fixes or events that showed it, as of the last change.
    pub hits: i32,
    /// The version of the world that it was judged by when it opened.
    pub world_version: i64,
    /// Whether the cargo was unknown and the most restrictive was assumed.
    pub cargo_unknown: bool,
}

/// A zone as a violation names it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ZoneReference {
    /// Number of the zone.
    pub id: i64,
    /// Number of its version.
    pub version: i32,
    /// What people called it in that version.
    pub name: String,
}

/// A place in degrees.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct PlaceRecord {
    /// Latitude.
    pub lat: f64,
    /// Longitude.
    pub lon: f64,
}

/// Which violations are asked for. What is `None` does not narrow.
#[derive(Clone, Debug, Default)]
pub struct ViolationFilter {
    /// Code of the carrier.
    pub operator: Option<String>,
    /// Code of the vehicle.
    pub vehicle: Option<String>,
    /// Key of the rule.
    pub rule: Option<String>,
    /// Severity, 1 to 4.
    pub severity: Option<i16>,
    /// Number of the zone.
    pub zone: Option<i64>,
    /// Whether still open.
    pub open: Option<bool>,
    /// Opened at or after.
    pub from: Option<DateTime<Utc>>,
    /// Opened before.
    pub to: Option<DateTime<Utc>>,
}

/// Writes episodes as they are now; one that is there already is brought up to date.
pub(super) async fn upsert(
    connection: &mut PgConnection,
    episodes: &[(OrganisationId, &Episode)],
) -> Result<(), StoreError> {
    for (operator, episode) in episodes {
        let zone = match episode.subject {
            Subject::Zone(id, version) => Some((id.0, version.0)),
            Subject::Vehicle | Subject::Alarm(_) => None,
        };
        sqlx::query!(
            "INSERT INTO violation (id, vehicle_id, operator_id, rule, subject, zone_id, zone_version, severity, certainty,
                 entry, opened_at, opened_lat, opened_lon, closed_at, closed_lat, closed_lon, peak, hits, world_version,
                 cargo_unknown)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
             ON CONFLICT (id) DO UPDATE SET severity = EXCLUDED.severity, certainty = EXCLUDED.certainty,
                 closed_at = EXCLUDED.closed_at, closed_lat = EXCLUDED.closed_lat, closed_lon = EXCLUDED.closed_lon,
                 peak = EXCLUDED.peak, hits = EXCLUDED.hits",
            episode.id.0,
            episode.vehicle_id.0,
            operator.0,
            episode.rule.as_str(),
            episode.subject.key(),
            zone.map(|(id, _)| id),
            zone.map(|(_, version)| version),
            episode.severity.number(),
            episode.certainty.as_str(),
            episode.entry.as_str(),
            episode.opened_at,
            episode.opened_place.map(Place::lat),
            episode.opened_place.map(Place::lon),
            episode.closed_at,
            episode.closed_place.map(Place::lat),
            episode.closed_place.map(Place::lon),
            episode.peak,
            i32::try_from(episode.hits).unwrap_or(i32::MAX),
            episode.world_version,
            episode.cargo_unknown,
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// The violations with these ids, oldest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn by_ids(
    executor: impl PgExecutor<'_>,
    visibility: Visibility,
    ids: &[ViolationId],
) -> Result<Vec<ViolationRecord>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let mut page = select(executor, visibility, &ViolationFilter::default(), Some(&ids), None, i64::MAX - 1).await?;
    page.items.reverse();
    Ok(page.items)
}

/// One page of the violations that may be seen, newest first.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list(
    pool: &PgPool,
    visibility: Visibility,
    filter: &ViolationFilter,
    after: Option<TimeCursor>,
    limit: i64,
) -> Result<Page<ViolationRecord>, StoreError> {
    select(pool, visibility, filter, None, after, limit).await
}

async fn select(
    executor: impl PgExecutor<'_>,
    visibility: Visibility,
    filter: &ViolationFilter,
    ids: Option<&[Uuid]>,
    after: Option<TimeCursor>,
    limit: i64,
) -> Result<Page<ViolationRecord>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT x.id, o.code AS operator, v.code AS vehicle, x.rule, x.subject, x.zone_id, x.zone_version,
                  z.name AS "zone_name?", x.severity, x.certainty, x.entry, x.opened_at, x.opened_lat, x.opened_lon,
                  x.closed_at, x.closed_lat, x.closed_lon, x.peak, x.hits, x.world_version, x.cargo_unknown
           FROM violation x JOIN vehicle v ON v.id = x.vehicle_id JOIN organisation o ON o.id = x.operator_id
           LEFT JOIN zone_version z ON z.zone_id = x.zone_id AND z.version = x.zone_version
           WHERE ($1::bigint IS NULL OR x.operator_id = $1) AND ($2::uuid[] IS NULL OR x.id = ANY($2))
             AND ($3::text IS NULL OR o.code = $3) AND ($4::text IS NULL OR v.code = $4)
             AND ($5::text IS NULL OR x.rule = $5) AND ($6::smallint IS NULL OR x.severity = $6)
             AND ($7::bigint IS NULL OR x.zone_id = $7) AND ($8::boolean IS NULL OR (x.closed_at IS NULL) = $8)
             AND ($9::timestamptz IS NULL OR x.opened_at >= $9) AND ($10::timestamptz IS NULL OR x.opened_at < $10)
             AND ($11::timestamptz IS NULL OR (x.opened_at, x.id) < ($11, $12))
           ORDER BY x.opened_at DESC, x.id DESC LIMIT $13"#,
        visibility.operator_filter(),
        ids,
        filter.operator,
        filter.vehicle,
        filter.rule,
        filter.severity,
        filter.zone,
        filter.open,
        filter.from,
        filter.to,
        after.map(|after| after.0),
        after.map(|after| after.1),
        limit + 1,
    )
    .fetch_all(executor)
    .await?;
    let place = |lat: Option<f64>, lon: Option<f64>| Some(PlaceRecord { lat: lat?, lon: lon? });
    let items = rows
        .into_iter()
        .map(|row| ViolationRecord {
            id: row.id,
            operator: row.operator,
            vehicle: row.vehicle,
            rule: row.rule,
            subject: row.subject,
            zone: row.zone_id.zip(row.zone_version).map(|(id, version)| ZoneReference {
                id,
                version,
                name: row.zone_name.unwrap_or_default(),
            }),
            severity: format!("S{}", row.severity),
            certainty: row.certainty,
            entry: row.entry,
            opened_at: row.opened_at,
            opened_place: place(row.opened_lat, row.opened_lon),
            closed_at: row.closed_at,
            closed_place: place(row.closed_lat, row.closed_lon),
            peak: row.peak,
            hits: row.hits,
            world_version: row.world_version,
            cargo_unknown: row.cargo_unknown,
        })
        .collect();
    Ok(Page::cut(items, limit, |last| TimeCursor(last.opened_at, last.id)))
}
