//! Parameters of the rules about standing, attendance, crew and distance between vehicles.

use serde::{Deserialize, Serialize};

use super::{ParameterError, Parameters, not_negative, positive};
use crate::{
    domain::{CargoPredicate, ClassFilter, HazardClass},
    rules::pack::Given,
};

/// The classes that these texts name; those in the defaults below all do.
fn classes(names: &[&str]) -> Vec<ClassFilter> {
    names.iter().filter_map(|name| name.parse::<HazardClass>().ok()).map(ClassFilter).collect()
}

/// `stop.unauthorised`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StopUnauthorised {
    /// Longest stop outside a place for stopping, in seconds (proposed: 10 min).
    pub stopped_s: f64,
    /// Nearest that the classes below may stand to a vulnerable place, in metres (verified: 300 ft, 49 CFR 397.7(a)(3)).
    pub vulnerable_m: f64,
    /// The classes that must keep away from vulnerable places (verified: 1.1 to 1.3, 49 CFR 397.7(a)).
    pub vulnerable_classes: Vec<ClassFilter>,
}

impl Default for StopUnauthorised {
    fn default() -> Self {
        Self { stopped_s: 600.0, vulnerable_m: 91.0, vulnerable_classes: classes(&["1.1", "1.2", "1.3"]) }
    }
}

impl Parameters for StopUnauthorised {
    const VALUE: Given = Given::Sometimes;
    const LIMIT: Given = Given::Sometimes;

    fn check(&self) -> Result<(), ParameterError> {
        not_negative("stopped_s", self.stopped_s)?;
        not_negative("vulnerable_m", self.vulnerable_m)
    }
}

/// `stop.unattended`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StopUnattended {
    /// Longest time without anybody at a standing vehicle, in seconds (proposed: 60).
    pub unattended_s: f64,
    /// The cargo that needs attendance: what any of these takes (proposed: class 1 and high-consequence goods).
    pub cargo: Vec<CargoPredicate>,
}

impl Default for StopUnattended {
    fn default() -> Self {
        let class_1 = CargoPredicate { classes: classes(&["1"]), ..CargoPredicate::default() };
        let high_consequence = CargoPredicate { high_consequence: Some(true), ..CargoPredicate::default() };
        Self { unattended_s: 60.0, cargo: vec![class_1, high_consequence] }
    }
}

impl Parameters for StopUnattended {
    const VALUE: Given = Given::Sometimes;
    const LIMIT: Given = Given::Sometimes;

    fn check(&self) -> Result<(), ParameterError> {
        not_negative("unattended_s", self.unattended_s)?;
        self.cargo.iter().try_for_each(|cargo| {
            cargo.min_quantity_kg.map_or(Ok(()), |quantity| not_negative("cargo.min_quantity_kg", quantity))
        })
    }
}

/// `separation`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Separation {
    /// Least distance between two vehicles with such cargo, in metres (verified: ADR 8.5 S1(4)(d), S1(5)).
    pub least_m: f64,
    /// Too near counts when it lasts this long, in seconds (proposed: 30).
    pub hold_s: f64,
    /// The classes that it is about; both vehicles must have some (verified: class 1, ADR 8.5 S1).
    pub classes: Vec<ClassFilter>,
}

impl Default for Separation {
    fn default() -> Self {
        Self { least_m: 50.0, hold_s: 30.0, classes: classes(&["1"]) }
    }
}

impl Parameters for Separation {
    const VALUE: Given = Given::Always;
    const LIMIT: Given = Given::Always;

    fn check(&self) -> Result<(), ParameterError> {
        positive("least_m", self.least_m)?;
        not_negative("hold_s", self.hold_s)
    }
}

/// Which transports need an attendant beside the driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EscortNeed {
    /// Those whose shipment says so.
    Shipment,
    /// All with dangerous goods.
    DangerousGoods,
}

/// `crew.missing`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CrewMissing {
    /// Longest drive without an attendant that is needed, in seconds (proposed: 300).
    pub missing_s: f64,
    /// Who needs one.
    pub needed: EscortNeed,
}

impl Default for CrewMissing {
    fn default() -> Self {
        Self { missing_s: 300.0, needed: EscortNeed::Shipment }
    }
}

impl Parameters for CrewMissing {
    fn check(&self) -> Result<(), ParameterError> {
        not_negative("missing_s", self.missing_s)
    }
}
