use proptest::prelude::*;

use super::*;
use crate::geo::{
    geodesic_m,
    shapes::{area, centre, circle, corners, degrees, metres, place, ring, stars},
};

fn prepared(exterior: &[(f64, f64)], holes: &[&[(f64, f64)]]) -> PreparedArea {
    PreparedArea::new(&area(exterior, holes))
}

fn square() -> PreparedArea {
    PreparedArea::new(&degrees(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)]))
}

fn sides(area: &PreparedArea, from: (f64, f64), to: (f64, f64)) -> Vec<(f64, f64, Side)> {
    let path = Path::new(place(from.1, from.0), place(to.1, to.0));
    area.pieces(&path).iter().map(|piece| (piece.start, piece.end, piece.side)).collect()
}

#[test]
fn it_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<PreparedArea>();
}

#[test]
fn the_boundary_belongs_to_the_area() {
    let square = square();
    for (lat, lon) in [(0.0, 0.0), (4.0, 4.0), (0.0, 2.0), (2.0, 4.0), (4.0, 1.0)] {
        assert_eq!(square.locate(place(lat, lon)), Side::Boundary, "{lat} {lon}");
        assert!(square.contains(place(lat, lon)));
    }
    assert_eq!(square.locate(place(2.0, 2.0)), Side::Inside);
    for (lat, lon) in [(4.0, 4.000_000_000_1), (0.0, -1.0), (4.0, -1.0), (0.0, 5.0), (-1e-12, 2.0)] {
        assert_eq!(square.locate(place(lat, lon)), Side::Outside, "{lat} {lon}");
    }
}

#[test]
fn a_ray_through_corners_is_not_fooled() {
    let arrow = PreparedArea::new(&degrees(&[(0.0, 0.0), (4.0, 2.0), (0.0, 4.0), (1.0, 2.0), (0.0, 0.0)]));
    assert_eq!(arrow.locate(place(2.0, 0.5)), Side::Outside, "the ray passes the dent's corner and the tip");
    assert_eq!(arrow.locate(place(2.0, 2.0)), Side::Inside);
    assert_eq!(arrow.locate(place(2.0, 1.0)), Side::Boundary);
    assert_eq!(arrow.locate(place(4.0, -1.0)), Side::Outside);
}

#[test]
fn a_hole_is_outside_and_its_edge_is_boundary() {
    let ring_road = prepared(&corners(-100.0, -100.0, 100.0, 100.0), &[&corners(-50.0, -50.0, 50.0, 50.0)]);
    assert_eq!(ring_road.locate(centre()), Side::Outside);
    assert_eq!(ring_road.locate(metres(75.0, 0.0)), Side::Inside);
    assert!((ring_road.boundary_distance_m(metres(80.0, 0.0)) - 20.0).abs() < 1e-6);
    assert!((ring_road.boundary_distance_m(metres(60.0, 0.0)) - 10.0).abs() < 1e-6);
    assert!((ring_road.boundary_distance_m(centre()) + 50.0).abs() < 1e-6);
    let path = Path::new(metres(-200.0, 0.0), metres(200.0, 0.0));
    let shares = ring_road.crossings(&path);
    for (share, metres) in shares.iter().zip([100.0, 150.0, 250.0, 300.0]) {
        assert!((share * 400.0 - metres).abs() < 1e-6, "{shares:?}");
    }
    assert_eq!(shares.len(), 4);
}

#[test]
fn a_path_through_a_corner_meets_it_once() {
    use Side::{Inside, Outside};

    let square = square();
    assert_eq!(sides(&square, (-1.0, -1.0), (1.0, 1.0)), [(0.0, 0.5, Outside), (0.5, 1.0, Inside)]);
    assert_eq!(sides(&square, (-1.0, 1.0), (1.0, -1.0)), [(0.0, 0.5, Outside), (0.5, 1.0, Outside)]);
    let arrow = PreparedArea::new(&degrees(&[(0.0, 0.0), (4.0, 2.0), (0.0, 4.0), (1.0, 2.0), (0.0, 0.0)]));
    let touched = sides(&arrow, (1.0, 1.0), (1.0, 3.0));
    assert_eq!(touched, [(0.0, 0.5, Inside), (0.5, 1.0, Inside)], "the dent's corner touches the path from inside");
}

