//! Parameters of the rules about being in an area.

use serde::{Deserialize, Serialize};

use super::{ParameterError, Parameters, not_negative};

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
