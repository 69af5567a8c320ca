//! Arrivals: an hour late, ten minutes late, in time, and forty minutes before the earliest hour.

use super::{Ground, Play};
use crate::world::Spot;

pub(super) const PLAY: Play =
    Play { key: "schedule_window", story: "tankers arrive late, nearly in time, in time, and too early", stage };

fn stage(ground: &mut Ground<'_>) {
    // Relative to the arrival, in minutes: when it should be there, and when it may be there at the earliest.
    for (by_min, from_min) in [(-60.0, -600.0), (-10.0, -600.0), (30.0, -600.0), (120.0, 40.0)] {
        let begins_s = 4_000.0;
        let mut tanker = ground.passing(0.0, begins_s, 60.0);
        let arrival_s = tanker.life.motion.ends_s();
        let place = ground.at(5_000.0, 0.0);
        for shipment in &mut tanker.shipments {
            shipment.destination = Some(Spot { place, radius_m: 250.0 });
            shipment.arrive_by_s = Some(arrival_s + by_min * 60.0);
            shipment.arrive_from_s = Some(arrival_s + from_min * 60.0);
        }
        ground.enter(tanker);
    }
}
