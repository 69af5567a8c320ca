//! A day of one vehicle: loading, driving, stopping, unloading, the way back, breaks and rest, and what its device lives
//! through meanwhile.

mod outages;
mod way;

use rand::{Rng, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use self::way::{Parts, lengths};
use super::country::{Careless, Country};
use crate::{
    goods::Goods,
    life::{DeviceLife, Equipment, Life, Motion, Ramps, Span, Vehicle},
    network::{JunctionId, route::Path},
    world::{CargoLimits, Line, Mode, Route, Section, Shipment, Spot, VehicleFacts, World},
};

/// Shipments begin and end within so many metres of a terminal.
const TERMINAL_M: f64 = 300.0;
/// Level of a full tank and of an emptied one, in per cent.
const LEVELS_PCT: (f64, f64) = (92.0, 2.0);

/// Who drives and what.
#[derive(Clone, Debug)]
pub struct Who {
    /// The vehicle's code.
    pub code: String,
    /// What it carries.
    pub goods: Goods,
    /// Where it goes.
    pub terminals: Vec<JunctionId>,
    /// Whether an attendant must be, and is, on board.
    pub attended: bool,
    /// Whose rules it is judged by; the installation's, if not given.
    pub jurisdiction: Option<&'static str>,
    /// Whether its shipments prescribe routes.
    pub routed: bool,
    /// Seconds between its fixes.
    pub interval_s: f64,
}

/// How the driver drives.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// What the driver does not care about.
    pub careless: Careless,
    /// Longest driving without a break, in seconds.
    pub block_s: f64,
    /// Longest driving in the day, in seconds.
    pub day_s: f64,
    /// How much faster than allowed the driver drives on a part of one trip, in km/h.
    pub speeding_kmh: f64,
    /// Whether one trip leaves its prescribed route.
    pub strays: bool,
    /// Whether sections of prescribed routes are passed quicker than allowed.
    pub hurries: bool,
    /// A stop on the open road on one trip, in seconds.
    pub stops_s: f64,
}

impl Habits {
    /// Keeps all rules, with some reserve.
    pub const LAWFUL: Self = Self {
        careless: Careless { prohibited: false, restricted: false, tunnels: false, bans: false },
        block_s: 3.6 * 3_600.0,
        day_s: 7.4 * 3_600.0,
        speeding_kmh: 0.0,
        strays: false,
        hurries: false,
        stops_s: 0.0,
    };
}

/// A planned day.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The vehicle with its life.
    pub vehicle: Vehicle,
    /// The routes that its shipments prescribe.
    pub routes: Vec<Route>,
}

/// Plans a day. The same seed plans the same day.
#[must_use]
pub fn plan(country: &Country, world: &World, who: &Who, habits: &Habits, hours: f64, seed: u64) -> Plan {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let end_s = hours * 3_600.0;
    let start = who.terminals.get(rng.random_range(0..who.terminals.len().max(1))).copied();
    let here = start.or(country.terminals.first().copied()).unwrap_or(JunctionId(0));
    let now_s = rng.random_range(0.02..0.3) * end_s;
    let mut life = Life::quiet(Span::new(0.0, end_s), Motion::default(), &format!("D-{}", who.code));
    life.loaded.set(0.0, false);
    life.level_pct = Ramps::always(LEVELS_PCT.1);
    if let Some((pressure_kpa, temperature_c)) = who.goods.tank {
        life.pressure_kpa = Ramps::always(pressure_kpa);
        life.temperature_c = Ramps::always(temperature_c);
    }
    if who.attended {
        life.escort.set(0.0, format!("E-{}", who.code));
    }
    let mut planner = Planner {
        country,
        world,
        who,
        habits,
        end_s,
        here,
        now_s,
        full: false,
        since_break_s: 0.0,
        today_s: 0.0,
        life,
        shipments: Vec::new(),
        routes: Vec::new(),
        odd_trip: rng.random_range(0..3),
        rng,
    };
    planner.drive_all_day();
    planner.finish()
}

struct Planner<'a> {
    country: &'a Country,
    world: &'a World,
    who: &'a Who,
    habits: &'a Habits,
    end_s: f64,
    here: JunctionId,
    now_s: f64,
    full: bool,
    since_break_s: f64,
    today_s: f64,
    life: Life,
    shipments: Vec<Shipment>,
    routes: Vec<Route>,
    /// The loaded trip on which bad habits show.
    odd_trip: usize,
    rng: ChaCha8Rng,
}

