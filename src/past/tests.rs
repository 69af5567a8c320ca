use ::geo::{Coord, LineString, Polygon};
use proptest::prelude::*;

use super::*;
use crate::geo::{LocalFrame, LocalPoint, PreparedArea, ZoneShape, geodesic_m};

/// The place so many metres east and north of the port of Antwerp.
fn metres(east_m: f64, north_m: f64) -> Place {
    LocalFrame::at(Place::new(51.3, 4.3).unwrap()).place(LocalPoint { east_m, north_m }).unwrap()
}

fn second(number: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000 + number, 0).unwrap()
}

fn terms(from: i64, to: i64) -> Terms {
    Terms::new(&RuleSettings::default(), second(from), second(to))
}

/// A yard of 1 km by 1 km, its west side at 0.
fn yard() -> PreparedArea {
    let corners = [(0.0, -500.0), (1000.0, -500.0), (1000.0, 500.0), (0.0, 500.0)].map(|(east, north)| {
        let at = metres(east, north);
        Coord { x: at.lon(), y: at.lat() }
    });
    PreparedArea::new(&Polygon::new(LineString::from(corners.to_vec()), vec![]).into())
}

fn fix(at_s: i64, east_m: f64) -> PastFix {
    PastFix { time: second(at_s), place: metres(east_m, 0.0) }
}

fn stays(track: &[PastFix], terms: Terms) -> Vec<Stay> {
    let (area, mut stays) = (yard(), Vec::new());
    let mut inside = Inside::new(&area, terms);
    for fix in track {
        inside.next(*fix, |stay| stays.push(stay));
    }
    inside.finish(|stay| stays.push(stay));
    stays
}

/// A stay in short: seconds, how it began and ended, certainty, fixes.
fn short(stays: &[Stay]) -> Vec<(f64, StayEnd, f64, StayEnd, Certainty, u32)> {
    let seconds = |time: DateTime<Utc>| ((time - second(0)).as_seconds_f64() * 10.0).round() / 10.0;
    let one = |stay: &Stay| {
        (seconds(stay.entered_at), stay.entry, seconds(stay.left_at), stay.exit, stay.certainty, stay.fixes)
    };
    stays.iter().map(one).collect()
}

use Certainty::{Likely, Observed, Possible};
use StayEnd::{Crossed, InGap, Unknown};

#[test]
fn a_drive_through_is_a_stay_from_crossing_to_crossing() {
    let track: Vec<PastFix> = (0..30).map(|n| fix(n * 10, -495.0 + 100.0 * n as f64)).collect();
    let found = stays(&track, terms(0, 1000));
    assert_eq!(short(&found), [(49.5, Crossed, 149.5, Crossed, Observed, 10)]);
    assert!(geodesic_m(found[0].entered_place, metres(0.0, 0.0)) < 0.1);
    assert!(geodesic_m(found[0].left_place, metres(1000.0, 0.0)) < 0.1);
}

#[test]
fn a_crossing_between_two_fixes_is_found_and_is_likely() {
    let found = stays(&[fix(0, -500.0), fix(60, 1500.0)], terms(0, 1000));
    assert_eq!(short(&found), [(15.0, Crossed, 45.0, Crossed, Likely, 0)]);
}

#[test]
fn a_crossing_within_a_gap_is_possible_only() {
    let found = stays(&[fix(0, -500.0), fix(200, 1500.0)], terms(0, 1000));
    assert_eq!(short(&found), [(50.0, InGap, 150.0, InGap, Possible, 0)]);
    let too_fast = stays(&[fix(0, -5000.0), fix(20, 5000.0)], terms(0, 1000));
    assert_eq!(short(&too_fast), [(10.0, InGap, 12.0, InGap, Possible, 0)]);
    assert_eq!(stays(&[fix(0, -500.0), fix(700, 1500.0)], terms(0, 1000)), [], "longer than is asked after");
}

