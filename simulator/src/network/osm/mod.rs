//! A network and a world out of an OpenStreetMap extract (`.osm.pbf`).
//!
//! Roads that a tanker drives on become a [`Network`] of which only the largest part is kept in which everywhere can be
//! reached from everywhere. Tags about dangerous goods become zones and routes, as bodies for the server's API. Nothing is
//! made up: an untagged road has no legal limit, an untagged tunnel no category, and what the API cannot say exactly is
//! left out with a note of which way and why.
//!
//! Turn restrictions, weights and heights are not read. Map data © OpenStreetMap contributors, ODbL 1.0.

mod beside;
mod bodies;
mod corridor;
mod drive;
mod extract;
mod graph;
mod hazmat;
mod lines;
mod nodes;
mod pbf;
mod schedule;
mod speed;
mod summary;
mod tags;
mod terminals;
mod world;

#[cfg(test)]
mod pbf_writer;
#[cfg(test)]
mod tests;

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::Arc,
};

pub use bodies::{CategoryAtTimes, LineString, MapCargo, MapRoute, MapZone, MapZoneKind};
pub use corridor::Corridor;
pub use hazmat::Note;
pub use schedule::{Day, Schedule, Window};
pub use summary::Summary;

use super::{Network, RoadId};
use crate::goods::Goods;
use beside::ClosedCorridors;
use extract::Extract;
use hazmat::Whom;
use pbf::PbfFile;

/// A small map for tests, written by libosmium, the library that most extracts come from: a motorway with a tunnel of
/// category C in two bores, a closed road with a limit in mph, node numbers below zero and above 32 bits, a name that is
/// not ASCII.
#[cfg(test)]
pub(crate) fn small_map() -> OsmMap {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/network/osm/libosmium.osm.pbf");
    OsmMap::read(path.as_ref(), &MapOptions::default()).unwrap()
}

/// Why a map cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OsmError {
    /// The file is not there, or may not be read.
    #[error("the map {} cannot be opened: {cause}", file.display())]
    Open {
        /// The file.
        file: PathBuf,
        /// Why not.
        cause: std::io::Error,
    },
    /// The file is damaged, or something else than a map.
    #[error("the map {} is not readable at byte {at_byte}: {what}; wanted is a whole .osm.pbf file", file.display())]
    Format {
        /// The file.
        file: PathBuf,
        /// Where the damaged blob begins.
        at_byte: u64,
        /// What is wrong.
        what: String,
    },
    /// The file is of a newer or another kind.
    #[error(
        "the map {} needs a reader that understands {feature:?}; this one reads plain extracts without history",
        file.display()
    )]
    Feature {
        /// The file.
        file: PathBuf,
        /// What it needs.
        feature: String,
    },
    /// There is nothing to drive on.
    #[error(
        "the map {} has no roads to drive on: of {highways} ways with a highway tag, {drivable} are roads for tankers, \
         and no two of these lead there and back; wanted is an extract of a region",
        file.display()
    )]
    NoRoads {
        /// The file.
        file: PathBuf,
        /// How many ways have a highway tag.
        highways: u64,
        /// How many of these a tanker may drive on.
        drivable: u64,
    },
}

/// What the map itself does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapOptions {
    /// Whether speed limits become zones. There may be many thousands, and the corridor of a slow street also holds what
    /// runs close beside it.
    pub limits: bool,
    /// IANA name of the local time, for restrictions that hold at certain times; without it these are left out.
    pub time_zone: Option<String>,
    /// Code of a calendar of holidays that the server knows, for restrictions that name holidays.
    pub calendar: Option<String>,
    /// Which goods `hazmat:water=no` keeps out.
    ///
    /// Countries mean different goods by that sign, and the API has no word for "pollutes water". Without better
    /// knowledge these are UN 3077 and UN 3082, environmentally hazardous substances (ADR 2.2.9.1.10), which are meant
    /// everywhere; other goods that are meant too are then not kept out.
    pub water_polluting: MapCargo,
}

impl Default for MapOptions {
    fn default() -> Self {
        let un_numbers = ["3077", "3082"].map(Into::into).to_vec();
        let water_polluting = MapCargo { classes: Vec::new(), un_numbers };
        Self { limits: false, time_zone: None, calendar: None, water_polluting }
    }
}

/// A map that was read.
#[derive(Debug)]
pub struct OsmMap {
    /// The roads to drive on.
    pub network: Arc<Network>,
    /// Tunnels, closed roads and, if asked for, limits.
    pub zones: Vec<MapZone>,
    /// Roads that are meant for dangerous goods.
    pub routes: Vec<MapRoute>,
    /// What was read, kept and left out.
    pub summary: Summary,
    /// Roads that are closed to some goods, at all times or at some.
    closed: Vec<(RoadId, Whom)>,
    /// Roads that run inside the corridor of a zone, by its place in the list.
    inside: Vec<(RoadId, usize)>,
    water_polluting: MapCargo,
}

impl OsmMap {
    /// Reads a `.osm.pbf` file.
    ///
    /// # Errors
    /// When the file is not there, is damaged or of another kind, or holds no roads to drive on.
    pub fn read(path: &Path, options: &MapOptions) -> Result<Self, OsmError> {
        let file = PbfFile::open(path)?;
        let extract = Extract::read(&file)?;
        let graph = graph::build(&extract);
        if graph.network.roads().next().is_none() {
            let drivable = extract.ways.iter().filter(|way| way.drive.is_some()).count() as u64;
            return Err(OsmError::NoRoads { file: path.into(), highways: extract.counts.highways, drivable });
        }
        let world = world::read(&extract, options);
        let closed = graph.network.roads().zip(&graph.way_of_road).flat_map(|((road, _), way)| {
            let rare = extract.ways.get(*way).and_then(|way| way.rare.as_deref());
            rare.iter().flat_map(|rare| &rare.hazmat.prohibitions).map(|one| (road, one.whom)).collect::<Vec<_>>()
        });
        let closed = closed.collect();
        let mut network = graph.network;
        let closed_corridors = ClosedCorridors::new(&world.zones);
        let terminals = terminals::choose(&mut network, &extract.sites, &|place| !closed_corridors.hold(place));
        let summary = Summary::new(&file, &extract, &world, &network, graph.fate, terminals);
        let water_polluting = options.water_polluting.clone();
        let inside = closed_corridors.roads_inside(&network);
        let (network, zones, routes) = (Arc::new(network), world.zones, world.routes);
        Ok(Self { network, zones, routes, summary, closed, inside, water_polluting })
    }

    /// The roads that a tank of these goods keeps off: those that a prohibition closes to it at any time of the day, and
    /// those that run inside the corridor of a closed road or tunnel.
    #[must_use]
    pub fn closed_to(&self, goods: &Goods) -> HashSet<RoadId> {
        let is_meant = |whom: Whom| match whom {
            Whom::All => true,
            Whom::WaterPolluting => self.water_polluting.takes(goods),
        };
        let closed = self.closed.iter().filter(|(_, whom)| is_meant(*whom)).map(|(road, _)| *road);
        let is_closed = |zone: usize| self.zones.get(zone).is_some_and(|zone| zone.kind.is_closed_to(goods));
        let inside = self.inside.iter().filter(|(_, zone)| is_closed(*zone)).map(|(road, _)| *road);
        closed.chain(inside).collect()
    }
}
