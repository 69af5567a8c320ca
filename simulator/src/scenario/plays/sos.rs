//! A driver presses the emergency button. Another presses it without radio; it goes out minutes later, and counts as much.

use super::{Ground, Play};
use crate::{
    device::EventKind,
    life::{Backlog, Outage, Span},
};

pub(super) const PLAY: Play = Play { key: "sos", story: "drivers call for help, one of them without radio", stage };

fn stage(ground: &mut Ground<'_>) {
    for outage in [false, true] {
        let mut tanker = ground.passing(0.0, 200.0, 50.0);
        tanker.life.alarms.push((500.0, EventKind::Sos));
        if outage {
            let backlog = Backlog::Sent { after_s: 0.0, newest_first: false };
            tanker.device.outages.push(Outage { span: Span::new(450.0, 750.0), backlog });
        }
        ground.enter(tanker);
    }
}
