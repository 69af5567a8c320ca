//! Stories of maps: what is drawn, what becomes of it.

mod files;
mod roads;
mod zones;

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{pbf_writer::PbfMap, *};
use crate::{
    geometry::Place,
    goods::{CHLORINE, PETROL},
    network::{JunctionId, route::Path as Route},
};

const HERE: Place = Place::new(51.9, 4.4);

/// A map in a directory of its own, with nodes on a grid of 100 m: node 23 is 200 m east and 300 m north of node 0.
struct Drawn {
    map: PbfMap,
    directory: tempfile::TempDir,
}

impl Drawn {
    fn new() -> Self {
        let mut map = PbfMap::new();
        for id in 0..100 {
            map.node(id, grid(id), &[]);
        }
        Self { map, directory: tempfile::tempdir().unwrap() }
    }

    fn way(mut self, id: i64, nodes: &[i64], tags: &[(&'static str, &'static str)]) -> Self {
        self.map.way(id, nodes, tags);
        self
    }

    /// A road there and back around the middle of the grid, so that there is something to drive on.
    fn ring(self) -> Self {
        self.way(900, &[11, 81, 88], &[PRIMARY]).way(901, &[88, 18, 11], &[PRIMARY])
    }

    /// The same map, written without columns and packing.
    fn plainly(mut self) -> Self {
        self.map.compact = false;
        self
    }

    fn save(&self) -> PathBuf {
        self.map.save(self.directory.path())
    }

    fn read(&self) -> OsmMap {
        self.read_with(&MapOptions::default())
    }

    fn read_with(&self, options: &MapOptions) -> OsmMap {
        OsmMap::read(&self.save(), options).unwrap()
    }
}

fn grid(id: i64) -> Place {
    let (east, north) = (i32::try_from(id / 10).unwrap(), i32::try_from(id % 10).unwrap());
    HERE.moved(f64::from(east) * 100.0, f64::from(north) * 100.0)
}

fn bodies(map: &OsmMap) -> Vec<Value> {
    map.zones.iter().map(|zone| serde_json::to_value(zone).unwrap()).collect()
}

fn junction(map: &OsmMap, node: i64) -> JunctionId {
    map.network.junction(&format!("osm-{node}")).unwrap()
}

/// The way from one node to another, and how long it is in metres.
fn drive(map: &OsmMap, from: i64, to: i64) -> Route {
    map.network.path(&map.network.route(junction(map, from), junction(map, to), &|_| true).unwrap())
}

const PRIMARY: (&str, &str) = ("highway", "primary");

const TUNNEL: [(&str, &str); 4] =
    [("highway", "motorway"), ("tunnel", "yes"), ("tunnel:name", "Beneluxtunnel"), ("hazmat:adr_tunnel_cat", "C")];
