//! A gateway publishes for many vehicles over one connection, and loses nothing on the way to the broker.
//!
//! Messages keep their order. What the broker has not acknowledged (PUBACK) is kept, at most a window full, and is sent
//! again after a reconnection in the same order, so that the order within each vehicle never changes.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use rumqttc::{AsyncClient, Event, EventLoop, NetworkOptions, Outgoing, Packet, QoS};
use tokio::{
    sync::{Semaphore, watch},
    task::JoinHandle,
    time::timeout,
};
use tracing::{debug, warn};

use crate::broker::{Backoff, Broker, Credentials};

/// Why a gateway could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// No connection in time.
    #[error("{client_id} did not reach the broker at {host}:{port} within 10 s; last: {last_error}")]
    NotConnected {
        /// The MQTT client id.
        client_id: String,
        /// The broker's host.
        host: String,
        /// The broker's port.
        port: u16,
        /// What the last attempt met.
        last_error: String,
    },
    /// The broker does not acknowledge.
    #[error("the broker has not acknowledged {0} messages in time")]
    NotAcknowledged(u64),
    /// The gateway has ended.
    #[error("the gateway is closed")]
    Closed,
}

#[derive(Debug)]
struct Message {
    topic: Arc<str>,
    payload: Bytes,
}

/// What the handle and the task share.
#[derive(Debug, Default)]
struct State {
    client: Option<AsyncClient>,
    /// Everything without a PUBACK, by the order in which it was published.
    kept: BTreeMap<u64, Message>,
    next: u64,
    /// Numbers in the order in which the present connection's client was given them.
    submitted: VecDeque<u64>,
    written: HashMap<u16, u64>,
    last_error: Option<String>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    window: Semaphore,
    connected: watch::Sender<bool>,
    acknowledged: watch::Sender<u64>,
}

/// A running gateway.
#[derive(Debug)]
pub struct Gateway {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Gateway {
    /// Connects, and waits up to 10 s for it. At most `window` messages are without a PUBACK at any time.
    ///
    /// # Errors
    /// When there is no connection by then.
    pub async fn connect(
        broker: &Broker,
        credentials: Option<&Credentials>,
        client_id: &str,
        window: u16,
    ) -> Result<Self, GatewayError> {
        let (connected, mut is_connected) = watch::channel(false);
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            window: Semaphore::new(window.into()),
            connected,
            acknowledged: watch::channel(0).0,
        });
        let mut options = broker.options(client_id, credentials);
        options.set_inflight(window.saturating_mul(2).max(2));
        let task = tokio::spawn(stay_connected(Arc::clone(&shared), options, window));
        let gateway = Self { shared, task };
        let waited = timeout(Duration::from_secs(10), is_connected.wait_for(|connected| *connected)).await;
        if !matches!(waited, Ok(Ok(_))) {
            let last_error = gateway.shared.lock().last_error.clone().unwrap_or_else(|| "no answer".into());
            let Broker { host, port, .. } = broker.clone();
            return Err(GatewayError::NotConnected { client_id: client_id.into(), host, port, last_error });
        }
        Ok(gateway)
    }

    /// Publishes at QoS 1, after waiting for room in the window.
    ///
    /// # Errors
    /// When the gateway has ended.
    pub async fn publish(&self, topic: Arc<str>, payload: impl Into<Bytes>) -> Result<(), GatewayError> {
        self.shared.window.acquire().await.map_err(|_| GatewayError::Closed)?.forget();
        let mut state = self.shared.lock();
        let number = state.next;
        state.next += 1;
        let message = Message { topic, payload: payload.into() };
        state.submit(number, &message);
        state.kept.insert(number, message);
        Ok(())
    }

    /// How many messages the broker has acknowledged.
    #[must_use]
    pub fn acknowledged(&self) -> u64 {
        *self.shared.acknowledged.borrow()
    }

    /// Waits until everything published is acknowledged, then disconnects.
    ///
    /// # Errors
    /// When no acknowledgement comes for as long as `patience`.
    pub async fn finish(self, patience: Duration) -> Result<u64, GatewayError> {
        let published = self.shared.lock().next;
        let mut acknowledged = self.shared.acknowledged.subscribe();
        while *acknowledged.borrow_and_update() < published {
            if !matches!(timeout(patience, acknowledged.changed()).await, Ok(Ok(()))) {
                return Err(GatewayError::NotAcknowledged(published - self.acknowledged()));
            }
        }
        if let Some(client) = &self.shared.lock().client {
            // Nothing is under way; whether the goodbye still gets out makes no difference.
            drop(client.try_disconnect());
        }
        Ok(published)
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connected(&self, client: AsyncClient) {
        let mut state = self.lock();
        state.client = Some(client);
        let kept = std::mem::take(&mut state.kept);
        for (number, message) in &kept {
            state.submit(*number, message);
        }
        state.kept = kept;
        drop(state);
        self.connected.send_replace(true);
    }

    fn connection_lost(&self, error: &str) {
        let mut state = self.lock();
        state.client = None;
        state.submitted.clear();
        state.written.clear();
        state.last_error = Some(error.into());
        drop(state);
        self.connected.send_replace(false);
    }

    fn written(&self, packet_id: u16) {
        let mut state = self.lock();
        if let Some(number) = state.submitted.pop_front() {
            state.written.insert(packet_id, number);
        }
    }

    fn acknowledged(&self, packet_id: u16) {
        let mut state = self.lock();
        let number = state.written.remove(&packet_id);
        if number.and_then(|number| state.kept.remove(&number)).is_some() {
            drop(state);
            self.window.add_permits(1);
            self.acknowledged.send_modify(|count| *count += 1);
        }
    }
}

