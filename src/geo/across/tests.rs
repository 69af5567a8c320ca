use ::geo::Contains;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::geo::{area_from_geojson, area_to_geojson};

fn read(coordinates: &Value) -> Result<MultiPolygon<f64>, String> {
    let geometry = json!({ "type": "Polygon", "coordinates": coordinates });
    area_from_geojson(&geometry).map_err(|error| error.to_string())
}

fn written(coordinates: &Value) -> Value {
    area_to_geojson(&read(coordinates).unwrap())["coordinates"].clone()
}

/// Around Fiji, cut in two as the RFC shows.
fn cut() -> Value {
    json!([
        [[[177.0, -20.0], [180.0, -20.0], [180.0, -15.0], [177.0, -15.0], [177.0, -20.0]]],
        [[[-180.0, -20.0], [-178.0, -20.0], [-178.0, -15.0], [-180.0, -15.0], [-180.0, -20.0]]]
    ])
}

/// The corners of each polygon, in whatever order they come.
fn corners(polygons: &Value) -> Vec<Vec<String>> {
    let rings = polygons.as_array().unwrap().iter().map(|polygon| polygon[0].as_array().unwrap());
    let mut polygons: Vec<Vec<String>> = rings.map(|ring| ring[1..].iter().map(Value::to_string).collect()).collect();
    polygons.iter_mut().for_each(|corners| corners.sort());
    polygons.sort();
    polygons
}

#[test]
fn an_area_over_the_antimeridian_may_be_given_cut_or_jumping_or_running_on() {
    let as_cut = json!({ "type": "MultiPolygon", "coordinates": cut() });
    assert_eq!(corners(&area_to_geojson(&area_from_geojson(&as_cut).unwrap())["coordinates"]), corners(&cut()));
    let jumping = json!([[[177.0, -20.0], [-178.0, -20.0], [-178.0, -15.0], [177.0, -15.0], [177.0, -20.0]]]);
    let running_on = json!([[[177.0, -20.0], [182.0, -20.0], [182.0, -15.0], [177.0, -15.0], [177.0, -20.0]]]);
    let westward = json!([[[-178.0, -20.0], [-178.0, -15.0], [-183.0, -15.0], [-183.0, -20.0], [-178.0, -20.0]]]);
    for given in [jumping, running_on, westward] {
        assert_eq!(corners(&written(&given)), corners(&cut()), "{given}");
    }
    let beyond = json!([[[181.0, 1.0], [182.0, 1.0], [182.0, 2.0], [181.0, 1.0]]]);
    assert_eq!(written(&beyond), json!([[[-179.0, 1.0], [-178.0, 1.0], [-178.0, 2.0], [-179.0, 1.0]]]));
}

#[test]
fn positions_on_the_antimeridian_are_no_trouble() {
    let with_both = json!([[
        [177.0, -20.0],
        [180.0, -20.0],
        [-180.0, -20.0],
        [-178.0, -20.0],
        [-178.0, -15.0],
        [-180.0, -15.0],
        [180.0, -15.0],
        [177.0, -15.0],
        [177.0, -20.0]
    ]]);
    assert_eq!(corners(&written(&with_both)), corners(&cut()));
    let touching = json!([[[178.0, 0.0], [181.0, 0.0], [180.0, 1.0], [181.0, 2.0], [178.0, 2.0], [178.0, 0.0]]]);
    let area = read(&touching).unwrap();
    assert_eq!(area.0.len(), 3, "{area:?}");
}

#[test]
fn holes_are_cut_along_or_stay_in_their_half() {
    let ring = |west: f64, south: f64, size: f64| {
        let (east, north) = (west + size, south + size);
        json!([[west, south], [east, south], [east, north], [west, north], [west, south]])
    };
    let area = read(&json!([ring(170.0, 0.0, 20.0), ring(171.0, 1.0, 2.0), ring(-175.0, 5.0, 2.0)])).unwrap();
    let holes: Vec<usize> = area.iter().map(|polygon| polygon.interiors().len()).collect();
    assert_eq!(holes, [1, 1]);
    let through = read(&json!([ring(170.0, 0.0, 20.0), ring(179.0, 5.0, 2.0)])).unwrap();
    assert_eq!(through.0.len(), 2);
    let inside = |x: f64, y: f64| through.contains(&::geo::Point::new(x, y));
    assert!(inside(179.5, 4.0) && inside(179.5, 8.0) && inside(-179.5, 8.0) && inside(178.0, 6.0));
    assert!(!inside(179.5, 6.0) && !inside(-179.5, 6.0));
    let beside = read(&json!([ring(170.0, 0.0, 20.0), ring(178.0, 5.0, 2.0)])).unwrap();
    assert!(!beside.contains(&::geo::Point::new(179.0, 6.0)) && beside.contains(&::geo::Point::new(177.0, 6.0)));
}

#[test]
fn a_ring_round_the_earth_encloses_its_pole() {
    let antarctic = read(&json!([[[-120.0, -70.0], [0.0, -60.0], [120.0, -70.0], [-120.0, -70.0]]])).unwrap();
    assert_eq!(antarctic.0.len(), 1);
    let inside = |x: f64, y: f64| antarctic.contains(&::geo::Point::new(x, y));
    assert!(inside(0.0, -61.0) && inside(179.0, -89.0) && inside(-179.0, -71.0));
    assert!(!inside(0.0, -59.0) && !inside(179.0, -69.0) && !inside(0.0, 80.0));
    let other_way = read(&json!([[[-120.0, -70.0], [120.0, -70.0], [0.0, -60.0], [-120.0, -70.0]]])).unwrap();
    assert_eq!(
        corners(&area_to_geojson(&other_way)["coordinates"]),
        corners(&area_to_geojson(&antarctic)["coordinates"])
    );
    let arctic = read(&json!([
        [[0.0, 80.0], [120.0, 80.0], [-120.0, 80.0], [0.0, 80.0]],
        [[10.0, 85.0], [10.0, 86.0], [20.0, 86.0], [10.0, 85.0]]
    ]));
    assert_eq!(arctic.unwrap().0[0].interiors().len(), 1);
}

