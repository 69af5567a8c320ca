//! The shapes in which people give zones: polygons, circles, corridors.
//!
//! Polygons are GeoJSON (see [`geojson_area`](super::geojson_area)). GeoJSON has no circles and no corridors; they are
//! written the same way:
//!
//! ```json
//! { "type": "Circle", "center": [4.3, 51.3], "radius_m": 500 }
//! { "type": "Corridor", "path": [[4.3, 51.3], [4.4, 51.4]], "half_width_m": 50 }
//! ```
//!
//! A shape is kept as it was given, and judged by as the area of polygons that [`ZoneShape::area`] makes of it. Both
//! are drawn around the shape: whoever is within the radius, or within the half width of the path, is inside; whoever
//! is farther by more than half a percent and a few centimetres is not. Distances are geodesic. The path of a corridor
//! is straight in longitude and latitude between its positions, the short way round the earth, and its corridor is
//! round at the turns and at both ends.

mod circle;
mod corridor;
mod plane;

use ::geo::MultiPolygon;
use serde_json::{Map, Value, json};

use super::{
    AreaError, area_from_geojson, area_to_geojson,
    json::{self, GeometryError, JsonPath},
    validate::{AreaFault, MOST_CORNERS},
};
use crate::domain::Place;

/// Radius of a circle in metres, least and greatest.
pub const RADIUS_M: [f64; 2] = [1.0, 5_000_000.0];
/// Half width of a corridor in metres, least and greatest.
pub const HALF_WIDTH_M: [f64; 2] = [1.0, 100_000.0];
/// A corridor may be so long, in kilometres.
pub const MOST_CORRIDOR_KM: f64 = 10_000.0;

/// The shape of a zone as it was given.
#[derive(Clone, Debug, PartialEq)]
pub enum ZoneShape {
    /// Polygons, cut at the antimeridian, checked (see [`check_area`](super::check_area)).
    Polygons(MultiPolygon<f64>),
    /// All that is within a distance of a place.
    Circle {
        /// The place.
        center: Place,
        /// The distance in metres.
        radius_m: f64,
    },
    /// All that is within a distance of a path.
    Corridor {
        /// The path: at least two different places.
        path: Vec<Place>,
        /// The distance in metres.
        half_width_m: f64,
    },
}

impl ZoneShape {
    /// Reads a shape and checks that it is one.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn from_json(shape: &Value) -> Result<Self, GeometryError> {
        let kind = json::kind(shape, &["Polygon", "MultiPolygon", "Circle", "Corridor"])?;
        let (Some(members), true) = (shape.as_object(), matches!(kind, "Circle" | "Corridor")) else {
            return Ok(Self::Polygons(area_from_geojson(shape)?));
        };
        if kind == "Circle" {
            only_members(members, kind, &["type", "center", "radius_m"])?;
            let path = JsonPath::Member("center");
            let center = json::place_at(json::position(member(members, "center"), path)?, path)?;
            return Ok(Self::Circle { center, radius_m: metres(members, "radius_m", RADIUS_M)? });
        }
        only_members(members, kind, &["type", "path", "half_width_m"])?;
        let half_width_m = metres(members, "half_width_m", HALF_WIDTH_M)?;
        let path = read_path(member(members, "path"))?;
        Ok(Self::Corridor { path, half_width_m })
    }

    /// The shape as JSON, as [`from_json`](Self::from_json) reads it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let position = |place: &Place| json!([place.lon(), place.lat()]);
        match self {
            Self::Polygons(area) => area_to_geojson(area),
            Self::Circle { center, radius_m } => {
                json!({ "type": "Circle", "center": position(center), "radius_m": radius_m })
            }
            Self::Corridor { path, half_width_m } => {
                let path: Vec<Value> = path.iter().map(position).collect();
                json!({ "type": "Corridor", "path": path, "half_width_m": half_width_m })
            }
        }
    }

    /// The area by which vehicles are judged, in longitudes -180…180.
    ///
    /// # Errors
    /// When a corridor has too many corners, is too long, or goes round the earth.
    pub fn area(&self) -> Result<MultiPolygon<f64>, AreaError> {
        match self {
            Self::Polygons(area) => Ok(area.clone()),
            Self::Circle { center, radius_m } => Ok(circle::area(*center, *radius_m)),
            Self::Corridor { path, half_width_m } => corridor::area(path, *half_width_m),
        }
    }

    /// The member of the JSON that an error of [`area`](Self::area) is about.
    #[must_use]
    pub fn area_member(&self) -> &'static str {
        match self {
            Self::Polygons(_) => "coordinates",
            Self::Circle { .. } => "radius_m",
            Self::Corridor { .. } => "path",
        }
    }
}

/// Reads a shape and makes its area: what a zone needs.
///
/// # Errors
/// What is wrong, and where.
pub fn shape_and_area(shape: &Value) -> Result<(ZoneShape, MultiPolygon<f64>), GeometryError> {
    let shape = ZoneShape::from_json(shape)?;
    let area = shape.area().map_err(|fault| GeometryError::Area { path: shape.area_member().to_owned(), fault })?;
    Ok((shape, area))
}

fn read_path(value: &Value) -> Result<Vec<Place>, GeometryError> {
    let root = JsonPath::Member("path");
    let positions = json::positions(value, root)?;
    if positions.len() > MOST_CORNERS {
        let fault = AreaError::of_whole(AreaFault::TooManyCorners(positions.len()));
        return Err(GeometryError::Area { path: root.to_string(), fault });
    }
    let places = positions.iter().enumerate().map(|(number, at)| json::place_at(*at, root.item(number)));
    let places: Vec<Place> = places.collect::<Result<_, _>>()?;
    if places.iter().all(|place| Some(place) == places.first()) {
        let reason = "a path needs at least two different positions; for one place there is the Circle".to_owned();
        return Err(GeometryError::Line { path: root.to_string(), reason });
    }
    Ok(places)
}

/// A misspelt member must not be passed over.
fn only_members(members: &Map<String, Value>, kind: &str, known: &[&str]) -> Result<(), GeometryError> {
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(unknown) => Err(GeometryError::Line {
            path: unknown.chars().take(40).collect(),
            reason: format!("a {kind} has no such member; it has {}", known.join(", ")),
        }),
    }
}

fn member<'a>(members: &'a Map<String, Value>, name: &str) -> &'a Value {
    members.get(name).unwrap_or(&Value::Null)
}

fn metres(members: &Map<String, Value>, name: &str, [least, most]: [f64; 2]) -> Result<f64, GeometryError> {
    let value = member(members, name);
    value
        .as_f64()
        .filter(|metres| (least..=most).contains(metres))
        .ok_or_else(|| json::form_error(JsonPath::Member(name), format!("metres from {least} to {most}"), value))
}

#[cfg(test)]
mod tests;
