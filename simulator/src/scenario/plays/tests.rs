//! Every play shows what it means to show.

use super::*;
use crate::{
    set::Production,
    truth::{Episode, Ledger},
};

fn production() -> Production {
    Production { operator: "carrier".into(), seed: 7, start: "2026-10-24T12:00:00Z".parse().unwrap(), hours: 1.0 }
}

fn ledger(key: &str) -> (Set, Ledger) {
    let play = ALL.iter().find(|play| play.key == key).unwrap();
    let mut set = Set::new(production().start);
    play.add_to(&mut set, production().seed);
    let ledger = set.ledger(&production());
    (set, ledger)
}

/// The rules that each vehicle of a play breaks for certain, and those that it perhaps breaks, in brackets.
fn broken(key: &str) -> Vec<String> {
    let (set, ledger) = ledger(key);
    let of = |code: &str| -> Vec<String> {
        let own = ledger.episodes.iter().filter(|episode| episode.vehicle == format!("carrier/{code}"));
        own.map(|Episode { rule, doubtful, .. }| if *doubtful { format!("({rule})") } else { rule.clone() }).collect()
    };
    set.vehicles.iter().map(|vehicle| of(&vehicle.code).join(" ")).collect()
}

#[test]
fn every_play_has_a_name_of_its_own_and_vehicles() {
    for (index, play) in ALL.iter().enumerate() {
        assert!(ALL.iter().skip(index + 1).all(|other| other.key != play.key), "{}", play.key);
        let (set, _) = ledger(play.key);
        assert!(!set.vehicles.is_empty(), "{} has no vehicle", play.key);
    }
}

#[test]
fn the_same_seed_writes_the_same_ledger() {
    let bytes = || {
        let mut set = Set::new(production().start);
        ALL.iter().for_each(|play| play.add_to(&mut set, production().seed));
        let mut bytes = Vec::new();
        set.ledger(&production()).write(&mut bytes).unwrap();
        bytes
    };
    assert_eq!(bytes(), bytes());
}

