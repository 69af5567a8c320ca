//! Other vehicles inside a zone, or heading into one.
//!
//! Roads bend, so a vehicle is taken to go on in any direction within 45° of its heading, at its speed. What it did since it
//! was last seen is taken likewise. A vehicle whose speed nobody knows is taken to go as fast as its limiter allows.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::{PreparedZone, Surroundings, ZoneHit, nearest_of_boundary};
use crate::{
    domain::Place,
    geo::{Path, bearing_deg, destination, geodesic_m, turn_deg},
};

/// A heading may be off by so much, as roads bend (our own choice).
const BEND_DEG: f64 = 45.0;
/// The speed to which limiters of lorries are set in the European Union, in km/h (Directive 92/6/EEC, article 3).
const LIMITER_KMH: f64 = 90.0;
/// A vehicle slower than this stands, in km/h (our own choice): receivers at rest show that much.
const STANDS_BELOW_KMH: f64 = 3.0;
/// No vehicle is looked at farther ahead than so many metres.
const FARTHEST_M: f64 = 500_000.0;

/// Another vehicle.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OtherVehicle<K> {
    /// Which one.
    pub key: K,
    /// Where it was last seen.
    pub place: Place,
    /// When.
    pub seen_at: DateTime<Utc>,
    /// Its speed then, in km/h, where known.
    pub speed_kmh: Option<f64>,
    /// Its heading then, degrees clockwise from north, where known.
    pub heading_deg: Option<f64>,
    /// Whether it carries dangerous goods, or may.
    pub dangerous_goods: bool,
}

/// What endangers a vehicle.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "danger", rename_all = "snake_case")]
pub enum Danger {
    /// It was inside zones when it was last seen.
    Inside {
        /// The zones.
        zones: Vec<ZoneHit>,
    },
    /// It may come into a zone.
    HeadingIn {
        /// The zone that it may come into first.
        zone: ZoneHit,
        /// In so many minutes, at the earliest; 0 where it may be in by now.
        minutes: f64,
    },
}

/// A vehicle that is endangered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EndangeredVehicle<'a, K> {
    /// The vehicle.
    #[serde(flatten)]
    pub vehicle: &'a OtherVehicle<K>,
    /// What endangers it.
    #[serde(flatten)]
    pub danger: Danger,
    /// Distance from the accident in metres.
    pub distance_m: f64,
    /// Bearing from the accident, degrees clockwise from north.
    pub bearing_deg: Option<f64>,
}

impl Surroundings<'_> {
    /// The vehicles inside a zone in force, or that may come into one within a time from now: those inside first, the
    /// nearest first, then by when they may be in.
    #[must_use]
    pub fn vehicles<'v, K>(
        &self,
        vehicles: &'v [OtherVehicle<K>],
        now: DateTime<Utc>,
        within: TimeDelta,
    ) -> Vec<EndangeredVehicle<'v, K>> {
        let endangered = vehicles.iter().filter_map(|vehicle| {
            let danger = self.danger(vehicle, now, within)?;
            let (distance_m, bearing_deg) = self.way_to(vehicle.place);
            Some(EndangeredVehicle { vehicle, danger, distance_m, bearing_deg })
        });
        let mut endangered: Vec<EndangeredVehicle<'v, K>> = endangered.collect();
        let minutes = |danger: &Danger| match danger {
            Danger::Inside { .. } => -1.0,
            Danger::HeadingIn { minutes, .. } => *minutes,
        };
        endangered.sort_by(|one, other| {
            let by_time = minutes(&one.danger).total_cmp(&minutes(&other.danger));
            by_time.then(one.distance_m.total_cmp(&other.distance_m))
        });
        endangered
    }

    fn danger<K>(&self, vehicle: &OtherVehicle<K>, now: DateTime<Utc>, within: TimeDelta) -> Option<Danger> {
        if self.is_in_force_at(vehicle.place) {
            return Some(Danger::Inside { zones: self.zones_at(vehicle.place) });
        }
        let speed_kmh = vehicle.speed_kmh.unwrap_or(LIMITER_KMH);
        if speed_kmh < STANDS_BELOW_KMH {
            return None;
        }
        let age = (now - vehicle.seen_at).max(TimeDelta::zero());
        let m_per_minute = speed_kmh * 1000.0 / 60.0;
        let minutes_since = age.as_seconds_f64() / 60.0;
        let ahead_m = (m_per_minute * (minutes_since + within.as_seconds_f64() / 60.0)).min(FARTHEST_M);
        let zones = self.zones.iter().filter(|zone| zone.in_force);
        let entries = zones.filter_map(|zone| Some((zone, zone.entry_m(vehicle.place, vehicle.heading_deg, ahead_m)?)));
        let (zone, metres) = entries.min_by(|(_, one), (_, other)| one.total_cmp(other))?;
        let minutes = (metres / m_per_minute - minutes_since).max(0.0);
        Some(Danger::HeadingIn { zone: zone.hit(), minutes })
    }
}

impl PreparedZone<'_> {
    /// How far somebody outside has to go at least to come in, in metres, if that is within reach on a heading; without one
    /// on any.
    fn entry_m(&self, from: Place, heading_deg: Option<f64>, ahead_m: f64) -> Option<f64> {
        // The quick look leaves out most vehicles. It may be wrong by less than this.
        self.prepared.boundary_nearer_than_m(from, ahead_m * 1.01 + 1.0)?;
        let nearest = nearest_of_boundary(self.area, from)?;
        let distance_m = geodesic_m(from, nearest);
        if distance_m > ahead_m {
            return None;
        }
        let Some(heading_deg) = heading_deg else { return Some(distance_m) };
        if turn_deg(bearing_deg(from, nearest), heading_deg) <= BEND_DEG {
            return Some(distance_m);
        }
        // The nearest point lies aside; the zone may still reach into the way ahead.
        let entry_on = |bend_deg: f64| {
            let end = destination(from, heading_deg + bend_deg, ahead_m)?;
            let way = Path::new(from, end);
            let first = self.prepared.crossings(&way).first().copied()?;
            Some(geodesic_m(from, way.place_at(first)))
        };
        [-BEND_DEG, 0.0, BEND_DEG].into_iter().filter_map(entry_on).min_by(f64::total_cmp)
    }
}
