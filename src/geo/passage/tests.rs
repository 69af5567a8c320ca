use ::geo::MultiPolygon;
use chrono::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::geo::{
    coord_of, geodesic_m,
    shapes::{area, circle, corners, degrees, metres, place, stars},
};

const MARGINS: Margins =
    Margins { enter_m: 10.0, exit_m: 20.0, accuracy_weight: 1.0, accuracy_cap_m: 50.0, assumed_accuracy_m: 5.0 };

fn time(seconds: u32) -> DateTime<Utc> {
    Utc.timestamp_opt(1_700_000_000 + i64::from(seconds), 0).unwrap()
}

/// One vehicle towards one zone, with a fix every ten seconds.
struct Drive {
    area: PreparedArea,
    margins: Margins,
    last: PathEnd,
    presence: Presence,
    fixes: u32,
}

impl Drive {
    fn start(area: &MultiPolygon<f64>, margins: Margins, at: Place) -> Self {
        let area = PreparedArea::new(area);
        let last = PathEnd { at: time(0), place: at, accuracy_m: Some(5.0) };
        let presence = first_look(&area, &last, &margins);
        Self { area, margins, last, presence, fixes: 0 }
    }

    fn go(&mut self, place: Place) -> Vec<Transition> {
        self.go_with_accuracy(place, Some(5.0))
    }

    fn go_with_accuracy(&mut self, place: Place, accuracy_m: Option<f64>) -> Vec<Transition> {
        self.fixes += 1;
        let next = PathEnd { at: time(self.fixes * 10), place, accuracy_m };
        let step = step(&self.area, &self.presence, &self.last, &next, &self.margins);
        (self.last, self.presence) = (next, step.presence);
        step.transitions
    }
}

/// A transition in short: in or out, seconds since the start, whether a fix is inside.
fn short(transitions: &[Transition]) -> Vec<(&'static str, f64, bool)> {
    let seconds = |point: &CrossingPoint| (point.at - time(0)).as_seconds_f64();
    transitions
        .iter()
        .map(|transition| match transition {
            Transition::Entered { point, fix_inside } => ("in", seconds(point), *fix_inside),
            Transition::Left { point } => ("out", seconds(point), false),
        })
        .collect()
}

/// A yard of 1 km by 1 km, its west edge at 0.
fn yard() -> MultiPolygon<f64> {
    area(&corners(0.0, -500.0, 1000.0, 500.0), &[])
}

#[test]
fn a_vehicle_that_drives_in_and_out_enters_and_leaves_at_the_boundary() {
    let mut drive = Drive::start(&yard(), MARGINS, metres(-100.0, 0.0));
    assert_eq!(drive.presence, Presence::Outside { candidate_entry: None });
    let entry = drive.go(metres(100.0, 0.0));
    assert_eq!(short(&entry), [("in", 5.0, true)]);
    let Transition::Entered { point, .. } = entry[0] else { panic!("no entry") };
    assert!(point.crossed && geodesic_m(point.place, metres(0.0, 0.0)) < 0.01);
    assert_eq!(drive.go(metres(500.0, 0.0)), []);
    assert_eq!(short(&drive.go(metres(1500.0, 0.0))), [("out", 25.0, false)]);
    assert_eq!(drive.presence, Presence::Outside { candidate_entry: None });
}

#[test]
fn a_shallow_first_fix_keeps_the_place_where_the_path_came_in() {
    let mut drive = Drive::start(&yard(), MARGINS, metres(-10.0, 0.0));
    assert_eq!(drive.go(metres(10.0, 0.0)), [], "10 m deep, margin 10 m and 5 m for accuracy");
    assert!(matches!(drive.presence, Presence::Outside { candidate_entry: Some(_) }));
    assert_eq!(drive.go(metres(12.0, 0.0)), []);
    assert_eq!(short(&drive.go(metres(30.0, 0.0))), [("in", 5.0, true)]);
}

#[test]
fn a_candidate_is_dropped_when_the_path_goes_back() {
    let mut drive = Drive::start(&yard(), MARGINS, metres(-10.0, 0.0));
    drive.go(metres(10.0, 0.0));
    assert_eq!(drive.go(metres(-10.0, 0.0)), []);
    assert_eq!(drive.presence, Presence::Outside { candidate_entry: None });
    assert_eq!(short(&drive.go(metres(30.0, 0.0))), [("in", 22.5, true)]);
}

