//! Makes the demo known to the server. A second run finds everything there and changes nothing but the trips.

use std::collections::HashSet;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::Value;
use tracing::info;

use super::{
    fleet::{ORGANISATIONS, Tanker},
    region::Region,
};
use crate::api::{Api, ApiError};

/// Requests that are under way at once.
const AT_ONCE: usize = 8;

/// Registers organisations, zones, routes, tankers and shipments, so that they hold from `since` on. Returns for each tanker,
/// in the same order, the number from which its device goes on.
///
/// # Errors
/// When the server cannot be reached or refuses.
pub async fn register(
    api: &Api,
    region: &Region,
    tankers: &[&Tanker],
    since: DateTime<Utc>,
) -> Result<Vec<i64>, ApiError> {
    for organisation in &ORGANISATIONS {
        api.ensure_organisation(organisation.code, organisation.name, organisation.kind).await?;
    }
    let zones = unknown(region.zone_bodies(&rfc3339(since - TimeDelta::days(1))), &api.zone_names().await?);
    let routes = unknown(region.route_bodies(), &api.route_names().await?);
    stream::iter(&zones).map(|zone| api.publish_zone(zone)).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
    stream::iter(&routes).map(|route| api.file_route(route)).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
    let on_board_from = rfc3339(since - TimeDelta::hours(1));
    let next_seqs = stream::iter(tankers)
        .map(|tanker| register_tanker(api, tanker, &on_board_from))
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    info!(tankers.count = tankers.len(), zones.new = zones.len(), routes.new = routes.len(), "the demo is registered");
    Ok(next_seqs)
}

/// Those whose name is not known yet.
fn unknown(bodies: Vec<Value>, known: &[String]) -> Vec<Value> {
    let known: HashSet<&str> = known.iter().map(String::as_str).collect();
    let is_known = |body: &Value| body.get("name").and_then(Value::as_str).is_some_and(|name| known.contains(name));
    bodies.into_iter().filter(|body| !is_known(body)).collect()
}

async fn register_tanker(api: &Api, tanker: &Tanker, on_board_from: &str) -> Result<i64, ApiError> {
    api.put_vehicle(tanker.operator, &tanker.vehicle, &tanker.vehicle_json()).await?;
    api.file_shipment(&tanker.shipment_json(on_board_from)).await?;
    Ok(api.last_seq(tanker.operator, &tanker.vehicle).await?.unwrap_or(0) + 1)
}

fn rfc3339(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}
