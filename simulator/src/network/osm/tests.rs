//! Stories of maps: what is drawn, what becomes of it.

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

#[test]
fn a_one_way_street_is_driven_one_way_only() {
    let map = Drawn::new().way(1, &[0, 5], &[PRIMARY, ("oneway", "yes")]).way(2, &[5, 55, 50, 0], &[PRIMARY]).read();
    assert!((drive(&map, 0, 5).length_m() - 500.0).abs() < 2.0);
    assert!((drive(&map, 5, 0).length_m() - 1500.0).abs() < 5.0, "back it goes the long way round");
}

#[test]
fn a_roundabout_is_driven_in_its_direction() {
    let map = Drawn::new()
        .way(1, &[44, 54, 55, 45, 44], &[PRIMARY, ("junction", "roundabout")])
        .way(2, &[44, 4], &[PRIMARY])
        .way(3, &[45, 5], &[PRIMARY])
        .read();
    assert!((drive(&map, 5, 4).length_m() - 900.0).abs() < 4.0, "{}", drive(&map, 5, 4).length_m());
    assert!((drive(&map, 4, 5).length_m() - 1100.0).abs() < 4.0, "{}", drive(&map, 4, 5).length_m());
}

#[test]
fn ways_meet_where_they_share_a_node_and_nowhere_else() {
    let crossing = Drawn::new().way(1, &[50, 55, 59], &[PRIMARY]).way(2, &[5, 55, 95], &[PRIMARY]);
    assert_eq!(crossing.read().network.roads().count(), 4);
    let bridge = Drawn::new().ring().way(2, &[50, 59], &[PRIMARY]).way(3, &[5, 95], &[PRIMARY]);
    assert_eq!(bridge.read().network.junctions().filter(|(_, one)| one.id == "osm-5").count(), 0);
}

#[test]
fn only_the_part_that_leads_everywhere_and_back_is_kept() {
    let map = Drawn::new()
        .ring()
        .way(1, &[11, 15], &[PRIMARY])
        .way(2, &[15, 19], &[PRIMARY, ("oneway", "yes")])
        .way(3, &[91, 95, 99], &[PRIMARY])
        .read();
    let ids: Vec<&str> = map.network.junctions().map(|(_, junction)| junction.id.as_str()).collect();
    assert!(ids.contains(&"osm-11") && ids.contains(&"osm-15"), "{ids:?}");
    assert!(!ids.contains(&"osm-19") && !ids.contains(&"osm-91"), "{ids:?}");
}

#[test]
fn a_bollard_and_the_border_of_the_extract_end_a_road() {
    let mut drawn = Drawn::new().ring().way(1, &[11, 22, 33], &[PRIMARY]).way(2, &[88, 1000, 77], &[PRIMARY]);
    drawn.map.node(1001, HERE.moved(250.0, 250.0), &[("barrier", "bollard")]);
    let drawn = drawn.way(3, &[22, 1001, 44], &[PRIMARY]);
    let map = drawn.read();
    let ids: Vec<&str> = map.network.junctions().map(|(_, junction)| junction.id.as_str()).collect();
    assert!(ids.contains(&"osm-33") && !ids.contains(&"osm-44") && !ids.contains(&"osm-77"), "{ids:?}");
    assert!(map.summary.to_table().contains("1 not in the file"), "{}", map.summary.to_table());
}

#[test]
fn a_limit_in_mph_is_driven_in_kmh_and_none_is_claimed_without_a_tag() {
    let map = Drawn::new()
        .way(1, &[11, 88], &[PRIMARY, ("maxspeed", "30 mph")])
        .way(2, &[88, 18], &[PRIMARY])
        .way(3, &[18, 11], &[("highway", "motorway"), ("oneway", "no"), ("maxspeed", "100"), ("maxspeed:hgv", "80")])
        .read();
    let limits: Vec<Option<f64>> = map.network.roads().map(|(_, road)| road.legal_limit_kmh).collect();
    let driven: Vec<f64> = map.network.roads().map(|(_, road)| road.limit_kmh).collect();
    assert!(limits[0].is_some_and(|kmh| (kmh - 48.28).abs() < 0.01), "{limits:?}");
    assert_eq!((limits[1], driven[1]), (None, 60.0));
    assert_eq!((limits[2], driven[2]), (Some(80.0), 80.0));
}

