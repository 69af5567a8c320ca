//! A day at the wheel, with all breaks taken: more than ten hours of driving, which is too long by the European rule (9 h),
//! and eight and a half, which is not; nearly nine hours by the Chinese rule (8 h in 24), with short breaks.

use super::{Ground, Play, drive_continuous::driver};

pub(super) const PLAY: Play =
    Play { key: "drive_daily", story: "drivers drive for too long in a day, though they take their breaks", stage };

fn stage(ground: &mut Ground<'_>) {
    ground.stop_place("Rest area", (0.0, 0.0), true);
    for plan in [&[7, 50, 7, 50, 4][..], &[7, 50, 7]] {
        let vehicle = driver(ground, plan, 70.0);
        ground.enter(vehicle);
    }
    let mut chinese = driver(ground, &[5, 30, 5, 30, 3], 58.0);
    chinese.facts.jurisdiction = Some("cn".into());
    chinese.life.escort.set(0.0, "E-9".into());
    ground.enter(chinese);
}
