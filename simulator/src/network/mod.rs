//! The road network that vehicles drive on: junctions, roads with class and speed limit, tunnels with their category.
//!
//! The built-in network is the chemical corridor between Antwerp and Rotterdam, in `corridor.geojson` beside this file,
//! which says how exact it is and where the tunnel categories come from. [`osm`] makes one out of a map. [`route`] finds
//! ways through a network, and [`parts`] tells what can be reached from where.

pub mod osm;
pub mod parts;
pub mod route;

#[cfg(test)]
mod properties;

use std::collections::HashMap;

use serde::Deserialize;

use crate::{
    geometry::{self, Place},
    goods::{Goods, TunnelCategory},
};

/// Why a network file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// Not the expected GeoJSON.
    #[error("the road network is not readable: {0}; wanted is a GeoJSON collection of junctions and roads")]
    Format(#[from] serde_json::Error),
    /// A road that leads nowhere.
    #[error("road {road} ends at junction {junction:?}, which the file does not define")]
    NoSuchJunction {
        /// The road's name.
        road: String,
        /// The junction's id as the road gives it.
        junction: String,
    },
    /// A feature whose geometry does not fit what it is.
    #[error("{0} has the wrong geometry; a junction is a Point, a road a LineString")]
    Geometry(String),
}

/// A junction, by its place in the network's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JunctionId(pub usize);

/// A road, by its place in the network's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoadId(pub usize);

/// Where roads meet, or where vehicles load and unload.
#[derive(Clone, Debug)]
pub struct Junction {
    /// Short stable name, e.g. `beneluxplein`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Where it is.
    pub place: Place,
    /// Whether tankers load and unload here.
    pub terminal: bool,
}

/// What kind of road it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoadClass {
    /// Motorway, separate carriageways.
    Motorway,
    /// Main road outside towns.
    Primary,
    /// Road in a town.
    Urban,
    /// Road to a site.
    Access,
}

/// A road tunnel.
#[derive(Clone, Debug, Deserialize)]
pub struct Tunnel {
    /// What people call it.
    pub name: String,
    /// Category by ADR 1.9.5.2.2, the strictest if it changes by time; `None` where nobody says.
    pub category: Option<TunnelCategory>,
    /// Width of the strip that holds all bores, in metres.
    pub width_m: f64,
    /// Who says that it is of that category.
    pub source: String,
}

impl Tunnel {
    /// Whether a tank of these goods may not pass (ADR 8.6.4). Where nobody says the category, it may.
    #[must_use]
    pub fn is_closed_to(&self, goods: &Goods) -> bool {
        self.category.is_some_and(|category| !goods.may_pass(category))
    }
}

/// A road between two junctions.
#[derive(Clone, Debug)]
pub struct Road {
    /// Number or name.
    pub name: String,
    /// What kind it is.
    pub class: RoadClass,
    /// Highest speed in km/h at which anybody drives here: the limit, or a cautious speed where no limit is known.
    pub limit_kmh: f64,
    /// The limit in km/h, where one is known.
    pub legal_limit_kmh: Option<f64>,
    /// Whether it leads only from `from` to `to`.
    pub one_way: bool,
    /// Where it begins.
    pub from: JunctionId,
    /// Where it ends.
    pub to: JunctionId,
    /// Its line, smoothed.
    pub line: Vec<Place>,
    /// Its length in metres.
    pub length_m: f64,
    /// The tunnel, if it is one from end to end.
    pub tunnel: Option<Tunnel>,
}

/// Junctions and roads.
#[derive(Clone, Debug)]
pub struct Network {
    junctions: Vec<Junction>,
    roads: Vec<Road>,
    leaving: Vec<Vec<RoadId>>,
}

impl Network {
    /// The built-in corridor between Antwerp and Rotterdam.
    ///
    /// # Errors
    /// When the built-in file is damaged, which the tests rule out.
    pub fn corridor() -> Result<Self, NetworkError> {
        Self::from_geojson(include_str!("corridor.geojson"))
    }

    /// Reads a network in the form of `corridor.geojson`.
    ///
    /// # Errors
    /// When the text is not such a file, or a road ends at an unknown junction.
    pub fn from_geojson(text: &str) -> Result<Self, NetworkError> {
        let file: File = serde_json::from_str(text)?;
        let mut network = Self { junctions: Vec::new(), roads: Vec::new(), leaving: Vec::new() };
        let mut by_id = HashMap::new();
        let mut drawn = Vec::new();
        for feature in file.features {
            match (feature.properties, feature.geometry) {
                (Properties::Junction { id, name, terminal }, Geometry::Point(point)) => {
                    by_id.insert(id.clone(), JunctionId(network.junctions.len()));
                    network.junctions.push(Junction { id, name, place: place(point), terminal });
                    network.leaving.push(Vec::new());
                }
                (Properties::Road(road), Geometry::LineString(line)) => drawn.push((road, line)),
                (Properties::Junction { name, .. } | Properties::Road(DrawnRoad { name, .. }), _) => {
                    return Err(NetworkError::Geometry(name));
                }
            }
        }
        for (road, line) in drawn {
            let end = |junction: &String| {
                by_id
                    .get(junction)
                    .copied()
                    .ok_or_else(|| NetworkError::NoSuchJunction { road: road.name.clone(), junction: junction.clone() })
            };
            let (from, to) = (end(&road.from)?, end(&road.to)?);
            let line = geometry::smooth(&line.into_iter().map(place).collect::<Vec<_>>(), 3);
            network.add(Road {
                length_m: geometry::length_m(&line),
                name: road.name,
                class: road.road_class,
                limit_kmh: road.limit_kmh,
                legal_limit_kmh: Some(road.limit_kmh),
                one_way: road.one_way,
                from,
                to,
                line,
                tunnel: road.tunnel,
            });
        }
        Ok(network)
    }

