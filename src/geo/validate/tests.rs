use ::geo::{Polygon, Validation};
use proptest::prelude::*;

use super::*;
use crate::geo::shapes::{area, circle, degrees, stars};

type Ring<'a> = &'a [(f64, f64)];

fn ring(positions: Ring<'_>) -> LineString<f64> {
    positions.iter().map(|(x, y)| Coord { x: *x, y: *y }).collect()
}

fn polygon(exterior: Ring<'_>, holes: &[Ring<'_>]) -> Polygon<f64> {
    Polygon::new(ring(exterior), holes.iter().map(|hole| ring(hole)).collect())
}

fn refusal(polygons: Vec<Polygon<f64>>) -> (AreaFault, (usize, usize, usize), (f64, f64)) {
    let error = check_area(&MultiPolygon::new(polygons)).unwrap_err();
    let at = error.at.unwrap();
    (error.fault, (error.polygon, error.ring, error.position), (at.x, at.y))
}

fn accepted(polygons: Vec<Polygon<f64>>) -> bool {
    check_area(&MultiPolygon::new(polygons)).is_ok()
}

fn square(west: f64, south: f64, size: f64) -> [(f64, f64); 5] {
    [(west, south), (west + size, south), (west + size, south + size), (west, south + size), (west, south)]
}

#[test]
fn plain_areas_pass_whichever_way_they_turn() {
    let mut clockwise = square(0.0, 0.0, 4.0);
    clockwise.reverse();
    assert!(accepted(vec![polygon(&square(0.0, 0.0, 4.0), &[])]));
    assert!(accepted(vec![polygon(&clockwise, &[&square(1.0, 1.0, 1.0), &square(2.5, 2.5, 1.0)])]));
    let repeated = [(0.0, 0.0), (4.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 0.0)];
    assert!(accepted(vec![polygon(&repeated, &[])]), "a repeated position does no harm");
}

#[test]
fn a_corner_within_rounding_of_anothers_edge_is_judged_the_same_whichever_way_rings_turn() {
    // The corner (0.1, 0.8) is the middle of the long edge but for the last bit, on its outer side. Found by fuzzing.
    let (mut slim, mut other) =
        ([(0.0, 0.0), (0.0, 1.4), (0.2, 0.2), (0.0, 0.0)], [(0.8, 1.2), (0.0, 1.5), (0.1, 0.8), (0.8, 1.2)]);
    for _ in 0..2 {
        for _ in 0..2 {
            assert!(accepted(vec![polygon(&slim, &[]), polygon(&other, &[])]), "{slim:?} {other:?}");
            slim.reverse();
        }
        other.reverse();
    }
}

#[test]
fn positions_must_be_finite_in_range_and_enough() {
    assert_eq!(check_area(&MultiPolygon::new(vec![])).unwrap_err().fault, AreaFault::Empty);
    assert_eq!(
        check_area(&MultiPolygon::new(vec![polygon(&[], &[])])).unwrap_err().fault,
        AreaFault::TooFewPositions(0)
    );
    assert_eq!(refusal(vec![polygon(&[(1.0, 1.0), (2.0, 2.0)], &[])]).0, AreaFault::TooFewPositions(3));
    let (fault, numbers, at) = refusal(vec![polygon(&[(0.0, 0.0), (4.0, 0.0), (4.0, 90.5), (0.0, 0.0)], &[])]);
    assert_eq!((fault, numbers, at), (AreaFault::OutOfRange, (0, 0, 2), (4.0, 90.5)));
    let not_finite = check_area(&degrees(&[(0.0, 0.0), (f64::NAN, 0.0), (4.0, 4.0), (0.0, 0.0)])).unwrap_err();
    assert_eq!((not_finite.fault, not_finite.position), (AreaFault::OutOfRange, 1));
}

#[test]
fn an_open_ring_is_found_in_its_positions() {
    let positions = ring(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 1.0)]);
    let fault = check_positions(&positions.0).unwrap_err();
    assert_eq!((fault.fault, fault.position), (AreaFault::Unclosed, 3));
}

#[test]
fn an_edge_around_the_earth_is_refused() {
    let fiji = [(177.0, -20.0), (-178.0, -20.0), (-178.0, -15.0), (177.0, -15.0), (177.0, -20.0)];
    assert_eq!(refusal(vec![polygon(&fiji, &[])]), (AreaFault::EdgeTooWide, (0, 0, 0), (177.0, -20.0)));
}

