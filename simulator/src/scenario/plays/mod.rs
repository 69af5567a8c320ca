//! Plays: for every rule, and for everything that a receiver can break, a scenario in a file of its own.
//!
//! A play puts up the zones and papers that it needs and lets one or several vehicles live their true lives. It does not
//! say what must be found: that follows from the lives, by [`crate::truth`]; its tests hold that against what the play
//! means to show.

mod antimeridian;
mod cargo_fire;
mod cargo_leak;
mod cargo_pressure;
mod cargo_temperature;
mod cargo_valve_open;
mod clock_jumps;
mod crew_missing;
mod crossing_between_fixes;
mod custom;
mod dead_zone;
mod doc_expiry;
mod doc_mismatch;
mod doc_no_waybill;
mod drive_continuous;
mod drive_daily;
mod duplicates;
mod dwell;
mod exemption;
mod explosives_near_dwelling;
mod frozen_fix;
mod gnss_jamming;
mod ground;
mod holiday;
mod inside_at_start;
mod jitter_at_the_edge;
mod late_backlog;
mod motion_crash;
mod motion_rollover;
mod offline_displacement;
mod overlapping_speed_zones;
mod position_jumps;
mod reordering;
mod route_deviation;
mod route_section_time;
mod schedule_window;
mod separation;
mod shapes;
mod signal_lost;
mod sos;
mod speed_limit;
mod stop_unattended;
mod stop_unauthorised;
mod tamper;
mod time_ban;
mod tunnel_by_time;
mod tunnel_code;
mod tunnel_outage;
mod tunnel_under_road;
mod unknown_cargo;
mod window_over_midnight;
mod zone_group;
mod zone_prohibited;
mod zone_restricted;

pub use ground::{Ground, drive, one_trip};

use crate::set::Set;

/// A play.
#[derive(Clone, Copy, Debug)]
pub struct Play {
    /// Short stable name.
    pub key: &'static str,
    /// What happens, in a sentence.
    pub story: &'static str,
    /// Puts it on the stage.
    pub stage: fn(&mut Ground<'_>),
}

/// Every play. A play's plot is its place in this list.
pub const ALL: &[Play] = &[
    zone_prohibited::PLAY,
    zone_restricted::PLAY,
    tunnel_code::PLAY,
    time_ban::PLAY,
    route_deviation::PLAY,
    route_section_time::PLAY,
    speed_limit::PLAY,
    drive_continuous::PLAY,
    drive_daily::PLAY,
    stop_unauthorised::PLAY,
    explosives_near_dwelling::PLAY,
    stop_unattended::PLAY,
    separation::PLAY,
    doc_no_waybill::PLAY,
    doc_mismatch::PLAY,
    doc_expiry::PLAY,
    crew_missing::PLAY,
    signal_lost::PLAY,
    offline_displacement::PLAY,
    gnss_jamming::PLAY,
    tamper::PLAY,
    cargo_temperature::PLAY,
    cargo_pressure::PLAY,
    cargo_valve_open::PLAY,
    cargo_leak::PLAY,
    cargo_fire::PLAY,
    motion_crash::PLAY,
    motion_rollover::PLAY,
    sos::PLAY,
    schedule_window::PLAY,
    custom::PLAY,
    jitter_at_the_edge::PLAY,
    crossing_between_fixes::PLAY,
    tunnel_by_time::PLAY,
    tunnel_under_road::PLAY,
    tunnel_outage::PLAY,
    dead_zone::PLAY,
    late_backlog::PLAY,
    duplicates::PLAY,
    reordering::PLAY,
    clock_jumps::PLAY,
    frozen_fix::PLAY,
    position_jumps::PLAY,
    inside_at_start::PLAY,
    unknown_cargo::PLAY,
    overlapping_speed_zones::PLAY,
    window_over_midnight::PLAY,
    holiday::PLAY,
    exemption::PLAY,
    zone_group::PLAY,
    dwell::PLAY,
    shapes::PLAY,
    antimeridian::PLAY,
];

impl Play {
    /// Adds it to a set.
    pub fn add_to(&self, set: &mut Set, seed: u64) {
        let number = ALL.iter().position(|play| play.key == self.key).unwrap_or(0);
        (self.stage)(&mut Ground::new(set, self.key, number, seed));
    }
}

#[cfg(test)]
mod tests;
