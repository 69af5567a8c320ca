//! The writer of a shard: commits a batch, and only then acknowledges, answers devices, and tells live listeners.
//!
//! When the database is away it tries again until it is back: messages wait unacknowledged, and the broker's window keeps
//! more from coming. When the database refuses values, the messages are tried one by one, and the one to blame becomes a
//! dead letter, so that it cannot hold up the rest.

use std::{sync::Arc, time::Duration};

use sqlx::{Connection, PgConnection, PgPool};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::{
    acks::{Acknowledger, Receipt},
    reject::Reason,
    shard::{Batch, Reply},
};
use crate::{
    live::LivePositions,
    mqtt::LinkClient,
    store::{
        StoreError,
        batch::{self, Outcome},
        dead_letters::DeadLetter,
    },
    telemetry::Metrics,
};

/// Shortest and longest wait before the database is tried again.
const RETRY: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));

/// How long one commit may take.
const COMMIT_LIMIT: Duration = Duration::from_secs(30);

/// Writes the batches of one shard.
pub struct Writer {
    pool: PgPool,
    publisher: LinkClient,
    live: LivePositions,
    metrics: Arc<Metrics>,
}

impl Writer {
    /// A writer with connections of its own, so that no question of a person can hold it up.
    #[must_use]
    pub fn new(pool: PgPool, publisher: LinkClient, live: LivePositions, metrics: Arc<Metrics>) -> Self {
        Self { pool, publisher, live, metrics }
    }

    /// Commits batches until the shard has ended, or until `give_up` while the database is away. `committed` counts them.
    pub async fn run(
        self,
        mut batches: mpsc::Receiver<Batch>,
        committed: watch::Sender<u64>,
        give_up: CancellationToken,
    ) {
        while let Some(mut batch) = batches.recv().await {
            if !self.commit_surely(&mut batch, &give_up).await {
                return;
            }
            committed.send_modify(|count| *count += 1);
            acknowledge(&batch.receipts);
            self.reply(&batch.replies);
            self.live.committed(&batch.outcomes);
        }
    }

    /// Commits until it succeeds. False when it was given up.
    async fn commit_surely(&self, batch: &mut Batch, give_up: &CancellationToken) -> bool {
        let messages = batch.receipts.len();
        let outcomes = &mut batch.outcomes;
        let mut wait = RETRY.0;
        let mut reported = false;
        loop {
            let started = std::time::Instant::now();
            let result = tokio::select! {
                result = self.commit(outcomes) => result,
                () = give_up.cancelled() => return false,
            };
            match result {
                Ok(()) => {
                    self.metrics.commit(messages, started.elapsed());
                    if reported {
                        tracing::info!("the database takes batches again");
                    }
                    self.metrics.database_up.set(1);
                    return true;
                }
                Err(error) if error.blames_the_values() => {
                    tracing::error!(%error, messages, "the database refused a batch: each vehicle is tried by itself");
                    if self.commit_one_by_one(outcomes, give_up).await.is_some() {
                        return true;
                    }
                }
                Err(error) => {
                    self.metrics.database_up.set(0);
                    if !reported {
                        tracing::error!(%error, messages, "a batch was not committed; it is tried until it is");
                        reported = true;
                    }
                }
            }
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = give_up.cancelled() => return false,
            }
            wait = (wait * 2).min(RETRY.1);
        }
    }

    async fn commit(&self, outcomes: &[Outcome]) -> Result<(), StoreError> {
        let mut connection = self.pool.acquire().await?;
        // A database whose machine has gone would be waited for for ever. Trying again changes nothing that is stored.
        let commit = tokio::time::timeout(COMMIT_LIMIT, batch::commit(&mut connection, outcomes));
        let result = commit.await.unwrap_or(Err(StoreError::TooSlow(COMMIT_LIMIT)));
        if result.is_err() {
            // After an error the state of the connection is not known: it is not used again.
            discard(connection.detach()).await;
        }
        result
    }

    /// `None` when the database went away meanwhile; then the whole is tried again, which changes nothing that is stored.
    async fn commit_one_by_one(&self, outcomes: &mut [Outcome], give_up: &CancellationToken) -> Option<()> {
        for outcome in outcomes {
            if give_up.is_cancelled() {
                return None;
            }
            let Err(error) = self.commit(std::slice::from_ref(outcome)).await else { continue };
            if !error.blames_the_values() {
                return None;
            }
            tracing::error!(%error, "the database refused what came of a vehicle: it becomes a dead letter");
            self.metrics.dead_letter(Reason::StoreRefused.as_str());
            bury_reports(outcome, &error);
            match self.commit(std::slice::from_ref(outcome)).await {
                Ok(()) => {}
                Err(error) if error.blames_the_values() => {
                    tracing::error!(%error, "the database refused what a message led to: only its dead letter is kept");
                    outcome.vehicle = None;
                    self.commit(std::slice::from_ref(outcome)).await.ok()?;
                }
                Err(_) => return None,
            }
        }
        Some(())
    }

    fn reply(&self, replies: &[Reply]) {
        for reply in replies {
            let publish = |kind: &str, payload: serde_json::Value| {
                let topic = format!("placard/v1/{}/{kind}", reply.topic_path);
                // An answer that is lost is given again with the device's next message.
                if self.publisher.try_publish(&topic, false, false, payload.to_string()).is_err() {
                    self.metrics.replies_dropped.inc();
                }
            };
            if let Some(stored_to) = reply.stored_to {
                publish("ack", serde_json::json!({ "seq": stored_to }));
            }
            if let Some(run) = reply.resend {
                publish("resend", serde_json::json!({ "from": run.from, "to": run.to }));
            }
        }
    }
}

/// Acknowledges what is committed, for each connection in one go.
fn acknowledge(receipts: &[(Acknowledger, Receipt)]) {
    let mut rest = receipts;
    while let Some(((acknowledger, _), _)) = rest.split_first() {
        let same = rest.iter().take_while(|(other, _)| other.is(acknowledger)).count();
        let (run, others) = rest.split_at(same);
        let run: Vec<Receipt> = run.iter().map(|(_, receipt)| *receipt).collect();
        acknowledger.committed(&run);
        rest = others;
    }
}

/// Puts the reports that the store refused into a dead letter. What followed from them, episodes, incidents and the vehicle's
/// state, is kept: an alarm may be among it.
fn bury_reports(outcome: &mut Outcome, error: &StoreError) {
    let Some(heard) = &mut outcome.vehicle else { return };
    let payload = format!("{:?} {:?}", std::mem::take(&mut heard.fixes), std::mem::take(&mut heard.events));
    let topic = format!("placard/v1/{}", heard.topic_path);
    let why = (Reason::StoreRefused.as_str(), error.to_string());
    let letter = DeadLetter::new(heard.received_at, &topic, Some(heard.operator_id), why, payload.as_bytes(), 0);
    outcome.dead_letters.push(letter);
}

async fn discard(connection: PgConnection) {
    let _ = tokio::time::timeout(Duration::from_millis(100), connection.close()).await;
}
