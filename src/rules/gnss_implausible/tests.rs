use super::*;
use crate::{
    domain::{Episode, Fix, FixKey, RuleKey, Severity, position::Sensors},
    engine::Judgement,
    testing::*,
};

fn episodes(story: &Story) -> Vec<&Episode> {
    story.of_rule(RuleKey::GnssImplausible)
}

/// 0° north, 0° east.
fn nowhere(second: f64) -> Fix {
    Fix { place: Place::new(0.0, 0.0).unwrap(), ..fix(second, 0.0, 0.0) }
}

fn odometer(second: f64, east_m: f64, km: f64) -> Fix {
    Fix { odometer_km: Some(km), ..fix(second, east_m, 0.0) }
}

fn wheels(second: f64, east_m: f64, kmh: f64) -> Fix {
    sensing(fix(second, east_m, 0.0), Sensors { wheel_speed_kmh: Some(kmh), ..Sensors::default() })
}

#[test]
fn a_jump_is_noticed_with_the_speed_that_it_would_have_needed_until_the_next_fix_that_can_be() {
    let mut story = Story::new(Some("1203"), Vec::new());
    story.drive(&[driving(0.0, 72.0)]);
    assert_eq!(story.judge(&fix(10.0, 10_000.0, 0.0)).0, Judgement::Implausible);
    story.drive(&[driving(20.0, 72.0)]);
    let [jump] = episodes(&story)[..] else { panic!("one episode") };
    assert_eq!((&*jump.situation, jump.severity), ("jump", Severity::S4));
    assert_eq!((jump.opened_at, jump.closed_at), (at(10.0), Some(at(20.0))));
    assert_eq!(jump.opened_place, Some(place(0.0, 0.0)), "where it was believed to be");
    assert!((jump.peak.unwrap() - 3_600.0).abs() < 1.0, "{:?}", jump.peak);
    assert_eq!(jump.limit, Some(160.0));
}

#[test]
fn what_a_fast_vehicle_can_do_is_no_jump() {
    let mut story = Story::new(Some("1203"), Vec::new());
    story.drive(&(0..20).map(|n| driving(f64::from(n) * 10.0, 155.0)).collect::<Vec<_>>());
    assert!(episodes(&story).is_empty());
}

#[test]
fn a_receiver_without_a_fix_is_nowhere_even_if_nothing_was_heard_before() {
    let mut story = Story::new(Some("1203"), Vec::new());
    story.judge(&nowhere(0.0));
    let [first] = episodes(&story)[..] else { panic!("one episode") };
    assert_eq!((&*first.situation, first.peak, first.opened_place), ("nowhere", None, None));
    story.drive(&[driving(5.0, 60.0)]);
    assert_eq!(episodes(&story)[0].closed_at, Some(at(5.0)));
}

#[test]
fn the_third_within_ten_minutes_is_repeated_and_graver_whether_in_one_episode_or_in_several() {
    let mut running = Story::new(Some("1203"), Vec::new());
    running.drive(&[driving(0.0, 60.0)]);
    running.judge(&nowhere(5.0));
    running.judge(&nowhere(10.0));
    assert_eq!(episodes(&running)[0].severity, Severity::S4);
    running.judge(&nowhere(15.0));
    assert_eq!((&*episodes(&running)[0].situation, episodes(&running)[0].severity), ("repeated", Severity::S2));

    let mut apart = Story::new(Some("1203"), Vec::new());
    for n in 0..3 {
        apart.drive(&[driving(f64::from(n) * 300.0, 10.0)]);
        apart.judge(&nowhere(f64::from(n) * 300.0 + 5.0));
    }
    let grades: Vec<&str> = episodes(&apart).iter().map(|episode| &*episode.situation).collect();
    assert_eq!(grades, ["nowhere", "nowhere", "repeated"]);

    let mut rare = Story::new(Some("1203"), Vec::new());
    for n in 0..6 {
        rare.drive(&[driving(f64::from(n) * 301.0, 10.0)]);
        rare.judge(&nowhere(f64::from(n) * 301.0 + 5.0));
    }
    assert!(episodes(&rare).iter().all(|episode| episode.severity == Severity::S4));
}

#[test]
fn one_time_at_two_places_is_a_clock_that_stands() {
    let again = |seq: i64, east_m: f64| Fix { key: FixKey { time: at(10.0), seq }, ..fix(10.0, east_m, 0.0) };
    let mut far = Story::new(Some("1203"), Vec::new());
    far.drive(&[again(1, 0.0)]);
    far.judge(&again(2, 500.0));
    assert_eq!((&*episodes(&far)[0].situation, episodes(&far)[0].peak), ("time", None));

    let mut creeping = Story::new(Some("1203"), Vec::new());
    creeping.drive(&[again(1, 0.0), again(2, 60.0), again(3, 99.0)]);
    assert!(episodes(&creeping).is_empty(), "a receiver wanders");
    creeping.drive(&[again(4, 120.0)]);
    assert_eq!(&*episodes(&creeping)[0].situation, "time");
    creeping.drive(&[fix(20.0, 200.0, 0.0)]);
    assert_eq!(episodes(&creeping)[0].closed_at, Some(at(20.0)));
}

