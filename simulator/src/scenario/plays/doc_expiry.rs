//! Tank test three days over, insurance for four more days, approval for 20, and for 60, which is no matter; and a driver
//! whose certificate is valid for five more days.

use super::{Ground, Play};
use crate::world::{Document, Driver};

pub(super) const PLAY: Play = Play { key: "doc_expiry", story: "documents are over, or soon will be", stage };

fn stage(ground: &mut Ground<'_>) {
    for (kind, last_day) in [("tank_test", -3), ("insurance", 4), ("vehicle_approval", 20), ("tank_test", 60)] {
        let mut tanker = ground.passing(0.0, 200.0, 60.0);
        tanker.facts.documents.push(Document { kind, last_day });
        ground.enter(tanker);
    }
    let tanker = ground.passing(0.0, 200.0, 60.0);
    let code = tanker.life.driver.at(0.0).clone();
    let documents =
        vec![Document { kind: "driver_certificate", last_day: 5 }, Document { kind: "driving_licence", last_day: 900 }];
    ground.set().world.drivers.push(Driver { code, documents });
    ground.enter(tanker);
}
