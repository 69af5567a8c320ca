//! The world that the tags of a map make: tunnels, closed roads, limits, and roads meant for dangerous goods.
//!
//! Ways with the same meaning and the same name are joined end to end, and carriageways beside each other become one
//! corridor, so that a tunnel of twenty ways is one zone.

use std::collections::{BTreeMap, HashSet};

use super::{
    MapOptions,
    bodies::{CategoryAtTimes, LineString, MapCargo, MapRoute, MapZone, MapZoneKind},
    corridor::{Strip, are_near, side_by_side},
    extract::{Extract, Way},
    graph::tunnel_name,
    hazmat::{Category, Note, Whom},
    lines,
    schedule::{self, Schedule, Window},
};
use crate::{
    geometry::{Place, length_m},
    numbers::{count, whole},
};

/// How far a vehicle may be off an approved route, in metres, beyond the strip of the road itself.
const ROUTE_MARGIN_M: f64 = 15.0;
/// A road that crosses a closed one above or below is in its corridor for a moment. So being inside counts only after so
/// many seconds, or on a short road after half the time that it takes to drive it at 50 km/h.
const DWELL_S: f64 = 10.0;

/// Zones and routes out of a map.
#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) zones: Vec<MapZone>,
    pub(super) routes: Vec<MapRoute>,
    pub(super) notes: Vec<Note>,
}

/// Reads the world out of the kept ways.
pub(super) fn read(extract: &Extract, options: &MapOptions) -> World {
    let mut builder = Builder { extract, options, world: World::default(), names: HashSet::new() };
    builder.tunnels();
    builder.prohibitions();
    if options.limits {
        builder.limits();
    }
    builder.routes();
    builder.world
}

/// Ways with the same meaning.
type Group<'a> = Vec<&'a Way>;

struct Builder<'a> {
    extract: &'a Extract,
    options: &'a MapOptions,
    world: World,
    names: HashSet<String>,
}

impl<'a> Builder<'a> {
    fn tunnels(&mut self) {
        let mut tunnels: BTreeMap<(&str, &Category), Group<'a>> = BTreeMap::new();
        for way in &self.extract.ways {
            let Some(rare) = &way.rare else { continue };
            let Some(name) = &rare.tunnel else { continue };
            if way.drive.is_some() || rare.hazmat.category.strictest().is_some() {
                tunnels.entry((name, &rare.hazmat.category)).or_default().push(way);
            }
        }
        for ((name, category), ways) in tunnels {
            let strips = self.strips(&ways);
            if category.strictest().is_none() {
                let what = format!("tunnel {name:?}");
                let notes = strips.iter().map(|strip| Note { way: strip.way, what: what.clone(), why: NO_CATEGORY });
                self.world.notes.extend(notes);
                continue;
            }
            for kind_and_schedule in self.tunnel_kinds(category, ways.first().map_or(0, |way| way.id)) {
                self.tunnel(name, kind_and_schedule, side_by_side(strips.clone()));
            }
        }
    }

    /// What the zones of a tunnel say, mostly one; one for each category at certain times if at others none is known.
    fn tunnel_kinds(&mut self, category: &Category, way: i64) -> Vec<(MapZoneKind, Option<Schedule>)> {
        let scheduled = category.by_time.iter().filter_map(|(category, windows)| {
            let schedule = self.schedule(windows, way)?;
            Some(CategoryAtTimes { category: *category, schedule })
        });
        let by_time: Vec<CategoryAtTimes> = scheduled.collect();
        match category.always {
            Some(category) => vec![(MapZoneKind::Tunnel { category, by_time }, None)],
            None => by_time
                .into_iter()
                .map(|one| (MapZoneKind::Tunnel { category: one.category, by_time: vec![] }, Some(one.schedule)))
                .collect(),
        }
    }

