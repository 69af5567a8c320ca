//! A shard: the vehicles that fall to it, in memory, judged one message after the other.
//!
//! It takes whatever has come, judges it, and hands it to its writer as one batch. While the writer commits, the next
//! batch gathers: a batch is never waited for, and grows only when there is more to do than one commit can carry.
//!
//! What came out of order, farther back than memory reaches, is judged again from the store; for that the writer must have
//! committed everything before.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgPool;
use tokio::sync::{mpsc, watch};

use super::{
    acks::{Acknowledger, Receipt},
    connection::Delivery,
    gather::{Gathered, HeardOf, Reader},
    intake::ListeningSince,
    judging::{Judge, Tracked, Vehicle, beyond_memory},
    sequence::{Run, SequenceTracker},
};
use crate::{
    config::IngestConfig,
    domain::VehicleId,
    engine::{History, Moment},
    hazard::Catalogue,
    live::WorldHandle,
    rules::{Realm, seconds_between},
    store::{
        self, StoreError,
        batch::{Outcome, VehicleOutcome},
    },
    telemetry::Metrics,
};

/// What goes to the writer: what to store, and what to do once it is stored.
#[derive(Default)]
pub struct Batch {
    /// What to store.
    pub outcomes: Vec<Outcome>,
    /// What to acknowledge then, one for each message.
    pub receipts: Vec<(Acknowledger, Receipt)>,
    /// What to tell devices then.
    pub replies: Vec<Reply>,
}

/// What a device is told once its fixes are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// `{operator}/{vehicle}`, for its topics.
    pub topic_path: String,
    /// The number up to which everything is stored.
    pub stored_to: Option<i64>,
    /// Numbers that it should send again.
    pub resend: Option<Run>,
}

/// What a shard works with.
pub struct ShardParts {
    /// Section `[ingest]` of the configuration.
    pub config: IngestConfig,
    /// The world.
    pub world: WorldHandle,
    /// The goods catalogue, for the sheets of incidents.
    pub catalogue: Arc<Catalogue>,
    /// Where the past is asked for.
    pub pool: PgPool,
    /// Since when messages come.
    pub listening: ListeningSince,
    /// What is counted.
    pub metrics: Arc<Metrics>,
}

/// The vehicles of one shard.
pub struct Shard {
    parts: ShardParts,
    vehicles: HashMap<VehicleId, Vehicle>,
    /// Since when batches have gone out without a long wait for the writer: what came meanwhile may not have been judged.
    flowing_since: DateTime<Utc>,
    /// Batches that went out.
    sent: u64,
}

/// Payloads of one transaction are not gathered beyond this: PostgreSQL takes at most 1 GiB in one statement, and a backlog
/// should not keep an alarm waiting behind it.
const BATCH_PAYLOAD_BYTES: usize = 4 << 20;
/// A writer that keeps a shard waiting longer than this has lost its database for a while.
const LONG_WAIT: Duration = Duration::from_secs(5);
/// How often the shard looks for deadlines and unanswered requests.
const SWEEP: Duration = Duration::from_millis(500);
/// How long the recent past of a silent vehicle is kept in memory.
const RECENT_PAST: TimeDelta = TimeDelta::minutes(10);
/// Shortest and longest wait before the store is asked again for the past.
const RETRY: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));

impl Shard {
    /// A shard with the states that the store kept.
    #[must_use]
    pub fn new(parts: ShardParts, states: Vec<(VehicleId, Tracked)>) -> Self {
        let now = Utc::now();
        let vehicles = states.into_iter().map(|(id, tracked)| (id, Vehicle::loaded(tracked, now))).collect();
        Self { parts, vehicles, flowing_since: now, sent: 0 }
    }

    /// Judges what comes until the connections have ended, and hands batches to the writer, which says in `committed` how many
    /// it has committed.
    pub async fn run(
        mut self,
        mut deliveries: mpsc::Receiver<Delivery>,
        batches: mpsc::Sender<Batch>,
        mut committed: watch::Receiver<u64>,
    ) {
        let mut sweep = tokio::time::interval(SWEEP);
        sweep.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut gathered = VecDeque::new();
        let mut came = Vec::new();
        loop {
            // A place at the writer first: what comes while it is busy belongs to the next batch.
            let asked_at = Instant::now();
            let Ok(place) = batches.reserve().await else { return };
            if asked_at.elapsed() > LONG_WAIT {
                self.flowing_since = Utc::now();
            }
            let batch = tokio::select! {
                // The sweep comes first, or constant traffic would keep it from ever coming. What waited through an outage is not
                // judged too early by it: silence counts from `flowing_since`.
                biased;
                _ = sweep.tick() => Some(self.sweep(Utc::now())),
                count = deliveries.recv_many(&mut came, self.parts.config.batch_messages), if gathered.is_empty() => {
                    if count == 0 {
                        return;
                    }
                    gathered.extend(came.drain(..));
                    None
                }
                () = std::future::ready(()), if !gathered.is_empty() => None,
            };
            let batch = match batch {
                Some(batch) => batch,
                None => match self.take(&mut gathered, &mut committed).await {
                    Some(batch) => batch,
                    None => return,
                },
            };
            if !batch.outcomes.is_empty() || !batch.receipts.is_empty() || !batch.replies.is_empty() {
                self.sent += 1;
                place.send(batch);
            }
        }
    }

