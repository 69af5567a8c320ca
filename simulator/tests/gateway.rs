//! Replay and load against a real broker.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on fails, which is what these do"
)]

mod common;

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

use common::{BrokerProcess, Kind};
use placard_simulator::{
    broker::Broker,
    gateway::Gateway,
    load::{self, LoadOptions},
    replay::{self, Pace, ReplayOptions, csv::ColumnMap},
};
use rumqttc::{AsyncClient, Event, Packet, QoS};
use tokio::task::JoinHandle;

type Received = Arc<Mutex<BTreeMap<String, Vec<String>>>>;

/// Collects payloads by topic, and comes back when the broker does.
async fn collect(broker: Broker) -> (Received, JoinHandle<()>) {
    let received = Received::default();
    let (ready, mut is_ready) = tokio::sync::watch::channel(false);
    let keep = Arc::clone(&received);
    let task = tokio::spawn(async move {
        loop {
            let (client, mut events) = AsyncClient::new(broker.options("collector", None), 10);
            while let Ok(event) = events.poll().await {
                match event {
                    Event::Incoming(Packet::ConnAck(_)) => {
                        client.try_subscribe("placard/v1/#", QoS::AtLeastOnce).unwrap();
                    }
                    Event::Incoming(Packet::SubAck(_)) => drop(ready.send_replace(true)),
                    Event::Incoming(Packet::Publish(publish)) => {
                        let payload = String::from_utf8(publish.payload.to_vec()).unwrap();
                        keep.lock().unwrap().entry(publish.topic).or_default().push(payload);
                    }
                    _ => {}
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    is_ready.wait_for(|ready| *ready).await.unwrap();
    (received, task)
}

async fn until(condition: impl Fn() -> bool) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    while !condition() {
        assert!(tokio::time::Instant::now() < deadline, "it did not come to pass");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn count(received: &Received) -> usize {
    received.lock().unwrap().values().map(Vec::len).sum()
}

#[tokio::test]
async fn a_replayed_track_arrives_whole_and_in_file_order() {
    let broker = BrokerProcess::start(Kind::Mosquitto);
    let (received, collecting) = collect(broker.address()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("buses.csv");
    let mut rows = "bus,time,lat,lon,speed_upstream\n".to_owned();
    for number in 0..3000 {
        writeln!(rows, "{},{},30.3,-97.7,{number}", number % 7, 1_453_061_083 - number).unwrap();
    }
    std::fs::write(&file, rows).unwrap();
    let summary = replay::run(ReplayOptions {
        file,
        columns: "vehicle=bus".parse::<ColumnMap>().unwrap(),
        api: None,
        operator: "austin".into(),
        dangerous_goods: true,
        broker: broker.address(),
        credentials: None,
        pace: Pace::Max,
        shift_to_now: false,
    })
    .await
    .unwrap();
    assert_eq!((summary.vehicles, summary.fixes), (7, 3000));
    until(|| count(&received) == 3000).await;
    let received = received.lock().unwrap();
    let of_bus_3 = &received["placard/v1/austin/3/position"];
    let order: Vec<i64> = of_bus_3
        .iter()
        .map(|payload| serde_json::from_str::<serde_json::Value>(payload).unwrap()["speed_upstream"].as_i64().unwrap())
        .collect();
    assert_eq!(order, (0..3000).filter(|number| number % 7 == 3).collect::<Vec<_>>());
    collecting.abort();
}

#[tokio::test]
async fn a_gateway_outlives_its_broker_and_keeps_the_order() {
    let mut broker = BrokerProcess::start(Kind::Nats);
    let (received, collecting) = collect(broker.address()).await;
    let gateway = Gateway::connect(&broker.address(), None, "gateway", 50).await.unwrap();
    for number in 0..200 {
        if number == 60 {
            broker.kill();
            broker.start_again();
        }
        gateway.publish("placard/v1/here/one/position".into(), number.to_string()).await.unwrap();
    }
    assert_eq!(gateway.finish(Duration::from_secs(30)).await.unwrap(), 200);
    let last_of_each = || {
        let received = received.lock().unwrap();
        let mut seen: Vec<u32> = Vec::new();
        for payload in received.values().flatten() {
            let number = payload.parse().unwrap();
            if !seen.contains(&number) {
                seen.push(number);
            }
        }
        seen
    };
    until(|| received.lock().unwrap().values().flatten().any(|payload| payload == "199")).await;
    // The collector misses what came while it was away; what it has, and has twice, is in order of first arrival.
    let seen = last_of_each();
    assert!(seen.is_sorted(), "{seen:?}");
    collecting.abort();
}

#[tokio::test]
async fn a_load_keeps_its_rate_and_counts_every_acknowledgement() {
    let broker = BrokerProcess::start(Kind::Mosquitto);
    let (received, collecting) = collect(broker.address()).await;
    let report = load::run(LoadOptions {
        rate: 2000.0,
        duration: Duration::from_secs(2),
        vehicles: 100,
        connections: 3,
        operator: "load".into(),
        api: None,
        dangerous_goods: true,
        broker: broker.address(),
        credentials: None,
        alerts_every: None,
    })
    .await
    .unwrap();
    assert!((3990..=4000).contains(&report.connections.sent), "{:?}", report.connections.sent);
    assert_eq!(report.connections.acknowledged, report.connections.sent);
    assert_eq!(report.connections.latency.count(), report.connections.sent);
    let sent = usize::try_from(report.connections.sent).unwrap();
    until(|| count(&received) == sent).await;
    assert_eq!(received.lock().unwrap().len(), 100, "every vehicle took its turns");
    collecting.abort();
}