    fn tunnel(&mut self, name: &str, (kind, schedule): (MapZoneKind, Option<Schedule>), strips: Vec<Strip>) {
        let groups = groups(&strips);
        let alone = strips.len() == 1;
        for (strip, group) in strips.iter().zip(groups) {
            let several = !alone && !name.is_empty();
            let name = if several { with_way(name, strip.way) } else { tunnel_name(name, strip.way) };
            let group = group.map(|way| format!("osm-tunnel-{way}"));
            let zone = MapZone {
                name: self.unique(name),
                kind: kind.clone(),
                area: strip.corridor(),
                schedule: schedule.clone(),
                group,
                dwell_s: None,
            };
            self.world.zones.push(zone);
        }
    }

    fn prohibitions(&mut self) {
        let mut closed: BTreeMap<_, Group<'a>> = BTreeMap::new();
        for way in &self.extract.ways {
            for prohibition in way.rare.iter().flat_map(|rare| &rare.hazmat.prohibitions) {
                closed.entry((prohibition, &*way.name)).or_default().push(way);
            }
        }
        for ((prohibition, name), ways) in closed {
            let schedule = match &prohibition.windows {
                None => None,
                Some(windows) => match self.schedule(windows, ways.first().map_or(0, |way| way.id)) {
                    None => continue,
                    schedule => schedule,
                },
            };
            let (title, cargo) = match prohibition.whom {
                Whom::All => ("No dangerous goods", MapCargo::default()),
                Whom::WaterPolluting => ("No water-polluting goods", self.options.water_polluting.clone()),
            };
            let strips = self.strips(&ways);
            // Without a name nobody knows whether two lines beside each other are one road.
            let strips = if name.is_empty() { strips } else { side_by_side(strips) };
            for strip in strips.iter().map(Strip::without_ends) {
                let drive_s = length_m(&strip.line) / (50.0 / 3.6);
                let zone = MapZone {
                    name: self.unique(titled(title, name, strip.way)),
                    kind: MapZoneKind::Prohibited { cargo: cargo.clone() },
                    area: strip.corridor(),
                    schedule: schedule.clone(),
                    group: None,
                    dwell_s: Some(count(DWELL_S.min(drive_s / 2.0))).filter(|seconds| *seconds > 0),
                };
                self.world.zones.push(zone);
            }
        }
    }

    fn limits(&mut self) {
        let mut limited: BTreeMap<(i64, &str), Group<'a>> = BTreeMap::new();
        for way in &self.extract.ways {
            let Some(drive) = &way.drive else { continue };
            let limit = match (drive.forward, drive.backward) {
                (true, false) => drive.limits.forward,
                (false, true) => drive.limits.backward,
                _ if drive.limits.forward == drive.limits.backward => drive.limits.forward,
                _ => {
                    let what = "different limits for both directions".into();
                    self.world.notes.push(Note {
                        way: way.id,
                        what,
                        why: "holds in one direction only, which no zone can say",
                    });
                    None
                }
            };
            if let Some(limit_kmh) = limit {
                limited.entry((whole((limit_kmh * 10.0).round()), &way.name)).or_default().push(way);
            }
        }
        for ((tenths, name), ways) in limited {
            let limit_kmh = tenths as f64 / 10.0;
            for strip in self.strips(&ways).iter().map(Strip::without_ends) {
                let zone = MapZone {
                    name: self.unique(titled(&format!("{limit_kmh} km/h"), name, strip.way)),
                    kind: MapZoneKind::SpeedLimit { cargo: MapCargo::default(), limit_kmh },
                    area: strip.corridor(),
                    schedule: None,
                    group: None,
                    dwell_s: None,
                };
                self.world.zones.push(zone);
            }
        }
    }

