//! Parameters of the rules about being in an area.

use serde::{Deserialize, Serialize};

use super::{ParameterError, Parameters, not_negative};
use crate::rules::pack::Given;

/// Time ahead in which a driver can still turn before an area that is forbidden, in seconds (proposed).
const PREWARN_S: f64 = 60.0;

/// `zone.prohibited`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ZoneProhibited {
    /// The cab is warned when the zone is this many seconds ahead; 0 never warns (proposed: 60).
    pub prewarn_s: f64,
}

impl Default for ZoneProhibited {
    fn default() -> Self {
        Self { prewarn_s: PREWARN_S }
    }
}

impl Parameters for ZoneProhibited {
    fn check(&self) -> Result<(), ParameterError> {
        not_negative("prewarn_s", self.prewarn_s)
    }
}

/// `zone.restricted`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ZoneRestricted {
    /// The cab is warned when a zone whose conditions it does not meet is this many seconds ahead (proposed: 60).
    pub prewarn_s: f64,
    /// A demanded escort counts as missing when no fix has named one for so long, in seconds (proposed: 300).
    pub escort_missing_s: f64,
    /// Too fast counts when it lasts this long, in seconds (proposed: 10).
    pub speed_hold_s: f64,
}

impl Default for ZoneRestricted {
    fn default() -> Self {
        Self { prewarn_s: PREWARN_S, escort_missing_s: 300.0, speed_hold_s: 10.0 }
    }
}

impl Parameters for ZoneRestricted {
    const VALUE: Given = Given::Sometimes;
    const LIMIT: Given = Given::Sometimes;

    fn check(&self) -> Result<(), ParameterError> {
        not_negative("prewarn_s", self.prewarn_s)?;
        not_negative("escort_missing_s", self.escort_missing_s)?;
        not_negative("speed_hold_s", self.speed_hold_s)
    }
}

/// `tunnel.code`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TunnelCode {
    /// The cab is warned when a forbidden tunnel is this many seconds ahead (proposed: 60).
    pub prewarn_s: f64,
}

impl Default for TunnelCode {
    fn default() -> Self {
        Self { prewarn_s: PREWARN_S }
    }
}

impl Parameters for TunnelCode {
    fn check(&self) -> Result<(), ParameterError> {
        not_negative("prewarn_s", self.prewarn_s)
    }
}

/// `time.ban`. When it holds, the zone's schedule says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TimeBan {
    /// The cab is warned when the zone is this many seconds ahead (proposed: 60).
    pub prewarn_s: f64,
}

impl Default for TimeBan {
    fn default() -> Self {
        Self { prewarn_s: PREWARN_S }
    }
}

impl Parameters for TimeBan {
    fn check(&self) -> Result<(), ParameterError> {
        not_negative("prewarn_s", self.prewarn_s)
    }
}
