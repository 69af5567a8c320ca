//! An area is closed to class 3 on the first day from 16:00 to 18:00. One petrol tanker drives through before, one while it
//! is; one parks inside before it begins and is found inside when it does; and a tanker with sulphuric acid is not meant.

use super::{
    Ground, Play,
    ground::{goods, load},
    one_trip,
};
use crate::world::{Kind, Line, Predicate, Schedule, Zone};

pub(super) const PLAY: Play = Play {
    key: "time_ban",
    story: "an area is closed for two hours: tankers pass it before and meanwhile, and one is overtaken by it",
    stage,
};

fn stage(ground: &mut Ground<'_>) {
    let berlin = chrono_tz::Europe::Berlin;
    let moment = ground.moment();
    let at_s = |hour, minute| moment.local_s(berlin, 0, (hour, minute));
    let afternoon = Schedule::daily(berlin, &[moment.weekday(0)], (16, 0), (18, 0));
    let area = ground.rectangle((-1_500.0, 1_500.0), (-500.0, 500.0));
    let zone = Zone::new("Market town", Kind::TimeBan(Predicate::classes(&["3"])), area);
    ground.put(zone.during(afternoon));
    for departs_s in [at_s(15, 20), at_s(16, 15)] {
        let tanker = ground.passing(0.0, departs_s, 70.0);
        ground.enter(tanker);
    }
    ground.stop_place("Market place", (0.0, 0.0), true);
    let there = ground.drive(&[(-5_000.0, 0.0), (0.0, 0.0)], 70.0);
    let mut motion = one_trip(at_s(15, 0), there);
    motion.depart(at_s(17, 5), ground.drive(&[(0.0, 0.0), (5_000.0, 0.0)], 70.0));
    let tanker = ground.tanker(motion);
    ground.enter(tanker);
    let mut acid = ground.passing(0.0, at_s(16, 20), 70.0);
    load(&mut acid, &Line::full(goods("1830")));
    ground.enter(acid);
}
