//! A tanker rolls to 85° and lies; another leans by 20° in a bend; a third device raises the alarm by itself.

use super::{Ground, Play};
use crate::{device::EventKind, life::Span, vehicle::trip::Performance};

pub(super) const PLAY: Play =
    Play { key: "motion_rollover", story: "a tanker turns over, one leans, and a device raises the alarm", stage };

fn stage(ground: &mut Ground<'_>) {
    for lying in [true, false] {
        let mut tanker = ground.passing(0.0, 200.0, 60.0);
        if lying {
            let slide = Performance { braking: 6.0, ..Performance::TANKER };
            let slid = tanker.life.motion.trips().first().map(|(at_s, trip)| trip.pull_over(500.0 - at_s, slide));
            if let Some(slid) = slid {
                tanker.life.motion.depart(500.0, slid);
            }
            tanker.life.roll_deg.run(500.0, 503.0, 85.0);
            tanker.life.whole.to_s = 950.0;
        } else {
            tanker.life.roll_deg.bulge(Span::new(500.0, 540.0), 20.0);
        }
        ground.enter(tanker);
    }
    let mut telling = ground.passing(0.0, 200.0, 60.0);
    telling.life.alarms.push((500.0, EventKind::Rollover));
    ground.enter(telling);
}
