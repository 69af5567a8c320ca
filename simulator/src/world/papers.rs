//! Papers: vehicles and drivers with their documents, shipments, routes, exemptions.

use serde_json::{Map, Value, json};

use super::{Line, Moment, Schedule};
use crate::geometry::Place;

/// A paper that runs out.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Its kind, e.g. `tank_test`.
    pub kind: &'static str,
    /// On which day, counted from the first day of the simulation, it is valid for the last time.
    pub last_day: i64,
}

/// A vehicle as it is registered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VehicleFacts {
    /// Its own highest speed in km/h.
    pub speed_limit_kmh: Option<f64>,
    /// Which jurisdiction's rules it is judged by; the installation's own, if not given.
    pub jurisdiction: Option<String>,
    /// Its documents.
    pub documents: Vec<Document>,
    /// The classes it is approved for; any, if empty.
    pub licensed_classes: Vec<String>,
    /// UN numbers its tank is approved for; any, if empty.
    pub tank_media: Vec<String>,
    /// Most kilograms it may carry.
    pub rated_load_kg: Option<f64>,
}

/// A driver as registered.
#[derive(Clone, Debug, PartialEq)]
pub struct Driver {
    /// Code.
    pub code: String,
    /// Documents.
    pub documents: Vec<Document>,
}

/// A place with a radius.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// The middle.
    pub place: Place,
    /// Radius in metres.
    pub radius_m: f64,
}

/// Limits of the cargo's state.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CargoLimits {
    /// Lowest temperature in °C.
    pub temperature_min_c: Option<f64>,
    /// Highest temperature in °C.
    pub temperature_max_c: Option<f64>,
    /// Temperature in °C at which it is an emergency.
    pub temperature_emergency_c: Option<f64>,
    /// Highest pressure in kPa.
    pub pressure_max_kpa: Option<f64>,
    /// Loss of level in per cent that is not noise.
    pub level_drop_pct: Option<f64>,
}

/// A shipment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shipment {
    /// Number of the transport document.
    pub waybill: String,
    /// The goods.
    pub lines: Vec<Line>,
    /// From when it holds, in simulated seconds.
    pub starts_s: f64,
    /// Until when; infinite while it is open.
    pub ends_s: f64,
    /// Who should drive.
    pub driver: Option<String>,
    /// Who should attend.
    pub escort: Option<String>,
    /// Whether an attendant must be on board.
    pub escort_required: bool,
    /// Where it is loaded.
    pub origin: Option<Spot>,
    /// Where it goes.
    pub destination: Option<Spot>,
    /// When it may arrive at the earliest, in simulated seconds.
    pub arrive_from_s: Option<f64>,
    /// When it should have arrived, in simulated seconds.
    pub arrive_by_s: Option<f64>,
    /// The name of its prescribed route.
    pub route: Option<String>,
    /// Limits of its state.
    pub limits: CargoLimits,
}

/// A part of a route whose time is watched.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Name.
    pub name: String,
    /// Where it begins, in metres along the route.
    pub from_m: f64,
    /// Where it ends, in metres along the route.
    pub to_m: f64,
    /// Quickest allowed passage in seconds.
    pub min_s: Option<f64>,
    /// Slowest allowed passage in seconds.
    pub max_s: Option<f64>,
}

/// An approved route.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// Name, unique in a world.
    pub name: String,
    /// Its line.
    pub path: Vec<Place>,
    /// Half the corridor's width in metres.
    pub half_width_m: f64,
    /// Watched parts.
    pub sections: Vec<Section>,
}

/// Leave to do what a rule forbids.
#[derive(Clone, Debug, PartialEq)]
pub struct Exemption {
    /// Number of the permit.
    pub permit: String,
    /// The vehicle it is for.
    pub vehicle: String,
    /// Which rules it lifts.
    pub rules: Vec<&'static str>,
    /// The name of the zone for which it does; all, if not given.
    pub zone: Option<String>,
    /// The group of zones for which it does.
    pub group: Option<String>,
    /// From when, in simulated seconds.
    pub valid_from_s: f64,
    /// Until when, in simulated seconds.
    pub valid_to_s: f64,
    /// At which times of day.
    pub schedule: Option<Schedule>,
    /// Whether only with an attendant on board.
    pub escort_required: bool,
}

fn documents(documents: &[Document], moment: &Moment) -> Vec<Value> {
    documents.iter().map(|one| json!({ "kind": one.kind, "expires_on": moment.day_text(one.last_day) })).collect()
}

fn spot(spot: Spot) -> Value {
    json!({ "lat": spot.place.lat, "lon": spot.place.lon, "radius_m": spot.radius_m })
}

/// Fields that are there only with a value.
struct Fields(Map<String, Value>);

impl Fields {
    fn of(value: Value) -> Self {
        Self(if let Value::Object(fields) = value { fields } else { Map::new() })
    }

    fn may<T: Into<Value>>(&mut self, name: &str, value: Option<T>) {
        if let Some(value) = value {
            self.0.insert(name.into(), value.into());
        }
    }

    fn list(&mut self, name: &str, values: Vec<Value>) {
        if !values.is_empty() {
            self.0.insert(name.into(), Value::Array(values));
        }
    }
}

