//! An authority of its own forbids to move petrol faster than 50 km/h between 20:00 and 04:00 UTC. Of two tankers under its
//! pack one drives 70 km/h at 21:00 and one at 19:00; a third does it at 21:00 under the usual pack.

use super::{Ground, Play};
use crate::world::{Condition, OwnPack, OwnRule};

pub(super) const PLAY: Play =
    Play { key: "custom", story: "an authority's own rule is broken at night, and not in the evening", stage };

/// Also the code of its pack.
const AUTHORITY: &str = "simulated-authority";

fn stage(ground: &mut Ground<'_>) {
    let condition = Condition { class: "3".into(), faster_than_kmh: 50.0, from_hour: 20, to_hour: 4 };
    let rules = vec![OwnRule { name: "night-petrol".into(), condition }];
    let pack = OwnPack { jurisdiction: AUTHORITY.into(), based_on: "adr", rules };
    ground.set().world.packs.push(pack);
    // The stage begins at noon UTC.
    for (hour, bound) in [(21.0, true), (19.0, true), (21.0, false)] {
        let mut tanker = ground.passing(0.0, (hour - 12.0) * 3_600.0, 70.0);
        tanker.facts.jurisdiction = bound.then(|| AUTHORITY.to_owned());
        ground.enter(tanker);
    }
}
