//! A shard: the vehicles that fall to it, in memory, judged one message after the other.
//!
//! It takes whatever has come, judges it, and hands it to its writer as one batch. While the writer commits, the next
//! batch gathers: a batch is never waited for, and grows only when there is more to do than one commit can carry.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Instant,
};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::{
    acks::{Acknowledger, Receipt},
    connection::{Delivery, Stray},
    decode::{Limits, decoder_for},
    intake::ListeningSince,
    reject::{Reason, Reject},
    sequence::{Run, SequenceTracker},
    topic::Topic,
};
use crate::{
    config::IngestConfig,
    domain::{Fix, VehicleId},
    engine::{self, Judgement, VehicleState},
    hazard::Catalogue,
    incident,
    live::WorldHandle,
    rules::seconds_between,
    store::{
        batch::{Outcome, StateOutcome, VehicleOutcome},
        dead_letters::DeadLetter,
    },
    telemetry::Metrics,
    world::{KnownVehicle, World},
};

/// What goes to the writer: what to store, and what to do once it is stored.
#[derive(Default)]
pub struct Batch {
    /// What to store.
    pub outcomes: Vec<Outcome>,
    /// What to acknowledge then, one for each outcome that came from a message.
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

/// What is remembered of one vehicle: this is what the store keeps as its state.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Tracked {
    /// The engine's state.
    pub engine: VehicleState,
    /// Numbered fixes, if the device asks to be told what is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<SequenceTracker>,
}

/// A vehicle in memory.
#[derive(Default)]
struct Vehicle {
    tracked: Tracked,
    /// When it was last heard, by the server's clock; for one that was loaded, when that was.
    heard_at: DateTime<Utc>,
}

/// The vehicles of one shard.
pub struct Shard {
    config: IngestConfig,
    world: WorldHandle,
    catalogue: Arc<Catalogue>,
    vehicles: HashMap<VehicleId, Vehicle>,
    listening: ListeningSince,
    /// Since when batches have gone out without a long wait for the writer: what came meanwhile may not have been judged.
    flowing_since: DateTime<Utc>,
    metrics: Arc<Metrics>,
}

/// Payloads of one transaction are not gathered beyond this: PostgreSQL takes at most 1 GiB in one statement, and a backlog
/// should not keep an alarm waiting behind it.
const BATCH_PAYLOAD_BYTES: usize = 4 << 20;
/// Faults of one message that are kept one by one.
const FAULTS_KEPT: usize = 20;
/// A writer that keeps a shard waiting longer than this has lost its database for a while.
const LONG_WAIT: std::time::Duration = std::time::Duration::from_secs(5);

/// How often the shard looks for deadlines and unanswered requests.
const SWEEP: std::time::Duration = std::time::Duration::from_millis(500);

impl Shard {
    /// A shard with the states that the store kept.
    #[must_use]
    pub fn new(
        config: IngestConfig,
        world: WorldHandle,
        catalogue: Arc<Catalogue>,
        states: Vec<(VehicleId, Tracked)>,
        listening: ListeningSince,
        metrics: Arc<Metrics>,
    ) -> Self {
        let heard_at = Utc::now();
        let vehicles = states.into_iter().map(|(id, tracked)| (id, Vehicle { tracked, heard_at })).collect();
        Self { config, world, catalogue, vehicles, listening, flowing_since: heard_at, metrics }
    }

