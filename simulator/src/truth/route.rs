//! `route.deviation` and `route.section_time`: off the prescribed route, or through a part of it too soon or too late.
//!
//! A deviation is being farther from the route than half its width for 60 s and while driving 200 m; it begins where the
//! vehicle leaves the corridor and ends where it is back in. A section counts as passed between the moments when the
//! vehicle is nearest to its two ends.

use super::{
    Case,
    presence::{ERROR_M, Trace},
    verdict::Verdict,
};
use crate::{
    geometry::Place,
    life::{Span, Spans},
    network::route::Path,
    world::{Area, Route},
};

/// Off the route for so long, in seconds …
const HOLD_S: f64 = 60.0;
/// … and so far driven meanwhile, in metres.
const HOLD_M: f64 = 200.0;
/// The accuracy that a receiver usually reports, in metres; it widens the corridor.
const ACCURACY_M: f64 = 4.5;
/// Two moments that are interpolated between fixes are off by no more than this together, in seconds.
const TIMING_S: f64 = 12.0;
/// Who passes this near to a section's end passes it, in metres.
const PASSES_M: f64 = 40.0;

pub(super) fn judge(case: &mut Case<'_>) {
    let vehicle = case.vehicle;
    for shipment in &vehicle.shipments {
        let Some(route) = shipment.route.as_ref().and_then(|name| case.judge.world.routes.get(name)) else { continue };
        let under_way = Span::new(shipment.starts_s, shipment.ends_s).cut(case.whole());
        let (verdict, farthest) = deviation(case, route, under_way);
        case.note_with("route.deviation", &format!("route/{}", route.name), verdict, "off its route", farthest);
        sections(case, route, under_way);
    }
}

fn deviation(case: &Case<'_>, route: &Route, under_way: Span) -> (Verdict, impl Fn(Span) -> Option<f64> + use<>) {
    let life = &case.vehicle.life;
    let corridor = Area::corridor(route.path.clone(), route.half_width_m);
    let trace = Trace::follow(life, &case.vehicle.device, &corridor);
    let shipment = Spans::new([under_way]);
    let driven_m = |span: Span| life.motion.odometer_m(span.to_s) - life.motion.odometer_m(span.from_s);
    let held = |off: Spans, least_s: f64, least_m: f64| -> Spans {
        off.and(&shipment).lasting(least_s).iter().filter(|span| driven_m(*span) >= least_m).collect()
    };
    let slack_s = 2.0 * case.interval_s() + 5.0;
    let surely = trace.spans(|sample| sample.depth_m + sample.off_m < -(ACCURACY_M + 2.5 + ERROR_M));
    let truly = trace.spans(|sample| sample.depth_m < -ACCURACY_M);
    let perhaps = trace.spans(|sample| sample.depth_m - sample.off_m < ERROR_M - ACCURACY_M);
    let off = truly.clone();
    let verdict = Verdict {
        must: held(surely, HOLD_S + slack_s, HOLD_M + 60.0),
        is: held(truly, HOLD_S, HOLD_M),
        may: held(perhaps.clone(), HOLD_S - slack_s, HOLD_M - 60.0),
        linked: perhaps.and(&shipment),
    };
    let half_width_m = route.half_width_m;
    let farthest = move |span: Span| {
        off.meet(span).then(|| half_width_m - trace.shallowest_m(span)).filter(|metres| metres.is_finite())
    };
    (verdict, farthest)
}

fn sections(case: &mut Case<'_>, route: &Route, under_way: Span) {
    let line = Path::along(&route.path, 80.0);
    for (number, section) in route.sections.iter().enumerate() {
        let ends = [section.from_m, section.to_m].map(|along_m| line.at(along_m).map(|(place, _)| place));
        let [Some(begin), Some(end)] = ends else { continue };
        let Some(entered_s) = passes(case, begin, under_way) else { continue };
        let Some(left_s) = passes(case, end, Span::new(entered_s, under_way.to_s)) else { continue };
        let took_s = left_s - entered_s;
        let passage = Spans::new([Span::new(entered_s, left_s)]);
        let outside = |slack_s: f64| {
            section.min_s.is_some_and(|least_s| took_s < least_s + slack_s)
                || section.max_s.is_some_and(|most_s| took_s > most_s - slack_s)
        };
        let when = |holds: bool| if holds { passage.clone() } else { Spans::default() };
        let verdict = Verdict {
            must: when(outside(-TIMING_S)),
            is: when(outside(0.0)),
            may: when(outside(TIMING_S)),
            linked: passage.clone(),
        };
        let subject = format!("section/{}/{number}", route.name);
        case.note_with("route.section_time", &subject, verdict, &section.name, |_| Some(took_s));
    }
}

/// When the vehicle first passes a place.
fn passes(case: &Case<'_>, place: Place, within: Span) -> Option<f64> {
    let motion = &case.vehicle.life.motion;
    let mut nearest: Option<(f64, f64)> = None;
    let mut at_s = within.from_s;
    while at_s <= within.to_s {
        let away_m = motion.at(at_s)?.place.distance_m(place);
        match nearest {
            Some((_, least_m)) if away_m > PASSES_M && least_m <= PASSES_M => break,
            Some((_, least_m)) if away_m >= least_m => {}
            _ if away_m <= PASSES_M => nearest = Some((at_s, away_m)),
            _ => {}
        }
        at_s += ((away_m - PASSES_M) / 40.0).clamp(0.2, 600.0);
    }
    nearest.map(|(at_s, _)| at_s)
}