    fn routes(&mut self) {
        let mut designated: BTreeMap<&str, Group<'a>> = BTreeMap::new();
        for way in &self.extract.ways {
            if way.rare.as_ref().is_some_and(|rare| rare.hazmat.designated) {
                designated.entry(&way.name).or_default().push(way);
            }
        }
        for (name, ways) in designated {
            let strips = self.strips(&ways);
            for strip in if name.is_empty() { strips } else { side_by_side(strips) } {
                let corridor = strip.corridor();
                let route = MapRoute {
                    name: self.unique(titled("For dangerous goods", name, strip.way)),
                    path: LineString { coordinates: corridor.path },
                    half_width_m: corridor.half_width_m + ROUTE_MARGIN_M,
                };
                self.world.routes.push(route);
            }
        }
    }

    /// The ways joined end to end. A line is cut where the file lacks a node.
    fn strips(&self, ways: &[&Way]) -> Vec<Strip> {
        let pieces: Vec<(i64, &[u32])> = ways.iter().map(|way| (way.id, self.extract.nodes_of(way))).collect();
        let lanes: BTreeMap<i64, u8> =
            ways.iter().filter_map(|way| Some((way.id, way.rare.as_ref()?.lanes?))).collect();
        let mut strips = Vec::new();
        for line in lines::join(&pieces) {
            let most_lanes = line.ways.iter().filter_map(|way| lanes.get(way)).max().copied();
            let lowest = line.ways.iter().min().copied().unwrap_or_default();
            let places: Vec<Option<Place>> = line.nodes.iter().map(|node| self.extract.nodes.place(*node)).collect();
            for run in places.split(Option::is_none).filter(|run| run.len() > 1) {
                strips.push(Strip::new(run.iter().copied().flatten().collect(), most_lanes, lowest));
            }
        }
        strips.retain(|strip| length_m(&strip.line) > 0.0);
        strips
    }

    /// The schedule of these windows, unless the caller did not say what it needs.
    fn schedule(&mut self, windows: &[Window], way: i64) -> Option<Schedule> {
        let calendar = self.options.calendar.clone();
        let why = match &self.options.time_zone {
            None => "holds at certain times; the map does not say the time zone, so tell it to the import",
            Some(_) if calendar.is_none() && schedule::names_holidays(windows) => {
                "names holidays; the map does not say which, so tell the import their calendar"
            }
            Some(time_zone) => {
                let calendar = calendar.filter(|_| schedule::names_holidays(windows));
                return Some(Schedule { time_zone: time_zone.clone(), calendar, windows: windows.to_vec() });
            }
        };
        self.world.notes.push(Note { way, what: "a restriction by time".into(), why });
        None
    }

    /// A name that no other zone or route has.
    fn unique(&mut self, name: String) -> String {
        let numbered = (2..).map(|number| format!("{name}, {number}"));
        let free =
            std::iter::once(name.clone()).chain(numbered).find(|name| !self.names.contains(name)).unwrap_or(name);
        self.names.insert(free.clone());
        free
    }
}

const NO_CATEGORY: &str = "no tag says its category";

/// For each strip the lowest way of those that it is near to, if there are others.
fn groups(strips: &[Strip]) -> Vec<Option<i64>> {
    let mut group: Vec<usize> = (0..strips.len()).collect();
    for (index, strip) in strips.iter().enumerate() {
        for (earlier, other) in strips.iter().enumerate().take(index) {
            let (Some(&own), Some(&theirs)) = (group.get(index), group.get(earlier)) else { continue };
            if own != theirs && are_near(strip, other) {
                group.iter_mut().filter(|one| **one == own).for_each(|one| *one = theirs);
            }
        }
    }
    let members = |of: usize| group.iter().zip(strips).filter(move |(one, _)| **one == of).map(|(_, strip)| strip.way);
    let lowest_of_several = |of: usize| members(of).min().filter(|_| members(of).count() > 1);
    group.iter().map(|of| lowest_of_several(*of)).collect()
}

fn titled(title: &str, name: &str, way: i64) -> String {
    let separator = if name.is_empty() { "" } else { " " };
    with_way(&format!("{title}:{separator}{name}"), way)
}

fn with_way(name: &str, way: i64) -> String {
    format!("{name} (way {way})")
}
