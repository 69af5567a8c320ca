//! Hands one stream over: first what was missed, then what comes, until the client, its token or the server is gone.
//!
//! Listening begins before the store is read, so that nothing falls between the two; what comes twice is dropped by its
//! number. A listener that fell behind reads the store again. The store is asked for positions from some seconds before
//! the time that the client knows of: a transaction's time is that of its beginning, and it becomes visible at its end.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::response::sse::Event;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::{
    sync::{
        broadcast::{self, error::RecvError, error::TryRecvError},
        mpsc,
    },
    time::Instant,
};
use uuid::Uuid;

use super::{
    super::{access::Viewer, state::App},
    event_id::EventId,
    scope::Scope,
};
use crate::{
    domain::IncidentId,
    live::LiveBatch,
    store::{
        StoreError, Visibility,
        feed::{self, FeedItem, FeedKind},
        incidents::{self, IncidentFilter},
        positions::{self, PositionRecord},
    },
    telemetry::Metrics,
};

/// Feed items that are read at once.
const PAGE: i64 = 500;
/// How long positions are gathered into one event.
const GATHER: Duration = Duration::from_millis(200);
/// How much earlier than the client knows of the store is asked for positions.
const OVERLAP: TimeDelta = TimeDelta::seconds(10);
/// How often the token is looked at again.
const RECHECK: Duration = Duration::from_secs(4);
/// How soon a client should come back.
const RETRY: Duration = Duration::from_secs(2);

/// Why a stream ends early.
enum End {
    /// The client is gone.
    Gone,
    /// The store cannot be read; the client comes back with the last id and misses nothing.
    Store(StoreError),
}

impl From<StoreError> for End {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Counts an open stream for as long as it lives.
struct Counted(Arc<Metrics>);

impl Counted {
    fn new(metrics: Arc<Metrics>) -> Self {
        metrics.streams.inc();
        Self(metrics)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.streams.dec();
    }
}

/// What a `gap` event says: positions between two times were left out.
#[derive(Serialize)]
struct Gap {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    detail: &'static str,
    track: String,
}

/// One stream under way.
pub(super) struct Pump {
    app: App,
    viewer: Viewer,
    scope: Scope,
    out: mpsc::Sender<Event>,
    feed: broadcast::Receiver<Arc<FeedItem>>,
    /// `None` where the stream holds no positions.
    live: Option<broadcast::Receiver<LiveBatch>>,
    /// The client has everything up to here.
    at: EventId,
    /// Newest positions that have yet to be handed over, by operator and vehicle.
    gathered: BTreeMap<(String, String), PositionRecord>,
    hand_over_at: Instant,
    _counted: Counted,
}

impl Pump {
    /// A stream that listens from now on.
    pub(super) fn new(app: App, viewer: Viewer, scope: Scope, out: mpsc::Sender<Event>) -> Self {
        let state = &app.state;
        let (feed, counted) = (state.live_feed.listen(), Counted::new(state.metrics.clone()));
        let live = scope.positions.then(|| state.live_positions.listen());
        let at = EventId { feed: 0, positions_through: Utc::now() };
        let gathered = BTreeMap::new();
        Self { app, viewer, scope, out, feed, live, at, gathered, hand_over_at: Instant::now(), _counted: counted }
    }

    /// Runs until the client, its token or the server is gone.
    pub(super) async fn run(mut self, resume: Option<EventId>) {
        let (stop, out) = (self.app.state.stop.clone(), self.out.clone());
        let ended = tokio::select! {
            () = stop.cancelled() => return,
            () = out.closed() => return,
            ended = self.pump(resume) => ended,
        };
        if let Err(End::Store(error)) = ended {
            tracing::warn!(%error, "a live stream ended because the store could not be read");
        }
    }

