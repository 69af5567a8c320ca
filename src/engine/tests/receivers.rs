//! What receivers and radios really send, from end to end: positions that waver, stop, jump and lie, clocks that err, silence
//! with the rest of the story afterwards. None of it may make a violation that was not, or lose one that was.

use proptest::prelude::*;

use super::{judged_again::said, *};
use crate::{
    domain::position::Sensors,
    engine::Observation,
    rules::{Change, parameters},
};

const SQUARE: [f64; 4] = [0.0, 0.0, 400.0, 400.0];

/// Where a receiver that errs by up to `by_m` puts second `n`: back and forth, never twice the same.
fn wandering(n: u32, by_m: f64) -> f64 {
    by_m * (f64::from(n) * 2.399_963).sin()
}

fn buffered(fix: Fix) -> Fix {
    Fix { buffered: true, ..fix }
}

#[test]
fn a_vehicle_that_stands_beside_a_zone_for_an_hour_and_wavers_over_its_edge_never_entered_it() {
    let mut story = Story::with_margins(Some("1203"), vec![zone(1, prohibited(), SQUARE)]);
    let standing_beside = |n: u32| Fix {
        accuracy_m: Some(12.0),
        ..standing(f64::from(n) * 10.0, -6.0 + wandering(n, 15.0), 200.0 + wandering(n + 7, 15.0))
    };
    story.drive(&(0..360).map(standing_beside).collect::<Vec<_>>());
    assert!(story.of_rule(RuleKey::ZoneProhibited).is_empty());
}

#[test]
fn a_vehicle_that_is_in_a_zone_and_wavers_over_its_edge_is_in_it_once() {
    let mut story = Story::with_margins(Some("1203"), vec![zone(1, prohibited(), SQUARE)]);
    story.drive(&[fix(0.0, -100.0, 200.0), fix(10.0, 60.0, 200.0)]);
    let at_the_edge = |n: u32| Fix {
        accuracy_m: Some(10.0),
        ..standing(10.0 + f64::from(n) * 10.0, 4.0 + wandering(n, 14.0), 200.0)
    };
    story.drive(&(1..360).map(at_the_edge).collect::<Vec<_>>());
    story.drive(&[fix(3_610.0, -100.0, 200.0)]);
    let [stay] = story.of_rule(RuleKey::ZoneProhibited)[..] else { panic!("one stay") };
    assert_eq!(stay.certainty, Certainty::Observed);
    assert!(stay.closed_at > Some(at(3_600.0)), "{:?}", stay.closed_at);
}

#[test]
fn a_zone_between_two_fixes_of_half_a_minute_is_crossed_once_on_its_edges() {
    let mut story = Story::with_margins(Some("1203"), vec![zone(1, prohibited(), SQUARE)]);
    story.drive(&[fix(0.0, -200.0, 200.0), fix(40.0, 600.0, 200.0), fix(80.0, 1_400.0, 200.0)]);
    let [crossing] = story.of_rule(RuleKey::ZoneProhibited)[..] else { panic!("one crossing") };
    assert_eq!((crossing.opened_at, crossing.closed_at), (at(10.0), Some(at(30.0))));
    assert_eq!((crossing.entry, crossing.certainty), (EntryKind::Crossed, Certainty::Likely));
}

/// A tunnel of 6 km that chlorine may not use, with the way to it: 72 km/h, a fix each 5 s outside.
fn through_the_tunnel() -> (Story, Vec<Fix>, Vec<Fix>, Vec<Fix>) {
    let story =
        Story::with_margins(Some("1017"), vec![zone(1, tunnel(TunnelCategory::C), [500.0, -20.0, 6_500.0, 20.0])]);
    let way = |from: u32, to: u32| (from..to).map(|n| driving(f64::from(n) * 5.0, 72.0)).collect::<Vec<_>>();
    (story, way(0, 5), way(5, 66).into_iter().map(buffered).collect(), way(66, 80))
}

