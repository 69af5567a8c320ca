//! The past of a vehicle, for judging a span of it again.

use std::{collections::HashSet, sync::Arc};

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde_json::{Value, value::RawValue};
use sqlx::{PgPool, types::Json};

use super::{StoreError, episodes::EpisodeRow};
use crate::{
    domain::{DeviceEvent, DeviceEventKind, Episode, Fix, FixKey, Place, VehicleId},
    engine::{Heard, History, Judgement, Moment, Observation, VehicleState},
};

/// Everything that was heard of `vehicle` from `from` on, from the last kept state before that; at the latest up to `to`.
///
/// # Errors
/// When the database cannot be asked, or holds something that does not read.
pub async fn load(
    pool: &PgPool,
    vehicle: VehicleId,
    from: DateTime<Utc>,
    to: Option<DateTime<Utc>>,
) -> Result<History, StoreError> {
    let mut transaction = pool.begin().await?;
    sqlx::query!("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY").execute(&mut *transaction).await?;
    let checkpoint = sqlx::query!(
        r#"SELECT at, engine_state AS "engine_state: Json<Box<RawValue>>" FROM engine_checkpoint
           WHERE vehicle_id = $1 AND at <= $2 ORDER BY at DESC LIMIT 1"#,
        vehicle.0,
        from,
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let (since, base) = match checkpoint {
        Some(row) => (row.at, read::<VehicleState>("state", vehicle, row.engine_state.0.get())?),
        // Nothing is known of the time before: the vehicle is seen for the first time.
        None => (from, VehicleState::default()),
    };
    let mut heard = Vec::new();
    let rows = sqlx::query!(
        "SELECT fix_time, seq, lat, lon, speed_kmh, heading_deg, accuracy_m, altitude_m, satellites, ignition, driver,
             escort, odometer_km, buffered, judgement, sensors
         FROM position WHERE vehicle_id = $1 AND fix_time >= $2 AND ($3::timestamptz IS NULL OR fix_time <= $3)
         ORDER BY fix_time, seq",
        vehicle.0,
        since,
        to,
    )
    .fetch_all(&mut *transaction)
    .await?;
    for row in rows {
        let sensors = row.sensors.unwrap_or_else(|| Value::Object(serde_json::Map::new()));
        let fix = Fix {
            key: FixKey { time: row.fix_time, seq: row.seq },
            place: place(vehicle, row.lat, row.lon)?,
            speed_kmh: row.speed_kmh.map(f64::from),
            heading_deg: row.heading_deg.map(f64::from),
            accuracy_m: row.accuracy_m.map(f64::from),
            altitude_m: row.altitude_m.map(f64::from),
            satellites: row.satellites,
            ignition: row.ignition,
            driver: row.driver,
            escort: row.escort,
            odometer_km: row.odometer_km,
            buffered: row.buffered,
            sensors: serde_json::from_value(sensors).map_err(|error| unreadable("sensors", vehicle, &error))?,
            unknown_fields: serde_json::Map::new(),
        };
        let judgement = Judgement::from_number(row.judgement).unwrap_or(Judgement::Judged);
        // What came too late to be judged then is not judged now either: else the past would depend on who asks.
        if judgement != Judgement::TooLate {
            heard.push(Heard { observation: Observation::Fix(Arc::new(fix)), judgement });
        }
    }
    let rows = sqlx::query!(
        "SELECT event_time, seq, kind, lat, lon FROM device_event
         WHERE vehicle_id = $1 AND event_time >= $2 AND ($3::timestamptz IS NULL OR event_time <= $3)",
        vehicle.0,
        since,
        to,
    )
    .fetch_all(&mut *transaction)
    .await?;
    for row in rows {
        let kind = DeviceEventKind::from_name(&row.kind).ok_or_else(|| unreadable("event", vehicle, &row.kind))?;
        let place = row.lat.zip(row.lon).map(|(lat, lon)| place(vehicle, lat, lon)).transpose()?;
        let event = DeviceEvent { kind, time: row.event_time, seq: row.seq, place };
        heard.push(Heard { observation: Observation::Event(event), judgement: Judgement::Judged });
    }
    heard.sort_by_key(|heard| heard.observation.moment());
    let open: Vec<uuid::Uuid> = base.open.iter().map(|episode| episode.id.0).collect();
    let recorded = recorded(&mut transaction, vehicle, since, &open).await?;
    transaction.commit().await?;
    Ok(History { base, heard, recorded })
}

/// Which of these reports are stored.
///
/// # Errors
/// When the database cannot be asked.
pub async fn known(pool: &PgPool, asked: &[(VehicleId, Moment)]) -> Result<HashSet<(VehicleId, Moment)>, StoreError> {
    let mut known = HashSet::new();
    let is_fix = |moment: &Moment| moment.rank == 0;
    let of = |fixes: bool| asked.iter().filter(move |(_, moment)| is_fix(moment) == fixes);
    let rows = sqlx::query!(
        r#"SELECT a AS "vehicle_id!", b AS "time!", c AS "seq!"
           FROM UNNEST($1::bigint[], $2::timestamptz[], $3::bigint[]) AS asked (a, b, c)
           WHERE EXISTS (SELECT FROM position p WHERE p.vehicle_id = a AND p.fix_time = b AND p.seq = c)"#,
        &of(true).map(|(vehicle, _)| vehicle.0).collect::<Vec<_>>(),
        &of(true).map(|(_, moment)| moment.time).collect::<Vec<_>>(),
        &of(true).map(|(_, moment)| moment.seq).collect::<Vec<_>>(),
    )
    .fetch_all(pool)
    .await?;
    known.extend(rows.iter().map(|row| (VehicleId(row.vehicle_id), Moment { time: row.time, seq: row.seq, rank: 0 })));
    if of(false).next().is_none() {
        return Ok(known);
    }
    let rows = sqlx::query!(
        r#"SELECT a AS "vehicle_id!", b AS "time!", c AS "seq!", e.kind
           FROM UNNEST($1::bigint[], $2::timestamptz[], $3::bigint[]) AS asked (a, b, c)
           JOIN device_event e ON e.vehicle_id = a AND e.event_time = b AND e.seq = c"#,
        &of(false).map(|(vehicle, _)| vehicle.0).collect::<Vec<_>>(),
        &of(false).map(|(_, moment)| moment.time).collect::<Vec<_>>(),
        &of(false).map(|(_, moment)| moment.seq).collect::<Vec<_>>(),
    )
    .fetch_all(pool)
    .await?;
    known.extend(rows.iter().filter_map(|row| {
        let event =
            DeviceEvent { kind: DeviceEventKind::from_name(&row.kind)?, time: row.time, seq: row.seq, place: None };
        Some((VehicleId(row.vehicle_id), Observation::Event(event).moment()))
    }));
    Ok(known)
}

/// The episodes that were open at `since`, or were found later, as they are now. Those between two vehicles are not a vehicle's
/// own to judge again.
async fn recorded(
    connection: &mut sqlx::PgConnection,
    vehicle: VehicleId,
    since: DateTime<Utc>,
    open: &[uuid::Uuid],
) -> Result<Vec<Episode>, StoreError> {
    let rows = sqlx::query_as!(
        EpisodeRow,
        "SELECT id, vehicle_id, rule, subject, zone_id, zone_version, severity, certainty, entry, situation, opened_at,
             opened_lat, opened_lon, closed_at, closed_lat, closed_lon, peak, limit_value, hits, world_version,
             jurisdiction, pack_version, cargo_unknown, driver, exempted_by
         FROM violation WHERE vehicle_id = $1 AND withdrawn_at IS NULL AND rule <> 'separation'
           AND (opened_at >= $2 OR closed_at IS NULL OR closed_at >= $2 OR id = ANY($3))
         ORDER BY opened_at, id",
        vehicle.0,
        since,
        open,
    );
    rows.fetch_all(connection).await?.into_iter().map(EpisodeRow::read).collect()
}

fn place(vehicle: VehicleId, lat: f64, lon: f64) -> Result<Place, StoreError> {
    Place::new(lat, lon).map_err(|error| unreadable("place", vehicle, &error))
}

fn read<T: DeserializeOwned>(what: &'static str, vehicle: VehicleId, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| unreadable(what, vehicle, &error))
}

fn unreadable(what: &'static str, vehicle: VehicleId, reason: &dyn std::fmt::Display) -> StoreError {
    StoreError::Unreadable { what, of: format!("vehicle {vehicle}"), reason: reason.to_string() }
}
