//! `tunnel.code`: in a tunnel whose category, at that time, is closed to the load.
//!
//! Whether a vehicle is in the bore is known from the road it drives on, not from its place: another road may lie above
//! the bore. Who drives there may be taken for one in the tunnel only as a possibility.

use super::{Case, presence::ERROR_M, verdict::Verdict};
use crate::{
    life::{Span, Spans},
    world::{Kind, Zone},
};

/// So near in time to a passage of the bore, in seconds, whoever is seen over it is seen in it.
const APPROACH_S: f64 = 60.0;

pub(super) fn judge(case: &mut Case<'_>) {
    let mut noted = Vec::new();
    for (zone, trace, effective) in case.zones() {
        let closed = closed(case, zone).and(effective);
        if !matches!(zone.kind, Kind::Tunnel(..)) || closed.is_empty() {
            continue;
        }
        let bore = case.vehicle.life.motion.in_tunnel(&zone.name, case.whole());
        let over = trace.spans(|sample| sample.depth_m + sample.off_m > -ERROR_M);
        let around = bore.widened(APPROACH_S);
        let passing = Verdict { must: bore.clone(), is: bore.clone(), may: over.and(&around).or(&bore), linked: bore };
        let passing = passing.during(&closed, 2.0 * case.interval_s());
        let above = over.without(&around).and(&closed);
        noted.push((zone, passing, above));
    }
    // A gap from portal to portal is no blindness but what a passage looks like.
    let bores: Spans =
        noted.iter().flat_map(|(_, passing, _)| passing.is.widened(APPROACH_S).iter().collect::<Vec<_>>()).collect();
    let seen = case.blind.without(&bores);
    let blind = std::mem::replace(&mut case.blind, seen);
    for (zone, passing, above) in noted {
        case.note("tunnel.code", &zone.subject(), passing, &format!("in the {}", zone.name));
        let first = case.found.len();
        let seen = Verdict { may: above.clone(), linked: above.bridged(APPROACH_S), ..Verdict::default() };
        case.note("tunnel.code", &zone.subject(), seen, &format!("on a road over the {}", zone.name));
        for found in case.found.iter_mut().skip(first) {
            found.only_possible = true;
            found.stretch.splits = true;
        }
    }
    case.blind = blind;
}

/// When the tunnel is closed to what the vehicle carries.
fn closed(case: &Case<'_>, zone: &Zone) -> Spans {
    let Kind::Tunnel(usual, by_time) = &zone.kind else { return Spans::default() };
    let whole = case.whole();
    let closed_in = |category| case.cargo(|on_board| on_board.kept_out_of(category));
    let mut left = Spans::new([whole]);
    let mut closed = Spans::default();
    for (category, schedule) in by_time {
        let then = super::open_spans(case.judge.world, Some(schedule), whole).and(&left);
        closed = closed.or(&closed_in(*category).and(&then));
        left = left.without(&then);
    }
    closed.or(&closed_in(*usual).and(&left)).and(&Spans::new([Span::new(whole.from_s, whole.to_s)]))
}
