//! Incidents: what raises one, at which preliminary level, and what responders are given.
//!
//! Everything here is worked out from the world at the moment of judging, without asking anybody. The store opens the
//! incident or joins the draft to the one that is open on the vehicle, and adds the last track.

pub mod approach;
mod level;
pub mod notice;
pub mod protective;
pub mod surroundings;
#[cfg(test)]
mod testing;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::{
    domain::{
        Certainty, Episode, IncidentLevel, OrganisationId, RuleKey, Severity, ShipmentId, VehicleId, ViolationId,
    },
    hazard::{Catalogue, HazardSheet},
    rules::{Change, EpisodeChange},
    world::{Cargo, KnownVehicle, World},
};

/// An incident to be raised, or to be joined to the one that is open on the vehicle.
#[derive(Clone, Debug)]
pub struct IncidentDraft {
    /// The violation that triggered it.
    pub trigger: ViolationId,
    /// Its rule.
    pub rule: RuleKey,
    /// When it happened, by the device.
    pub triggered_at: DateTime<Utc>,
    /// The vehicle.
    pub vehicle_id: VehicleId,
    /// Its operator.
    pub operator_id: OrganisationId,
    /// What it carried, if a shipment was filed.
    pub shipment_id: Option<ShipmentId>,
    /// The preliminary level.
    pub level: IncidentLevel,
    /// Why this level.
    pub level_reasons: Vec<String>,
    /// What responders read, but for the track.
    pub sheet: Value,
}

/// Whether an episode calls responders: an emergency that the vehicle itself reports, always; any other critical violation
/// when it is fresh, more than a guess, and the cargo is declared. A critical grade that only stands for cargo that nobody has
/// declared is shown to the operator and the regulator, and calls nobody out.
fn calls_responders(episode: &Episode, cargo: Cargo<'_>, fresh: bool) -> bool {
    let critical =
        episode.severity == Severity::S1 && episode.certainty > Certainty::Possible && episode.exempted_by.is_none();
    let declared = cargo.load().is_some_and(|load| !load.unknown);
    is_reported_emergency(episode) || (critical && declared && fresh)
}

fn is_reported_emergency(episode: &Episode) -> bool {
    use RuleKey::{CargoFire, CargoLeak, MotionCrash, MotionRollover, Sos};
    let emergency = matches!(episode.rule, Sos | MotionRollover | MotionCrash | CargoLeak | CargoFire);
    // A sensor that only warns is no emergency yet.
    emergency && episode.severity == Severity::S1
}

/// Whether the cab and the subscribers hear of a change: when the episode opens or rises to something grave that is more
/// than a guess. What is found late is told only if it is an emergency.
#[must_use]
pub fn is_told(change: &EpisodeChange, fresh: bool) -> bool {
    let episode = &change.episode;
    let grave =
        episode.severity >= Severity::S2 && episode.certainty > Certainty::Possible && episode.exempted_by.is_none();
    let is_news = matches!(change.change, Change::Opened | Change::Raised);
    is_news && grave && (fresh || is_reported_emergency(episode))
}

/// The incident that follows from a change in an episode, if one does: when it opens or rises to what calls responders. The
/// store knows an episode that has already triggered. `fresh` says that it did not begin longer ago than the lateness limit.
#[must_use]
pub fn draft(
    world: &World,
    catalogue: &Catalogue,
    known: &KnownVehicle,
    change: &EpisodeChange,
    fresh: bool,
) -> Option<IncidentDraft> {
    let episode = &change.episode;
    let shipment = known.shipment_at(episode.opened_at).map(|known| &known.shipment);
    let cargo = world.cargo(known, episode.opened_at);
    if !matches!(change.change, Change::Opened | Change::Raised) || !calls_responders(episode, cargo, fresh) {
        return None;
    }
    let (level, level_reasons) = level::preliminary(episode.rule, cargo);
    let hazard = match shipment {
        Some(shipment) => Some(HazardSheet::of(catalogue, &shipment.goods)),
        None => cargo.load().map(|_| HazardSheet::unknown(catalogue)),
    };
    let sheet = json!({
        "raised_by": episode.rule,
        "raised_at": episode.opened_at,
        "place": episode.opened_place,
        "certainty": episode.certainty,
        "vehicle": {
            "operator": known.vehicle.operator,
            "vehicle": known.vehicle.code,
            "registration": known.vehicle.registration,
        },
        "waybill": shipment.map(|shipment| &shipment.waybill),
        "contacts": shipment.map(|shipment| &shipment.contacts),
        "cargo_unknown": cargo.is_unknown(),
        "hazard": hazard,
        "declared": shipment.map(|shipment| &shipment.goods),
    });
    Some(IncidentDraft {
        trigger: episode.id,
        rule: episode.rule,
        triggered_at: episode.opened_at,
        vehicle_id: known.vehicle.id,
        operator_id: known.vehicle.operator_id,
        shipment_id: shipment.map(|shipment| shipment.id),
        level,
        level_reasons,
        sheet,
    })
}
