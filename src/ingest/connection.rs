//! Taking messages from the broker: one task for each connection, which does nothing but poll and hand over.

use std::{sync::Arc, time::Duration};

use chrono::Utc;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{
    acks::{Acknowledger, Receipt},
    intake::ListeningSince,
    topic::{self, Topic, Topics},
};
use crate::{
    config::MqttConfig,
    domain::VehicleId,
    live::WorldHandle,
    mqtt::{Link, LinkClient, LinkEvent, LinkOptions, Message, OptionsError},
    telemetry::Metrics,
};

/// A message on its way to a shard.
pub struct Delivery {
    /// The topic and the vehicle that it names, if both are known.
    pub sender: Result<(Topic, VehicleId), Box<Stray>>,
    /// The message.
    pub message: Message,
    /// When it came.
    pub received_at: chrono::DateTime<Utc>,
    /// Names it until it is acknowledged.
    pub receipt: Receipt,
    /// Where it is acknowledged.
    pub acknowledger: Acknowledger,
}

/// A message that no vehicle is known for.
#[derive(Debug)]
pub enum Stray {
    /// Its topic is not of our form.
    BadTopic,
    /// Its topic names nobody known.
    UnknownVehicle(Topic),
}

/// One connection that takes in messages.
pub struct Connection {
    link: Link,
    client: LinkClient,
    acknowledger: Acknowledger,
    topics: Topics,
    filters: Vec<String>,
    world: WorldHandle,
    shards: Vec<mpsc::Sender<Delivery>>,
    listening: ListeningSince,
    metrics: Arc<Metrics>,
    number: usize,
}

/// Shortest and longest wait before the broker is tried again.
const RECONNECT: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));

impl Connection {
    /// Makes connection `number`, which takes messages from `topics`. Several connections share the subscriptions.
    ///
    /// # Errors
    /// When the configuration does not tell how to connect.
    pub fn new(
        config: &MqttConfig,
        number: usize,
        topics: Topics,
        world: WorldHandle,
        shards: Vec<mpsc::Sender<Delivery>>,
        listening: ListeningSince,
        metrics: Arc<Metrics>,
    ) -> Result<Self, OptionsError> {
        let shared = config.connections > 1;
        let client_id = if shared { format!("{}-{number}", config.client_id) } else { config.client_id.clone() };
        let (client, link) = Link::new(&LinkOptions::of(config, client_id)?)?;
        let filters = topics
            .filters(config.version)
            .into_iter()
            .map(|filter| if shared { format!("$share/{}/{filter}", config.share_group) } else { filter });
        Ok(Self {
            acknowledger: Acknowledger::new(client.clone()),
            filters: filters.collect(),
            topics,
            link,
            client,
            world,
            shards,
            listening,
            metrics,
            number,
        })
    }

    /// Polls until `stop`, then says good-bye to the broker once everything that came is acknowledged, at the latest
    /// after `drain_limit`.
    pub async fn run(mut self, stop: CancellationToken, drain_limit: Duration) {
        let mut wait = RECONNECT.0;
        let mut stopping_until: Option<tokio::time::Instant> = None;
        loop {
            if let Some(until) = stopping_until
                && (self.acknowledger.waiting() == 0 || tokio::time::Instant::now() >= until)
            {
                break;
            }
            // Polling is never cancelled half-way: that could lose an acknowledgement that is being written.
            let event = if stop.is_cancelled() && stopping_until.is_none() {
                stopping_until = Some(tokio::time::Instant::now() + drain_limit);
                continue;
            } else {
                let nudge = Duration::from_millis(if stopping_until.is_some() { 20 } else { 500 });
                match poll_with_pauses(&mut self.link, &stop, nudge, stopping_until.is_some()).await {
                    Some(event) => event,
                    None => continue,
                }
            };
            match event {
                Ok(LinkEvent::Message(message)) => {
                    if stopping_until.is_none() {
                        self.deliver(message).await;
                    }
                }
                Ok(LinkEvent::Connected { session_present }) => {
                    wait = RECONNECT.0;
                    tracing::info!(connection = self.number, session_present, "connected to the broker");
                    self.metrics.broker_connected.set(1);
                    if self.client.try_subscribe(&self.filters).is_err() {
                        tracing::error!(connection = self.number, "could not ask for the subscriptions");
                    }
                }
                Ok(LinkEvent::Subscribed(granted)) => {
                    if granted {
                        self.metrics.broker_subscribed.set(1);
                        self.listening.begun(Utc::now());
                        tracing::info!(connection = self.number, "subscribed");
                    } else {
                        tracing::error!(
                            connection = self.number,
                            filters = ?self.filters,
                            "the broker refused the subscriptions: check the account's rights"
                        );
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    self.acknowledger.broken();
                    self.link.abandon_connection();
                    self.listening.interrupted();
                    self.metrics.broker_connected.set(0);
                    self.metrics.broker_subscribed.set(0);
                    if stopping_until.is_some() {
                        break;
                    }
                    tracing::warn!(connection = self.number, %error, retry_ms = wait.as_millis(), "no connection to the broker");
                    tokio::select! {
                        () = tokio::time::sleep(wait) => {}
                        () = stop.cancelled() => {}
                    }
                    wait = (wait * 2).min(RECONNECT.1);
                }
            }
        }
        self.client.try_disconnect();
        // Give the good-bye the chance to be written.
        let _ =
            tokio::time::timeout(Duration::from_millis(200), async { while self.link.poll().await.is_ok() {} }).await;
    }

    async fn deliver(&mut self, message: Message) {
        let receipt = self.acknowledger.came(message.ack);
        if topic::is_no_report(&message.topic) {
            self.acknowledger.committed(&[receipt]);
            return;
        }
        self.metrics.messages.inc();
        let world = self.world.current();
        let sender = match self.topics.parse(&message.topic) {
            None => Err(Box::new(Stray::BadTopic)),
            Some(topic) => match world.vehicle_by_code(&topic.operator, &topic.vehicle) {
                Some(known) => Ok((topic, known.vehicle.id)),
                None => Err(Box::new(Stray::UnknownVehicle(topic))),
            },
        };
        let shard = sender.as_ref().map_or(0, |(_, vehicle)| super::shard_of(*vehicle, self.shards.len()));
        let delivery =
            Delivery { sender, message, received_at: Utc::now(), receipt, acknowledger: self.acknowledger.clone() };
        if let Some(shard) = self.shards.get(shard) {
            // A closed shard has ended the server already; the message will come again.
            let _ = shard.send(delivery).await;
        }
    }
}

/// Polls the link, and looks up now and then, so that a quiet link does not keep the task from seeing that it should stop.
/// The pending poll itself is kept, not cancelled, until the server stops.
async fn poll_with_pauses(
    link: &mut Link,
    stop: &CancellationToken,
    pause: Duration,
    stopping: bool,
) -> Option<Result<LinkEvent, crate::mqtt::LinkError>> {
    let poll = link.poll();
    tokio::pin!(poll);
    loop {
        tokio::select! {
            biased;
            event = &mut poll => return Some(event),
            () = tokio::time::sleep(pause) => {
                if stopping || stop.is_cancelled() {
                    return None;
                }
            }
        }
    }
}
