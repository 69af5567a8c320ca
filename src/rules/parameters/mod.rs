//! The parameters of every rule: what a pack may set, what holds where it says nothing, and what is sensible.
//!
//! Names end in their unit. A default is marked as in the packs: *verified* against the named source, *general* knowledge
//! of the field that is to be checked before it becomes a legal claim, or *proposed* by this project and of no legal force.

pub mod areas;
pub mod driving;

pub use self::{
    areas::{TimeBan, TunnelCode, ZoneProhibited},
    driving::{ClassCap, SpeedLimit},
};
pub use super::{
    crew_missing::{EscortNeed, Parameters as CrewMissing},
    doc_expiry::Parameters as DocExpiry,
    doc_mismatch::Parameters as DocMismatch,
    doc_no_waybill::Parameters as DocNoWaybill,
    separation::Parameters as Separation,
    stop_unattended::Parameters as StopUnattended,
    stop_unauthorised::Parameters as StopUnauthorised,
};
pub use super::{
    drive_continuous::Parameters as DriveContinuous,
    drive_daily::{Parameters as DriveDaily, Reckoning},
    route_deviation::Parameters as RouteDeviation,
    route_section_time::Parameters as RouteSectionTime,
    schedule_window::Parameters as ScheduleWindow,
    zone_restricted::Parameters as ZoneRestricted,
};

use serde::{Serialize, de::DeserializeOwned};

use super::pack::Given;
pub use super::{
    cargo_fire::Parameters as CargoFire, cargo_leak::Parameters as CargoLeak,
    cargo_pressure::Parameters as CargoPressure, cargo_temperature::Parameters as CargoTemperature,
    cargo_valve_open::Parameters as CargoValveOpen, gnss_implausible::Parameters as GnssImplausible,
    gnss_jamming::Parameters as GnssJamming, motion_crash::Parameters as MotionCrash,
    motion_rollover::Parameters as MotionRollover, signal_lost::Parameters as SignalLost,
    signal_offline_displacement::Parameters as SignalOfflineDisplacement, sos::Parameters as Sos,
    tamper::Parameters as Tamper,
};
use crate::domain::{ClassFilter, HazardClass};

/// What a pack can set of one rule.
pub trait Parameters: Clone + Default + Serialize + DeserializeOwned {
    /// How often the rule's violations have a value, so that their severity may depend on it.
    const VALUE: Given = Given::Never;
    /// How often they have a limit that the value is held against.
    const LIMIT: Given = Given::Never;

    /// Whether the parameters make sense.
    ///
    /// # Errors
    /// When one is out of its range, or does not fit another.
    fn check(&self) -> Result<(), ParameterError>;
}

/// A parameter that makes no sense.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{name} is {found}; wanted is {wanted}")]
pub struct ParameterError {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub found: f64,
    /// What would be right.
    pub wanted: String,
}

/// The largest number that a parameter may be: no time, distance or speed of a road transport comes near.
const LARGEST: f64 = 1e9;

pub(super) fn range(name: &'static str, value: f64, low: f64, high: f64) -> Result<(), ParameterError> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    let wanted = if high < LARGEST { format!("{low} to {high}") } else { format!("{low} or more") };
    Err(ParameterError { name, found: value, wanted })
}

pub(super) fn not_negative(name: &'static str, value: f64) -> Result<(), ParameterError> {
    range(name, value, 0.0, LARGEST)
}

pub(super) fn positive(name: &'static str, value: f64) -> Result<(), ParameterError> {
    if value > 0.0 && value <= LARGEST {
        return Ok(());
    }
    Err(ParameterError { name, found: value, wanted: "more than 0".into() })
}

/// `name` must be less than the parameter `than`.
pub(super) fn less(name: &'static str, value: f64, than: &'static str, bound: f64) -> Result<(), ParameterError> {
    if value < bound {
        return Ok(());
    }
    Err(ParameterError { name, found: value, wanted: format!("less than {than}, which is {bound}") })
}

/// The classes that these texts name; those in the defaults of rules all do.
pub(super) fn classes(names: &[&str]) -> Vec<ClassFilter> {
    names.iter().filter_map(|name| name.parse::<HazardClass>().ok()).map(ClassFilter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_is_named_with_what_would() {
        let leak = CargoLeak { warn_pct_lel: 30.0, ..CargoLeak::default() };
        assert_eq!(
            leak.check().unwrap_err().to_string(),
            "warn_pct_lel is 30; wanted is less than alarm_pct_lel, which is 20"
        );
        let speed = SpeedLimit { hold_s: -1.0, ..SpeedLimit::default() };
        assert_eq!(speed.check().unwrap_err().to_string(), "hold_s is -1; wanted is 0 or more");
        let speed = SpeedLimit { cap_kmh: Some(0.0), ..SpeedLimit::default() };
        assert_eq!(speed.check().unwrap_err().to_string(), "cap_kmh is 0; wanted is more than 0");
        let speed = SpeedLimit { hold_s: f64::NAN, ..SpeedLimit::default() };
        assert!(speed.check().is_err());
    }

    #[test]
    fn a_rolling_day_is_longer_than_the_driving_that_it_allows() {
        let rolling = DriveDaily { reckoned: Reckoning::Rolling, span_s: 3600.0, ..DriveDaily::default() };
        assert_eq!(rolling.check().unwrap_err().name, "span_s");
    }
}