#[test]
fn a_path_along_an_edge_is_on_the_boundary() {
    use Side::{Boundary, Inside, Outside};

    let square = square();
    let along = [(0.0, 0.25, Outside), (0.25, 0.75, Boundary), (0.75, 1.0, Outside)];
    assert_eq!(sides(&square, (-2.0, 0.0), (6.0, 0.0)), along);
    assert_eq!(sides(&square, (1.0, 4.0), (2.0, 4.0)), [(0.0, 1.0, Boundary)]);
    let step = PreparedArea::new(&degrees(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 4.0), (2.0, 2.0), (0.0, 2.0)]));
    assert_eq!(sides(&step, (1.0, 2.0), (3.0, 2.0)), [(0.0, 0.5, Boundary), (0.5, 1.0, Inside)]);
}

#[test]
fn a_path_that_stands_still_is_one_piece() {
    let square = square();
    assert_eq!(sides(&square, (2.0, 2.0), (2.0, 2.0)), [(0.0, 1.0, Side::Inside)]);
    assert_eq!(sides(&square, (0.0, 2.0), (0.0, 2.0)), [(0.0, 1.0, Side::Boundary)]);
    assert_eq!(sides(&square, (5.0, 2.0), (5.0, 2.0)), [(0.0, 1.0, Side::Outside)]);
    assert_eq!(square.crossings(&Path::new(place(2.0, 0.0), place(2.0, 0.0))), [0.0]);
}

#[test]
fn a_path_over_the_antimeridian_is_tested_on_both_sides() {
    let west = PreparedArea::new(&degrees(&[(179.0, -1.0), (179.5, -1.0), (179.5, 1.0), (179.0, 1.0), (179.0, -1.0)]));
    let east =
        PreparedArea::new(&degrees(&[(-179.5, -1.0), (-179.0, -1.0), (-179.0, 1.0), (-179.5, 1.0), (-179.5, -1.0)]));
    let path = Path::new(place(0.0, 178.0), place(0.0, -178.0));
    assert_eq!(west.crossings(&path), [0.25, 0.375]);
    assert_eq!(east.crossings(&path), [0.625, 0.75]);
    let greenwich = PreparedArea::new(&degrees(&[(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0)]));
    assert!(greenwich.crossings(&path).is_empty());
}

#[test]
fn a_circle_of_4096_corners_is_round() {
    let zone = prepared(&circle(1000.0, 4096), &[]);
    assert_eq!(zone.edge_count(), 4096);
    assert!((zone.boundary_distance_m(centre()) - 1000.0).abs() < 0.01);
    assert!((zone.boundary_distance_m(metres(600.0, 0.0)) - 400.0).abs() < 0.01);
    assert!((zone.boundary_distance_m(metres(0.0, -1300.0)) + 300.0).abs() < 0.1);
    assert_eq!(zone.boundary_nearer_than_m(metres(600.0, 0.0), 399.0), None);
    let shares = zone.crossings(&Path::new(metres(-2000.0, 600.0), metres(2000.0, 600.0)));
    assert_eq!(shares.len(), 2);
    assert!((shares[0] - 0.3).abs() < 1e-5 && (shares[1] - 0.7).abs() < 1e-5, "{shares:?}");
}

#[test]
fn a_tiny_zone_is_a_zone() {
    let yard = prepared(&corners(0.0, 0.0, 0.02, 0.02), &[]);
    assert!(yard.contains(metres(0.01, 0.01)));
    assert_eq!(yard.crossings(&Path::new(metres(-500.0, 0.01), metres(500.0, 0.01))).len(), 2);
    assert!((yard.boundary_distance_m(metres(0.01, 0.01)) - 0.01).abs() < 1e-6);
}

#[test]
fn a_margin_is_limited_by_how_narrow_the_place_is() {
    let limit = |area: &PreparedArea, at: Place, inside: bool| area.margin_limit_m(coord_of(at), inside);
    let tunnel = prepared(&corners(-1000.0, -6.0, 1000.0, 6.0), &[]);
    assert!((limit(&tunnel, centre(), true) - 3.0).abs() < 0.02);
    assert_eq!(limit(&tunnel, metres(0.0, 20.0), false), f64::INFINITY);
    let disc = prepared(&circle(1000.0, 256), &[]);
    assert!((limit(&disc, centre(), true) - 250.0).abs() < 1.0);

    let field: &[(f64, f64)] = &corners(-1000.0, -1000.0, 1000.0, 1000.0);
    let with_yard = prepared(field, &[&corners(-10.0, -10.0, 10.0, 10.0)]);
    assert!((limit(&with_yard, centre(), false) - 2.5).abs() < 0.01, "the hole is 20 m wide");
    assert!(limit(&with_yard, metres(500.0, 0.0), true) > 200.0);

    let island = ::geo::Polygon::new(ring(&corners(-4.0, -4.0, 4.0, 4.0)), vec![]);
    let mut polygons = area(field, &[&corners(-10.0, -10.0, 10.0, 10.0)]).0;
    polygons.push(island);
    let with_island = PreparedArea::new(&MultiPolygon::new(polygons));
    assert!((limit(&with_island, centre(), true) - 1.0).abs() < 0.01, "the island in the hole is 8 m wide");
}

