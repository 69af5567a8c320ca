//! A route of 20 km with half a width of 100 m. One tanker keeps to it; one takes a side road 1.5 km away for some
//! kilometres and comes back; one swings out 250 m for a quarter of a minute, too shortly to count; one drives 60 m beside
//! the line all the way, which is within the corridor.

use super::{Ground, Play, one_trip};
use crate::world::Route;

pub(super) const PLAY: Play = Play {
    key: "route_deviation",
    story: "tankers leave their route for long, for a moment, by little, and not at all",
    stage,
};

fn stage(ground: &mut Ground<'_>) {
    let (begin, end) = ((-10_000.0, 0.0), (10_000.0, 0.0));
    let name = ground.name("Approved road");
    let path = vec![ground.at(begin.0, begin.1), ground.at(0.0, 0.0), ground.at(end.0, end.1)];
    let route = Route { name: name.clone(), path, half_width_m: 100.0, sections: Vec::new() };
    ground.set().world.routes.insert(name.clone(), route);
    let ways: [&[(f64, f64)]; 4] = [
        &[begin, end],
        &[begin, (-3_000.0, 0.0), (-2_500.0, 1_500.0), (1_500.0, 1_500.0), (2_000.0, 0.0), end],
        &[begin, (-300.0, 0.0), (0.0, 250.0), (300.0, 0.0), end],
        &[(-10_000.0, 60.0), (10_000.0, 60.0)],
    ];
    for way in ways {
        let trip = ground.drive(way, 70.0);
        let mut tanker = ground.tanker(one_trip(200.0, trip));
        for shipment in &mut tanker.shipments {
            shipment.route = Some(name.clone());
        }
        ground.enter(tanker);
    }
}
