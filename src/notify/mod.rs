//! Telling others: the outbox's messages to MQTT topics and webhooks, until they have arrived.

pub mod mqtt_out;
pub mod webhooks;

use std::time::Duration;

use sqlx::{PgPool, postgres::PgListener};
use tokio_util::sync::CancellationToken;

use crate::store::{StoreError, outbox};

/// How often the outbox is looked at when nobody says that something is in it.
const LOOK_UP: Duration = Duration::from_secs(1);

/// Wakes a dispatcher when something was queued, and every second besides: a notice can be lost, a row cannot.
pub(crate) struct Wake {
    pool: PgPool,
    listener: Option<PgListener>,
}

impl Wake {
    pub(crate) fn new(pool: PgPool) -> Self {
        Self { pool, listener: None }
    }

    /// Waits for the next reason to look, or for `stop`.
    pub(crate) async fn next(&mut self, stop: &CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(LOOK_UP) => {}
            result = self.listen() => if result.is_err() {
                self.listener = None;
                tokio::time::sleep(LOOK_UP).await;
            }
        }
    }

    async fn listen(&mut self) -> Result<(), StoreError> {
        if self.listener.is_none() {
            let mut listener = PgListener::connect_with(&self.pool).await?;
            listener.listen(outbox::CHANNEL).await?;
            self.listener = Some(listener);
            return Ok(());
        }
        if let Some(listener) = &mut self.listener {
            listener.recv().await?;
        }
        Ok(())
    }
}
