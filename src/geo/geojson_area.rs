//! GeoJSON geometries (RFC 7946) in and out.
//!
//! Read from the JSON itself and not through a GeoJSON library: those close open rings without a word, and cannot say
//! which position was wrong. Positions are longitude, latitude and whatever follows; what follows is left out.
//! Rings may turn either way on input; on output exteriors turn counter-clockwise, holes clockwise (§3.1.6).
//!
//! An area across the antimeridian may be cut there, as the RFC asks (§3.1.9), or not: then either its longitudes run
//! on past ±180 (181 for -179), or an edge jumps by more than 180° and is taken to go the short way. A ring that goes
//! all the way round the earth on one side of the equator encloses the pole on that side. An area that goes far round
//! the earth the other way needs positions between, so that no edge is wider than 180°. Inside, and on output, areas
//! are always cut, and reach a pole as an edge along latitude ±90.

use ::geo::{LineString, MultiPolygon, Orient, Polygon, orient::Direction};
use serde_json::{Value, json};

use super::{
    AreaError, AreaFault,
    across::{GivenPolygon, area_of},
    check_area, coord_of,
    json::{self, GeometryError, JsonPath},
    validate::{check_corner_count, check_positions_within, corner_count},
};

const ROOT: JsonPath<'_> = JsonPath::Member("coordinates");

/// Reads a `Polygon` or `MultiPolygon` and checks that it is an area.
///
/// # Errors
/// When it is something else, or no area; see [`check_area`].
pub fn area_from_geojson(geometry: &Value) -> Result<MultiPolygon<f64>, GeometryError> {
    let is_multi = json::kind(geometry, &["Polygon", "MultiPolygon"])? == "MultiPolygon";
    let coordinates = geometry.get("coordinates").unwrap_or(&Value::Null);
    let area_error = |fault: AreaError| {
        let polygon = if is_multi { &ROOT.item(fault.polygon) } else { &ROOT };
        let path = match fault.fault {
            AreaFault::Empty | AreaFault::TooManyCorners(_) => ROOT.to_string(),
            AreaFault::TooFewPositions(_) => polygon.item(fault.ring).to_string(),
            _ => polygon.item(fault.ring).item(fault.position).to_string(),
        };
        GeometryError::Area { path, fault }
    };
    let polygons = if is_multi {
        let polygons = json::items(coordinates, ROOT, "an array of polygons")?.iter().enumerate();
        polygons.map(|(number, polygon)| read_polygon(polygon, ROOT.item(number))).collect::<Result<Vec<_>, _>>()?
    } else {
        vec![read_polygon(coordinates, ROOT)?]
    };
    let given = MultiPolygon::new(polygons.iter().map(GivenPolygon::as_given).collect());
    check_corner_count(corner_count(&given)).map_err(area_error)?;
    for (polygon, rings) in polygons.iter().enumerate() {
        for (ring, positions) in rings.0.iter().enumerate() {
            check_positions_within(positions, json::FARTHEST_LONGITUDE)
                .map_err(|fault| area_error(fault.of_ring(polygon, ring)))?;
        }
    }
    if polygons.iter().all(GivenPolygon::stays) {
        check_area(&given).map_err(area_error)?;
        return Ok(given);
    }
    area_of(&polygons).map_err(area_error)
}

/// Reads a `LineString` as a path: at least two different positions, all in range. From each to the next it goes the
/// short way round the earth.
///
/// # Errors
/// When it is something else.
pub fn line_from_geojson(geometry: &Value) -> Result<LineString<f64>, GeometryError> {
    json::kind(geometry, &["LineString"])?;
    let positions = json::positions(geometry.get("coordinates").unwrap_or(&Value::Null), ROOT)?;
    let places = positions.iter().enumerate().map(|(number, at)| json::place_at(*at, ROOT.item(number)).map(coord_of));
    let line: LineString<f64> = places.collect::<Result<_, _>>()?;
    if line.coords().all(|at| Some(at) == line.0.first()) {
        let reason = "a path needs at least two different positions".to_owned();
        return Err(GeometryError::Line { path: ROOT.to_string(), reason });
    }
    Ok(line)
}

/// The area as a GeoJSON geometry: a `Polygon` if it has one polygon, else a `MultiPolygon`.
#[must_use]
pub fn area_to_geojson(area: &MultiPolygon<f64>) -> Value {
    let polygons: Vec<Value> = area.orient(Direction::Default).iter().map(polygon_coordinates).collect();
    match <[Value; 1]>::try_from(polygons) {
        Ok([polygon]) => json!({ "type": "Polygon", "coordinates": polygon }),
        Err(polygons) => json!({ "type": "MultiPolygon", "coordinates": polygons }),
    }
}

/// The path as a GeoJSON `LineString`.
#[must_use]
pub fn line_to_geojson(line: &LineString<f64>) -> Value {
    json!({ "type": "LineString", "coordinates": json::to_json(line.coords()) })
}

fn polygon_coordinates(polygon: &Polygon<f64>) -> Value {
    std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(|ring| json::to_json(ring.coords())).collect()
}

fn read_polygon(value: &Value, path: JsonPath<'_>) -> Result<GivenPolygon, GeometryError> {
    let rings = json::items(value, path, "an array of rings")?;
    if rings.is_empty() {
        return Err(json::form_error(path, "an array of at least one ring", value));
    }
    let rings = rings.iter().enumerate().map(|(number, ring)| json::positions(ring, path.item(number)));
    Ok(GivenPolygon(rings.collect::<Result<_, _>>()?))
}

#[cfg(test)]
mod tests {
    use ::geo::Coord;

    use super::*;

    fn refusal(geometry: &Value) -> String {
        area_from_geojson(geometry).unwrap_err().to_string()
    }

