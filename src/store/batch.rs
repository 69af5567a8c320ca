//! One transaction for all that a batch of messages caused: fixes, events, episodes, incidents, what has to be told, the
//! vehicles' states, dead letters. After its commit the messages are acknowledged, not before.

mod episodes;
mod reports;
mod states;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sqlx::{Acquire, PgConnection};

use super::{
    StoreError,
    dead_letters::{self, DeadLetter},
    feed::{self, FeedNews},
    incidents,
    separation::{self, NewFixes},
};
use crate::{
    domain::{DeviceEvent, Fix, OrganisationId, VehicleId, ViolationId},
    engine::{Judgement, Moment},
    incident::IncidentDraft,
    rules::{EpisodeChange, LastFix, Warning},
};

/// What belongs together: all that was heard of one vehicle, or letters that no vehicle is known for.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was heard of a vehicle, and what followed.
    pub vehicle: Option<VehicleOutcome>,
    /// What could not be used.
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
    /// When the last of it was heard.
    pub received_at: DateTime<Utc>,
    /// Fixes that were not known.
    pub fixes: Vec<StoredFix>,
    /// Fixes known before that are judged otherwise now.
    pub revised: Vec<(Moment, Judgement)>,
    /// Device events, with when they came.
    pub events: Vec<(DeviceEvent, DateTime<Utc>)>,
    /// What changed in the vehicle's episodes.
    pub changes: Vec<FoundChange>,
    /// Episodes of which the cab and the subscribers hear.
    pub told: Vec<ViolationId>,
    /// Breaches ahead of which the driver is warned.
    pub warnings: Vec<Warning>,
    /// Incidents to raise or to join.
    pub incidents: Vec<IncidentDraft>,
    /// States along the way.
    pub checkpoints: Vec<StoredCheckpoint>,
    /// Where judging again began: checkpoints after it are replaced.
    pub rejudged_from: Option<DateTime<Utc>>,
    /// Where its track has something new, if its distance to other vehicles is watched.
    pub to_compare: Vec<NewFixes>,
    /// The vehicle's state afterwards.
    pub state: Option<StateOutcome>,
}

/// A change in an episode, and whether it was found late.
#[derive(Debug)]
pub struct FoundChange {
    /// The change.
    pub change: EpisodeChange,
    /// Whether it began longer ago than the lateness limit when it was found.
    pub late: bool,
}

/// A fix to be stored.
#[derive(Debug)]
pub struct StoredFix {
    /// The fix.
    pub fix: Arc<Fix>,
    /// What became of it.
    pub judgement: Judgement,
    /// When it came.
    pub received_at: DateTime<Utc>,
}

/// A state from which a stretch of the past can be judged again.
#[derive(Debug)]
pub struct StoredCheckpoint {
    /// The time of the first thing heard after it.
    pub at: DateTime<Utc>,
    /// The engine's state before that, JSON.
    pub engine_state: String,
}

/// The state of a vehicle after a batch.
#[derive(Debug)]
pub struct StateOutcome {
    /// The newest judged fix; `None` while there is none.
    pub last: Option<LastFix>,
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
    reports::insert_positions(&mut transaction, &vehicles).await?;
    reports::revise_judgements(&mut transaction, &vehicles).await?;
    reports::insert_events(&mut transaction, &vehicles).await?;
    separation::note(&mut transaction, &vehicles).await?;
    let news = write_findings(&mut transaction, &vehicles).await?;
    states::write_checkpoints(&mut transaction, &vehicles).await?;
    states::upsert(&mut transaction, &vehicles).await?;
    dead_letters::insert(&mut transaction, &letters).await?;
    feed::append(&mut transaction, &news).await?;
    transaction.commit().await?;
    Ok(())
}

/// Records what was found of vehicles and tells of it: the last statements of a transaction.
pub(super) async fn record(connection: &mut PgConnection, vehicles: &[&VehicleOutcome]) -> Result<(), StoreError> {
    let news = write_findings(connection, vehicles).await?;
    feed::append(connection, &news).await
}

/// Writes episodes, warnings and incidents. Returns what goes to the feed.
async fn write_findings(
    connection: &mut PgConnection,
    vehicles: &[&VehicleOutcome],
) -> Result<Vec<FeedNews>, StoreError> {
    let mut news = Vec::new();
    episodes::write(connection, vehicles, &mut news).await?;
    episodes::warn(connection, vehicles, &mut news).await?;
    for draft in vehicles.iter().flat_map(|vehicle| &vehicle.incidents) {
        incidents::raise(connection, draft, &mut news).await?;
    }
    Ok(news)
}