    /// Judges messages, in order, until there are no more or they are enough for one transaction. `None` when the writer has
    /// ended.
    async fn take(
        &mut self,
        deliveries: &mut VecDeque<Delivery>,
        committed: &mut watch::Receiver<u64>,
    ) -> Option<Batch> {
        let world = self.parts.world.current();
        let mut batch = Batch::default();
        let mut gathered = Gathered::default();
        let reader = Reader { config: &self.parts.config, world: &world, metrics: &self.parts.metrics };
        let mut payload_bytes = 0;
        while payload_bytes < BATCH_PAYLOAD_BYTES {
            let Some(delivery) = deliveries.pop_front() else { break };
            payload_bytes += delivery.message.payload.len();
            reader.read(&delivery, &mut gathered);
            batch.receipts.push((delivery.acknowledger, delivery.receipt));
        }
        let Gathered { vehicles, strays, .. } = gathered;
        let mut prepared = Vec::with_capacity(vehicles.len());
        let mut beyond = Vec::new();
        for mut heard in vehicles {
            let Some(known) = world.vehicle(heard.vehicle_id) else { continue };
            let judge = judge(&self.parts, &world);
            let vehicle = self.vehicles.entry(heard.vehicle_id).or_default();
            let mut outcome = judge.begin(known, std::mem::take(&mut heard.topic_path), heard.received_at);
            judge.prepare(known, vehicle, &mut heard, &mut outcome);
            beyond.extend(beyond_memory(vehicle, &heard).map(|moment| (heard.vehicle_id, moment)));
            prepared.push((known, heard, outcome));
        }
        // After a restart the broker sends much again that is stored: that is asked for once, for all.
        let stored = self.which_are_stored(&beyond, committed).await?;
        for (known, mut heard, mut outcome) in prepared {
            heard.observations.retain(|(observation, _)| !stored.contains(&(heard.vehicle_id, observation.moment())));
            let vehicle = self.vehicles.entry(heard.vehicle_id).or_default();
            let first_beyond = beyond_memory(vehicle, &heard).next();
            let past = match first_beyond {
                Some(from) => Some(self.past(heard.vehicle_id, from.time, committed).await?),
                None => None,
            };
            let judge = judge(&self.parts, &world);
            let vehicle = self.vehicles.entry(heard.vehicle_id).or_default();
            judge.hear(known, vehicle, &mut heard, past, &mut outcome);
            if let Some(reply) = answer(&self.parts.config, vehicle, &heard, &outcome.topic_path) {
                batch.replies.push(reply);
            }
            attach_state(vehicle, &mut outcome);
            batch.outcomes.push(Outcome { vehicle: Some(outcome), dead_letters: heard.dead_letters });
        }
        if !strays.is_empty() {
            batch.outcomes.push(Outcome { vehicle: None, dead_letters: strays });
        }
        Some(batch)
    }

    /// Which of these reports are stored. `None` when the writer has ended.
    async fn which_are_stored(
        &self,
        asked: &[(VehicleId, Moment)],
        committed: &mut watch::Receiver<u64>,
    ) -> Option<HashSet<(VehicleId, Moment)>> {
        if asked.is_empty() {
            return Some(HashSet::new());
        }
        self.ask_store(committed, || store::history::known(&self.parts.pool, asked)).await
    }

    /// The past of a vehicle from `from` on. `None` when the writer has ended.
    async fn past(
        &self,
        vehicle: VehicleId,
        from: DateTime<Utc>,
        committed: &mut watch::Receiver<u64>,
    ) -> Option<History> {
        self.ask_store(committed, || async {
            match store::history::load(&self.parts.pool, vehicle, from, None).await {
                Err(error @ StoreError::Unreadable { .. }) => {
                    tracing::error!(%vehicle, %error, "the stored past of a vehicle does not read: what came late is judged by itself");
                    Ok(History::default())
                }
                other => other,
            }
        })
        .await
    }