/// What each vehicle of each play breaks for certain, and in brackets what a right judge may see or not.
const MEANT: &[(&str, &[&str])] = &[
    ("zone_prohibited", &["zone.prohibited", "", ""]),
    (
        "zone_restricted",
        &[
            "zone.restricted",
            "",
            "zone.restricted",
            "",
            "(zone.restricted) zone.restricted",
            "",
            "(zone.restricted) zone.restricted",
            "",
        ],
    ),
    ("tunnel_code", &["tunnel.code", "", ""]),
    ("time_ban", &["", "time.ban", "time.ban", ""]),
    ("route_deviation", &["", "route.deviation", "(route.deviation)", ""]),
    ("route_section_time", &["route.section_time", "", "route.section_time"]),
    ("speed_limit", &["speed.limit", "speed.limit", "speed.limit", "", ""]),
    (
        "drive_continuous",
        &[
            "(drive.continuous) drive.continuous",
            "",
            "",
            "(drive.continuous) drive.continuous",
            "",
            "(drive.continuous) drive.continuous",
            "(drive.continuous) drive.continuous",
        ],
    ),
    ("drive_daily", &["(drive.daily) drive.daily", "", "(drive.daily) drive.daily"]),
    ("stop_unauthorised", &["stop.unauthorised", "", "", ""]),
    ("explosives_near_dwelling", &["stop.unauthorised", "", ""]),
    ("stop_unattended", &["stop.unattended", "", ""]),
    ("separation", &["separation", "", "", "", "separation", "", "", "", "", ""]),
    ("doc_no_waybill", &["doc.no_waybill", "", ""]),
    ("doc_mismatch", &["doc.mismatch", "doc.mismatch", "doc.mismatch", "doc.mismatch", ""]),
    ("doc_expiry", &["doc.expiry", "doc.expiry", "doc.expiry", "", "doc.expiry"]),
    ("crew_missing", &["crew.missing", "", ""]),
    ("signal_lost", &["signal.lost", "", ""]),
    ("offline_displacement", &["signal.lost signal.offline_displacement", ""]),
    ("gnss_jamming", &["(gnss.implausible) gnss.jamming", "", "gnss.jamming"]),
    ("tamper", &["tamper", "tamper", "tamper", "tamper", "tamper", "tamper", ""]),
    ("cargo_temperature", &["cargo.temperature", "", "cargo.temperature"]),
    ("cargo_pressure", &["cargo.pressure", "", "cargo.pressure", "", ""]),
    ("cargo_valve_open", &["cargo.valve_open", "", "cargo.valve_open"]),
    ("cargo_leak", &["cargo.leak", "", "cargo.leak"]),
    ("cargo_fire", &["cargo.fire"]),
    ("motion_crash", &["motion.crash", "", "motion.crash"]),
    ("motion_rollover", &["motion.rollover", "", "motion.rollover"]),
    ("sos", &["sos", "sos"]),
    ("custom", &["custom", "", ""]),
    ("schedule_window", &["(schedule.window) schedule.window", "", "", "(schedule.window) schedule.window"]),
    ("jitter_at_the_edge", &["zone.prohibited", "(zone.prohibited)", "zone.prohibited"]),
    (
        "crossing_between_fixes",
        &["zone.prohibited", "zone.prohibited", "zone.prohibited", "zone.prohibited", "(zone.prohibited)"],
    ),
    ("tunnel_by_time", &["tunnel.code", ""]),
    ("tunnel_under_road", &["(tunnel.code)", "(tunnel.code)", "tunnel.code"]),
    ("tunnel_outage", &["tunnel.code", ""]),
    ("dead_zone", &["", "signal.lost"]),
    ("late_backlog", &["speed.limit zone.prohibited zone.prohibited zone.prohibited"]),
    ("duplicates", &["sos speed.limit zone.prohibited"]),
    ("reordering", &["speed.limit zone.prohibited zone.prohibited"]),
    ("clock_jumps", &["gnss.implausible", "gnss.implausible"]),
    ("frozen_fix", &["gnss.implausible", ""]),
    ("position_jumps", &["gnss.implausible", "gnss.implausible"]),
    ("inside_at_start", &["zone.prohibited", "zone.prohibited", "zone.prohibited"]),
    ("unknown_cargo", &["doc.no_waybill zone.prohibited", ""]),
    ("overlapping_speed_zones", &["speed.limit", ""]),
    ("window_over_midnight", &["", "time.ban", "time.ban", ""]),
    ("holiday", &["", "time.ban"]),
    ("exemption", &["zone.prohibited", "zone.prohibited"]),
    ("zone_group", &["zone.prohibited", "zone.prohibited zone.prohibited"]),
    ("dwell", &["", "zone.prohibited"]),
    (
        "shapes",
        &[
            "zone.prohibited zone.prohibited",
            "",
            "zone.prohibited",
            "",
            "zone.prohibited",
            "zone.prohibited zone.prohibited",
        ],
    ),
    ("antimeridian", &["zone.prohibited", ""]),
];

#[test]
fn every_play_shows_what_it_means_to_show_and_nothing_else() {
    assert_eq!(MEANT.len(), ALL.len());
    for (key, meant) in MEANT {
        assert_eq!(broken(key), *meant, "{key}");
    }
}

#[test]
fn a_permit_is_told_apart_from_one_that_has_run_out() {
    let (_, ledger) = ledger("exemption");
    let exempted: Vec<bool> = ledger.episodes.iter().map(|episode| episode.exempted).collect();
    assert_eq!(exempted, [true, false]);
}

#[test]
fn who_is_only_over_a_tunnel_is_at_most_possibly_in_it() {
    let (_, ledger) = ledger("tunnel_under_road");
    let possible: Vec<bool> = ledger.episodes.iter().map(|episode| episode.only_possible).collect();
    assert_eq!(possible, [true, true, false]);
}
