//! A valley without radio: a tanker is silent in it for four minutes, as is to be expected. Another falls silent for as long
//! three kilometres away from it.

use super::{Ground, Play, one_trip};
use crate::{
    life::{Backlog, Outage},
    world::Kind,
};

pub(super) const PLAY: Play =
    Play { key: "dead_zone", story: "a silence is expected in a valley without radio, and not beside it", stage };

fn stage(ground: &mut Ground<'_>) {
    let area = ground.rectangle((-2_000.0, 2_000.0), (-1_000.0, 1_000.0));
    ground.zone("Valley without radio", Kind::DeadZone, area);
    for north_m in [0.0, 4_000.0] {
        let trip = ground.drive(&[(-9_000.0, north_m), (9_000.0, north_m)], 60.0);
        let mut tanker = ground.tanker(one_trip(200.0, trip));
        // As long as a passage of the valley takes, whichever road it is on.
        let (entered_s, left_s) = (200.0 + 7_000.0 / (60.0 / 3.6) + 17.0, 200.0 + 11_000.0 / (60.0 / 3.6) + 17.0);
        let span = crate::life::Span::new(entered_s, left_s);
        tanker.device.outages.push(Outage { span, backlog: Backlog::Lost });
        ground.enter(tanker);
    }
}
