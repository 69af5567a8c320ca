//! A section of 6 km of a route takes 320 s at the least and 600 s at the most. Tankers pass it at 76 km/h, in 284 s; at
//! 60 km/h, in 360 s; and with a stop of 5 minutes on the way, in more than 600 s.

use super::{Ground, Play, one_trip};
use crate::world::{Route, Section};

pub(super) const PLAY: Play = Play {
    key: "route_section_time",
    story: "a section of a route is passed too quickly, in time, and too slowly",
    stage,
};

fn stage(ground: &mut Ground<'_>) {
    let (begin, end) = ((-6_000.0, 0.0), (6_000.0, 0.0));
    let name = ground.name("Timed road");
    let section =
        Section { name: "Gorge".into(), from_m: 3_000.0, to_m: 9_000.0, min_s: Some(320.0), max_s: Some(600.0) };
    let path = vec![ground.at(begin.0, begin.1), ground.at(end.0, end.1)];
    let route = Route { name: name.clone(), path, half_width_m: 100.0, sections: vec![section] };
    ground.set().world.routes.insert(name.clone(), route);
    let mut motions = vec![
        one_trip(200.0, ground.drive(&[begin, end], 76.0)),
        one_trip(200.0, ground.drive(&[begin, end], 60.0)),
        one_trip(200.0, ground.drive(&[begin, (0.0, 0.0)], 70.0)),
    ];
    if let Some(pausing) = motions.last_mut() {
        let goes_on_s = pausing.ends_s() + 300.0;
        pausing.depart(goes_on_s, ground.drive(&[(0.0, 0.0), end], 70.0));
    }
    for motion in motions {
        let mut tanker = ground.tanker(motion);
        for shipment in &mut tanker.shipments {
            shipment.route = Some(name.clone());
        }
        ground.enter(tanker);
    }
}
