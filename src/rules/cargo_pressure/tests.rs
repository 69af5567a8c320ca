use crate::{
    domain::{CargoLimits, Episode, Fix, RuleKey, Severity, Site, ZoneKind, position::Sensors},
    testing::*,
};

/// Propane whose tank may have 1,200 kPa; it is unloaded 5 km east.
fn story(limits: CargoLimits) -> Story {
    let mut parts = parts(Some("1978"), vec![zone(1, ZoneKind::UnloadingPlace {}, [2_000.0, -100.0, 2_500.0, 100.0])]);
    parts.shipments[0].cargo_limits = limits;
    parts.shipments[0].destination = Some(Site { lat: 0.0, lon: 5_000.0 / DEGREE_M, radius_m: 200.0 });
    Story::of(parts)
}

fn pressured(second: f64, pressure_kpa: f64) -> Fix {
    sensing(driving(second, 60.0), Sensors { tank_pressure_kpa: Some(pressure_kpa), ..Sensors::default() })
}

fn filled(second: f64, east_m: f64, level_pct: f64) -> Fix {
    let sensors = Sensors { tank_level_pct: Some(level_pct), ..Sensors::default() };
    sensing(standing(second, east_m, 0.0), sensors)
}

fn episodes(story: &Story) -> Vec<&Episode> {
    story.of_rule(RuleKey::CargoPressure)
}

#[test]
fn pressure_over_the_limit_is_one_episode_until_it_is_well_below() {
    let mut story = story(CargoLimits { pressure_max_kpa: Some(1_200.0), ..CargoLimits::default() });
    story.drive(&[pressured(0.0, 1_200.0)]);
    assert!(episodes(&story).is_empty(), "the limit itself is allowed");
    story.drive(&[pressured(10.0, 1_201.0), pressured(20.0, 1_260.0), pressured(30.0, 1_195.0), driving(35.0, 60.0)]);
    assert_eq!(episodes(&story)[0].closed_at, None);
    story.drive(&[pressured(40.0, 1_190.0)]);
    let [over] = episodes(&story)[..] else { panic!("one episode") };
    assert_eq!((over.opened_at, over.closed_at), (at(10.0), Some(at(40.0))));
    assert_eq!((&*over.situation, over.severity), ("pressure", Severity::S1));
    assert_eq!((over.peak, over.limit), (Some(1_260.0), Some(1_200.0)));
    assert_eq!(over.subject.to_string(), "alarm/pressure");
}

#[test]
fn a_pressure_without_a_limit_is_no_breach() {
    let mut story = story(CargoLimits::default());
    story.drive(&[pressured(0.0, 9_000.0)]);
    assert!(episodes(&story).is_empty());
}

#[test]
fn a_level_that_falls_on_the_way_is_found_where_and_when_it_began_to_fall() {
    let mut story = story(CargoLimits::default());
    story.drive(&[filled(0.0, 0.0, 80.0), filled(60.0, 100.0, 80.0), filled(120.0, 200.0, 77.0)]);
    story.drive(&[filled(180.0, 300.0, 75.0)]);
    assert!(episodes(&story).is_empty(), "five points are within the tolerance");
    story.drive(&[filled(240.0, 400.0, 74.9), filled(300.0, 500.0, 70.0)]);
    let [level] = episodes(&story)[..] else { panic!("one episode") };
    assert_eq!((level.opened_at, level.opened_place), (at(60.0), Some(place(100.0, 0.0))));
    assert_eq!((&*level.situation, level.severity), ("level", Severity::S2));
    assert_eq!((level.peak, level.limit), (Some(10.0), Some(5.0)));
    assert_eq!(level.subject.to_string(), "alarm/level");
}

#[test]
fn a_fall_is_over_when_for_a_window_the_level_fell_no_further() {
    let mut story = story(CargoLimits::default());
    let level = |n: u32| if n < 4 { 80.0 - f64::from(n) * 3.0 } else { 71.0 };
    story.drive(&(0..30).map(|n| filled(f64::from(n) * 60.0, 0.0, level(n))).collect::<Vec<_>>());
    let [fall] = episodes(&story)[..] else { panic!("one episode") };
    assert_eq!(fall.peak, Some(9.0));
    // The last mark that is more than five points above 71 is the one of second 60.
    assert_eq!((fall.opened_at, fall.closed_at), (at(0.0), Some(at(720.0))));
}

#[test]
fn what_sloshes_and_what_shrinks_over_hours_is_no_loss() {
    let mut story = story(CargoLimits::default());
    let wave = |n: u32| if n.is_multiple_of(2) { 2.4 } else { -2.4 };
    story.drive(&(0..400).map(|n| filled(f64::from(n) * 30.0, 0.0, 90.0 + wave(n))).collect::<Vec<_>>());
    assert!(episodes(&story).is_empty());
    assert!(story.track.state.rules.pressure.marks.len() <= 6, "{:?}", story.track.state.rules.pressure.marks);

    let mut story = self::story(CargoLimits::default());
    let slow = |n: u32| filled(f64::from(n) * 60.0, 0.0, 90.0 - f64::from(n) * 0.4);
    story.drive(&(0..100).map(slow).collect::<Vec<_>>());
    assert!(episodes(&story).is_empty(), "four points in ten minutes");
    assert!(story.track.state.rules.pressure.marks.len() <= 6, "{:?}", story.track.state.rules.pressure.marks);
}

