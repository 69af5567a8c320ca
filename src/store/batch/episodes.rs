//! Writing episodes and warnings, and telling of them.

use std::collections::{HashMap, HashSet};

use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{FoundChange, VehicleOutcome};
use crate::{
    domain::ViolationId,
    rules::{Change, Warning},
    store::{
        StoreError, Visibility,
        feed::{FeedKind, FeedNews},
        outbox, violations, warnings,
    },
};

/// Writes each changed episode once, as it is at the end of the batch, and tells of it.
pub(super) async fn write(
    connection: &mut PgConnection,
    vehicles: &[&VehicleOutcome],
    news: &mut Vec<FeedNews>,
) -> Result<(), StoreError> {
    let mut order: Vec<ViolationId> = Vec::new();
    let mut newest: HashMap<ViolationId, (&VehicleOutcome, violations::Written<'_>)> = HashMap::new();
    for vehicle in vehicles {
        for FoundChange { change, late } in &vehicle.changes {
            let id = change.episode.id;
            let amended = matches!(change.change, Change::Amended | Change::Withdrawn);
            let before = newest.get(&id).map(|(_, written)| *written);
            let written = violations::Written {
                operator_id: vehicle.operator_id,
                episode: &change.episode,
                amended: amended || before.is_some_and(|before| before.amended),
                withdrawn: change.change == Change::Withdrawn,
                // Whether an episode was found late is settled when it is first found.
                late: before.map_or(*late, |before| before.late),
            };
            if newest.insert(id, (vehicle, written)).is_none() {
                order.push(id);
            }
        }
    }
    if order.is_empty() {
        return Ok(());
    }
    let told: HashSet<ViolationId> = vehicles.iter().flat_map(|vehicle| vehicle.told.iter().copied()).collect();
    let rows: Vec<_> = order.iter().filter_map(|id| newest.get(id)).map(|(_, written)| *written).collect();
    violations::upsert(connection, &rows).await?;

    for record in violations::by_ids(&mut *connection, Visibility::Everything, &order).await? {
        let id = ViolationId(record.id);
        let Some((vehicle, _)) = newest.get(&id) else { continue };
        if told.contains(&id) {
            // The key makes it once, however often the episode rises.
            let key = format!("violation/{id}/opened");
            let event = json!({ "id": key, "type": "violation", "violation": &record });
            let topic = format!("placard/v1/{}/alert", vehicle.topic_path);
            outbox::to_mqtt(connection, &format!("{key}/alert"), &topic, false, &event.to_string()).await?;
            outbox::to_webhooks(connection, &key, vehicle.operator_id, FeedKind::Violation, &event.to_string()).await?;
        }
        news.push(FeedNews::of(FeedKind::Violation, vehicle.operator_id, &record)?);
    }
    Ok(())
}

/// Keeps the warnings and sends them to the cabs.
pub(super) async fn warn(
    connection: &mut PgConnection,
    vehicles: &[&VehicleOutcome],
    news: &mut Vec<FeedNews>,
) -> Result<(), StoreError> {
    for vehicle in vehicles {
        for warning in &vehicle.warnings {
            let id = id_of(vehicle, warning);
            let Some(record) = warnings::insert(connection, id, vehicle, warning).await? else { continue };
            let event = json!({ "id": format!("warning/{id}"), "type": "warning", "warning": &record });
            let topic = format!("placard/v1/{}/alert", vehicle.topic_path);
            outbox::to_mqtt(connection, &format!("warning/{id}/alert"), &topic, false, &event.to_string()).await?;
            news.push(FeedNews::of(FeedKind::Warning, vehicle.operator_id, &record)?);
        }
    }
    Ok(())
}

fn id_of(vehicle: &VehicleOutcome, warning: &Warning) -> Uuid {
    let subject = format!("warning/{}", warning.subject);
    ViolationId::derive(vehicle.vehicle_id, warning.rule.as_str(), &subject, warning.at).0
}
