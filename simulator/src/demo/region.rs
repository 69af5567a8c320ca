//! The demo region: the road network and the zones over it.

use std::{collections::HashSet, sync::Arc};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    geometry::{Place, ribbon, touches},
    goods::{Goods, TunnelCategory},
    network::{Network, NetworkError, RoadId, osm::OsmMap, route::Path},
};

/// How far legal traffic keeps away from a prohibited zone, in metres; more than any receiver's error.
const KEEP_AWAY_M: f64 = 200.0;

/// Why the region cannot be made. Both files are built in, so the tests rule this out.
#[derive(Debug, thiserror::Error)]
pub enum RegionError {
    /// The network's file.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The zones' file.
    #[error("the demo's zones are not readable: {0}")]
    Zones(#[from] serde_json::Error),
}

/// What a zone means.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ZoneKind {
    /// Closed to the named cargo, by class; to all dangerous goods where none is named.
    Prohibited {
        /// Which cargo.
        cargo: Cargo,
    },
    /// A speed limit for the named cargo.
    SpeedLimit {
        /// Which cargo.
        cargo: Cargo,
        /// The limit in km/h.
        limit_kmh: f64,
    },
    /// The bore of a tunnel.
    #[serde(skip)]
    Tunnel {
        /// Its category.
        category: TunnelCategory,
    },
}

/// Which cargo a zone concerns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Cargo {
    /// Classes; none means all dangerous goods.
    #[serde(default)]
    pub classes: Vec<String>,
}

/// A zone of the demo.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    /// Its name, by which it is known again on a second run.
    pub name: String,
    /// What it means.
    pub kind: ZoneKind,
    /// Its outline, closed.
    pub ring: Vec<Place>,
}

impl Zone {
    /// The zone as the API takes it, in force since `valid_from` (RFC 3339).
    #[must_use]
    pub fn to_json(&self, valid_from: &str) -> Value {
        let ring: Vec<[f64; 2]> = self.ring.iter().map(|place| [place.lon, place.lat]).collect();
        let cargo = |cargo: &Cargo| json!({ "classes": cargo.classes, "un_numbers": [] });
        let mut zone = match &self.kind {
            ZoneKind::Prohibited { cargo: whom } => json!({ "kind": "prohibited", "cargo": cargo(whom) }),
            ZoneKind::SpeedLimit { cargo: whom, limit_kmh } => {
                json!({ "kind": "speed_limit", "cargo": cargo(whom), "limit_kmh": limit_kmh })
            }
            ZoneKind::Tunnel { category } => json!({ "kind": "tunnel", "category": category }),
        };
        if let Some(fields) = zone.as_object_mut() {
            fields.insert("name".into(), json!(self.name));
            fields.insert("area".into(), json!({ "type": "Polygon", "coordinates": [ring] }));
            fields.insert("valid_from".into(), json!(valid_from));
        }
        zone
    }
}

/// Roads and zones.
#[derive(Clone, Debug)]
pub struct Region {
    /// The roads.
    pub network: Arc<Network>,
    /// The zones: those drawn by hand, then one for each tunnel whose category is known.
    pub zones: Vec<Zone>,
    /// The map that the roads were read from, with the zones and routes it brings; none for the built-in region.
    pub map: Option<Arc<OsmMap>>,
}

impl Region {
    /// The built-in region.
    ///
    /// # Errors
    /// When a built-in file is damaged.
    pub fn corridor() -> Result<Self, RegionError> {
        let network = Network::corridor()?;
        let drawn: File = serde_json::from_str(include_str!("zones.geojson"))?;
        let mut zones: Vec<Zone> = drawn.features.into_iter().map(Feature::into_zone).collect();
        zones.extend(network.tunnels().filter_map(|(road, tunnel)| {
            let kind = ZoneKind::Tunnel { category: tunnel.category? };
            Some(Zone { name: tunnel.name.clone(), kind, ring: ribbon(&road.line, tunnel.width_m / 2.0) })
        }));
        Ok(Self { network: Arc::new(network), zones, map: None })
    }

