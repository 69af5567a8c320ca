//! Writing fixes and events.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{StoredFix, VehicleOutcome};
use crate::{engine::Judgement, store::StoreError};

/// Fixes as columns, for one statement. Single inserts would be forty times slower.
#[derive(Default)]
struct PositionColumns {
    vehicle_id: Vec<i64>,
    fix_time: Vec<DateTime<Utc>>,
    seq: Vec<i64>,
    received_at: Vec<DateTime<Utc>>,
    lat: Vec<f64>,
    lon: Vec<f64>,
    speed_kmh: Vec<Option<f32>>,
    heading_deg: Vec<Option<f32>>,
    accuracy_m: Vec<Option<f32>>,
    altitude_m: Vec<Option<f32>>,
    satellites: Vec<Option<i16>>,
    ignition: Vec<Option<bool>>,
    judgement: Vec<i16>,
    driver: Vec<Option<String>>,
    escort: Vec<Option<String>>,
    odometer_km: Vec<Option<f64>>,
    buffered: Vec<bool>,
    sensors: Vec<Option<String>>,
    unknown_fields: Vec<Option<String>>,
}

impl PositionColumns {
    fn push(&mut self, vehicle: &VehicleOutcome, stored: &StoredFix) -> Result<(), StoreError> {
        let fix = &stored.fix;
        self.vehicle_id.push(vehicle.vehicle_id.0);
        self.fix_time.push(fix.key.time);
        self.seq.push(fix.key.seq);
        self.received_at.push(stored.received_at);
        self.lat.push(fix.place.lat());
        self.lon.push(fix.place.lon());
        self.speed_kmh.push(fix.speed_kmh.map(single));
        self.heading_deg.push(fix.heading_deg.map(single));
        self.accuracy_m.push(fix.accuracy_m.map(single));
        self.altitude_m.push(fix.altitude_m.map(single));
        self.satellites.push(fix.satellites);
        self.ignition.push(fix.ignition);
        self.judgement.push(stored.judgement.number());
        self.driver.push(fix.driver.clone());
        self.escort.push(fix.escort.clone());
        self.odometer_km.push(fix.odometer_km);
        self.buffered.push(fix.buffered);
        let json = |value: serde_json::Result<String>| value.map_err(|error| sqlx::Error::Encode(error.into()));
        let sensors = (!fix.sensors.is_empty()).then(|| json(serde_json::to_string(&fix.sensors))).transpose()?;
        self.sensors.push(sensors);
        let unknown = (!fix.unknown_fields.is_empty()).then(|| json(serde_json::to_string(&fix.unknown_fields)));
        self.unknown_fields.push(unknown.transpose()?);
        Ok(())
    }
}

/// Speeds, courses, accuracies and heights are stored in single precision: seven digits are more than a receiver has.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn single(value: f64) -> f32 {
    value as f32
}

pub(super) async fn insert_positions(
    connection: &mut PgConnection,
    vehicles: &[&VehicleOutcome],
) -> Result<(), StoreError> {
    let mut columns = PositionColumns::default();
    for vehicle in vehicles {
        for stored in &vehicle.fixes {
            columns.push(vehicle, stored)?;
        }
    }
    if columns.seq.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO position (vehicle_id, fix_time, seq, received_at, lat, lon, speed_kmh, heading_deg, accuracy_m,
             altitude_m, satellites, ignition, judgement, driver, sensors, unknown_fields, escort, odometer_km,
             buffered)
         SELECT a, b, c, d, e, f, g, h, i, j, k, l, m, n, o::jsonb, p::jsonb, q, r, s
         FROM UNNEST($1::bigint[], $2::timestamptz[], $3::bigint[], $4::timestamptz[], $5::float8[], $6::float8[],
             $7::real[], $8::real[], $9::real[], $10::real[], $11::smallint[], $12::boolean[], $13::smallint[],
             $14::text[], $15::text[], $16::text[], $17::text[], $18::float8[], $19::boolean[])
             AS fixes (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s)
         ON CONFLICT DO NOTHING",
        &columns.vehicle_id,
        &columns.fix_time,
        &columns.seq,
        &columns.received_at,
        &columns.lat,
        &columns.lon,
        &columns.speed_kmh as &[Option<f32>],
        &columns.heading_deg as &[Option<f32>],
        &columns.accuracy_m as &[Option<f32>],
        &columns.altitude_m as &[Option<f32>],
        &columns.satellites as &[Option<i16>],
        &columns.ignition as &[Option<bool>],
        &columns.judgement,
        &columns.driver as &[Option<String>],
        &columns.sensors as &[Option<String>],
        &columns.unknown_fields as &[Option<String>],
        &columns.escort as &[Option<String>],
        &columns.odometer_km as &[Option<f64>],
        &columns.buffered,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Fixes known before that are judged otherwise now.
pub(super) async fn revise_judgements(
    connection: &mut PgConnection,
    vehicles: &[&VehicleOutcome],
) -> Result<(), StoreError> {
    let revised =
        || vehicles.iter().flat_map(|vehicle| vehicle.revised.iter().map(|revised| (vehicle.vehicle_id, revised)));
    let vehicle_id: Vec<i64> = revised().map(|(vehicle, _)| vehicle.0).collect();
    if vehicle_id.is_empty() {
        return Ok(());
    }
    let time: Vec<DateTime<Utc>> = revised().map(|(_, (moment, _))| moment.time).collect();
    let seq: Vec<i64> = revised().map(|(_, (moment, _))| moment.seq).collect();
    let judgement: Vec<i16> = revised().map(|(_, (_, judgement))| Judgement::number(*judgement)).collect();
    sqlx::query!(
        "UPDATE position p SET judgement = r.judgement
         FROM UNNEST($1::bigint[], $2::timestamptz[], $3::bigint[], $4::smallint[]) AS r (vehicle_id, fix_time, seq, judgement)
         WHERE p.vehicle_id = r.vehicle_id AND p.fix_time = r.fix_time AND p.seq = r.seq",
        &vehicle_id,
        &time,
        &seq,
        &judgement,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn insert_events(
    connection: &mut PgConnection,
    vehicles: &[&VehicleOutcome],
) -> Result<(), StoreError> {
    for vehicle in vehicles {
        for (event, received_at) in &vehicle.events {
            sqlx::query!(
                "INSERT INTO device_event (vehicle_id, event_time, seq, kind, lat, lon, received_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                vehicle.vehicle_id.0,
                event.time,
                event.seq,
                event.kind.as_str(),
                event.place.map(|place| place.lat()),
                event.place.map(|place| place.lon()),
                received_at,
            )
            .execute(&mut *connection)
            .await?;
        }
    }
    Ok(())
}
