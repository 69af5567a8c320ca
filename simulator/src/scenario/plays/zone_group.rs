//! The centre of a town is closed as three areas of one group that touch each other. A tanker drives through all three: one
//! episode. Another drives through one, leaves the group for a kilometre, and enters the third: two.

use super::{Ground, Play, one_trip};
use crate::world::{Kind, Predicate, Zone};

pub(super) const PLAY: Play = Play { key: "zone_group", story: "areas of one group share their episodes", stage };

fn stage(ground: &mut Ground<'_>) {
    for (name, from_m, to_m) in
        [("West end", -1_500.0, -500.0), ("Old town", -500.0, 500.0), ("East end", 500.0, 1_500.0)]
    {
        let area = ground.rectangle((from_m, to_m), (-400.0, 400.0));
        let group = "play-town-centre";
        ground.put(Zone::new(name, Kind::Prohibited(Predicate::any()), area).in_group(group));
    }
    let through = ground.passing(0.0, 200.0, 60.0);
    ground.enter(through);
    let around = [(-5_000.0, 0.0), (-900.0, 0.0), (-900.0, 900.0), (900.0, 900.0), (900.0, 0.0), (5_000.0, 0.0)];
    let around = ground.drive(&around, 50.0);
    let tanker = ground.tanker(one_trip(200.0, around));
    ground.enter(tanker);
}
