use proptest::prelude::*;

use super::*;
use crate::geo::{PreparedArea, Side as Lies, bearing_deg, check_area, destination, geodesic_m, turn_deg};

fn place(lat: f64, lon: f64) -> Place {
    Place::new(lat, lon).unwrap()
}

/// Every corner of the area that is neither on the antimeridian nor at a pole, and the middles of its edges.
fn boundary(area: &MultiPolygon<f64>) -> Vec<Place> {
    let seam = |at: &Coord<f64>| at.x.abs() == 180.0 || at.y.abs() == 90.0;
    let edges = area.iter().flat_map(|polygon| polygon.exterior().lines());
    let open = edges.filter(|edge| !(seam(&edge.start) && seam(&edge.end)));
    open.flat_map(|edge| [edge.start, (edge.start + edge.end) / 2.0])
        .filter(|at| !seam(at))
        .map(|at| place(at.y, at.x))
        .collect()
}

/// The area on the ground in square metres, by the spherical excess of its edges, straight in degrees, on the authalic
/// sphere: ∮ sin β dλ with the authalic latitude β (Snyder 1987, equations 3-11 and 3-12).
fn square_metres(area: &MultiPolygon<f64>) -> f64 {
    const E2: f64 = 0.006_694_379_990_141_317;
    let q = |lat: f64| {
        let (e, sine) = (E2.sqrt(), lat.to_radians().sin());
        (1.0 - E2) * (sine / (1.0 - E2 * sine * sine) - ((1.0 - e * sine) / (1.0 + e * sine)).ln() / (2.0 * e))
    };
    let qp = q(90.0);
    let squared_radius = 6_378_137.0_f64.powi(2) * qp / 2.0;
    let edges = area.iter().flat_map(|polygon| polygon.exterior().lines());
    let strips = edges.map(|edge| {
        let steps = 8;
        let height: f64 = (0..steps)
            .map(|step| q(edge.start.y + (f64::from(step) + 0.5) / f64::from(steps) * (edge.end.y - edge.start.y)))
            .sum();
        -(edge.end.x - edge.start.x).to_radians() * height / f64::from(steps) / qp
    });
    squared_radius * strips.sum::<f64>()
}

fn assert_is_area(area: &MultiPolygon<f64>) {
    assert_eq!(check_area(area), Ok(()));
    for polygon in area {
        assert!(polygon.interiors().is_empty());
        let twice: f64 =
            polygon.exterior().lines().map(|edge| edge.start.x * edge.end.y - edge.end.x * edge.start.y).sum();
        assert!(twice > 0.0, "clockwise");
    }
}

fn assert_is_circle(center: Place, radius_m: f64) {
    let area = geodesic_circle(center, radius_m);
    assert_is_area(&area);
    assert!(area.iter().map(|polygon| polygon.exterior().0.len()).sum::<usize>() > 64);
    let rim = boundary(&area);
    for at in &rim {
        let distance_m = geodesic_m(center, *at);
        assert!(distance_m >= radius_m, "{distance_m} for {radius_m}");
        let to_pole_m = Geodesic.distance(Point::from(coord_of(center)), nearest_pole(center));
        // Near a pole it goes round it.
        let most = if (to_pole_m / radius_m - 1.0).abs() < 0.002 { 1.003 } else { 1.001 };
        assert!(distance_m <= radius_m * most + 0.01, "{distance_m} for {radius_m}");
    }
    let prepared = PreparedArea::new(&area);
    assert_eq!(prepared.locate(center), Lies::Inside);
    for step in 0..90 {
        let at = |share: f64| destination(center, f64::from(step) * 4.0, share * radius_m).unwrap();
        assert!(prepared.contains(at(0.999_999)), "{step}");
        assert!(!prepared.contains(at(1.004)), "{step}");
    }
}

