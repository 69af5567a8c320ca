//! The MQTT device of a vehicle.
//!
//! It numbers what it is given, buffers it, and publishes at QoS 1 under its own account and client id, with a last
//! will on `status`. With acknowledgements it trims its buffer only when the server says that everything up to a number
//! is committed, sends again what the server misses, and after every reconnection all that is unacknowledged: so a
//! broker that dies hard, or a server killed in the middle, costs nothing. Its memory is bounded. [`outbox`] holds the
//! decisions, `session` the connection.

pub mod message;
pub mod outbox;
mod session;

use std::{sync::Arc, time::Duration};

use serde_json::Value;
use tokio::{sync::watch, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

pub use message::{Event, EventKind, Fix};

use crate::broker::{Broker, Credentials};
use session::Shared;

/// Why a device could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// No connection in time.
    #[error("{device} did not reach the broker at {host}:{port} within {limit_s} s; last: {last_error}")]
    NotConnected {
        /// `operator/vehicle`.
        device: String,
        /// The broker's host.
        host: String,
        /// The broker's port.
        port: u16,
        /// How long was waited, in seconds.
        limit_s: f64,
        /// What the last attempt met.
        last_error: String,
    },
    /// Entries were not acknowledged in time.
    #[error("{device} still holds {buffered} entries after {limit_s} s")]
    NotTrimmed {
        /// `operator/vehicle`.
        device: String,
        /// How many.
        buffered: usize,
        /// How long was waited, in seconds.
        limit_s: f64,
    },
    /// A fix or alarm that JSON cannot express.
    #[error("a report of {device} cannot be written as JSON: {cause}")]
    NotJson {
        /// `operator/vehicle`.
        device: String,
        /// What is wrong with it.
        cause: serde_json::Error,
    },
}

/// Who a device is and how it behaves.
#[derive(Clone, Debug)]
pub struct DeviceOptions {
    /// Where the broker is.
    pub broker: Broker,
    /// The operator's code, first level of the topics.
    pub operator: String,
    /// The vehicle's code, second level of the topics.
    pub vehicle: String,
    /// The account; without one it connects anonymously.
    pub credentials: Option<Credentials>,
    /// The MQTT client id, unique at the broker.
    pub client_id: String,
    /// Whether to ask the server for acknowledgements and keep everything until they come.
    pub ask_ack: bool,
    /// The number of the first report.
    pub first_seq: i64,
    /// Most entries that the buffer holds.
    pub buffer_limit: usize,
    /// Most messages that are on their way to the broker at once.
    pub in_flight_limit: usize,
}

impl DeviceOptions {
    /// A device with acknowledgements, a client id made of its codes, numbering from 1.
    #[must_use]
    pub fn new(broker: Broker, operator: &str, vehicle: &str, credentials: Option<Credentials>) -> Self {
        Self {
            broker,
            operator: operator.into(),
            vehicle: vehicle.into(),
            credentials,
            client_id: format!("device-{operator}-{vehicle}"),
            ask_ack: true,
            first_seq: 1,
            buffer_limit: 20_000,
            in_flight_limit: 8,
        }
    }
}

/// What a device has gone through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeviceCounters {
    /// Connections that were made.
    pub connections: u64,
    /// Messages that the broker took.
    pub messages: u64,
    /// Entries sent again because the server asked.
    pub sent_again: u64,
    /// Entries forgotten because the buffer was full.
    pub forgotten: u64,
}

/// A running device. Dropping it is pulling its plug: the broker publishes its last will.
#[derive(Debug)]
pub struct Device {
    shared: Arc<Shared>,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
    connected: watch::Receiver<bool>,
    buffered: watch::Receiver<usize>,
}

impl Device {
    /// Starts a device; it connects by itself, now and whenever the connection is lost. Must be called within a tokio
    /// runtime.
    #[must_use]
    pub fn start(options: DeviceOptions) -> Self {
        let (connected_sender, connected) = watch::channel(false);
        let (buffered_sender, buffered) = watch::channel(0);
        let shared = Arc::new(Shared::new(options, connected_sender, buffered_sender));
        let stop = CancellationToken::new();
        let tasks = vec![
            tokio::spawn(session::stay_connected(Arc::clone(&shared), stop.clone())),
            tokio::spawn(session::keep_reminding(Arc::clone(&shared), stop.clone())),
        ];
        Self { shared, stop, tasks, connected, buffered }
    }

