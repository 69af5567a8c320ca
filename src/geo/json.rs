//! Reading geometries from JSON, with errors that name the member.

use ::geo::Coord;
use serde_json::Value;

use super::AreaError;
use crate::domain::Place;

/// What was wrong with a geometry, with the path of the member that was, such as `coordinates[0][3]`.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GeometryError {
    /// A member is missing or not of the right form.
    #[error("{path}: must be {wanted}, not {found}")]
    Form {
        /// Where in the geometry.
        path: String,
        /// What would be right.
        wanted: String,
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
        reason: String,
    },
}

/// A place in the JSON, as a path from one of the geometry's members down.
#[derive(Clone, Copy)]
pub(super) enum JsonPath<'a> {
    Member(&'a str),
    Item(&'a JsonPath<'a>, usize),
}

impl JsonPath<'_> {
    pub fn item(&self, number: usize) -> JsonPath<'_> {
        JsonPath::Item(self, number)
    }
}

impl std::fmt::Display for JsonPath<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Member(name) => f.write_str(name),
            Self::Item(parent, number) => write!(f, "{parent}[{number}]"),
        }
    }
}

/// The name of the geometry's type, which must be one of those.
pub(super) fn kind<'a>(geometry: &'a Value, kinds: &[&str]) -> Result<&'a str, GeometryError> {
    let Value::Object(members) = geometry else {
        return Err(form_error(JsonPath::Member("geometry"), "a geometry, a JSON object", geometry));
    };
    let found = members.get("type").unwrap_or(&Value::Null);
    found.as_str().filter(|kind| kinds.contains(kind)).ok_or_else(|| {
        let wanted = match kinds {
            [only] => format!("a {only}"),
            [first @ .., last] => format!("a {} or {last}", first.join(", ")),
            [] => String::new(),
        };
        form_error(JsonPath::Member("type"), wanted, found)
    })
}

/// What is not as it should be.
pub(super) fn form_error(path: JsonPath<'_>, wanted: impl Into<String>, found: &Value) -> GeometryError {
    let found = match found {
        Value::Null => "null or missing".to_owned(),
        Value::Array(items) => format!("an array of {}", items.len()),
        Value::Object(_) => "an object".to_owned(),
        scalar => scalar.to_string().chars().take(40).collect(),
    };
    GeometryError::Form { path: path.to_string(), wanted: wanted.into(), found }
}

/// The items of an array.
pub(super) fn items<'a>(value: &'a Value, path: JsonPath<'_>, wanted: &str) -> Result<&'a [Value], GeometryError> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| form_error(path, wanted, value))
}

/// An array of positions, their range unchecked.
pub(super) fn positions(value: &Value, path: JsonPath<'_>) -> Result<Vec<Coord<f64>>, GeometryError> {
    let positions = items(value, path, "an array of positions")?.iter().enumerate();
    positions.map(|(number, value)| position(value, path.item(number))).collect()
}

/// A position, its range unchecked. What follows longitude and latitude is left out.
pub(super) fn position(value: &Value, path: JsonPath<'_>) -> Result<Coord<f64>, GeometryError> {
    const POSITION: &str = "a position, [longitude, latitude] in degrees";
    let number = |value: &Value, number| {
        value.as_f64().ok_or_else(|| form_error(path.item(number), "a number of degrees", value))
    };
    match items(value, path, POSITION)? {
        [lon, lat, ..] => Ok(Coord { x: number(lon, 0)?, y: number(lat, 1)? }),
        _ => Err(form_error(path, POSITION, value)),
    }
}

/// The place at a position. Its longitude may count on past the antimeridian, up to ±360.
pub(super) fn place_at(at: Coord<f64>, path: JsonPath<'_>) -> Result<Place, GeometryError> {
    let runs_on = at.x.abs() > 180.0 && at.x.abs() <= FARTHEST_LONGITUDE;
    let turned = if runs_on { at.x - 360.0 * at.x.signum() } else { at.x };
    Place::new(at.y, turned).map_err(|_| {
        let reason = format!("the position is outside {RANGE}, at longitude {}, latitude {}", at.x, at.y);
        GeometryError::Line { path: path.to_string(), reason }
    })
}

/// Farthest longitude of a position that counts on past the antimeridian, in degrees.
pub(super) const FARTHEST_LONGITUDE: f64 = 360.0;
/// What longitude and latitude may be.
pub(super) const RANGE: &str =
    "latitude -90…90 or longitude -180…180 (up to ±360 for what goes on past the antimeridian)";

/// Positions for output.
pub(super) fn to_json<'a>(positions: impl IntoIterator<Item = &'a Coord<f64>>) -> Value {
    positions.into_iter().map(|at| serde_json::json!([at.x, at.y])).collect()
}