/// The square, checked: what it is to be by its definition.
fn assert_is_square(near: Place, toward_deg: f64, side_m: f64) {
    let area = geodesic_square(near, toward_deg, side_m, 0.0);
    assert_is_area(&area);
    assert!(area.iter().map(|polygon| polygon.exterior().0.len()).sum::<usize>() > 64);
    let slack_m = SQUARE_TOLERANCE * side_m * 1.5 + 0.01;
    for at in boundary(&area) {
        let (distance_m, turn) = (geodesic_m(near, at), turn_deg(bearing_deg(near, at), toward_deg));
        // Downwind, or at least not farther upwind than the edges keep to the sides.
        let downwind_m = distance_m * turn.to_radians().cos();
        assert!(downwind_m >= -slack_m, "{downwind_m} m downwind at {at:?}");
        assert!(downwind_m <= side_m + slack_m, "{downwind_m} m downwind at {at:?}");
        let aside_m = distance_m * turn.to_radians().sin();
        assert!(aside_m <= side_m / 2.0 + slack_m, "{aside_m} m aside at {at:?}");
    }
    let ratio = square_metres(&area) / (side_m * side_m);
    assert!((ratio - 1.0).abs() < 0.001, "{ratio}");

    // The spill is the middle of the near side: just upwind is outside, just downwind inside, and it is as far to both ends.
    let prepared = PreparedArea::new(&area);
    let at = |bearing: f64, metres: f64| destination(near, toward_deg + bearing, metres).unwrap();
    let step_m = 0.002 * side_m;
    assert!(!prepared.contains(at(180.0, step_m)) && prepared.contains(at(0.0, step_m)));
    for side in [-90.0_f64, 90.0] {
        let along = |share: f64| at(side - side.signum() * 0.4, share * side_m / 2.0);
        assert!(prepared.contains(along(0.99)) && !prepared.contains(along(1.01)));
    }
    assert!(prepared.contains(at(0.0, 0.998 * side_m)) && !prepared.contains(at(0.0, 1.002 * side_m)));
}

#[test]
fn a_circle_keeps_to_its_radius() {
    for (lat, lon) in [(51.3, 4.3), (0.0, 0.0), (69.7, 18.9), (-33.9, 151.2), (85.5, 10.0)] {
        for radius_m in [15.0, 30.0, 600.0, 1_600.0, 11_000.0] {
            assert_is_circle(place(lat, lon), radius_m);
        }
    }
}

#[test]
fn a_circle_over_the_antimeridian_is_cut_there() {
    for lon in [179.999, -179.999, 180.0, -180.0] {
        let area = geodesic_circle(place(-16.8, lon), 6_400.0);
        assert_eq!(area.0.len(), 2);
        assert_is_circle(place(-16.8, lon), 6_400.0);
    }
}

#[test]
fn a_circle_may_take_in_a_pole_but_not_meet_it() {
    for lat in [90.0, 89.99, 89.95, 89.942, 89.901, 89.9, -89.99, -90.0] {
        assert_is_circle(place(lat, 37.0), 6_400.0);
    }
    let to_pole_m = geodesic_m(place(89.95, 0.0), place(90.0, 0.0));
    assert_is_circle(place(89.95, 0.0), to_pole_m);
}

#[test]
fn a_square_lies_downwind_of_the_middle_of_its_near_side() {
    for (lat, lon) in [(51.3, 4.3), (0.0, 0.0), (69.7, 18.9), (-33.9, 151.2), (85.5, 10.0)] {
        for toward_deg in [0.0, 45.0, 90.0, 100.0, 180.0, 263.0, 359.0] {
            for side_m in [100.0, 800.0, 6_400.0, 11_100.0] {
                assert_is_square(place(lat, lon), toward_deg, side_m);
            }
        }
    }
}

#[test]
fn a_square_over_the_antimeridian_is_cut_there() {
    for lon in [179.99, -179.99, 180.0, -180.0] {
        for toward_deg in [0.0, 90.0, 270.0, 30.0] {
            assert_is_square(place(-16.8, lon), toward_deg, 6_400.0);
        }
    }
    assert_eq!(geodesic_square(place(-16.8, 179.99), 90.0, 6_400.0, 0.0).0.len(), 2);
}