    /// Asks the store once everything that was sent is committed; tries until it answers. `None` when the writer has ended.
    async fn ask_store<T, F>(&self, committed: &mut watch::Receiver<u64>, ask: impl Fn() -> F) -> Option<T>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        committed.wait_for(|count| *count >= self.sent).await.ok()?;
        let mut wait = RETRY.0;
        loop {
            match ask().await {
                Ok(answer) => return Some(answer),
                Err(error) => {
                    tracing::warn!(%error, "cannot ask the store for the past of vehicles; trying again");
                    if committed.has_changed().is_err() {
                        return None;
                    }
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(RETRY.1);
                }
            }
        }
    }

    /// Fires the deadlines of vehicles that are silent, and asks again for what is missing.
    fn sweep(&mut self, now: DateTime<Utc>) -> Batch {
        let world = self.parts.world.current();
        let mut batch = Batch::default();
        // While nothing can be heard, silence means nothing.
        let heard_since = self.parts.listening.since().map(|since| since.max(self.flowing_since));
        for (id, vehicle) in &mut self.vehicles {
            let Some(known) = world.vehicle(*id) else { continue };
            let topic_path = || format!("{}/{}", known.vehicle.operator, known.vehicle.code);
            let state = &vehicle.track.state;
            if let Some(at) = state.next_deadline() {
                // A silence is as long by the server's clock as by the vehicle's, whatever the vehicle's clock says: so a
                // track of last year can be replayed without every fix of it being missed at once.
                let last = state.heard_at.unwrap_or(at);
                let silent_since = heard_since.map(|since| since.max(vehicle.heard_at));
                if silent_since.is_some_and(|since| seconds_between(since, now) >= seconds_between(last, at)) {
                    let judge = judge(&self.parts, &world);
                    let mut outcome = judge.begin(known, topic_path(), now);
                    judge.judge_silence(known, vehicle, at, &mut outcome);
                    attach_state(vehicle, &mut outcome);
                    batch.outcomes.push(Outcome { vehicle: Some(outcome), dead_letters: Vec::new() });
                }
            }
            if now - vehicle.heard_at > RECENT_PAST {
                vehicle.track.forget_past();
            }
            if let Some(tracker) =
                vehicle.sequence.as_mut().filter(|tracker| tracker.ask_due().is_some_and(|at| at <= now))
            {
                batch.replies.push(ask(&self.parts.config, tracker, now, topic_path()));
            }
        }
        batch
    }
}

fn judge<'a>(parts: &'a ShardParts, world: &'a Realm) -> Judge<'a> {
    Judge {
        world,
        catalogue: &parts.catalogue,
        metrics: &parts.metrics,
        rejudge_limit: TimeDelta::hours(parts.config.rejudge_limit_h.into()),
    }
}

/// What the device is told about what came, if it asks.
fn answer(config: &IngestConfig, vehicle: &mut Vehicle, heard: &HeardOf, topic_path: &str) -> Option<Reply> {
    if !heard.wants_ack {
        return None;
    }
    for (seq, time) in &heard.numbers {
        note_sequence(&mut vehicle.sequence, *seq, *time);
    }
    let tracker = vehicle.sequence.as_mut()?;
    heard.refused_numbers.iter().for_each(|seq| tracker.settle(*seq));
    Some(ask(config, tracker, heard.received_at, topic_path.to_owned()))
}

fn ask(config: &IngestConfig, tracker: &mut SequenceTracker, now: DateTime<Utc>, topic_path: String) -> Reply {
    let pause = TimeDelta::seconds(config.resend_after_s.into());
    let resend = tracker.ask(now, pause, config.resend_asks);
    Reply { topic_path, stored_to: Some(tracker.stored_to()), resend }
}

/// Notes a report as stored. Number 0 stands for none.
fn note_sequence(sequence: &mut Option<SequenceTracker>, seq: i64, time: DateTime<Utc>) {
    match sequence {
        _ if seq == 0 => {}
        Some(tracker) => tracker.note(seq, time),
        None => *sequence = Some(SequenceTracker::start(seq, time)),
    }
}

fn attach_state(vehicle: &Vehicle, outcome: &mut VehicleOutcome) {
    match vehicle.stored() {
        Ok(state) => outcome.state = Some(state),
        Err(error) => {
            tracing::error!(vehicle = %outcome.vehicle_id, %error, "the state of a vehicle does not serialise");
        }
    }
}
