//! Parameters of the rules about documents.

use serde::{Deserialize, Serialize};

use super::{ParameterError, Parameters, less, not_negative, range};
use crate::rules::pack::Given;

/// `doc.no_waybill`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DocNoWaybill {
    /// A loaded vehicle without a transport document may move this far, in metres (proposed: 500).
    pub moved_m: f64,
    /// A tank fuller than this counts as loaded where no sensor says it, in percent (proposed: 5).
    pub loaded_level_pct: f64,
}

impl Default for DocNoWaybill {
    fn default() -> Self {
        Self { moved_m: 500.0, loaded_level_pct: 5.0 }
    }
}

impl Parameters for DocNoWaybill {
    const VALUE: Given = Given::Sometimes;
    const LIMIT: Given = Given::Sometimes;

    fn check(&self) -> Result<(), ParameterError> {
        not_negative("moved_m", self.moved_m)?;
        range("loaded_level_pct", self.loaded_level_pct, 0.0, 100.0)
    }
}

/// `doc.mismatch`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DocMismatch {
    /// More than the rated load counts beyond this much, in kilograms (proposed: 0).
    pub overload_tolerance_kg: f64,
}

impl Parameters for DocMismatch {
    const VALUE: Given = Given::Sometimes;
    const LIMIT: Given = Given::Sometimes;

    fn check(&self) -> Result<(), ParameterError> {
        not_negative("overload_tolerance_kg", self.overload_tolerance_kg)
    }
}

/// `doc.expiry`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DocExpiry {
    /// A document that is valid for no more than this many days is noticed (proposed: 30) …
    pub notice_days: f64,
    /// … and for no more than this many is urgent (proposed: 7).
    pub urgent_days: f64,
}

impl Default for DocExpiry {
    fn default() -> Self {
        Self { notice_days: 30.0, urgent_days: 7.0 }
    }
}

impl Parameters for DocExpiry {
    const VALUE: Given = Given::Always;
    const LIMIT: Given = Given::Sometimes;

    fn check(&self) -> Result<(), ParameterError> {
        range("notice_days", self.notice_days, 0.0, 3660.0)?;
        not_negative("urgent_days", self.urgent_days)?;
        less("urgent_days", self.urgent_days, "notice_days", self.notice_days)
    }
}
