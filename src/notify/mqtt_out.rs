//! The connection on which Placard itself speaks: alerts to cabs, incidents, answers to devices.
//!
//! Outbox messages go out in order and with QoS 1, and count as delivered when the broker has acknowledged them. Answers to
//! devices ([`LinkClient::try_publish`] with QoS 0) share the connection but are not waited for.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use sqlx::{Acquire, PgPool};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use super::Wake;
use crate::{
    config::MqttConfig,
    mqtt::{Link, LinkClient, LinkEvent, LinkOptions, OptionsError},
    store::{StoreError, outbox},
    telemetry::Metrics,
};

/// Messages that are on their way at once.
const WINDOW: i64 = 64;
/// How long the broker may take to acknowledge.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the link tells the dispatcher.
#[derive(Debug)]
enum Progress {
    Sent(u16),
    Acknowledged(u16, bool),
    Broken,
}

/// Makes the connection on which Placard speaks; `name` tells it from the one that listens.
///
/// # Errors
/// When the configuration does not tell how to connect.
pub fn connect(config: &MqttConfig) -> Result<(LinkClient, MqttSpeaker), OptionsError> {
    let mut options = LinkOptions::of(config, format!("{}-out", config.client_id))?;
    // What was not acknowledged is in the outbox and is sent again from there: the session need not remember it.
    options.persistent = false;
    options.manual_acks = false;
    options.request_capacity = 16_384;
    let (client, link) = Link::new(&options)?;
    let (progress_in, progress) = mpsc::unbounded_channel();
    Ok((client.clone(), MqttSpeaker { client, link, progress_in, progress }))
}

/// The speaking connection, not yet running.
pub struct MqttSpeaker {
    client: LinkClient,
    link: Link,
    progress_in: mpsc::UnboundedSender<Progress>,
    progress: mpsc::UnboundedReceiver<Progress>,
}

impl MqttSpeaker {
    /// Polls the connection and dispatches the outbox until `stop`.
    pub async fn run(self, pool: PgPool, metrics: Arc<Metrics>, stop: CancellationToken) {
        let Self { client, link, progress_in, progress } = self;
        let give_up = Arc::new(Notify::new());
        let polling = tokio::spawn(poll(link, progress_in, give_up.clone(), stop.clone()));
        Dispatcher { client: client.clone(), progress, give_up, pool, metrics }.run(&stop).await;
        client.try_disconnect();
        let _ = tokio::time::timeout(Duration::from_secs(1), polling).await;
    }
}

async fn poll(
    mut link: Link,
    progress: mpsc::UnboundedSender<Progress>,
    give_up: Arc<Notify>,
    stop: CancellationToken,
) {
    let mut wait = Duration::from_millis(100);
    loop {
        let event = tokio::select! {
            event = link.poll() => event,
            () = give_up.notified() => {
                link.abandon_connection();
                let _ = progress.send(Progress::Broken);
                continue;
            }
        };
        match event {
            Ok(LinkEvent::Connected { .. }) => wait = Duration::from_millis(100),
            Ok(LinkEvent::Sent(0)) => {}
            Ok(LinkEvent::Sent(packet)) => _ = progress.send(Progress::Sent(packet)),
            Ok(LinkEvent::Acknowledged(packet, taken)) => _ = progress.send(Progress::Acknowledged(packet, taken)),
            Ok(_) => {}
            Err(error) => {
                if stop.is_cancelled() {
                    return;
                }
                link.abandon_connection();
                let _ = progress.send(Progress::Broken);
                tracing::warn!(%error, retry_ms = wait.as_millis(), "no connection to the broker for what is to be told");
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(Duration::from_secs(5));
            }
        }
    }
}

struct Dispatcher {
    client: LinkClient,
    progress: mpsc::UnboundedReceiver<Progress>,
    /// Asks the polling task to end the connection.
    give_up: Arc<Notify>,
    pool: PgPool,
    metrics: Arc<Metrics>,
}

impl Dispatcher {
    async fn run(mut self, stop: &CancellationToken) {
        let mut wake = Wake::new(self.pool.clone());
        while !stop.is_cancelled() {
            match self.dispatch().await {
                Ok(0) => wake.next(stop).await,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "the outbox could not be read; trying again");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
            if let Ok(waiting) = outbox::waiting(&self.pool).await {
                self.metrics.outbox(&waiting);
            }
        }
    }

    /// Sends what is due, in order. Returns how many arrived.
    async fn dispatch(&mut self) -> Result<usize, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let mut transaction = connection.begin().await?;
        let due = outbox::due_on_mqtt(&mut transaction, WINDOW).await?;
        if due.is_empty() {
            return Ok(0);
        }
        while self.progress.try_recv().is_ok() {} // of earlier messages that were given up
        let mut unsent: VecDeque<i64> = VecDeque::new();
        for message in &due {
            if self.client.try_publish(&message.topic, true, message.retain, message.payload.clone()).is_err() {
                break;
            }
            unsent.push_back(message.id);
        }
        let arrived = self.wait_for_acknowledgements(unsent).await;
        outbox::delivered(&mut *transaction, &arrived).await?;
        transaction.commit().await?;
        for message in &due {
            self.metrics.delivery("mqtt", arrived.contains(&message.id));
        }
        if arrived.len() < due.len() {
            // Not faster than the broker comes back; what is left is sent again, in order.
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        Ok(arrived.len())
    }

    async fn wait_for_acknowledgements(&mut self, mut unsent: VecDeque<i64>) -> Vec<i64> {
        let mut on_the_way: VecDeque<(u16, i64)> = VecDeque::new();
        let mut arrived = Vec::with_capacity(unsent.len());
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while !(unsent.is_empty() && on_the_way.is_empty()) {
            let Ok(Some(progress)) = tokio::time::timeout_at(deadline, self.progress.recv()).await else {
                self.end_connection().await;
                break;
            };
            match progress {
                Progress::Sent(packet) => {
                    if let Some(id) = unsent.pop_front() {
                        on_the_way.push_back((packet, id));
                    }
                }
                Progress::Acknowledged(packet, taken) => {
                    let at = on_the_way.iter().position(|(sent, _)| *sent == packet);
                    if let Some((_, id)) = at.and_then(|at| on_the_way.remove(at)).filter(|_| taken) {
                        arrived.push(id);
                    }
                }
                Progress::Broken => break,
            }
        }
        arrived
    }

    /// Ends a connection that has become too slow, and waits until it has ended: what is still queued for it must not go out
    /// beside the same messages sent again.
    async fn end_connection(&mut self) {
        self.give_up.notify_one();
        let ended = async {
            while let Some(progress) = self.progress.recv().await {
                if matches!(progress, Progress::Broken) {
                    return;
                }
            }
        };
        let _ = tokio::time::timeout(PATIENCE, ended).await;
    }
}
