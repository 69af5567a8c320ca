//! The rules, a file each.
//!
//! A rule is a small pure function or state machine over one vehicle. It is given what happened ([`Step`]) and writes
//! what it finds into the vehicle's [`EpisodeBook`]. Rules about being in an area share one tracker of presence, which
//! is the engine's; they only say whom a zone concerns and how grave it is.

pub mod area;
pub mod book;
pub mod device_alarm;
pub mod motion_rollover;
pub mod pack;
pub mod parameters;
pub mod signal_lost;
pub mod sos;
pub mod speed_limit;
pub mod tunnel_code;
pub mod zone_prohibited;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use self::book::{Change, EpisodeBook, EpisodeChange};
use crate::{
    domain::{Fix, FixKey, Place},
    world::{Cargo, KnownVehicle, World},
};

/// What is remembered of the newest judged fix.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LastFix {
    /// Identity and order.
    pub key: FixKey,
    /// Where.
    pub place: Place,
    /// Ground speed in km/h.
    pub speed_kmh: Option<f64>,
    /// Radius of uncertainty in metres.
    pub accuracy_m: Option<f64>,
}

impl LastFix {
    /// What is remembered of `fix`.
    #[must_use]
    pub fn of(fix: &Fix) -> Self {
        Self { key: fix.key, place: fix.place, speed_kmh: fix.speed_kmh, accuracy_m: fix.accuracy_m }
    }
}

/// One fix as the rules see it: itself, the one before, and what is known of the vehicle at its time.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// The world it is judged by.
    pub world: &'a World,
    /// The vehicle.
    pub vehicle: &'a KnownVehicle,
    /// What it carries at the time of the fix.
    pub cargo: Cargo<'a>,
    /// The judged fix before it.
    pub previous: Option<LastFix>,
    /// The fix.
    pub fix: &'a Fix,
    /// Whether the fix before is so old, or so far, that what happened in between is only possible.
    pub gap: bool,
}

impl Step<'_> {
    /// The time of the fix.
    #[must_use]
    pub fn time(&self) -> DateTime<Utc> {
        self.fix.key.time
    }
}

/// Seconds from `earlier` to `later`; negative when they are the other way round.
#[must_use]
pub fn seconds_between(earlier: DateTime<Utc>, later: DateTime<Utc>) -> f64 {
    (later - earlier).as_seconds_f64()
}

/// The moment `seconds` after `time`, to the microsecond.
#[must_use]
pub fn seconds_after(time: DateTime<Utc>, seconds: f64) -> DateTime<Utc> {
    // A float cast saturates, and so does the addition: an absurd setting means "never", not a panic.
    #[allow(clippy::cast_possible_truncation)]
    let micros = (seconds * 1e6).round() as i64;
    time.checked_add_signed(chrono::TimeDelta::microseconds(micros)).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
