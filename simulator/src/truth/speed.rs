//! `speed.limit`: faster than the lowest limit that binds, for longer than a hold.
//!
//! Limits come from the vehicle, from its jurisdiction, and from the zones that it is in; the lowest wins. The speed on
//! which a restricted zone is open is a condition of that zone, and judged as such. Near the edge of
//! a zone it is open which limit binds: what breaks the higher one must be found, what breaks only the lower one may be.

use super::{Case, verdict::Verdict};
use crate::{
    life::{Span, Spans},
    world::Kind,
};

/// Speeding counts when it lasts this long, in seconds.
const HOLD_S: f64 = 10.0;
/// A speed is measured right to this, in km/h, except once in many thousand times.
const ERROR_KMH: f64 = 1.3;

/// A limit and when it binds.
struct Limit {
    kmh: f64,
    surely: Spans,
    truly: Spans,
    perhaps: Spans,
}

pub(super) fn judge(case: &mut Case<'_>) {
    let limits = limits(case);
    let mut over = Verdict::default();
    for limit in &limits {
        let faster = faster(case, limit.kmh);
        over = over.or(&Verdict {
            must: faster.must.and(&limit.surely),
            is: faster.is.and(&limit.truly),
            may: faster.may.and(&limit.perhaps),
            linked: Spans::default(),
        });
    }
    let over = held(case, &over);
    let life = &case.vehicle.life;
    let top = |span: Span| {
        let seconds = (0..).map(|second: u32| span.from_s + f64::from(second)).take_while(|at_s| *at_s <= span.to_s);
        seconds.filter_map(|at_s| life.motion.at(at_s)).map(|state| state.speed_kmh).reduce(f64::max)
    };
    case.note_with("speed.limit", "vehicle", over, "faster than its lowest limit", top);
}

/// Faster than a limit, in all shades.
pub(super) fn faster(case: &Case<'_>, kmh: f64) -> Verdict {
    let faster_than = |kmh: f64| case.vehicle.life.motion.faster_than(case.whole(), kmh);
    Verdict {
        must: faster_than(kmh + ERROR_KMH),
        is: faster_than(kmh),
        may: faster_than((kmh - ERROR_KMH).max(0.0)),
        linked: Spans::default(),
    }
}

/// What lasts as long as the hold; two fixes have to fall into it.
pub(super) fn held(case: &Case<'_>, over: &Verdict) -> Verdict {
    Verdict {
        must: over.must.lasting(HOLD_S + 2.0 * case.interval_s() + 1.0),
        is: over.is.lasting(HOLD_S),
        may: over.may.lasting(HOLD_S - 2.0),
        // One slow fix ends it, so that a short dip may or may not.
        linked: over.may.bridged(2.0 * case.interval_s() + 5.0),
    }
}

fn limits(case: &Case<'_>) -> Vec<Limit> {
    let always = Spans::new([case.whole()]);
    let own = case.vehicle.facts.speed_limit_kmh.into_iter();
    let mut limits: Vec<Limit> =
        own.map(|kmh| Limit { kmh, surely: always.clone(), truly: always.clone(), perhaps: always.clone() }).collect();
    for (zone, trace, effective) in case.zones() {
        let Kind::SpeedLimit(cargo, kmh) = &zone.kind else { continue };
        let bound = effective.and(&case.cargo(|on_board| on_board.concerned_by(cargo)));
        let perhaps = trace.perhaps_not_left().and(&bound.widened(case.interval_s()));
        if !perhaps.is_empty() {
            let (surely, truly) = (trace.surely_inside().and(&bound), trace.inside().and(&bound));
            limits.push(Limit { kmh: *kmh, surely, truly, perhaps });
        }
    }
    limits
}