#[test]
fn what_a_gap_hides_of_a_stay_is_left_out() {
    let track = [fix(0, -500.0), fix(130, 500.0), fix(140, 600.0), fix(280, 2000.0)];
    assert_eq!(short(&stays(&track, terms(0, 1000))), [(130.0, InGap, 140.0, InGap, Observed, 2)]);
    let silent_inside = [fix(0, 100.0), fix(500, 200.0)];
    assert_eq!(short(&stays(&silent_inside, terms(0, 1000))), [(0.0, Unknown, 500.0, Unknown, Observed, 2)]);
    let long_silence = [fix(0, 100.0), fix(10, 200.0), fix(2000, 300.0)];
    let expected = [(0.0, Unknown, 10.0, Unknown, Observed, 2), (2000.0, Unknown, 2000.0, Unknown, Observed, 1)];
    assert_eq!(short(&stays(&long_silence, terms(0, 3000))), expected);
}

#[test]
fn the_interval_cuts_the_track() {
    let track: Vec<PastFix> = (0..30).map(|n| fix(n * 10, -495.0 + 100.0 * n as f64)).collect();
    assert_eq!(short(&stays(&track, terms(75, 95))), [(75.0, Unknown, 95.0, Unknown, Observed, 2)]);
    assert_eq!(short(&stays(&track, terms(71, 78))), [(71.0, Unknown, 78.0, Unknown, Likely, 0)], "between two fixes");
    assert_eq!(short(&stays(&track, terms(0, 55))), [(49.5, Crossed, 55.0, Unknown, Observed, 1)]);
    assert_eq!(stays(&track, terms(0, 45)), []);
    assert_eq!(stays(&track, terms(160, 1000)), []);
    assert_eq!(short(&stays(&track, terms(70, 80))), [(70.0, Unknown, 80.0, Unknown, Observed, 2)], "at fixes");
}

#[test]
fn a_fix_that_stands_alone_is_a_stay() {
    assert_eq!(short(&stays(&[fix(50, 300.0)], terms(0, 100))), [(50.0, Unknown, 50.0, Unknown, Observed, 1)]);
    assert_eq!(stays(&[fix(50, 1300.0)], terms(0, 100)), []);
    assert_eq!(stays(&[], terms(0, 100)), []);
}

#[test]
fn jitter_at_the_boundary_is_one_stay() {
    let track: Vec<PastFix> = (0..100)
        .map(|n| fix(n * 10, if n == 99 { -100.0 } else { [5.0, -8.0, 3.0, -12.0][usize::try_from(n % 4).unwrap()] }))
        .collect();
    let found = stays(&track, terms(0, 2000));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].certainty, found[0].exit), (Observed, Crossed));
}

fn passing(track: &[PastFix], distance_m: f64, terms: Terms) -> Option<Passing> {
    let mut near = Near::new(metres(0.0, 30.0), distance_m, terms);
    track.iter().for_each(|fix| near.next(*fix));
    near.finish()
}

#[test]
fn the_nearest_point_may_lie_between_two_fixes() {
    let track = [fix(0, -300.0), fix(20, 100.0), fix(30, 300.0)];
    let found = passing(&track, 100.0, terms(0, 100)).unwrap();
    assert!((found.distance_m - 30.0).abs() < 0.1 && (found.at - second(15)).abs() < TimeDelta::milliseconds(50));
    assert_eq!((found.certainty, found.fixes), (Likely, 0), "the fix at 104 m is not within 100 m");
    assert_eq!(passing(&track, 110.0, terms(0, 100)).unwrap().certainty, Observed);
    assert_eq!(passing(&track, 29.0, terms(0, 100)), None);
    let found = passing(&track, 500.0, terms(18, 100)).unwrap();
    assert!((found.distance_m - 67.1).abs() < 0.2, "the interval begins at 60 m east: {found:?}");
}