#[test]
fn limits_that_differ_by_direction_are_two_roads() {
    let tags = [PRIMARY, ("maxspeed:forward", "80"), ("maxspeed:backward", "50")];
    let map = Drawn::new().way(1, &[0, 5], &tags).read();
    assert_eq!(map.network.roads().count(), 2);
    assert_eq!(drive(&map, 0, 5).stretches[0].limit_kmh, 80.0);
    assert_eq!(drive(&map, 5, 0).stretches[0].limit_kmh, 50.0);
}

const TUNNEL: [(&str, &str); 4] =
    [("highway", "motorway"), ("tunnel", "yes"), ("tunnel:name", "Beneluxtunnel"), ("hazmat:adr_tunnel_cat", "C")];

#[test]
fn a_tunnel_of_two_ways_in_each_of_two_bores_becomes_one_corridor() {
    let mut drawn = Drawn::new().ring();
    for (id, east_m, north_m) in [
        (201, 0.0, 0.0),
        (202, 400.0, 0.0),
        (203, 800.0, 0.0),
        (204, 810.0, 30.0),
        (205, 300.0, 30.0),
        (206, 5.0, 30.0),
    ] {
        drawn.map.node(id, HERE.moved(east_m, north_m), &[]);
    }
    let map = drawn
        .way(1, &[201, 202], &TUNNEL)
        .way(2, &[202, 203], &TUNNEL)
        .way(3, &[204, 205], &TUNNEL)
        .way(4, &[205, 206], &TUNNEL)
        .read();
    let zones = bodies(&map);
    let [zone] = zones.as_slice() else { panic!("{zones:?}") };
    assert_eq!(
        (&zone["name"], &zone["kind"], &zone["category"]),
        (&json!("Beneluxtunnel"), &json!("tunnel"), &json!("C"))
    );
    assert_eq!((&zone["area"]["type"], &zone["group"]), (&json!("Corridor"), &Value::Null));
    let half_width_m = zone["area"]["half_width_m"].as_f64().unwrap();
    assert!((20.0..30.0).contains(&half_width_m), "{half_width_m}");
    let lat = zone["area"]["path"][0][1].as_f64().unwrap();
    assert!((lat - HERE.moved(0.0, 15.0).lat).abs() < 1e-5, "the line runs between the bores");
}

#[test]
fn an_untagged_tunnel_is_a_tunnel_without_a_zone() {
    let map = Drawn::new()
        .ring()
        .way(1, &[11, 55], &[PRIMARY, ("tunnel", "yes"), ("name", "Onderdoorgang")])
        .way(2, &[55, 88], &[PRIMARY])
        .read();
    assert!(map.zones.is_empty());
    let tunnels: Vec<_> = map.network.tunnels().map(|(_, tunnel)| (tunnel.name.as_str(), tunnel.category)).collect();
    assert_eq!(tunnels, [("Onderdoorgang", None)]);
    assert!(drive(&map, 11, 88).stretches.iter().any(|stretch| stretch.tunnel.is_some()), "no signal in there");
    let [note] = map.summary.left_out.as_slice() else { panic!("{:?}", map.summary.left_out) };
    assert_eq!((note.way, note.why), (1, "no tag says its category"));
}

