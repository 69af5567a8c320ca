//! What needs no judging but passing on: `sos`, `motion.crash`, `motion.rollover`, `cargo.fire`, `tamper`.
//!
//! - The emergency button, always.
//! - An impact of 2.5 g or more, or the device's own crash alarm.
//! - A body roll beyond 45°, until it is within 25° again, or the device's own alarm.
//! - A fire that the device reports.
//! - The device without power, its antenna or case meddled with, a door of the load space open where nothing is unloaded
//!   or stopped for, or the device's own alarm.
//!
//! An alarm that is repeated within ten minutes is the same.

use super::{Case, alarms, verdict::Verdict};
use crate::{
    device::EventKind,
    life::{Span, Spans},
    world::Kind,
};

/// An alarm that is not repeated for so long is over, in seconds.
const QUIET_S: f64 = 600.0;
/// What lasts no longer than this may fall between two fixes, in seconds.
const BLINK_S: f64 = 15.0;
/// A place is seen right to this, in metres.
const SEEN_M: f64 = 25.0;

pub(super) fn judge(case: &mut Case<'_>) {
    let pressed = alarms(case, &[EventKind::Sos]);
    note(case, "sos", "vehicle", pressed, "the emergency button is pressed");
    let crash = impacts(case).or(&alarms(case, &[EventKind::Crash]));
    note(case, "motion.crash", "vehicle", crash, "collides");
    let rollover = rollover(case).or(&alarms(case, &[EventKind::Rollover]));
    note(case, "motion.rollover", "vehicle", rollover, "turns over");
    let fire = alarms(case, &[EventKind::Fire]);
    note(case, "cargo.fire", "any", fire, "burns");
    tamper(case);
}

/// Notes alarms; those that follow each other soon are one, and may be found in pieces.
fn note(case: &mut Case<'_>, rule: &'static str, subject: &str, verdict: Verdict, note: &str) {
    // What the device itself raises arrives also when its position is wrong.
    let blind = std::mem::replace(&mut case.blind, case.vehicle.device.lost());
    let linked = verdict.may.bridged(QUIET_S);
    case.note(rule, subject, Verdict { linked, ..verdict }, note);
    case.blind = blind;
}

fn impacts(case: &Case<'_>) -> Verdict {
    let harder = |least_g: f64| -> Spans {
        let impacts = case.vehicle.life.impacts.iter().filter(|(_, g)| *g >= least_g);
        impacts.map(|(at_s, _)| Span::new(*at_s, at_s + 1.0)).collect()
    };
    Verdict { must: harder(2.75), is: harder(2.5), may: harder(2.25), linked: Spans::default() }
}

fn rollover(case: &Case<'_>) -> Verdict {
    let beyond = |limit_deg: f64| {
        let whole = case.whole();
        let roll = &case.vehicle.life.roll_deg;
        roll.above(whole, limit_deg).or(&roll.below(whole, -limit_deg))
    };
    // From 45° it is a rollover until it is within 25°.
    let lying = beyond(25.0);
    let hysteresis = |limit_deg: f64| -> Spans {
        let over = beyond(limit_deg);
        lying
            .iter()
            .filter_map(|span| {
                let first = over.iter().find(|over| over.meets(span))?;
                Some(Span::new(first.from_s, span.to_s))
            })
            .collect()
    };
    let least_s = case.vehicle.device.standing_s + BLINK_S;
    Verdict { must: hysteresis(47.0).lasting(least_s), is: hysteresis(45.0), may: hysteresis(43.0), linked: lying }
}

fn tamper(case: &mut Case<'_>) {
    let whole = case.whole();
    let life = &case.vehicle.life;
    let seen = |spans: Spans| Verdict { must: spans.lasting(BLINK_S), ..Verdict::plain(spans) };
    let off = |spans: Spans| seen(spans);
    let conditions = [
        ("without power", off(life.external_power.spans(whole, |on| !on)).or(&alarms(case, &[EventKind::PowerCut]))),
        ("its antenna is cut", off(life.antenna_ok.spans(whole, |ok| !ok))),
        ("its case is open", off(life.case_open.spans(whole, |open| *open))),
        ("a door is open", door(case)),
        ("is meddled with", alarms(case, &[EventKind::Tamper])),
    ];
    for (what, verdict) in conditions {
        note(case, "tamper", "any", verdict, what);
    }
}

/// A door that is open where it should not be. At the ends of a shipment that are no zones it may be taken either way.
fn door(case: &Case<'_>) -> Verdict {
    if !case.vehicle.device.equipment.door {
        return Verdict::default();
    }
    let open = case.vehicle.life.door_open.spans(case.whole(), |open| *open);
    let (mut surely_at, mut at, mut perhaps_at) = (Spans::default(), Spans::default(), Spans::default());
    for (zone, trace, effective) in case.zones() {
        if matches!(zone.kind, Kind::StopPlace { .. } | Kind::UnloadingPlace) {
            surely_at = surely_at.or(&trace.spans(|sample| sample.depth_m > SEEN_M).and(effective));
            at = at.or(&trace.inside().and(effective));
            perhaps_at = perhaps_at.or(&trace.spans(|sample| sample.depth_m > -SEEN_M).and(effective));
        }
    }
    let ends = case.vehicle.shipments.iter().flat_map(|shipment| [shipment.origin, shipment.destination]).flatten();
    for spot in ends {
        let area = crate::world::Area::circle(spot.place, spot.radius_m + SEEN_M);
        perhaps_at = perhaps_at.or(&super::Trace::follow(&case.vehicle.life, &case.vehicle.device, &area).inside());
    }
    Verdict {
        must: open.without(&perhaps_at).lasting(BLINK_S),
        is: open.without(&at),
        may: open.without(&surely_at),
        linked: open,
    }
}
