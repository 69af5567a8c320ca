//! Late and unordered data: any order of arrival ends in the same episodes.

use proptest::prelude::*;

use super::*;
use crate::{domain::position::Sensors, engine::Observation, rules::Change};

const SQUARE: [f64; 4] = [0.0, 0.0, 100.0, 100.0];

#[test]
fn a_late_fix_inside_a_zone_shows_the_crossing_that_was_missed() {
    let mut story = Story::new(Some("1203"), vec![zone(1, prohibited(), SQUARE)]);
    // The straight way between these two passes south of the zone.
    story.drive(&[fix(0.0, -100.0, -50.0), fix(40.0, 200.0, -50.0)]);
    assert!(story.episodes.is_empty());
    let (judgement, changes) = story.judge(&fix(20.0, 50.0, 50.0));
    assert_eq!(judgement, Judgement::Judged);
    let kinds: Vec<Change> = changes.iter().map(|change| change.change).collect();
    assert_eq!(kinds, [Change::Opened, Change::Closed]);
    assert_eq!(changes[0].episode.certainty, Certainty::Observed);
}

#[test]
fn a_late_fix_outside_takes_back_a_crossing_that_never_was() {
    let mut story = Story::new(Some("1203"), vec![zone(1, prohibited(), SQUARE)]);
    story.drive(&[fix(0.0, -100.0, 50.0), fix(40.0, 200.0, 50.0)]);
    assert_eq!(story.episodes.len(), 1);
    let (_, changes) = story.judge(&fix(20.0, 50.0, -80.0));
    let kinds: Vec<Change> = changes.iter().map(|change| change.change).collect();
    assert_eq!(kinds, [Change::Withdrawn]);
    assert!(story.episodes.is_empty());
}

#[test]
fn an_episode_keeps_its_id_when_a_late_fix_moves_its_beginning() {
    let mut story = Story::new(Some("1203"), vec![zone(1, prohibited(), SQUARE)]);
    let first = story.drive(&[fix(0.0, -100.0, 50.0), fix(40.0, 50.0, 50.0)]);
    let (_, changes) = story.judge(&fix(10.0, -90.0, 50.0));
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].change, Change::Amended);
    assert_eq!(changes[0].episode.id, first[0].episode.id);
    assert!(changes[0].episode.opened_at > first[0].episode.opened_at);
    let closed = story.drive(&[fix(60.0, 300.0, 50.0)]);
    assert_eq!(closed[0].episode.id, first[0].episode.id, "it goes on under the same id");
}

#[test]
fn a_silence_that_the_clock_noticed_is_taken_back_by_what_was_sent_in_it() {
    let mut story = Story::new(Some("1202"), Vec::new());
    story.drive(&[driving(0.0, 72.0), driving(5.0, 72.0)]);
    assert_eq!(story.wait_until(100.0).len(), 1);
    let (_, changes) = story.judge(&driving(10.0, 72.0));
    assert_eq!(changes[0].change, Change::Amended, "the silence began later");
    let backlog: Vec<Fix> = (3..20).map(|n| driving(f64::from(n) * 5.0, 72.0)).collect();
    story.drive(&backlog);
    assert!(story.episodes.is_empty());
}

#[test]
fn a_fix_ahead_of_its_time_does_not_keep_those_before_it_from_being_judged() {
    let mut story = Story::new(Some("1203"), vec![zone(1, prohibited(), SQUARE)]);
    story.drive(&[fix(0.0, -300.0, 50.0), fix(250.0, 350.0, 500.0)]);
    story.drive(&[fix(20.0, 50.0, 50.0), fix(40.0, 300.0, 50.0)]);
    assert_eq!(story.episodes.len(), 1);
}

#[test]
fn an_alarm_that_comes_late_takes_its_place_in_time() {
    let mut story = Story::new(Some("1965"), Vec::new());
    story.drive(&[fix(0.0, 0.0, 0.0), fix(1000.0, 50.0, 0.0)]);
    let changes = story.raise(&event(DeviceEventKind::Sos, 10.0, 1));
    assert_eq!(changes[0].change, Change::Opened);
    assert_eq!(changes[0].episode.opened_place, Some(place(0.0, 0.0)), "where it was then");
    assert_eq!(changes[1].change, Change::Closed, "nobody has repeated it since");
}

/// Fixes and alarms of a drunken walk.
fn reports() -> impl Strategy<Value = Vec<Observation>> {
    let step = (-400.0..400.0_f64, -400.0..400.0_f64, 0.5..150.0_f64, 0.0..120.0_f64, -60.0..60.0_f64, 0..12_u8);
    proptest::collection::vec(step, 1..60).prop_map(|steps| {
        let (mut second, mut east_m, mut north_m) = (0.0, 0.0_f64, 0.0_f64);
        steps
            .into_iter()
            .map(|(east, north, pause_s, speed_kmh, roll_deg, kind)| {
                second += pause_s;
                east_m = (east_m + east).clamp(-2500.0, 2500.0);
                north_m = (north_m + north).clamp(-2500.0, 2500.0);
                if let Some(kind) = DeviceEventKind::ALL.get(usize::from(kind)).filter(|_| speed_kmh > 100.0) {
                    return Observation::Event(event(*kind, second, 1));
                }
                let far_m = if speed_kmh < 3.0 { 900_000.0 } else { 0.0 };
                let sensors = Sensors { roll_deg: Some(roll_deg), ..Sensors::default() };
                let fix = Fix { speed_kmh: Some(speed_kmh), sensors, ..fix(second, east_m + far_m, north_m) };
                Observation::Fix(fix.into())
            })
            .collect()
    })
}

/// What episodes say, without the ids under which they happened to be found first.
pub(super) fn said(story: &Story) -> Vec<String> {
    let mut said: Vec<String> = story
        .episodes
        .values()
        .map(|episode| {
            let plain = Episode { id: ViolationId(uuid::Uuid::nil()), hits: 0, ..episode.clone() };
            serde_json::to_string(&plain).unwrap()
        })
        .collect();
    said.sort();
    said
}

proptest! {
    #[test]
    fn any_order_of_arrival_ends_in_the_same_episodes(
        (reports, order) in reports().prop_flat_map(|reports| {
            let order: Vec<usize> = (0..reports.len()).collect();
            (Just(reports), Just(order).prop_shuffle())
        }),
        near in proptest::bool::ANY,
    ) {
        let world = properties::busy_world;
        let mut in_order = Story::with_margins(Some("1017"), world());
        for report in &reports {
            in_order.hear(report.clone());
        }
        let mut shuffled = Story::with_margins(Some("1017"), world());
        let mut order = order;
        if near {
            // Only neighbours change places, as when two connections race.
            order = (0..reports.len()).collect();
            order.chunks_mut(3).for_each(<[usize]>::reverse);
        }
        for at in &order {
            shuffled.hear(reports[*at].clone());
        }
        prop_assert_eq!(said(&shuffled), said(&in_order));
        let judgements = |story: &Story| story.heard.iter().map(|heard| (heard.observation.moment(), heard.judgement)).collect::<Vec<_>>();
        prop_assert_eq!(judgements(&shuffled), judgements(&in_order));
        let open = |story: &Story| {
            let mut ids: Vec<ViolationId> = story.open().iter().map(|episode| episode.id).collect();
            ids.sort();
            ids
        };
        let recorded: Vec<ViolationId> =
            shuffled.episodes.values().filter(|episode| episode.closed_at.is_none()).map(|episode| episode.id).collect();
        prop_assert_eq!(open(&shuffled), recorded, "what is open in the state is what is open in the record");
    }
}
