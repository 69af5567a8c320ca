//! A piece of empty country for one play, with straight roads drawn by hand.
//!
//! Each play has a plot of its own, tens of kilometres from the next, so that no play can disturb another. Places are
//! given in metres east and north of the plot's middle.

use crate::{
    geometry::Place,
    goods::{EXPLOSIVE, FLEET, Goods, PETROL},
    life::{DeviceLife, Equipment, Life, Motion, Ramps, Span, Vehicle},
    network::route::Path,
    set::Set,
    vehicle::trip::{Performance, Trip},
    world::{Area, Kind, Line, Mode, Moment, Shipment, VehicleFacts, Zone},
};

/// The first plot's middle; the next lie to the east of it, and then further north.
const FIRST: Place = Place::new(52.4, 8.0);
/// Plots in a row.
const A_ROW: usize = 8;
/// A vehicle of a play lives so many seconds before its first move …
const PRELUDE_S: f64 = 300.0;
/// … and so many beyond its last. Neither is long enough for a stop that would count.
const AFTERMATH_S: f64 = 400.0;

/// A play's plot, and what stands on it.
pub struct Ground<'a> {
    set: &'a mut Set,
    key: &'static str,
    seed: u64,
    middle: Place,
    vehicles: usize,
}

impl<'a> Ground<'a> {
    /// The plot with this number.
    pub(super) fn new(set: &'a mut Set, key: &'static str, number: usize, seed: u64) -> Self {
        let (row, column) = (number / A_ROW, number % A_ROW);
        let middle = Place::new(FIRST.lat + 0.3 * row as f64, FIRST.lon + 0.5 * column as f64);
        Self { set, key, seed, middle, vehicles: 0 }
    }

    /// The same plot somewhere else on earth.
    pub fn moved_to(&mut self, middle: Place) {
        self.middle = middle;
    }

    /// A place by metres east and north of the middle.
    #[must_use]
    pub fn at(&self, east_m: f64, north_m: f64) -> Place {
        self.middle.moved(east_m, north_m)
    }

    /// A rectangle by its sides, in metres east and north.
    #[must_use]
    pub fn rectangle(&self, east_m: (f64, f64), north_m: (f64, f64)) -> Area {
        Area::rectangle(self.middle, east_m, north_m)
    }

    /// A road along these places, with one limit.
    #[must_use]
    pub fn road(&self, places: &[(f64, f64)], limit_kmh: f64) -> Path {
        let line: Vec<Place> = places.iter().map(|(east_m, north_m)| self.at(*east_m, *north_m)).collect();
        Path::along(&line, limit_kmh)
    }

    /// Drives along a road, at its limit.
    #[must_use]
    pub fn drive(&self, places: &[(f64, f64)], speed_kmh: f64) -> Trip {
        drive(self.road(places, speed_kmh))
    }

    /// The name of a zone or another thing of this play.
    #[must_use]
    pub fn name(&self, of: &str) -> String {
        format!("{} ({})", of, self.key)
    }

    /// When second 0 is.
    #[must_use]
    pub fn moment(&self) -> Moment {
        self.set.world.moment
    }

    /// Puts up a zone.
    pub fn zone(&mut self, name: &str, kind: Kind, area: Area) {
        let zone = Zone::new(self.name(name), kind, area);
        self.set.world.zones.push(zone);
    }

    /// Puts up a zone that was made ready; its name becomes one of this play.
    pub fn put(&mut self, mut zone: Zone) {
        zone.name = self.name(&zone.name);
        self.set.world.zones.push(zone);
    }

    /// The set that the play is part of.
    pub fn set(&mut self) -> &mut Set {
        self.set
    }

