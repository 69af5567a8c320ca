//! The connection of a device: everything that the buffer must not know about.
//!
//! Nothing here waits while it holds the lock. Each connection gets a client of its own, so that nothing of a dead one
//! lives on: what it had not delivered is still in the buffer, which alone decides what is sent again.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use rumqttc::{
    AsyncClient, ConnectionError, Event, EventLoop, LastWill, NetworkOptions, Outgoing, Packet, Publish, QoS,
    SubscribeFilter,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use super::{
    DeviceCounters, DeviceOptions, Fix,
    message::numbered,
    outbox::{MessageId, Outbox, Topic},
};
use crate::broker::Backoff;

/// Most alerts that are kept for [`super::Device::alerts`].
const ALERTS_KEPT: usize = 100;

#[derive(Debug)]
enum Sent {
    Message(MessageId),
    Status,
}

/// A connection that is up. Written packets are told by packet id in the order in which they were submitted.
#[derive(Debug)]
struct Link {
    client: AsyncClient,
    submitted: VecDeque<Sent>,
    written: HashMap<u16, Sent>,
}

#[derive(Debug)]
struct State {
    outbox: Outbox,
    link: Option<Link>,
    radio: bool,
    alerts: VecDeque<Value>,
    counters: DeviceCounters,
    last_error: Option<String>,
}

/// What the handle and the tasks of a device share.
#[derive(Debug)]
pub(super) struct Shared {
    options: DeviceOptions,
    state: Mutex<State>,
    connected: watch::Sender<bool>,
    buffered: watch::Sender<usize>,
}

#[derive(Deserialize)]
struct Acknowledgement {
    seq: i64,
}

#[derive(Deserialize)]
struct Missing {
    from: i64,
    to: i64,
}

impl Shared {
    pub(super) fn new(options: DeviceOptions, connected: watch::Sender<bool>, buffered: watch::Sender<usize>) -> Self {
        let outbox = Outbox::new(options.buffer_limit, options.first_seq, options.ask_ack);
        let state = State {
            outbox,
            link: None,
            radio: true,
            alerts: VecDeque::new(),
            counters: DeviceCounters::default(),
            last_error: None,
        };
        Self { options, state: Mutex::new(state), connected, buffered }
    }

    pub(super) fn options(&self) -> &DeviceOptions {
        &self.options
    }

    pub(super) fn report(&self, topic: Topic, content: &impl Serialize) -> Result<i64, serde_json::Error> {
        self.change(|state| {
            let seq = state.outbox.next_seq();
            state.outbox.push(topic, numbered(content, seq, self.options.ask_ack)?);
            Ok(seq)
        })
    }

    pub(super) fn report_twice(&self, fix: &Fix) -> Result<i64, serde_json::Error> {
        self.change(|state| {
            let seq = state.outbox.next_seq();
            state.outbox.push(Topic::Position, numbered(fix, seq, self.options.ask_ack)?);
            state.outbox.repeat_newest();
            Ok(seq)
        })
    }

    pub(super) fn set_radio(&self, on: bool) {
        self.change(|state| state.radio = on);
    }

    pub(super) fn alerts(&self) -> Vec<Value> {
        self.lock().alerts.iter().cloned().collect()
    }

    pub(super) fn counters(&self) -> DeviceCounters {
        let state = self.lock();
        DeviceCounters { forgotten: state.outbox.forgotten(), ..state.counters }
    }

    pub(super) fn last_error(&self) -> Option<String> {
        self.lock().last_error.clone()
    }

