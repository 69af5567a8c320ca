//! The country around a road network: tunnels with their categories, places to unload and to stop, and areas of every kind
//! on and beside the roads, so that ordinary trips meet them.
//!
//! Invented, but for tunnels: where things lie follows from the seed.

use std::{collections::HashSet, sync::Arc};

use rand::{Rng, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

use crate::{
    geometry::{Place, ribbon},
    network::{JunctionId, Network, RoadClass, RoadId},
    world::{
        Area, Cargo, Condition, Conditions, Day, Kind, Line, OwnPack, OwnRule, Predicate, Schedule, Vulnerable, World,
        Zone, line_distance_m,
    },
};

/// Radius of the place around a terminal where vehicles unload, in metres.
const TERMINAL_M: f64 = 300.0;
/// Radius of a place for stopping, in metres.
const REST_M: f64 = 180.0;
/// Areas keep so far from terminals, tunnels and each other, in metres.
const APART_M: f64 = 1_500.0;
/// A road this near to an area is one on which the area may count, in metres.
const NEAR_M: f64 = 120.0;

/// The code of an authority with a rule of its own.
pub const AUTHORITY: &str = "simulated-corridor";

/// A place for stopping on a road.
#[derive(Clone, Copy, Debug)]
pub struct Rest {
    /// Where.
    pub place: Place,
}

/// A network with what lies around it.
#[derive(Clone, Debug)]
pub struct Country {
    /// The roads.
    pub network: Arc<Network>,
    /// Where vehicles load and unload.
    pub terminals: Vec<JunctionId>,
    /// Where they may stop on the way.
    pub rests: Vec<Rest>,
    /// Roads on which each zone of the world may count, zone by zone.
    roads_at: Vec<(usize, Vec<RoadId>)>,
}

/// What a careless driver does not care about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Careless {
    /// Prohibited zones.
    pub prohibited: bool,
    /// Restricted zones.
    pub restricted: bool,
    /// Tunnel codes.
    pub tunnels: bool,
    /// Time bans.
    pub bans: bool,
}

impl Country {
    /// Puts a country's zones into the world.
    #[must_use]
    pub fn settle(network: Arc<Network>, world: &mut World, seed: u64) -> Self {
        let rng = ChaCha8Rng::seed_from_u64(seed ^ 0x0c0f_fee5_eed5);
        let terminals: Vec<JunctionId> =
            network.junctions().filter(|(_, junction)| junction.terminal).map(|(id, _)| id).collect();
        let mut settling = Settling { network: &network, world, rng, taken: Vec::new(), rests: Vec::new() };
        let first = settling.world.zones.len();
        settling.terminals_and_tunnels();
        settling.rests();
        settling.speed_zones();
        settling.closed_zones();
        settling.other_zones();
        let rests = std::mem::take(&mut settling.rests);
        let condition = Condition { class: "3".into(), faster_than_kmh: 65.0, from_hour: 17, to_hour: 6 };
        let rules = vec![OwnRule { name: "dusk-petrol".into(), condition }];
        world.packs.push(OwnPack { jurisdiction: AUTHORITY.into(), based_on: "adr", rules });
        let roads_at = (first..world.zones.len())
            .filter_map(|index| Some((index, roads_near(&network, &world.zones.get(index)?.area))))
            .collect();
        Self { network, terminals, rests, roads_at }
    }