/// Even-odd rule by hand, without a tree or exact predicates.
fn naive_contains(area: &MultiPolygon<f64>, place: Place) -> bool {
    let rings = area.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
    let crosses = |line: &::geo::Line<f64>| {
        (line.start.y > place.lat()) != (line.end.y > place.lat())
            && place.lon() < line.start.x + (place.lat() - line.start.y) / (line.end.y - line.start.y) * line.dx()
    };
    rings.flat_map(|ring| ring.lines()).filter(crosses).count() % 2 == 1
}

/// Distance by walking along every edge in steps.
fn naive_distance_m(area: &MultiPolygon<f64>, from: Place) -> f64 {
    let rings = area.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
    let steps = rings.flat_map(|ring| ring.lines()).flat_map(|line| {
        (0..=200).map(move |step| {
            let along = f64::from(step) / 200.0;
            place(line.start.y + along * line.dy(), line.start.x + along * line.dx())
        })
    });
    steps.map(|at| geodesic_m(from, at)).fold(f64::INFINITY, f64::min)
}

proptest! {
    #[test]
    fn points_are_where_the_even_odd_rule_puts_them(
        shape in stars(), east in -1200.0..1200.0_f64, north in -1200.0..1200.0_f64,
    ) {
        let at = metres(east, north);
        prop_assert_eq!(PreparedArea::new(&shape).contains(at), naive_contains(&shape, at));
    }

    #[test]
    fn pieces_agree_with_a_dense_walk_along_the_path(
        shape in stars(),
        from in (-1500.0..1500.0_f64, -1500.0..1500.0_f64),
        to in (-1500.0..1500.0_f64, -1500.0..1500.0_f64),
    ) {
        let area = PreparedArea::new(&shape);
        let path = Path::new(metres(from.0, from.1), metres(to.0, to.1));
        let pieces = area.pieces(&path);
        prop_assert_eq!(pieces[0].start, 0.0);
        prop_assert_eq!(pieces[pieces.len() - 1].end, 1.0);
        prop_assert!(pieces.windows(2).all(|pair| pair[0].end == pair[1].start));
        prop_assert_eq!(pieces.len(), area.crossings(&path).len() + 1);
        for step in 0..=2000_u32 {
            let share = f64::from(step) / 2000.0;
            let piece = pieces.iter().find(|piece| share <= piece.end).unwrap();
            if (share - piece.start).abs() > 1e-9 && (share - piece.end).abs() > 1e-9 {
                let inside = naive_contains(&shape, path.place_at(share));
                prop_assert_eq!(piece.side == Side::Inside, inside, "at {}", share);
            }
        }
    }

    #[test]
    fn paths_through_two_corners_of_the_zone_leave_no_gap(
        shape in stars(), one in 0..300_usize, other in 0..300_usize,
    ) {
        let area = PreparedArea::new(&shape);
        let corners: Vec<Coord<f64>> = shape.0[0].exterior().coords().copied().collect();
        let corner = |number: usize| { let at = corners[number % corners.len()]; place(at.y, at.x) };
        let path = Path::new(corner(one), corner(other));
        let pieces = area.pieces(&path);
        prop_assert_eq!(pieces[0].start, 0.0);
        prop_assert_eq!(pieces[pieces.len() - 1].end, 1.0);
        for piece in pieces.iter().filter(|piece| piece.end - piece.start > 1e-6) {
            let middle = path.place_at(0.7 * piece.start + 0.3 * piece.end);
            if piece.side == Side::Boundary {
                prop_assert!(area.boundary_distance_m(middle).abs() < 1e-6);
            } else if area.boundary_distance_m(middle).abs() > 1e-6 {
                prop_assert_eq!(piece.side, area.locate(middle));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_distance_is_that_of_a_walk_along_the_boundary(
        shape in stars(), east in -3000.0..3000.0_f64, north in -3000.0..3000.0_f64,
    ) {
        let at = metres(east, north);
        let (quick, naive) = (PreparedArea::new(&shape).boundary_distance_m(at).abs(), naive_distance_m(&shape, at));
        // A walk in 200 steps per edge overshoots; the longest edge of a star is below 2 km.
        prop_assert!(quick <= naive * 1.001 + 0.01 && quick >= naive * 0.999 - 6.0, "{} for {}", quick, naive);
    }
}
