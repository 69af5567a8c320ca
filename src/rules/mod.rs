//! The rules, a file each.
//!
//! A rule is a small pure function or state machine over one vehicle. It is given what happened ([`Step`]) and its
//! parameters from the rule pack in force ([`pack::Rule`]), and writes what it finds into the vehicle's [`EpisodeBook`].
//! Rules about being in an area share one tracker of presence, which is the engine's; they only say whom a zone concerns.

pub mod alarms;
pub mod area;
pub mod book;
pub mod cargo_fire;
pub mod cargo_leak;
pub mod cargo_pressure;
pub mod cargo_temperature;
pub mod cargo_valve_open;
pub mod crew_missing;
pub mod custom;
pub mod doc_expiry;
pub mod doc_mismatch;
pub mod doc_no_waybill;
pub mod drive_continuous;
pub mod drive_daily;
pub mod driving;
pub mod gnss_implausible;
pub mod gnss_jamming;
pub mod motion_crash;
pub mod motion_rollover;
pub mod on_route;
pub mod pack;
pub mod parameters;
pub mod realm;
pub mod route_deviation;
pub mod route_section_time;
pub mod scene;
pub mod schedule_window;
pub mod separation;
pub mod shown;
pub mod signal_lost;
pub mod signal_offline_displacement;
pub mod site;
pub mod sos;
pub mod speed_limit;
pub mod stop_unattended;
pub mod stop_unauthorised;
pub mod tamper;
pub mod tunnel_code;
pub mod warned;
pub mod zone_restricted;

mod list;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use self::{
    area::{EdgeCrossing, ZonePresence},
    book::{Change, EpisodeBook, EpisodeChange, Sighting, Warning},
    list::*,
    realm::Realm,
    scene::Scene,
};
use crate::{
    domain::{Fix, FixKey, Place},
    geo::Path,
};

/// What is remembered of the newest judged fix.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LastFix {
    /// Identity and order.
    pub key: FixKey,
    /// Where.
    pub place: Place,
    /// Ground speed in km/h.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speed_kmh: Option<f64>,
    /// Course over ground in degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading_deg: Option<f64>,
    /// Radius of uncertainty in metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
    /// Distance covered in the vehicle's life, in km.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub odometer_km: Option<f64>,
}

impl LastFix {
    /// What is remembered of `fix`.
    #[must_use]
    pub fn of(fix: &Fix) -> Self {
        Self {
            key: fix.key,
            place: fix.place,
            speed_kmh: fix.speed_kmh,
            heading_deg: fix.heading_deg,
            accuracy_m: fix.accuracy_m,
            odometer_km: fix.odometer_km,
        }
    }
}

/// What the zones that a vehicle is in after a fix mean for rules that are not about zones.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ground {
    /// The lowest speed limit of the zones, in km/h.
    pub limit_kmh: Option<f64>,
    /// Whether it is in the bore of a tunnel.
    pub in_tunnel: bool,
    /// Whether it is where vehicles may stop.
    pub in_stop_place: bool,
    /// Whether that place is supervised.
    pub is_supervised: bool,
    /// Whether it is where cargo is unloaded.
    pub in_unloading_place: bool,
}

/// How a vehicle moves, as far as several rules need it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Motion {
    /// Since when and where it has stood still; `None` while it moves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<(DateTime<Utc>, Place)>,
    /// Whether the last fix found it moving.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub moving: bool,
}

/// One fix as the rules see it: itself, the one before, and what is known of the vehicle at its time.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// The world, the vehicle, its cargo and rules at the time of the fix.
    pub scene: Scene<'a>,
    /// The judged fix before it.
    pub previous: Option<LastFix>,
    /// The fix.
    pub fix: &'a Fix,
    /// Where the vehicle is believed to be: at the fix, or, where the fix cannot be, at the one before.
    pub place: Option<Place>,
    /// Whether the fix before is so old, or so far, that what happened in between is only possible.
    pub gap: bool,
    /// Metres from the judged fix before it.
    pub moved_m: f64,
    /// What the zones that it is in mean.
    pub ground: Ground,
    /// How it moves, with this fix.
    pub motion: Motion,
    /// Where it stands towards the zones that it is in or at the edge of.
    pub presences: &'a [ZonePresence],
    /// Where on the way to this fix it came into restricted zones and out of them, in order.
    pub crossings: &'a [EdgeCrossing],
}

impl Step<'_> {
    /// The time of the fix.
    #[must_use]
    pub fn time(&self) -> DateTime<Utc> {
        self.fix.key.time
    }

    /// Seconds since the judged fix before it.
    #[must_use]
    pub fn elapsed_s(&self) -> Option<f64> {
        self.previous.map(|previous| seconds_between(previous.key.time, self.time()))
    }

    /// Where it was at a moment since the judged fix before it, if its way was straight and even.
    #[must_use]
    pub fn place_at(&self, at: DateTime<Utc>) -> Place {
        let Some(previous) = self.previous else { return self.fix.place };
        let span_s = seconds_between(previous.key.time, self.time());
        if span_s <= 0.0 {
            return self.fix.place;
        }
        Path::new(previous.place, self.fix.place).place_at(seconds_between(previous.key.time, at) / span_s)
    }

    /// The moment at a share of the time since the judged fix before it, and where it was then. At 0 that is the fix before, at
    /// 1 this one.
    #[must_use]
    pub fn point_at(&self, share: f64) -> (DateTime<Utc>, Place) {
        let Some(previous) = self.previous else { return (self.time(), self.fix.place) };
        let at = seconds_after(previous.key.time, share * seconds_between(previous.key.time, self.time()));
        (at, Path::new(previous.place, self.fix.place).place_at(share))
    }

    /// When and where a condition of the place, which held at the fix before and does not at this one, or the other way round,
    /// changed on the straight way between them, to the metre.
    #[must_use]
    pub fn changed_at(&self, holds_at: impl Fn(Place) -> bool) -> (DateTime<Utc>, Place) {
        let at_end = holds_at(self.fix.place);
        let (mut before, mut after) = (0.0, 1.0);
        while (after - before) * self.moved_m > 1.0 {
            let middle = (before + after) / 2.0;
            if holds_at(self.point_at(middle).1) == at_end {
                after = middle;
            } else {
                before = middle;
            }
        }
        self.point_at(after)
    }

    /// When the shipment on board changed, if that was since the judged fix before it; else now.
    #[must_use]
    pub fn shipment_changed_at(&self) -> DateTime<Utc> {
        let now = self.time();
        let Some(previous) = self.previous else { return now };
        let shipments = self.scene.vehicle.shipments.iter().map(|known| &known.shipment);
        let changes = shipments.flat_map(|shipment| shipment.ends_at.into_iter().chain([shipment.starts_at]));
        changes.filter(|at| *at > previous.key.time && *at <= now).min().unwrap_or(now)
    }

    /// When and where something ended that this fix shows to be over: here, or, when nothing is known of the time since the fix
    /// before, there.
    #[must_use]
    pub fn end(&self) -> (DateTime<Utc>, Place) {
        match self.previous.filter(|_| self.gap) {
            Some(previous) => (previous.key.time, previous.place),
            None => (self.time(), self.fix.place),
        }
    }

    /// A sighting of the vehicle as a whole by this fix.
    #[must_use]
    pub fn sighting(&self) -> Sighting {
        Sighting::of_vehicle(self.time(), self.place)
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
