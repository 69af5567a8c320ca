//! What is driven on, in which direction, how fast, and where tankers stand.

use super::*;

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