    /// A network out of junctions and the roads between them.
    #[must_use]
    pub fn from_parts(junctions: Vec<Junction>, roads: Vec<Road>) -> Self {
        let leaving = vec![Vec::new(); junctions.len()];
        let mut network = Self { junctions, roads, leaving };
        for index in 0..network.roads.len() {
            network.connect(RoadId(index));
        }
        network
    }

    /// Makes a junction a place where tankers load and unload, under this name.
    pub fn make_terminal(&mut self, junction: JunctionId, name: &str) {
        if let Some(junction) = self.junctions.get_mut(junction.0) {
            junction.terminal = true;
            name.clone_into(&mut junction.name);
        }
    }

    fn add(&mut self, road: Road) {
        self.roads.push(road);
        self.connect(RoadId(self.roads.len() - 1));
    }

    /// Lets a road be found from the junctions where it can be entered.
    fn connect(&mut self, id: RoadId) {
        let Some(road) = self.roads.get(id.0) else { return };
        for end in [Some(road.from), (!road.one_way).then_some(road.to)].into_iter().flatten() {
            if let Some(leaving) = self.leaving.get_mut(end.0) {
                leaving.push(id);
            }
        }
    }

    /// All roads with their ids.
    pub fn roads(&self) -> impl Iterator<Item = (RoadId, &Road)> {
        self.roads.iter().enumerate().map(|(index, road)| (RoadId(index), road))
    }

    /// All junctions with their ids.
    pub fn junctions(&self) -> impl Iterator<Item = (JunctionId, &Junction)> {
        self.junctions.iter().enumerate().map(|(index, junction)| (JunctionId(index), junction))
    }

    /// The road with this id.
    #[must_use]
    pub fn road(&self, id: RoadId) -> Option<&Road> {
        self.roads.get(id.0)
    }

    /// The junction with this short name.
    #[must_use]
    pub fn junction(&self, id: &str) -> Option<JunctionId> {
        self.junctions.iter().position(|junction| junction.id == id).map(JunctionId)
    }

    /// All tunnels with the roads that they are.
    pub fn tunnels(&self) -> impl Iterator<Item = (&Road, &Tunnel)> {
        self.roads.iter().filter_map(|road| road.tunnel.as_ref().map(|tunnel| (road, tunnel)))
    }

    fn leaving(&self, junction: JunctionId) -> &[RoadId] {
        self.leaving.get(junction.0).map_or(&[], Vec::as_slice)
    }
}

#[derive(Deserialize)]
struct File {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    properties: Properties,
    geometry: Geometry,
}

#[derive(Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
enum Properties {
    Junction {
        id: String,
        name: String,
        #[serde(default)]
        terminal: bool,
    },
    Road(DrawnRoad),
}

#[derive(Deserialize)]
struct DrawnRoad {
    name: String,
    road_class: RoadClass,
    limit_kmh: f64,
    from: String,
    to: String,
    #[serde(default)]
    one_way: bool,
    tunnel: Option<Tunnel>,
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometry {
    Point([f64; 2]),
    LineString(Vec<[f64; 2]>),
}

fn place([lon, lat]: [f64; 2]) -> Place {
    Place::new(lat, lon)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_corridor_is_whole() {
        let network = Network::corridor().unwrap();
        assert!(network.junctions().count() >= 40);
        for (_, road) in network.roads() {
            assert_eq!(road.line.first(), Some(&network.junctions[road.from.0].place), "{}", road.name);
            assert_eq!(road.line.last(), Some(&network.junctions[road.to.0].place), "{}", road.name);
            assert!((30.0..=100.0).contains(&road.limit_kmh), "{}", road.name);
            assert!(road.length_m > 50.0, "{}", road.name);
        }
    }

    #[test]
    fn every_tunnel_names_the_source_of_its_category() {
        let network = Network::corridor().unwrap();
        let category =
            |name: &str| network.tunnels().find(|(_, tunnel)| tunnel.name == name).map(|(_, tunnel)| tunnel.category);
        assert_eq!(category("Beneluxtunnel"), Some(Some(TunnelCategory::C)));
        assert_eq!(category("Botlektunnel"), Some(Some(TunnelCategory::D)));
        assert_eq!(category("Liefkenshoektunnel"), Some(Some(TunnelCategory::A)));
        for (road, tunnel) in network.tunnels() {
            assert!(tunnel.source.len() > 20, "{}", tunnel.name);
            assert!((500.0..1500.0).contains(&road.length_m), "{} is {} m long", tunnel.name, road.length_m);
        }
    }

    #[test]
    fn a_road_to_nowhere_is_refused_by_name() {
        let text = r#"{"features":[{"properties":{"what":"road","name":"A0","road_class":"motorway","limit_kmh":80,
            "from":"here","to":"there"},"geometry":{"type":"LineString","coordinates":[[4,51],[5,51]]}}]}"#;
        let error = Network::from_geojson(text).unwrap_err().to_string();
        assert!(error.contains("A0") && error.contains("here"), "{error}");
    }
}
