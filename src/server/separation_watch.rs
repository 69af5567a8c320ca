//! Watches over the distance between vehicles that belong to different shards, or to different servers.
//!
//! Writers note in the store where the tracks of such vehicles have something new. Every two seconds this takes what was noted, loads
//! the tracks around it, has them judged, and records what is different from what was recorded: the same fixes end in the same
//! episodes whatever the order in which they come. Nothing is remembered here. Of several servers one judges at a time, and what it
//! has judged is taken out in the transaction that records what it found.
//!
//! When nothing new comes of a vehicle that an open episode is about, the clock tells when it has been silent for too long.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{Acquire, PgConnection, PgPool};
use tokio_util::sync::CancellationToken;

use crate::{
    domain::{Episode, Subject, VehicleId},
    engine::separation::{Span, compare},
    hazard::Catalogue,
    ingest::{Judge, intake::ListeningSince},
    live::WorldHandle,
    rules::{
        EpisodeChange, Realm, seconds_after, seconds_between,
        separation::{self, VehicleTrack},
    },
    store::{
        StoreError,
        batch::VehicleOutcome,
        separation::{self as store, Due},
    },
    telemetry::Metrics,
};

/// How often it is looked whether something is new.
const EVERY: Duration = Duration::from_secs(2);
/// Entries that are looked at together.
const PAGE: i64 = 2000;
/// What is so near in time that the same tracks are needed is judged together …
const NEAR: TimeDelta = TimeDelta::minutes(10);
/// … but not tracks of more than about this length.
const LONGEST: TimeDelta = TimeDelta::hours(2);

/// Judges the distance between vehicles.
pub struct SeparationWatch {
    pool: PgPool,
    world: WorldHandle,
    catalogue: Arc<Catalogue>,
    listening: ListeningSince,
    metrics: Arc<Metrics>,
}

/// What is judged at once.
#[derive(Debug, Default)]
struct Portion {
    /// Entries that it settles.
    entries: Vec<i64>,
    /// The vehicles with something new.
    vehicles: HashSet<VehicleId>,
    /// Times of the first and the last fix that is new.
    times: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// Vehicles of which it is known that nothing came, and up to when.
    silent_to: HashMap<VehicleId, DateTime<Utc>>,
}

impl SeparationWatch {
    /// A watch that asks the store through `pool`.
    #[must_use]
    pub fn new(
        pool: PgPool,
        world: WorldHandle,
        catalogue: Arc<Catalogue>,
        listening: ListeningSince,
        metrics: Arc<Metrics>,
    ) -> Self {
        Self { pool, world, catalogue, listening, metrics }
    }

