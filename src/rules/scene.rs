//! The scene that something is judged in: the world, the vehicle, and what holds for it at that moment.

use chrono::{DateTime, Utc};

use super::{
    book::Sighting,
    pack::{RuleSet, SeverityFacts},
    realm::Realm,
};
use crate::{
    domain::{Episode, ExemptionId, Place, Site},
    geo::quick_m,
    world::{Cargo, KnownShipment, KnownVehicle, World},
};

/// What holds for one vehicle at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The world it is judged by.
    pub world: &'a World,
    /// The vehicle.
    pub vehicle: &'a KnownVehicle,
    /// The moment.
    pub time: DateTime<Utc>,
    /// Its shipment then.
    pub shipment: Option<&'a KnownShipment>,
    /// What it carries then.
    pub cargo: Cargo<'a>,
    /// The rules that bind it then.
    pub rules: &'a RuleSet,
    /// Who drives, as far as is known.
    pub driver: Option<&'a str>,
    /// The attendant on board, as far as is known.
    pub escort: Option<&'a str>,
}

impl<'a> Scene<'a> {
    /// The scene of `vehicle` at `time`. Where the device does not say who drives, the shipment may.
    #[must_use]
    pub fn at(
        realm: &'a Realm,
        vehicle: &'a KnownVehicle,
        time: DateTime<Utc>,
        (driver, escort): (Option<&'a str>, Option<&'a str>),
    ) -> Self {
        let shipment = vehicle.shipment_at(time);
        let filed = || shipment.and_then(|known| known.shipment.driver.as_deref());
        Self {
            world: realm,
            vehicle,
            time,
            shipment,
            cargo: realm.cargo(vehicle, time),
            rules: realm.rules(vehicle, time),
            driver: driver.or_else(filed),
            escort,
        }
    }

    /// Whether `place` is where the goods are loaded: those on board, or, where there are none, the last that were. Papers may be
    /// signed before the hoses are off.
    #[must_use]
    pub fn is_origin(&self, place: Option<Place>) -> bool {
        self.last_shipment().is_some_and(|known| is_at(known.shipment.origin, place))
    }

    /// Whether `place` is where the goods are unloaded: those on board, or, where there are none, the last that were.
    #[must_use]
    pub fn is_destination(&self, place: Option<Place>) -> bool {
        self.last_shipment().is_some_and(|known| is_at(known.shipment.destination, place))
    }

    /// Whether `place` is where the goods are loaded or unloaded.
    #[must_use]
    pub fn is_site(&self, place: Option<Place>) -> bool {
        self.is_origin(place) || self.is_destination(place)
    }

    fn last_shipment(&self) -> Option<&'a KnownShipment> {
        let started = |known: &&KnownShipment| known.shipment.starts_at <= self.time;
        self.shipment.or_else(|| self.vehicle.shipments.iter().rev().find(started))
    }

    /// The exemption that covers the episode at this moment.
    #[must_use]
    pub fn exemption_of(&self, episode: &Episode) -> Option<ExemptionId> {
        self.world.exemption_of(self.vehicle, self.escort.is_some(), episode, self.time)
    }

    /// What the severity expressions of rule packs may ask.
    pub(super) fn severity_facts<'f>(&self, sighting: &'f Sighting) -> SeverityFacts<'f>
    where
        'a: 'f,
    {
        SeverityFacts {
            value: sighting.value,
            limit: sighting.limit,
            load: self.cargo.load(),
            police_approved: self.world.route_of(self.shipment).is_some_and(|known| known.route.police_approved),
            subject: &sighting.subject,
            situation: sighting.situation,
        }
    }
}

fn is_at(site: Option<Site>, place: Option<Place>) -> bool {
    let Some((site, place)) = site.zip(place) else { return false };
    Place::new(site.lat, site.lon).is_ok_and(|middle| quick_m(middle, place) <= site.radius_m)
}
