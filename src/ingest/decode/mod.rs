//! Decoders: from a device's payload to fixes and events. Each is one small file with the same trait.

pub mod fields;
pub mod json;
pub mod jt808;
pub mod owntracks;
pub mod placard;
pub mod traccar;

use chrono::{DateTime, Utc};

use super::{
    reject::{Reason, Reject},
    topic::{MessageKind, Topic},
};
use crate::{
    config::IngestConfig,
    domain::{DeviceEvent, Fix},
};

/// What one message said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decoded {
    /// Fixes, in the order of the payload.
    pub fixes: Vec<Fix>,
    /// Device events.
    pub events: Vec<DeviceEvent>,
    /// Parts that cannot be used, by their index in the payload.
    pub rejects: Vec<(usize, Reject)>,
    /// Sequence numbers of the parts that cannot be used, as far as they can be read.
    pub refused_seqs: Vec<i64>,
    /// Whether the device asks to be told what was stored.
    pub wants_ack: bool,
}

/// Limits that a decoder keeps to.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// When the message came.
    pub received_at: DateTime<Utc>,
    /// Earliest time that is taken.
    pub earliest: DateTime<Utc>,
    /// Latest time that is taken.
    pub latest: DateTime<Utc>,
    /// Most fixes in one message.
    pub fixes: usize,
}

impl Limits {
    /// The limits for a message that came at `received_at`.
    #[must_use]
    pub fn at(received_at: DateTime<Utc>, config: &IngestConfig) -> Self {
        Self {
            received_at,
            earliest: received_at - chrono::TimeDelta::days(config.oldest_fix_days.into()),
            latest: received_at + chrono::TimeDelta::seconds(config.clock_ahead_s.into()),
            fixes: config.backlog_fixes,
        }
    }

    /// The time of `what`, if it lies within these limits.
    ///
    /// # Errors
    /// When it is too old, or in the future.
    pub fn check(&self, what: &str, time: DateTime<Utc>) -> Result<DateTime<Utc>, Reject> {
        if time < self.earliest {
            let detail = format!("{what} is {time}; nothing before {} is taken", self.earliest);
            return Err(Reject::new(Reason::TooOld, detail));
        }
        if time > self.latest {
            let detail = format!("{what} is {time}, ahead of the server's {}", self.received_at);
            return Err(Reject::new(Reason::InTheFuture, detail));
        }
        Ok(time)
    }
}

/// Turns payloads of one kind of device into fixes and events.
pub trait Decoder: Send + Sync {
    /// Decodes one payload. A part that cannot be used is among the rejects; the rest is used.
    ///
    /// # Errors
    /// When nothing of the payload can be used.
    fn decode(&self, topic: &Topic, payload: &[u8], limits: &Limits) -> Result<Decoded, Reject>;
}

/// The decoder of what comes under topics of this kind.
#[must_use]
pub fn decoder_for(kind: MessageKind) -> &'static dyn Decoder {
    match kind {
        MessageKind::Position | MessageKind::Event => &placard::PlacardDecoder,
        MessageKind::Owntracks => &owntracks::OwntracksDecoder,
        MessageKind::Traccar => &traccar::TraccarDecoder,
        MessageKind::Jt808 => &jt808::Jt808Decoder,
    }
}
