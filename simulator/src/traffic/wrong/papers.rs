//! What goes wrong with papers and crews.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::driving;
use crate::{life::Span, traffic::day::Plan, world::Document};

/// The driver goes away from a vehicle that stands on the way.
pub(super) fn leaves_the_vehicle(plan: &mut Plan, rng: &mut ChaCha8Rng) -> bool {
    let life = &mut plan.vehicle.life;
    let loaded = life.loaded.spans(life.whole, |loaded| *loaded);
    let stands: Vec<Span> =
        life.standing().and(&loaded).iter().filter(|span| (400.0..480.0).contains(&span.length_s())).collect();
    let Some(stop) = stands.get(rng.random_range(0..stands.len().max(1))) else { return false };
    life.driver_present.during(Span::new(stop.from_s + 60.0, stop.to_s - 40.0), false);
    true
}

/// One shipment is never filed.
pub(super) fn forgets_a_waybill(plan: &mut Plan, rng: &mut ChaCha8Rng) -> bool {
    let full = |index: &usize| {
        let shipment = plan.vehicle.shipments.get(*index);
        shipment.is_some_and(|one| one.destination.is_some() && one.lines.iter().all(|line| !line.empty_uncleaned))
    };
    let candidates: Vec<usize> = (0..plan.vehicle.shipments.len()).filter(full).collect();
    let Some(index) = candidates.get(rng.random_range(0..candidates.len().max(1))) else { return false };
    plan.vehicle.shipments.remove(*index);
    true
}

/// The vehicle, its tank or its axles are not made for the load.
pub(super) fn takes_the_wrong_goods(plan: &mut Plan, rng: &mut ChaCha8Rng) -> bool {
    let facts = &mut plan.vehicle.facts;
    match rng.random_range(0..3) {
        0 => facts.licensed_classes = vec!["9".into()],
        1 => facts.tank_media = vec!["3257".into()],
        _ => facts.rated_load_kg = Some(12_000.0),
    }
    true
}

/// A document is over, or nearly.
pub(super) fn lets_a_document_run_out(plan: &mut Plan, rng: &mut ChaCha8Rng) -> bool {
    let last_day = *[-9, -2, 4, 6, 15, 25].get(rng.random_range(0..6)).unwrap_or(&4);
    let kind = if rng.random::<bool>() { "tank_test" } else { "vehicle_approval" };
    plan.vehicle.facts.documents.push(Document { kind, last_day });
    true
}

/// The attendant gets off for twelve minutes of driving.
pub(super) fn leaves_the_attendant(plan: &mut Plan, rng: &mut ChaCha8Rng) -> bool {
    let Some(span) = driving(plan, rng, 720.0, 60.0) else { return false };
    plan.vehicle.life.escort.during(span, String::new());
    true
}

/// A shipment should have arrived long before, or not yet.
pub(super) fn is_late(plan: &mut Plan, rng: &mut ChaCha8Rng) -> bool {
    let early = rng.random::<bool>();
    let with_times = |index: &usize| {
        plan.vehicle.shipments.get(*index).is_some_and(|one| one.arrive_by_s.is_some() && one.destination.is_some())
    };
    let candidates: Vec<usize> = (0..plan.vehicle.shipments.len()).filter(with_times).collect();
    let Some(index) = candidates.get(rng.random_range(0..candidates.len().max(1))) else { return false };
    let Some(shipment) = plan.vehicle.shipments.get_mut(*index) else { return false };
    if early {
        shipment.arrive_from_s = shipment.arrive_from_s.map(|from_s| from_s + 7_200.0);
        shipment.arrive_by_s = shipment.arrive_by_s.map(|by_s| by_s + 10_800.0);
    } else {
        shipment.arrive_from_s = shipment.arrive_from_s.map(|from_s| from_s - 10_800.0);
        shipment.arrive_by_s = shipment.arrive_by_s.map(|by_s| by_s - 7_200.0);
    }
    true
}
