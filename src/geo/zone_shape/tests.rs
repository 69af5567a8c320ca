use ::geo::{Destination, Distance, Geodesic, GeodesicArea, Point};
use proptest::prelude::*;

use super::*;
use crate::geo::{PreparedArea, check_area, coord_of, shapes::place};

fn circle_json(lon: f64, lat: f64, radius_m: f64) -> Value {
    json!({ "type": "Circle", "center": [lon, lat], "radius_m": radius_m })
}

fn refusal(shape: &Value) -> String {
    shape_and_area(shape).unwrap_err().to_string()
}

#[test]
fn shapes_are_written_as_they_were_read() {
    let shapes = [
        circle_json(4.3, 51.3, 500.0),
        json!({ "type": "Corridor", "path": [[4.3, 51.3], [4.4, 51.4]], "half_width_m": 50.5 }),
        json!({ "type": "Polygon", "coordinates": [[[4.0, 51.0], [5.0, 51.0], [5.0, 52.0], [4.0, 51.0]]] }),
    ];
    for shape in shapes {
        let (read, area) = shape_and_area(&shape).unwrap();
        assert_eq!(read.to_json(), shape);
        assert_eq!(check_area(&area), Ok(()), "{shape}");
    }
    let past = ZoneShape::from_json(&circle_json(181.0, 51.3, 500.0)).unwrap();
    assert_eq!(past.to_json(), circle_json(-179.0, 51.3, 500.0));
}

#[test]
fn a_refusal_names_the_member() {
    let cases = [
        (json!({ "type": "Ellipse" }), "type: must be a Polygon, MultiPolygon, Circle or Corridor, not \"Ellipse\""),
        (
            json!({ "type": "Circle", "center": [4.3, 51.3] }),
            "radius_m: must be metres from 1 to 5000000, not null or missing",
        ),
        (circle_json(4.3, 51.3, 0.5), "radius_m: must be metres from 1 to 5000000, not 0.5"),
        (
            circle_json(51.3, 94.3, 5.0),
            "center: the position is outside latitude -90…90 or longitude -180…180 (up to ±360 for what goes on past the \
             antimeridian), at longitude 51.3, latitude 94.3",
        ),
        (
            json!({ "type": "Circle", "center": [4.3], "radius_m": 5 }),
            "center: must be a position, [longitude, latitude] in degrees, not an array of 1",
        ),
        (
            json!({ "type": "Circle", "center": [4.3, 51.3], "radius": 5, "radius_m": 5 }),
            "radius: a Circle has no such member; it has type, center, radius_m",
        ),
        (
            json!({ "type": "Corridor", "path": [[4, 51], [4, 51]], "half_width_m": 50 }),
            "path: a path needs at least two different positions; for one place there is the Circle",
        ),
        (
            json!({ "type": "Corridor", "path": [[4, 51], [4, "x"]], "half_width_m": 50 }),
            "path[1][1]: must be a number of degrees, not \"x\"",
        ),
        (
            json!({ "type": "Corridor", "path": [[0, 0], [120, 0], [-120, 0]], "half_width_m": 50 }),
            "path: the corridor is longer than 10000 km, or goes too far round the earth: make it several zones",
        ),
    ];
    for (shape, message) in cases {
        assert_eq!(refusal(&shape), message);
    }
    let many: Vec<[f64; 2]> = (0..20_001_u32).map(|number| [4.0 + f64::from(number) * 1e-5, 51.0]).collect();
    let refused = refusal(&json!({ "type": "Corridor", "path": many, "half_width_m": 50 }));
    assert_eq!(refused, "path: the area has 20001 corners; at most 20000 are possible");
}

/// The place so far from another in a direction.
fn toward(from: Place, azimuth: f64, metres: f64) -> Place {
    let at = Geodesic.destination(Point::from(coord_of(from)), azimuth, metres);
    place(at.y().clamp(-90.0, 90.0), at.x().clamp(-180.0, 180.0))
}

fn centers() -> Vec<(Place, f64)> {
    vec![
        (place(51.3, 4.3), 1.0),
        (place(51.3, 4.3), 500.0),
        (place(51.3, 4.3), 100_000.0),
        (place(60.0, 30.0), 1_000_000.0),
        (place(0.0, 0.0), 3_000.0),
        (place(-17.0, 179.999), 500.0),
        (place(-17.0, -180.0), 2_000.0),
        (place(66.0, -179.0), 300_000.0),
        (place(89.999, 20.0), 50.0),
        (place(89.999, 20.0), 111.7),
        (place(89.999, 20.0), 500.0),
        (place(-89.9, -179.9), 11_170.0),
        (place(-89.9, -100.0), 11_169.4),
        (place(90.0, 77.0), 500.0),
        (place(-90.0, 0.0), 500_000.0),
        (place(75.0, 100.0), 1_700_000.0),
        (place(-40.0, 170.0), 5_000_000.0),
    ]
}