#[test]
fn a_tunnel_that_was_silent_is_only_possible_until_the_backlog_proves_it() {
    let (mut story, before, inside, after) = through_the_tunnel();
    story.drive(&before);
    story.drive(&after);
    let [guess] = story.of_rule(RuleKey::TunnelCode)[..] else { panic!("one passage") };
    assert_eq!(guess.certainty, Certainty::Possible);
    let (id, entered_at) = (guess.id, guess.opened_at);
    assert!(story.of_rule(RuleKey::SignalLost).is_empty(), "in a tunnel silence is expected");
    assert!(story.of_rule(RuleKey::SignalOfflineDisplacement).is_empty());

    story.drive(&inside);
    let [proven] = story.of_rule(RuleKey::TunnelCode)[..] else { panic!("one passage") };
    assert_eq!((proven.id, proven.certainty), (id, Certainty::Observed), "the same passage, now seen");
    assert!((proven.opened_at - entered_at).num_seconds().abs() <= 1);
    assert!(proven.closed_at.unwrap() > at(320.0));

    let (mut in_order, before, inside, after) = through_the_tunnel();
    in_order.drive(&[before, inside, after].concat());
    assert_eq!(said(&in_order), said(&story), "as if it had come in time");
}

#[test]
fn an_outage_in_the_open_is_a_silence_and_a_displacement_until_the_backlog_fills_it() {
    let mut story = Story::with_margins(Some("1203"), Vec::new());
    let way = |from: u32, to: u32| (from..to).map(|n| driving(f64::from(n) * 10.0, 72.0)).collect::<Vec<_>>();
    story.drive(&way(0, 10));
    story.wait_until(200.0);
    story.drive(&way(60, 70));
    assert_eq!(story.of_rule(RuleKey::SignalLost).len(), 1);
    assert_eq!(story.of_rule(RuleKey::SignalOfflineDisplacement).len(), 1);
    // The newest of the backlog first, as some devices send it.
    for fix in way(10, 60).into_iter().rev() {
        story.judge(&buffered(fix));
    }
    assert!(story.episodes.is_empty(), "{:?}", story.episodes);
}

#[test]
fn a_clock_that_runs_ahead_for_one_fix_spoils_neither_the_fixes_before_nor_those_after() {
    let mut story = Story::with_margins(Some("1203"), vec![zone(1, prohibited(), [1_000.0, -50.0, 1_400.0, 50.0])]);
    let way: Vec<Fix> = (0..40).map(|n| driving(f64::from(n) * 5.0, 72.0)).collect();
    story.drive(&way[..5]);
    // Two minutes ahead of its time: here it is, then it will be far away.
    story.drive(&[Fix { place: driving(25.0, 72.0).place, ..driving(145.0, 72.0) }]);
    for fix in &way[6..] {
        story.judge(fix);
    }
    let [crossing] = story.of_rule(RuleKey::ZoneProhibited)[..] else { panic!("one crossing") };
    assert_eq!(crossing.certainty, Certainty::Observed);
    assert!((crossing.opened_at - at(50.0)).num_seconds().abs() <= 1, "{:?}", crossing.opened_at);
    assert!((crossing.closed_at.unwrap() - at(70.0)).num_seconds().abs() <= 1, "{:?}", crossing.closed_at);
    let [fault] = story.of_rule(RuleKey::GnssImplausible)[..] else { panic!("one fault") };
    assert_eq!(
        (&*fault.situation, fault.opened_at),
        ("jump", at(145.0)),
        "it is there, and nowhere else, that it cannot be"
    );
}

#[test]
fn a_clock_that_falls_back_puts_the_vehicle_where_it_cannot_have_been_and_that_is_not_believed() {
    // A zone that the vehicle reaches after its clock fell back by a minute; by the false times it would be there too early.
    let mut story = Story::with_margins(Some("1203"), vec![zone(1, prohibited(), [2_100.0, -50.0, 2_300.0, 50.0])]);
    story.drive(&(0..=20).map(|n| driving(f64::from(n) * 5.0, 72.0)).collect::<Vec<_>>());
    let late_by_a_minute = |n: u32| Fix {
        key: FixKey { time: at(100.0 + f64::from(n) * 5.0 - 60.0), seq: i64::from(n) },
        ..driving(100.0 + f64::from(n) * 5.0, 72.0)
    };
    for n in 1..12 {
        assert_eq!(story.judge(&late_by_a_minute(n)).0, Judgement::Implausible, "{n}");
    }
    assert!(story.of_rule(RuleKey::ZoneProhibited).is_empty());
    let faults = story.of_rule(RuleKey::GnssImplausible);
    assert!(faults.iter().any(|fault| &*fault.situation == "repeated"), "{faults:?}");
    // Once the false times are past the true ones, three fixes that agree are believed.
    for n in 12..20 {
        story.judge(&late_by_a_minute(n));
    }
    assert_eq!(story.track.state.last.unwrap().key.seq, 19);
    assert!(story.open().is_empty(), "{:?}", story.open());
}