impl Planner<'_> {
    fn drive_all_day(&mut self) {
        loop {
            if !self.full {
                self.load();
            }
            if !self.trip() {
                break;
            }
            self.unload();
            if self.rng.random::<f64>() < 0.6 {
                // Empty to where the next load is; otherwise there is one where it has just unloaded.
                if !self.trip() {
                    break;
                }
            }
        }
    }

    /// Loads where the vehicle stands, under the shipment that begins with it.
    fn load(&mut self) {
        let begins_s = self.now_s + self.rng.random_range(120.0..600.0);
        let loaded_s = begins_s + self.rng.random_range(500.0..1_100.0);
        if loaded_s > self.end_s {
            return;
        }
        self.life.level_pct.run(begins_s, loaded_s, LEVELS_PCT.0);
        self.life.loaded.set(loaded_s, true);
        self.begin_shipment(begins_s, true);
        self.full = true;
        self.now_s = loaded_s;
    }

    /// Unloads where the vehicle stands; the shipment ends with it, and that of the emptied tank begins.
    fn unload(&mut self) {
        let begins_s = self.now_s + self.rng.random_range(150.0..500.0);
        let emptied_s = begins_s + self.rng.random_range(500.0..1_100.0);
        if !self.full || emptied_s > self.end_s {
            return;
        }
        let span = Span::new(begins_s, emptied_s);
        self.life.level_pct.run(begins_s, emptied_s, LEVELS_PCT.1);
        self.life.valve_open.during(span, self.goods_mode() == Mode::Tank);
        self.life.door_open.during(span, true);
        self.life.loaded.set(emptied_s, false);
        self.begin_shipment(emptied_s, false);
        self.full = false;
        self.now_s = emptied_s;
    }

    fn goods_mode(&self) -> Mode {
        Line::full(self.who.goods.clone()).mode
    }

    /// The line that is on board now.
    fn line(&self, full: bool) -> Line {
        if full { Line::full(self.who.goods.clone()) } else { Line::emptied(self.who.goods.clone()) }
    }

    fn begin_shipment(&mut self, at_s: f64, full: bool) {
        if let Some(last) = self.shipments.last_mut() {
            last.ends_s = last.ends_s.min(at_s);
        }
        let number = self.shipments.len() + 1;
        let usual = self.who.goods.tank;
        let limits = CargoLimits {
            temperature_min_c: usual.map(|(_, usual_c)| usual_c - 12.0),
            temperature_max_c: usual.map(|(_, usual_c)| usual_c + 12.0),
            temperature_emergency_c: None,
            pressure_max_kpa: usual.map(|(usual_kpa, _)| usual_kpa + 200.0),
            level_drop_pct: (self.goods_mode() == Mode::Tank).then_some(5.0),
        };
        let mut lines = vec![self.line(full)];
        if self.goods_mode() == Mode::Packages && !full {
            // Packages leave nothing behind; the vehicle goes back with what is too little to matter.
            lines = vec![Line { quantity_kg: Some(20.0), ..self.line(true) }];
        }
        self.shipments.push(Shipment {
            waybill: format!("W-{}-{number}", self.who.code),
            lines,
            starts_s: at_s,
            ends_s: self.end_s + 3_600.0,
            escort_required: self.who.attended,
            limits,
            ..Shipment::default()
        });
    }

    /// Drives to another terminal, after a break if one is due. Whether there was time for it.
    fn trip(&mut self) -> bool {
        let mut others: Vec<JunctionId> =
            self.who.terminals.iter().copied().filter(|other| *other != self.here).collect();
        others.shuffle(&mut self.rng);
        let line = self.line(self.full);
        for there in others {
            let around_s = (self.now_s, self.now_s + 3.0 * 3_600.0);
            let closed = self.country.closed(self.world, &line, self.who.attended, self.habits.careless, around_s);
            let route = self.country.network.route(self.here, there, &|road| !closed.contains(&road));
            let Some(legs) = route.filter(|legs| !legs.is_empty()) else { continue };
            let way = self.country.network.path(&legs);
            let is_odd =
                self.full && self.shipments.iter().filter(|one| one.destination.is_some()).count() == self.odd_trip;
            let mut driven = way.clone();
            if is_odd && self.habits.strays {
                let Some(other) = self.another_way(there, &closed, &legs) else { continue };
                driven = other;
            }
            let parts = self.parts(driven, &line, is_odd);
            let (drives_s, lasts_s) = lengths(&parts);
            if self.today_s + drives_s > self.habits.day_s {
                continue;
            }
            let mut departs_s = self.now_s + self.rng.random_range(200.0..900.0);
            if self.since_break_s + drives_s > self.habits.block_s {
                departs_s = self.now_s + self.rng.random_range(2_900.0..4_300.0);
                self.since_break_s = 0.0;
            }
            if departs_s + lasts_s + 2_400.0 > self.end_s {
                continue;
            }
            self.go(&way, parts, departs_s, there);
            self.since_break_s += drives_s;
            self.today_s += drives_s;
            return true;
        }
        false
    }

    fn go(&mut self, way: &Path, parts: Parts, departs_s: f64, there: JunctionId) {
        let (_, lasts_s) = lengths(&parts);
        let arrives_s = departs_s + lasts_s;
        let spot = |place| Spot { place, radius_m: TERMINAL_M };
        let ends = [self.here, there].map(|junction| self.country.place(junction).map(spot));
        let prescribed = (self.full && self.who.routed).then(|| self.prescribe(way, lasts_s));
        let earlier_s = self.rng.random_range(1_800.0..5_400.0);
        let later_s = self.rng.random_range(600.0..2_400.0);
        if let Some(shipment) = self.shipments.last_mut() {
            let [origin, destination] = ends;
            (shipment.origin, shipment.destination) = (origin, destination);
            shipment.arrive_from_s = Some(arrives_s - earlier_s);
            shipment.arrive_by_s = Some(arrives_s + later_s);
            shipment.route = prescribed;
        }
        let mut at_s = departs_s;
        for (trip, stop_s) in parts {
            let ends_s = at_s + trip.duration_s();
            self.life.motion.depart(at_s, trip);
            at_s = ends_s + stop_s;
        }
        (self.here, self.now_s) = (there, arrives_s);
    }

    /// Files a route along a way, with one section in its middle whose time is watched. Returns its name.
    fn prescribe(&mut self, way: &Path, lasts_s: f64) -> String {
        let name = format!("R-{}-{}", self.who.code, self.routes.len() + 1);
        let (from_m, to_m) = (way.length_m() * 0.3, way.length_m() * 0.7);
        let least_s = (to_m - from_m) / (80.0 / 3.6);
        let min_s = if self.habits.hurries { lasts_s } else { least_s * 0.9 };
        let max_s = lasts_s + 2_400.0;
        let section = Section {
            name: "Middle part".into(),
            from_m,
            to_m,
            min_s: Some(min_s),
            max_s: Some(max_s.max(min_s + 60.0)),
        };
        self.routes.push(Route {
            name: name.clone(),
            path: way.points.clone(),
            half_width_m: 100.0,
            sections: vec![section],
        });
        name
    }

    fn finish(mut self) -> Plan {
        if self.life.motion.trips().is_empty()
            && let Some(place) = self.country.place(self.here)
        {
            self.life.motion = Motion::standing(place, 0.0);
        }
        let seed = self.rng.random();
        let mut device = DeviceLife::new(seed);
        device.moving_s = self.who.interval_s;
        (device.twice, device.overtaken) = (0.004, 0.006);
        device.equipment = Equipment {
            tank: self.goods_mode() == Mode::Tank,
            gauges: self.who.goods.tank.is_some(),
            door: self.goods_mode() == Mode::Packages,
        };
        device.outages = self.outages();
        let facts = VehicleFacts {
            speed_limit_kmh: Some(80.0),
            jurisdiction: self.who.jurisdiction.map(Into::into),
            ..VehicleFacts::default()
        };
        let vehicle = Vehicle {
            code: self.who.code.clone(),
            staged_by: "traffic",
            facts,
            shipments: self.shipments,
            life: self.life,
            device,
        };
        Plan { vehicle, routes: self.routes }
    }
}
