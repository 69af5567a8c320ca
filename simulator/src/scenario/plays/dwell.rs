//! Being in an area counts after three minutes only. One tanker crosses it in a minute; one waits inside for six.

use super::{Ground, Play, one_trip};
use crate::world::{Kind, Predicate, Zone};

pub(super) const PLAY: Play = Play { key: "dwell", story: "passing an area is no matter, staying is", stage };

fn stage(ground: &mut Ground<'_>) {
    let area = ground.rectangle((-500.0, 500.0), (-400.0, 400.0));
    let mut zone = Zone::new("School street", Kind::Prohibited(Predicate::any()), area);
    zone.dwell_s = Some(180.0);
    ground.put(zone);
    let passing = ground.passing(0.0, 200.0, 60.0);
    ground.enter(passing);
    let mut motion = one_trip(200.0, ground.drive(&[(-5_000.0, 0.0), (0.0, 0.0)], 60.0));
    let goes_on_s = motion.ends_s() + 360.0;
    motion.depart(goes_on_s, ground.drive(&[(0.0, 0.0), (5_000.0, 0.0)], 60.0));
    let staying = ground.tanker(motion);
    ground.enter(staying);
}
