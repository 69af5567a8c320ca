//! Zones and their versions.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use sqlx::{PgConnection, PgPool, types::Json};

use super::{StoreError, page::Page, world_version};
use crate::{
    domain::{CategoryByTime, OrganisationId, Schedule, Zone, ZoneId, ZoneKind, ZoneVersion},
    geo::{ZoneShape, shape_and_area},
    world::{KnownZone, World},
};

/// A version of a zone as it is listed.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ZoneRecord {
    /// Number of the zone, the same for all its versions.
    pub id: i64,
    /// Number of this version.
    pub version: i32,
    /// Code of the organisation that published it.
    pub publisher: String,
    /// What people call it.
    pub name: String,
    /// What it means, with what that needs.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub kind: ZoneKind,
    /// Its area: a GeoJSON Polygon or MultiPolygon, a Circle or a Corridor.
    #[schema(value_type = Object)]
    pub area: Value,
    /// The area as a GeoJSON Polygon or MultiPolygon, where it was given as something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    pub outline: Option<Value>,
    /// From when it is in force, by the time of the fix.
    pub valid_from: DateTime<Utc>,
    /// Until when.
    pub valid_to: Option<DateTime<Utc>>,
    /// The times at which it is in effect; null: at all times.
    #[schema(value_type = Option<Object>)]
    pub schedule: Option<Schedule>,
    /// The group of zones that it belongs to: those share one episode.
    pub group: Option<String>,
    /// How long a vehicle must be inside before that is raised, in seconds.
    pub dwell_s: Option<f64>,
}

/// A zone to be published. Its area has been checked.
#[derive(Clone, Debug)]
pub struct NewZone {
    /// What people call it.
    pub name: String,
    /// What it means.
    pub kind: ZoneKind,
    /// The shape of its area.
    pub shape: ZoneShape,
    /// From when it is in force, by the time of the fix.
    pub valid_from: DateTime<Utc>,
    /// Until when.
    pub valid_to: Option<DateTime<Utc>>,
    /// The times at which it is in effect; always, where there is none.
    pub schedule: Option<Schedule>,
    /// The group of zones that it belongs to.
    pub group: Option<String>,
    /// How long a vehicle must be inside before that is raised, in seconds.
    pub dwell_s: Option<f64>,
}

impl NewZone {
    /// The schedules that it names: its own, and those of a tunnel's categories.
    pub fn schedules(&self) -> impl Iterator<Item = &Schedule> {
        let by_time: &[CategoryByTime] = if let ZoneKind::Tunnel { by_time, .. } = &self.kind { by_time } else { &[] };
        self.schedule.iter().chain(by_time.iter().map(|by_time| &by_time.schedule))
    }
}

/// Publishes new zones, all or none. Returns their ids, in order.
///
/// # Errors
/// When the database refuses.
pub async fn publish(pool: &PgPool, publisher: OrganisationId, new: &[NewZone]) -> Result<Vec<ZoneId>, StoreError> {
    let mut transaction = pool.begin().await?;
    let mut ids = Vec::with_capacity(new.len());
    for zone in new {
        let id = sqlx::query_scalar!("INSERT INTO zone (publisher_id) VALUES ($1) RETURNING id", publisher.0)
            .fetch_one(&mut *transaction)
            .await?;
        insert_version(&mut transaction, ZoneId(id), ZoneVersion(1), zone).await?;
        ids.push(ZoneId(id));
    }
    if !new.is_empty() {
        world_version::changed(&mut transaction).await?;
    }
    transaction.commit().await?;
    Ok(ids)
}

/// Publishes a new version of a zone; the version before ends where this one begins. `None` when there is no such zone.
///
/// # Errors
/// When the database refuses.
pub async fn revise(pool: &PgPool, id: ZoneId, new: &NewZone) -> Result<Option<ZoneVersion>, StoreError> {
    let mut transaction = pool.begin().await?;
    // The row lock keeps two revisions from taking the same number.
    let exists = sqlx::query_scalar!("SELECT id FROM zone WHERE id = $1 FOR UPDATE", id.0);
    if exists.fetch_optional(&mut *transaction).await?.is_none() {
        return Ok(None);
    }
    sqlx::query!(
        "UPDATE zone_version SET valid_to = greatest($2, valid_from)
         WHERE zone_id = $1 AND (valid_to IS NULL OR valid_to > $2)",
        id.0,
        new.valid_from,
    )
    .execute(&mut *transaction)
    .await?;
    let latest = sqlx::query_scalar!(
        r#"SELECT coalesce(max(version), 0) AS "latest!" FROM zone_version WHERE zone_id = $1"#,
        id.0
    )
    .fetch_one(&mut *transaction)
    .await?;
    let version = ZoneVersion(latest + 1);
    insert_version(&mut transaction, id, version, new).await?;
    world_version::changed(&mut transaction).await?;
    transaction.commit().await?;
    Ok(Some(version))
}

