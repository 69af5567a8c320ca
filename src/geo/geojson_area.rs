//! GeoJSON geometries (RFC 7946) in and out.
//!
//! Read from the JSON itself and not through a GeoJSON library: those close open rings without a word, and cannot say
//! which position was wrong. Positions are longitude, latitude and whatever follows; what follows is left out.
//! Rings may turn either way on input; on output exteriors turn counter-clockwise, holes clockwise (§3.1.6).

use ::geo::{Coord, LineString, MultiPolygon, Orient, Polygon, orient::Direction};
use serde_json::{Value, json};

use super::{
    AreaError, check_area,
    validate::{AreaFault, check_positions},
};
use crate::domain::Place;

/// What was wrong with a geometry, with the path of the member that was, such as `coordinates[0][3]`.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GeoJsonError {
    /// A member is missing or not of the right form.
    #[error("{path}: must be {wanted}, not {found}")]
    Form {
        /// Where in the geometry.
        path: String,
        /// What would be right.
        wanted: &'static str,
        /// What is there, shortened.
        found: String,
    },
    /// The polygons are no area.
    #[error("{path}: {}", .fault.reason())]
    Area {
        /// Where in the geometry.
        path: String,
        /// Why, and at which coordinate.
        fault: AreaError,
    },
    /// The line is no path.
    #[error("{path}: {reason}")]
    Line {
        /// Where in the geometry.
        path: String,
        /// Why.
        reason: &'static str,
    },
}

/// Reads a `Polygon` or `MultiPolygon` and checks that it is an area.
///
/// # Errors
/// When it is something else, or no area; see [`check_area`].
pub fn area_from_geojson(geometry: &Value) -> Result<MultiPolygon<f64>, GeoJsonError> {
    let (kind, coordinates) = typed_coordinates(geometry, &["Polygon", "MultiPolygon"], "a Polygon or MultiPolygon")?;
    let root = JsonPath::Root;
    let is_multi = kind == "MultiPolygon";
    let polygons = if is_multi {
        items(coordinates, &root, "an array of polygons")?
            .iter()
            .enumerate()
            .map(|(number, polygon)| read_polygon(polygon, &JsonPath::Item(&root, number), number))
            .collect::<Result<Vec<_>, _>>()?
    } else {
        vec![read_polygon(coordinates, &root, 0)?]
    };
    let area = MultiPolygon::new(polygons);
    check_area(&area).map_err(|fault| {
        let polygon = if is_multi { &JsonPath::Item(&root, fault.polygon) } else { &root };
        let path = if matches!(fault.fault, AreaFault::Empty | AreaFault::TooManyCorners(_)) {
            root.to_string()
        } else {
            JsonPath::Item(&JsonPath::Item(polygon, fault.ring), fault.position).to_string()
        };
        GeoJsonError::Area { path, fault }
    })?;
    Ok(area)
}

/// Reads a `LineString` as a path: at least two different positions, all in range, no edge over 180° of longitude
/// wide.
///
/// # Errors
/// When it is something else.
pub fn line_from_geojson(geometry: &Value) -> Result<LineString<f64>, GeoJsonError> {
    let (_, coordinates) = typed_coordinates(geometry, &["LineString"], "a LineString")?;
    let root = JsonPath::Root;
    let positions = read_positions(coordinates, &root)?;
    let fault = |number: usize, reason| {
        let path = JsonPath::Item(&root, number).to_string();
        Err(GeoJsonError::Line { path, reason })
    };
    if let Some(number) = positions.iter().position(|at| Place::new(at.y, at.x).is_err()) {
        return fault(number, "the position is outside longitude -180…180 and latitude -90…90");
    }
    if positions.iter().all(|at| Some(at) == positions.first()) {
        let reason = "a path needs at least two different positions";
        return Err(GeoJsonError::Line { path: root.to_string(), reason });
    }
    let mut edges = positions.iter().zip(positions.iter().skip(1));
    if let Some(number) = edges.position(|(from, to)| (to.x - from.x).abs() > 180.0) {
        return fault(
            number,
            "the edge spans more than 180° of longitude; paths across the antimeridian are not supported",
        );
    }
    Ok(LineString::new(positions))
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
    json!({ "type": "LineString", "coordinates": positions(line) })
}

