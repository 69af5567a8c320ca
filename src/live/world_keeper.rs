//! Keeps the world up to date: loads it when the store says that it changed, and swaps it in whole.

use std::{sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use chrono::{TimeDelta, Utc};
use sqlx::{PgPool, postgres::PgListener};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::{
    hazard::Catalogue,
    rules::Realm,
    store::{self, StoreError},
    telemetry::Metrics,
    world::RuleSettings,
};

/// The world as it is now, for everybody who judges or answers by it.
#[derive(Clone)]
pub struct WorldHandle {
    current: Arc<ArcSwap<Realm>>,
    version: watch::Receiver<i64>,
}

impl WorldHandle {
    /// The world now. Keep it for the length of one judgement, not longer.
    #[must_use]
    pub fn current(&self) -> Arc<Realm> {
        self.current.load_full()
    }

    /// Waits until the world is at `version` or later. False when that takes longer than `limit`.
    pub async fn reaches(&self, version: i64, limit: Duration) -> bool {
        let mut receiver = self.version.clone();
        tokio::time::timeout(limit, receiver.wait_for(|loaded| *loaded >= version)).await.is_ok_and(|seen| seen.is_ok())
    }
}

/// Loads the world and keeps it up to date.
pub struct WorldKeeper {
    pool: PgPool,
    settings: RuleSettings,
    catalogue: Arc<Catalogue>,
    current: Arc<ArcSwap<Realm>>,
    version: watch::Sender<i64>,
    metrics: Arc<Metrics>,
}

/// What ended longer ago than this is not judged any more, and is left out of the world.
const KEPT_DAYS: i64 = 7;
/// How often the version is looked up, should a notice have been lost.
const LOOK_UP: Duration = Duration::from_secs(5);

impl WorldKeeper {
    /// Loads the world for the first time.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn load(
        pool: PgPool,
        settings: RuleSettings,
        catalogue: Arc<Catalogue>,
        metrics: Arc<Metrics>,
    ) -> Result<(Self, WorldHandle), StoreError> {
        let world = build(&pool, &settings, &catalogue, None).await?;
        metrics.world(&world);
        let (version, watched) = watch::channel(world.version());
        let current = Arc::new(ArcSwap::from_pointee(world));
        let handle = WorldHandle { current: current.clone(), version: watched };
        Ok((Self { pool, settings, catalogue, current, version, metrics }, handle))
    }

    /// Follows changes until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => return,
                result = self.follow() => if let Err(error) = result {
                    tracing::warn!(%error, "cannot hear of changes to the world; trying again");
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
            }
        }
    }

    async fn follow(&self) -> Result<(), StoreError> {
        let mut listener = PgListener::connect_with(&self.pool).await?;
        listener.listen(store::world_version::CHANNEL).await?;
        loop {
            if store::world_version::version(&self.pool).await? != *self.version.borrow() {
                let before = self.current.load_full();
                let world = build(&self.pool, &self.settings, &self.catalogue, Some(&before)).await?;
                tracing::info!(
                    version = world.version(),
                    vehicles = world.vehicle_count(),
                    zones = world.zone_count(),
                    "the world changed"
                );
                self.metrics.world(&world);
                let version = world.version();
                self.current.store(Arc::new(world));
                self.version.send_replace(version);
            }
            // Either a notice or the look-up interval; a lost connection is an error and starts anew.
            if let Ok(notice) = tokio::time::timeout(LOOK_UP, listener.recv()).await {
                notice?;
            }
        }
    }
}

async fn build(
    pool: &PgPool,
    settings: &RuleSettings,
    catalogue: &Arc<Catalogue>,
    before: Option<&Realm>,
) -> Result<Realm, StoreError> {
    let ended_after = Utc::now() - TimeDelta::days(KEPT_DAYS);
    let (parts, packs) = store::world::load(pool, settings.clone(), ended_after, before).await?;
    let catalogue = catalogue.clone();
    // Indexing thousands of zones takes long enough to disturb other tasks.
    let built = tokio::task::spawn_blocking(move || Realm::build(parts, packs, &catalogue)).await;
    built.map_err(|error| StoreError::Unreadable { what: "world", of: "the store".into(), reason: error.to_string() })
}