    /// The region of a map.
    #[must_use]
    pub fn of_map(map: Arc<OsmMap>) -> Self {
        Self { network: Arc::clone(&map.network), zones: Vec::new(), map: Some(map) }
    }

    /// Every zone as the API takes it, in force since `valid_from` (RFC 3339).
    #[must_use]
    pub fn zone_bodies(&self, valid_from: &str) -> Vec<Value> {
        let of_map = self.map.iter().flat_map(|map| &map.zones).map(|zone| {
            let mut body = json!(zone);
            if let Some(fields) = body.as_object_mut() {
                fields.insert("valid_from".into(), json!(valid_from));
            }
            body
        });
        self.zones.iter().map(|zone| zone.to_json(valid_from)).chain(of_map).collect()
    }

    /// Every approved route as the API takes it.
    #[must_use]
    pub fn route_bodies(&self) -> Vec<Value> {
        self.map.iter().flat_map(|map| &map.routes).map(|route| json!(route)).collect()
    }

    /// The roads that a law-abiding tank of these goods does not use: tunnels that are forbidden to it and, whatever it
    /// carries, roads near a prohibited zone. Of a map, the roads that it closes to them.
    #[must_use]
    pub fn forbidden_roads(&self, goods: &Goods) -> HashSet<RoadId> {
        let closed = |line: &[Place]| self.prohibited().any(|zone| touches(line, &zone.ring, KEEP_AWAY_M));
        let by_tunnel_or_zone = self
            .network
            .roads()
            .filter(|(_, road)| {
                road.tunnel.as_ref().is_some_and(|tunnel| tunnel.is_closed_to(goods)) || closed(&road.line)
            })
            .map(|(id, _)| id);
        by_tunnel_or_zone.chain(self.map.iter().flat_map(|map| map.closed_to(goods))).collect()
    }

    /// The zones that these goods may not be in, in a tank.
    pub fn forbidden_zones<'a>(&'a self, goods: &'a Goods) -> impl Iterator<Item = &'a Zone> {
        self.zones.iter().filter(|zone| match &zone.kind {
            ZoneKind::Prohibited { cargo } => {
                cargo.classes.is_empty() || cargo.classes.iter().any(|class| class == goods.class)
            }
            ZoneKind::Tunnel { category } => !goods.may_pass(*category),
            ZoneKind::SpeedLimit { .. } => false,
        })
    }

    /// The prohibited zones.
    pub fn prohibited(&self) -> impl Iterator<Item = &Zone> {
        self.zones.iter().filter(|zone| matches!(zone.kind, ZoneKind::Prohibited { .. }))
    }

    /// The path from junction to junction along the quickest ways that `forbidden` leaves open. `None` if there is no
    /// such way or no such junction.
    #[must_use]
    pub fn path_through(&self, junctions: &[&str], forbidden: &HashSet<RoadId>) -> Option<Path> {
        let mut legs = Vec::new();
        for (from, to) in junctions.iter().zip(junctions.iter().skip(1)) {
            let (from, to) = (self.network.junction(from)?, self.network.junction(to)?);
            legs.extend(self.network.route(from, to, &|road| !forbidden.contains(&road))?);
        }
        Some(self.network.path(&legs))
    }
}

#[derive(Deserialize)]
struct File {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    properties: Properties,
    geometry: Polygon,
}

#[derive(Deserialize)]
struct Properties {
    name: String,
    #[serde(flatten)]
    kind: ZoneKind,
}

#[derive(Deserialize)]
struct Polygon {
    coordinates: Vec<Vec<[f64; 2]>>,
}

impl Feature {
    fn into_zone(self) -> Zone {
        let outer = self.geometry.coordinates.into_iter().next().unwrap_or_default();
        let ring = outer.into_iter().map(|[lon, lat]| Place::new(lat, lon)).collect();
        Zone { name: self.properties.name, kind: self.properties.kind, ring }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        geometry::{inside, pairs},
        goods::{FLEET, PETROL},
    };

    #[test]
    fn every_ring_is_closed_and_counter_clockwise() {
        for zone in Region::corridor().unwrap().zones {
            assert_eq!(zone.ring.first(), zone.ring.last(), "{}", zone.name);
            let doubled_area: f64 = pairs(&zone.ring).map(|(a, b)| a.lon * b.lat - b.lon * a.lat).sum();
            assert!(doubled_area > 0.0, "{}", zone.name);
        }
    }