#[test]
fn a_circle_holds_what_is_within_the_radius_and_nothing_beyond() {
    for (center, radius_m) in centers() {
        let shape = ZoneShape::Circle { center, radius_m };
        let area = shape.area().unwrap();
        assert_eq!(check_area(&area), Ok(()), "{shape:?}");
        let prepared = PreparedArea::new(&area);
        assert!(prepared.contains(center), "{shape:?}");
        for azimuth in (0..1440_u32).map(|quarter| f64::from(quarter) / 4.0) {
            for share in [0.01, 0.3, 0.8, 0.99, 0.999, 1.0] {
                assert!(prepared.contains(toward(center, azimuth, radius_m * share)), "{shape:?} {azimuth} {share}");
            }
            for share in [1.006, 1.1, 2.0] {
                let outside = toward(center, azimuth, radius_m * share + 0.002);
                assert!(!prepared.contains(outside), "{shape:?} {azimuth} {share}");
            }
        }
    }
}

#[test]
fn a_circle_is_as_large_as_a_circle() {
    for (center, radius_m) in centers().into_iter().filter(|(_, radius_m)| *radius_m < 200_000.0) {
        let area = ZoneShape::Circle { center, radius_m }.area().unwrap();
        // A sphere would do: the library measures straight geodesic edges, which those along a pole are not.
        if center.lat().abs() < 85.0 {
            let ratio = area.geodesic_area_unsigned() / (std::f64::consts::PI * radius_m * radius_m);
            assert!((0.999..1.01).contains(&ratio), "{center:?} {radius_m}: {ratio}");
        }
    }
}

#[test]
fn a_circle_has_few_corners_where_few_are_enough() {
    let corners = |center, radius_m| {
        let area = ZoneShape::Circle { center, radius_m }.area().unwrap();
        area.iter().map(|polygon| polygon.exterior().0.len() - 1).sum::<usize>()
    };
    assert_eq!(corners(place(51.3, 4.3), 500.0), 64);
    assert!(centers().into_iter().all(|(center, radius_m)| corners(center, radius_m) < 700));
}

/// Distance to the path by a walk along it.
fn walked_m(path: &[Place], from: Place, step_m: f64) -> f64 {
    let mut nearest = f64::INFINITY;
    for (one, other) in path.iter().zip(path.iter().skip(1)) {
        let way = crate::geo::Path::new(*one, *other);
        let steps = (way.length_bound_m() / step_m).ceil().max(1.0);
        let mut step = 0.0;
        while step <= steps {
            let at = way.place_at(step / steps);
            nearest = nearest.min(Geodesic.distance(Point::from(coord_of(at)), Point::from(coord_of(from))));
            step += 1.0;
        }
    }
    nearest
}

/// Compares a corridor with a walk along its path, at points around the places given.
fn check_corridor(path: &[Place], half_width_m: f64, around: &[Place], azimuth_step: usize) {
    let shape = ZoneShape::Corridor { path: path.to_vec(), half_width_m };
    let area = shape.area().unwrap_or_else(|error| panic!("{error} {shape:?}"));
    assert_eq!(check_area(&area), Ok(()), "{shape:?}");
    let prepared = PreparedArea::new(&area);
    for center in around {
        for azimuth in (0..360_u32).step_by(azimuth_step) {
            for share in [0.2, 0.9, 0.98, 1.0, 1.02, 1.1, 1.5, 2.5] {
                let at = toward(*center, f64::from(azimuth), half_width_m * share);
                // A walk in steps of a twentieth of the width is at most a thirtieth of a percent of it too long.
                let metres = walked_m(path, at, half_width_m / 20.0);
                let (inside, context) = (prepared.contains(at), format!("{shape:?} {at:?} {metres}"));
                assert!(inside || metres > half_width_m * 0.9996, "{context} is missed");
                assert!(!inside || metres <= half_width_m * 1.005 + 0.05, "{context} is too far");
            }
        }
    }
}

#[test]
fn a_corridor_holds_what_is_within_the_half_width() {
    let at = |points: &[(f64, f64)]| -> Vec<Place> { points.iter().map(|(lat, lon)| place(*lat, *lon)).collect() };
    let straight = at(&[(51.0, 4.0), (51.0, 4.02)]);
    check_corridor(&straight, 50.0, &straight, 15);
    let hairpin = at(&[(51.0, 4.0), (51.01, 4.02), (51.0001, 4.0001)]);
    check_corridor(&hairpin, 60.0, &hairpin, 15);
    let back_and_forth = at(&[(51.0, 4.0), (51.0, 4.02), (51.0, 4.0)]);
    check_corridor(&back_and_forth, 60.0, &back_and_forth, 15);
    let eight = at(&[(51.0, 4.0), (51.01, 4.01), (51.01, 4.0), (51.0, 4.01), (51.0, 4.0)]);
    check_corridor(&eight, 40.0, &eight, 15);
    let square = at(&[(51.0, 4.0), (51.0, 4.01), (51.01, 4.01), (51.01, 4.0), (51.0, 4.0)]);
    check_corridor(&square, 100.0, &square, 15);
    let across = at(&[(-17.0, 179.99), (-16.99, -179.99), (-17.01, -179.98)]);
    check_corridor(&across, 80.0, &across, 15);
    let over_the_pole = at(&[(89.998, 0.0), (90.0, 0.0), (89.998, 100.0)]);
    check_corridor(&over_the_pole, 50.0, &over_the_pole, 15);
    let round_the_pole = at(&[(-89.99, 0.0), (-89.99, 90.0), (-89.99, 180.0), (-89.99, -90.0), (-89.99, 0.0)]);
    check_corridor(&round_the_pole, 200.0, &round_the_pole, 20);
    let repeated = at(&[(51.0, 4.0), (51.0, 4.0), (51.0, 4.001), (51.0, 4.001)]);
    check_corridor(&repeated, 25.0, &repeated, 15);
}

