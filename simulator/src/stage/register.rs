//! Makes a stage's world known to the server, through the API alone.

use std::collections::BTreeMap;

use futures::{StreamExt, TryStreamExt, stream};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tracing::{info, warn};

use super::{StageError, StageOptions, StageServer};
use crate::{
    api::{Api, ApiError},
    life::Vehicle,
    set::Set,
    world::OwnPack,
};

/// Vehicles that are registered at once.
const AT_ONCE: usize = 8;

/// Registers everything. Returns how much the server refused, which is an error unless the options tolerate it.
pub(super) async fn register(options: &StageOptions, server: &StageServer, set: &Set) -> Result<usize, StageError> {
    let operator = &options.production.operator;
    let filing = Filing { api: &server.api, tolerant: options.tolerant };
    server.api.ensure_organisation(operator, "Simulated carrier", "operator").await?;
    let known = server.api.list(&["vehicles"], &[]).await?;
    if known.iter().any(|vehicle| vehicle.get("operator").and_then(Value::as_str) == Some(operator)) {
        return Err(StageError::AlreadyStaged(operator.clone()));
    }
    let world = &set.world;
    let mut refused = 0;
    for (code, days) in &world.calendars {
        let body = json!({ "name": format!("Simulated calendar {code}"), "days": days });
        refused += filing.try_file(Method::PUT, &["calendars", code], &body).await?.1;
    }
    let mut zones = BTreeMap::new();
    for zone in &world.zones {
        let (id, failed) = filing.try_file(Method::POST, &["zones"], &zone.to_json(&world.moment)).await?;
        refused += failed;
        zones.extend(id.map(|id| (zone.name.as_str(), id)));
    }
    let mut routes = BTreeMap::new();
    for route in world.routes.values() {
        let (id, failed) = filing.try_file(Method::POST, &["routes"], &route.to_json()).await?;
        refused += failed;
        routes.extend(id.map(|id| (route.name.as_str(), id)));
    }
    for driver in &world.drivers {
        let path = ["drivers", operator, &driver.code];
        refused += filing.try_file(Method::PUT, &path, &driver.to_json(&world.moment)).await?.1;
    }
    for pack in &world.packs {
        refused += filing.publish_pack(pack).await?;
    }
    let of_vehicles: Vec<usize> = stream::iter(&set.vehicles)
        .map(|vehicle| register_vehicle(&filing, operator, vehicle, &routes, set))
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    refused += of_vehicles.iter().sum::<usize>();
    for exemption in &world.exemptions {
        let zone = exemption.zone.as_ref().and_then(|zone| zones.get(zone.as_str()).copied());
        let body = exemption.to_json(operator, zone, &world.moment);
        refused += filing.try_file(Method::POST, &["exemptions"], &body).await?.1;
    }
    info!(
        zones = zones.len(),
        routes = routes.len(),
        vehicles = set.vehicles.len(),
        refused,
        "the stage is registered"
    );
    Ok(refused)
}

async fn register_vehicle(
    filing: &Filing<'_>,
    operator: &str,
    vehicle: &Vehicle,
    routes: &BTreeMap<&str, i64>,
    set: &Set,
) -> Result<usize, StageError> {
    let moment = &set.world.moment;
    let facts = vehicle.facts.to_json(&vehicle.code, moment);
    let mut refused = filing.try_file(Method::PUT, &["vehicles", operator, &vehicle.code], &facts).await?.1;
    for shipment in &vehicle.shipments {
        let route = shipment.route.as_ref().and_then(|route| routes.get(route.as_str()).copied());
        let body = shipment.to_json(operator, &vehicle.code, route, moment);
        refused += filing.try_file(Method::POST, &["shipments"], &body).await?.1;
    }
    Ok(refused)
}

struct Filing<'a> {
    api: &'a Api,
    tolerant: bool,
}

impl Filing<'_> {
    /// Publishes a pack on top of the newest version of the one that it is based on. Returns 1 for a tolerated refusal.
    async fn publish_pack(&self, pack: &OwnPack) -> Result<usize, StageError> {
        let newest = async {
            let all = self.api.list(&["rule-packs"], &[]).await?;
            let of_base =
                all.iter().filter(|one| one.get("jurisdiction").and_then(Value::as_str) == Some(pack.based_on));
            let version = of_base.filter_map(|one| one.get("version")?.as_i64()).max().unwrap_or(1).to_string();
            self.api.get(&["rule-packs", pack.based_on, &version]).await
        };
        match newest.await {
            Ok(mut found) => {
                let base = found.get_mut("document").map(Value::take).unwrap_or_default();
                Ok(self.try_file(Method::POST, &["rule-packs"], &pack.to_json(base)).await?.1)
            }
            Err(ApiError::Refused { request, status, detail }) if self.tolerant => {
                warn!(request, %status, detail, "the server knows no rule packs");
                Ok(1)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Files something. Returns the number that the server gave it, if it did, and 1 for a tolerated refusal, else 0.
    async fn try_file(&self, method: Method, path: &[&str], body: &Value) -> Result<(Option<i64>, usize), StageError> {
        match self.api.file(method, path, body).await {
            Ok(said) => Ok((said.get("id").and_then(Value::as_i64), 0)),
            Err(ApiError::Refused { request, status, detail })
                if self.tolerant && status != StatusCode::UNAUTHORIZED =>
            {
                warn!(request, %status, detail, "the server refuses a part of the stage");
                Ok((None, 1))
            }
            Err(error) => Err(error.into()),
        }
    }
}
