//! Two tankers drive through a closed area. One has a permit for it, valid this day: its passage is recorded as exempted. The
//! other has one that was valid until yesterday.

use super::{Ground, Play};
use crate::world::{Exemption, Kind, Predicate};

pub(super) const PLAY: Play = Play {
    key: "exemption",
    story: "a permit covers one passage of a closed area, and has run out for another",
    stage,
};

fn stage(ground: &mut Ground<'_>) {
    let area = ground.rectangle((-1_000.0, 1_000.0), (-500.0, 500.0));
    ground.zone("Spa", Kind::Prohibited(Predicate::any()), area);
    for valid_to_s in [43_200.0, -86_400.0] {
        let tanker = ground.passing(0.0, 200.0, 60.0);
        let exemption = Exemption {
            permit: format!("P-{}", tanker.code),
            vehicle: tanker.code.clone(),
            rules: vec!["zone.prohibited"],
            zone: Some(ground.name("Spa")),
            group: None,
            valid_from_s: -172_800.0,
            valid_to_s,
            schedule: None,
            escort_required: false,
        };
        ground.set().world.exemptions.push(exemption);
        ground.enter(tanker);
    }
}