/// Takes a zone out of force from `at` on. False when no version of it is in force then.
///
/// # Errors
/// When the database refuses.
pub async fn withdraw(pool: &PgPool, id: ZoneId, at: DateTime<Utc>) -> Result<bool, StoreError> {
    let mut transaction = pool.begin().await?;
    let ended = sqlx::query!(
        "UPDATE zone_version SET valid_to = greatest($2, valid_from)
         WHERE zone_id = $1 AND (valid_to IS NULL OR valid_to > $2)",
        id.0,
        at,
    )
    .execute(&mut *transaction)
    .await?
    .rows_affected();
    if ended > 0 {
        world_version::changed(&mut transaction).await?;
    }
    transaction.commit().await?;
    Ok(ended > 0)
}

async fn insert_version(
    connection: &mut PgConnection,
    id: ZoneId,
    version: ZoneVersion,
    zone: &NewZone,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO zone_version (zone_id, version, name, kind, definition, area, valid_from, valid_to, schedule, zone_group,
             dwell_s)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        id.0,
        version.0,
        zone.name,
        zone.kind.as_str(),
        Json(&zone.kind) as _,
        zone.shape.to_json(),
        zone.valid_from,
        zone.valid_to,
        zone.schedule.as_ref().map(Json) as _,
        zone.group,
        zone.dwell_s,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// One page of the newest versions of the zones, by number. With `id`, that one only.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list(pool: &PgPool, id: Option<ZoneId>, after: i64, limit: i64) -> Result<Page<ZoneRecord>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT z.id, v.version, o.code AS publisher, v.name, v.definition AS "definition: Json<ZoneKind>", v.area,
                  v.valid_from, v.valid_to, v.schedule AS "schedule: Json<Schedule>", v.zone_group, v.dwell_s
           FROM zone z JOIN organisation o ON o.id = z.publisher_id
           JOIN LATERAL (SELECT * FROM zone_version WHERE zone_id = z.id ORDER BY version DESC LIMIT 1) v ON true
           WHERE z.id > $1 AND ($2::bigint IS NULL OR z.id = $2) ORDER BY z.id LIMIT $3"#,
        after,
        id.map(|id| id.0),
        limit + 1,
    )
    .fetch_all(pool)
    .await?;
    let items = rows
        .into_iter()
        .map(|row| ZoneRecord {
            id: row.id,
            version: row.version,
            publisher: row.publisher,
            name: row.name,
            kind: row.definition.0,
            area: row.area,
            outline: None,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            schedule: row.schedule.map(|schedule| schedule.0),
            group: row.zone_group,
            dwell_s: row.dwell_s,
        })
        .collect();
    Ok(Page::cut(items, limit, |last| last.id))
}

/// The versions that were in force after `ended_after`. Those that `before` knows are taken over from there: a version never
/// changes but for its end, and reading and preparing areas is what takes the time.
pub(super) async fn load(
    connection: &mut PgConnection,
    ended_after: DateTime<Utc>,
    before: Option<&World>,
) -> Result<Vec<KnownZone>, StoreError> {
    let rows = sqlx::query!(
        "SELECT zone_id, version, valid_to FROM zone_version WHERE valid_to IS NULL OR valid_to > $1",
        ended_after,
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut zones = Vec::with_capacity(rows.len());
    let (mut new_ids, mut new_versions) = (Vec::new(), Vec::new());
    for row in rows {
        match before.and_then(|before| before.zone_version(ZoneId(row.zone_id), ZoneVersion(row.version))) {
            Some(known) => {
                let mut known = known.clone();
                known.zone.valid_to = row.valid_to;
                zones.push(known);
            }
            None => {
                new_ids.push(row.zone_id);
                new_versions.push(row.version);
            }
        }
    }
    if new_ids.is_empty() {
        return Ok(zones);
    }
    let rows = sqlx::query!(
        r#"SELECT z.id, z.publisher_id, v.version, v.name, v.definition AS "definition: Json<ZoneKind>", v.area,
                  v.valid_from, v.valid_to, v.schedule AS "schedule: Json<Schedule>", v.zone_group, v.dwell_s
           FROM zone z JOIN zone_version v ON v.zone_id = z.id
           JOIN UNNEST($1::bigint[], $2::integer[]) AS new (id, version) ON new.id = z.id AND new.version = v.version"#,
        &new_ids,
        &new_versions,
    )
    .fetch_all(connection)
    .await?;
    for row in rows {
        let (_, area) = shape_and_area(&row.area).map_err(|error| StoreError::Unreadable {
            what: "area",
            of: format!("zone {} version {}", row.id, row.version),
            reason: error.to_string(),
        })?;
        zones.push(KnownZone::from(Zone {
            id: ZoneId(row.id),
            version: ZoneVersion(row.version),
            publisher_id: OrganisationId(row.publisher_id),
            name: row.name,
            kind: row.definition.0,
            area: Arc::new(area),
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            schedule: row.schedule.map(|schedule| schedule.0),
            group: row.zone_group.map(Arc::from),
            dwell_s: row.dwell_s,
        }));
    }
    Ok(zones)
}