    /// A tanker with petrol that moves like that, with its papers in order. What is different about it is for the play
    /// to say.
    #[must_use]
    pub fn tanker(&mut self, motion: Motion) -> Vehicle {
        self.vehicles += 1;
        let code = format!("{}-{}", self.key.replace('_', "-"), self.vehicles);
        let departs_s = motion.trips().first().map_or(0.0, |(at_s, _)| *at_s);
        let whole = Span::new((departs_s - PRELUDE_S).max(0.0), motion.ends_s() + AFTERMATH_S);
        let driver = format!("D-{code}");
        let shipment = Shipment {
            waybill: format!("W-{code}"),
            lines: vec![Line::full(PETROL)],
            starts_s: whole.from_s - 3_600.0,
            ends_s: whole.to_s + 3_600.0,
            ..Shipment::default()
        };
        let seed = self.seed.wrapping_mul(31).wrapping_add(number(&code));
        Vehicle {
            staged_by: self.key,
            facts: VehicleFacts { speed_limit_kmh: Some(80.0), ..VehicleFacts::default() },
            shipments: vec![shipment],
            life: Life::quiet(whole, motion, &driver),
            device: DeviceLife::new(seed),
            code,
        }
    }

    /// Puts up a round place where stopping is allowed.
    pub fn stop_place(&mut self, name: &str, (east_m, north_m): (f64, f64), supervised: bool) {
        let area = Area::circle(self.at(east_m, north_m), 150.0);
        self.zone(name, Kind::StopPlace { supervised }, area);
    }

    /// A tanker that drives 10 km to the east, past the plot's middle `north_m` north of it, from second `at_s` on.
    #[must_use]
    pub fn passing(&mut self, north_m: f64, at_s: f64, speed_kmh: f64) -> Vehicle {
        let trip = self.drive(&[(-5_000.0, north_m), (5_000.0, north_m)], speed_kmh);
        self.tanker(one_trip(at_s, trip))
    }

    /// So many laps of a square of 10 km, back to the plot's middle.
    #[must_use]
    pub fn laps(&self, count: usize, speed_kmh: f64) -> Trip {
        let lap = [(0.0, 0.0), (10_000.0, 0.0), (10_000.0, 10_000.0), (0.0, 10_000.0)];
        let mut places: Vec<(f64, f64)> = lap.iter().copied().cycle().take(4 * count).collect();
        places.push((0.0, 0.0));
        self.drive(&places, speed_kmh)
    }

    /// Lets a vehicle appear.
    pub fn enter(&mut self, vehicle: Vehicle) {
        self.set.vehicles.push(vehicle);
    }
}

/// Drives along a path at its limits, however high.
#[must_use]
pub fn drive(path: Path) -> Trip {
    let performance = Performance { top_speed_kmh: 200.0, reserve_kmh: 0.0, ..Performance::TANKER };
    Trip::plan(path, performance)
}

/// One trip from second `at_s` on.
#[must_use]
pub fn one_trip(at_s: f64, trip: Trip) -> Motion {
    let mut motion = Motion::default();
    motion.depart(at_s, trip);
    motion
}

/// The goods of the fleet with this UN number; petrol, if there are none.
#[must_use]
pub fn goods(un_number: &str) -> Goods {
    FLEET.iter().find(|goods| goods.un_number == un_number).cloned().unwrap_or(PETROL)
}

/// Gives a vehicle another load.
pub fn load(vehicle: &mut Vehicle, line: &Line) {
    for shipment in &mut vehicle.shipments {
        shipment.lines = vec![line.clone()];
    }
    let gauges = line.goods.tank.is_some();
    vehicle.device.equipment.gauges = gauges;
    if let Some((pressure_kpa, temperature_c)) = line.goods.tank {
        vehicle.life.pressure_kpa = Ramps::always(pressure_kpa);
        vehicle.life.temperature_c = Ramps::always(temperature_c);
    }
    if line.mode == Mode::Packages {
        vehicle.device.equipment = Equipment { tank: false, gauges: false, door: true };
    }
}

/// Explosives, 6 t, in packages.
#[must_use]
pub fn explosives() -> Line {
    Line::full(EXPLOSIVE)
}

/// A number made of a text (FNV-1a), the same on every machine.
fn number(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