#[test]
fn what_is_sent_twice_or_out_of_order_ends_in_the_same_episodes() {
    let world = || Story::with_margins(Some("1203"), vec![zone(1, prohibited(), SQUARE)]);
    let gas =
        |n: u32| Sensors { gas_pct_lel: Some(if (6..12).contains(&n) { 25.0 } else { 0.0 }), ..Sensors::default() };
    let way: Vec<Fix> =
        (0..20).map(|n| sensing(fix(f64::from(n) * 5.0, -300.0 + f64::from(n) * 50.0, 200.0), gas(n))).collect();
    let mut in_order = world();
    in_order.drive(&way);
    assert_eq!(in_order.episodes.len(), 2, "{:?}", in_order.episodes);

    let mut twice = world();
    for fix in &way {
        twice.judge(fix);
        assert!(twice.judge(fix).1.is_empty());
    }
    way.iter().for_each(|fix| assert!(twice.judge(fix).1.is_empty()));
    assert_eq!(twice.episodes, in_order.episodes);

    let mut disordered = world();
    for n in 0..20_usize {
        disordered.judge(&way[(n * 7) % 20]);
    }
    assert_eq!(said(&disordered), said(&in_order));
}

#[test]
fn a_receiver_that_freezes_is_noticed_and_the_way_that_it_missed_is_judged_as_a_line() {
    let mut story = Story::with_margins(Some("1203"), vec![zone(1, prohibited(), [600.0, -50.0, 1_000.0, 50.0])]);
    let wheels = |fix: Fix| sensing(fix, Sensors { wheel_speed_kmh: Some(72.0), ..Sensors::default() });
    story.drive(&(0..5).map(|n| wheels(driving(f64::from(n) * 5.0, 72.0))).collect::<Vec<_>>());
    let stuck = driving(20.0, 72.0).place;
    story
        .drive(&(5..20).map(|n| wheels(Fix { place: stuck, ..driving(f64::from(n) * 5.0, 72.0) })).collect::<Vec<_>>());
    let [frozen] = story.of_rule(RuleKey::GnssImplausible)[..] else { panic!("one fault") };
    assert_eq!((&*frozen.situation, frozen.opened_at, frozen.closed_at), ("frozen", at(25.0), None));
    assert!(story.of_rule(RuleKey::ZoneProhibited).is_empty(), "where it was meanwhile nobody knows yet");

    // It comes back with one fix that no vehicle reaches in five seconds, and with two more it is believed.
    let back: Vec<Judgement> = (20..24).map(|n| story.judge(&wheels(driving(f64::from(n) * 5.0, 72.0))).0).collect();
    use Judgement::{Implausible, Judged};
    assert_eq!(back, [Implausible, Implausible, Judged, Judged]);
    assert!(story.of_rule(RuleKey::GnssImplausible)[0].closed_at.is_some());
    let [crossing] = story.of_rule(RuleKey::ZoneProhibited)[..] else { panic!("one crossing") };
    assert_eq!(crossing.certainty, Certainty::Possible);
}

#[test]
fn jamming_flips_its_flag_and_throws_the_place_about_and_only_the_jamming_is_found() {
    let mut story =
        Story::with_margins(Some("1203"), vec![zone(1, prohibited(), [20_000.0, -9_000.0, 90_000.0, 9_000.0])]);
    let flagged = |fix: Fix, n: u32| {
        sensing(fix, Sensors { jamming: Some(if n.is_multiple_of(2) { 2 } else { 0 }), ..Sensors::default() })
    };
    story.drive(&[driving(-1.0, 36.0)]);
    for n in 0..60 {
        let second = f64::from(n);
        let astray = fix(second, 30_000.0 + wandering(n, 25_000.0), wandering(n + 3, 8_000.0));
        // Now and then the receiver is right, so that no three that agree by chance carry it away.
        story.judge(&flagged(if n % 3 == 2 { driving(second, 36.0) } else { astray }, n));
    }
    for n in 60..90 {
        story.judge(&sensing(driving(f64::from(n), 36.0), Sensors { jamming: Some(0), ..Sensors::default() }));
    }
    let [jamming] = story.of_rule(RuleKey::GnssJamming)[..] else { panic!("one jamming") };
    assert_eq!((jamming.opened_at, jamming.closed_at, jamming.peak), (at(0.0), Some(at(58.0)), Some(2.0)));
    assert!(story.of_rule(RuleKey::ZoneProhibited).is_empty());
    assert!(story.of_rule(RuleKey::GnssImplausible).iter().any(|fault| fault.severity == Severity::S2));
    assert!(story.open().is_empty());
}

