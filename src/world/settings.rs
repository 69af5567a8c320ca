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
    /// A fix that would have needed a higher speed than this is implausible, in km/h (proposed: 160).
    pub implausible_kmh: f64,
    /// So many implausible fixes in a row that agree with each other are believed after all (proposed: 3).
    pub reanchor_fixes: u8,
    /// Speeding is raised when it lasts this long, in seconds (proposed: 10).
    pub speed_hold_s: f64,
    /// A vehicle at or above this speed counts as moving, in km/h (proposed: 5).
    pub moving_kmh: f64,
    /// A moving vehicle is missed after this silence at the least, in seconds (proposed: 60).
    pub signal_lost_s: f64,
    /// … and after so many of its usual intervals between fixes (proposed: 3).
    pub signal_lost_intervals: f64,
    /// Silence after which a missing vehicle with high-consequence goods is a major violation, in seconds (proposed: 300).
    pub signal_lost_major_s: f64,
    /// A vehicle that fell silent this near to a tunnel may be in it, in metres (proposed: 300).
    pub tunnel_near_m: f64,
    /// … and has its length at this speed, in km/h (proposed: 30) …
    pub tunnel_crawl_kmh: f64,
    /// … and this much more time to come out, in seconds (proposed: 60).
    pub tunnel_extra_s: f64,
    /// A body roll beyond this is a rollover, in degrees (proposed: 45).
    pub rollover_deg: f64,
    /// A body roll within this is upright again, in degrees (proposed: 25).
    pub upright_deg: f64,
    /// An alarm that is not repeated for this long is over, in seconds (proposed: 600).
    pub alarm_quiet_s: f64,
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
            implausible_kmh: 160.0,
            reanchor_fixes: 3,
            speed_hold_s: 10.0,
            moving_kmh: 5.0,
            signal_lost_s: 60.0,
            signal_lost_intervals: 3.0,
            signal_lost_major_s: 300.0,
            tunnel_near_m: 300.0,
            tunnel_crawl_kmh: 30.0,
            tunnel_extra_s: 60.0,
            rollover_deg: 45.0,
            upright_deg: 25.0,
            alarm_quiet_s: 600.0,
        }
    }
}
