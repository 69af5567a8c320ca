//! Sends what the devices send, in the order in which they do, and waits until the server has stored it.
//!
//! A broker that keeps much more than it can hand on slows down everybody. So sending stays only so far ahead of what the
//! server has stored, which the API tells.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::{sync::watch, task::JoinSet};
use tracing::info;

use super::{StageError, StageOptions, StageServer};
use crate::{
    gateway::{Gateway, GatewayError},
    reports::Message,
};

/// Messages without a PUBACK on one connection.
const WINDOW: u16 = 1_000;
/// How long a broker may take for a PUBACK.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long the server may go without storing anything.
const STALLED: Duration = Duration::from_secs(120);
/// How often the server is asked what it has stored.
const ASKED_EVERY: Duration = Duration::from_millis(500);
/// Reports that are sent and not stored, at the most.
const AHEAD: i64 = 20_000;

/// What was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sent {
    /// Messages that the broker acknowledged.
    pub messages: u64,
    /// Seconds until the broker had them.
    pub sending_s: f64,
    /// Seconds from then until the server had stored them.
    pub storing_s: f64,
}

/// A message with its topic.
struct Addressed {
    sent_s: f64,
    reports: i64,
    topic: Arc<str>,
    payload: String,
}

/// Sends everything over several connections; all of one vehicle goes over the same.
pub(super) async fn send(
    options: &StageOptions,
    server: &StageServer,
    vehicles: &[String],
    messages: Vec<Vec<Message>>,
) -> Result<Sent, StageError> {
    let operator = &options.production.operator;
    let connections = options.connections.clamp(1, vehicles.len().max(1));
    let last: HashMap<String, i64> =
        vehicles.iter().cloned().zip(&messages).filter_map(|(code, own)| Some((code, last_seq(own)?))).collect();
    let (stored, is_stored) = watch::channel(0);
    let sent_reports = Arc::new(AtomicI64::new(0));
    let started = Instant::now();
    let mut sending = JoinSet::new();
    for (number, share) in shares(operator, vehicles, messages, connections).into_iter().enumerate() {
        let client_id = format!("stage-{operator}-{number}-{}", std::process::id());
        let gateway = Gateway::connect(&server.broker, server.credentials.as_ref(), &client_id, WINDOW).await?;
        sending.spawn(publish(gateway, share, Arc::clone(&sent_reports), is_stored.clone()));
    }
    drop(is_stored);
    let publishing = async {
        let mut messages = 0;
        while let Some(ended) = sending.join_next().await {
            messages += ended.map_err(|_| GatewayError::Closed)??;
        }
        let sending_s = started.elapsed().as_secs_f64();
        info!(messages, seconds = sending_s, "the broker has everything");
        Ok((messages, sending_s))
    };
    let ((messages, sending_s), ()) = tokio::try_join!(publishing, follow(options, server, &last, &stored))?;
    Ok(Sent { messages, sending_s, storing_s: started.elapsed().as_secs_f64() - sending_s })
}

/// The messages of each connection, in the order of sending.
fn shares(operator: &str, vehicles: &[String], messages: Vec<Vec<Message>>, connections: usize) -> Vec<Vec<Addressed>> {
    let mut shares: Vec<Vec<Addressed>> = (0..connections).map(|_| Vec::new()).collect();
    for (index, (code, own)) in vehicles.iter().zip(messages).enumerate() {
        let topic = |level: &str| -> Arc<str> { format!("placard/v1/{operator}/{code}/{level}").into() };
        let [position, event] = ["position", "event"].map(topic);
        let Some(share) = shares.get_mut(index % connections) else { continue };
        share.extend(own.into_iter().map(|message| {
            let topic = if message.kind == crate::reports::Kind::Position { &position } else { &event };
            let Message { sent_s, payload, .. } = message;
            Addressed { sent_s, reports: message.reports.into(), topic: Arc::clone(topic), payload }
        }));
    }
    for share in &mut shares {
        share.sort_by(|a, b| a.sent_s.total_cmp(&b.sent_s));
    }
    shares
}

async fn publish(
    gateway: Gateway,
    share: Vec<Addressed>,
    sent: Arc<AtomicI64>,
    mut stored: watch::Receiver<i64>,
) -> Result<u64, GatewayError> {
    for message in share {
        let ahead_of = sent.fetch_add(message.reports, Ordering::Relaxed) - AHEAD;
        if *stored.borrow() < ahead_of {
            // Whoever follows the server ends only when there is nothing more to wait for.
            drop(stored.wait_for(|stored| *stored >= ahead_of).await);
        }
        gateway.publish(message.topic, message.payload).await?;
    }
    gateway.finish(PATIENCE).await
}

/// Follows what the server has stored until its last position of every vehicle is the last that its device sent. A device's
/// last report is its newest, too.
async fn follow(
    options: &StageOptions,
    server: &StageServer,
    last: &HashMap<String, i64>,
    stored: &watch::Sender<i64>,
) -> Result<(), StageError> {
    let mut progress = Instant::now();
    loop {
        let query = [("operator", options.production.operator.as_str())];
        let latest = server.api.list(&["positions", "latest"], &query).await?;
        let seq_of = |position: &Value| {
            let vehicle = position.get("vehicle")?.as_str()?.to_owned();
            Some((vehicle, position.get("seq")?.as_i64()?))
        };
        let seqs: HashMap<String, i64> = latest.iter().filter_map(seq_of).collect();
        let lacking = last.iter().filter(|(vehicle, seq)| seqs.get(*vehicle).is_none_or(|have| have < *seq)).count();
        if lacking == 0 {
            stored.send_replace(i64::MAX);
            return Ok(());
        }
        let stored_now: i64 = seqs.values().sum();
        if stored_now > *stored.borrow() {
            progress = Instant::now();
            stored.send_replace(stored_now);
        } else if progress.elapsed() > STALLED {
            return Err(StageError::NotStored(STALLED.as_secs(), lacking));
        }
        tokio::time::sleep(ASKED_EVERY).await;
    }
}

/// The number of the device's last report. It is among its last messages, but a repeat may come after it.
fn last_seq(messages: &[Message]) -> Option<i64> {
    let seq = |message: &Message| -> Option<i64> {
        match serde_json::from_str(&message.payload).ok()? {
            Value::Array(list) => list.iter().filter_map(|fix| fix.get("seq")?.as_i64()).max(),
            one => one.get("seq")?.as_i64(),
        }
    };
    messages.iter().rev().take(20).filter_map(seq).max()
}