#[test]
fn the_shipment_may_say_how_far_a_level_may_fall() {
    let mut story = story(CargoLimits { level_drop_pct: Some(1.0), ..CargoLimits::default() });
    story.drive(&[filled(0.0, 0.0, 80.0), filled(60.0, 0.0, 78.5)]);
    assert_eq!(episodes(&story)[0].limit, Some(1.0));
}

#[test]
fn where_it_is_unloaded_the_level_may_fall_and_what_fell_there_is_not_counted_afterwards() {
    for east_m in [2_200.0, 5_100.0] {
        let mut story = story(CargoLimits::default());
        story.drive(&[filled(0.0, east_m, 80.0), filled(60.0, east_m, 40.0), filled(120.0, east_m, 10.0)]);
        story.drive(&[filled(400.0, east_m + 2_500.0, 9.0)]);
        assert!(episodes(&story).is_empty(), "{east_m} m east");
    }
    let mut beside = story(CargoLimits::default());
    beside.drive(&[filled(0.0, 5_300.0, 80.0), filled(60.0, 5_300.0, 40.0)]);
    assert_eq!(episodes(&beside).len(), 1, "100 m beyond the destination");
}

#[test]
fn after_the_shipment_ended_its_destination_is_still_where_it_is_unloaded() {
    let mut parts = parts(Some("1978"), Vec::new());
    parts.shipments[0].destination = Some(Site { lat: 0.0, lon: 5_000.0 / DEGREE_M, radius_m: 200.0 });
    parts.shipments[0].ends_at = Some(at(10.0));
    let mut story = Story::of(parts);
    story.drive(&[filled(0.0, 5_000.0, 80.0), filled(60.0, 5_000.0, 60.0)]);
    assert!(episodes(&story).is_empty());
}

#[test]
fn arriving_where_it_is_unloaded_ends_a_fall() {
    let mut story = story(CargoLimits::default());
    story.drive(&[filled(0.0, 1_000.0, 80.0), filled(60.0, 1_000.0, 60.0), filled(120.0, 2_200.0, 60.0)]);
    assert_eq!(episodes(&story)[0].closed_at, Some(at(120.0)));
}

#[test]
fn what_fell_during_a_silence_longer_than_the_window_is_not_known_to_be_lost() {
    let mut story = story(CargoLimits::default());
    story.drive(&[filled(0.0, 0.0, 80.0), filled(601.0, 0.0, 40.0)]);
    assert!(episodes(&story).is_empty());
    story.drive(&[filled(1_201.0, 0.0, 30.0)]);
    assert_eq!(episodes(&story).len(), 1, "just within the window it counts");
    story.drive(&[filled(4_000.0, 0.0, 30.0)]);
    assert_eq!(episodes(&story)[0].closed_at, Some(at(1_201.0)));
}

#[test]
fn pressure_and_level_are_open_side_by_side_each_in_its_unit() {
    let mut story = story(CargoLimits { pressure_max_kpa: Some(1_200.0), ..CargoLimits::default() });
    let both = |second: f64, pressure_kpa: f64, level_pct: f64| {
        let sensors =
            Sensors { tank_pressure_kpa: Some(pressure_kpa), tank_level_pct: Some(level_pct), ..Sensors::default() };
        sensing(standing(second, 0.0, 0.0), sensors)
    };
    story.drive(&[both(0.0, 1_300.0, 80.0), both(60.0, 1_250.0, 70.0)]);
    let peaks: Vec<Option<f64>> = episodes(&story).iter().map(|episode| episode.peak).collect();
    assert_eq!(story.open().len(), 2);
    assert!(peaks.contains(&Some(1_300.0)) && peaks.contains(&Some(10.0)), "{peaks:?}");
}

#[test]
fn the_sensors_are_believed_although_the_receiver_is_not() {
    let mut story = story(CargoLimits::default());
    story.drive(&[filled(0.0, 0.0, 80.0)]);
    story.judge(&sensing(fix(5.0, 700_000.0, 0.0), filled(5.0, 0.0, 60.0).sensors));
    assert_eq!(episodes(&story).len(), 1);

    let mut unloading =
        Story::new(Some("1978"), vec![zone(1, ZoneKind::UnloadingPlace {}, [2_000.0, -100.0, 2_500.0, 100.0])]);
    unloading.drive(&[filled(0.0, 2_200.0, 80.0)]);
    unloading.judge(&sensing(fix(5.0, 700_000.0, 0.0), filled(5.0, 0.0, 60.0).sensors));
    assert!(episodes(&unloading).is_empty(), "as far as is known it is still where it is unloaded");
}
