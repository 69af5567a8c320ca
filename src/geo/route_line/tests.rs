use ::geo::{Destination, Distance, Geodesic, Point};
use proptest::prelude::*;

use super::*;
use crate::geo::shapes::{metres, place};

fn line(places: &[Place]) -> PreparedLine {
    PreparedLine::new(&places.iter().map(|place| coord_of(*place)).collect())
}

/// A line through points in metres around the port of Antwerp.
fn line_m(points: &[(f64, f64)]) -> PreparedLine {
    line(&points.iter().map(|(east, north)| metres(*east, *north)).collect::<Vec<_>>())
}

#[test]
fn a_place_beside_the_line_has_a_distance_and_a_way_along() {
    let route = line_m(&[(0.0, 0.0), (1000.0, 0.0), (1000.0, 2000.0)]);
    assert!((route.length_m() - 3000.0).abs() < 0.5);
    let beside = route.follow(metres(400.0, 30.0), None, 100.0).unwrap();
    assert!((beside.distance_m - 30.0).abs() < 0.01 && (beside.along_m - 400.0).abs() < 0.1, "{beside:?}");
    assert_eq!(beside.segment, 0);
    assert!((route.bearing_deg(&beside).unwrap() - 90.0).abs() < 0.01);
    let north = route.follow(metres(970.0, 1500.0), None, 100.0).unwrap();
    assert!((north.along_m - 2500.0).abs() < 0.3 && route.bearing_deg(&north).unwrap().min(1.0) < 0.01, "{north:?}");
    let before = route.follow(metres(-500.0, 0.0), None, 100.0).unwrap();
    assert_eq!((before.along_m, before.segment), (0.0, 0));
    assert!((before.distance_m - 500.0).abs() < 0.1);
    assert!(route.is_nearer_than_m(metres(400.0, 30.0), 30.1) && !route.is_nearer_than_m(metres(400.0, 30.0), 29.9));
}

#[test]
fn a_place_so_far_along_is_found_again_at_that_metre() {
    let route = line_m(&[(0.0, 0.0), (0.0, 0.0), (700.0, 300.0), (700.0, 300.0), (1000.0, 2000.0)]);
    for along_m in [0.0, 1.0, 400.0, 761.6, 1500.0, route.length_m()] {
        let at = route.place_at(along_m).unwrap();
        let found = route.follow(at, None, 1.0).unwrap();
        assert!((found.along_m - along_m).abs() < 0.01 && found.distance_m < 0.01, "{along_m}: {found:?}");
        assert!(route.bearing_deg(&found).is_some());
    }
    assert_eq!(route.place_at(-5.0), Some(metres(0.0, 0.0)));
    assert_eq!(route.place_at(1e9), Some(metres(1000.0, 2000.0)));
    assert_eq!(line(&[]).follow(metres(0.0, 0.0), None, 1.0), None);
    assert_eq!(line(&[]).place_at(0.0), None);
}

#[test]
fn a_stretch_has_its_ends_and_the_corners_between_them() {
    let corners = [(0.0, 0.0), (1000.0, 0.0), (1000.0, 2000.0)];
    let route = line_m(&corners);
    let along = |from_m, to_m| {
        let places = route.stretch(from_m, to_m);
        places.iter().map(|at| route.follow(*at, None, 1.0).unwrap().along_m.round()).collect::<Vec<_>>()
    };
    assert_eq!(along(200.0, 700.0), [200.0, 700.0]);
    assert_eq!(along(900.0, 1300.0), [900.0, 1000.0, 1300.0]);
    assert_eq!(route.stretch(900.0, 1300.0)[1], metres(1000.0, 0.0));
    assert_eq!(along(-50.0, 9000.0), [0.0, 0.0, 1000.0, 3000.0], "no further than the line goes");
    assert_eq!(line(&[]).stretch(0.0, 100.0), []);
}