    /// Judges what comes until the connections have ended, and hands batches to the writer.
    pub async fn run(mut self, mut deliveries: mpsc::Receiver<Delivery>, batches: mpsc::Sender<Batch>) {
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
                _ = sweep.tick() => self.sweep(Utc::now()),
                count = deliveries.recv_many(&mut came, self.config.batch_messages), if gathered.is_empty() => {
                    if count == 0 {
                        return;
                    }
                    gathered.extend(came.drain(..));
                    self.take(&mut gathered)
                }
                () = std::future::ready(()), if !gathered.is_empty() => self.take(&mut gathered),
            };
            if !batch.outcomes.is_empty() || !batch.replies.is_empty() {
                place.send(batch);
            }
        }
    }

    /// Judges messages, in order, until there are no more or they are enough for one transaction.
    fn take(&mut self, deliveries: &mut VecDeque<Delivery>) -> Batch {
        let world = self.world.current();
        let mut batch = Batch::default();
        let mut last_of: HashMap<VehicleId, usize> = HashMap::new();
        let mut payload_bytes = 0;
        while payload_bytes < BATCH_PAYLOAD_BYTES {
            let Some(delivery) = deliveries.pop_front() else { break };
            payload_bytes += delivery.message.payload.len();
            let outcome = self.take_one(&world, &delivery, &mut batch.replies);
            if let Some(vehicle) = &outcome.vehicle {
                last_of.insert(vehicle.vehicle_id, batch.outcomes.len());
            }
            batch.outcomes.push(outcome);
            batch.receipts.push((delivery.acknowledger, delivery.receipt));
        }
        self.attach_states(&mut batch, &last_of);
        batch
    }

    fn take_one(&mut self, world: &World, delivery: &Delivery, replies: &mut Vec<Reply>) -> Outcome {
        let (topic, known) = match &delivery.sender {
            Ok((topic, id)) => match world.vehicle(*id) {
                Some(known) => (topic, known),
                None => return self.refuse_all(world, delivery, Some(topic), unknown_vehicle(topic)),
            },
            Err(stray) => {
                return match &**stray {
                    Stray::BadTopic => {
                        let reject = Reject::new(Reason::BadTopic, super::topic::WANTED);
                        self.refuse_all(world, delivery, None, reject)
                    }
                    Stray::UnknownVehicle(topic) => {
                        self.refuse_all(world, delivery, Some(topic), unknown_vehicle(topic))
                    }
                };
            }
        };
        let payload = &delivery.message.payload;
        if payload.len() > self.config.payload_limit_bytes {
            let limit = self.config.payload_limit_bytes;
            let detail = format!("the payload has {} bytes; at most {limit} are looked into", payload.len());
            return self.refuse_all(world, delivery, Some(topic), Reject::new(Reason::PayloadTooLarge, detail));
        }
        let limits = Limits::at(delivery.received_at, &self.config);
        let decoded = match decoder_for(topic.kind).decode(topic, payload, &limits) {
            Ok(decoded) => decoded,
            Err(reject) => return self.refuse_all(world, delivery, Some(topic), reject),
        };

        let vehicle = self.vehicles.entry(known.vehicle.id).or_default();
        vehicle.heard_at = delivery.received_at;
        let mut heard = VehicleOutcome {
            vehicle_id: known.vehicle.id,
            operator_id: known.vehicle.operator_id,
            topic_path: topic.path(),
            received_at: delivery.received_at,
            fixes: Vec::with_capacity(decoded.fixes.len()),
            events: decoded.events,
            changes: Vec::new(),
            incidents: Vec::new(),
            told: Vec::new(),
            state: None,
        };
        for fix in decoded.fixes {
            let judged = engine::judge_fix(world, known, &mut vehicle.tracked.engine, &fix);
            self.metrics.fix(judged.judgement);
            heard.changes.extend(judged.changes);
            if decoded.wants_ack {
                note_sequence(&mut vehicle.tracked.sequence, fix.key.seq, fix.key.time);
            }
            heard.fixes.push((fix, judged.judgement));
        }
        for event in &heard.events {
            heard.changes.extend(engine::judge_event(world, known, &mut vehicle.tracked.engine, event));
            if decoded.wants_ack {
                note_sequence(&mut vehicle.tracked.sequence, event.seq, event.time);
            }
        }
        if let Some(tracker) = vehicle.tracked.sequence.as_mut().filter(|_| decoded.wants_ack) {
            decoded.refused_seqs.iter().for_each(|seq| tracker.settle(*seq));
            let (pause, asks) = (TimeDelta::seconds(self.config.resend_after_s.into()), self.config.resend_asks);
            let resend = tracker.ask(delivery.received_at, pause, asks);
            let reply = Reply { topic_path: topic.path(), stored_to: Some(tracker.stored_to()), resend };
            // Of several answers in one batch the last says all; requests to send again are kept.
            match replies.iter_mut().rev().find(|earlier| earlier.topic_path == reply.topic_path) {
                Some(earlier) => *earlier = Reply { resend: reply.resend.or(earlier.resend), ..reply },
                None => replies.push(reply),
            }
        }
        self.note_changes(world, known, &mut heard);
        let dead_letters = shorten(decoded.rejects)
            .into_iter()
            .map(|(part, reject)| self.refuse(world, delivery, Some(topic), reject, part));
        let dead_letters = dead_letters.collect();
        Outcome { vehicle: Some(heard), dead_letters }
    }

    /// Counts what changed, and drafts the incidents that follow from it.
    fn note_changes(&self, world: &World, known: &KnownVehicle, heard: &mut VehicleOutcome) {
        for change in &heard.changes {
            self.metrics.episode(change);
            let age_s = seconds_between(change.episode.opened_at, heard.received_at);
            let fresh = age_s <= world.settings().lateness_s;
            if let Some(draft) = incident::draft(world, &self.catalogue, known, change, fresh) {
                heard.incidents.push(draft);
            }
            if incident::is_told(change, fresh) {
                heard.told.push(change.episode.id);
            }
        }
    }

    /// Fires the deadlines of vehicles that are silent, and asks again for what is missing.
    fn sweep(&mut self, now: DateTime<Utc>) -> Batch {
        let world = self.world.current();
        let mut batch = Batch::default();
        let mut last_of = HashMap::new();
        let (pause, asks) = (TimeDelta::seconds(self.config.resend_after_s.into()), self.config.resend_asks);
        // While nothing can be heard, silence means nothing.
        let heard_since = self.listening.since().map(|since| since.max(self.flowing_since));
        let mut silent = Vec::new();
        for (id, vehicle) in &mut self.vehicles {
            let Some(known) = world.vehicle(*id) else { continue };
            let engine = &vehicle.tracked.engine;
            if let Some(at) = engine.next_deadline(world.settings()) {
                // A silence is as long by the server's clock as by the vehicle's, whatever the vehicle's clock says: so a
                // track of last year can be replayed without every fix of it being missed at once.
                let last = engine.heard_at.unwrap_or(at);
                let silent_since = heard_since.map(|since| since.max(vehicle.heard_at));
                if silent_since.is_some_and(|since| seconds_between(since, now) >= seconds_between(last, at)) {
                    silent.push((*id, at));
                }
            }
            if let Some(tracker) =
                vehicle.tracked.sequence.as_mut().filter(|tracker| tracker.ask_due().is_some_and(|at| at <= now))
            {
                let resend = tracker.ask(now, pause, asks);
                let topic_path = format!("{}/{}", known.vehicle.operator, known.vehicle.code);
                batch.replies.push(Reply { topic_path, stored_to: Some(tracker.stored_to()), resend });
            }
        }
        for (id, at) in silent {
            let (Some(known), Some(vehicle)) = (world.vehicle(id), self.vehicles.get_mut(&id)) else { continue };
            let mut heard = VehicleOutcome {
                vehicle_id: id,
                operator_id: known.vehicle.operator_id,
                topic_path: format!("{}/{}", known.vehicle.operator, known.vehicle.code),
                received_at: now,
                fixes: Vec::new(),
                events: Vec::new(),
                changes: engine::judge_silence(&world, known, &mut vehicle.tracked.engine, at),
                incidents: Vec::new(),
                told: Vec::new(),
                state: None,
            };
            self.note_changes(&world, known, &mut heard);
            last_of.insert(id, batch.outcomes.len());
            batch.outcomes.push(Outcome { vehicle: Some(heard), dead_letters: Vec::new() });
        }
        self.attach_states(&mut batch, &last_of);
        batch
    }

    /// Gives the last outcome of each vehicle its state, and the newest fix that the batch judged.
    fn attach_states(&self, batch: &mut Batch, last_of: &HashMap<VehicleId, usize>) {
        let mut newest: HashMap<VehicleId, Fix> = HashMap::with_capacity(last_of.len());
        for heard in batch.outcomes.iter().filter_map(|outcome| outcome.vehicle.as_ref()) {
            let judged = heard.fixes.iter().rev().find(|(_, judgement)| *judgement == Judgement::Judged);
            if let Some((fix, _)) = judged {
                newest.insert(heard.vehicle_id, fix.clone());
            }
        }
        for (id, at) in last_of {
            let Some(tracked) = self.vehicles.get(id).map(|vehicle| &vehicle.tracked) else { continue };
            let engine_state = match serde_json::to_string(tracked) {
                Ok(state) => state,
                Err(error) => {
                    tracing::error!(vehicle = %id, %error, "the state of a vehicle does not serialise");
                    continue;
                }
            };
            if let Some(heard) = batch.outcomes.get_mut(*at).and_then(|outcome| outcome.vehicle.as_mut()) {
                heard.state = Some(StateOutcome { newest: newest.remove(id), engine_state });
            }
        }
    }

    fn refuse_all(&self, world: &World, delivery: &Delivery, topic: Option<&Topic>, reject: Reject) -> Outcome {
        Outcome { vehicle: None, dead_letters: vec![self.refuse(world, delivery, topic, reject, 0)] }
    }

    fn refuse(
        &self,
        world: &World,
        delivery: &Delivery,
        topic: Option<&Topic>,
        reject: Reject,
        part: usize,
    ) -> DeadLetter {
        self.metrics.dead_letter(reject.reason.as_str());
        let operator_id = topic.and_then(|topic| world.operator(&topic.operator));
        let name = String::from_utf8_lossy(&delivery.message.topic);
        let why = (reject.reason.as_str(), reject.detail);
        DeadLetter::new(delivery.received_at, &name, operator_id, why, &delivery.message.payload, part)
    }
}

/// Keeps the first few faults of a message, and counts the rest in one: a junk backlog must not become ten thousand rows.
fn shorten(mut rejects: Vec<(usize, Reject)>) -> Vec<(usize, Reject)> {
    let more = rejects.split_off(rejects.len().min(FAULTS_KEPT));
    if let Some((part, first)) = more.first() {
        let detail = format!("{} more elements cannot be used; the first, {part}: {}", more.len(), first.detail);
        rejects.push((*part, Reject::new(first.reason, detail)));
    }
    rejects
}

fn unknown_vehicle(topic: &Topic) -> Reject {
    let detail = format!("no vehicle {} of operator {} is registered", topic.vehicle, topic.operator);
    Reject::new(Reason::UnknownVehicle, detail)
}

/// Notes a report as stored. Number 0 stands for none.
fn note_sequence(sequence: &mut Option<SequenceTracker>, seq: i64, time: DateTime<Utc>) {
    match sequence {
        _ if seq == 0 => {}
        Some(tracker) => tracker.note(seq, time),
        None => *sequence = Some(SequenceTracker::start(seq, time)),
    }
}
