//! An area is closed at night from 22:00 on Saturday to 06:00 on Sunday, local time, in the last night that changed the
//! clocks. Tankers pass at 21:40 (open), 22:20 (closed), 05:30 by the new time (closed) and 06:20 by the new time (open). Who
//! goes on by the old time is an hour off at the end.
//!
//! That night may be half a year ago; so the shipments are still open.

use super::{Ground, Play};
use crate::world::{Kind, Predicate, Schedule, Zone};

pub(super) const PLAY: Play =
    Play { key: "window_over_midnight", story: "a ban runs over midnight into the hour that the clocks change", stage };

/// Into the area from the road's beginning, in seconds.
const THERE_S: f64 = 250.0;

fn stage(ground: &mut Ground<'_>) {
    let berlin = chrono_tz::Europe::Berlin;
    let moment = ground.moment();
    let sunday = moment.last_clock_change();
    let night = Schedule::daily(berlin, &[moment.weekday(sunday - 1)], (22, 0), (6, 0));
    let area = ground.rectangle((-1_500.0, 1_500.0), (-500.0, 500.0));
    let mut zone = Zone::new("Sleeping town", Kind::TimeBan(Predicate::any()), area).during(night);
    zone.valid_from_s = Some(moment.local_s(berlin, sunday - 1, (0, 0)));
    ground.put(zone);
    for (day, clock) in [(sunday - 1, (21, 40)), (sunday - 1, (22, 20)), (sunday, (5, 30)), (sunday, (6, 20))] {
        let departs_s = moment.local_s(berlin, day, clock) - THERE_S;
        let mut tanker = ground.passing(0.0, departs_s, 70.0);
        tanker.life.whole.from_s = departs_s - 300.0;
        for shipment in &mut tanker.shipments {
            shipment.starts_s = departs_s - 3_600.0;
            shipment.ends_s = f64::INFINITY;
        }
        ground.enter(tanker);
    }
}