    /// Starts a device and waits up to 10 s until it is connected.
    ///
    /// # Errors
    /// When it is not connected by then, with what the last attempt met, e.g. a refused password.
    pub async fn connect(options: DeviceOptions) -> Result<Self, DeviceError> {
        let device = Self::start(options);
        device.wait_until_connected(Duration::from_secs(10)).await?;
        Ok(device)
    }

    /// Waits until the device is connected.
    ///
    /// # Errors
    /// When it is not within `limit`.
    pub async fn wait_until_connected(&self, limit: Duration) -> Result<(), DeviceError> {
        let mut connected = self.connected.clone();
        match timeout(limit, connected.wait_for(|connected| *connected)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(DeviceError::NotConnected {
                device: self.name(),
                host: self.shared.options().broker.host.clone(),
                port: self.shared.options().broker.port,
                limit_s: limit.as_secs_f64(),
                last_error: self.shared.last_error().unwrap_or_else(|| "no answer".into()),
            }),
        }
    }

    /// Takes a fix into the buffer and sends it when it can. Returns its number.
    ///
    /// # Errors
    /// When a number in it is not finite.
    pub fn report(&self, fix: &Fix) -> Result<i64, DeviceError> {
        self.shared.report(outbox::Topic::Position, fix).map_err(|cause| self.not_json(cause))
    }

    /// As [`Device::report`], but sends the fix twice, as careless firmware does.
    ///
    /// # Errors
    /// When a number in it is not finite.
    pub fn report_twice(&self, fix: &Fix) -> Result<i64, DeviceError> {
        self.shared.report_twice(fix).map_err(|cause| self.not_json(cause))
    }

    /// Raises an alarm, which goes before any position that waits. Returns its number; fixes and alarms are numbered
    /// together.
    ///
    /// # Errors
    /// When a number in it is not finite.
    pub fn raise(&self, event: &Event) -> Result<i64, DeviceError> {
        self.shared.report(outbox::Topic::Event, event).map_err(|cause| self.not_json(cause))
    }

    /// Whether there is radio. Without it everything stays in the buffer and goes as a backlog afterwards.
    pub fn set_radio(&self, on: bool) {
        self.shared.set_radio(on);
    }

    /// How many entries the buffer holds.
    #[must_use]
    pub fn buffered(&self) -> usize {
        *self.buffered.borrow()
    }

    /// Waits until the buffer is empty: everything committed by the server, or with `ask_ack` off, taken by the broker.
    ///
    /// # Errors
    /// When it is not within `limit`.
    pub async fn wait_until_trimmed(&self, limit: Duration) -> Result<(), DeviceError> {
        let mut buffered = self.buffered.clone();
        match timeout(limit, buffered.wait_for(|buffered| *buffered == 0)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(DeviceError::NotTrimmed {
                device: self.name(),
                buffered: self.buffered(),
                limit_s: limit.as_secs_f64(),
            }),
        }
    }

    /// The latest alerts that the server sent to the cab, oldest first, at most 100.
    #[must_use]
    pub fn alerts(&self) -> Vec<Value> {
        self.shared.alerts()
    }

    /// What it has gone through so far.
    #[must_use]
    pub fn counters(&self) -> DeviceCounters {
        self.shared.counters()
    }

    /// `operator/vehicle`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", self.shared.options().operator, self.shared.options().vehicle)
    }

    /// Says goodbye to the broker, so that no last will is published, and ends. What is buffered is lost.
    pub async fn close(mut self) {
        self.shared.say_goodbye();
        if let Some(session) = self.tasks.first_mut() {
            // A broker that does not answer is no reason to wait: the plug is pulled then.
            drop(timeout(Duration::from_secs(2), session).await);
        }
    }

    fn not_json(&self, cause: serde_json::Error) -> DeviceError {
        DeviceError::NotJson { device: self.name(), cause }
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        self.stop.cancel();
        for task in &self.tasks {
            task.abort();
        }
    }
}