#[test]
fn leaving_needs_the_exit_margin_and_is_placed_at_the_boundary() {
    let mut drive = Drive::start(&yard(), MARGINS, metres(100.0, 0.0));
    assert_eq!(drive.go(metres(-20.0, 0.0)), [], "20 m out, margin 20 m and 5 m for accuracy");
    assert!(matches!(drive.presence, Presence::Inside { candidate_exit: Some(_), .. }));
    assert_eq!(drive.go(metres(20.0, 0.0)), [], "back again");
    assert!(matches!(drive.presence, Presence::Inside { candidate_exit: None, .. }));
    drive.go(metres(-20.0, 0.0));
    let exit = drive.go(metres(-200.0, 0.0));
    assert_eq!(short(&exit), [("out", 25.0, false)]);
}

#[test]
fn jitter_at_an_edge_makes_no_entries() {
    let mut drive = Drive::start(&yard(), MARGINS, metres(-5.0, 0.0));
    let mut entries = 0;
    for number in 0..1000_u32 {
        let east = f64::from(number * 7919 % 27) - 13.0;
        entries += drive.go(metres(east, f64::from(number % 11))).len();
    }
    assert_eq!(entries, 0);
    let mut exact = Drive::start(&yard(), Margins::ZERO, metres(-5.0, 0.0));
    let flapping: usize =
        (0..1000_u32).map(|number| exact.go(metres(f64::from(number * 7919 % 27) - 13.0, 0.0)).len()).sum();
    assert!(flapping > 300, "without margins the same jitter flaps {flapping} times");
}

#[test]
fn a_bad_receiver_needs_to_be_deeper_and_a_good_one_ends_the_doubt() {
    let mut drive = Drive::start(&yard(), MARGINS, metres(-100.0, 0.0));
    assert_eq!(drive.go_with_accuracy(metres(45.0, 0.0), Some(400.0)), [], "counts as 50 m: margin 60 m");
    assert_eq!(short(&drive.go_with_accuracy(metres(45.0, 1.0), Some(3.0))).len(), 1);
    let mut unknown = Drive::start(&yard(), MARGINS, metres(-100.0, 0.0));
    assert_eq!(unknown.go_with_accuracy(metres(14.0, 0.0), None), []);
    assert_eq!(unknown.go_with_accuracy(metres(16.0, 0.0), Some(f64::NAN)).len(), 1, "assumed: 5 m");
}

#[test]
fn passing_through_between_two_fixes_is_an_entry_and_an_exit_without_a_fix_inside() {
    let mut drive = Drive::start(&yard(), MARGINS, metres(-500.0, 0.0));
    let passed = drive.go(metres(1500.0, 0.0));
    assert_eq!(short(&passed), [("in", 2.5, false), ("out", 7.5, false)]);
    let mut corner = Drive::start(&yard(), MARGINS, metres(-20.0, 495.0));
    assert_eq!(corner.go(metres(20.0, 505.0)), [], "cuts a corner 5 m deep");
}

#[test]
fn many_crossings_on_one_path_come_in_order() {
    let comb = area(
        &[
            (0.0, 0.0),
            (500.0, 0.0),
            (500.0, 300.0),
            (400.0, 300.0),
            (400.0, 100.0),
            (100.0, 100.0),
            (100.0, 300.0),
            (0.0, 300.0),
        ],
        &[],
    );
    let mut drive = Drive::start(&comb, MARGINS, metres(-500.0, 200.0));
    let passed = drive.go(metres(1500.0, 200.0));
    assert_eq!(short(&passed), [("in", 2.5, false), ("out", 3.0, false), ("in", 4.5, false), ("out", 5.0, false)]);
    let [Transition::Entered { point, fix_inside: true }] = drive.go(metres(450.0, 200.0))[..] else {
        panic!("no entry")
    };
    assert!(geodesic_m(point.place, metres(500.0, 200.0)) < 0.01, "by the east tooth");
}

fn passed_out() -> Presence {
    Presence::Outside { candidate_entry: None }
}

#[test]
fn a_hole_is_left_into_and_entered_from() {
    let ring = area(&corners(-500.0, -500.0, 500.0, 500.0), &[&corners(-200.0, -200.0, 200.0, 200.0)]);
    let mut drive = Drive::start(&ring, MARGINS, metres(0.0, 0.0));
    assert_eq!(drive.presence, passed_out());
    assert_eq!(short(&drive.go(metres(400.0, 0.0))), [("in", 5.0, true)]);
    assert_eq!(short(&drive.go(metres(0.0, 0.0))), [("out", 15.0, false)]);
}