#[test]
fn a_ring_without_area_is_refused() {
    let back_and_forth = [(0.0, 0.0), (1.0, 1.0), (3.0, 3.0), (2.0, 2.0), (0.0, 0.0)];
    assert_eq!(refusal(vec![polygon(&back_and_forth, &[])]).0, AreaFault::NoArea);
    assert_eq!(refusal(vec![polygon(&[(1.0, 1.0); 5], &[])]).0, AreaFault::NoArea);
}

#[test]
fn a_ring_that_meets_itself_is_refused_where_it_does() {
    use AreaFault::SelfIntersection;

    let bow_tie = [(0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0), (0.0, 0.0)];
    assert_eq!(refusal(vec![polygon(&bow_tie, &[])]), (SelfIntersection, (0, 0, 0), (1.0, 1.0)));
    let spike = [(0.0, 0.0), (4.0, 0.0), (8.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 0.0)];
    assert_eq!(refusal(vec![polygon(&spike, &[])]).0, SelfIntersection);
    let spike_back = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0), (-3.0, 0.0), (0.0, 0.0)];
    assert_eq!(refusal(vec![polygon(&spike_back, &[])]).0, SelfIntersection);
    let eight = [(0.0, 0.0), (2.0, 0.0), (1.0, 1.0), (2.0, 2.0), (0.0, 2.0), (1.0, 1.0), (0.0, 0.0)];
    assert_eq!(refusal(vec![polygon(&eight, &[])]), (SelfIntersection, (0, 0, 1), (1.0, 1.0)));
    let touches_edge = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 0.0), (0.0, 4.0), (0.0, 0.0)];
    assert_eq!(refusal(vec![polygon(&touches_edge, &[])]), (SelfIntersection, (0, 0, 0), (2.0, 0.0)));
}