#[test]
fn a_closed_road_becomes_a_prohibited_zone_and_is_known_as_closed() {
    let map = Drawn::new()
        .ring()
        .way(1, &[11, 55], &[PRIMARY, ("name", "Dorpsstraat"), ("hazmat", "no")])
        .way(2, &[55, 88], &[PRIMARY, ("name", "Dorpsstraat"), ("hazmat", "no")])
        .read();
    let zones = bodies(&map);
    let [zone] = zones.as_slice() else { panic!("{zones:?}") };
    assert_eq!(zone["name"], "No dangerous goods: Dorpsstraat (way 1)");
    assert_eq!((&zone["kind"], &zone["cargo"]), (&json!("prohibited"), &json!({ "classes": [], "un_numbers": [] })));
    assert_eq!(zone["dwell_s"], 10);
    assert_eq!((map.closed_to(&PETROL).len(), map.closed_to(&CHLORINE).len()), (2, 2));
    let inside: Vec<&Value> = zone["area"]["path"].as_array().unwrap().iter().collect();
    assert!(inside[0][1].as_f64().unwrap() > grid(11).lat + 1e-4, "it begins beyond the junction");
}

#[test]
fn water_protection_closes_a_road_to_what_the_caller_says_pollutes_water() {
    let drawn = Drawn::new().ring().way(1, &[11, 55, 88], &[PRIMARY, ("hazmat:water", "no")]);
    let map = drawn.read();
    assert_eq!(bodies(&map)[0]["cargo"], json!({ "classes": [], "un_numbers": ["3077", "3082"] }));
    assert_eq!(map.closed_to(&PETROL).len(), 0);
    let water_polluting = MapCargo { classes: vec!["3".into()], un_numbers: vec![] };
    let map = drawn.read_with(&MapOptions { water_polluting, ..MapOptions::default() });
    assert_eq!(bodies(&map)[0]["cargo"]["classes"], json!(["3"]));
    assert_eq!(map.closed_to(&PETROL).len(), 1);
}

#[test]
fn a_nightly_ban_needs_the_time_zone_and_then_has_a_schedule() {
    let nightly = [PRIMARY, ("hazmat:conditional", "no @ (22:00-06:00)")];
    let drawn = Drawn::new().ring().way(1, &[11, 55, 88], &nightly);
    let map = drawn.read();
    assert!(map.zones.is_empty());
    assert!(map.summary.left_out[0].why.contains("time zone"), "{:?}", map.summary.left_out);
    let time_zone = Some("Europe/Amsterdam".into());
    let map = drawn.read_with(&MapOptions { time_zone, ..MapOptions::default() });
    let every_day = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let expected = json!({
        "time_zone": "Europe/Amsterdam",
        "windows": [{ "days": every_day, "from": "22:00", "to": "06:00" }],
    });
    assert_eq!(bodies(&map)[0]["schedule"], expected);
}

#[test]
fn a_tunnel_can_be_stricter_by_day() {
    let mut tags = TUNNEL.to_vec();
    tags.push(("hazmat:E:conditional", "no @ (04:00-23:00)"));
    let drawn = Drawn::new().ring().way(1, &[11, 55, 88], &tags);
    let map = drawn.read_with(&MapOptions { time_zone: Some("Europe/London".into()), ..MapOptions::default() });
    let zone = &bodies(&map)[0];
    assert_eq!((&zone["category"], &zone["by_time"][0]["category"]), (&json!("C"), &json!("E")));
    assert_eq!(zone["by_time"][0]["schedule"]["windows"][0]["from"], "04:00");
}

#[test]
fn limits_become_zones_only_if_asked_for() {
    let drawn = Drawn::new()
        .way(1, &[11, 81], &[PRIMARY, ("ref", "N1"), ("maxspeed", "50")])
        .way(2, &[81, 88], &[PRIMARY, ("ref", "N1"), ("maxspeed", "50")])
        .way(3, &[88, 11], &[PRIMARY, ("ref", "N1"), ("maxspeed", "20 mph")]);
    assert!(drawn.read().zones.is_empty());
    let zones = bodies(&drawn.read_with(&MapOptions { limits: true, ..MapOptions::default() }));
    let limits: Vec<&Value> = zones.iter().map(|zone| &zone["limit_kmh"]).collect();
    assert_eq!(limits, [&json!(32.2), &json!(50.0)]);
    assert_eq!(zones[1]["name"], "50 km/h: N1 (way 1)");
}