#[test]
fn a_line_over_the_antimeridian_is_one_line() {
    let route = line(&[place(-17.0, 179.99), place(-17.0, -179.99), place(-17.01, -179.99)]);
    let width_m = geodesic_m(place(-17.0, 179.99), place(-17.0, -179.99));
    assert!((route.length_m() - width_m - 1106.6).abs() < 0.5);
    for (lon, along) in [(179.995, 0.25), (180.0, 0.5), (-180.0, 0.5), (-179.992, 0.9)] {
        let found = route.follow(place(-16.9999, lon), None, 100.0).unwrap();
        assert!((found.along_m - along * width_m).abs() < 0.1 && (found.distance_m - 11.07).abs() < 0.05, "{found:?}");
        assert!((route.bearing_deg(&found).unwrap() - 90.0).abs() < 0.01);
        assert!(geodesic_m(route.place_at(along * width_m).unwrap(), place(-17.0, lon)) < 0.1);
    }
    let back = line(&[place(-17.0, -179.99), place(-17.0, 179.99)]);
    assert!((back.follow(place(-17.0, 179.995), None, 100.0).unwrap().along_m - 0.75 * width_m).abs() < 0.1);
}

/// Drives along the line itself, so many metres a step, with noise, and returns how far off each answer was.
fn errors_along(route: &PreparedLine, step_m: f64, noise_m: f64) -> Vec<f64> {
    let mut last: Option<LinePoint> = None;
    let mut errors = Vec::new();
    let mut along_m = 0.0;
    let mut number = 0_u32;
    while along_m <= route.length_m() {
        let azimuth = f64::from(number * 7919 % 360);
        let at = Geodesic.destination(Point::from(coord_of(route.place_at(along_m).unwrap())), azimuth, noise_m);
        let found = route.follow(place(at.y(), at.x()), last.as_ref(), 50.0).unwrap();
        errors.push((found.along_m - along_m).abs());
        last = Some(found);
        along_m += step_m;
        number += 1;
    }
    errors
}

#[test]
fn where_a_line_crosses_itself_the_branch_goes_on() {
    let eight = line_m(&[(0.0, 0.0), (1000.0, 1000.0), (1000.0, 0.0), (0.0, 1000.0), (-200.0, 500.0)]);
    for step_m in [7.0, 20.0, 60.0, 150.0] {
        let worst = errors_along(&eight, step_m, 8.0).into_iter().fold(0.0, f64::max);
        assert!(worst < 25.0, "{worst} m off with steps of {step_m} m");
    }
    let last = eight.follow(metres(450.0, 450.0), None, 50.0).unwrap();
    let crossing = eight.follow(metres(503.0, 499.0), Some(&last), 50.0).unwrap();
    assert_eq!(crossing.segment, 0, "the other branch is as near");
    let on_the_other = eight.follow(metres(560.0, 440.0), None, 50.0).unwrap();
    assert_eq!(eight.follow(metres(503.0, 499.0), Some(&on_the_other), 50.0).unwrap().segment, 2);
}

#[test]
fn a_line_that_comes_back_along_itself_is_followed_out_and_back() {
    let there_and_back = line_m(&[(0.0, 0.0), (3000.0, 0.0), (0.0, 2.0)]);
    for step_m in [10.0, 25.0, 90.0, 300.0] {
        let errors = errors_along(&there_and_back, step_m, 4.0);
        // Close to the turn it cannot be told on which side of it the vehicle is.
        let confused = errors.iter().filter(|error| **error > 15.0).count() as f64;
        assert!(confused * step_m < 150.0, "{confused} of {} with steps of {step_m} m", errors.len());
        assert!(errors.last().is_some_and(|error| *error < 15.0), "{errors:?}");
    }
}