#[test]
fn a_gap_counts_only_where_nothing_else_is_known() {
    let over_a_gap = [fix(0, -300.0), fix(200, 300.0)];
    let found = passing(&over_a_gap, 100.0, terms(0, 1000)).unwrap();
    assert!(found.certainty == Possible && (found.distance_m - 30.0).abs() < 0.1, "{found:?}");
    let seen_later = [fix(0, -300.0), fix(200, 300.0), fix(210, 90.0)];
    let found = passing(&seen_later, 100.0, terms(0, 1000)).unwrap();
    assert!(found.certainty == Observed && (found.distance_m - 94.9).abs() < 0.2, "{found:?}");
    assert_eq!(passing(&[fix(0, -300.0), fix(1000, 300.0)], 100.0, terms(0, 1000)), None);
}

#[test]
fn passing_over_the_antimeridian_is_passing_near_it() {
    let at = |lon: f64, at_s: i64| PastFix { time: second(at_s), place: Place::new(-17.0, lon).unwrap() };
    let mut near = Near::new(Place::new(-17.001, -179.9999).unwrap(), 130.0, terms(0, 100));
    near.next(at(179.999, 0));
    near.next(at(-179.999, 10));
    let found = near.finish().unwrap();
    assert!((found.distance_m - 110.7).abs() < 0.5 && found.certainty == Likely, "{found:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Against a walk along the track in steps of a tenth of a second.
    #[test]
    fn stays_are_those_of_a_walk_along_the_track(
        steps in prop::collection::vec((1..100_i64, -400.0..400.0_f64, -400.0..400.0_f64), 1..40),
        interval in (0..500_i64, 1..2000_i64), radius_m in 50.0..600.0_f64,
    ) {
        let center = metres(300.0, 100.0);
        let area = PreparedArea::new(&ZoneShape::Circle { center, radius_m }.area().unwrap());
        let (mut at_s, mut east, mut north) = (0, 0.0, 0.0);
        let mut track = Vec::new();
        for (seconds, to_east, to_north) in steps {
            track.push(PastFix { time: second(at_s), place: metres(east, north) });
            (at_s, east, north) = (at_s + seconds, east + to_east, north + to_north);
        }
        let terms = Terms { exit_m: 0.0, implausible_kmh: 1e6, ..terms(interval.0, interval.0 + interval.1) };
        let (mut found, mut inside) = (Vec::new(), Inside::new(&area, terms));
        track.iter().for_each(|fix| inside.next(*fix, |stay| found.push(stay)));
        inside.finish(|stay| found.push(stay));
        let mut near = Near::new(center, radius_m, terms);
        track.iter().for_each(|fix| near.next(*fix));
        let passing = near.finish();

        prop_assert!(found.windows(2).all(|pair| pair[0].left_at <= pair[1].entered_at));
        let mut nearest_m = f64::INFINITY;
        for pair in track.windows(2) {
            let tenths = (pair[1].time - pair[0].time).num_milliseconds() / 100;
            for tenth in 0..=tenths {
                let time = pair[0].time + TimeDelta::milliseconds(tenth * 100);
                if time < terms.from || time > terms.to {
                    continue;
                }
                let place = Path::new(pair[0].place, pair[1].place).place_at(tenth as f64 / tenths as f64);
                nearest_m = nearest_m.min(geodesic_m(center, place));
                let slack = TimeDelta::milliseconds(1);
                let within = |stay: &Stay| stay.entered_at - slack <= time && time <= stay.left_at + slack;
                if area.boundary_distance_m(place).abs() > 0.5 {
                    prop_assert_eq!(found.iter().any(within), area.contains(place), "at {}", time);
                }
            }
        }
        match passing {
            Some(passing) => prop_assert!((passing.distance_m - nearest_m).abs() < 25.0 && passing.distance_m <= nearest_m + 0.1),
            None => prop_assert!(nearest_m > radius_m - 0.1 || nearest_m.is_infinite()),
        }
    }
}