#[test]
fn holes_lie_within_and_apart() {
    let field = square(0.0, 0.0, 10.0);
    let at = |holes: &[Ring<'_>]| refusal(vec![polygon(&field, holes)]);
    assert_eq!(at(&[&square(20.0, 0.0, 1.0)]).0, AreaFault::HoleOutside);
    assert_eq!(at(&[&square(-1.0, -1.0, 12.0)]).0, AreaFault::HoleOutside);
    assert_eq!(at(&[&square(8.0, 4.0, 4.0)]), (AreaFault::HoleOutside, (0, 1, 0), (10.0, 4.0)));
    assert_eq!(at(&[&square(0.0, 4.0, 2.0)]).0, AreaFault::HoleOutside, "along the exterior");
    assert_eq!(at(&[&square(1.0, 1.0, 4.0), &square(4.0, 4.0, 4.0)]).0, AreaFault::HolesOverlap);
    assert_eq!(at(&[&square(1.0, 1.0, 8.0), &square(4.0, 4.0, 1.0)]).0, AreaFault::HolesOverlap);
    assert_eq!(at(&[&square(4.0, 4.0, 1.0), &square(1.0, 1.0, 8.0)]).0, AreaFault::HolesOverlap);
    assert_eq!(at(&[&square(1.0, 1.0, 2.0), &square(3.0, 1.0, 2.0)]).0, AreaFault::HolesOverlap, "along an edge");
    assert_eq!(at(&[&square(1.0, 1.0, 2.0), &square(1.0, 1.0, 2.0)]).0, AreaFault::HolesOverlap);
}

#[test]
fn rings_may_touch_in_points_unless_they_cut_the_interior() {
    let field = square(0.0, 0.0, 10.0);
    let touching_once: Ring<'_> = &[(0.0, 5.0), (3.0, 4.0), (3.0, 6.0), (0.0, 5.0)];
    let next: Ring<'_> = &[(3.0, 6.0), (6.0, 5.0), (6.0, 7.0), (3.0, 6.0)];
    assert!(accepted(vec![polygon(&field, &[touching_once, next])]));
    let wall: Ring<'_> = &[(0.0, 5.0), (10.0, 4.0), (10.0, 4.0), (5.0, 6.0), (0.0, 5.0)];
    assert_eq!(refusal(vec![polygon(&field, &[wall])]).0, AreaFault::InteriorInPieces);
    let last: Ring<'_> = &[(6.0, 5.0), (10.0, 5.0), (7.0, 2.0), (6.0, 5.0)];
    assert_eq!(refusal(vec![polygon(&field, &[touching_once, next, last])]).0, AreaFault::InteriorInPieces);
}

#[test]
fn polygons_share_points_at_most() {
    let west = polygon(&square(0.0, 0.0, 4.0), &[]);
    assert!(accepted(vec![west.clone(), polygon(&square(4.0, 4.0, 4.0), &[])]), "corner to corner");
    assert!(accepted(vec![west.clone(), polygon(&[(4.0, 2.0), (6.0, 1.0), (6.0, 3.0), (4.0, 2.0)], &[])]));
    let overlaps = |other| refusal(vec![west.clone(), other]).0 == AreaFault::PolygonsOverlap;
    assert!(overlaps(polygon(&square(4.0, 0.0, 4.0), &[])), "a shared edge");
    assert!(overlaps(polygon(&square(2.0, 2.0, 4.0), &[])));
    assert!(overlaps(polygon(&square(1.0, 1.0, 1.0), &[])), "one within the other");
    assert!(overlaps(polygon(&square(-1.0, -1.0, 9.0), &[])), "one around the other");
    assert!(overlaps(west.clone()));
    let lake = polygon(&square(-2.0, -2.0, 12.0), &[&square(-1.0, -1.0, 10.0)]);
    assert!(accepted(vec![lake, west]), "an island in a hole");
}

#[test]
fn a_message_says_what_and_where() {
    let error = check_area(&degrees(&[(0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0), (0.0, 0.0)])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the ring crosses or touches itself, at longitude 1, latitude 1 (polygon 0, ring 0, position 0)"
    );
}

/// Corners on a small grid, so that touching, overlapping and repeating are common.
fn grid_point() -> impl Strategy<Value = (f64, f64)> {
    (0..6_i8, 0..6_i8).prop_map(|(x, y)| (f64::from(x), f64::from(y)))
}

fn closed(mut ring: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    ring.push(ring[0]);
    ring
}

fn triangle() -> impl Strategy<Value = Vec<(f64, f64)>> {
    let has_area = |ring: &Vec<(f64, f64)>| accepted(vec![polygon(ring, &[])]);
    prop::collection::vec(grid_point(), 3).prop_map(closed).prop_filter("a line is no triangle", has_area)
}

/// The library does not ask whether an interior hangs together.
fn in_pieces(verdict: &Result<(), AreaError>) -> bool {
    matches!(verdict, Err(AreaError { fault: AreaFault::InteriorInPieces, .. }))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, max_global_rejects: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn one_ring_is_judged_as_the_geometry_library_judges_it(
        ring in prop::collection::vec(grid_point(), 4..8).prop_map(closed),
    ) {
        prop_assume!(ring.windows(2).all(|pair| pair[0] != pair[1]));
        let area = MultiPolygon::new(vec![polygon(&ring, &[])]);
        let verdict = check_area(&area);
        // The library takes some rings without area for valid.
        prop_assume!(!matches!(verdict, Err(AreaError { fault: AreaFault::NoArea, .. })));
        prop_assert_eq!(verdict.is_ok(), area.is_valid(), "{:?} {:?}", verdict, area.check_validation());
    }

    #[test]
    fn two_polygons_are_judged_as_the_geometry_library_judges_them(one in triangle(), other in triangle()) {
        let area = MultiPolygon::new(vec![polygon(&one, &[]), polygon(&other, &[])]);
        let verdict = check_area(&area);
        prop_assert_eq!(verdict.is_ok(), area.is_valid(), "{:?} {:?}", verdict, area.check_validation());
    }

    #[test]
    fn holes_are_judged_as_the_geometry_library_judges_them(
        ring in prop::collection::vec(grid_point(), 4..7).prop_map(closed), one in triangle(), other in triangle(),
    ) {
        prop_assume!(accepted(vec![polygon(&ring, &[])]));
        let area = MultiPolygon::new(vec![polygon(&ring, &[&one, &other])]);
        let verdict = check_area(&area);
        prop_assume!(!in_pieces(&verdict));
        prop_assert_eq!(verdict.is_ok(), area.is_valid(), "{:?} {:?}", verdict, area.check_validation());
    }

    #[test]
    fn islands_and_lakes_are_judged_as_the_geometry_library_judges_them(
        one in triangle(), lake in triangle(), island in triangle(),
    ) {
        let grown: Vec<(f64, f64)> = one.iter().map(|(x, y)| (x * 3.0 - 5.0, y * 3.0 - 5.0)).collect();
        let area = MultiPolygon::new(vec![polygon(&grown, &[&lake]), polygon(&island, &[])]);
        let verdict = check_area(&area);
        prop_assume!(!in_pieces(&verdict));
        prop_assert_eq!(verdict.is_ok(), area.is_valid(), "{:?} {:?}", verdict, area.check_validation());
    }

    #[test]
    fn two_neighbours_swapped_on_a_circle_cross(count in 4..400_u32, number in 0..400_usize) {
        let mut corners = circle(1000.0, count);
        prop_assert!(check_area(&area(&corners, &[])).is_ok());
        let first = number % (corners.len() - 1);
        corners.swap(first, first + 1);
        let verdict = check_area(&area(&corners, &[]));
        prop_assert!(matches!(verdict, Err(AreaError { fault: AreaFault::SelfIntersection, .. })), "{:?}", verdict);
    }
}

proptest! {
    #[test]
    fn a_star_is_an_area(shape in stars()) {
        prop_assert!(check_area(&shape).is_ok(), "{:?}", check_area(&shape));
    }
}

/// Areas of as many corners as are possible, each a trap for a search by boxes.
fn nasty_areas() -> Vec<(&'static str, MultiPolygon<f64>)> {
    let degrees = |x: u32, y: u32| (f64::from(x) * 1e-4, f64::from(y) * 1e-4);
    let needles = (0..20_000_u32).map(|number| {
        let angle = f64::from(number) / 20_000.0 * std::f64::consts::TAU;
        let radius = if number % 2 == 0 { 1.0 } else { 1e-3 };
        (radius * angle.cos(), radius * angle.sin())
    });
    // A comb whose teeth lie aslant, so that the boxes of all overlap.
    let back = (0..4_999_u32).flat_map(|tooth| {
        let (x, y) = degrees(tooth * 2, 0);
        [(x, y), (x + 40.0, y + 40.0), (x + 40.000_05, y + 40.0), (x + 1e-4, y)]
    });
    let comb: Vec<(f64, f64)> = back.collect();
    let hole = |number: u32| {
        let (x, y) = degrees(number % 70 * 3, number / 70 * 3);
        vec![(x, y), (x + 1e-4, y), (x, y + 1e-4), (x, y)]
    };
    let holes: Vec<Vec<(f64, f64)>> = (0..4_900).map(hole).collect();
    let holes: Vec<Ring<'_>> = holes.iter().map(Vec::as_slice).collect();
    // Chevrons within each other.
    let chevron = |number: u32| {
        let (out, within) = (f64::from(number) * 1e-3 + 1.0, f64::from(number) * 1e-3 + 1.0005);
        polygon(&[(0.0, out), (out, 0.0), (within, 0.0), (0.0, within), (0.0, out)], &[])
    };
    vec![
        ("a star of needles", degrees_of(&closed(needles.collect()))),
        ("a comb", degrees_of(&closed([comb, vec![(1.0, -1.0), (0.0, -1.0)]].concat()))),
        ("a sieve", polygon(&square(-1.0, -1.0, 4.0), &holes).into()),
        ("chevrons", MultiPolygon::new((0..4_900).map(chevron).collect())),
    ]
}

fn degrees_of(ring: Ring<'_>) -> MultiPolygon<f64> {
    polygon(ring, &[]).into()
}

#[test]
fn no_shape_of_the_most_corners_takes_a_second() {
    for (name, area) in nasty_areas() {
        let started = std::time::Instant::now();
        let verdict = check_area(&area);
        let took = started.elapsed();
        assert!(verdict.is_ok(), "{name}: {verdict:?}");
        assert!(took.as_secs_f64() < 1.0, "{name} took {took:?}");
    }
}

#[test]
fn more_corners_than_possible_are_counted() {
    let too_many = circle(1000.0, 20_001);
    let error = check_area(&area(&too_many, &[])).unwrap_err();
    assert_eq!(error.fault, AreaFault::TooManyCorners(20_001));
    assert!(error.to_string().contains("20001 corners; at most 20000 are possible"), "{error}");
    assert!(check_area(&area(&circle(1000.0, 20_000), &[])).is_ok());
}
