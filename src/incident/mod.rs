//! Incidents: what raises one, at which preliminary level, and what responders are given.
//!
//! Everything here is worked out from the world at the moment of judging, without asking anybody. The store opens the
//! incident or joins the draft to the one that is open on the vehicle, and adds the last track. What people then do with
//! it is in [`life`].

pub mod approach;
pub mod clocks;
mod level;
pub mod life;
pub mod notice;
pub mod protective;
pub mod report;
pub mod surroundings;
#[cfg(test)]
pub(crate) mod testing;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use self::report::TelephoneReport;
use crate::{
    domain::{
        Certainty, Episode, IncidentId, IncidentLevel, OrganisationId, RuleKey, Severity, ShipmentId, VehicleId,
        ViolationId,
    },
    hazard::{Catalogue, HazardSheet},
    rules::{Change, EpisodeChange},
    world::{Cargo, KnownVehicle, World},
};

/// What raises an incident, or joins one.
#[derive(Clone, Debug)]
pub enum Trigger {
    /// A violation of a rule.
    Violation(ViolationId, RuleKey),
    /// A report by telephone under this id.
    Telephone(Uuid, TelephoneReport),
}

impl Trigger {
    /// The rule, or `telephone`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Violation(_, rule) => rule.as_str(),
            Self::Telephone(..) => "telephone",
        }
    }

    /// The violation, if it is one.
    #[must_use]
    pub fn violation(&self) -> Option<ViolationId> {
        match self {
            Self::Violation(id, _) => Some(*id),
            Self::Telephone(..) => None,
        }
    }

    /// The id of the violation or the report.
    #[must_use]
    pub fn id(&self) -> Uuid {
        match self {
            Self::Violation(id, _) => id.0,
            Self::Telephone(id, _) => *id,
        }
    }

    /// The id of the incident that this opens.
    #[must_use]
    pub fn incident_id(&self) -> IncidentId {
        match self {
            Self::Violation(id, _) => IncidentId::derive(*id),
            Self::Telephone(id, _) => IncidentId(*id),
        }
    }
}

/// An incident to be raised, or to be joined to the one that is open on the vehicle.
#[derive(Clone, Debug)]
pub struct IncidentDraft {
    /// What triggered it.
    pub trigger: Trigger,
    /// How grave that is.
    pub severity: Severity,
    /// When it happened, by the device or the caller.
    pub triggered_at: DateTime<Utc>,
    /// The vehicle; `None` while nobody knows which one it is.
    pub vehicle_id: Option<VehicleId>,
    /// Its operator; without a vehicle, the organisation that took the report.
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
    let cargo = world.cargo(known, episode.opened_at);
    if !matches!(change.change, Change::Opened | Change::Raised) || !calls_responders(episode, cargo, fresh) {
        return None;
    }
    let (level, level_reasons) = level::preliminary(Some(episode.rule), cargo);
    let mut sheet = sheet_of(catalogue, known, cargo, episode.opened_at);
    if let Some(sheet) = sheet.as_object_mut() {
        sheet.insert("raised_by".into(), json!(episode.rule));
        sheet.insert("place".into(), json!(episode.opened_place));
        sheet.insert("certainty".into(), json!(episode.certainty));
    }
    Some(IncidentDraft {
        trigger: Trigger::Violation(episode.id, episode.rule),
        severity: episode.severity,
        triggered_at: episode.opened_at,
        vehicle_id: Some(known.vehicle.id),
        operator_id: known.vehicle.operator_id,
        shipment_id: known.shipment_at(episode.opened_at).map(|known| known.shipment.id),
        level,
        level_reasons,
        sheet,
    })
}

/// What is known of a vehicle and its load at a time: the sheet, but for what raised the incident and where.
fn sheet_of(catalogue: &Catalogue, known: &KnownVehicle, cargo: Cargo<'_>, time: DateTime<Utc>) -> Value {
    let shipment = known.shipment_at(time).map(|known| &known.shipment);
    let hazard = match shipment {
        Some(shipment) => Some(HazardSheet::of(catalogue, &shipment.goods)),
        None => cargo.load().map(|_| HazardSheet::unknown(catalogue)),
    };
    json!({
        "raised_at": time,
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
    })
}
