//! The world that fixes are judged by: vehicles, what they carry, zones, and the rules' settings.
//!
//! A [`World`] is immutable and has a version. A change builds a new one, which is swapped in whole, so that a fix is
//! judged by one consistent state of affairs and every finding can name it.

mod settings;
mod zone;

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Utc};

pub use self::{settings::RuleSettings, zone::KnownZone};
use crate::{
    domain::{
        Calendar, CargoPredicate, Driver, Episode, Exemption, ExemptionId, OperatorCode, OrganisationId, Place, Route,
        RouteId, Schedule, Shipment, Vehicle, VehicleCode, VehicleId, ZoneId, ZoneVersion,
    },
    geo::{Clearance, Path, PreparedLine, ZoneIndex},
    hazard::{Catalogue, LoadProfile},
};

/// One immutable, versioned state of affairs.
#[derive(Debug)]
pub struct World {
    version: i64,
    settings: RuleSettings,
    operators: HashMap<OperatorCode, Fleet>,
    vehicles: HashMap<VehicleId, KnownVehicle>,
    zones: Vec<KnownZone>,
    zones_by_id: HashMap<ZoneId, Vec<usize>>,
    index: ZoneIndex,
    unknown_cargo: LoadProfile,
    routes: HashMap<RouteId, KnownRoute>,
    calendars: HashMap<String, Calendar>,
    exemptions: Vec<Exemption>,
    drivers: HashMap<(OrganisationId, String), Driver>,
}

/// An operator and the codes of its vehicles.
#[derive(Debug, Default)]
struct Fleet {
    id: Option<OrganisationId>,
    vehicles: HashMap<VehicleCode, VehicleId>,
}

/// A vehicle with its shipments.
#[derive(Clone, Debug)]
pub struct KnownVehicle {
    /// The vehicle.
    pub vehicle: Vehicle,
    /// Its shipments that are or may still be judged, in the order in which they start.
    pub shipments: Vec<KnownShipment>,
}

/// A shipment with what its goods mean for the rules.
#[derive(Clone, Debug)]
pub struct KnownShipment {
    /// The shipment.
    pub shipment: Shipment,
    /// Hazards and restrictions of the whole load.
    pub profile: LoadProfile,
}

/// A route with its path made ready for questions.
#[derive(Clone, Debug)]
pub struct KnownRoute {
    /// The route.
    pub route: Route,
    /// Its path.
    pub line: Arc<PreparedLine>,
}

/// What a vehicle carries at some moment.
#[derive(Clone, Copy, Debug)]
pub enum Cargo<'a> {
    /// Nothing dangerous.
    None,
    /// A load that is declared, or, where [`LoadProfile::unknown`] says so, assumed to be the most restrictive.
    Load(&'a LoadProfile),
}

impl<'a> Cargo<'a> {
    /// The load, if there is one.
    #[must_use]
    pub fn load(self) -> Option<&'a LoadProfile> {
        match self {
            Self::None => None,
            Self::Load(profile) => Some(profile),
        }
    }

    /// Whether the predicate concerns this cargo.
    #[must_use]
    pub fn concerned_by(self, predicate: &CargoPredicate) -> bool {
        self.load().is_some_and(|profile| profile.is_taken_by(predicate))
    }

    /// Whether the cargo is assumed, not declared.
    #[must_use]
    pub fn is_unknown(self) -> bool {
        self.load().is_some_and(|profile| profile.unknown)
    }
}

/// What a world is built from.
#[derive(Debug, Default)]
pub struct WorldParts {
    /// Version of the whole.
    pub version: i64,
    /// Thresholds of the rules.
    pub settings: RuleSettings,
    /// Operators, also those without vehicles.
    pub operators: Vec<(OperatorCode, OrganisationId)>,
    /// Vehicles.
    pub vehicles: Vec<Vehicle>,
    /// Shipments.
    pub shipments: Vec<Shipment>,
    /// Zones; of one zone several versions may be given, valid one after the other.
    pub zones: Vec<KnownZone>,
    /// Routes, in their newest version.
    pub routes: Vec<KnownRoute>,
    /// Holiday calendars.
    pub calendars: Vec<Calendar>,
    /// Permits to do what a rule forbids.
    pub exemptions: Vec<Exemption>,
    /// Drivers.
    pub drivers: Vec<Driver>,
}

