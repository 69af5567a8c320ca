//! Positions for live listeners, straight from the writers, after they are committed.

use std::{collections::HashMap, sync::Arc};

use tokio::sync::broadcast;

use crate::{
    domain::{OrganisationId, VehicleId},
    store::{
        batch::{Outcome, VehicleOutcome},
        positions::PositionRecord,
    },
};

/// The newest positions of one batch, by operator.
pub type LiveBatch = Arc<Vec<(OrganisationId, PositionRecord)>>;

/// How many batches a slow listener may be behind before it is told that it missed some.
const BACKLOG: usize = 256;

/// Hands committed positions to whoever listens. Costs next to nothing while nobody does.
#[derive(Clone)]
pub struct LivePositions(broadcast::Sender<LiveBatch>);

impl Default for LivePositions {
    fn default() -> Self {
        Self(broadcast::channel(BACKLOG).0)
    }
}

impl LivePositions {
    /// Begins to listen.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<LiveBatch> {
        self.0.subscribe()
    }

    /// How many listen.
    #[must_use]
    pub fn listeners(&self) -> usize {
        self.0.receiver_count()
    }

    /// Tells of what a batch committed: the newest judged fix of each vehicle.
    pub fn committed(&self, outcomes: &[Outcome]) {
        if self.listeners() == 0 {
            return;
        }
        let mut newest: HashMap<VehicleId, (OrganisationId, PositionRecord)> = HashMap::new();
        for heard in outcomes.iter().filter_map(|outcome| outcome.vehicle.as_ref()) {
            if let Some(record) = newest_position(heard) {
                newest.insert(heard.vehicle_id, (heard.operator_id, record));
            }
        }
        if !newest.is_empty() {
            // An error only says that the last listener has just left.
            let _ = self.0.send(Arc::new(newest.into_values().collect()));
        }
    }
}

/// The newest judged fix of the vehicle, if it came with this.
fn newest_position(heard: &VehicleOutcome) -> Option<PositionRecord> {
    let last = heard.state.as_ref()?.last?;
    heard.fixes.iter().rev().find(|stored| stored.fix.key == last.key)?;
    let (operator, vehicle) = heard.topic_path.split_once('/')?;
    #[allow(clippy::cast_possible_truncation)] // as they are stored
    let single = |value: f64| value as f32;
    Some(PositionRecord {
        operator: operator.to_owned(),
        vehicle: vehicle.to_owned(),
        time: last.key.time,
        seq: last.key.seq,
        lat: last.place.lat(),
        lon: last.place.lon(),
        speed_kmh: last.speed_kmh.map(single),
        heading_deg: last.heading_deg.map(single),
        accuracy_m: last.accuracy_m.map(single),
    })
}