    /// The roads that are closed to a load, at least for the time being, for who is not careless about it.
    #[must_use]
    pub fn closed(
        &self,
        world: &World,
        line: &Line,
        attended: bool,
        careless: Careless,
        around_s: (f64, f64),
    ) -> HashSet<RoadId> {
        let cargo = Cargo::Known(std::slice::from_ref(line));
        let mut closed = HashSet::new();
        for (index, roads) in &self.roads_at {
            let Some(zone) = world.zones.get(*index) else { continue };
            let binds = match &zone.kind {
                Kind::Prohibited(whom) => {
                    !careless.prohibited && cargo.concerned_by(whom) && soon(world, zone, around_s)
                }
                Kind::TimeBan(whom) => !careless.bans && cargo.concerned_by(whom) && soon(world, zone, around_s),
                Kind::Restricted(whom, conditions) => {
                    let broken = conditions.max_quantity_kg.is_some_and(|most_kg| cargo.quantity_kg() > most_kg)
                        || conditions.max_quantity_kg.is_some() && cargo.is_mass_unstated()
                        || conditions.escort_required && !attended;
                    !careless.restricted && broken && cargo.concerned_by(whom)
                }
                _ => false,
            };
            if binds {
                closed.extend(roads.iter().copied());
            }
        }
        let tunnels = self.network.roads().filter(|(_, road)| {
            road.tunnel.as_ref().is_some_and(|tunnel| {
                !careless.tunnels && tunnel.category.is_some_and(|category| cargo.kept_out_of(category))
            })
        });
        closed.extend(tunnels.map(|(id, _)| id));
        closed
    }

    /// The junction's place.
    #[must_use]
    pub fn place(&self, id: JunctionId) -> Option<Place> {
        self.network.junctions().find(|(other, _)| *other == id).map(|(_, junction)| junction.place)
    }
}

/// Whether a zone is in effect at some time around a trip; looked at every ten minutes.
fn soon(world: &World, zone: &Zone, (from_s, to_s): (f64, f64)) -> bool {
    let steps = crate::numbers::count((to_s - from_s) / 600.0);
    (0..=steps).any(|step| world.open(zone.schedule.as_ref(), from_s + step as f64 * 600.0))
}

fn roads_near(network: &Network, area: &Area) -> Vec<RoadId> {
    let near = |line: &[Place]| {
        crate::geometry::pairs(line).any(|(a, b)| {
            let steps = crate::numbers::count(a.distance_m(b) / 40.0) + 1;
            (0..=steps)
                .map(|step| a.between(b, step as f64 / steps as f64))
                .any(|place| area.at_least_away_m(place) < NEAR_M && area.depth_m(place) > -NEAR_M)
        })
    };
    network.roads().filter(|(_, road)| near(&road.line)).map(|(id, _)| id).collect()
}

/// A country while it is being settled.
struct Settling<'a> {
    network: &'a Network,
    world: &'a mut World,
    rng: ChaCha8Rng,
    /// Where something is already, with its radius in metres.
    taken: Vec<(Place, f64)>,
    rests: Vec<Rest>,
}