impl VehicleFacts {
    /// The vehicle as the API takes it.
    #[must_use]
    pub fn to_json(&self, code: &str, moment: &Moment) -> Value {
        let mut told = Fields::of(json!({ "registration": format!("SIM {code}"), "dangerous_goods": true }));
        told.may("speed_limit_kmh", self.speed_limit_kmh);
        told.may("jurisdiction", self.jurisdiction.clone());
        told.list("documents", documents(&self.documents, moment));
        told.list("licensed_classes", self.licensed_classes.iter().map(|class| json!(class)).collect());
        told.list("tank_media", self.tank_media.iter().map(|number| json!(number)).collect());
        told.may("rated_load_kg", self.rated_load_kg);
        Value::Object(told.0)
    }
}

impl Driver {
    /// The driver as the API takes it.
    #[must_use]
    pub fn to_json(&self, moment: &Moment) -> Value {
        let name = format!("Simulated driver {}", self.code);
        json!({ "name": name, "documents": documents(&self.documents, moment) })
    }
}

impl Shipment {
    /// The shipment as the API takes it. `route_id` is the server's number of its route.
    #[must_use]
    pub fn to_json(&self, operator: &str, vehicle: &str, route_id: Option<i64>, moment: &Moment) -> Value {
        let lines: Vec<Value> = self.lines.iter().map(Line::to_json).collect();
        let mut told = Fields::of(json!({
            "operator": operator, "vehicle": vehicle, "waybill": self.waybill, "goods": lines,
            "starts_at": moment.text(self.starts_s),
        }));
        told.may("ends_at", self.ends_s.is_finite().then(|| moment.text(self.ends_s)));
        told.may("driver", self.driver.clone());
        told.may("escort", self.escort.clone());
        told.may("escort_required", self.escort_required.then_some(true));
        told.may("origin", self.origin.map(spot));
        told.may("destination", self.destination.map(spot));
        told.may("arrive_from", self.arrive_from_s.map(|at_s| moment.text(at_s)));
        told.may("arrive_by", self.arrive_by_s.map(|at_s| moment.text(at_s)));
        told.may("route_id", route_id);
        let mut limits = Fields(Map::new());
        limits.may("temperature_min_c", self.limits.temperature_min_c);
        limits.may("temperature_max_c", self.limits.temperature_max_c);
        limits.may("temperature_emergency_c", self.limits.temperature_emergency_c);
        limits.may("pressure_max_kpa", self.limits.pressure_max_kpa);
        limits.may("level_drop_pct", self.limits.level_drop_pct);
        told.may("cargo_limits", (!limits.0.is_empty()).then_some(Value::Object(limits.0)));
        Value::Object(told.0)
    }
}

impl Route {
    /// The route as the API takes it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let line: Vec<[f64; 2]> = self.path.iter().map(|place| [place.lon, place.lat]).collect();
        let sections = self.sections.iter().map(|section| {
            let mut told = Fields::of(json!({ "name": section.name, "from_m": section.from_m, "to_m": section.to_m }));
            told.may("min_s", section.min_s);
            told.may("max_s", section.max_s);
            Value::Object(told.0)
        });
        let path = json!({ "type": "LineString", "coordinates": line });
        let mut told = Fields::of(json!({ "name": self.name, "path": path, "half_width_m": self.half_width_m }));
        told.list("sections", sections.collect());
        Value::Object(told.0)
    }
}

impl Exemption {
    /// The exemption as the API takes it. `zone_id` is the server's number of its zone.
    #[must_use]
    pub fn to_json(&self, operator: &str, zone_id: Option<i64>, moment: &Moment) -> Value {
        let mut told = Fields::of(json!({
            "permit": self.permit, "operator": operator, "vehicle": self.vehicle, "rules": self.rules,
            "valid_from": moment.text(self.valid_from_s), "valid_to": moment.text(self.valid_to_s),
        }));
        told.may("zone", zone_id);
        told.may("group", self.group.clone());
        told.may("schedule", self.schedule.as_ref().map(Schedule::to_json));
        told.may("escort_required", self.escort_required.then_some(true));
        Value::Object(told.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::goods::PETROL;

    #[test]
    fn what_is_not_said_is_left_out_of_a_shipment() {
        let moment = Moment::new("2026-10-24T12:00:00Z".parse().unwrap());
        let mut shipment = Shipment {
            waybill: "W-1".into(),
            lines: vec![Line::full(PETROL)],
            starts_s: 0.0,
            ends_s: 3600.0,
            ..Shipment::default()
        };
        let told = shipment.to_json("carrier", "V-1", None, &moment);
        assert_eq!(
            (&told["starts_at"], &told["goods"][0]["un_number"]),
            (&json!("2026-10-24T12:00:00.000Z"), &json!("1203"))
        );
        assert!(told.get("route_id").is_none() && told.get("cargo_limits").is_none() && told.get("origin").is_none());
        shipment.limits.pressure_max_kpa = Some(900.0);
        let told = shipment.to_json("carrier", "V-1", Some(7), &moment);
        assert_eq!((&told["cargo_limits"], &told["route_id"]), (&json!({ "pressure_max_kpa": 900.0 }), &json!(7)));
    }

    #[test]
    fn documents_are_dated_by_days_of_the_simulation() {
        let moment = Moment::new("2026-10-24T12:00:00Z".parse().unwrap());
        let documents = vec![Document { kind: "tank_test", last_day: 10 }];
        let told = VehicleFacts { documents, ..VehicleFacts::default() }.to_json("V-1", &moment);
        assert_eq!(told["documents"], json!([{ "kind": "tank_test", "expires_on": "2026-11-03" }]));
    }
}