#[test]
fn what_the_odometer_told_before_a_clock_stood_is_not_held_against_the_place_after() {
    let of_one_time =
        |seq: i64, east_m: f64, km: f64| Fix { key: FixKey { time: at(100.0), seq }, ..odometer(100.0, east_m, km) };
    let mut story = Story::new(Some("1203"), Vec::new());
    story.drive(&[of_one_time(1, 0.0, 1_000.0), of_one_time(2, 60.0, 1_000.0), of_one_time(3, 60.0, 1_000.0)]);
    story.drive(&[of_one_time(4, 120.0, 1_000.0), odometer(160.0, 120.0, 1_000.9), odometer(170.0, 120.0, 1_000.9)]);
    let [clock] = episodes(&story)[..] else { panic!("one episode") };
    assert_eq!((&*clock.situation, clock.closed_at), ("time", Some(at(160.0))));
}

#[test]
fn a_place_that_stays_while_the_odometer_goes_on_is_frozen_since_they_parted() {
    let mut story = Story::new(Some("1203"), Vec::new());
    let parked = (0..20).map(|n| odometer(f64::from(n) * 60.0, 0.0, 1_000.0));
    story.drive(&parked.collect::<Vec<_>>());
    // At 36 km/h, 10 m a second.
    story.drive(
        &(1..5).map(|n| odometer(1_140.0 + f64::from(n) * 10.0, 0.0, 1_000.0 + f64::from(n) * 0.1)).collect::<Vec<_>>(),
    );
    story.drive(&[odometer(1_190.0, 0.0, 1_000.5)]);
    assert!(episodes(&story).is_empty(), "500 m, but only 50 s");
    story.drive(&[odometer(1_200.0, 0.0, 1_000.6), odometer(1_300.0, 0.0, 1_000.6)]);
    let [frozen] = episodes(&story)[..] else { panic!("one episode") };
    assert_eq!((&*frozen.situation, frozen.opened_at), ("frozen", at(1_140.0)));
    assert_eq!((frozen.closed_at, frozen.severity), (None, Severity::S4), "it is one fault, however long");
    story.drive(&[odometer(1_310.0, 400.0, 1_000.7)]);
    assert_eq!(episodes(&story)[0].closed_at, Some(at(1_310.0)));
}

#[test]
fn less_than_half_a_kilometre_on_the_odometer_may_be_the_yard() {
    let mut story = Story::new(Some("1203"), Vec::new());
    story
        .drive(&(0..20).map(|n| odometer(f64::from(n) * 10.0, 0.0, 1_000.0 + f64::from(n) * 0.02)).collect::<Vec<_>>());
    assert!(episodes(&story).is_empty());
}

#[test]
fn a_place_that_stays_for_a_minute_while_the_wheels_turn_is_frozen() {
    let mut story = Story::new(Some("1203"), Vec::new());
    story.drive(&(0..7).map(|n| wheels(f64::from(n) * 10.0, 0.0, 40.0)).collect::<Vec<_>>());
    assert!(episodes(&story).is_empty(), "the place is the same since the second fix at the latest, which is 50 s");
    story.drive(&[fix(65.0, 0.0, 0.0), wheels(70.0, 0.0, 10.0)]);
    assert_eq!((&*episodes(&story)[0].situation, episodes(&story)[0].opened_at), ("frozen", at(10.0)));
}

#[test]
fn wheels_that_turn_too_slowly_or_stop_or_are_not_heard_of_for_long_show_nothing() {
    let mut slow = Story::new(Some("1203"), Vec::new());
    slow.drive(&(0..20).map(|n| wheels(f64::from(n) * 10.0, 0.0, 9.9)).collect::<Vec<_>>());
    slow.drive(
        &(20..40).map(|n| wheels(f64::from(n) * 10.0, 0.0, if n % 5 == 0 { 0.0 } else { 30.0 })).collect::<Vec<_>>(),
    );
    slow.drive(&[wheels(400.0, 0.0, 30.0), wheels(1_000.0, 0.0, 30.0), wheels(1_050.0, 0.0, 30.0)]);
    assert!(episodes(&slow).is_empty());
}

#[test]
fn after_a_silence_it_is_not_known_to_have_lasted_beyond_the_last_implausible_fix() {
    let mut story = Story::new(Some("1203"), Vec::new());
    story.drive(&[driving(0.0, 60.0)]);
    story.judge(&nowhere(5.0));
    story.judge(&nowhere(10.0));
    story.drive(&[driving(2_000.0, 60.0)]);
    assert_eq!(episodes(&story)[0].closed_at, Some(at(10.0)));
}

#[test]
fn a_vehicle_that_is_believed_elsewhere_after_three_fixes_that_agree_ends_the_episode() {
    let mut story = Story::new(Some("1203"), Vec::new());
    story.drive(&[fix(0.0, 0.0, 0.0)]);
    story.judge(&fix(10.0, 50_000.0, 0.0));
    story.judge(&fix(20.0, 50_000.0, 0.0));
    assert_eq!(story.judge(&fix(30.0, 50_000.0, 0.0)).0, Judgement::Judged);
    assert_eq!(episodes(&story)[0].closed_at, Some(at(30.0)));
}

#[test]
fn a_frozen_place_does_not_reach_back_into_an_episode_that_is_over() {
    let mut story = Story::new(Some("1203"), Vec::new());
    story.drive(&[odometer(0.0, 0.0, 100.0)]);
    story.judge(&nowhere(10.0));
    let way = |n: u32| odometer(20.0 + f64::from(n) * 10.0, 0.0, 101.0 + f64::from(n));
    story.drive(&(0..10).map(way).collect::<Vec<_>>());
    let [jump, frozen] = episodes(&story)[..] else { panic!("two episodes") };
    assert_eq!((jump.closed_at, frozen.opened_at), (Some(at(20.0)), at(20.0)));
}
