//! At the wheel without a break. By the European rule (4 h 30 min, then 45 min, or 15 and later 30): one driver drives five
//! hours on end; one takes 46 minutes after four hours; one takes 16 and later 31, which is a break; one takes 31 and
//! later 16, which is none; and one hands over to a second driver after four hours. By the Chinese rule (4 h, then 20 min)
//! one drives four hours and a half with a pause of 15 minutes; by the American (8 h, then 30 min) one drives nearly nine.

use super::{Ground, Play};
use crate::life::{Motion, Vehicle};

pub(super) const PLAY: Play = Play {
    key: "drive_continuous",
    story: "drivers take their breaks, take them in the wrong order, hand over, or take none",
    stage,
};

/// Driving in laps of 40 km and pauses in minutes, by turns.
fn driven(ground: &Ground<'_>, laps_and_minutes: &[usize], kmh: f64) -> Motion {
    let mut motion = Motion::default();
    let mut at_s = 200.0;
    for (index, amount) in laps_and_minutes.iter().enumerate() {
        if index % 2 == 0 {
            motion.depart(at_s, ground.laps(*amount, kmh));
            at_s = motion.ends_s();
        } else {
            at_s += *amount as f64 * 60.0;
        }
    }
    motion
}

pub(super) fn driver(ground: &mut Ground<'_>, laps_and_minutes: &[usize], kmh: f64) -> Vehicle {
    let motion = driven(ground, laps_and_minutes, kmh);
    let mut vehicle = ground.tanker(motion);
    vehicle.device.standing_s = 60.0;
    vehicle
}

fn stage(ground: &mut Ground<'_>) {
    // A lap takes some 35 minutes at 70 km/h.
    ground.stop_place("Rest area", (0.0, 0.0), true);
    for plan in [&[9][..], &[7, 46, 6], &[3, 16, 4, 31, 3], &[3, 31, 4, 16, 3]] {
        let vehicle = driver(ground, plan, 70.0);
        ground.enter(vehicle);
    }
    let mut shared = driver(ground, &[7, 6, 7], 70.0);
    let second = format!("{}-second", shared.life.driver.at(0.0));
    let (handed_over_s, _) = shared.life.motion.trips().last().map_or((0.0, ()), |(at_s, _)| (*at_s, ()));
    shared.life.driver.set(handed_over_s - 180.0, second);
    ground.enter(shared);

    let mut chinese = driver(ground, &[5, 15, 2], 58.0);
    chinese.facts.jurisdiction = Some("cn".into());
    chinese.life.escort.set(0.0, "E-8".into());
    ground.enter(chinese);
    let mut american = driver(ground, &[15], 70.0);
    american.facts.jurisdiction = Some("us".into());
    ground.enter(american);
}
