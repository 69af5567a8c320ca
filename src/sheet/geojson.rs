//! The sheet as a map layer (RFC 7946).

use serde_json::{Value, json};

use super::{Sheet, TrackPoint};
use crate::{domain::Place, geo::area_to_geojson};

/// Zones, track, vehicle and rendezvous, the largest first, so that a map draws the small ones on top.
pub(super) fn collection(sheet: &Sheet<'_>) -> Value {
    let mut features: Vec<Value> = Vec::new();
    if let Some(zones) = sheet.zones {
        let mut drawn: Vec<_> = zones.zones.iter().collect();
        drawn.sort_by(|one, other| other.form.reach_m().total_cmp(&one.form.reach_m()));
        features.extend(drawn.into_iter().map(|zone| {
            let properties = json!({
                "kind": "zone",
                "zone": zone.kind,
                "in_force": zone.in_force,
                "downwind": zone.downwind,
                "metres": zone.distance.metres,
                "at_least": zone.distance.at_least,
                "widened_m": zones.widened_m,
                "drawn_at": zones.drawn_at,
                "instruction": zone.instruction(sheet.language),
                "basis": zone.distance.basis(sheet.language),
            });
            feature(area_to_geojson(&zone.area), properties)
        }));
    }
    if let Some(position) = &sheet.position {
        features.extend(track(&position.track));
        let properties = json!({
            "kind": "vehicle",
            "incident": sheet.identity.incident,
            "status": sheet.identity.status,
            "level": sheet.identity.level,
            "registration": sheet.vehicle.registration,
            "at": position.at,
            "accuracy_m": position.accuracy_m,
            "heading_deg": position.heading_deg,
            "un_numbers": sheet.goods.goods.iter().map(|line| line.un_number).collect::<Vec<_>>(),
        });
        features.push(feature(point(position.place), properties));
    }
    let rendezvous = sheet.approach.and_then(|approach| approach.rendezvous);
    features.extend(rendezvous.map(|rendezvous| {
        let properties = json!({
            "kind": "rendezvous",
            "distance_m": rendezvous.distance_m,
            "bearing_deg": rendezvous.bearing_deg,
        });
        feature(point(rendezvous.place), properties)
    }));
    json!({ "type": "FeatureCollection", "features": features })
}

/// The track as a line; a single point makes none. Where it crosses the antimeridian it is cut (RFC 7946 §3.1.9) by
/// leaving out the step across.
fn track(track: &[TrackPoint]) -> Option<Value> {
    let crosses = |one: &TrackPoint, other: &TrackPoint| (one.place.lon() - other.place.lon()).abs() > 180.0;
    let lines = track.chunk_by(|one, other| !crosses(one, other)).filter(|line| line.len() > 1);
    let lines: Vec<Vec<[f64; 2]>> = lines.map(|line| line.iter().map(|at| lon_lat(at.place)).collect()).collect();
    let (from, to) = (track.first()?.at, track.last()?.at);
    let geometry = json!({ "type": "MultiLineString", "coordinates": lines });
    (!lines.is_empty()).then(|| feature(geometry, json!({ "kind": "track", "from": from, "to": to })))
}

fn feature(geometry: Value, properties: Value) -> Value {
    json!({ "type": "Feature", "geometry": geometry, "properties": properties })
}

fn point(place: Place) -> Value {
    json!({ "type": "Point", "coordinates": lon_lat(place) })
}

fn lon_lat(place: Place) -> [f64; 2] {
    [place.lon(), place.lat()]
}
