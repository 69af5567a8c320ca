//! A device falls silent for a quarter of an hour, in which its vehicle goes 15 km, and has nothing to say of it afterwards.
//! Another kept its fixes and sends them, so that nothing is unknown.

use super::{Ground, Play, one_trip};
use crate::life::{Backlog, Outage, Span};

pub(super) const PLAY: Play = Play {
    key: "offline_displacement",
    story: "vehicles go far while they are not heard of; one can tell afterwards, the other cannot",
    stage,
};

fn stage(ground: &mut Ground<'_>) {
    for backlog in [Backlog::Lost, Backlog::Sent { after_s: 0.0, newest_first: false }] {
        let trip = ground.drive(&[(-14_000.0, 0.0), (14_000.0, 0.0)], 60.0);
        let mut tanker = ground.tanker(one_trip(200.0, trip));
        tanker.device.outages.push(Outage { span: Span::new(600.0, 1_500.0), backlog });
        ground.enter(tanker);
    }
}
