//! A petrol tanker takes a tunnel of 2.4 km and of category E. There is no radio inside; its device keeps its fixes and
//! sends them when it is out. The passage must be found, and no loss of signal. Another carries sulphuric acid through
//! a tunnel of category C beside it, with a device that keeps nothing: two minutes of silence that a tunnel explains.

use super::{
    Ground, Play, drive,
    ground::{goods, load},
    one_trip,
    tunnel_code::bored,
};
use crate::{
    goods::TunnelCategory,
    life::{Backlog, Outage},
    world::{Kind, Line},
};

pub(super) const PLAY: Play =
    Play { key: "tunnel_outage", story: "tankers fall silent in long tunnels; one sends its fixes afterwards", stage };

fn stage(ground: &mut Ground<'_>) {
    let closed = bored(ground, "Long tunnel", 0.0, (-1_200.0, 1_200.0), Kind::Tunnel(TunnelCategory::E, Vec::new()));
    let open =
        bored(ground, "Other long tunnel", 3_000.0, (-1_200.0, 1_200.0), Kind::Tunnel(TunnelCategory::C, Vec::new()));
    let kept = Backlog::Sent { after_s: 5.0, newest_first: false };
    for (road, name, backlog, un_number) in
        [(closed, "Long tunnel", kept, "1203"), (open, "Other long tunnel", Backlog::Lost, "1830")]
    {
        let mut tanker = ground.tanker(one_trip(200.0, drive(road)));
        load(&mut tanker, &Line::full(goods(un_number)));
        let bore = tanker.life.motion.in_tunnel(&ground.name(name), tanker.life.whole);
        tanker.device.outages.extend(bore.iter().map(|span| Outage { span, backlog }));
        ground.enter(tanker);
    }
}
