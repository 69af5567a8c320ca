//! A tanker with chlorine (C/D) takes a tunnel of category C, which is closed to it. Petrol (D/E) passes the same tunnel, and
//! chlorine passes one of category A beside it.

use super::{
    Ground, Play, drive,
    ground::{goods, load},
    one_trip,
};
use crate::{
    goods::TunnelCategory,
    network::route::Path,
    world::{Area, Kind, Line},
};

pub(super) const PLAY: Play = Play {
    key: "tunnel_code",
    story: "chlorine takes a tunnel of category C; petrol may, and chlorine may take one of category A",
    stage,
};

fn stage(ground: &mut Ground<'_>) {
    let closed = bored(ground, "Hill tunnel", 0.0, (-500.0, 500.0), Kind::Tunnel(TunnelCategory::C, Vec::new()));
    let open = bored(ground, "Dale tunnel", 3_000.0, (-500.0, 500.0), Kind::Tunnel(TunnelCategory::A, Vec::new()));
    for (road, un_number) in [(&closed, "1017"), (&closed, "1203"), (&open, "1017")] {
        let mut tanker = ground.tanker(one_trip(200.0, drive(road.clone())));
        load(&mut tanker, &Line::full(goods(un_number)));
        ground.enter(tanker);
    }
}

/// A tunnel on a road of 10 km to the east, at 70 km/h, as a corridor around its bore. Returns the road.
pub(super) fn bored(ground: &mut Ground<'_>, name: &str, north_m: f64, east_m: (f64, f64), kind: Kind) -> Path {
    let bore = vec![ground.at(east_m.0, north_m), ground.at(east_m.1, north_m)];
    ground.zone(name, kind, Area::corridor(bore, 25.0));
    let (begin_m, full_name) = (5_000.0 + east_m.0, ground.name(name));
    let road = ground.road(&[(-5_000.0, north_m), (5_000.0, north_m)], 70.0);
    road.with_stretch(begin_m, begin_m + east_m.1 - east_m.0, |part| part.tunnel = Some(full_name.clone()))
}