impl State {
    /// Gives a message to the client, if there is one; its queue holds a whole window. Without a connection the message
    /// waits for the next.
    fn submit(&mut self, number: u64, message: &Message) {
        let Some(client) = &self.client else { return };
        if client.try_publish(&*message.topic, QoS::AtLeastOnce, false, message.payload.clone()).is_ok() {
            self.submitted.push_back(number);
        } else {
            warn!(topic = &*message.topic, "not a valid topic, or the connection has just ended");
        }
    }
}

async fn stay_connected(shared: Arc<Shared>, options: rumqttc::MqttOptions, window: u16) {
    let mut backoff = Backoff::default();
    loop {
        let (client, mut events) = AsyncClient::new(options.clone(), usize::from(window) + 8);
        let mut network = NetworkOptions::new();
        network.set_tcp_nodelay(true);
        events.set_network_options(network);
        let Err(error) = serve(&shared, &client, &mut events, &mut backoff).await else { return };
        let wait = backoff.wait();
        if *shared.connected.borrow() {
            warn!(%error, "the connection to the broker is lost; what is unacknowledged goes again");
        } else {
            debug!(%error, wait_ms = wait.as_millis(), "no connection to the broker yet");
        }
        shared.connection_lost(&error.to_string());
        tokio::time::sleep(wait).await;
    }
}

/// Serves one connection. Ends well only after a disconnect of our own.
async fn serve(
    shared: &Shared,
    client: &AsyncClient,
    events: &mut EventLoop,
    backoff: &mut Backoff,
) -> Result<(), rumqttc::ConnectionError> {
    loop {
        match events.poll().await? {
            Event::Incoming(Packet::ConnAck(_)) => {
                backoff.reset();
                shared.connected(client.clone());
            }
            Event::Outgoing(Outgoing::Publish(packet_id)) => shared.written(packet_id),
            Event::Incoming(Packet::PubAck(ack)) => shared.acknowledged(ack.pkid),
            Event::Outgoing(Outgoing::Disconnect) => return Ok(()),
            _ => {}
        }
    }
}
