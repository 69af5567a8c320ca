//! `separation`: two vehicles with explosives nearer to each other than 50 m for half a minute, while both move, or both
//! stand and not both at stop places (ADR 8.5, S1).

use super::{Found, Judge, USUAL_TOLERANCE_S, presence::ERROR_M, verdict::Verdict};
use crate::{
    life::{Span, Spans, Vehicle},
    world::Kind,
};

/// Nearer than this is too near, in metres.
const APART_M: f64 = 50.0;
/// For this long, in seconds.
const HOLD_S: f64 = 30.0;
/// From this speed on a vehicle moves, in km/h.
const MOVING_KMH: f64 = 5.0;
/// What bringing two tracks to one instant may add to the error of a distance, in metres.
const INSTANT_M: f64 = 6.0;

/// Judges every pair of vehicles that ever carry explosives. The finding is the first vehicle's, about the second.
pub(super) fn judge(judge: &Judge<'_>, vehicles: &[Vehicle]) -> Vec<(usize, Found)> {
    let explosive =
        |vehicle: &Vehicle| vehicle.cargo_spans().iter().any(|span| vehicle.cargo_at(span.from_s).has_explosives());
    let with: Vec<(usize, &Vehicle)> = vehicles.iter().enumerate().filter(|(_, vehicle)| explosive(vehicle)).collect();
    let mut found = Vec::new();
    for (place, (index, one)) in with.iter().enumerate() {
        for (_, other) in with.iter().skip(place + 1) {
            for stretch in too_near(judge, one, other).episodes() {
                let interval_s = one.device.moving_s.max(other.device.moving_s);
                let finding = Found {
                    rule: "separation",
                    subject: format!("vehicle/{}/{}", judge.operator, other.code),
                    stretch,
                    value: None,
                    tolerance_s: USUAL_TOLERANCE_S + 2.0 * interval_s,
                    only_possible: false,
                    also_s: Vec::new(),
                    note: format!("too near to {}", other.code),
                };
                found.push((*index, finding));
            }
        }
    }
    found
}

fn too_near(judge: &Judge<'_>, one: &Vehicle, other: &Vehicle) -> Verdict {
    let whole = one.life.whole.cut(other.life.whole);
    let nearer = |limit_m: f64| near_spans(judge, one, other, whole, limit_m);
    let slack_s = 2.0 * one.device.moving_s.max(other.device.moving_s) + 2.0;
    let blind = one.device.blind().or(&other.device.blind());
    let perhaps = nearer(APART_M + 2.0 * ERROR_M + INSTANT_M);
    Verdict {
        must: nearer(APART_M - 2.0 * ERROR_M - INSTANT_M).lasting(HOLD_S + slack_s),
        is: nearer(APART_M).lasting(HOLD_S),
        may: perhaps.lasting(HOLD_S - slack_s),
        linked: perhaps.bridged(HOLD_S),
    }
    .unseen_in(&blind)
}

/// When the two are nearer than a limit and it counts, second by second.
fn near_spans(judge: &Judge<'_>, one: &Vehicle, other: &Vehicle, whole: Span, limit_m: f64) -> Spans {
    let mut spans = Vec::new();
    let mut at_s = whole.from_s;
    while at_s < whole.to_s {
        let states = one.life.motion.at(at_s).zip(other.life.motion.at(at_s));
        let Some((here, there)) = states else { break };
        let apart_m = here.place.distance_m(there.place);
        let loaded = [one, other].iter().all(|vehicle| vehicle.cargo_at(at_s).has_explosives());
        let moving = [here.speed_kmh, there.speed_kmh].map(|kmh| kmh >= MOVING_KMH);
        let counts = match moving {
            [true, true] => true,
            [false, false] => ![&here, &there].iter().all(|state| at_stop_place(judge, state.place, at_s)),
            _ => false,
        };
        let step_s = ((apart_m - limit_m) / 80.0).clamp(1.0, 600.0);
        if apart_m < limit_m && loaded && counts {
            spans.push(Span::new(at_s, at_s + step_s));
        }
        at_s += step_s;
    }
    Spans::new(spans)
}

fn at_stop_place(judge: &Judge<'_>, place: crate::geometry::Place, at_s: f64) -> bool {
    let zones = judge.world.zones.iter().zip(&judge.effective);
    let mut stop_places = zones.filter(|(zone, _)| matches!(zone.kind, Kind::StopPlace { .. }));
    stop_places.any(|(zone, effective)| effective.holds(at_s) && zone.area.depth_m(place) > 0.0)
}
