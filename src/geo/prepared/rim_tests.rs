//! Areas over the antimeridian and round the poles.

use ::geo::{Destination, Distance, Geodesic, Point};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::geo::{
    Margins, PathEnd, Presence, Transition, ZoneShape, area_from_geojson, geodesic_m, shapes::place, step,
};

fn toward(from: Place, azimuth: f64, metres: f64) -> Place {
    let at = Geodesic.destination(Point::from(coord_of(from)), azimuth, metres);
    place(at.y().clamp(-90.0, 90.0), at.x().clamp(-180.0, 180.0))
}

fn circle(center: Place, radius_m: f64) -> PreparedArea {
    PreparedArea::new(&ZoneShape::Circle { center, radius_m }.area().unwrap())
}

/// A box of some 1 km over the antimeridian near Fiji.
fn fiji() -> PreparedArea {
    let ring =
        json!([[179.995, -17.005], [-179.995, -17.005], [-179.995, -16.995], [179.995, -16.995], [179.995, -17.005]]);
    PreparedArea::new(&area_from_geojson(&json!({ "type": "Polygon", "coordinates": [ring] })).unwrap())
}

#[test]
fn distances_to_a_round_boundary_are_right_on_the_antimeridian_and_at_the_poles() {
    let centers = [
        (place(-17.0, 179.999), 500.0),
        (place(66.0, -179.9999), 800.0),
        (place(-17.0, 180.0), 300.0),
        (place(89.99, 20.0), 700.0),
        (place(89.99, 20.0), 2000.0),
        (place(-89.995, -179.99), 800.0),
        (place(90.0, 0.0), 300.0),
        (place(86.0, 179.999), 20_000.0),
    ];
    for (center, radius_m) in centers {
        let zone = circle(center, radius_m);
        for azimuth in (0..360_u32).step_by(15) {
            for percent in (0..=200_u32).step_by(2) {
                let out_m = radius_m * f64::from(percent) / 100.0;
                let at = toward(center, f64::from(azimuth), out_m);
                let depth_m = zone.boundary_distance_m(at);
                let error_m = (depth_m - (radius_m - out_m)).abs();
                assert!(error_m < radius_m * 0.005, "{center:?} {radius_m} {azimuth} {out_m}: {depth_m}");
                let (cap_m, near_m) = (depth_m.abs() * 1.001 + 0.001, depth_m.abs() * 0.999 - 0.001);
                assert!(
                    zone.boundary_nearer_than_m(at, cap_m).is_some()
                        && zone.boundary_nearer_than_m(at, near_m).is_none()
                );
            }
        }
    }
}

/// Distance by a walk in half metres along the sides of the box near Fiji, but not along the antimeridian.
fn walked_m(from: Place) -> f64 {
    let corners = [(-17.005, 179.995), (-17.005, 180.005), (-16.995, 180.005), (-16.995, 179.995), (-17.005, 179.995)];
    let mut nearest = f64::INFINITY;
    for pair in corners.windows(2) {
        for step in 0..=2200_u32 {
            let share = f64::from(step) / 2200.0;
            let (lat, lon) = (pair[0].0 + share * (pair[1].0 - pair[0].0), pair[0].1 + share * (pair[1].1 - pair[0].1));
            let at = Point::new(if lon > 180.0 { lon - 360.0 } else { lon }, lat);
            nearest = nearest.min(Geodesic.distance(at, Point::from(coord_of(from))));
        }
    }
    nearest
}

#[test]
fn the_antimeridian_is_no_boundary_of_an_area_on_both_sides_of_it() {
    let zone = fiji();
    assert_eq!(zone.locate(place(-17.0, 180.0)), Side::Inside);
    assert_eq!(zone.locate(place(-17.0, -180.0)), Side::Inside);
    assert_eq!(zone.locate(place(-17.005, -180.0)), Side::Boundary);
    assert_eq!(zone.locate(place(-17.006, 180.0)), Side::Outside);
    let depth_m = zone.boundary_distance_m(place(-17.0, -180.0));
    assert!((depth_m - walked_m(place(-17.0, 180.0))).abs() < 0.5, "{depth_m}");
    let across = Path::new(place(-17.0, 179.99), place(-17.0, -179.99));
    let shares = zone.crossings(&across);
    assert!(shares.len() == 2 && (shares[0] - 0.25).abs() < 1e-9 && (shares[1] - 0.75).abs() < 1e-9, "{shares:?}");
    let along = Path::new(place(-17.01, 180.0), place(-16.99, 180.0));
    assert_eq!(zone.crossings(&along).len(), 2);
    assert_eq!(
        zone.pieces(&along).iter().map(|piece| piece.side).collect::<Vec<_>>(),
        [Side::Outside, Side::Inside, Side::Outside]
    );
}

#[test]
fn an_area_on_one_side_of_the_antimeridian_ends_there() {
    let ring = json!([[179.99, -1.0], [180.0, -1.0], [180.0, 1.0], [179.99, 1.0], [179.99, -1.0]]);
    let zone = PreparedArea::new(&area_from_geojson(&json!({ "type": "Polygon", "coordinates": [ring] })).unwrap());
    assert_eq!(zone.locate(place(0.0, 180.0)), Side::Boundary);
    assert_eq!(zone.locate(place(0.0, -180.0)), Side::Boundary);
    assert!((zone.boundary_distance_m(place(0.0, -179.999)) + 111.3).abs() < 0.1);
    assert!((zone.boundary_distance_m(place(0.0, 179.999)) - 111.3).abs() < 0.1);
    assert_eq!(zone.crossings(&Path::new(place(0.0, 179.98), place(0.0, -179.98))).len(), 2);
    assert!((zone.margin_limit_m(coord_of(place(0.0, 179.995)), true) - 275.5).abs() < 5.0, "a strip 1113 m wide");
}

