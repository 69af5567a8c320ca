//! Follows the feed, and hands what is added to the live listeners of this server.
//!
//! The store is the source: what another server or a person's request added comes the same way. Listeners who fall behind
//! are told so, and read the store themselves.

use std::{sync::Arc, time::Duration};

use sqlx::{PgPool, postgres::PgListener};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::store::{
    StoreError,
    feed::{self, FeedItem},
};

/// How many items a slow listener may be behind before it has to read the store.
const BACKLOG: usize = 1024;
/// Items that are read at once.
const PAGE: i64 = 500;
/// How often the feed is looked at, should a notice have been lost.
const LOOK_UP: Duration = Duration::from_secs(1);

/// Hands out the feed.
#[derive(Clone)]
pub struct LiveFeed(broadcast::Sender<Arc<FeedItem>>);

impl Default for LiveFeed {
    fn default() -> Self {
        Self(broadcast::channel(BACKLOG).0)
    }
}

impl LiveFeed {
    /// Begins to listen.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<Arc<FeedItem>> {
        self.0.subscribe()
    }

    /// Follows the feed until `stop`.
    pub async fn run(self, pool: PgPool, stop: CancellationToken) {
        let mut seen: Option<i64> = None;
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => return,
                result = self.follow(&pool, &mut seen) => if let Err(error) = result {
                    tracing::warn!(%error, "cannot follow the feed; trying again");
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(Duration::from_millis(500)) => {}
            }
        }
    }

    async fn follow(&self, pool: &PgPool, seen: &mut Option<i64>) -> Result<(), StoreError> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(feed::CHANNEL).await?;
        let mut after = match *seen {
            Some(seen) => seen,
            None => feed::newest(pool).await?,
        };
        loop {
            let items = feed::after(pool, after, PAGE).await?;
            let more = items.len() == usize::try_from(PAGE).unwrap_or(0);
            for item in items {
                after = item.id;
                // An error only says that nobody listens.
                let _ = self.0.send(Arc::new(item));
            }
            *seen = Some(after);
            if !more && let Ok(notice) = tokio::time::timeout(LOOK_UP, listener.recv()).await {
                notice?;
            }
        }
    }
}