    /// Watches until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        let mut tick = tokio::time::interval(EVERY);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut reported = false;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = tick.tick() => {}
            }
            let looked = tokio::select! {
                () = stop.cancelled() => return,
                looked = self.look() => looked,
            };
            match looked {
                Ok(()) => reported = false,
                Err(error) if !reported => {
                    tracing::error!(%error, "the distance between vehicles cannot be judged; it is tried until it can");
                    reported = true;
                }
                Err(_) => {}
            }
        }
    }

    /// Judges portion after portion until nothing is new, or another server is at it.
    async fn look(&self) -> Result<(), StoreError> {
        while self.judge_portion().await? {}
        let mut connection = self.pool.acquire().await?;
        let mut transaction = connection.begin().await?;
        if store::claim(&mut transaction).await? {
            let world = self.world.current();
            if let Some(portion) = self.fallen_silent(&world, &mut transaction).await? {
                self.judge(&world, &mut transaction, portion).await?;
            }
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Judges what lies together of that which is new. False when there is nothing.
    async fn judge_portion(&self) -> Result<bool, StoreError> {
        let world = self.world.current();
        let mut connection = self.pool.acquire().await?;
        let mut transaction = connection.begin().await?;
        if !store::claim(&mut transaction).await? {
            return Ok(false);
        }
        let Some(portion) = first_portion(store::due(&mut transaction, world.version(), PAGE).await?) else {
            return Ok(false);
        };
        let entries = portion.entries.clone();
        match self.judge(&world, &mut transaction, portion).await {
            Ok(()) => transaction.commit().await?,
            Err(error) if matches!(error, StoreError::Unreadable { .. }) || error.blames_the_values() => {
                transaction.rollback().await?;
                tracing::error!(%error, "the distance between some vehicles cannot be judged: it is left out");
                let mut transaction = connection.begin().await?;
                store::settle(&mut transaction, &entries, &[]).await?;
                transaction.commit().await?;
            }
            Err(error) => return Err(error),
        }
        Ok(true)
    }

    /// The vehicles that open episodes are about and that have been silent for too long, by the clock: as long as by the vehicle's
    /// own, and only while it could be heard.
    async fn fallen_silent(&self, world: &Realm, connection: &mut PgConnection) -> Result<Option<Portion>, StoreError> {
        let Some(listening_since) = self.listening.since() else { return Ok(None) };
        let open = store::open(connection).await?;
        let pairs: Vec<(VehicleId, VehicleId)> = open.iter().filter_map(pair_of).collect();
        let vehicles: HashSet<VehicleId> = pairs.iter().flat_map(|(one, other)| [*one, *other]).collect();
        if vehicles.is_empty() {
            return Ok(None);
        }
        let vehicles: Vec<VehicleId> = vehicles.into_iter().collect();
        let heard = store::last_heard(connection, &vehicles).await?;
        let now = Utc::now();
        let mut portion = Portion::default();
        for (one, other) in pairs {
            let (Some(one_heard), Some(other_heard)) = (heard.get(&one), heard.get(&other)) else { continue };
            let last = one_heard.0.min(other_heard.0);
            for (vehicle, (fix_time, received_at)) in [(one, one_heard), (other, other_heard)] {
                let silent_s = seconds_between(*received_at.max(&listening_since), now);
                if *fix_time == last && silent_s > world.settings().gap_s {
                    portion.vehicles.insert(vehicle);
                    portion.silent_to.insert(vehicle, seconds_after(last, silent_s));
                    portion.add_times(last, last);
                }
            }
        }
        Ok((!portion.vehicles.is_empty()).then_some(portion))
    }

    /// Judges the portion, and records what is different.
    async fn judge(
        &self,
        world: &Arc<Realm>,
        connection: &mut PgConnection,
        portion: Portion,
    ) -> Result<(), StoreError> {
        let Some(times) = portion.times else { return Ok(()) };
        let gap_s = world.settings().gap_s;
        let (watched, hold_s) = watched(world, times);
        let span = Span::touched_by(times, gap_s, hold_s);
        let new: Vec<VehicleId> = portion.vehicles.iter().copied().collect();
        let recorded = store::recorded(connection, &new, span).await?;
        let of_tracks = span.of_tracks(&recorded, gap_s);
        let mut needed: HashSet<VehicleId> = watched;
        needed.extend(recorded.iter().filter_map(pair_of).flat_map(|(one, other)| [one, other]));
        let needed: Vec<VehicleId> = needed.into_iter().collect();
        let points = store::tracks(connection, &needed, of_tracks).await?;
        let tracks: Vec<VehicleTrack> = points
            .into_iter()
            .map(|(vehicle, (points, after))| {
                VehicleTrack::new(vehicle, points, after.or_else(|| portion.silent_to.get(&vehicle).copied()))
            })
            .collect();
        let judging = {
            let world = world.clone();
            // Many tracks take long enough to disturb other tasks.
            tokio::task::spawn_blocking(move || {
                separation::judge(&world, &tracks, |vehicle| portion.vehicles.contains(&vehicle))
            })
        };
        let found = judging.await.map_err(|error| StoreError::Unreadable {
            what: "tracks",
            of: "the store".into(),
            reason: error.to_string(),
        })?;
        let changes = compare(span, recorded, found);
        store::settle(connection, &portion.entries, &self.outcomes(world, changes)).await
    }

    /// What is to be recorded, by vehicle.
    fn outcomes(&self, world: &Realm, changes: Vec<EpisodeChange>) -> Vec<VehicleOutcome> {
        let judge =
            Judge { world, catalogue: &self.catalogue, metrics: &self.metrics, rejudge_limit: TimeDelta::zero() };
        let now = Utc::now();
        let mut by_vehicle: HashMap<VehicleId, Vec<EpisodeChange>> = HashMap::new();
        for change in changes {
            by_vehicle.entry(change.episode.vehicle_id).or_default().push(change);
        }
        let mut outcomes = Vec::with_capacity(by_vehicle.len());
        for (vehicle, changes) in by_vehicle {
            let Some(known) = world.vehicle(vehicle) else { continue };
            let topic_path = format!("{}/{}", known.vehicle.operator, known.vehicle.code);
            let mut outcome = judge.begin(known, topic_path, now);
            judge.note_changes(known, changes, now, &mut outcome);
            outcomes.push(outcome);
        }
        outcomes
    }
}

impl Portion {
    fn add_times(&mut self, from: DateTime<Utc>, to: DateTime<Utc>) {
        let times = self.times.get_or_insert((from, to));
        *times = (times.0.min(from), times.1.max(to));
    }
}

/// The first of what is due with all that lies so near to it in time that they are judged together. `due` is in order of time.
fn first_portion(due: Vec<Due>) -> Option<Portion> {
    let mut portion = Portion::default();
    for entry in due {
        if let Some((from, to)) = portion.times
            && (entry.from - to > NEAR || entry.to - from > LONGEST)
        {
            break;
        }
        portion.entries.push(entry.id);
        portion.vehicles.insert(entry.vehicle);
        portion.add_times(entry.from, entry.to);
    }
    (!portion.entries.is_empty()).then_some(portion)
}

/// The vehicles whose distance to each other matters around these times, and the longest hold time of the rules that bind them.
fn watched(world: &Realm, (from, to): (DateTime<Utc>, DateTime<Utc>)) -> (HashSet<VehicleId>, f64) {
    let mut hold_s: f64 = 0.0;
    let mut vehicles = HashSet::new();
    for known in world.vehicles() {
        if let Some(rule) = separation::concerns(world, known, (from - NEAR, to + NEAR)) {
            hold_s = hold_s.max(rule.parameters.hold_s);
            vehicles.insert(known.vehicle.id);
        }
    }
    (vehicles, hold_s)
}

fn pair_of(episode: &Episode) -> Option<(VehicleId, VehicleId)> {
    match episode.subject {
        Subject::Other(other) => Some((episode.vehicle_id, other)),
        _ => None,
    }
}
