//! What tags about dangerous goods become.

use super::*;

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