#[test]
fn a_corridor_round_a_pole_leaves_the_pole_out() {
    let path = [0.0, 90.0, 180.0, -90.0, 0.0].map(|lon| place(89.9, lon)).to_vec();
    let area = ZoneShape::Corridor { path, half_width_m: 500.0 }.area().unwrap();
    let prepared = PreparedArea::new(&area);
    assert!(prepared.contains(place(89.9, 45.0)) && prepared.contains(place(89.9, -180.0)));
    assert!(!prepared.contains(place(90.0, 0.0)) && !prepared.contains(place(89.99, 45.0)));
    assert!(!prepared.contains(place(89.8, 45.0)));
}

#[test]
fn a_closed_corridor_has_a_hole() {
    let square = [(51.0, 4.0), (51.0, 4.1), (51.1, 4.1), (51.1, 4.0), (51.0, 4.0)];
    let path = square.map(|(lat, lon)| place(lat, lon)).to_vec();
    let area = ZoneShape::Corridor { path, half_width_m: 100.0 }.area().unwrap();
    assert_eq!((area.0.len(), area.0[0].interiors().len()), (1, 1));
    assert!(!PreparedArea::new(&area).contains(place(51.05, 4.05)));
}

#[test]
fn a_smooth_path_has_a_smooth_border() {
    let curve = |number: u32| {
        let angle = f64::from(number).to_radians();
        place(51.0 + 0.2 * angle.sin(), 4.0 + 0.3 * angle.cos())
    };
    let path: Vec<Place> = (0..180).map(curve).collect();
    let area = ZoneShape::Corridor { path, half_width_m: 50.0 }.area().unwrap();
    let corners = area.0[0].exterior().0.len() - 1;
    assert!(corners < 2 * 180 + 60, "{corners} corners");
}

#[test]
fn a_scribble_is_refused_before_it_costs_much() {
    let number = |number: u32| f64::from(number * 7919 % 1009) / 1009.0;
    let path: Vec<[f64; 2]> = (0..4000).map(|n| [4.0 + 0.03 * number(n), 51.0 + 0.03 * number(n * 3 + 1)]).collect();
    let started = std::time::Instant::now();
    let refused = refusal(&json!({ "type": "Corridor", "path": path, "half_width_m": 1 }));
    assert!(refused.contains("corners; at most 20000 are possible"), "{refused}");
    assert!(started.elapsed().as_secs_f64() < 5.0, "{:?}", started.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_path_has_a_valid_corridor_of_the_right_width(
        lat in prop_oneof![-60.0..60.0_f64, 89.98..89.9999_f64, -89.9999..-89.98_f64],
        lon in prop_oneof![-180.0..180.0_f64, Just(180.0), 179.999..180.0_f64],
        steps in prop::collection::vec((0.0..360.0_f64, 1.0..800.0_f64), 1..7), half_width_m in 5.0..300.0_f64,
    ) {
        let mut path = vec![place(lat, lon)];
        for (azimuth, metres) in steps {
            path.push(toward(path[path.len() - 1], azimuth, metres));
        }
        // Near a pole a way that is straight in degrees may go a long way round.
        let length_m: f64 = path.windows(2).map(|pair| crate::geo::Path::new(pair[0], pair[1]).length_bound_m()).sum();
        prop_assume!(length_m < 20_000.0);
        check_corridor(&path, half_width_m, &path, 60);
    }

    #[test]
    fn paths_on_a_grid_have_valid_corridors(
        corners in prop::collection::vec((0..5_u8, 0..5_u8), 2..14), half_width in 1..4_u8,
    ) {
        prop_assume!(corners.iter().any(|corner| *corner != corners[0]));
        let path: Vec<Place> =
            corners.iter().map(|(x, y)| place(51.0 + f64::from(*y) * 0.001, f64::from(*x) * 0.001)).collect();
        let half_width_m = f64::from(half_width) * 27.8;
        let shape = ZoneShape::Corridor { path: path.clone(), half_width_m };
        let area = shape.area();
        prop_assert!(area.is_ok(), "{:?} {:?}", shape, area);
        let area = area.unwrap();
        prop_assert_eq!(check_area(&area), Ok(()));
        let prepared = PreparedArea::new(&area);
        for place in &path {
            prop_assert!(prepared.contains(*place));
            prop_assert!(prepared.boundary_distance_m(*place) > half_width_m * 0.999);
        }
    }
}