#[test]
fn a_square_may_take_in_a_pole() {
    for (lat, toward_deg) in [(89.95, 0.0), (89.95, 20.0), (-89.97, 180.0), (89.9, 0.0), (89.0, 0.0)] {
        assert_is_square(place(lat, 12.0), toward_deg, 11_000.0);
    }
}

#[test]
fn a_square_whose_side_meets_a_pole_takes_it_in() {
    let (pole, side_m) = (place(90.0, 0.0), 6_000.0);
    let to_pole_m = |lat: f64| geodesic_m(place(lat, 5.0), pole);
    for (near, toward_deg, side_m) in [
        (place(89.97, 5.0), 0.0, to_pole_m(89.97)),
        (place(89.97, 5.0), 90.0, 2.0 * to_pole_m(89.97)),
        (place(89.97, 5.0), 0.01, 2.0 * to_pole_m(89.97)),
        (pole, 40.0, side_m),
        (place(-90.0, 0.0), 40.0, side_m),
    ] {
        let area = geodesic_square(near, toward_deg, side_m, 0.0);
        assert_is_area(&area);
        let ratio = square_metres(&area) / (side_m * side_m);
        assert!((0.999..1.01).contains(&ratio), "{ratio}");
        assert_eq!(PreparedArea::new(&area).locate(place(90.0_f64.copysign(near.lat()), 0.0)), Lies::Inside);
    }
}

#[test]
fn a_margin_widens_a_square_on_every_side() {
    let (near, side_m, margin_m) = (place(51.3, 4.3), 1_000.0, 200.0);
    let area = geodesic_square(near, 90.0, side_m, margin_m);
    assert_is_area(&area);
    assert!((square_metres(&area) / (side_m + 2.0 * margin_m).powi(2) - 1.0).abs() < 0.001);
    let prepared = PreparedArea::new(&area);
    for (bearing, metres) in [(270.0, 200.0), (90.0, 1_200.0), (0.0, 700.0), (180.0, 700.0)] {
        let at = |share: f64| destination(near, bearing, share * metres).unwrap();
        assert!(prepared.contains(at(0.99)) && !prepared.contains(at(1.01)), "{bearing}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn circles_everywhere_keep_to_their_radius(
        lat in prop_oneof![-85.0..85.0_f64, 88.0..90.0_f64, -90.0..-88.0_f64],
        lon in prop_oneof![-180.0..180.0_f64, 179.9..180.0_f64, -180.0..-179.9_f64],
        radius_m in 15.0..12_000.0_f64,
    ) {
        assert_is_circle(place(lat, lon), radius_m);
    }

    #[test]
    fn squares_everywhere_are_squares_downwind(
        lat in prop_oneof![-85.0..85.0_f64, 88.0..89.8_f64, -89.8..-88.0_f64],
        lon in prop_oneof![-180.0..180.0_f64, 179.9..180.0_f64, -180.0..-179.9_f64],
        toward_deg in 0.0..360.0_f64,
        side_m in 50.0..12_000.0_f64,
    ) {
        assert_is_square(place(lat, lon), toward_deg, side_m);
    }

    #[test]
    fn squares_at_a_pole_are_areas(
        lat in prop_oneof![89.85..90.0_f64, -90.0..-89.85_f64], lon in -180.0..180.0_f64,
        toward_deg in 0.0..360.0_f64, side_m in 500.0..12_000.0_f64,
    ) {
        let area = geodesic_square(place(lat, lon), toward_deg, side_m, 0.0);
        assert_is_area(&area);
        let ratio = square_metres(&area) / (side_m * side_m);
        prop_assert!((0.999..1.01).contains(&ratio), "{ratio}");
    }
}
