//! A dangerous goods vehicle without any shipment drives through an area that is closed to class 1 only: nobody knows what it
//! carries, so the area counts as closed to it. It also drives without a waybill. One with petrol passes.

use super::{Ground, Play};
use crate::world::{Kind, Predicate};

pub(super) const PLAY: Play =
    Play { key: "unknown_cargo", story: "a vehicle with unknown cargo is where some cargo may not be", stage };

fn stage(ground: &mut Ground<'_>) {
    let area = ground.rectangle((-1_000.0, 1_000.0), (-500.0, 500.0));
    ground.zone("Arsenal", Kind::Prohibited(Predicate::classes(&["1"])), area);
    let mut unknown = ground.passing(0.0, 200.0, 60.0);
    unknown.shipments.clear();
    ground.enter(unknown);
    let petrol = ground.passing(0.0, 200.0, 60.0);
    ground.enter(petrol);
}