#[test]
fn a_drive_over_the_antimeridian_or_the_pole_is_one_stay() {
    let margins = Margins { enter_m: 10.0, exit_m: 20.0, accuracy_weight: 1.0, ..Margins::ZERO };
    let over_the_pole: Vec<Place> =
        (-30..=30_i32).map(|n| place(90.0 - f64::from(n.abs()) * 1e-4, if n < 0 { 100.0 } else { -80.0 })).collect();
    let over_the_line: Vec<Place> = (-50..=50_i32)
        .map(|n| place(-17.0, if n < 0 { 180.0 + f64::from(n) * 2e-4 } else { -180.0 + f64::from(n) * 2e-4 }))
        .collect();
    for (zone, drive) in [(circle(place(89.9995, 0.0), 200.0), over_the_pole), (fiji(), over_the_line)] {
        let mut presence = Presence::Outside { candidate_entry: None };
        let mut transitions = Vec::new();
        for (number, pair) in drive.windows(2).enumerate() {
            let time = |number: usize| chrono::DateTime::from_timestamp(number as i64 * 10, 0).unwrap();
            let from = PathEnd { at: time(number), place: pair[0], accuracy_m: None };
            let to = PathEnd { at: time(number + 1), place: pair[1], accuracy_m: None };
            let step = step(&zone, &presence, &from, &to, &margins);
            transitions.extend(step.transitions);
            presence = step.presence;
        }
        assert!(matches!(transitions[..], [Transition::Entered { .. }, Transition::Left { .. }]), "{transitions:?}");
    }
}

#[test]
fn a_pole_is_a_point_whatever_its_longitude() {
    let cap = circle(place(90.0, 0.0), 300.0);
    let beside = circle(place(89.99, 0.0), 300.0);
    for lon in [-180.0, -77.0, 0.0, 123.0, 180.0] {
        assert_eq!(cap.locate(place(90.0, lon)), Side::Inside);
        assert!((cap.boundary_distance_m(place(90.0, lon)) - 300.0).abs() < 1.5);
        assert_eq!(beside.locate(place(90.0, lon)), Side::Outside);
        assert_eq!(cap.locate(place(-90.0, lon)), Side::Outside);
    }
    assert!(cap.margin_limit_m(coord_of(place(90.0, 0.0)), true) > 70.0);
}

#[test]
fn surroundings_hold_what_is_near_on_both_sides_of_the_antimeridian() {
    let [west, east] = fiji().surroundings(5000.0);
    assert!(west.west == -180.0 && (west.east + 179.948).abs() < 0.001, "{west:?}");
    assert!(east.east == 180.0 && (east.west - 179.948).abs() < 0.001, "{east:?}");
    let near = PreparedArea::new(&ZoneShape::Circle { center: place(-17.0, 179.95), radius_m: 1000.0 }.area().unwrap());
    let [west, east] = near.surroundings(10_000.0);
    assert!(
        west.contains(place(-17.0, -179.96))
            && east.contains(place(-17.0, 179.9))
            && !west.contains(place(-17.0, -179.9))
    );
    let [west, east] = circle(place(51.0, 4.0), 500.0).surroundings(100.0);
    assert!(west == Bounds::EMPTY && east.contains(place(51.005, 4.0)) && !east.contains(place(51.006, 4.0)));
    let halves = circle(place(90.0, 0.0), 500.0).surroundings(100.0);
    let near_the_pole = [-180.0, -90.0, 0.0, 90.0, 180.0].map(|lon| place(89.9999, lon));
    assert!(near_the_pole.iter().all(|at| halves.iter().any(|half| half.contains(*at))), "{halves:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn near_the_antimeridian_distances_are_those_of_a_walk(
        lat in -17.02..-16.98_f64, east in -0.02..0.02_f64,
    ) {
        let at = place(lat, if east > 0.0 { -180.0 + east } else { 180.0 + east });
        let zone = fiji();
        let (found, walked) = (zone.boundary_distance_m(at), walked_m(at));
        prop_assert!((found.abs() - walked).abs() < 0.3, "{} for {}", found, walked);
        let inside = (-17.005..=-16.995).contains(&lat) && east.abs() <= 0.005;
        prop_assert_eq!(found > 0.0, inside);
    }

    #[test]
    fn far_away_the_distance_goes_the_short_way_round(lon in -179.0..-170.0_f64) {
        let ring = json!([[179.0, -1.0], [179.5, -1.0], [179.5, 1.0], [179.0, 1.0], [179.0, -1.0]]);
        let zone = PreparedArea::new(&area_from_geojson(&json!({ "type": "Polygon", "coordinates": [ring] })).unwrap());
        let (found, truth) = (-zone.boundary_distance_m(place(0.0, lon)), geodesic_m(place(0.0, 179.5), place(0.0, lon)));
        prop_assert!((found / truth - 1.0).abs() < 1e-3, "{} for {}", found, truth);
    }
}
