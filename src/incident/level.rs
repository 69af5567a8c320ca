//! The preliminary level of an incident (proposed grading; a person confirms or changes it).

use crate::{
    domain::{IncidentLevel, RuleKey},
    world::Cargo,
};

/// The level for a trigger and a cargo, and the reasons for it.
///
/// | trigger | gravest or unknown cargo | other dangerous cargo | none |
/// |---|---|---|---|
/// | leak, fire | I | II | III |
/// | rollover, crash | II | II | III |
/// | SOS, a report by telephone | II | III | III |
/// | another critical violation | III | III | III |
///
/// `rule` is `None` for a report by telephone.
pub(super) fn preliminary(rule: Option<RuleKey>, cargo: Cargo<'_>) -> (IncidentLevel, Vec<String>) {
    let (hazard, why_hazard) = match cargo.load() {
        None => (0, "no dangerous goods are declared"),
        Some(load) if load.unknown => (2, "the cargo is unknown: the most restrictive is assumed"),
        Some(load) if load.gravest => (2, "the load holds goods of class 1, 2.3, 6.1 PG I, 7 or of high consequence"),
        Some(_) => (1, "the load holds dangerous goods"),
    };
    let released = matches!(rule, Some(RuleKey::CargoLeak | RuleKey::CargoFire));
    let called = match rule {
        Some(RuleKey::Sos) => Some("the driver called for help"),
        None => Some("somebody reported it by telephone"),
        Some(_) => None,
    };
    let overturned = matches!(rule, Some(RuleKey::MotionRollover | RuleKey::MotionCrash));
    let (level, why_trigger) = match (released, overturned, hazard) {
        (true, _, 2) => (IncidentLevel::I, "a release or fire was reported"),
        (true, _, 1) => (IncidentLevel::II, "a release or fire was reported"),
        (_, true, 1..) => (IncidentLevel::II, "the vehicle overturned or crashed"),
        (true, _, _) => (IncidentLevel::III, "a release or fire was reported"),
        (_, true, _) => (IncidentLevel::III, "the vehicle overturned or crashed"),
        _ => match called {
            Some(why) if hazard == 2 => (IncidentLevel::II, why),
            Some(why) => (IncidentLevel::III, why),
            None => (IncidentLevel::III, "a critical rule was broken"),
        },
    };
    (level, vec![why_trigger.to_owned(), why_hazard.to_owned()])
}