    fn polygon(rings: &Value) -> Value {
        json!({ "type": "Polygon", "coordinates": rings })
    }

    #[test]
    fn a_polygon_and_a_multipolygon_are_read() {
        let ring = json!([[4.0, 51.0, 7.0], [5.0, 51.0], [5, 52], [4.0, 51.0, 7.0]]);
        let one = area_from_geojson(&polygon(&json!([ring]))).unwrap();
        assert_eq!(one.0[0].exterior().0[2], Coord { x: 5.0, y: 52.0 });
        let multi = json!({ "type": "MultiPolygon", "coordinates": [[ring]], "bbox": [4, 51, 5, 52] });
        assert_eq!(area_from_geojson(&multi).unwrap(), one);
    }

    #[test]
    fn an_open_ring_is_refused_not_closed() {
        let open = polygon(&json!([[[4, 51], [5, 51], [5, 52], [4, 52]]]));
        assert_eq!(
            refusal(&open),
            "coordinates[0][3]: the ring is not closed: its last position must equal its first, at longitude 4, latitude 52"
        );
        let short = polygon(&json!([[[4, 51], [5, 51], [4, 51]]]));
        assert!(
            refusal(&short).starts_with("coordinates[0]: a ring needs at least 4 positions"),
            "{}",
            refusal(&short)
        );
    }

    #[test]
    fn a_refusal_names_the_path_in_the_json() {
        let cases = [
            (json!([1, 2]), "geometry: must be a geometry, a JSON object, not an array of 2"),
            (
                json!({ "type": "Point", "coordinates": [4, 51] }),
                "type: must be a Polygon or MultiPolygon, not \"Point\"",
            ),
            (json!({ "coordinates": [] }), "type: must be a Polygon or MultiPolygon, not null or missing"),
            (json!({ "type": "Polygon" }), "coordinates: must be an array of rings, not null or missing"),
            (polygon(&json!([])), "coordinates: must be an array of at least one ring, not an array of 0"),
            (
                polygon(&json!([[4, 51]])),
                "coordinates[0][0]: must be a position, [longitude, latitude] in degrees, not 4",
            ),
            (
                polygon(&json!([[[4]]])),
                "coordinates[0][0]: must be a position, [longitude, latitude] in degrees, not an array of 1",
            ),
            (polygon(&json!([[[4, "51"]]])), "coordinates[0][0][1]: must be a number of degrees, not \"51\""),
            (json!({ "type": "MultiPolygon", "coordinates": [] }), "coordinates: the area has no polygon"),
            (
                json!({ "type": "MultiPolygon", "coordinates": [[[[4, 51], [5, 91], [5, 52], [4, 51]]]] }),
                "coordinates[0][0][1]: the position is outside latitude -90…90 or longitude -180…180 (up to ±360 for what goes on past the antimeridian), at longitude 5, latitude 91",
            ),
        ];
        for (geometry, message) in cases {
            assert_eq!(refusal(&geometry), message);
        }
    }

    #[test]
    fn a_crossing_is_refused_with_its_place() {
        let bow_tie = polygon(&json!([[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]));
        assert_eq!(
            refusal(&bow_tie),
            "coordinates[0][0]: the ring crosses or touches itself, at longitude 1, latitude 1"
        );
        let holes = json!({ "type": "MultiPolygon", "coordinates": [
            [[[0, 0], [1, 0], [1, 1], [0, 0]]],
            [[[2, 0], [6, 0], [6, 4], [2, 4], [2, 0]], [[5, 1], [7, 2], [5, 3], [5, 1]]]
        ]});
        assert!(refusal(&holes).starts_with("coordinates[1][1][0]: the hole crosses"), "{}", refusal(&holes));
    }

    #[test]
    fn output_turns_the_right_way_and_reads_back_the_same() {
        let clockwise = json!([
            [[0.1, 0.2], [0.1, 4.3], [4.4, 4.3], [4.4, 0.2], [0.1, 0.2]],
            [[1.1, 1.1], [2.2, 1.1], [2.2, 2.2], [1.1, 1.1]]
        ]);
        let out = area_to_geojson(&area_from_geojson(&polygon(&clockwise)).unwrap());
        let expected = json!({ "type": "Polygon", "coordinates": [
            [[0.1, 0.2], [4.4, 0.2], [4.4, 4.3], [0.1, 4.3], [0.1, 0.2]],
            [[1.1, 1.1], [2.2, 2.2], [2.2, 1.1], [1.1, 1.1]]
        ]});
        assert_eq!(out, expected);
        assert_eq!(area_to_geojson(&area_from_geojson(&out).unwrap()), out);
    }

    #[test]
    fn a_path_is_read_and_written() {
        let line = json!({ "type": "LineString", "coordinates": [[4.25, 51.5], [4.5, 51.75]] });
        assert_eq!(line_to_geojson(&line_from_geojson(&line).unwrap()), line);
        let refused = |coordinates: Value| {
            line_from_geojson(&json!({ "type": "LineString", "coordinates": coordinates })).unwrap_err().to_string()
        };
        assert_eq!(refused(json!([[4, 51], [4, 51]])), "coordinates: a path needs at least two different positions");
        assert_eq!(refused(json!([])), "coordinates: a path needs at least two different positions");
        assert!(refused(json!([[4, 51], [400, 51]])).starts_with("coordinates[1]: the position is outside"));
    }

    #[test]
    fn a_path_may_cross_the_antimeridian() {
        let read = |coordinates: Value| {
            line_from_geojson(&json!({ "type": "LineString", "coordinates": coordinates })).unwrap()
        };
        assert_eq!(read(json!([[179, 51], [181, 51]])), read(json!([[179, 51], [-179, 51]])));
    }
}
