//! Four areas with a condition each: at most 20 t, at most 40 km/h, only with an attendant, no longer than 15 minutes.
//! Through each drives one tanker that keeps the condition and one that breaks it.

use super::{Ground, Play, ground::load, one_trip};
use crate::{
    goods::PETROL,
    world::{Conditions, Kind, Line, Predicate},
};

pub(super) const PLAY: Play = Play {
    key: "zone_restricted",
    story: "areas are open on conditions of quantity, speed, attendance and stay, which some keep and some break",
    stage,
};

fn stage(ground: &mut Ground<'_>) {
    let none = Conditions::default();
    let areas = [
        ("Quiet valley", 0.0, Conditions { max_quantity_kg: Some(20_000.0), ..none }),
        ("Slow harbour", 3_000.0, Conditions { max_speed_kmh: Some(40.0), ..none }),
        ("Attended pass", 6_000.0, Conditions { escort_required: true, ..none }),
        ("Short stay", 9_000.0, Conditions { max_stay_s: Some(900.0), ..none }),
    ];
    for (name, north_m, conditions) in areas {
        let area = ground.rectangle((-2_000.0, 2_000.0), (north_m - 400.0, north_m + 400.0));
        ground.zone(name, Kind::Restricted(Predicate::any(), conditions), area);
    }
    let too_much = ground.passing(0.0, 200.0, 70.0);
    ground.enter(too_much);
    let mut little = ground.passing(0.0, 900.0, 70.0);
    load(&mut little, &Line { quantity_kg: Some(15_000.0), ..Line::full(PETROL) });
    ground.enter(little);

    let fast = ground.passing(3_000.0, 200.0, 60.0);
    ground.enter(fast);
    let slow = ground.passing(3_000.0, 200.0, 36.0);
    ground.enter(slow);

    let alone = ground.passing(6_000.0, 200.0, 30.0);
    ground.enter(alone);
    let mut attended = ground.passing(6_000.0, 200.0, 30.0);
    attended.life.escort.set(0.0, "E-7".into());
    ground.enter(attended);

    ground.stop_place("Lay-by in the short stay", (0.0, 9_000.0), false);
    for stay_s in [2_400.0, 300.0] {
        let there = ground.drive(&[(-5_000.0, 9_000.0), (0.0, 9_000.0)], 70.0);
        let on = ground.drive(&[(0.0, 9_000.0), (5_000.0, 9_000.0)], 70.0);
        let mut motion = one_trip(200.0, there);
        motion.depart(motion.ends_s() + stay_s, on);
        let tanker = ground.tanker(motion);
        ground.enter(tanker);
    }
}
