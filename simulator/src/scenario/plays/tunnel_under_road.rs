//! A tunnel of category E runs under a town. A petrol tanker crosses above the bore on a road at right angles to it; another
//! follows a road 45 m beside it with a receiver that jumps onto the bore now and then; both are at most possibly in the
//! tunnel. A third truly takes it: its device has neither fix nor radio from portal to portal, and says nothing of it
//! afterwards.

use super::{Ground, Play, drive, one_trip, tunnel_code::bored};
use crate::{
    goods::TunnelCategory,
    life::{Backlog, Fault, FaultKind, Outage, Span},
    world::Kind,
};

pub(super) const PLAY: Play = Play {
    key: "tunnel_under_road",
    story: "tankers drive over a closed tunnel and beside it, and one unseen through it",
    stage,
};

fn stage(ground: &mut Ground<'_>) {
    let road = bored(ground, "Town tunnel", 0.0, (-600.0, 600.0), Kind::Tunnel(TunnelCategory::E, Vec::new()));
    let across = ground.drive(&[(100.0, -5_000.0), (100.0, 5_000.0)], 60.0);
    let tanker = ground.tanker(one_trip(200.0, across));
    ground.enter(tanker);
    let mut beside = ground.passing(45.0, 200.0, 60.0);
    let jitter = FaultKind::Jitter { deviation_m: 10.0 };
    beside.device.faults.push(Fault { span: Span::new(300.0, 700.0), kind: jitter });
    ground.enter(beside);

    let mut through = ground.tanker(one_trip(200.0, drive(road)));
    let bore = through.life.motion.in_tunnel(&ground.name("Town tunnel"), through.life.whole);
    for span in bore.iter() {
        through.device.outages.push(Outage { span, backlog: Backlog::Lost });
    }
    ground.enter(through);
}
