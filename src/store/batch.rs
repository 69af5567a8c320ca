//! One transaction for all that a batch of messages caused: fixes, events, episodes, incidents, what has to be told, the
//! vehicles' states, dead letters. After its commit the messages are acknowledged, not before.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::{Acquire, PgConnection};

use super::{
    StoreError, Visibility,
    dead_letters::{self, DeadLetter},
    feed::{self, FeedKind, FeedNews},
    incidents, outbox, violations,
};
use crate::{
    domain::{DeviceEvent, Episode, Fix, OrganisationId, VehicleId, ViolationId},
    engine::Judgement,
    incident::IncidentDraft,
    rules::EpisodeChange,
};

/// What one message, or one deadline, caused.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What it said of a vehicle.
    pub vehicle: Option<VehicleOutcome>,
    /// What of it could not be used.
    pub dead_letters: Vec<DeadLetter>,
}

/// What was heard of one vehicle, and what followed.
#[derive(Debug)]
pub struct VehicleOutcome {
    /// The vehicle.
    pub vehicle_id: VehicleId,
    /// Its operator.
    pub operator_id: OrganisationId,
    /// `{operator}/{vehicle}`, for the cab's topic.
    pub topic_path: String,
    /// When it was heard.
    pub received_at: DateTime<Utc>,
    /// Fixes, with what became of each.
    pub fixes: Vec<(Fix, Judgement)>,
    /// Device events.
    pub events: Vec<DeviceEvent>,
    /// What changed in the vehicle's episodes.
    pub changes: Vec<EpisodeChange>,
    /// Episodes of which the cab and the subscribers hear.
    pub told: Vec<ViolationId>,
    /// Incidents to raise or to join.
    pub incidents: Vec<IncidentDraft>,
    /// The vehicle's state afterwards. Of several outcomes of one vehicle in a batch the last has it.
    pub state: Option<StateOutcome>,
}

/// The state of a vehicle after a batch.
#[derive(Debug)]
pub struct StateOutcome {
    /// The newest judged fix of the batch; `None` leaves the known position as it is.
    pub newest: Option<Fix>,
    /// The engine's state, JSON.
    pub engine_state: String,
}

/// Writes everything in one transaction.
///
/// # Errors
/// When the database refuses; then nothing of it was written.
pub async fn commit(connection: &mut PgConnection, outcomes: &[Outcome]) -> Result<(), StoreError> {
    let vehicles: Vec<&VehicleOutcome> = outcomes.iter().filter_map(|outcome| outcome.vehicle.as_ref()).collect();
    let letters: Vec<&DeadLetter> = outcomes.iter().flat_map(|outcome| &outcome.dead_letters).collect();

    let mut transaction = connection.begin().await?;
    insert_positions(&mut transaction, &vehicles).await?;
    insert_events(&mut transaction, &vehicles).await?;
    let mut news = Vec::new();
    write_episodes(&mut transaction, &vehicles, &mut news).await?;
    for draft in vehicles.iter().flat_map(|vehicle| &vehicle.incidents) {
        incidents::raise(&mut transaction, draft, &mut news).await?;
    }
    upsert_states(&mut transaction, &vehicles).await?;
    dead_letters::insert(&mut transaction, &letters).await?;
    feed::append(&mut transaction, &news).await?;
    transaction.commit().await?;
    Ok(())
}

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
    sensors: Vec<Option<String>>,
    unknown_fields: Vec<Option<String>>,
}