fn polygon_coordinates(polygon: &Polygon<f64>) -> Value {
    std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(positions).collect()
}

fn positions(line: &LineString<f64>) -> Value {
    line.coords().map(|at| json!([at.x, at.y])).collect()
}

/// A place in the JSON, as a path from `coordinates` down.
enum JsonPath<'a> {
    Root,
    Item(&'a JsonPath<'a>, usize),
}

impl std::fmt::Display for JsonPath<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Root => f.write_str("coordinates"),
            Self::Item(parent, number) => write!(f, "{parent}[{number}]"),
        }
    }
}

fn typed_coordinates<'a>(
    geometry: &'a Value,
    kinds: &[&str],
    wanted: &'static str,
) -> Result<(&'a str, &'a Value), GeoJsonError> {
    let form = |path: &str, wanted, found: &Value| form_error(path, wanted, found);
    let Value::Object(members) = geometry else {
        return Err(form("geometry", "a GeoJSON geometry object", geometry));
    };
    let found = members.get("type").unwrap_or(&Value::Null);
    let Some(kind) = found.as_str().filter(|kind| kinds.contains(kind)) else {
        return Err(form("type", wanted, found));
    };
    Ok((kind, members.get("coordinates").unwrap_or(&Value::Null)))
}

fn form_error(path: impl ToString, wanted: &'static str, found: &Value) -> GeoJsonError {
    let found = match found {
        Value::Null => "null or missing".to_owned(),
        Value::Array(items) => format!("an array of {}", items.len()),
        Value::Object(_) => "an object".to_owned(),
        scalar => scalar.to_string().chars().take(40).collect(),
    };
    GeoJsonError::Form { path: path.to_string(), wanted, found }
}

fn items<'a>(value: &'a Value, path: &JsonPath<'_>, wanted: &'static str) -> Result<&'a [Value], GeoJsonError> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| form_error(path, wanted, value))
}

fn read_polygon(value: &Value, path: &JsonPath<'_>, number: usize) -> Result<Polygon<f64>, GeoJsonError> {
    let mut rings = Vec::new();
    for (ring_number, ring) in items(value, path, "an array of rings")?.iter().enumerate() {
        let path = JsonPath::Item(path, ring_number);
        let positions = read_positions(ring, &path)?;
        check_positions(&positions).map_err(|fault| {
            let fault = fault.of_ring(number, ring_number);
            let path = if let AreaFault::TooFewPositions(_) = fault.fault {
                path.to_string()
            } else {
                JsonPath::Item(&path, fault.position).to_string()
            };
            GeoJsonError::Area { path, fault }
        })?;
        rings.push(LineString::new(positions));
    }
    if rings.is_empty() {
        return Err(form_error(path, "an array of at least one ring", value));
    }
    let exterior = rings.remove(0);
    Ok(Polygon::new(exterior, rings))
}

fn read_positions(value: &Value, path: &JsonPath<'_>) -> Result<Vec<Coord<f64>>, GeoJsonError> {
    const POSITION: &str = "a position, [longitude, latitude] in degrees";
    let mut positions = Vec::new();
    for (number, position) in items(value, path, "an array of positions")?.iter().enumerate() {
        let path = JsonPath::Item(path, number);
        match items(position, &path, POSITION)? {
            [lon, lat, ..] => {
                let number = |value: &Value, number| {
                    value
                        .as_f64()
                        .ok_or_else(|| form_error(JsonPath::Item(&path, number), "a number of degrees", value))
                };
                positions.push(Coord { x: number(lon, 0)?, y: number(lat, 1)? });
            }
            _ => return Err(form_error(path, POSITION, position)),
        }
    }
    Ok(positions)
}

#[cfg(test)]
mod tests {
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
            (json!([1, 2]), "geometry: must be a GeoJSON geometry object, not an array of 2"),
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
                "coordinates[0][0][1]: the position is outside longitude -180…180 and latitude -90…90, at longitude 5, latitude 91",
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
        assert!(refused(json!([[179, 51], [-179, 51]])).starts_with("coordinates[0]: the edge spans"));
    }
}
