//! Makes the demo known to the server. A second run finds everything there and changes nothing but the trips.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use futures::{StreamExt, TryStreamExt, stream};
use tracing::info;

use super::{
    fleet::{ORGANISATIONS, Tanker},
    region::Region,
};
use crate::api::{Api, ApiError};

/// Requests that are under way at once.
const AT_ONCE: usize = 8;

/// Registers organisations, zones, tankers and shipments, so that they hold from `since` on. Returns for each tanker,
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
    let known = api.zone_names().await?;
    let in_force_from = rfc3339(since - TimeDelta::days(1));
    let new = region.zones.iter().filter(|zone| !known.contains(&zone.name));
    for zone in new.clone() {
        api.publish_zone(&zone.to_json(&in_force_from)).await?;
    }
    let on_board_from = rfc3339(since - TimeDelta::hours(1));
    let next_seqs = stream::iter(tankers)
        .map(|tanker| register_tanker(api, tanker, &on_board_from))
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    info!(tankers.count = tankers.len(), zones.new = new.count(), "the demo is registered");
    Ok(next_seqs)
}

async fn register_tanker(api: &Api, tanker: &Tanker, on_board_from: &str) -> Result<i64, ApiError> {
    api.put_vehicle(tanker.operator, &tanker.vehicle, &tanker.vehicle_json()).await?;
    api.file_shipment(&tanker.shipment_json(on_board_from)).await?;
    Ok(api.last_seq(tanker.operator, &tanker.vehicle).await?.unwrap_or(0) + 1)
}

fn rfc3339(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}
