//! What judging the distance between vehicles needs of the store: where something is new, the tracks, and what was recorded.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{
    StoreError,
    batch::{self, VehicleOutcome},
    episodes::EpisodeRow,
};
use crate::{
    domain::{Episode, FixKey, Place, VehicleId},
    engine::separation::Span,
    rules::separation::TrackPoint,
};

/// Where a vehicle's track has something new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewFixes {
    /// Time of the first fix that is new.
    pub from: DateTime<Utc>,
    /// Time of the last.
    pub to: DateTime<Utc>,
    /// The version of the world that they were judged by.
    pub world_version: i64,
}

/// New fixes of a vehicle that have not been compared with other vehicles' yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Number of the entry.
    pub id: i64,
    /// The vehicle.
    pub vehicle: VehicleId,
    /// Time of the first fix that is new.
    pub from: DateTime<Utc>,
    /// Time of the last.
    pub to: DateTime<Utc>,
}

/// Notes where tracks have something new, in the transaction that stores it.
pub(super) async fn note(connection: &mut PgConnection, vehicles: &[&VehicleOutcome]) -> Result<(), StoreError> {
    let all = || vehicles.iter().flat_map(|vehicle| vehicle.to_compare.iter().map(|new| (vehicle.vehicle_id.0, new)));
    let vehicle_id: Vec<i64> = all().map(|(vehicle, _)| vehicle).collect();
    if vehicle_id.is_empty() {
        return Ok(());
    }
    let from: Vec<DateTime<Utc>> = all().map(|(_, new)| new.from).collect();
    let to: Vec<DateTime<Utc>> = all().map(|(_, new)| new.to).collect();
    let world_version: Vec<i64> = all().map(|(_, new)| new.world_version).collect();
    sqlx::query!(
        "INSERT INTO separation_due (vehicle_id, from_time, to_time, world_version)
         SELECT a, b, c, d FROM UNNEST($1::bigint[], $2::timestamptz[], $3::timestamptz[], $4::bigint[])
             AS due (a, b, c, d)",
        &vehicle_id,
        &from,
        &to,
        &world_version,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Claims the judging for the rest of the transaction. False while another server is at it.
///
/// # Errors
/// When the database cannot be asked.
pub async fn claim(connection: &mut PgConnection) -> Result<bool, StoreError> {
    let claimed =
        sqlx::query_scalar!(r#"SELECT pg_try_advisory_xact_lock(hashtext('placard.separation')) AS "claimed!""#);
    Ok(claimed.fetch_one(connection).await?)
}

/// Up to `limit` entries that a server which knows `world_version` can judge, by the times of their first fixes.
///
/// # Errors
/// When the database cannot be asked.
pub async fn due(connection: &mut PgConnection, world_version: i64, limit: i64) -> Result<Vec<Due>, StoreError> {
    let rows = sqlx::query!(
        "SELECT id, vehicle_id, from_time, to_time FROM separation_due WHERE world_version <= $1
         ORDER BY from_time, id LIMIT $2",
        world_version,
        limit,
    );
    let rows = rows.fetch_all(connection).await?;
    let due = rows.into_iter().map(|row| Due {
        id: row.id,
        vehicle: VehicleId(row.vehicle_id),
        from: row.from_time,
        to: row.to_time,
    });
    Ok(due.collect())
}

/// The open episodes about two vehicles.
///
/// # Errors
/// When the database cannot be asked, or holds something that does not read.
pub async fn open(connection: &mut PgConnection) -> Result<Vec<Episode>, StoreError> {
    let rows = sqlx::query_as!(
        EpisodeRow,
        "SELECT id, vehicle_id, rule, subject, zone_id, zone_version, severity, certainty, entry, situation, opened_at,
             opened_lat, opened_lon, closed_at, closed_lat, closed_lon, peak, limit_value, hits, world_version,
             jurisdiction, pack_version, cargo_unknown, driver, exempted_by
         FROM violation WHERE rule = 'separation' AND withdrawn_at IS NULL AND closed_at IS NULL",
    );
    rows.fetch_all(connection).await?.into_iter().map(EpisodeRow::read).collect()
}

/// The recorded episodes of pairs with one of these vehicles, as far as `span` meets them.
///
/// # Errors
/// When the database cannot be asked, or holds something that does not read.
pub async fn recorded(
    connection: &mut PgConnection,
    vehicles: &[VehicleId],
    span: Span,
) -> Result<Vec<Episode>, StoreError> {
    let ids: Vec<i64> = vehicles.iter().map(|vehicle| vehicle.0).collect();
    let subjects: Vec<String> =
        vehicles.iter().map(|vehicle| crate::domain::Subject::Other(*vehicle).to_string()).collect();
    let rows = sqlx::query_as!(
        EpisodeRow,
        "SELECT id, vehicle_id, rule, subject, zone_id, zone_version, severity, certainty, entry, situation, opened_at,
             opened_lat, opened_lon, closed_at, closed_lat, closed_lon, peak, limit_value, hits, world_version,
             jurisdiction, pack_version, cargo_unknown, driver, exempted_by
         FROM violation WHERE rule = 'separation' AND withdrawn_at IS NULL
           AND (closed_at IS NULL OR closed_at >= $1) AND ($2::timestamptz IS NULL OR opened_at <= $2)
           AND (vehicle_id = ANY($3) OR subject = ANY($4))
         ORDER BY opened_at, id",
        span.from,
        span.to,
        &ids,
        &subjects,
    );
    rows.fetch_all(connection).await?.into_iter().map(EpisodeRow::read).collect()
}

/// What is known of the vehicles in `span`: their judged fixes, and for each, where the span ends, the time of its first fix after
/// that.
///
/// # Errors
/// When the database cannot be asked, or holds something that does not read.
pub async fn tracks(
    connection: &mut PgConnection,
    vehicles: &[VehicleId],
    span: Span,
) -> Result<HashMap<VehicleId, (Vec<TrackPoint>, Option<DateTime<Utc>>)>, StoreError> {
    let ids: Vec<i64> = vehicles.iter().map(|vehicle| vehicle.0).collect();
    let rows = sqlx::query!(
        "SELECT vehicle_id, fix_time, seq, lat, lon, speed_kmh, accuracy_m, driver, escort FROM position
         WHERE vehicle_id = ANY($1) AND fix_time >= $2 AND ($3::timestamptz IS NULL OR fix_time <= $3) AND judgement = 0",
        &ids,
        span.from,
        span.to,
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut tracks: HashMap<VehicleId, (Vec<TrackPoint>, Option<DateTime<Utc>>)> = HashMap::new();
    for row in rows {
        let place = Place::new(row.lat, row.lon).map_err(|error| StoreError::Unreadable {
            what: "place",
            of: format!("vehicle {}", row.vehicle_id),
            reason: error.to_string(),
        })?;
        tracks.entry(VehicleId(row.vehicle_id)).or_default().0.push(TrackPoint {
            key: FixKey { time: row.fix_time, seq: row.seq },
            place,
            speed_kmh: row.speed_kmh.map(f64::from),
            accuracy_m: row.accuracy_m.map(f64::from),
            driver: row.driver.map(Into::into),
            escort: row.escort.map(Into::into),
        });
    }
    let Some(to) = span.to else { return Ok(tracks) };
    let rows = sqlx::query!(
        r#"SELECT v.id AS "id!", p.fix_time
           FROM UNNEST($1::bigint[]) AS v (id) CROSS JOIN LATERAL (
               SELECT fix_time FROM position
               WHERE vehicle_id = v.id AND judgement = 0 AND fix_time > $2 ORDER BY fix_time, seq LIMIT 1) p"#,
        &ids,
        to,
    );
    for row in rows.fetch_all(connection).await? {
        if let Some((_, after)) = tracks.get_mut(&VehicleId(row.id)) {
            *after = Some(row.fix_time);
        }
    }
    Ok(tracks)
}

/// The newest judged fix of each vehicle: its time, and when it came.
///
/// # Errors
/// When the database cannot be asked.
pub async fn last_heard(
    connection: &mut PgConnection,
    vehicles: &[VehicleId],
) -> Result<HashMap<VehicleId, (DateTime<Utc>, DateTime<Utc>)>, StoreError> {
    let ids: Vec<i64> = vehicles.iter().map(|vehicle| vehicle.0).collect();
    let rows = sqlx::query!(
        r#"SELECT v.id AS "id!", p.fix_time, p.received_at
           FROM UNNEST($1::bigint[]) AS v (id) CROSS JOIN LATERAL (
               SELECT fix_time, received_at FROM position
               WHERE vehicle_id = v.id AND judgement = 0 ORDER BY fix_time DESC, seq DESC LIMIT 1) p"#,
        &ids,
    );
    let rows = rows.fetch_all(connection).await?;
    Ok(rows.into_iter().map(|row| (VehicleId(row.id), (row.fix_time, row.received_at))).collect())
}

/// Records what was found, and takes out what it was found by: the last statements of a transaction.
///
/// # Errors
/// When the database refuses.
pub async fn settle(
    connection: &mut PgConnection,
    entries: &[i64],
    outcomes: &[VehicleOutcome],
) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM separation_due WHERE id = ANY($1)", entries).execute(&mut *connection).await?;
    let outcomes: Vec<&VehicleOutcome> = outcomes.iter().collect();
    batch::record(connection, &outcomes).await
}