#[test]
fn one_jittery_fix_over_a_bore_from_the_road_above_is_a_possible_passage_and_no_more() {
    let bore = zone(1, tunnel(TunnelCategory::C), [0.0, -15.0, 4_000.0, 15.0]);
    let mut story = Story::with_margins(Some("1017"), vec![bore]);
    // The road runs along the bore, 40 m beside it; one fix errs by 40 m.
    let along = |n: u32| {
        let north_m = if n == 15 { 0.0 } else { 40.0 };
        Fix { speed_kmh: Some(36.0), ..fix(f64::from(n) * 5.0, 1_000.0 + f64::from(n) * 50.0, north_m) }
    };
    story.drive(&(0..30).map(along).collect::<Vec<_>>());
    for passage in story.of_rule(RuleKey::TunnelCode) {
        assert_eq!(passage.certainty, Certainty::Possible);
        assert!(passage.closed_at.is_some());
    }
    assert_eq!(story.of_rule(RuleKey::TunnelCode).len(), 1);

    let mut across =
        Story::with_margins(Some("1017"), vec![zone(1, tunnel(TunnelCategory::C), [0.0, -15.0, 4_000.0, 15.0])]);
    across.drive(&(0..20).map(|n| fix(f64::from(n) * 5.0, 2_000.0, -250.0 + f64::from(n) * 25.0)).collect::<Vec<_>>());
    assert!(across.of_rule(RuleKey::TunnelCode).iter().all(|passage| passage.certainty == Certainty::Possible));
}

#[test]
fn zero_zero_in_between_is_noted_and_the_way_goes_on_as_if_it_had_not_come() {
    // The story's world lies around 0/0: what says so there is still a receiver without a fix.
    let around_it = zone(1, prohibited(), [-60.0, -60.0, 60.0, 60.0]);
    let zones = || vec![around_it.clone(), zone(2, prohibited(), [2_000.0, 900.0, 2_300.0, 1_100.0])];
    let way = |n: u32| fix(f64::from(n) * 10.0, 1_000.0 + f64::from(n) * 200.0, 1_000.0);
    let mut without = Story::with_margins(Some("1203"), zones());
    without.drive(&(0..10).map(way).collect::<Vec<_>>());

    let mut with = Story::with_margins(Some("1203"), zones());
    for n in 0..10 {
        with.drive(&[way(n)]);
        let nowhere = Fix { place: Place::new(0.0, 0.0).unwrap(), ..fix(f64::from(n) * 10.0 + 5.0, 0.0, 0.0) };
        assert_eq!(with.judge(&nowhere).0, Judgement::Implausible);
    }
    let zones_of = |story: &Story| {
        let episodes = story.of_rule(RuleKey::ZoneProhibited);
        episodes
            .iter()
            .map(|episode| (episode.subject.clone(), episode.opened_at, episode.closed_at))
            .collect::<Vec<_>>()
    };
    assert_eq!(zones_of(&with).len(), 1);
    assert_eq!(zones_of(&with), zones_of(&without));
    assert_eq!(with.of_rule(RuleKey::GnssImplausible).len(), 10);
}

