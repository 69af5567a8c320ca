//! The numbers by which rules judge, with their defaults and where those come from.

use serde::{Deserialize, Serialize};

use crate::geo::Margins;

/// Thresholds of the rules. Section `[rules]` of the configuration file.
///
/// Defaults marked *proposed* have no legal force; they are this project's choice and meant to be changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RuleSettings {
    /// How deep inside a zone a path must be to count as entered, and how far outside to count as left (proposed).
    pub zone_margins: Margins,
    /// What began longer ago than this when it is found, in seconds, is recorded but told to nobody, unless it is an emergency
    /// that the vehicle itself reports (proposed: 120).
    pub lateness_s: f64,
    /// A longer silence between two fixes, in seconds, makes what happened between them only possible (proposed: 120).
    pub gap_s: f64,
    /// So many implausible fixes in a row that agree with each other are believed after all (proposed: 3).
    pub reanchor_fixes: u8,
    /// A vehicle at or above this speed counts as moving, in km/h (proposed: 5).
    pub moving_kmh: f64,
    /// Whose rule pack binds vehicles that name none of their own: `adr`, `cn`, `us`, `sg`, or a published one. Default `adr`.
    pub jurisdiction: String,
}

/// A path 10 m deep is inside, one 20 m away is outside, both more by what the receiver reports, up to 50 m.
const ZONE_MARGINS: Margins =
    Margins { enter_m: 10.0, exit_m: 20.0, accuracy_weight: 1.0, accuracy_cap_m: 50.0, assumed_accuracy_m: 5.0 };

impl Default for RuleSettings {
    fn default() -> Self {
        Self {
            zone_margins: ZONE_MARGINS,
            lateness_s: 120.0,
            gap_s: 120.0,
            reanchor_fixes: 3,
            moving_kmh: 5.0,
            jurisdiction: "adr".into(),
        }
    }
}