#[test]
fn a_designated_road_is_a_route() {
    let designated = [PRIMARY, ("ref", "A15"), ("hazmat", "designated")];
    let map = Drawn::new().ring().way(5, &[11, 44], &designated).way(6, &[44, 88], &designated).read();
    let [route] = map.routes.as_slice() else { panic!("{:?}", map.routes) };
    let body = serde_json::to_value(route).unwrap();
    assert_eq!(
        (&body["name"], &body["path"]["type"]),
        (&json!("For dangerous goods: A15 (way 5)"), &json!("LineString"))
    );
    assert_eq!(body["path"]["coordinates"].as_array().map(Vec::len), Some(3));
}

#[test]
fn filling_stations_are_where_tankers_unload() {
    let mut drawn = Drawn::new().ring().way(1, &[11, 55, 88], &[PRIMARY]);
    drawn.map.node(500, grid(11).moved(30.0, 0.0), &[("amenity", "fuel"), ("brand", "Q8")]);
    let map = drawn.way(7, &[88, 98, 99, 88], &[("industrial", "refinery"), ("name", "Botlek")]).read();
    let names = map.network.junctions().filter(|(_, junction)| junction.terminal).map(|(_, one)| one.name.clone());
    let mut names: Vec<String> = names.collect();
    names.sort();
    assert_eq!(names, ["Botlek (refinery)", "Q8 (filling station)"]);
}

#[test]
fn nobody_unloads_where_a_closed_road_runs() {
    let mut drawn = Drawn::new().ring().way(1, &[11, 55], &[PRIMARY, ("hazmat", "no")]).way(2, &[55, 88], &[PRIMARY]);
    drawn.map.node(500, grid(81), &[("amenity", "fuel"), ("name", "East")]);
    drawn.map.node(501, grid(18), &[("amenity", "fuel"), ("name", "North")]);
    drawn.map.node(502, grid(55), &[("amenity", "fuel"), ("name", "Middle")]);
    // Where the stations stand roads must meet, because a terminal is a junction.
    let map = drawn.way(3, &[81, 80], &[PRIMARY]).way(4, &[18, 8], &[PRIMARY]).read();
    let mut names: Vec<&str> =
        map.network.junctions().filter(|(_, one)| one.terminal).map(|(_, one)| one.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["East (filling station)", "North (filling station)"]);
}

#[test]
fn a_plainly_written_file_reads_the_same() {
    let mut drawn = Drawn::new().ring().way(1, &[11, 55, 88], &TUNNEL);
    drawn.map.relation(1, &[("type", "restriction"), ("restriction", "no_left_turn")]);
    let packed = drawn.read();
    let plain = drawn.plainly().read();
    assert_eq!(bodies(&packed), bodies(&plain));
    assert_eq!(packed.network.roads().count(), plain.network.roads().count());
    assert!(plain.summary.to_table().contains("1 restrictions of turns"), "{}", plain.summary.to_table());
}

#[test]
fn a_broken_file_is_told_by_name_place_and_fault() {
    let drawn = Drawn::new().ring();
    let path = drawn.save();
    let whole = std::fs::read(&path).unwrap();
    let told = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        let message = OsmMap::read(&path, &MapOptions::default()).unwrap_err().to_string();
        assert!(message.contains("map.osm.pbf"), "{message}");
        message
    };
    assert!(told(&whole[..whole.len() - 10]).contains("ends 10 bytes too early"));
    assert!(told(&[&whole[..], &[0, 0]].concat()).contains("in the middle of a blob's header"));
    assert!(told(b"<?xml version='1.0'?><osm/>").contains("wanted is a whole .osm.pbf file"));
    assert!(told(b"").contains("no header"));
    let mut otherwise_packed = Drawn::new().ring().plainly().map.bytes();
    let data = otherwise_packed.windows(7).position(|seven| seven == b"OSMData").unwrap();
    let raw = data + otherwise_packed[data..].iter().position(|byte| *byte == 0x0a).unwrap();
    // Field 4 of a blob is what LZMA made.
    otherwise_packed[raw] = 0x22;
    assert!(told(&otherwise_packed).contains("compressed otherwise than by zlib"));
    let mut damaged = whole;
    let middle = damaged.len() - 40;
    damaged[middle] ^= 0xff;
    assert!(told(&damaged).contains("not readable at byte"));
    std::fs::remove_file(&path).unwrap();
    let missing = OsmMap::read(&path, &MapOptions::default()).unwrap_err().to_string();
    assert!(missing.contains("map.osm.pbf") && missing.contains("cannot be opened"), "{missing}");
}

