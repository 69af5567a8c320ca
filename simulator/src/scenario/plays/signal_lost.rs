//! Devices fall silent and forget what they saw: for four minutes at full speed, which is a loss; for 25 s, which is none;
//! and for ten minutes while the vehicle stands at a stop place, which nobody misses.

use super::{Ground, Play, one_trip};
use crate::life::{Backlog, Outage, Span};

pub(super) const PLAY: Play =
    Play { key: "signal_lost", story: "devices fall silent on the way, for a moment, and at rest", stage };

fn stage(ground: &mut Ground<'_>) {
    for silent_s in [240.0, 25.0] {
        let trip = ground.drive(&[(-10_000.0, 0.0), (10_000.0, 0.0)], 60.0);
        let mut tanker = ground.tanker(one_trip(200.0, trip));
        let span = Span::new(700.0, 700.0 + silent_s);
        tanker.device.outages.push(Outage { span, backlog: Backlog::Lost });
        ground.enter(tanker);
    }
    ground.stop_place("Lorry park", (0.0, 2_000.0), true);
    let there = ground.drive(&[(-10_000.0, 2_000.0), (0.0, 2_000.0)], 60.0);
    let mut motion = one_trip(200.0, there);
    let stopped_s = motion.ends_s();
    motion.depart(stopped_s + 1_200.0, ground.drive(&[(0.0, 2_000.0), (5_000.0, 2_000.0)], 60.0));
    let mut tanker = ground.tanker(motion);
    let span = Span::new(stopped_s + 200.0, stopped_s + 800.0);
    tanker.device.outages.push(Outage { span, backlog: Backlog::Lost });
    ground.enter(tanker);
}
