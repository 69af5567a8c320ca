//! What holds for any track.

use std::collections::{HashMap, HashSet};

use proptest::prelude::*;

use super::*;
use crate::{domain::position::Sensors, engine::VehicleState, rules::Change};

pub(super) fn busy_world() -> Vec<Zone> {
    let mut zones = Vec::new();
    for column in 0..8 {
        for row in 0..8 {
            let (x, y) = (f64::from(column) * 500.0 - 2000.0, f64::from(row) * 500.0 - 2000.0);
            let kind = match (column + row) % 3 {
                0 => prohibited(),
                1 => tunnel(TunnelCategory::C),
                _ => ZoneKind::SpeedLimit { cargo: CargoPredicate::default(), limit_kmh: 60.0 },
            };
            zones.push(zone(i64::from(column * 8 + row), kind, [x, y, x + 300.0, y + 300.0]));
        }
    }
    zones
}

/// A drunken walk: steps of up to `step_m`, pauses of up to `pause_s`, and readings of everything.
fn tracks() -> impl Strategy<Value = Vec<Fix>> {
    let step = (-400.0..400.0_f64, -400.0..400.0_f64, 0.5..200.0_f64, 0.0..120.0_f64, -60.0..60.0_f64);
    proptest::collection::vec(step, 1..80).prop_map(|steps| {
        let (mut second, mut east_m, mut north_m) = (0.0, 0.0_f64, 0.0_f64);
        steps
            .into_iter()
            .map(|(east, north, pause_s, speed_kmh, roll_deg)| {
                second += pause_s;
                east_m = (east_m + east).clamp(-2500.0, 2500.0);
                north_m = (north_m + north).clamp(-2500.0, 2500.0);
                Fix {
                    speed_kmh: Some(speed_kmh),
                    sensors: Sensors { roll_deg: Some(roll_deg), ..Sensors::default() },
                    ..fix(second, east_m, north_m)
                }
            })
            .collect()
    })
}

fn judge_all(story: &mut Story, fixes: &[Fix]) -> Vec<EpisodeChange> {
    fixes.iter().flat_map(|fix| story.judge(fix).1).collect()
}

/// The episodes as they are after all changes.
fn result(changes: &[EpisodeChange]) -> HashMap<ViolationId, Episode> {
    changes.iter().map(|change| (change.episode.id, change.episode.clone())).collect()
}

proptest! {
    #[test]
    fn the_same_fixes_twice_or_each_repeated_change_nothing(fixes in tracks()) {
        let mut once = Story::with_margins(Some("1017"), busy_world());
        let changes = judge_all(&mut once, &fixes);

        let mut repeated = Story::with_margins(Some("1017"), busy_world());
        let doubled: Vec<Fix> = fixes.iter().flat_map(|fix| [fix.clone(), fix.clone()]).collect();
        prop_assert_eq!(&judge_all(&mut repeated, &doubled), &changes);
        prop_assert!(judge_all(&mut repeated, &fixes).is_empty());
        prop_assert_eq!(repeated.track.state, once.track.state);
    }

    #[test]
    fn a_state_that_was_stored_and_loaded_after_every_fix_judges_the_same(fixes in tracks()) {
        let mut kept = Story::with_margins(Some("1017"), busy_world());
        let mut reloaded = Story::with_margins(Some("1017"), busy_world());
        for fix in &fixes {
            prop_assert_eq!(kept.judge(fix), reloaded.judge(fix));
            let stored = serde_json::to_string(&reloaded.track.state).unwrap();
            let loaded: VehicleState = serde_json::from_str(&stored).unwrap();
            reloaded.track = crate::engine::Track::from_state(loaded);
            prop_assert_eq!(serde_json::to_string(&reloaded.track.state).unwrap(), serde_json::to_string(&kept.track.state).unwrap());
        }
    }

    #[test]
    fn episodes_never_overlap_themselves_and_end_after_they_began(fixes in tracks()) {
        let mut story = Story::with_margins(None, busy_world());
        let mut open: HashSet<(String, String)> = HashSet::new();
        let changes = judge_all(&mut story, &fixes);
        for change in &changes {
            let about = (change.episode.rule.to_string(), change.episode.subject.to_string());
            match change.change {
                Change::Opened => prop_assert!(open.insert(about), "a second one was opened"),
                Change::Raised => prop_assert!(open.contains(&about)),
                Change::Closed => {
                    prop_assert!(open.remove(&about));
                    prop_assert!(change.episode.closed_at.unwrap() >= change.episode.opened_at);
                }
                Change::Amended | Change::Withdrawn => prop_assert!(false, "nothing came out of order"),
            }
        }
        prop_assert_eq!(open.len(), story.open().len());
    }

    /// With no margins, a fix strictly inside a zone means an open episode about it, and a fix outside means none.
    #[test]
    fn presence_agrees_with_a_naive_look_at_each_fix(fixes in tracks()) {
        let zones = busy_world();
        let mut story = Story::new(Some("1017"), zones.clone());
        for fix in &fixes {
            if story.judge(fix).0 != Judgement::Judged {
                continue;
            }
            let (x, y) = (fix.place.lon() * DEGREE_M, fix.place.lat() * DEGREE_M);
            for zone in zones.iter().filter(|zone| !matches!(zone.kind, ZoneKind::SpeedLimit { .. })) {
                let ring = zone.area.0[0].exterior();
                let (west, south) = (ring.0[0].x * DEGREE_M, ring.0[0].y * DEGREE_M);
                let depth_m = (x - west).min(west + 300.0 - x).min(y - south).min(south + 300.0 - y);
                let is_open = story.open().iter().any(|open| open.subject == Subject::Zone(zone.id));
                if depth_m.abs() > 0.001 {
                    prop_assert_eq!(is_open, depth_m > 0.0, "zone {:?}, depth {}", zone.id, depth_m);
                }
            }
        }
    }
}

#[test]
fn two_thousand_simulated_hours_end_with_every_episode_accounted_for() {
    let mut story = Story::with_margins(Some("1017"), busy_world());
    let mut seed = 42_u64;
    let mut random = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as f64 / f64::from(1_u32 << 31)
    };
    let (mut east_m, mut north_m, mut course) = (0.0_f64, 0.0_f64, 0.0_f64);
    let mut changes = Vec::new();
    let interval_s = 10.0;
    for n in 0..720_000_u32 {
        course += (random() - 0.5) * 0.6;
        let speed_kmh = 40.0 + 60.0 * random();
        let step_m = speed_kmh / 3.6 * interval_s;
        (east_m, north_m) = (east_m + step_m * course.cos(), north_m + step_m * course.sin());
        if east_m.abs() > 2500.0 || north_m.abs() > 2500.0 {
            course = (-north_m).atan2(-east_m);
        }
        // Now and then the receiver is silent for a while.
        if random() < 0.99 {
            changes.extend(
                story.judge(&Fix { speed_kmh: Some(speed_kmh), ..fix(f64::from(n) * interval_s, east_m, north_m) }).1,
            );
        }
    }
    let episodes = result(&changes);
    let open = episodes.values().filter(|episode| episode.closed_at.is_none()).count();
    assert_eq!(open, story.open().len());
    assert!(episodes.len() > 10_000, "only {} episodes", episodes.len());
}