#[test]
fn a_pole_may_be_reached_by_an_edge_along_it() {
    let as_drawn_by_atlases = json!([[
        [-180.0, -80.0],
        [-90.0, -70.0],
        [90.0, -75.0],
        [180.0, -80.0],
        [180.0, -90.0],
        [-180.0, -90.0],
        [-180.0, -80.0]
    ]]);
    assert_eq!(read(&as_drawn_by_atlases).unwrap().0.len(), 1);
}

#[test]
fn what_cannot_be_meant_is_refused_at_its_place() {
    let refused = |coordinates: Value, start: &str| {
        let error = read(&coordinates).unwrap_err();
        assert!(error.starts_with(start), "{error}");
    };
    let band = json!([[[-180.0, -60.0], [180.0, -60.0], [180.0, 60.0], [-180.0, 60.0], [-180.0, -60.0]]]);
    refused(band, "coordinates[0][0]: the edge spans more than 180°");
    let too_wide = json!([[[-10.0, 0.0], [190.0, 0.0], [190.0, 5.0], [-10.0, 0.0]]]);
    refused(too_wide, "coordinates[0][0]: the edge spans more than 180°");
    let equator = json!([[[-120.0, 5.0], [0.0, -5.0], [120.0, 5.0], [-120.0, 5.0]]]);
    refused(equator, "coordinates[0][1]: the ring goes round the earth");
    let bow_tie = json!([[[179.0, 0.0], [-179.0, 2.0], [-179.0, 0.0], [179.0, 2.0], [179.0, 0.0]]]);
    refused(bow_tie, "coordinates[0][0]: the ring crosses or touches itself");
    let crossing_round = json!([[
        [-120.0, 70.0],
        [0.0, 60.0],
        [100.0, 70.0],
        [50.0, 75.0],
        [50.0, 55.0],
        [150.0, 55.0],
        [-120.0, 70.0]
    ]]);
    refused(crossing_round, "coordinates[0][1]: the ring crosses or touches itself");
    let far = json!([[[361.0, 0.0], [362.0, 0.0], [362.0, 1.0], [361.0, 0.0]]]);
    refused(far, "coordinates[0][0]: the position is outside");
    let overlapping = json!({ "type": "MultiPolygon", "coordinates": [
        [[[179.0, 0.0], [-179.0, 0.0], [-179.0, 2.0], [179.0, 0.0]]],
        [[[-179.8, 0.1], [-179.0, 0.1], [-179.0, 3.0], [-179.8, 0.1]]]
    ]});
    let error = area_from_geojson(&overlapping).unwrap_err().to_string();
    assert!(error.starts_with("coordinates[0][0][") && error.contains("two polygons of the area overlap"), "{error}");
}

/// A star around a centre, with a hole, in longitudes that run on.
fn star() -> impl Strategy<Value = (f64, f64, Vec<f64>)> {
    (-185.0..185.0_f64, -60.0..60.0_f64, prop::collection::vec(2.0..20.0_f64, 3..30))
}

fn ring(x: f64, y: f64, radii: &[f64]) -> Vec<Coord<f64>> {
    let mut ring: Vec<Coord<f64>> = (0..radii.len())
        .map(|number| {
            #[expect(clippy::cast_precision_loss, reason = "a few corners")]
            let angle = number as f64 / radii.len() as f64 * std::f64::consts::TAU;
            Coord { x: x + radii[number] * angle.cos(), y: y + radii[number] * angle.sin() }
        })
        .collect();
    ring.push(ring[0]);
    ring
}

proptest! {
    #[test]
    fn a_star_moved_over_the_antimeridian_stays_the_same_star(
        (x, y, radii) in star(), points in prop::collection::vec((-22.0..22.0_f64, -22.0..22.0_f64), 50),
    ) {
        let hole_radii: Vec<f64> = radii.iter().map(|radius| radius / 3.0).collect();
        let rings = [ring(x, y, &radii), ring(x, y, &hole_radii)];
        let plain = GivenPolygon(rings.to_vec()).as_given();
        let jumping = rings.clone().map(|ring| {
            ring.iter().map(|at| Coord { x: (at.x + 540.0).rem_euclid(360.0) - 180.0, y: at.y }).collect::<Vec<_>>()
        });
        let folded = [area_of(&[GivenPolygon(rings.to_vec())]), area_of(&[GivenPolygon(jumping.to_vec())])];
        for area in folded {
            let area = area.unwrap();
            prop_assert!(area.iter().all(|polygon| polygon.exterior().coords().all(|at| at.x.abs() <= 180.0)));
            for (east, north) in &points {
                let (there, lat) = (x + east, y + north);
                let here = (there + 540.0).rem_euclid(360.0) - 180.0;
                let expected = plain.contains(&::geo::Point::new(there, lat));
                prop_assert_eq!(area.contains(&::geo::Point::new(here, lat)), expected, "{} {}", there, lat);
            }
        }
    }
}