impl Settling<'_> {
    fn terminals_and_tunnels(&mut self) {
        for (_, junction) in self.network.junctions().filter(|(_, junction)| junction.terminal) {
            self.taken.push((junction.place, TERMINAL_M));
            let area = Area::circle(junction.place, TERMINAL_M);
            self.world.zones.push(Zone::new(format!("Terminal {}", junction.name), Kind::UnloadingPlace, area));
        }
        for (road, tunnel) in self.network.tunnels() {
            let middle = road.line.get(road.line.len() / 2).copied();
            self.taken.extend(middle.map(|middle| (middle, road.length_m)));
            let area = Area::polygon(&ribbon(&road.line, tunnel.width_m / 2.0));
            let Some(category) = tunnel.category else { continue };
            self.world.zones.push(Zone::new(tunnel.name.clone(), Kind::Tunnel(category, Vec::new()), area));
        }
    }

    fn rests(&mut self) {
        for number in 0..10 {
            let Some(place) = self.free_place(REST_M, 0.0) else { continue };
            self.rests.push(Rest { place });
            let kind = Kind::StopPlace { supervised: number % 2 == 0 };
            self.put(format!("Rest area {number}"), kind, Area::circle(place, REST_M), None);
        }
    }

    fn speed_zones(&mut self) {
        for number in 0..12 {
            let radius_m = self.rng.random_range(400.0..900.0);
            let Some(place) = self.free_place(radius_m, 0.0) else { continue };
            let limit_kmh = *[50.0, 60.0, 70.0].choose(&mut self.rng).unwrap_or(&60.0);
            let whom = if number % 3 == 0 { Predicate::classes(&["2", "3"]) } else { Predicate::any() };
            let area = self.outline(place, radius_m);
            self.put(format!("Speed zone {number}"), Kind::SpeedLimit(whom, limit_kmh), area, None);
        }
    }

    /// Areas that are closed to some goods on roads of theirs, and areas beside roads that are closed to all.
    fn closed_zones(&mut self) {
        let whom: [&[&str]; 8] = [&["1"], &["2.3"], &["6.1"], &["5.1"], &["8"], &["2.1"], &["3"], &["2.3", "6.1"]];
        for (number, classes) in whom.iter().enumerate() {
            let radius_m = self.rng.random_range(300.0..800.0);
            let Some(place) = self.free_place(radius_m, 0.0) else { continue };
            let area = self.outline(place, radius_m);
            let mut zone =
                Zone::new(format!("Closed area {number}"), Kind::Prohibited(Predicate::classes(classes)), area);
            if number == 5 {
                zone.group = Some("closed-valley".into());
            }
            self.world.zones.push(zone);
        }
        for number in 0..16 {
            let radius_m = self.rng.random_range(150.0..600.0);
            // From its edge to the road.
            let beside_m = self.rng.random_range(45.0..250.0);
            let Some(place) = self.free_place(radius_m, radius_m + beside_m) else { continue };
            self.put(
                format!("Protected area {number}"),
                Kind::Prohibited(Predicate::any()),
                Area::circle(place, radius_m),
                None,
            );
        }
    }

    fn other_zones(&mut self) {
        let none = Conditions::default();
        let conditions = [
            ("Weight-restricted valley", Conditions { max_quantity_kg: Some(20_000.0), ..none }),
            ("Slow town", Conditions { max_speed_kmh: Some(50.0), ..none }),
            ("Attended pass", Conditions { escort_required: true, ..none }),
            ("Short-stay quarter", Conditions { max_stay_s: Some(1_800.0), ..none }),
        ];
        for (number, (name, conditions)) in conditions.into_iter().enumerate() {
            let Some(place) = self.free_place(900.0, 0.0) else { continue };
            let whom = if number == 2 { Predicate::classes(&["2.3", "6.1"]) } else { Predicate::any() };
            let area = self.outline(place, if number == 2 { 3_500.0 } else { 900.0 });
            self.put(name.into(), Kind::Restricted(whom, conditions), area, None);
        }
        let first = [self.world.moment.weekday(0)];
        let second = [self.world.moment.weekday(1)];
        let hours =
            |days: &[Day], from: u32, to: u32| Schedule::daily(chrono_tz::Europe::Amsterdam, days, (from, 0), (to, 0));
        let bans = [
            ("Evening ban", Predicate::classes(&["3"]), hours(&first, 17, 20)),
            ("Night ban", Predicate::classes(&["2"]), hours(&first, 22, 6)),
            ("Morning ban", Predicate::classes(&["3", "8"]), hours(&second, 7, 11)),
            ("Afternoon ban", Predicate::classes(&["2", "6.1"]), hours(&first, 15, 18)),
        ];
        for (name, whom, schedule) in bans {
            let Some(place) = self.free_place(700.0, 0.0) else { continue };
            let area = self.outline(place, 700.0);
            self.put(name.into(), Kind::TimeBan(whom), area, Some(schedule));
        }
        for (number, what) in [Vulnerable::Bridge, Vulnerable::Dwelling, Vulnerable::Workplace, Vulnerable::Assembly]
            .into_iter()
            .enumerate()
        {
            let Some(place) = self.free_place(100.0, 180.0) else { continue };
            self.put(
                format!("Vulnerable place {number}"),
                Kind::VulnerablePlace(what),
                Area::circle(place, 100.0),
                None,
            );
        }
        for number in 0..2 {
            let Some(place) = self.free_place(1_200.0, 0.0) else { continue };
            self.put(format!("Dead zone {number}"), Kind::DeadZone, Area::circle(place, 1_200.0), None);
        }
    }

    fn put(&mut self, name: String, kind: Kind, area: Area, schedule: Option<Schedule>) {
        let mut zone = Zone::new(name, kind, area);
        zone.schedule = schedule;
        self.world.zones.push(zone);
    }

    /// An irregular area around a place, that holds at least half of the circle's radius everywhere.
    fn outline(&mut self, middle: Place, radius_m: f64) -> Area {
        let corners: Vec<Place> = (0..9)
            .map(|corner| {
                let angle = f64::from(corner) / 9.0 * std::f64::consts::TAU;
                let out_m = radius_m * self.rng.random_range(0.7..1.0);
                middle.moved(angle.cos() * out_m, angle.sin() * out_m)
            })
            .collect();
        Area::polygon(&corners)
    }

    /// A place `beside_m` beside the open road, from which all that is there keeps its distance, or nothing.
    fn free_place(&mut self, radius_m: f64, beside_m: f64) -> Option<Place> {
        let network = self.network;
        let open = |class: RoadClass| matches!(class, RoadClass::Motorway | RoadClass::Primary);
        let roads: Vec<&[Place]> = network
            .roads()
            .filter(|(_, road)| open(road.class) && road.tunnel.is_none() && road.length_m > 2_500.0)
            .map(|(_, road)| road.line.as_slice())
            .collect();
        for _ in 0..400 {
            let line = roads.choose(&mut self.rng)?;
            let index = self.rng.random_range(1..line.len().max(2));
            let (Some(before), Some(here)) = (line.get(index - 1), line.get(index)) else { continue };
            let course = before.heading_deg(*here).to_radians();
            let side = if self.rng.random::<bool>() { 1.0 } else { -1.0 };
            let on_road = before.between(*here, self.rng.random());
            let place = on_road.moved(course.cos() * beside_m * side, -course.sin() * beside_m * side);
            let is_free = self
                .taken
                .iter()
                .all(|(other, other_m)| place.distance_m(*other) > radius_m.max(beside_m) + other_m + APART_M);
            // What is beside one road must not lie on another.
            let clear =
                beside_m == 0.0 || network.roads().all(|(_, road)| line_distance_m(&road.line, place) > beside_m - 2.0);
            if is_free && clear {
                self.taken.push((place, radius_m));
                return Some(place);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::goods::{CHLORINE, PETROL};

    fn settled(seed: u64) -> (World, Country) {
        let mut world = World::new("2026-10-24T12:00:00Z".parse().unwrap());
        let country = Country::settle(Arc::new(Network::corridor().unwrap()), &mut world, seed);
        (world, country)
    }

    #[test]
    fn a_country_has_zones_of_every_kind_with_names_of_their_own() {
        let (world, country) = settled(7);
        let names: HashSet<&str> = world.zones.iter().map(|zone| zone.name.as_str()).collect();
        assert_eq!(names.len(), world.zones.len());
        let kinds: HashSet<&str> = world.zones.iter().map(|zone| zone.kind.name()).collect();
        assert_eq!(kinds.len(), 9, "{kinds:?}");
        assert!(country.rests.len() >= 6 && world.zones.len() >= 60, "{}", world.zones.len());
    }

    #[test]
    fn the_same_seed_settles_the_same_country() {
        assert_eq!(settled(7).0.zones, settled(7).0.zones);
        assert_ne!(settled(7).0.zones, settled(8).0.zones);
    }

    #[test]
    fn what_is_closed_depends_on_the_load_the_time_and_the_driver() {
        let (world, country) = settled(7);
        let closed =
            |line: &Line, careless, at_s| country.closed(&world, line, false, careless, (at_s, at_s + 600.0)).len();
        let (petrol, chlorine) = (Line::full(PETROL), Line::full(CHLORINE));
        let all = Careless { prohibited: true, restricted: true, tunnels: true, bans: true };
        assert_eq!(closed(&petrol, all, 0.0), 0);
        assert_ne!(closed(&petrol, Careless::default(), 0.0), closed(&chlorine, Careless::default(), 0.0));
        // Class 3 is banned somewhere from 17:00 to 20:00, 15:00 to 18:00 UTC; the stage begins at noon.
        let evening = closed(&petrol, Careless::default(), 4.0 * 3_600.0);
        assert!(evening > closed(&petrol, Careless { bans: true, ..Careless::default() }, 4.0 * 3_600.0));
        assert!(evening > closed(&petrol, Careless::default(), 9.0 * 3_600.0));
    }
}