    /// Publishes that the device goes off line and disconnects; the session's task ends once that is written.
    pub(super) fn say_goodbye(&self) {
        let mut state = self.lock();
        if let Some(link) = &mut state.link {
            self.publish_status(link, false);
            // The queue is only full when the broker has stopped reading; then the caller's time limit ends it.
            drop(link.client.try_disconnect());
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state, sends what has become sendable, and tells those who wait.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        let result = change(&mut state);
        self.send_waiting(&mut state);
        let buffered = state.outbox.len();
        drop(state);
        self.buffered.send_if_modified(|known| std::mem::replace(known, buffered) != buffered);
        result
    }

    fn send_waiting(&self, state: &mut State) {
        let (Some(link), true) = (&mut state.link, state.radio) else { return };
        while state.outbox.in_flight() < self.options.in_flight_limit {
            let Some(message) = state.outbox.next_message() else { return };
            let kind = match message.topic {
                Topic::Event => "event",
                Topic::Position => "position",
            };
            if link.client.try_publish(self.topic(kind), QoS::AtLeastOnce, false, message.payload).is_err() {
                state.outbox.not_sent(message.id);
                return;
            }
            link.submitted.push_back(Sent::Message(message.id));
        }
    }

    fn publish_status(&self, link: &mut Link, online: bool) {
        let payload = json!({ "online": online }).to_string();
        if link.client.try_publish(self.topic("status"), QoS::AtLeastOnce, false, payload).is_ok() {
            link.submitted.push_back(Sent::Status);
        }
    }

    fn topic(&self, kind: &str) -> String {
        format!("placard/v1/{}/{}/{kind}", self.options.operator, self.options.vehicle)
    }

    fn connected(&self, client: AsyncClient) {
        let filters = ["ack", "resend", "alert"].map(|kind| SubscribeFilter::new(self.topic(kind), QoS::AtLeastOnce));
        self.change(|state| {
            // Fresh client, empty queue: there is room. The broker handles packets in order, so the subscription stands
            // before the first fix can be acknowledged.
            if client.try_subscribe_many(filters).is_err() {
                warn!(device.name = %self.topic(""), "the subscription could not be queued");
            }
            let mut link = Link { client, submitted: VecDeque::new(), written: HashMap::new() };
            self.publish_status(&mut link, true);
            state.link = Some(link);
            state.counters.connections += 1;
            state.last_error = None;
        });
        self.connected.send_replace(true);
    }

    fn connection_lost(&self, error: &str) {
        self.connected.send_replace(false);
        self.change(|state| {
            state.link = None;
            state.outbox.connection_lost();
            state.last_error = Some(error.into());
        });
    }

    fn written(&self, packet_id: u16) {
        let mut state = self.lock();
        if let Some(link) = &mut state.link
            && let Some(sent) = link.submitted.pop_front()
        {
            link.written.insert(packet_id, sent);
        }
    }

    fn taken_by_broker(&self, packet_id: u16) {
        self.change(|state| {
            let sent = state.link.as_mut().and_then(|link| link.written.remove(&packet_id));
            if let Some(Sent::Message(id)) = sent {
                state.outbox.with_broker(id, Instant::now());
                state.counters.messages += 1;
            }
        });
    }

    fn received(&self, publish: &Publish) {
        let kind = publish.topic.rsplit('/').next().unwrap_or_default();
        let understood = match kind {
            "ack" => serde_json::from_slice(&publish.payload).map(|Acknowledgement { seq }| {
                self.change(|state| state.outbox.committed(seq, Instant::now()));
            }),
            "resend" => serde_json::from_slice(&publish.payload).map(|Missing { from, to }| {
                self.change(|state| {
                    let again = state.outbox.missing(from, to);
                    state.counters.sent_again += u64::try_from(again).unwrap_or_default();
                    debug!(topic = publish.topic, from, to, again, "the server misses reports");
                });
            }),
            _ => serde_json::from_slice(&publish.payload).map(|alert| {
                let mut state = self.lock();
                if state.alerts.len() >= ALERTS_KEPT {
                    state.alerts.pop_front();
                }
                state.alerts.push_back(alert);
            }),
        };
        if let Err(error) = understood {
            warn!(topic = publish.topic, %error, "the server sent what the device does not understand");
        }
    }
}

/// Keeps a device connected until it is stopped or has said goodbye.
pub(super) async fn stay_connected(shared: Arc<Shared>, stop: CancellationToken) {
    let mut backoff = Backoff::default();
    loop {
        let options = shared.options();
        let mut mqtt = options.broker.options(&options.client_id, options.credentials.as_ref());
        let will = LastWill::new(shared.topic("status"), r#"{"online":false}"#, QoS::AtLeastOnce, false);
        // Twice the window, so that a packet id comes round only long after it was acknowledged.
        let in_flight = u16::try_from(options.in_flight_limit.saturating_mul(2) + 8).unwrap_or(u16::MAX);
        mqtt.set_last_will(will).set_inflight(in_flight);
        let (client, mut events) = AsyncClient::new(mqtt, options.in_flight_limit + 8);
        let mut network = NetworkOptions::new();
        network.set_tcp_nodelay(true);
        events.set_network_options(network);
        let ended = tokio::select! {
            () = stop.cancelled() => return,
            ended = serve(&shared, &client, &mut events, &mut backoff) => ended,
        };
        let Err(error) = ended else { return };
        let was_connected = *shared.connected.borrow();
        shared.connection_lost(&error.to_string());
        let wait = backoff.wait();
        if was_connected {
            warn!(device.name = %shared.topic(""), %error, "the connection to the broker is lost");
        } else {
            debug!(device.name = %shared.topic(""), %error, wait_ms = wait.as_millis(), "no connection to the broker yet");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Serves one connection. Ends well only after the device said goodbye.
async fn serve(
    shared: &Shared,
    client: &AsyncClient,
    events: &mut EventLoop,
    backoff: &mut Backoff,
) -> Result<(), ConnectionError> {
    loop {
        match events.poll().await? {
            Event::Incoming(Packet::ConnAck(_)) => {
                backoff.reset();
                shared.connected(client.clone());
            }
            Event::Outgoing(Outgoing::Publish(packet_id)) => shared.written(packet_id),
            Event::Incoming(Packet::PubAck(ack)) => shared.taken_by_broker(ack.pkid),
            Event::Incoming(Packet::Publish(publish)) => shared.received(&publish),
            Event::Outgoing(Outgoing::Disconnect) => return Ok(()),
            _ => {}
        }
    }
}

/// Once a second, gives the buffer the chance to remind a silent server.
pub(super) async fn keep_reminding(shared: Arc<Shared>, stop: CancellationToken) {
    let mut every = tokio::time::interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = every.tick() => shared.change(|state| state.outbox.remind(Instant::now())),
        }
    }
}
