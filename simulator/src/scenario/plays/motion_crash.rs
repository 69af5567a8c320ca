//! A tanker runs into something at 6 g and stops within a few metres; another goes over a kerb at 1.4 g; a third device
//! calls it a crash by itself, without a sensor that shows it.

use super::{Ground, Play};
use crate::{device::EventKind, vehicle::trip::Performance};

pub(super) const PLAY: Play =
    Play { key: "motion_crash", story: "a tanker collides, one goes over a kerb, and a device reports a crash", stage };

fn stage(ground: &mut Ground<'_>) {
    for impact_g in [Some(6.0), Some(1.4), None] {
        let mut tanker = ground.passing(0.0, 200.0, 60.0);
        let hard = Performance { braking: 9.0, ..Performance::TANKER };
        match impact_g {
            Some(g) => tanker.life.impacts.push((500.0, g)),
            None => tanker.life.alarms.push((500.0, EventKind::Crash)),
        }
        let stopped = tanker.life.motion.trips().first().map(|(at_s, trip)| trip.pull_over(500.0 - at_s, hard));
        if let Some(stopped) = stopped.filter(|_| impact_g != Some(1.4)) {
            tanker.life.motion.depart(500.0, stopped);
            tanker.life.whole.to_s = 950.0;
        }
        ground.enter(tanker);
    }
}
