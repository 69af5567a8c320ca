//! What is counted and measured, for Prometheus.

use std::{fmt, time::Duration};

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::{Registry, Unit},
};

use crate::{
    engine::Judgement,
    rules::{Change, EpisodeChange},
    world::World,
};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct JudgementLabel {
    judgement: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReasonLabel {
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RuleLabel {
    rule: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ChannelLabel {
    channel: String,
}

/// All metrics of the server.
pub struct Metrics {
    registry: Registry,
    /// Messages that came from the broker.
    pub messages: Counter,
    /// Answers to devices that could not be queued.
    pub replies_dropped: Counter,
    /// Whether the broker is connected.
    pub broker_connected: Gauge,
    /// Whether the broker granted the subscriptions.
    pub broker_subscribed: Gauge,
    /// Whether the last batch could be committed.
    pub database_up: Gauge,
    /// Open live streams.
    pub streams: Gauge,
    fixes: Family<JudgementLabel, Counter>,
    dead_letters: Family<ReasonLabel, Counter>,
    violations: Family<RuleLabel, Counter>,
    outbox_waiting: Family<ChannelLabel, Gauge>,
    deliveries: Family<ChannelLabel, Counter>,
    delivery_failures: Family<ChannelLabel, Counter>,
    batch_messages: Histogram,
    commit_seconds: Histogram,
    world_version: Gauge,
    vehicles: Gauge,
    zones: Gauge,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let metrics = Self {
            registry: Registry::with_prefix("placard"),
            messages: Counter::default(),
            replies_dropped: Counter::default(),
            broker_connected: Gauge::default(),
            broker_subscribed: Gauge::default(),
            database_up: Gauge::default(),
            streams: Gauge::default(),
            fixes: Family::default(),
            dead_letters: Family::default(),
            violations: Family::default(),
            outbox_waiting: Family::default(),
            deliveries: Family::default(),
            delivery_failures: Family::default(),
            batch_messages: Histogram::new(exponential_buckets(1.0, 2.0, 12)),
            commit_seconds: Histogram::new(exponential_buckets(0.001, 2.0, 14)),
            world_version: Gauge::default(),
            vehicles: Gauge::default(),
            zones: Gauge::default(),
        };
        // Until a commit fails.
        metrics.database_up.set(1);
        metrics.registered()
    }
}

impl Metrics {
    fn registered(mut self) -> Self {
        let registry = &mut self.registry;
        registry.register("messages", "Messages that came from the broker", self.messages.clone());
        registry.register(
            "replies_dropped",
            "Answers to devices that could not be queued",
            self.replies_dropped.clone(),
        );
        registry.register("broker_connected", "1 while the broker is connected", self.broker_connected.clone());
        registry.register("broker_subscribed", "1 while the subscriptions are granted", self.broker_subscribed.clone());
        registry.register("database_up", "1 while batches can be committed", self.database_up.clone());
        registry.register("streams", "Open live streams", self.streams.clone());
        registry.register("fixes", "Fixes by what became of them", self.fixes.clone());
        registry.register(
            "dead_letters",
            "Messages or parts that could not be used, by reason",
            self.dead_letters.clone(),
        );
        registry.register("violations", "Episodes opened, by rule", self.violations.clone());
        registry.register("outbox_waiting", "Notifications that wait to be delivered", self.outbox_waiting.clone());
        registry.register("deliveries", "Notifications delivered", self.deliveries.clone());
        registry.register("delivery_failures", "Failed attempts to deliver", self.delivery_failures.clone());
        registry.register("batch_messages", "Messages in one transaction", self.batch_messages.clone());
        registry.register_with_unit("commit", "Time to commit a batch", Unit::Seconds, self.commit_seconds.clone());
        registry.register("world_version", "Version of the world that is judged by", self.world_version.clone());
        registry.register("vehicles", "Vehicles known", self.vehicles.clone());
        registry.register("zones", "Zone versions known", self.zones.clone());
        self
    }

    /// The metrics in the OpenMetrics text format.
    ///
    /// # Errors
    /// When the text cannot be written, which only a lack of memory would cause.
    pub fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }

    /// Counts a fix.
    pub fn fix(&self, judgement: Judgement) {
        let judgement = match judgement {
            Judgement::Judged => "judged",
            Judgement::TooLate => "too_late",
            Judgement::Implausible => "implausible",
        };
        self.fixes.get_or_create(&JudgementLabel { judgement }).inc();
    }

    /// Counts a dead letter.
    pub fn dead_letter(&self, reason: &'static str) {
        self.dead_letters.get_or_create(&ReasonLabel { reason }).inc();
    }

    /// Counts an episode, when it opens.
    pub fn episode(&self, change: &EpisodeChange) {
        if change.change == Change::Opened {
            self.violations.get_or_create(&RuleLabel { rule: change.episode.rule.as_str() }).inc();
        }
    }

    /// Measures a commit.
    pub fn commit(&self, messages: usize, took: Duration) {
        #[allow(clippy::cast_precision_loss)] // a few thousand
        self.batch_messages.observe(messages as f64);
        self.commit_seconds.observe(took.as_secs_f64());
    }

    /// Notes the world that is judged by.
    pub fn world(&self, world: &World) {
        self.world_version.set(world.version());
        self.vehicles.set(i64::try_from(world.vehicle_count()).unwrap_or(i64::MAX));
        self.zones.set(i64::try_from(world.zone_count()).unwrap_or(i64::MAX));
    }

    /// Counts an attempt to deliver a notification.
    pub fn delivery(&self, channel: &str, arrived: bool) {
        let family = if arrived { &self.deliveries } else { &self.delivery_failures };
        family.get_or_create(&ChannelLabel { channel: channel.to_owned() }).inc();
    }

    /// Notes how many notifications wait.
    pub fn outbox(&self, waiting: &[(String, i64)]) {
        for channel in ["mqtt", "webhook"] {
            let count = waiting.iter().find(|(name, _)| name == channel).map_or(0, |(_, count)| *count);
            self.outbox_waiting.get_or_create(&ChannelLabel { channel: channel.to_owned() }).set(count);
        }
    }
}
