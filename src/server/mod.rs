//! The server: everything put together, started in order, and stopped in order.

mod separation_watch;

use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, OnceLock},
    time::Duration,
};

use futures::FutureExt;
use sqlx::PgPool;
use tokio::{
    net::TcpListener,
    sync::{mpsc, watch},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use self::separation_watch::SeparationWatch;
use crate::{
    api,
    config::Config,
    hazard::{Catalogue, DataError},
    ingest::{
        Tracked,
        connection::Connection,
        intake::ListeningSince,
        shard::{Shard, ShardParts},
        topic::Topics,
        writer::Writer,
    },
    live::{LiveFeed, LivePositions, WorldKeeper},
    mqtt::OptionsError,
    notify::{mqtt_out, webhooks::WebhookDispatcher},
    store::{self, StoreError},
    telemetry::Metrics,
};

/// Why the server cannot start, or ended by itself.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// Another server uses the same broker session on the same database.
    #[error("another server runs with mqtt.client_id {0:?} on this database; stop it, or give this one another name")]
    SessionTaken(String),
    /// A part that it cannot do without has ended.
    #[error("the {0} has ended unexpectedly; the log says why")]
    Died(&'static str),
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The broker's options do not read.
    #[error(transparent)]
    Broker(#[from] OptionsError),
    /// The goods catalogue does not read.
    #[error(transparent)]
    Catalogue(#[from] DataError),
    /// The HTTP port cannot be had.
    #[error("api.listen {address}: {error}")]
    Listen {
        /// Which address.
        address: std::net::SocketAddr,
        /// Why not.
        error: std::io::Error,
    },
}

/// How long a stopping server waits for what it has taken in to be committed and acknowledged.
const DRAIN_LIMIT: Duration = Duration::from_secs(10);
/// How long a server that is being replaced may take to end.
const SESSION_PATIENCE: Duration = Duration::from_secs(20);
/// How long the database may take to appear before the server gives up starting.
const DATABASE_PATIENCE: Duration = Duration::from_secs(60);

/// Runs the server until `stop`.
///
/// # Errors
/// When it cannot start.
pub async fn run(config: Config, stop: CancellationToken) -> Result<(), ServerError> {
    let metrics = Arc::new(Metrics::default());
    let catalogue = Arc::new(Catalogue::builtin()?);
    let shards = config.ingest.shards;
    let pool = store::pool(&config.database.url, config.database.api_connections)?;
    let writers = u32::try_from(shards).unwrap_or(u32::MAX);
    let writer_pool = store::pool(&config.database.url, writers)?;
    // Listeners and dispatchers hold a connection each for as long as the server runs.
    let background_pool = store::pool(&config.database.url, 8)?;

    wait_for_database(&pool).await?;
    store::migrate(&pool).await?;
    if !store::has_timescaledb(&pool).await? {
        tracing::warn!("the database has no TimescaleDB: positions are in a plain table, old ones are dropped slowly");
    }
    let (keeper, world) =
        WorldKeeper::load(background_pool.clone(), config.rules.clone(), catalogue.clone(), metrics.clone()).await?;
    let (publisher, speaker) = mqtt_out::connect(&config.mqtt)?;
    let (live_positions, live_feed) = (LivePositions::default(), LiveFeed::default());

    let listening = ListeningSince::default();
    let address = config.api.listen;
    let listen = |error| ServerError::Listen { address, error };
    let listener = TcpListener::bind(address).await.map_err(listen)?;
    let _only_one = claim_session(&config.database.url, &config.mqtt.client_id).await?;

    // Intake ends first, then shards and writers follow because nothing comes any more; the rest is stopped after them.
    let (intake, background) = (TaskTracker::new(), TaskTracker::new());
    let (stop_background, give_up) = (CancellationToken::new(), CancellationToken::new());
    let vitals = Vitals { stop: stop.clone(), died: Arc::default() };

    let mut to_shards = Vec::with_capacity(shards);
    for number in 0..shards {
        let mut states = Vec::new();
        for (id, text) in store::vehicle_states::load(&pool, number, shards).await? {
            match serde_json::from_str::<Tracked>(text.get()) {
                Ok(tracked) => states.push((id, tracked)),
                Err(error) => {
                    tracing::error!(vehicle = %id, %error, "the stored state of a vehicle does not read: it starts anew");
                }
            }
        }
        // As large as the broker's window, so that handing over never waits while the broker keeps to it.
        let (sender, deliveries) =
            mpsc::channel(usize::from(config.mqtt.receive_maximum) * config.mqtt.connections + 1024);
        let (batches, written) = mpsc::channel(1);
        let (commits, committed) = watch::channel(0);
        let parts = ShardParts {
            config: config.ingest.clone(),
            world: world.clone(),
            catalogue: catalogue.clone(),
            pool: background_pool.clone(),
            listening: listening.clone(),
            metrics: metrics.clone(),
        };
        let shard = Shard::new(parts, states);
        let writer = Writer::new(writer_pool.clone(), publisher.clone(), live_positions.clone(), metrics.clone());
        intake.spawn(vitals.watch("shard", shard.run(deliveries, batches, committed)));
        intake.spawn(vitals.watch("writer", writer.run(written, commits, give_up.clone())));
        to_shards.push(sender);
    }
    for number in 0..config.mqtt.connections {
        let connection = Connection::new(
            &config.mqtt,
            number,
            Topics::new(&config.ingest.sources),
            world.clone(),
            to_shards.clone(),
            listening.clone(),
            metrics.clone(),
        )?;
        intake.spawn(vitals.watch("connection", connection.run(stop.clone(), DRAIN_LIMIT)));
    }
    drop(to_shards);

    background.spawn(vitals.watch("world keeper", keeper.run(stop_background.clone())));
    let following = live_feed.clone().run(background_pool.clone(), stop_background.clone());
    background.spawn(vitals.watch("feed", following));
    let speaking = speaker.run(background_pool.clone(), metrics.clone(), stop_background.clone());
    background.spawn(vitals.watch("speaker", speaking));
    let watch = SeparationWatch::new(
        background_pool.clone(),
        world.clone(),
        catalogue.clone(),
        listening.clone(),
        metrics.clone(),
    );
    background.spawn(vitals.watch("separation watch", watch.run(stop_background.clone())));
    let dispatcher = WebhookDispatcher::new(background_pool.clone(), config.notify.clone(), metrics.clone());
    background.spawn(vitals.watch("webhooks", dispatcher.run(stop_background.clone())));

    tracing::info!(address = %listener.local_addr().map_err(listen)?, "ready");
    let state = api::ApiState {
        pool,
        world,
        catalogue,
        metrics,
        live_positions,
        live_feed,
        config: Arc::new(config),
        stop: stop.clone(),
    };
    let serving = background.spawn(api::serve(listener, state, stop.clone()));

    stop.cancelled().await;
    tracing::info!("stopping: finishing what was taken in");
    intake.close();
    if tokio::time::timeout(DRAIN_LIMIT + Duration::from_secs(2), intake.wait()).await.is_err() {
        tracing::warn!("what was taken in could not be committed in time; the broker will send it again");
        give_up.cancel();
    }
    let _ = tokio::time::timeout(Duration::from_secs(5), serving).await;
    stop_background.cancel();
    background.close();
    let _ = tokio::time::timeout(Duration::from_secs(5), background.wait()).await;
    tracing::info!("stopped");
    vitals.died.get().map_or(Ok(()), |name| Err(ServerError::Died(name)))
}

/// Watches over the tasks without which the server is none.
#[derive(Clone)]
struct Vitals {
    stop: CancellationToken,
    died: Arc<OnceLock<&'static str>>,
}

impl Vitals {
    /// The task, watched: should it end by itself, or panic, the whole server stops, rather than going on without it and
    /// saying that it is ready.
    fn watch<T>(&self, name: &'static str, task: T) -> impl Future<Output = ()> + use<T>
    where
        T: Future<Output = ()>,
    {
        let Self { stop, died } = self.clone();
        async move {
            let ended = AssertUnwindSafe(task).catch_unwind().await;
            if ended.is_err() || !stop.is_cancelled() {
                tracing::error!(task = name, panicked = ended.is_err(), "a vital task has ended: the server stops");
                let _ = died.set(name);
                stop.cancel();
            }
        }
    }
}

/// Keeps a second server from using the same broker session, for as long as the returned connection lives. Two would take
/// the session from each other, and judge by two memories of the same vehicles.
async fn claim_session(database_url: &str, client_id: &str) -> Result<PgPool, ServerError> {
    let pool = store::pool(database_url, 1)?;
    let deadline = tokio::time::Instant::now() + SESSION_PATIENCE;
    while !store::claim(&pool, &format!("placard.session.{client_id}")).await? {
        if tokio::time::Instant::now() >= deadline {
            return Err(ServerError::SessionTaken(client_id.to_owned()));
        }
        tracing::warn!(client_id, "another server holds the broker session; waiting for it to end");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Ok(pool)
}

async fn wait_for_database(pool: &PgPool) -> Result<(), ServerError> {
    let deadline = tokio::time::Instant::now() + DATABASE_PATIENCE;
    loop {
        match pool.acquire().await {
            Ok(_) => return Ok(()),
            Err(error) if tokio::time::Instant::now() < deadline => {
                tracing::warn!(%error, "waiting for the database");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            Err(error) => return Err(StoreError::from(error).into()),
        }
    }
}