impl PositionColumns {
    fn push(&mut self, vehicle: &VehicleOutcome, fix: &Fix, judgement: Judgement) -> Result<(), StoreError> {
        self.vehicle_id.push(vehicle.vehicle_id.0);
        self.fix_time.push(fix.key.time);
        self.seq.push(fix.key.seq);
        self.received_at.push(vehicle.received_at);
        self.lat.push(fix.place.lat());
        self.lon.push(fix.place.lon());
        self.speed_kmh.push(fix.speed_kmh.map(single));
        self.heading_deg.push(fix.heading_deg.map(single));
        self.accuracy_m.push(fix.accuracy_m.map(single));
        self.altitude_m.push(fix.altitude_m.map(single));
        self.satellites.push(fix.satellites);
        self.ignition.push(fix.ignition);
        self.judgement.push(judgement.number());
        self.driver.push(fix.driver.clone());
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
fn single(value: f64) -> f32 {
    value as f32
}

async fn insert_positions(connection: &mut PgConnection, vehicles: &[&VehicleOutcome]) -> Result<(), StoreError> {
    let mut columns = PositionColumns::default();
    for vehicle in vehicles {
        for (fix, judgement) in &vehicle.fixes {
            columns.push(vehicle, fix, *judgement)?;
        }
    }
    if columns.seq.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO position (vehicle_id, fix_time, seq, received_at, lat, lon, speed_kmh, heading_deg, accuracy_m,
             altitude_m, satellites, ignition, judgement, driver, sensors, unknown_fields)
         SELECT a, b, c, d, e, f, g, h, i, j, k, l, m, n, o::jsonb, p::jsonb
         FROM UNNEST($1::bigint[], $2::timestamptz[], $3::bigint[], $4::timestamptz[], $5::float8[], $6::float8[],
             $7::real[], $8::real[], $9::real[], $10::real[], $11::smallint[], $12::boolean[], $13::smallint[],
             $14::text[], $15::text[], $16::text[]) AS fixes (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)
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
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_events(connection: &mut PgConnection, vehicles: &[&VehicleOutcome]) -> Result<(), StoreError> {
    for vehicle in vehicles {
        for event in &vehicle.events {
            sqlx::query!(
                "INSERT INTO device_event (vehicle_id, event_time, seq, kind, lat, lon, received_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                vehicle.vehicle_id.0,
                event.time,
                event.seq,
                event.kind.as_str(),
                event.place.map(|place| place.lat()),
                event.place.map(|place| place.lon()),
                vehicle.received_at,
            )
            .execute(&mut *connection)
            .await?;
        }
    }
    Ok(())
}

/// Writes each changed episode once, as it is at the end of the batch, and tells of it.
async fn write_episodes(
    connection: &mut PgConnection,
    vehicles: &[&VehicleOutcome],
    news: &mut Vec<FeedNews>,
) -> Result<(), StoreError> {
    let mut order: Vec<ViolationId> = Vec::new();
    let mut newest: HashMap<ViolationId, (&VehicleOutcome, &Episode)> = HashMap::new();
    for vehicle in vehicles {
        for change in &vehicle.changes {
            if newest.insert(change.episode.id, (vehicle, &change.episode)).is_none() {
                order.push(change.episode.id);
            }
        }
    }
    if order.is_empty() {
        return Ok(());
    }
    let told: HashSet<ViolationId> = vehicles.iter().flat_map(|vehicle| vehicle.told.iter().copied()).collect();
    let rows: Vec<_> = order
        .iter()
        .filter_map(|id| newest.get(id))
        .map(|(vehicle, episode)| (vehicle.operator_id, *episode))
        .collect();
    violations::upsert(connection, &rows).await?;

    for record in violations::by_ids(&mut *connection, Visibility::Everything, &order).await? {
        let id = ViolationId(record.id);
        let Some((vehicle, _)) = newest.get(&id) else { continue };
        if told.contains(&id) {
            // The key makes it once, however often the episode rises.
            let key = format!("violation/{id}/opened");
            let event = json!({ "id": key, "type": "violation", "violation": &record });
            let topic = format!("placard/v1/{}/alert", vehicle.topic_path);
            outbox::to_mqtt(connection, &format!("{key}/alert"), &topic, false, &event.to_string()).await?;
            outbox::to_webhooks(connection, &key, vehicle.operator_id, FeedKind::Violation, &event.to_string()).await?;
        }
        news.push(FeedNews::of(FeedKind::Violation, vehicle.operator_id, &record)?);
    }
    Ok(())
}

async fn upsert_states(connection: &mut PgConnection, vehicles: &[&VehicleOutcome]) -> Result<(), StoreError> {
    let states: Vec<(&VehicleOutcome, &StateOutcome)> =
        vehicles.iter().filter_map(|vehicle| vehicle.state.as_ref().map(|state| (*vehicle, state))).collect();
    if states.is_empty() {
        return Ok(());
    }
    let fix = |state: &StateOutcome| state.newest.clone();
    let fixes: Vec<Option<Fix>> = states.iter().map(|(_, state)| fix(state)).collect();
    let column = |of: &dyn Fn(&Fix) -> Option<f32>| -> Vec<Option<f32>> {
        fixes.iter().map(|fix| fix.as_ref().and_then(of)).collect()
    };
    let vehicle_id: Vec<i64> = states.iter().map(|(vehicle, _)| vehicle.vehicle_id.0).collect();
    let fix_time: Vec<Option<DateTime<Utc>>> = fixes.iter().map(|fix| fix.as_ref().map(|fix| fix.key.time)).collect();
    let seq: Vec<Option<i64>> = fixes.iter().map(|fix| fix.as_ref().map(|fix| fix.key.seq)).collect();
    let lat: Vec<Option<f64>> = fixes.iter().map(|fix| fix.as_ref().map(|fix| fix.place.lat())).collect();
    let lon: Vec<Option<f64>> = fixes.iter().map(|fix| fix.as_ref().map(|fix| fix.place.lon())).collect();
    let engine_state: Vec<String> = states.iter().map(|(_, state)| state.engine_state.clone()).collect();
    sqlx::query!(
        "INSERT INTO vehicle_state AS old (vehicle_id, fix_time, seq, lat, lon, speed_kmh, heading_deg, accuracy_m,
             engine_state, stored_at)
         SELECT a, b, c, d, e, f, g, h, i::json, now()
         FROM UNNEST($1::bigint[], $2::timestamptz[], $3::bigint[], $4::float8[], $5::float8[], $6::real[], $7::real[],
             $8::real[], $9::text[]) AS states (a, b, c, d, e, f, g, h, i)
         ON CONFLICT (vehicle_id) DO UPDATE SET
             fix_time = coalesce(EXCLUDED.fix_time, old.fix_time),
             seq = CASE WHEN EXCLUDED.fix_time IS NULL THEN old.seq ELSE EXCLUDED.seq END,
             lat = CASE WHEN EXCLUDED.fix_time IS NULL THEN old.lat ELSE EXCLUDED.lat END,
             lon = CASE WHEN EXCLUDED.fix_time IS NULL THEN old.lon ELSE EXCLUDED.lon END,
             speed_kmh = CASE WHEN EXCLUDED.fix_time IS NULL THEN old.speed_kmh ELSE EXCLUDED.speed_kmh END,
             heading_deg = CASE WHEN EXCLUDED.fix_time IS NULL THEN old.heading_deg ELSE EXCLUDED.heading_deg END,
             accuracy_m = CASE WHEN EXCLUDED.fix_time IS NULL THEN old.accuracy_m ELSE EXCLUDED.accuracy_m END,
             engine_state = EXCLUDED.engine_state, stored_at = EXCLUDED.stored_at",
        &vehicle_id,
        &fix_time as &[Option<DateTime<Utc>>],
        &seq as &[Option<i64>],
        &lat as &[Option<f64>],
        &lon as &[Option<f64>],
        &column(&|fix| fix.speed_kmh.map(single)) as &[Option<f32>],
        &column(&|fix| fix.heading_deg.map(single)) as &[Option<f32>],
        &column(&|fix| fix.accuracy_m.map(single)) as &[Option<f32>],
        &engine_state,
    )
    .execute(connection)
    .await?;
    Ok(())
}