#[test]
fn a_narrow_tunnel_is_entered_although_the_margins_are_wider() {
    let bore = area(&corners(0.0, -6.0, 800.0, 6.0), &[]);
    let mut drive = Drive::start(&bore, MARGINS, metres(-100.0, 0.0));
    assert_eq!(short(&drive.go(metres(100.0, 1.0))), [("in", 5.0, true)]);
    let mut road_beside = Drive::start(&bore, MARGINS, metres(-100.0, 9.0));
    assert_eq!(road_beside.go(metres(400.0, 3.5)), [], "2.5 m deep by error of the receiver");
}

#[test]
fn at_the_first_look_a_vehicle_is_inside_without_having_crossed() {
    let drive = Drive::start(&yard(), MARGINS, metres(500.0, 0.0));
    let Presence::Inside { entered, .. } = drive.presence else { panic!("not inside") };
    assert!(!entered.crossed);
    let mut shallow = Drive::start(&yard(), MARGINS, metres(5.0, 0.0));
    assert!(matches!(shallow.presence, Presence::Outside { candidate_entry: Some(_) }));
    let found = shallow.go(metres(50.0, 0.0));
    let [Transition::Entered { point, fix_inside: true }] = found[..] else { panic!("{found:?}") };
    assert_eq!((point.crossed, point.at, point.place), (false, time(0), metres(5.0, 0.0)));
}

#[test]
fn touching_without_entering_is_no_entry_even_without_margins() {
    let square = degrees(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)]);
    let paths = [
        ("a corner", (-1.0, 1.0), (1.0, -1.0)),
        ("along an edge", (-1.0, 0.0), (5.0, 0.0)),
        ("to an edge", (-1.0, 2.0), (0.0, 2.0)),
        ("on an edge", (0.0, 1.0), (0.0, 2.0)),
        ("standing on a corner", (4.0, 4.0), (4.0, 4.0)),
    ];
    for (what, from, to) in paths {
        let mut drive = Drive::start(&square, Margins::ZERO, place(from.1, from.0));
        assert_eq!(drive.go(place(to.1, to.0)), [], "{what}");
    }
    let mut inside = Drive::start(&square, Margins::ZERO, place(2.0, 2.0));
    assert_eq!(inside.go(place(0.0, 2.0)), []);
    assert_eq!(inside.go(place(0.0, 3.0)), [], "along the edge from inside");
    assert_eq!(inside.go(place(1.0, 3.0)), [], "and in again");
    assert_eq!(inside.go(place(4.0, 3.0)), []);
    assert_eq!(short(&inside.go(place(5.0, 3.0))), [("out", 40.0, false)]);
    assert_eq!(short(&inside.go(place(4.0, 3.0))), []);
    assert_eq!(short(&inside.go(place(3.0, 3.0))), [("in", 60.0, true)], "entered where it first touched");
}

#[test]
fn standing_still_changes_nothing() {
    for (at, margins) in [(500.0, MARGINS), (-500.0, MARGINS), (3.0, MARGINS), (3.0, Margins::ZERO)] {
        let mut drive = Drive::start(&yard(), margins, metres(at, 0.0));
        let before = drive.presence;
        assert_eq!((drive.go(metres(at, 0.0)), drive.presence), (vec![], before));
    }
}

#[test]
fn a_path_along_the_margin_of_a_round_zone_is_caught_at_its_deepest() {
    // The chord of a circle of 1 km comes 25 m deep only at its middle; the margin there is 20 m, 5 m of it for
    // accuracy.
    let disc = area(&circle(1000.0, 4096), &[]);
    let margins = Margins { enter_m: 15.0, ..MARGINS };
    let mut deep = Drive::start(&disc, margins, metres(-3000.0, 975.0));
    assert_eq!(deep.go(metres(2700.0, 975.0)).len(), 2);
    let mut shallow = Drive::start(&disc, margins, metres(-3000.0, 981.0));
    assert_eq!(shallow.go(metres(2700.0, 981.0)), []);
}

#[test]
fn presence_survives_json() {
    let mut drive = Drive::start(&yard(), MARGINS, metres(-10.0, 0.0));
    for east in [10.0, 200.0, -10.0] {
        drive.go(metres(east, 0.0));
        let text = serde_json::to_string(&drive.presence).unwrap();
        assert_eq!(serde_json::from_str::<Presence>(&text).unwrap(), drive.presence, "{text}");
    }
    let outside: Presence = serde_json::from_str(r#"{"presence":"outside"}"#).unwrap();
    assert_eq!(outside, passed_out());
}

fn tracks() -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec((-1300.0..1300.0_f64, -1300.0..1300.0_f64), 2..12)
}

