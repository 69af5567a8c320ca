//! The ledger against what can be worked out with pencil and paper.
//!
//! Vehicles speed up at 0.5 m/s² and brake at 0.8 m/s², so that reaching v takes v / 0.5 seconds and v² metres, and halting
//! takes v / 0.8 seconds and v² / 1.6 metres.

use chrono::{DateTime, Utc};

use super::*;
use crate::{
    scenario::plays,
    set::{Production, Set},
};

fn production() -> Production {
    Production { operator: "carrier".into(), seed: 7, start: "2026-10-24T12:00:00Z".parse().unwrap(), hours: 1.0 }
}

/// The certain episodes of a vehicle of a play.
fn episodes(play: &str, vehicle: usize) -> Vec<Episode> {
    let found = plays::ALL.iter().find(|one| one.key == play).unwrap();
    let mut set = Set::new(production().start);
    found.add_to(&mut set, production().seed);
    let name = format!("carrier/{}-{vehicle}", play.replace('_', "-"));
    let all = set.ledger(&production()).episodes.into_iter();
    all.filter(|episode| episode.vehicle == name && !episode.doubtful).collect()
}

/// The only one.
fn episode(play: &str, vehicle: usize) -> Episode {
    let all = episodes(play, vehicle);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.into_iter().next().unwrap()
}

fn second(at: DateTime<Utc>) -> f64 {
    (at - production().start).as_seconds_f64()
}

#[track_caller]
fn near(found: f64, worked_out: f64, slack: f64) {
    assert!((found - worked_out).abs() <= slack, "the ledger says {found}, by hand it is {worked_out}");
}

#[test]
fn a_zone_is_entered_where_the_way_to_it_is_driven() {
    // 70 km/h are 19.44 m/s: 38.9 s and 378 m to reach it. The area begins 4,400 m along and is 1,200 m wide.
    let episode = episode("zone_prohibited", 1);
    near(second(episode.from), 300.0 + 38.9 + (4_400.0 - 378.0) / 19.44, 2.0);
    near((episode.to - episode.from).as_seconds_f64(), 1_200.0 / 19.44, 0.5);
    assert_eq!(episode.subject, "zone/Water protection area (zone_prohibited)");
}

#[test]
fn the_top_speed_is_the_value_and_two_grades_take_as_long_as_they_take() {
    for (vehicle, top_kmh) in [(1, 84.0), (2, 104.0), (3, 128.0)] {
        near(episode("speed_limit", vehicle).value.unwrap(), top_kmh, 0.3);
    }
    // 2,500 m at 84 km/h after 75: all of it but for a few seconds below 80 at both ends.
    let mild = episode("speed_limit", 1);
    near((mild.to - mild.from).as_seconds_f64(), 2_500.0 / (84.0 / 3.6), 6.0);
}

#[test]
fn a_stop_lasts_from_standing_still_to_setting_out() {
    // 60 km/h are 16.67 m/s; 33.3 s up, 20.8 s down, and 4,000 m less 278 m and 174 m in between.
    let episode = episode("stop_unauthorised", 1);
    near(second(episode.from), 200.0 + 33.3 + (4_000.0 - 278.0 - 174.0) / 16.67 + 20.8, 5.0);
    near(episode.value.unwrap(), 1_200.0, 1.0);
}

#[test]
fn a_silence_begins_after_three_intervals_and_at_least_a_minute() {
    // The last fix is at second 700, the next at second 940; a minute is longer than three intervals of 10 s.
    let episode = episode("signal_lost", 1);
    near(second(episode.from), 760.0, 0.5);
    near(second(episode.to), 950.0, 0.5);
}

#[test]
fn a_section_takes_its_length_over_the_speed() {
    // 6,000 m at 76 km/h; the third vehicle drives them at 70, brakes, stands for 300 s, and speeds up again.
    near(episode("route_section_time", 1).value.unwrap(), 6_000.0 / (76.0 / 3.6), 0.5);
    let ms = 70.0 / 3.6;
    let braking_and_speeding_up_s = ms / 0.8 + ms / 0.5 - (ms * ms / 1.6 + ms * ms) / ms;
    near(episode("route_section_time", 3).value.unwrap(), 6_000.0 / ms + braking_and_speeding_up_s + 300.0, 5.0);
}

#[test]
fn a_deviation_is_as_far_as_the_side_road() {
    let episode = episode("route_deviation", 2);
    near(episode.value.unwrap(), 1_500.0, 5.0);
    assert_eq!(episode.subject, "route/Approved road (route_deviation)");
}

#[test]
fn driving_hours_are_counted_to_the_second_and_breaks_in_their_order() {
    // 4 h 30 min without a stop from second 200 on.
    let without = episode("drive_continuous", 1);
    near(second(without.from), 200.0 + 4.5 * 3_600.0, 10.0);
    assert_eq!(without.subject, "driver/D-drive-continuous-1");
    // 31 and later 16 minutes are no break: the 4 h 30 min end 31 minutes later, in the second or third part.
    let wrong_order = episode("drive_continuous", 4);
    assert!(second(wrong_order.from) > 200.0 + 4.5 * 3_600.0 + 31.0 * 60.0);
    // 4 h by the Chinese rule, with a pause of 15 minutes in between.
    let chinese = episode("drive_continuous", 6);
    near(second(chinese.from), 200.0 + 4.0 * 3_600.0 + 900.0, 20.0);
}

#[test]
fn an_attendant_is_missing_as_long_as_it_is_driven() {
    // 10 km at 60 km/h, up and down again.
    let episode = episode("crew_missing", 1);
    near((episode.to - episode.from).as_seconds_f64(), 10_000.0 / 16.67 + (33.3 + 20.8) / 2.0, 5.0);
}

#[test]
fn documents_are_valid_for_as_many_days_as_they_say() {
    for (vehicle, days) in [(1, -3.0), (2, 4.0), (3, 20.0), (5, 5.0)] {
        near(episode("doc_expiry", vehicle).value.unwrap(), days, 0.0);
    }
}

#[test]
fn explosives_are_too_near_all_the_way_and_only_while_they_stand_together() {
    let convoy = episode("separation", 1);
    assert_eq!(convoy.subject, "vehicle/carrier/separation-2");
    // They meet head-on, brake for 20.8 s from 174 m away, stand for 400 s 20 m apart, and part again.
    let standing = episode("separation", 5);
    near((standing.to - standing.from).as_seconds_f64(), 400.0, 25.0);
}

#[test]
fn a_tank_is_too_warm_while_the_bulge_is_above_the_limit() {
    // From -152 °C up by 14 within 90 s, back within 90 s; -145 °C is half the way up.
    let episode = episode("cargo_temperature", 1);
    near(second(episode.from), 300.0 + 45.0, 1.0);
    near(second(episode.to), 1_200.0 - 45.0, 1.0);
}

#[test]
fn a_level_has_fallen_too_far_within_ten_minutes_and_no_longer_after_them() {
    // From 92 to 82 % within 120 s from second 400 on: 4 % are gone after 48 s, and ten minutes later none have gone lately.
    let episode = episode("cargo_pressure", 3);
    near(second(episode.from), 448.0, 6.0);
    near(second(episode.to), 520.0 + 600.0 - 48.0, 10.0);
}

#[test]
fn an_arrival_is_late_half_an_hour_after_its_time_until_it_comes() {
    let late = episode("schedule_window", 1);
    near((late.to - late.from).as_seconds_f64(), 3_600.0 - 1_800.0, 30.0);
    let early = episode("schedule_window", 4);
    near((early.to - early.from).as_seconds_f64(), 2_400.0, 40.0);
}
