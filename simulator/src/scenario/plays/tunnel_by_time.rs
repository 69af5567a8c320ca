//! A tunnel is of category E from 04:00 to 23:00, and of category C otherwise, as London's airport tunnel is. A petrol tanker
//! (D/E) passes it at 20:00, which is forbidden, and one at 23:30, which is not.

use super::{Ground, Play, drive, one_trip, tunnel_code::bored};
use crate::{
    goods::TunnelCategory,
    world::{Day, Kind, Schedule},
};

pub(super) const PLAY: Play =
    Play { key: "tunnel_by_time", story: "a tunnel's category is E by day and C by night", stage };

fn stage(ground: &mut Ground<'_>) {
    let london = chrono_tz::Europe::London;
    let by_day = Schedule::daily(london, &Day::EVERY, (4, 0), (23, 0));
    let kind = Kind::Tunnel(TunnelCategory::C, vec![(TunnelCategory::E, by_day)]);
    let road = bored(ground, "Airport tunnel", 0.0, (-400.0, 400.0), kind);
    let drive = drive(road);
    for clock in [(20, 0), (23, 30)] {
        let departs_s = ground.moment().local_s(london, 0, clock);
        let tanker = ground.tanker(one_trip(departs_s, drive.clone()));
        ground.enter(tanker);
    }
}
