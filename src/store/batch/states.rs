//! Writing the vehicles' states.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{StateOutcome, VehicleOutcome, reports::single};
use crate::{rules::LastFix, store::StoreError};

/// The state of each vehicle after the batch, with its newest judged fix: the answer to "where is it now".
pub(super) async fn upsert(connection: &mut PgConnection, vehicles: &[&VehicleOutcome]) -> Result<(), StoreError> {
    let states: Vec<(&VehicleOutcome, &StateOutcome)> =
        vehicles.iter().filter_map(|vehicle| vehicle.state.as_ref().map(|state| (*vehicle, state))).collect();
    if states.is_empty() {
        return Ok(());
    }
    let last = |state: &StateOutcome| state.last;
    let column = |of: &dyn Fn(LastFix) -> Option<f32>| -> Vec<Option<f32>> {
        states.iter().map(|(_, state)| last(state).and_then(of)).collect()
    };
    let vehicle_id: Vec<i64> = states.iter().map(|(vehicle, _)| vehicle.vehicle_id.0).collect();
    let fix_time: Vec<Option<DateTime<Utc>>> =
        states.iter().map(|(_, state)| last(state).map(|fix| fix.key.time)).collect();
    let seq: Vec<Option<i64>> = states.iter().map(|(_, state)| last(state).map(|fix| fix.key.seq)).collect();
    let lat: Vec<Option<f64>> = states.iter().map(|(_, state)| last(state).map(|fix| fix.place.lat())).collect();
    let lon: Vec<Option<f64>> = states.iter().map(|(_, state)| last(state).map(|fix| fix.place.lon())).collect();
    let engine_state: Vec<&str> = states.iter().map(|(_, state)| state.engine_state.as_str()).collect();
    sqlx::query!(
        "INSERT INTO vehicle_state (vehicle_id, fix_time, seq, lat, lon, speed_kmh, heading_deg, accuracy_m,
             engine_state, stored_at)
         SELECT a, b, c, d, e, f, g, h, i::json, now()
         FROM UNNEST($1::bigint[], $2::timestamptz[], $3::bigint[], $4::float8[], $5::float8[], $6::real[], $7::real[],
             $8::real[], $9::text[]) AS states (a, b, c, d, e, f, g, h, i)
         ON CONFLICT (vehicle_id) DO UPDATE SET
             fix_time = EXCLUDED.fix_time, seq = EXCLUDED.seq, lat = EXCLUDED.lat, lon = EXCLUDED.lon,
             speed_kmh = EXCLUDED.speed_kmh, heading_deg = EXCLUDED.heading_deg, accuracy_m = EXCLUDED.accuracy_m,
             engine_state = EXCLUDED.engine_state, stored_at = EXCLUDED.stored_at",
        &vehicle_id,
        &fix_time as &[Option<DateTime<Utc>>],
        &seq as &[Option<i64>],
        &lat as &[Option<f64>],
        &lon as &[Option<f64>],
        &column(&|fix| fix.speed_kmh.map(single)) as &[Option<f32>],
        &column(&|fix| fix.heading_deg.map(single)) as &[Option<f32>],
        &column(&|fix| fix.accuracy_m.map(single)) as &[Option<f32>],
        &engine_state as &[&str],
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The states along the way, for judging again. Where a stretch was judged again, its states replace the ones from before.
pub(super) async fn write_checkpoints(
    connection: &mut PgConnection,
    vehicles: &[&VehicleOutcome],
) -> Result<(), StoreError> {
    for vehicle in vehicles {
        let Some(from) = vehicle.rejudged_from else { continue };
        sqlx::query!("DELETE FROM engine_checkpoint WHERE vehicle_id = $1 AND at >= $2", vehicle.vehicle_id.0, from)
            .execute(&mut *connection)
            .await?;
    }
    let all =
        || vehicles.iter().flat_map(|vehicle| vehicle.checkpoints.iter().map(|point| (vehicle.vehicle_id.0, point)));
    let vehicle_id: Vec<i64> = all().map(|(vehicle, _)| vehicle).collect();
    if vehicle_id.is_empty() {
        return Ok(());
    }
    let at: Vec<DateTime<Utc>> = all().map(|(_, point)| point.at).collect();
    let engine_state: Vec<&str> = all().map(|(_, point)| point.engine_state.as_str()).collect();
    sqlx::query!(
        "INSERT INTO engine_checkpoint (vehicle_id, at, engine_state)
         SELECT a, b, c::json FROM UNNEST($1::bigint[], $2::timestamptz[], $3::text[]) AS points (a, b, c)
         ON CONFLICT (vehicle_id, at) DO UPDATE SET engine_state = EXCLUDED.engine_state",
        &vehicle_id,
        &at,
        &engine_state as &[&str],
    )
    .execute(connection)
    .await?;
    Ok(())
}