    #[test]
    fn zones_are_told_as_the_api_takes_them() {
        let region = Region::corridor().unwrap();
        let told: Vec<Value> = region.zones.iter().map(|zone| zone.to_json("2026-01-01T00:00:00Z")).collect();
        let of_kind = |kind: &str| told.iter().filter(|zone| zone["kind"] == kind).count();
        assert_eq!((of_kind("prohibited"), of_kind("speed_limit"), of_kind("tunnel")), (1, 2, 11));
        let benelux = told.iter().find(|zone| zone["name"] == "Beneluxtunnel").unwrap();
        assert_eq!((&benelux["category"], &benelux["area"]["type"]), (&json!("C"), &json!("Polygon")));
        assert_eq!(told[0]["cargo"], json!({ "classes": ["3"], "un_numbers": [] }));
    }

    #[test]
    fn a_map_brings_its_zones_and_closes_its_roads() {
        let region = Region::of_map(Arc::new(crate::network::osm::small_map()));
        let told = region.zone_bodies("2026-01-01T00:00:00Z");
        let names: Vec<&str> = told.iter().map(|zone| zone["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["Twijfeltunnel", "No dangerous goods: Straße (way 18)"]);
        assert!(told.iter().all(|zone| zone["valid_from"] == "2026-01-01T00:00:00Z"));
        let forbidden = |goods| {
            let roads = region.forbidden_roads(goods);
            region.network.roads().filter(|(id, _)| roads.contains(id)).map(|(_, road)| road.name.clone()).collect()
        };
        let to_petrol: Vec<String> = forbidden(&PETROL);
        assert_eq!(to_petrol, ["Straße", "Straße"]);
        let to_lpg: Vec<String> = forbidden(&crate::goods::LPG);
        assert_eq!(to_lpg, ["A9", "A9", "Straße", "Straße"]);
    }

    #[test]
    fn roads_in_a_speed_zone_have_no_higher_limit_than_the_zone() {
        let region = Region::corridor().unwrap();
        for zone in &region.zones {
            let ZoneKind::SpeedLimit { limit_kmh, .. } = zone.kind else { continue };
            let touched: Vec<_> =
                region.network.roads().filter(|(_, road)| touches(&road.line, &zone.ring, 15.0)).collect();
            assert!(!touched.is_empty(), "{} is on no road", zone.name);
            for (_, road) in touched {
                assert!(road.limit_kmh <= limit_kmh, "{} in {}", road.name, zone.name);
            }
        }
    }

    #[test]
    fn no_road_but_the_tunnel_and_its_approaches_comes_near_a_tunnel() {
        let region = Region::corridor().unwrap();
        for (bore, tunnel) in region.network.tunnels() {
            let zone = region.zones.iter().find(|zone| zone.name == tunnel.name).unwrap();
            assert!(bore.line.iter().all(|place| inside(&zone.ring, *place)));
            for (_, road) in region.network.roads() {
                let meets = [road.from, road.to].iter().any(|end| [bore.from, bore.to].contains(end));
                assert!(
                    meets || !touches(&road.line, &zone.ring, 60.0),
                    "{} is too near to {}",
                    road.name,
                    tunnel.name
                );
            }
        }
    }

    #[test]
    fn every_cargo_of_the_fleet_has_many_legal_trips() {
        let region = Region::corridor().unwrap();
        for goods in &FLEET {
            let forbidden = region.forbidden_roads(goods);
            for terminal in ["maasvlakte", "botlek", "pernis", "dordrecht", "breda", "gorinchem-depot", "kallo"] {
                let path = region.path_through(&["moerdijk", terminal], &forbidden);
                assert!(path.is_some(), "no way from Moerdijk to {terminal} with {}", goods.name);
            }
        }
        assert!(region.forbidden_zones(&PETROL).any(|zone| zone.name == "Botlektunnel"));
        assert!(!region.forbidden_zones(&PETROL).any(|zone| zone.name == "Beneluxtunnel"));
    }
}
