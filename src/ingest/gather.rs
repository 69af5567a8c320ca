//! What a batch of messages says, sorted by vehicle.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Utc};

use super::{
    connection::{Delivery, Stray},
    decode::{Limits, decoder_for},
    reject::{Reason, Reject},
    topic::Topic,
};
use crate::{
    config::IngestConfig, domain::VehicleId, engine::Observation, store::dead_letters::DeadLetter, telemetry::Metrics,
    world::World,
};

/// Faults of one message that are kept one by one.
const FAULTS_KEPT: usize = 20;

/// All that a batch of messages says.
#[derive(Default)]
pub(super) struct Gathered {
    /// What was heard of each vehicle, in the order in which vehicles were first heard of.
    pub vehicles: Vec<HeardOf>,
    /// What no vehicle is known for.
    pub strays: Vec<DeadLetter>,
    index: HashMap<VehicleId, usize>,
}

/// What was heard of one vehicle.
pub(super) struct HeardOf {
    pub vehicle_id: VehicleId,
    /// `{operator}/{vehicle}`.
    pub topic_path: String,
    /// When the last of it came.
    pub received_at: DateTime<Utc>,
    /// Fixes and events with when they came, in the order in which they came.
    pub observations: Vec<(Observation, DateTime<Utc>)>,
    /// Parts that cannot be used.
    pub dead_letters: Vec<DeadLetter>,
    /// The device's numbers of all that came, with their times, if it asks to be told what is stored.
    pub numbers: Vec<(i64, DateTime<Utc>)>,
    /// Numbers of parts that cannot be used.
    pub refused_numbers: Vec<i64>,
    /// Whether the device asks to be told what is stored.
    pub wants_ack: bool,
}

/// Reads messages.
pub(super) struct Reader<'a> {
    pub config: &'a IngestConfig,
    pub world: &'a World,
    pub metrics: &'a Metrics,
}

impl Reader<'_> {
    /// Adds what one message says.
    pub fn read(&self, delivery: &Delivery, gathered: &mut Gathered) {
        let (topic, vehicle_id) = match &delivery.sender {
            Ok((topic, id)) if self.world.vehicle(*id).is_some() => (topic, *id),
            Ok((topic, _)) => {
                gathered.strays.push(self.refuse(delivery, Some(topic), unknown_vehicle(topic), 0));
                return;
            }
            Err(stray) => {
                gathered.strays.push(match &**stray {
                    Stray::BadTopic => {
                        let reject = Reject::new(Reason::BadTopic, super::topic::WANTED);
                        self.refuse(delivery, None, reject, 0)
                    }
                    Stray::UnknownVehicle(topic) => self.refuse(delivery, Some(topic), unknown_vehicle(topic), 0),
                });
                return;
            }
        };
        let heard = gathered.of(vehicle_id, topic);
        heard.received_at = heard.received_at.max(delivery.received_at);
        let payload = &delivery.message.payload;
        if payload.len() > self.config.payload_limit_bytes {
            let limit = self.config.payload_limit_bytes;
            let detail = format!("the payload has {} bytes; at most {limit} are looked into", payload.len());
            let reject = Reject::new(Reason::PayloadTooLarge, detail);
            heard.dead_letters.push(self.refuse(delivery, Some(topic), reject, 0));
            return;
        }
        let limits = Limits::at(delivery.received_at, self.config);
        let decoded = match decoder_for(topic.kind).decode(topic, payload, &limits) {
            Ok(decoded) => decoded,
            Err(reject) => {
                heard.dead_letters.push(self.refuse(delivery, Some(topic), reject, 0));
                return;
            }
        };
        if decoded.wants_ack {
            heard.wants_ack = true;
            heard.numbers.extend(decoded.fixes.iter().map(|fix| (fix.key.seq, fix.key.time)));
            heard.numbers.extend(decoded.events.iter().map(|event| (event.seq, event.time)));
            heard.refused_numbers.extend(&decoded.refused_seqs);
        }
        let fixes = decoded.fixes.into_iter().map(|fix| Observation::Fix(Arc::new(fix.as_stored())));
        let events = decoded.events.into_iter().map(Observation::Event);
        heard.observations.extend(fixes.chain(events).map(|observation| (observation, delivery.received_at)));
        for (part, reject) in shorten(decoded.rejects) {
            heard.dead_letters.push(self.refuse(delivery, Some(topic), reject, part));
        }
    }

    fn refuse(&self, delivery: &Delivery, topic: Option<&Topic>, reject: Reject, part: usize) -> DeadLetter {
        self.metrics.dead_letter(reject.reason.as_str());
        let operator_id = topic.and_then(|topic| self.world.operator(&topic.operator));
        let name = String::from_utf8_lossy(&delivery.message.topic);
        let why = (reject.reason.as_str(), reject.detail);
        DeadLetter::new(delivery.received_at, &name, operator_id, why, &delivery.message.payload, part)
    }
}

impl Gathered {
    fn of(&mut self, vehicle_id: VehicleId, topic: &Topic) -> &mut HeardOf {
        let vehicles = &mut self.vehicles;
        let at = *self.index.entry(vehicle_id).or_insert_with(|| {
            vehicles.push(HeardOf {
                vehicle_id,
                topic_path: topic.path(),
                received_at: DateTime::<Utc>::MIN_UTC,
                observations: Vec::new(),
                dead_letters: Vec::new(),
                numbers: Vec::new(),
                refused_numbers: Vec::new(),
                wants_ack: false,
            });
            vehicles.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "the index holds places in this list, which only grows")]
        &mut self.vehicles[at]
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
