//! What must hold for every area that is let in.

use geo::{Coord, LineString, MultiPolygon, Polygon};
use placard::{
    domain::Place,
    geo::{PreparedArea, Side, ZoneShape, area_from_geojson, area_to_geojson, check_area, shape_and_area},
};

/// Reads a text as the shape of a zone, and checks what comes out.
///
/// # Panics
/// When something does not hold: that is a finding.
pub fn check_text(text: &[u8]) {
    let Ok(json) = serde_json::from_slice(text) else { return };
    match shape_and_area(&json) {
        Ok((shape, area)) => {
            let again = ZoneShape::from_json(&shape.to_json()).expect("a shape that is written reads again");
            assert_eq!(again.to_json(), shape.to_json(), "and is the same");
            check_accepted(&area);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// Makes an area of a coarse grid's points, where rings touch, overlap and run back more often than in any text, and
/// checks what comes out.
///
/// # Panics
/// When something does not hold: that is a finding.
pub fn check_grid(data: &[u8]) {
    // 0xff ends a ring, 0xfe a polygon; any other byte is a point.
    let polygons = data.split(|byte| *byte == 0xfe).map(|polygon| {
        let mut rings = polygon.split(|byte| *byte == 0xff).map(|ring| {
            ring.iter().map(|byte| Coord { x: f64::from(byte >> 4) / 10.0, y: f64::from(byte & 0x0f) / 10.0 }).collect()
        });
        let exterior: LineString<f64> = rings.next().unwrap_or_else(|| LineString::new(Vec::new()));
        Polygon::new(exterior, rings.collect())
    });
    let area = MultiPolygon::new(polygons.collect());
    match check_area(&area) {
        Ok(()) => check_accepted(&area),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

fn check_accepted(area: &MultiPolygon<f64>) {
    assert_eq!(check_area(area), Ok(()), "what was read passes the check");
    let written = area_to_geojson(area);
    let again = area_from_geojson(&written).expect("what is written reads again");
    assert_eq!(area_to_geojson(&again), written, "and is the same");

    let prepared = PreparedArea::new(area);
    for point in area.iter().flat_map(|polygon| polygon.exterior().coords()).take(20) {
        let corner = Place::new(point.y, point.x).expect("a corner is a place");
        assert_ne!(prepared.locate(corner), Side::Outside, "a corner belongs to the area: {corner:?}");
        // Where an area is cut at the antimeridian, or goes on beyond a pole, is no boundary of it.
        if corner.lon().abs() < 180.0 && corner.lat().abs() < 90.0 {
            assert_eq!(prepared.locate(corner), Side::Boundary, "a corner lies on the boundary: {corner:?}");
            let distance_m = prepared.boundary_distance_m(corner);
            assert!(distance_m == 0.0, "and at no distance from it: {distance_m} m");
        }
    }
}
