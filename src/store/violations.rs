//! Violations: writing episodes, and asking for them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::{PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

use super::{
    StoreError, Visibility,
    page::{Page, TimeCursor},
};
use crate::domain::{Episode, OrganisationId, Place, ViolationId};

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
    /// The highest value of what the rule measures: km/h, degrees of roll, seconds of silence.
    pub peak: Option<f64>,
    /// What the peak is held against, in its unit.
    pub limit: Option<f64>,
    /// Which of several conditions of the rule is broken; empty where the rule has only one.
    pub situation: String,
    /// Who drove, in the operator's own code.
    pub driver: Option<String>,
    /// Number of the exemption that covers it.
    pub exempted_by: Option<i64>,
    /// Whether it was found only long after it began.
    pub detected_late: bool,
    /// 1, and one more for each time that late data amended it.
    pub version: i32,
    /// When late data showed that it did not happen.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// The rule pack that it was judged by when it opened.
    pub pack: PackReference,
    /// Fixes or events that showed it, as of the last change.
    pub hits: i32,
    /// The version of the world that it was judged by when it opened.
    pub world_version: i64,
    /// Whether the cargo was unknown and the most restrictive was assumed.
    pub cargo_unknown: bool,
}

/// A rule pack as a violation names it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PackReference {
    /// Whose law: `adr`, `cn`, `us`, `sg`, or an authority's own.
    pub jurisdiction: String,
    /// Number of the version.
    pub version: i32,
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
    /// Whether those that late data took back are among them.
    pub withdrawn: bool,
}

/// An episode to be written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written<'a> {
    /// The vehicle's operator.
    pub operator_id: OrganisationId,
    /// The episode as it is now.
    pub episode: &'a Episode,
    /// Whether late data made it another: then what it said before is kept.
    pub amended: bool,
    /// Whether late data showed that it was not.
    pub withdrawn: bool,
    /// Whether it was found late, if it is new.
    pub late: bool,
}

/// Writes episodes as they are now; one that is there already is brought up to date.
pub(super) async fn upsert(connection: &mut PgConnection, episodes: &[Written<'_>]) -> Result<(), StoreError> {
    for Written { operator_id, episode, amended, withdrawn, late } in episodes {
        // Written a second time, after a commit whose end was not heard of, it differs from nothing.
        let differs = *amended && keep_version(connection, episode, *withdrawn).await?;
        sqlx::query!(
            "INSERT INTO violation AS old (id, vehicle_id, operator_id, rule, subject, zone_id, zone_version, severity,
                 certainty, entry, opened_at, opened_lat, opened_lon, closed_at, closed_lat, closed_lon, peak, hits,
                 world_version, cargo_unknown, situation, limit_value, jurisdiction, pack_version, driver, exempted_by,
                 detected_late, withdrawn_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                 $23, $24, $25, $26, $27, CASE WHEN $29 THEN now() END)
             ON CONFLICT (id) DO UPDATE SET severity = EXCLUDED.severity, certainty = EXCLUDED.certainty,
                 entry = EXCLUDED.entry, opened_at = EXCLUDED.opened_at, opened_lat = EXCLUDED.opened_lat,
                 opened_lon = EXCLUDED.opened_lon, closed_at = EXCLUDED.closed_at, closed_lat = EXCLUDED.closed_lat,
                 closed_lon = EXCLUDED.closed_lon, peak = EXCLUDED.peak, hits = EXCLUDED.hits,
                 cargo_unknown = EXCLUDED.cargo_unknown, situation = EXCLUDED.situation,
                 limit_value = EXCLUDED.limit_value, driver = EXCLUDED.driver, exempted_by = EXCLUDED.exempted_by,
                 version = old.version + $28::boolean::integer, withdrawn_at = CASE WHEN $29 THEN coalesce(old.withdrawn_at, now()) END",
            episode.id.0,
            episode.vehicle_id.0,
            operator_id.0,
            episode.rule.as_str(),
            episode.subject.to_string(),
            episode.zone.map(|(id, _)| id.0),
            episode.zone.map(|(_, version)| version.0),
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
            &*episode.situation,
            episode.limit,
            &*episode.pack.jurisdiction,
            episode.pack.version,
            episode.driver.as_deref(),
            episode.exempted_by.map(|id| id.0),
            late,
            differs,
            withdrawn,
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Keeps what an episode said, if it will now say something else. Returns whether it does.
async fn keep_version(connection: &mut PgConnection, episode: &Episode, withdrawn: bool) -> Result<bool, StoreError> {
    let kept = sqlx::query!(
        "INSERT INTO violation_version (violation_id, version, said)
         SELECT id, version, to_jsonb(v) FROM violation v
         WHERE id = $1 AND (severity, certainty, entry, opened_at, closed_at, peak, situation, exempted_by,
             withdrawn_at IS NOT NULL) IS DISTINCT FROM ($2::smallint, $3::text, $4::text, $5::timestamptz,
             $6::timestamptz, $7::float8, $8::text, $9::bigint, $10::boolean)
         ON CONFLICT DO NOTHING",
        episode.id.0,
        episode.severity.number(),
        episode.certainty.as_str(),
        episode.entry.as_str(),
        episode.opened_at,
        episode.closed_at,
        episode.peak,
        &*episode.situation,
        episode.exempted_by.map(|id| id.0),
        withdrawn,
    )
    .execute(connection)
    .await?;
    Ok(kept.rows_affected() > 0)
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
                  x.closed_at, x.closed_lat, x.closed_lon, x.peak, x.hits, x.world_version, x.cargo_unknown,
                  x.limit_value, x.situation, x.driver, x.exempted_by, x.detected_late, x.version, x.withdrawn_at,
                  x.jurisdiction, x.pack_version
           FROM violation x JOIN vehicle v ON v.id = x.vehicle_id JOIN organisation o ON o.id = x.operator_id
           LEFT JOIN zone_version z ON z.zone_id = x.zone_id AND z.version = x.zone_version
           WHERE ($1::bigint IS NULL OR x.operator_id = $1) AND ($2::uuid[] IS NULL OR x.id = ANY($2))
             AND ($3::text IS NULL OR o.code = $3) AND ($4::text IS NULL OR v.code = $4)
             AND ($5::text IS NULL OR x.rule = $5) AND ($6::smallint IS NULL OR x.severity = $6)
             AND ($7::bigint IS NULL OR x.zone_id = $7) AND ($8::boolean IS NULL OR (x.closed_at IS NULL) = $8)
             AND ($9::timestamptz IS NULL OR x.opened_at >= $9) AND ($10::timestamptz IS NULL OR x.opened_at < $10)
             AND ($11::timestamptz IS NULL OR (x.opened_at, x.id) < ($11, $12))
             AND ($14 OR $2::uuid[] IS NOT NULL OR x.withdrawn_at IS NULL)
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
        filter.withdrawn,
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
            limit: row.limit_value,
            situation: row.situation,
            driver: row.driver,
            exempted_by: row.exempted_by,
            detected_late: row.detected_late,
            version: row.version,
            withdrawn_at: row.withdrawn_at,
            pack: PackReference { jurisdiction: row.jurisdiction, version: row.pack_version },
            hits: row.hits,
            world_version: row.world_version,
            cargo_unknown: row.cargo_unknown,
        })
        .collect();
    Ok(Page::cut(items, limit, |last| TimeCursor(last.opened_at, last.id)))
}
