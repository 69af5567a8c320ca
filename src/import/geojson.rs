//! Zones and routes from GeoJSON feature collections.
//!
//! A feature's properties may say what its zone means, with the same names as the API: `name`, `kind` and what that needs,
//! `schedule`, `group`, `dwell_s`, `valid_from`, `valid_to`. What it does not say is taken from the command's defaults. A Point
//! with a property `radius_m` is a circle, a LineString with `half_width_m` a corridor.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::{ImportError, form, read_json, whole};
use crate::{
    domain::ZoneKind,
    geo::{line_from_geojson, shape_and_area},
    store::{routes::NewRoute, zones::NewZone},
};

/// What holds for features that do not say otherwise.
#[derive(Clone, Debug)]
pub struct ZoneDefaults {
    /// What they mean.
    pub kind: Option<ZoneKind>,
    /// From when they are in force.
    pub valid_from: DateTime<Utc>,
}

/// Reads zones.
///
/// # Errors
/// Names every feature that cannot be taken, with the reason and the place in its geometry.
pub fn zones(path: &Path, defaults: &ZoneDefaults) -> Result<Vec<NewZone>, ImportError> {
    let features = features(path)?;
    whole(path, features.iter().enumerate().map(|(number, feature)| zone(number, feature, defaults)).collect())
}

fn zone(number: usize, feature: &Value, defaults: &ZoneDefaults) -> Result<NewZone, String> {
    let properties = properties(feature);
    let name = name(&properties, number);
    let fault = |what: String| format!("feature {number} ({name}): {what}");
    let (shape, _) = shape_and_area(&area(feature, &properties)).map_err(|error| fault(error.to_string()))?;
    let kind = if properties.contains_key("kind") {
        let said = OF_KINDS.into_iter().filter_map(|name| {
            properties.get(name).filter(|value| !value.is_null()).map(|value| (name.to_owned(), value.clone()))
        });
        let mut said: Map<String, Value> = said.collect();
        said.entry("cargo").or_insert_with(|| json!({}));
        serde_json::from_value(Value::Object(said)).map_err(|error| fault(format!("its properties: {error}")))?
    } else {
        defaults.kind.clone().ok_or_else(|| fault("it has no property `kind`, and --kind was not given".into()))?
    };
    let time = |name: &str| match properties.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => serde_json::from_value(value.clone())
            .map(Some)
            .map_err(|_| fault(format!("its property `{name}` is {value}; an RFC 3339 time is wanted"))),
    };
    let zone = NewZone {
        kind,
        shape,
        valid_from: time("valid_from")?.unwrap_or(defaults.valid_from),
        valid_to: time("valid_to")?,
        schedule: property(&properties, "schedule").map_err(fault)?,
        group: property(&properties, "group").map_err(fault)?,
        dwell_s: property(&properties, "dwell_s").map_err(fault)?,
        name: name.clone(),
    };
    if matches!(zone.kind, ZoneKind::TimeBan { .. }) && zone.schedule.is_none() {
        return Err(fault("it is a time_ban without a property `schedule`".into()));
    }
    Ok(zone)
}

/// The geometry with what makes a point a circle and a line a corridor.
fn area(feature: &Value, properties: &Map<String, Value>) -> Value {
    let geometry = feature.get("geometry").cloned().unwrap_or_default();
    let coordinates = || geometry.get("coordinates").cloned().unwrap_or_default();
    match geometry.get("type").and_then(Value::as_str) {
        Some("Point") => {
            json!({ "type": "Circle", "center": coordinates(), "radius_m": properties.get("radius_m") })
        }
        Some("LineString") => {
            json!({ "type": "Corridor", "path": coordinates(), "half_width_m": properties.get("half_width_m") })
        }
        _ => geometry,
    }
}

/// Properties that belong to one kind of zone or another.
const OF_KINDS: [&str; 11] = [
    "kind",
    "cargo",
    "limit_kmh",
    "category",
    "by_time",
    "max_quantity_kg",
    "max_speed_kmh",
    "escort_required",
    "max_stay_s",
    "supervised",
    "what",
];

/// A property that may be there.
fn property<T: DeserializeOwned>(properties: &Map<String, Value>, name: &str) -> Result<Option<T>, String> {
    let value = properties.get(name).filter(|value| !value.is_null());
    value
        .map(|value| serde_json::from_value(value.clone()))
        .transpose()
        .map_err(|error| format!("its property `{name}`: {error}"))
}

/// Reads routes: line strings, with `half_width_m` among the properties or from the command.
///
/// # Errors
/// Names every feature that cannot be taken.
pub fn routes(path: &Path, half_width_m: f64) -> Result<Vec<NewRoute>, ImportError> {
    let features = features(path)?;
    let route = |(number, feature): (usize, &Value)| {
        let properties = properties(feature);
        let name = name(&properties, number);
        let geometry = feature.get("geometry").cloned().unwrap_or_default();
        line_from_geojson(&geometry).map_err(|error| format!("feature {number} ({name}): {error}"))?;
        let half_width_m = match properties.get("half_width_m") {
            None | Some(Value::Null) => half_width_m,
            Some(value) => value.as_f64().filter(|width| *width > 0.0).ok_or_else(|| {
                format!("feature {number} ({name}): half_width_m is {value}; metres above 0 are wanted")
            })?,
        };
        Ok(NewRoute {
            name,
            path: geometry,
            half_width_m,
            sections: property(&properties, "sections")?.unwrap_or_default(),
            police_approved: property(&properties, "police_approved")?.unwrap_or(false),
        })
    };
    whole(path, features.iter().enumerate().map(route).collect())
}

fn features(path: &Path) -> Result<Vec<Value>, ImportError> {
    let mut json = read_json(path)?;
    match json.get_mut("features").map(Value::take) {
        Some(Value::Array(features)) => Ok(features),
        _ => Err(form(path, "a GeoJSON FeatureCollection is wanted")),
    }
}

fn properties(feature: &Value) -> Map<String, Value> {
    feature.get("properties").and_then(Value::as_object).cloned().unwrap_or_default()
}

fn name(properties: &Map<String, Value>, number: usize) -> String {
    match properties.get("name") {
        Some(Value::String(name)) => name.clone(),
        _ => format!("feature {number}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::TunnelCategory, geo::ZoneShape};

    fn read(geometry: &Value, properties: &Value) -> Result<NewZone, String> {
        let feature = json!({ "type": "Feature", "geometry": geometry, "properties": properties });
        let kind = Some(ZoneKind::Tunnel { category: TunnelCategory::C, by_time: Vec::new() });
        zone(3, &feature, &ZoneDefaults { kind, valid_from: DateTime::UNIX_EPOCH })
    }

    #[test]
    fn a_point_with_a_radius_is_a_circle_and_a_line_with_a_half_width_a_corridor() {
        let point = json!({ "type": "Point", "coordinates": [4.3, 51.3] });
        let circle = read(&point, &json!({ "radius_m": 500 })).unwrap().shape;
        assert!(matches!(circle, ZoneShape::Circle { radius_m: 500.0, .. }), "{circle:?}");
        let line = json!({ "type": "LineString", "coordinates": [[4.3, 51.3], [4.4, 51.3]] });
        let corridor = read(&line, &json!({ "half_width_m": 20.5 })).unwrap().shape;
        assert!(matches!(corridor, ZoneShape::Corridor { half_width_m: 20.5, .. }), "{corridor:?}");
        assert_eq!(
            read(&point, &json!({ "name": "depot" })).unwrap_err(),
            "feature 3 (depot): radius_m: must be metres from 1 to 5000000, not null or missing"
        );
    }
}