    async fn pump(&mut self, resume: Option<EventId>) -> Result<(), End> {
        self.begin(resume).await?;
        let mut recheck = tokio::time::interval(RECHECK);
        recheck.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                item = self.feed.recv() => match item {
                    Ok(item) => {
                        self.mark_positions();
                        self.tell(&item).await?;
                    }
                    Err(RecvError::Lagged(_)) => self.catch_up().await?,
                    Err(RecvError::Closed) => return Ok(()),
                },
                batch = next(&mut self.live) => match batch {
                    Ok(batch) => self.gather(&batch),
                    Err(RecvError::Lagged(_)) => self.bridge().await?,
                    Err(RecvError::Closed) => return Ok(()),
                },
                () = tokio::time::sleep_until(self.hand_over_at), if !self.gathered.is_empty() => self.hand_over().await?,
                _ = recheck.tick() => if !self.viewer.still_holds(&self.app).await {
                    return Ok(());
                }
            }
        }
    }

    /// Hands over what the client has to know before live events make sense to it.
    async fn begin(&mut self, resume: Option<EventId>) -> Result<(), End> {
        let newest = feed::newest(&self.app.state.pool).await?;
        let now = Utc::now();
        // An id beyond the newest item comes from a store that was replaced: its client starts anew.
        let resume = resume.filter(|resume| resume.feed <= newest);
        let Some(resume) = resume else {
            self.at = EventId { feed: newest, positions_through: now };
            // Only an id: a client that is cut off before the first event comes back with it.
            self.send(Event::default().retry(RETRY)).await?;
            return if self.scope.positions { self.all_positions(None).await } else { Ok(()) };
        };
        self.at = EventId { positions_through: resume.positions_through.min(now), ..resume };
        self.send(Event::default().retry(RETRY)).await?;
        self.catch_up().await?;
        self.bridge().await
    }

    /// Hands over the feed items that the store has and the client has not.
    async fn catch_up(&mut self) -> Result<(), End> {
        loop {
            let items = feed::after(&self.app.state.pool, self.at.feed, PAGE).await?;
            if items.is_empty() {
                return Ok(());
            }
            for item in &items {
                self.tell(item).await?;
            }
        }
    }

    /// Says that positions were left out since the client's last, and hands over the newest that were stored since.
    async fn bridge(&mut self) -> Result<(), End> {
        if !self.scope.positions {
            return Ok(());
        }
        // What waits is in the store too.
        self.live = Some(self.app.state.live_positions.listen());
        self.gathered.clear();
        self.all_positions(Some(self.at.positions_through)).await
    }

    async fn all_positions(&mut self, since: Option<DateTime<Utc>>) -> Result<(), End> {
        let (operator, vehicle) = (self.scope.operator.as_deref(), self.scope.vehicle.as_deref());
        let (now, stored_after) = (Utc::now(), since.map(|since| since - OVERLAP));
        let pool = &self.app.state.pool;
        let records = positions::latest(pool, self.scope.visibility, operator, vehicle, stored_after).await?;
        if let Some(from) = since {
            if records.is_empty() {
                self.at.positions_through = now;
                return Ok(());
            }
            self.send_json("gap", &gap(from, now)).await?;
        }
        self.at.positions_through = now;
        self.send_json("position", &records).await
    }

    /// Hands over one feed item, unless the client has it.
    async fn tell(&mut self, item: &FeedItem) -> Result<(), End> {
        if item.id <= self.at.feed {
            return Ok(());
        }
        let payload = if self.scope.takes_item(item) { self.as_seen(item).await? } else { None };
        self.at.feed = item.id;
        match payload {
            Some(payload) => self.send_json(item.kind.as_str(), &payload).await,
            None => Ok(()),
        }
    }

    /// Notes that the client has all positions up to now, if none is waiting.
    fn mark_positions(&mut self) {
        if self.gathered.is_empty() && self.live.as_ref().is_none_or(broadcast::Receiver::is_empty) {
            self.at.positions_through = Utc::now();
        }
    }

    /// The item as its viewer may see it. Who sees open incidents only gets an incident as it is now; of one that is
    /// closed by now, that it is.
    async fn as_seen(&self, item: &FeedItem) -> Result<Option<Value>, End> {
        if item.kind != FeedKind::Incident || !self.viewer.sees_open_incidents_only() {
            return Ok(Some(item.payload.clone()));
        }
        let id = item.payload.get("id").and_then(Value::as_str).and_then(|id| id.parse::<Uuid>().ok());
        let Some(id) = id else { return Ok(None) };
        let open = IncidentFilter { open_only: true, ..IncidentFilter::default() };
        let record = incidents::one(&self.app.state.pool, Visibility::Everything, &open, IncidentId(id)).await?;
        Ok(Some(record.map_or_else(|| json!({ "id": id, "state": "closed" }), |record| json!(record))))
    }

    fn gather(&mut self, batch: &LiveBatch) {
        for (_, record) in batch.iter().filter(|(operator, record)| self.scope.takes_position(*operator, record)) {
            let key = (record.operator.clone(), record.vehicle.clone());
            if self.gathered.get(&key).is_none_or(|known| (known.time, known.seq) <= (record.time, record.seq)) {
                self.gathered.insert(key, record.clone());
            }
        }
    }

    /// Hands over the gathered positions, with those that came meanwhile.
    async fn hand_over(&mut self) -> Result<(), End> {
        let now = Utc::now();
        loop {
            match self.live.as_mut().map(broadcast::Receiver::try_recv) {
                Some(Ok(batch)) => self.gather(&batch),
                Some(Err(TryRecvError::Lagged(_))) => return self.bridge().await,
                Some(Err(TryRecvError::Empty | TryRecvError::Closed)) | None => break,
            }
        }
        let records: Vec<PositionRecord> = std::mem::take(&mut self.gathered).into_values().collect();
        self.at.positions_through = now;
        self.hand_over_at = Instant::now() + GATHER;
        self.send_json("position", &records).await
    }

    async fn send_json<T: Serialize>(&self, name: &str, data: &T) -> Result<(), End> {
        // The records serialise; where one did not, a client would rather miss it than the stream.
        let Ok(event) = Event::default().event(name).json_data(data) else { return Ok(()) };
        self.send(event).await
    }

    async fn send(&self, event: Event) -> Result<(), End> {
        self.out.send(event.id(self.at.to_string())).await.map_err(|_| End::Gone)
    }
}

/// The next batch; never, where the stream holds no positions.
async fn next(live: &mut Option<broadcast::Receiver<LiveBatch>>) -> Result<LiveBatch, RecvError> {
    match live {
        Some(live) => live.recv().await,
        None => std::future::pending().await,
    }
}

fn gap(from: DateTime<Utc>, to: DateTime<Utc>) -> Gap {
    let time = |time: DateTime<Utc>| time.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    Gap {
        from,
        to,
        detail: "of the positions between these times only the newest of each vehicle follows; `track` has them all",
        track: format!("/api/v1/vehicles/{{operator}}/{{vehicle}}/track?from={}&to={}", time(from), time(to)),
    }
}