impl World {
    /// Builds the world, and with it the index of zones and the hazard profile of each load.
    #[must_use]
    pub fn build(parts: WorldParts, catalogue: &Catalogue) -> Self {
        let mut operators: HashMap<OperatorCode, Fleet> = HashMap::new();
        for (code, id) in parts.operators {
            operators.entry(code).or_default().id = Some(id);
        }
        let mut vehicles = HashMap::with_capacity(parts.vehicles.len());
        for vehicle in parts.vehicles {
            let fleet = operators.entry(vehicle.operator.clone()).or_default();
            fleet.id = Some(vehicle.operator_id);
            fleet.vehicles.insert(vehicle.code.clone(), vehicle.id);
            vehicles.insert(vehicle.id, KnownVehicle { vehicle, shipments: Vec::new() });
        }
        for shipment in parts.shipments {
            if let Some(known) = vehicles.get_mut(&shipment.vehicle_id) {
                let profile = LoadProfile::of(catalogue, &shipment.goods);
                known.shipments.push(KnownShipment { shipment, profile });
            }
        }
        for known in vehicles.values_mut() {
            known.shipments.sort_by_key(|known| (known.shipment.starts_at, known.shipment.id));
        }
        let zones = parts.zones;
        let mut zones_by_id: HashMap<ZoneId, Vec<usize>> = HashMap::new();
        for (at, known) in zones.iter().enumerate() {
            zones_by_id.entry(known.zone.id).or_default().push(at);
        }
        let index = ZoneIndex::new(zones.iter().map(|known| known.area.clone()).collect());
        Self {
            version: parts.version,
            settings: parts.settings,
            operators,
            vehicles,
            zones,
            zones_by_id,
            index,
            unknown_cargo: LoadProfile::unknown(),
            routes: parts.routes.into_iter().map(|known| (known.route.id, known)).collect(),
            calendars: parts.calendars.into_iter().map(|calendar| (calendar.code.clone(), calendar)).collect(),
            exemptions: parts.exemptions,
            drivers: parts
                .drivers
                .into_iter()
                .map(|driver| ((driver.operator_id, driver.code.clone()), driver))
                .collect(),
        }
    }