#[test]
fn a_vehicle_that_leaves_and_comes_back_elsewhere_is_found_there() {
    let loop_m = line_m(&[(0.0, 0.0), (5000.0, 0.0), (5000.0, 500.0), (0.0, 500.0)]);
    let last = loop_m.follow(metres(1000.0, 0.0), None, 50.0).unwrap();
    let between = loop_m.follow(metres(1010.0, 120.0), Some(&last), 50.0).unwrap();
    assert!((between.distance_m - 120.0).abs() < 0.1 && between.segment == 0);
    let over = loop_m.follow(metres(1010.0, 480.0), Some(&between), 50.0).unwrap();
    assert!(over.segment == 2 && (over.along_m - 9490.0).abs() < 1.0, "{over:?}");
    let back = loop_m.follow(metres(980.0, 0.0), Some(&last), 50.0).unwrap();
    assert!((back.along_m - 980.0).abs() < 0.1, "driving back is possible too");
}

/// Distance to the line by a walk along it, and metres along where it is least.
fn walked(places: &[Place], from: Place) -> (f64, f64) {
    let (mut nearest, mut along_m) = ((f64::INFINITY, 0.0), 0.0);
    for pair in places.windows(2) {
        let way = crate::geo::Path::new(pair[0], pair[1]);
        let length_m = geodesic_m(pair[0], pair[1]);
        for step in 0..=400_u32 {
            let share = f64::from(step) / 400.0;
            let at = Point::from(coord_of(way.place_at(share)));
            let distance_m = Geodesic.distance(at, Point::from(coord_of(from)));
            if distance_m < nearest.0 {
                nearest = (distance_m, along_m + share * length_m);
            }
        }
        along_m += length_m;
    }
    nearest
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_nearest_point_is_that_of_a_walk_along_the_line(
        start in prop_oneof![
            (-70.0..70.0_f64, -180.0..180.0_f64), (-17.0..17.0_f64, 179.98..180.0_f64), (89.0..89.9_f64, -180.0..180.0_f64),
        ],
        steps in prop::collection::vec((0.0..360.0_f64, 1.0..900.0_f64), 1..30), which in 0..30_usize,
        aside in (0.0..360.0_f64, 0.0..3000.0_f64),
    ) {
        let toward = |from: Place, azimuth: f64, metres: f64| {
            let at = Geodesic.destination(Point::from(coord_of(from)), azimuth, metres);
            place(at.y().clamp(-90.0, 90.0), at.x())
        };
        let mut places = vec![place(start.0, start.1)];
        for (azimuth, metres) in steps {
            places.push(toward(places[places.len() - 1], azimuth, metres));
        }
        let from = toward(places[which % places.len()], aside.0, aside.1);
        let route = line(&places);
        let (distance_m, along_m) = walked(&places, from);
        let found = route.follow(from, None, 0.0).unwrap();
        // Steps of the walk are some metres long; the first of several branches about as near may be 10 m farther.
        let slack_m = if found.along_m > along_m + 3.5 { 3.5 } else { AS_NEAR_M + 3.5 };
        prop_assert!(found.distance_m <= distance_m + slack_m + 1e-3 * distance_m, "{:?} for {}", found, distance_m);
        prop_assert!(found.distance_m >= distance_m * 0.999 - 3.5, "{:?} for {}", found, distance_m);
        let there = geodesic_m(found.place, from);
        prop_assert!((there - found.distance_m).abs() <= 1e-3 * there + 1e-3, "{} for {:?}", there, found);
        // The same again with itself as the hint changes nothing.
        let again = route.follow(from, Some(&found), f64::INFINITY).unwrap();
        prop_assert!(again.distance_m <= found.distance_m + AS_NEAR_M);
    }
}

#[test]
fn a_long_route_is_followed_in_no_time() {
    let curve = |number: u32| {
        let angle = f64::from(number) * 0.002;
        (f64::from(number) * 9.0, 400.0 * angle.sin())
    };
    let points: Vec<(f64, f64)> = (0..50_000).map(curve).collect();
    let route = line_m(&points);
    let started = std::time::Instant::now();
    let errors = errors_along(&route, 20.0, 6.0);
    assert!(errors.into_iter().fold(0.0, f64::max) < 20.0);
    assert!(started.elapsed().as_secs_f64() < 5.0, "{:?}", started.elapsed());
}