/// What a receiver that is not to be trusted, and a vehicle that is not well, may send.
fn reports() -> impl Strategy<Value = Vec<Observation>> {
    let readings = (
        proptest::option::of(-20.0..40.0_f64),
        proptest::option::of(0.0..1_500.0_f64),
        proptest::option::of(50.0..100.0_f64),
        proptest::option::of(0.0..30.0_f64),
        proptest::option::of(0..3_u8),
        proptest::option::of(proptest::bool::ANY),
        proptest::option::of(0.0..30.0_f64),
    );
    let pause_s = prop_oneof![8 => 0.5..20.0_f64, 2 => 20.0..700.0_f64, 1 => Just(0.001)];
    let step = (-150.0..400.0_f64, pause_s, 0.0..90.0_f64, readings, 0..40_u8);
    proptest::collection::vec(step, 1..60).prop_map(|steps| {
        let (mut second, mut east_m, mut km) = (0.0, -2_000.0_f64, 1_000.0_f64);
        let mut reports = Vec::new();
        for (seq, (east, pause_s, speed_kmh, readings, dice)) in (1_i64..).zip(steps) {
            let (temperature, pressure, level, gas, jamming, open, wheels) = readings;
            second += pause_s;
            km += east.abs() / 1000.0;
            if let Some(kind) = DeviceEventKind::ALL.get(usize::from(dice)) {
                reports.push(Observation::Event(event(*kind, second, seq)));
                continue;
            }
            if dice != 20 {
                east_m += east;
            }
            let sensors = Sensors {
                tank_temperature_c: temperature,
                tank_pressure_kpa: pressure,
                tank_level_pct: level,
                gas_pct_lel: gas,
                jamming,
                valve_open: open,
                door_open: open,
                external_power: open,
                case_open: open.map(|open| !open),
                wheel_speed_kmh: wheels,
                acceleration_g: gas.map(|gas| gas / 10.0),
                ..Sensors::default()
            };
            let far_m = if dice == 21 { 900_000.0 } else { 0.0 };
            let mut fix = Fix { speed_kmh: Some(speed_kmh), ..fix(second, east_m + far_m, 0.0) };
            fix.key.seq = seq;
            (fix.buffered, fix.odometer_km) = (dice.is_multiple_of(3), (dice > 15).then_some(km));
            if dice == 22 {
                fix.place = Place::new(0.0, 0.0).unwrap();
            }
            reports.push(Observation::Fix(sensing(fix, sensors).into()));
        }
        reports
    })
}

fn suspicious_world() -> Story {
    let mut parts = parts(
        Some("1017"),
        vec![
            zone(1, ZoneKind::UnloadingPlace {}, [0.0, -50.0, 600.0, 50.0]),
            zone(2, ZoneKind::StopPlace { supervised: true }, [1_000.0, -50.0, 1_300.0, 50.0]),
            zone(3, tunnel(TunnelCategory::C), [2_000.0, -50.0, 4_000.0, 50.0]),
        ],
    );
    parts.settings.zone_margins = crate::world::RuleSettings::default().zone_margins;
    parts.shipments[0].cargo_limits = CargoLimits {
        temperature_min_c: Some(-10.0),
        temperature_max_c: Some(20.0),
        temperature_emergency_c: Some(30.0),
        pressure_max_kpa: Some(1_200.0),
        level_drop_pct: Some(parameters::CargoPressure::default().level_drop_pct),
    };
    Story::of(parts)
}

proptest! {
    #[test]
    fn whatever_is_sent_any_order_of_arrival_ends_in_the_same_episodes(
        (reports, order) in reports().prop_flat_map(|reports| {
            let order: Vec<usize> = (0..reports.len()).collect();
            (Just(reports), Just(order).prop_shuffle())
        }),
    ) {
        let mut in_order = suspicious_world();
        let mut open = std::collections::HashSet::new();
        for report in &reports {
            for change in in_order.hear(report.clone()).1 {
                let about = (change.episode.rule, change.episode.subject.clone());
                match change.change {
                    Change::Opened => prop_assert!(open.insert(about), "a second one was opened"),
                    Change::Closed => prop_assert!(open.remove(&about)),
                    _ => prop_assert!(open.contains(&about)),
                }
            }
        }
        let mut shuffled = suspicious_world();
        for at in order {
            shuffled.hear(reports[at].clone());
        }
        prop_assert_eq!(said(&shuffled), said(&in_order));

        let mut reloaded = suspicious_world();
        for report in &reports {
            reloaded.hear(report.clone());
            let stored = serde_json::to_string(&reloaded.track.state).unwrap();
            reloaded.track = crate::engine::Track::from_state(serde_json::from_str(&stored).unwrap());
        }
        prop_assert_eq!(&reloaded.episodes, &in_order.episodes);
    }
}