    /// The version that findings name.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.version
    }

    /// The rules' thresholds.
    #[must_use]
    pub fn settings(&self) -> &RuleSettings {
        &self.settings
    }

    /// The operator with this code, whether it has vehicles or not.
    #[must_use]
    pub fn operator(&self, code: &OperatorCode) -> Option<OrganisationId> {
        self.operators.get(code)?.id
    }

    /// The vehicle that a topic names.
    #[must_use]
    pub fn vehicle_by_code(&self, operator: &OperatorCode, vehicle: &VehicleCode) -> Option<&KnownVehicle> {
        self.vehicles.get(self.operators.get(operator)?.vehicles.get(vehicle)?)
    }

    /// The vehicle with this id.
    #[must_use]
    pub fn vehicle(&self, id: VehicleId) -> Option<&KnownVehicle> {
        self.vehicles.get(&id)
    }

    /// Every vehicle, in no order.
    pub fn vehicles(&self) -> impl Iterator<Item = &KnownVehicle> {
        self.vehicles.values()
    }

    /// How many vehicles are known.
    #[must_use]
    pub fn vehicle_count(&self) -> usize {
        self.vehicles.len()
    }

    /// How many zone versions are known.
    #[must_use]
    pub fn zone_count(&self) -> usize {
        self.zones.len()
    }

    /// What the vehicle carries at `time`. A dangerous-goods vehicle without a shipment counts as carrying the most
    /// restrictive cargo.
    #[must_use]
    pub fn cargo<'a>(&'a self, known: &'a KnownVehicle, time: DateTime<Utc>) -> Cargo<'a> {
        match known.shipment_at(time) {
            Some(known) => Cargo::Load(&known.profile),
            None if known.vehicle.dangerous_goods => Cargo::Load(&self.unknown_cargo),
            None => Cargo::None,
        }
    }

    /// Calls `each` with every zone whose bounds come within `margin_m` metres of the path's: all that it can meet, and
    /// others.
    pub fn zones_near<'a>(&'a self, path: &Path, margin_m: f64, mut each: impl FnMut(&'a KnownZone)) {
        self.index.candidates(path, margin_m, |at, _| {
            if let Some(known) = self.zones.get(at) {
                each(known);
            }
        });
    }

    /// A route, in its newest version.
    #[must_use]
    pub fn route(&self, id: RouteId) -> Option<&KnownRoute> {
        self.routes.get(&id)
    }

    /// The approved route of a shipment.
    #[must_use]
    pub fn route_of(&self, shipment: Option<&KnownShipment>) -> Option<&KnownRoute> {
        self.routes.get(&shipment?.shipment.route_id?)
    }

    /// The calendar that a schedule names.
    #[must_use]
    pub fn calendar_of(&self, schedule: &Schedule) -> Option<&Calendar> {
        self.calendars.get(schedule.calendar.as_deref()?)
    }

    /// A driver of an operator.
    #[must_use]
    pub fn driver(&self, operator: OrganisationId, code: &str) -> Option<&Driver> {
        self.drivers.get(&(operator, code.to_owned()))
    }

    /// The first permit that covers the episode of the vehicle at `time`.
    #[must_use]
    pub fn exemption_of(
        &self,
        known: &KnownVehicle,
        escort: bool,
        episode: &Episode,
        time: DateTime<Utc>,
    ) -> Option<ExemptionId> {
        let covers = |exemption: &&Exemption| {
            let schedule = exemption.schedule.as_ref();
            exemption.covers(&known.vehicle, episode, time)
                && (escort || !exemption.escort_required)
                && schedule.is_none_or(|schedule| self.is_on(schedule, time))
        };
        self.exemptions.iter().find(covers).map(|exemption| exemption.id)
    }

    /// How far a vehicle may go from here before it can meet the boundary of any zone, in force or not; at most `cap_m`
    /// metres. [`Clearance`] says what it saves.
    #[must_use]
    pub fn clearance(&self, place: Place, cap_m: f64) -> Clearance {
        self.index.clearance(place, cap_m)
    }

    /// A zone in this version, whether it is in force or not.
    #[must_use]
    pub fn zone_version(&self, id: ZoneId, version: ZoneVersion) -> Option<&KnownZone> {
        let versions = self.zones_by_id.get(&id)?;
        versions.iter().filter_map(|at| self.zones.get(*at)).find(|known| known.zone.version == version)
    }

    /// The version of the zone that is in force at `time`.
    #[must_use]
    pub fn zone_in_force(&self, id: ZoneId, time: DateTime<Utc>) -> Option<&KnownZone> {
        let versions = self.zones_by_id.get(&id)?;
        versions.iter().filter_map(|at| self.zones.get(*at)).find(|known| known.zone.in_force(time))
    }
}

impl From<Route> for KnownRoute {
    /// Makes the route's path ready for questions.
    fn from(route: Route) -> Self {
        Self { line: Arc::new(PreparedLine::new(&route.path)), route }
    }
}

impl KnownVehicle {
    /// The shipment on board at `time`; of several, the one that started last.
    #[must_use]
    pub fn shipment_at(&self, time: DateTime<Utc>) -> Option<&KnownShipment> {
        self.shipments
            .iter()
            .rev()
            .find(|known| known.shipment.starts_at <= time && known.shipment.ends_at.is_none_or(|end| time < end))
    }
}
