//! `gnss.implausible` and `gnss.jamming`: a receiver that says what cannot be, and one that is being jammed.
//!
//! Implausible is a position that would need more than 160 km/h, one that stays while the wheels turn, and 0° north 0° east.
//! A wrong clock shows by the same: fixes that bear another time are among those of that time, and far off them. Jamming counts when the receiver reports it for half a minute, or when the device says so.

use super::{Case, alarms, verdict::Verdict};
use crate::{
    device::EventKind,
    life::{FaultKind, Span, Spans},
};

/// No vehicle is faster, in m/s.
const IMPLAUSIBLE_MS: f64 = 160.0 / 3.6;
/// Receiver and clock may make a jump of this look plausible, in metres.
const SLACK_M: f64 = 300.0;
/// Driving so far while the position stays, in metres, cannot be overlooked.
const STUCK_M: f64 = 500.0;
/// Jamming is real when it lasts this long, in seconds.
const HOLD_S: f64 = 30.0;
/// Findings about one disturbance may come at any moment of it, and some minutes after it.
const DISTURBED_S: f64 = 600.0;

pub(super) fn judge(case: &mut Case<'_>) {
    let blind = std::mem::take(&mut case.blind);
    implausible(case);
    jamming(case);
    case.blind = blind;
}

fn implausible(case: &mut Case<'_>) {
    let interval_s = case.interval_s();
    let lost = case.vehicle.device.lost();
    let motion = &case.vehicle.life.motion;
    let mut found = Vec::new();
    for fault in &case.vehicle.device.faults {
        let span = fault.span;
        let driven_m = motion.odometer_m(span.to_s) - motion.odometer_m(span.from_s);
        let (sure, perhaps, also_s) = match fault.kind {
            FaultKind::Null => (true, true, 0.0),
            FaultKind::Jump { east_m, north_m } => {
                let reach_m = IMPLAUSIBLE_MS * 2.0 * interval_s;
                let off_m = east_m.hypot(north_m);
                (off_m > reach_m + SLACK_M, off_m > SLACK_M, 0.0)
            }
            FaultKind::Frozen => (driven_m > STUCK_M, driven_m > 0.0, 0.0),
            FaultKind::Clock { ahead_s } => {
                let places = motion.at(span.from_s).zip(motion.at(span.from_s + ahead_s));
                let off_m = places.map_or(0.0, |(here, there)| here.place.distance_m(there.place));
                (off_m > IMPLAUSIBLE_MS * 2.0 * interval_s + SLACK_M, true, ahead_s)
            }
            FaultKind::Jammed => (false, true, 0.0),
            FaultKind::Jitter { .. } => continue,
        };
        let when = |holds: bool| if holds { Spans::new([span]) } else { Spans::default() };
        let must = when(sure && !lost.meet(span));
        found.push((Verdict { must, is: when(sure), may: when(perhaps), linked: when(true) }, also_s));
    }
    for (verdict, also_s) in found {
        let first = case.found.len();
        case.note("gnss.implausible", "vehicle", verdict, "its receiver or clock is wrong");
        for found in case.found.iter_mut().skip(first) {
            found.tolerance_s = DISTURBED_S;
            found.stretch.splits = true;
            if also_s != 0.0 {
                let Span { from_s, to_s } = found.stretch.span;
                found.also_s.push(Span::new(from_s + also_s, to_s + also_s));
            }
        }
    }
}

fn jamming(case: &mut Case<'_>) {
    let jammed = case.vehicle.life.jamming.spans(case.whole(), |status| *status > 0);
    // The end of the hold is noticed at a fix, which may be a minute later where the vehicle stands.
    let slack_s = case.vehicle.device.standing_s + case.interval_s() + 10.0;
    let reported = Verdict {
        must: jammed.lasting(HOLD_S + slack_s),
        is: jammed.lasting(HOLD_S),
        may: jammed.lasting(HOLD_S - 5.0),
        linked: Spans::default(),
    };
    let verdict = reported.or(&alarms(case, &[EventKind::GnssJamming]));
    let linked = verdict.may.bridged(DISTURBED_S);
    case.note("gnss.jamming", "vehicle", Verdict { linked, ..verdict }, "its receiver is being jammed");
}
