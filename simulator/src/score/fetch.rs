//! What the server found, fetched through its API, with names in place of its numbers.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use crate::api::{Api, ApiError};

/// A finding of the server.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The server's id.
    pub id: String,
    /// `operator/vehicle`.
    pub vehicle: String,
    /// The rule's key.
    pub rule: String,
    /// What it is about, as the ledger says it.
    pub subject: String,
    /// When it began.
    pub from: DateTime<Utc>,
    /// When it ended; `None` while it is open.
    pub to: Option<DateTime<Utc>>,
    /// `observed`, `likely` or `possible`.
    pub certainty: String,
    /// Whether an exemption is named.
    pub exempted: bool,
    /// When the server first knew of it, if it says so.
    pub detected: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct Told {
    id: String,
    operator: String,
    vehicle: String,
    rule: String,
    subject: String,
    zone: Option<ToldZone>,
    certainty: String,
    opened_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
    #[serde(default)]
    exempted_by: Option<Value>,
    #[serde(default)]
    withdrawn_at: Option<Value>,
    #[serde(default)]
    detected_at: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct ToldZone {
    name: String,
}

/// All violations of an operator's vehicles that were not withdrawn, by time.
///
/// # Errors
/// When the server cannot be reached or refuses.
pub async fn findings(api: &Api, operator: &str) -> Result<Vec<Finding>, ApiError> {
    let names = Names::fetch(api).await?;
    let items = api.list(&["violations"], &[("operator", operator), ("limit", "1000")]).await?;
    let told = items.into_iter().filter_map(|item| serde_json::from_value::<Told>(item).ok());
    let mut findings: Vec<Finding> =
        told.filter(|told| told.withdrawn_at.is_none()).map(|told| names.finding(told)).collect();
    findings.sort_by(|a, b| (a.from, &a.id).cmp(&(b.from, &b.id)));
    Ok(findings)
}

/// Names for the server's numbers.
#[derive(Debug, Default)]
struct Names {
    routes: HashMap<i64, String>,
    vehicles: HashMap<i64, String>,
}

impl Names {
    async fn fetch(api: &Api) -> Result<Self, ApiError> {
        let id = |item: &Value| item.get("id").and_then(Value::as_i64);
        let text = |item: &Value, field: &str| item.get(field).and_then(Value::as_str).map(str::to_owned);
        let routes = api.list(&["routes"], &[("limit", "1000")]).await?;
        let vehicles = api.list(&["vehicles"], &[("limit", "1000")]).await?;
        let route = |item: &Value| Some((id(item)?, text(item, "name")?));
        let vehicle =
            |item: &Value| Some((id(item)?, format!("{}/{}", text(item, "operator")?, text(item, "vehicle")?)));
        Ok(Self {
            routes: routes.iter().filter_map(route).collect(),
            vehicles: vehicles.iter().filter_map(vehicle).collect(),
        })
    }

    fn finding(&self, told: Told) -> Finding {
        let subject = match (told.zone, told.subject.split_once('/')) {
            (Some(zone), Some(("zone", _))) => format!("zone/{}", zone.name),
            (_, Some((kind @ "vehicle", number))) => named(kind, number, &self.vehicles),
            (_, Some((kind @ "route", number))) => named(kind, number, &self.routes),
            (_, Some((kind @ "section", number))) => {
                let (route, section) = number.split_once('/').unwrap_or((number, ""));
                format!("{}/{section}", named(kind, route, &self.routes))
            }
            _ => told.subject,
        };
        Finding {
            id: told.id,
            vehicle: format!("{}/{}", told.operator, told.vehicle),
            rule: told.rule,
            subject,
            from: told.opened_at,
            to: told.closed_at,
            certainty: told.certainty,
            exempted: told.exempted_by.is_some_and(|by| !by.is_null()),
            detected: told.detected_at,
        }
    }
}

/// `kind/name`, or `kind/?` where the number has no name here.
fn named(kind: &str, number: &str, names: &HashMap<i64, String>) -> String {
    let name = number.parse().ok().and_then(|number: i64| names.get(&number));
    format!("{kind}/{}", name.map_or("?", String::as_str))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn subject(told: Value) -> String {
        let names = Names {
            routes: HashMap::from([(7, "North road".to_owned())]),
            vehicles: HashMap::from([(34, "carrier/V-2".to_owned())]),
        };
        let mut whole = json!({ "id": "1", "operator": "carrier", "vehicle": "V-1", "rule": "r", "certainty": "observed",
            "opened_at": "2026-10-24T12:00:00Z", "closed_at": null, "zone": null });
        whole.as_object_mut().unwrap().extend(told.as_object().unwrap().clone());
        names.finding(serde_json::from_value(whole).unwrap()).subject
    }

    #[test]
    fn numbers_become_names() {
        let zone = json!({ "id": 12, "version": 1, "name": "Old town" });
        assert_eq!(subject(json!({ "subject": "zone/12", "zone": zone })), "zone/Old town");
        assert_eq!(subject(json!({ "subject": "group/city", "zone": zone })), "group/city");
        assert_eq!(subject(json!({ "subject": "route/7" })), "route/North road");
        assert_eq!(subject(json!({ "subject": "section/7/2" })), "section/North road/2");
        assert_eq!(subject(json!({ "subject": "vehicle/34" })), "vehicle/carrier/V-2");
        assert_eq!(subject(json!({ "subject": "vehicle/99" })), "vehicle/?");
        assert_eq!(subject(json!({ "subject": "driver/D-4411" })), "driver/D-4411");
        assert_eq!(subject(json!({ "subject": "vehicle", "zone": zone })), "vehicle");
    }
}
