//! One connection of the load: packets written in bulk, acknowledgements timed.
//!
//! The client library writes and flushes packet by packet, which is right for a device and too dear for a generator
//! that shares two cores with what it measures. So this speaks through the library's codec only, and writes all that is
//! due in a millisecond at once.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::{Bytes, BytesMut};
use rumqttc::{
    ConnectReturnCode, QoS,
    mqttbytes::{
        Error as CodecError,
        v4::{Connect, Disconnect, Packet, PingReq, Publish},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

use super::latency::Histogram;
use crate::broker::{Broker, Credentials};

/// How often what is due is written.
const TICK: Duration = Duration::from_millis(1);
/// Most messages without an acknowledgement; packet ids end at 65,535.
const WINDOW: u64 = 30_000;
const PACKET_IDS: usize = 65_536;
const KEEP_ALIVE_S: u16 = 60;

/// Why a connection of the load ended.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// TLS is asked for.
    #[error("load goes over plain MQTT only; give mqtt://HOST:PORT")]
    NoTls,
    /// The network.
    #[error("the connection to the broker failed: {0}")]
    Network(#[from] std::io::Error),
    /// The broker refused.
    #[error("the broker refused {user:?}: {code:?}")]
    Refused {
        /// Who asked.
        user: String,
        /// Why not.
        code: ConnectReturnCode,
    },
    /// The broker sent something that is not MQTT.
    #[error("the broker's answer is not MQTT: {0}")]
    Codec(#[from] CodecError),
    /// Some messages never got their PUBACK.
    #[error("the broker has not acknowledged {0} messages within 30 s after the end")]
    NotAcknowledged(u64),
}

/// Something that makes the messages of a connection.
pub trait Source: Send + 'static {
    /// The topic and payload of the next message, at a time in milliseconds since 1970. The payload goes into the
    /// buffer.
    fn next(&mut self, time_ms: i64, payload: &mut String) -> &str;
}

/// What one connection has done.
#[derive(Clone, Debug, Default)]
pub struct ConnectionReport {
    /// Messages written.
    pub sent: u64,
    /// Messages acknowledged.
    pub acknowledged: u64,
    /// From write to PUBACK.
    pub latency: Histogram,
    /// The farthest that it was behind its schedule, in messages.
    pub most_behind: u64,
}

/// What the writing and the reading half share.
struct InFlight {
    /// When the packet with this id was written, in nanoseconds after the start; 0 for none.
    sent_at_ns: Vec<AtomicU64>,
    started: Instant,
    sent: AtomicU64,
    acknowledged: AtomicU64,
    latency: Mutex<Histogram>,
}

/// Connects.
///
/// # Errors
/// When the broker cannot be reached or refuses the account.
pub async fn connect(
    broker: &Broker,
    credentials: Option<&Credentials>,
    client_id: &str,
) -> Result<TcpStream, LoadError> {
    if broker.tls {
        return Err(LoadError::NoTls);
    }
    let mut stream = TcpStream::connect((broker.host.as_str(), broker.port)).await?;
    stream.set_nodelay(true)?;
    let mut connect = Connect::new(client_id);
    connect.keep_alive = KEEP_ALIVE_S;
    let mut user = String::new();
    if let Some(account) = credentials {
        connect.set_login(&account.user, &account.password);
        user.clone_from(&account.user);
    }
    let mut buffer = BytesMut::new();
    connect.write(&mut buffer)?;
    stream.write_all(&buffer).await?;
    buffer.clear();
    loop {
        if stream.read_buf(&mut buffer).await? == 0 {
            return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into());
        }
        match Packet::read(&mut buffer, PACKET_IDS) {
            Ok(Packet::ConnAck(answer)) if answer.code == ConnectReturnCode::Success => return Ok(stream),
            Ok(Packet::ConnAck(answer)) => return Err(LoadError::Refused { user, code: answer.code }),
            Ok(_) | Err(CodecError::InsufficientBytes(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Publishes at `rate` messages a second for `duration`, then waits for the last acknowledgements.
///
/// # Errors
/// When the connection breaks, or acknowledgements do not come.
pub async fn publish(
    stream: TcpStream,
    mut source: impl Source,
    rate: f64,
    duration: Duration,
) -> Result<ConnectionReport, LoadError> {
    let (reading, mut writing) = stream.into_split();
    let in_flight = std::sync::Arc::new(InFlight {
        sent_at_ns: (0..PACKET_IDS).map(|_| AtomicU64::new(0)).collect(),
        started: Instant::now(),
        sent: AtomicU64::new(0),
        acknowledged: AtomicU64::new(0),
        latency: Mutex::default(),
    });
    let reader = tokio::spawn(read_acknowledgements(reading, std::sync::Arc::clone(&in_flight)));
    let ended = write_on_schedule(&mut writing, &mut source, rate, duration, &in_flight).await;
    let deadline = Instant::now() + Duration::from_secs(30);
    let outstanding = || in_flight.sent.load(Ordering::Acquire) - in_flight.acknowledged.load(Ordering::Acquire);
    while ended.is_ok() && outstanding() > 0 && Instant::now() < deadline && !reader.is_finished() {
        tokio::time::sleep(TICK).await;
    }
    let left = outstanding();
    if reader.is_finished()
        && let Ok(read) = reader.await
    {
        read?;
    } else {
        let mut goodbye = BytesMut::new();
        Disconnect.write(&mut goodbye)?;
        writing.write_all(&goodbye).await?;
    }
    let most_behind = ended?;
    if left > 0 {
        return Err(LoadError::NotAcknowledged(left));
    }
    let latency = in_flight.latency.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(ConnectionReport {
        sent: in_flight.sent.load(Ordering::Acquire),
        acknowledged: in_flight.acknowledged.load(Ordering::Acquire),
        latency,
        most_behind,
    })
}

/// Writes what is due, tick by tick. Returns how far it was behind at most.
async fn write_on_schedule(
    writing: &mut OwnedWriteHalf,
    source: &mut impl Source,
    rate: f64,
    duration: Duration,
    in_flight: &InFlight,
) -> Result<u64, LoadError> {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut buffer = BytesMut::with_capacity(1 << 20);
    let mut payload = String::with_capacity(512);
    let mut publish = Publish::new("", QoS::AtLeastOnce, Vec::new());
    let mut sent = 0_u64;
    let mut most_behind = 0;
    let mut last_ping = Instant::now();
    loop {
        ticks.tick().await;
        let passed = in_flight.started.elapsed();
        let due = crate::numbers::count(passed.min(duration).as_secs_f64() * rate);
        let room = WINDOW.saturating_sub(sent - in_flight.acknowledged.load(Ordering::Acquire));
        let time_ms = chrono::Utc::now().timestamp_millis();
        for _ in 0..(due - sent).min(room) {
            publish.pkid = next_packet_id(publish.pkid);
            let topic = source.next(time_ms, &mut payload);
            publish.topic.clear();
            publish.topic.push_str(topic);
            publish.payload = Bytes::copy_from_slice(payload.as_bytes());
            publish.write(&mut buffer)?;
            in_flight.note_sent(publish.pkid);
            sent += 1;
        }
        if last_ping.elapsed() > Duration::from_secs(u64::from(KEEP_ALIVE_S) / 2) {
            PingReq.write(&mut buffer)?;
            last_ping = Instant::now();
        }
        in_flight.sent.store(sent, Ordering::Release);
        writing.write_all(&buffer).await?;
        buffer.clear();
        most_behind = most_behind.max(due - sent);
        if passed >= duration && sent >= due {
            return Ok(most_behind);
        }
    }
}

async fn read_acknowledgements(
    mut reading: OwnedReadHalf,
    in_flight: std::sync::Arc<InFlight>,
) -> Result<(), LoadError> {
    let mut buffer = BytesMut::with_capacity(1 << 16);
    loop {
        if reading.read_buf(&mut buffer).await? == 0 {
            return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into());
        }
        let now_ns = in_flight.now_ns();
        let mut acknowledged = 0;
        let mut latency = in_flight.latency.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match Packet::read(&mut buffer, 1 << 20) {
                Ok(Packet::PubAck(ack)) => {
                    if let Some(sent_at) = in_flight.sent_at_ns.get(usize::from(ack.pkid)) {
                        let sent_ns = sent_at.swap(0, Ordering::AcqRel);
                        if sent_ns > 0 {
                            latency.add(Duration::from_nanos(now_ns.saturating_sub(sent_ns)));
                            acknowledged += 1;
                        }
                    }
                }
                Ok(_) => {}
                Err(CodecError::InsufficientBytes(_)) => break,
                Err(error) => return Err(error.into()),
            }
        }
        drop(latency);
        in_flight.acknowledged.fetch_add(acknowledged, Ordering::AcqRel);
    }
}

impl InFlight {
    fn now_ns(&self) -> u64 {
        // 1 at least, since 0 means that nothing was sent.
        u64::try_from(self.started.elapsed().as_nanos()).unwrap_or(u64::MAX).max(1)
    }

    fn note_sent(&self, packet_id: u16) {
        if let Some(sent_at) = self.sent_at_ns.get(usize::from(packet_id)) {
            sent_at.store(self.now_ns(), Ordering::Release);
        }
    }
}

/// Packet ids go round from 1 to 65,535; 0 is none (MQTT 3.1.1 §2.3.1).
fn next_packet_id(id: u16) -> u16 {
    id.checked_add(1).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packet_ids_go_round_without_zero() {
        assert_eq!(next_packet_id(0), 1);
        assert_eq!(next_packet_id(u16::MAX), 1);
    }
}
