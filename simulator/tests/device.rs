//! The device against real brokers, with a stand-in for the server that acknowledges as the server does.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails, which is what these do"
)]

mod common;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use common::{BrokerProcess, Kind};
use placard_simulator::{
    broker::Broker,
    device::{Device, DeviceError, DeviceOptions, Event, EventKind, Fix},
    geometry::Place,
};
use rumqttc::{AsyncClient, Event as MqttEvent, Packet, QoS};
use serde_json::Value;
use tokio::task::JoinHandle;

/// What the stand-in has stored: payloads by number. Drops every message whose numbers are to be lost once.
#[derive(Default)]
struct Stored {
    by_seq: BTreeMap<i64, Value>,
    lose_once: BTreeSet<i64>,
    statuses: Vec<bool>,
    largest_backlog: usize,
}

struct StandIn {
    stored: Arc<Mutex<Stored>>,
    task: JoinHandle<()>,
}

impl StandIn {
    /// Subscribes, acknowledges cumulatively, asks for gaps, and comes back when the broker does.
    async fn start(broker: Broker, acknowledge: bool) -> Self {
        let stored = Arc::new(Mutex::new(Stored::default()));
        let (ready, mut is_ready) = tokio::sync::watch::channel(false);
        let keep = Arc::clone(&stored);
        let task = tokio::spawn(async move {
            loop {
                let (client, mut events) = AsyncClient::new(broker.options("stand-in", None), 1000);
                while let Ok(event) = events.poll().await {
                    match event {
                        MqttEvent::Incoming(Packet::ConnAck(_)) => {
                            client.try_subscribe("placard/v1/#", QoS::AtLeastOnce).unwrap();
                        }
                        MqttEvent::Incoming(Packet::SubAck(_)) => {
                            ready.send_replace(true);
                        }
                        MqttEvent::Incoming(Packet::Publish(publish)) => {
                            let answers = take_in(&keep, &publish.topic, &publish.payload);
                            for (topic, payload) in answers.into_iter().filter(|_| acknowledge) {
                                client.try_publish(topic, QoS::AtLeastOnce, false, payload).unwrap();
                            }
                        }
                        _ => {}
                    }
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
        is_ready.wait_for(|ready| *ready).await.unwrap();
        Self { stored, task }
    }

    fn seqs(&self) -> Vec<i64> {
        self.stored.lock().unwrap().by_seq.keys().copied().collect()
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn take_in(stored: &Mutex<Stored>, topic: &str, payload: &[u8]) -> Vec<(String, String)> {
    let mut stored = stored.lock().unwrap();
    let (prefix, kind) = topic.rsplit_once('/').unwrap();
    let document: Value = serde_json::from_slice(payload).unwrap();
    if kind == "status" {
        stored.statuses.push(document["online"].as_bool().unwrap());
    }
    if !matches!(kind, "position" | "event") {
        return Vec::new();
    }
    let fixes = if let Value::Array(fixes) = document { fixes } else { vec![document] };
    stored.largest_backlog = stored.largest_backlog.max(fixes.len());
    for fix in fixes {
        let seq = fix["seq"].as_i64().unwrap();
        if !stored.lose_once.remove(&seq) {
            stored.by_seq.insert(seq, fix);
        }
    }
    let committed = (1..).take_while(|seq| stored.by_seq.contains_key(seq)).last().unwrap_or(0);
    let mut answers = vec![(format!("{prefix}/ack"), format!(r#"{{"seq":{committed}}}"#))];
    if let Some(next) = stored.by_seq.keys().find(|seq| **seq > committed) {
        let gap = format!(r#"{{"from":{},"to":{}}}"#, committed + 1, next - 1);
        answers.push((format!("{prefix}/resend"), gap));
    }
    answers
}

fn fix(number: i64) -> Fix {
    let start: DateTime<Utc> = "2026-11-24T08:00:00Z".parse().unwrap();
    Fix::new(start + TimeDelta::seconds(number), Place::new(51.9, 4.38))
}

fn options(broker: &BrokerProcess) -> DeviceOptions {
    DeviceOptions::new(broker.address(), "rhine-chem", "RC-01", None)
}

const LIMIT: Duration = Duration::from_secs(40);

async fn reports_are_acknowledged_and_gaps_filled(kind: Kind) {
    let broker = BrokerProcess::start(kind);
    let server = StandIn::start(broker.address(), true).await;
    server.stored.lock().unwrap().lose_once.extend([3, 4, 9]);
    let device = Device::connect(options(&broker)).await.unwrap();
    for number in 1..=10 {
        device.report(&fix(number)).unwrap();
    }
    device.raise(&Event { kind: EventKind::Sos, time: Utc::now(), place: None }).unwrap();
    device.report(&fix(12)).unwrap();
    device.wait_until_trimmed(LIMIT).await.unwrap();
    assert_eq!(server.seqs(), (1..=12).collect::<Vec<_>>());
    assert_eq!(server.stored.lock().unwrap().by_seq[&11]["kind"], "sos");
}

#[tokio::test]
async fn on_mosquitto_reports_are_acknowledged_and_gaps_filled() {
    reports_are_acknowledged_and_gaps_filled(Kind::Mosquitto).await;
}

#[tokio::test]
async fn on_nats_reports_are_acknowledged_and_gaps_filled() {
    reports_are_acknowledged_and_gaps_filled(Kind::Nats).await;
}

async fn a_broker_killed_hard_costs_nothing(kind: Kind) {
    let mut broker = BrokerProcess::start(kind);
    let server = StandIn::start(broker.address(), true).await;
    let device = Device::connect(options(&broker)).await.unwrap();
    for number in 1..=300 {
        device.report(&fix(number)).unwrap();
        if number % 100 == 50 {
            broker.kill();
        }
        if number % 100 == 80 {
            broker.start_again();
        }
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    device.wait_until_trimmed(LIMIT).await.unwrap();
    assert_eq!(server.seqs(), (1..=300).collect::<Vec<_>>());
    assert!(device.counters().connections >= 3, "{:?}", device.counters());
}

#[tokio::test]
async fn a_mosquitto_killed_hard_three_times_costs_nothing() {
    a_broker_killed_hard_costs_nothing(Kind::Mosquitto).await;
}

#[tokio::test]
async fn a_nats_killed_hard_three_times_costs_nothing() {
    a_broker_killed_hard_costs_nothing(Kind::Nats).await;
}

#[tokio::test]
async fn without_radio_fixes_wait_and_go_as_a_backlog() {
    let broker = BrokerProcess::start(Kind::Mosquitto);
    let server = StandIn::start(broker.address(), true).await;
    let device = Device::connect(options(&broker)).await.unwrap();
    device.set_radio(false);
    for number in 1..=130 {
        device.report(&fix(number)).unwrap();
    }
    assert_eq!(device.buffered(), 130);
    assert!(server.seqs().is_empty());
    device.set_radio(true);
    device.wait_until_trimmed(LIMIT).await.unwrap();
    assert_eq!(server.seqs().len(), 130);
    assert_eq!(server.stored.lock().unwrap().largest_backlog, 100);
}

#[tokio::test]
async fn without_a_server_the_buffer_keeps_everything() {
    let broker = BrokerProcess::start(Kind::Mosquitto);
    let device = Device::connect(options(&broker)).await.unwrap();
    for number in 1..=5 {
        device.report(&fix(number)).unwrap();
    }
    let error = device.wait_until_trimmed(Duration::from_millis(500)).await.unwrap_err();
    assert!(matches!(error, DeviceError::NotTrimmed { buffered: 5, .. }), "{error}");
}

#[tokio::test]
async fn a_device_that_asks_for_no_acknowledgement_needs_only_the_broker() {
    let broker = BrokerProcess::start(Kind::Mosquitto);
    let device = Device::connect(DeviceOptions { ask_ack: false, ..options(&broker) }).await.unwrap();
    for number in 1..=500 {
        device.report(&fix(number)).unwrap();
    }
    device.wait_until_trimmed(LIMIT).await.unwrap();
}

#[tokio::test]
async fn a_pulled_plug_publishes_the_last_will_and_a_goodbye_does_not() {
    let broker = BrokerProcess::start(Kind::Mosquitto);
    let server = StandIn::start(broker.address(), true).await;
    let statuses = async |wanted: &[bool]| {
        let deadline = tokio::time::Instant::now() + LIMIT;
        while server.stored.lock().unwrap().statuses != wanted {
            assert!(tokio::time::Instant::now() < deadline, "{:?}", server.stored.lock().unwrap().statuses);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    drop(Device::connect(options(&broker)).await.unwrap());
    statuses(&[true, false]).await;
    Device::connect(options(&broker)).await.unwrap().close().await;
    statuses(&[true, false, true, false]).await;
}

#[tokio::test]
async fn a_broker_that_is_not_there_is_named() {
    let mut broker = BrokerProcess::start(Kind::Mosquitto);
    broker.kill();
    let device = Device::start(options(&broker));
    let error = device.wait_until_connected(Duration::from_millis(300)).await.unwrap_err().to_string();
    assert!(error.contains("rhine-chem/RC-01") && error.contains("refused"), "{error}");
}