#[test]
fn a_file_with_history_and_a_map_without_roads_are_refused_with_the_reason() {
    let mut drawn = Drawn::new().ring();
    drawn.map.features.push("HistoricalInformation");
    let message = OsmMap::read(&drawn.save(), &MapOptions::default()).unwrap_err().to_string();
    assert!(message.contains("HistoricalInformation"), "{message}");
    let footpaths = Drawn::new().way(1, &[0, 1], &[("highway", "footway")]);
    let message = OsmMap::read(&footpaths.save(), &MapOptions::default()).unwrap_err().to_string();
    assert!(message.contains("of 1 ways with a highway tag, 0 are roads"), "{message}");
}

#[test]
fn a_file_of_another_writer_reads_as_it_was_meant() {
    let map = small_map();
    assert_eq!((map.network.junctions().count(), map.network.roads().count()), (12, 13));
    let zones = bodies(&map);
    let told: Vec<(&Value, &Value)> = zones.iter().map(|zone| (&zone["name"], &zone["kind"])).collect();
    let (tunnel, closed) = (json!("Twijfeltunnel"), json!("No dangerous goods: Straße (way 18)"));
    assert_eq!(told, [(&tunnel, &json!("tunnel")), (&closed, &json!("prohibited"))]);
    assert_eq!(zones[0]["category"], "C");
    let slow = map.network.roads().find(|(_, road)| road.name == "Straße").unwrap().1;
    assert!(slow.legal_limit_kmh.is_some_and(|kmh| (kmh - 48.28).abs() < 0.01));
    assert!((drive(&map, 1, 4).length_m() - 2059.0).abs() < 5.0, "{}", drive(&map, 1, 4).length_m());
    assert!(map.network.junction("osm-9876543210").is_some());
    let table = map.summary.to_table();
    assert!(table.contains("14 nodes, 12 ways, 1 relations") && table.contains("libosmium"), "{table}");
}

#[test]
fn who_obeys_keeps_off_the_road_beside_a_closed_one_and_still_crosses_it() {
    let mut drawn = Drawn::new().ring().way(1, &[14, 84], &[PRIMARY, ("name", "Dorpsstraat"), ("hazmat", "no")]);
    drawn.map.node(300, grid(14).moved(0.0, 12.0), &[]);
    drawn.map.node(301, grid(84).moved(0.0, 12.0), &[]);
    let map = drawn
        .way(2, &[11, 14, 300, 18], &[PRIMARY])
        .way(3, &[300, 301], &[PRIMARY, ("name", "Ventweg")])
        .way(4, &[81, 84, 301, 88], &[PRIMARY])
        .way(5, &[51, 58], &[PRIMARY, ("name", "Viaduct"), ("maxspeed", "50")])
        .way(6, &[11, 51, 81], &[PRIMARY])
        .way(7, &[18, 58, 88], &[PRIMARY])
        .read();
    let closed: std::collections::BTreeSet<&str> = map
        .closed_to(&PETROL)
        .into_iter()
        .filter_map(|road| map.network.road(road))
        .map(|road| road.name.as_str())
        .collect();
    assert_eq!(closed.into_iter().collect::<Vec<_>>(), ["Dorpsstraat", "Ventweg"]);
}