proptest! {
    #[test]
    fn without_margins_presence_is_what_a_dense_walk_sees(shape in stars(), track in tracks()) {
        let mut drive = Drive::start(&shape, Margins::ZERO, metres(track[0].0, track[0].1));
        let mut crossings: Vec<(bool, DateTime<Utc>)> = Vec::new();
        let first_inside = drive.area.contains(drive.last.place);
        let mut sampled = Vec::new();
        for (east, north) in &track[1..] {
            let from = drive.last;
            let transitions = drive.go(metres(*east, *north));
            crossings.extend(transitions.iter().map(|transition| match transition {
                Transition::Entered { point, .. } => (true, point.at),
                Transition::Left { point } => (false, point.at),
            }));
            let path = Path::new(from.place, drive.last.place);
            for step in 0..500_u32 {
                let at = from.at + TimeDelta::milliseconds(i64::from(step) * 20);
                sampled.push((at, drive.area.contains(path.place_at(f64::from(step) / 500.0))));
            }
        }
        let in_turn = |pair: &[(bool, DateTime<Utc>)]| pair[0].1 <= pair[1].1 && pair[0].0 != pair[1].0;
        prop_assert!(crossings.windows(2).all(in_turn), "{:?}", crossings);
        for (at, inside) in sampled {
            let near = crossings.iter().any(|(_, crossed_at)| (*crossed_at - at).abs() < TimeDelta::microseconds(2));
            let last = crossings.iter().rev().find(|(_, crossed_at)| *crossed_at <= at);
            let expected = last.map_or(first_inside, |(entered, _)| *entered);
            prop_assert!(near || inside == expected, "at {}", at);
        }
    }

    #[test]
    fn with_margins_every_state_is_earned(shape in stars(), track in tracks()) {
        let mut drive = Drive::start(&shape, MARGINS, metres(track[0].0, track[0].1));
        for (east, north) in &track[1..] {
            let at = metres(*east, *north);
            let before = drive.presence;
            let transitions = drive.go(at);
            let depth_m = drive.area.boundary_distance_m(at);
            // 10 m or 20 m of margin and 5 m of accuracy.
            match drive.presence {
                Presence::Outside { candidate_entry } => {
                    prop_assert!(depth_m <= 15.001, "{} m deep and not inside", depth_m);
                    prop_assert_eq!(candidate_entry.is_some(), depth_m > 0.0);
                }
                Presence::Inside { candidate_exit, .. } => {
                    prop_assert!(depth_m >= -25.001, "{} m out and not outside", -depth_m);
                    prop_assert_eq!(candidate_exit.is_some(), depth_m < 0.0);
                }
            }
            let was_inside = matches!(before, Presence::Inside { .. });
            for (number, transition) in transitions.iter().enumerate() {
                prop_assert_eq!(matches!(transition, Transition::Left { .. }), was_inside ^ (number % 2 == 1));
                let (Transition::Entered { point, .. } | Transition::Left { point }) = transition;
                prop_assert!(!point.crossed || drive.area.boundary_distance_m(point.place).abs() < 1e-5);
            }
        }
    }

    #[test]
    fn a_path_deeper_than_the_margin_is_never_missed(
        shape in stars(), angle in 0.0..std::f64::consts::TAU, to in (-1300.0..1300.0_f64, -1300.0..1300.0_f64),
    ) {
        // Stars reach 1000 m from the centre.
        let mut drive = Drive::start(&shape, MARGINS, metres(1300.0 * angle.cos(), 1300.0 * angle.sin()));
        let path = Path::new(drive.last.place, metres(to.0, to.1));
        let depth_m = |step: u32| drive.area.boundary_distance_m(path.place_at(f64::from(step) / 500.0));
        let deepest_m = (0..=500).map(depth_m).fold(f64::MIN, f64::max);
        let margin_m = drive.area.margin_limit_m(coord_of(metres(0.0, 0.0)), true).min(15.0);
        let entered = !drive.go(metres(to.0, to.1)).is_empty();
        prop_assert!(entered || deepest_m <= margin_m + DEPTH_RESOLUTION_M / 2.0, "{} m deep", deepest_m);
        // Samples are at most 6.3 m apart; between two of them it cannot get deeper by more than half of that.
        prop_assert!(!entered || deepest_m > margin_m - 3.2, "{} m deep", deepest_m);
    }
}
