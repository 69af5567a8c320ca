//! `zone.prohibited`, `zone.restricted` and `time.ban`: being where the cargo may not be, or not like that, or not now.
//!
//! A zone binds a vehicle while the vehicle is inside, the zone is in effect, and its cargo is meant. Zones of one group
//! share their episodes. A dwell time leaves out shorter stays. A restricted zone is broken while one of its conditions
//! is: the quantity from the entry on, the attendant from when nobody has been on board for five minutes, the speed while it
//! is too high for the usual hold, the stay from the moment when it has become too long.

use std::collections::BTreeMap;

use super::{Case, presence::Trace, speed, verdict::Verdict};
use crate::{
    life::{Span, Spans},
    world::{Conditions, Kind, Zone},
};

/// Nobody may be on board for so long, in seconds, where an attendant must be.
const ESCORT_S: f64 = 300.0;

/// A moment's difference in the clocks of a schedule and a fix may cost two fixes, and some seconds, to be seen.
fn window_slack_s(case: &Case<'_>) -> f64 {
    2.0 * case.interval_s() + 10.0
}

pub(super) fn judge(case: &mut Case<'_>) {
    let mut verdicts: BTreeMap<(&'static str, String), (Verdict, String)> = BTreeMap::new();
    for (zone, trace, effective) in case.zones() {
        let (rule, verdict) = match &zone.kind {
            Kind::Prohibited(cargo) => {
                let bound = effective.and(&case.cargo(|on_board| on_board.concerned_by(cargo)));
                ("zone.prohibited", staying(case, zone, trace, &bound))
            }
            Kind::TimeBan(cargo) => {
                let bound = effective.and(&case.cargo(|on_board| on_board.concerned_by(cargo)));
                ("time.ban", staying(case, zone, trace, &bound))
            }
            Kind::Restricted(cargo, conditions) => {
                let bound = effective.and(&case.cargo(|on_board| on_board.concerned_by(cargo)));
                let inside = staying(case, zone, trace, &bound);
                ("zone.restricted", broken(case, conditions, &inside))
            }
            _ => continue,
        };
        let entry = verdicts.entry((rule, zone.subject())).or_insert_with(|| (Verdict::default(), zone.name.clone()));
        entry.0 = entry.0.or(&verdict);
    }
    for ((rule, subject), (verdict, name)) in verdicts {
        case.note(rule, &subject, verdict, &format!("in {name}"));
    }
}

/// Being inside while the zone binds, long enough for its dwell time.
fn staying(case: &Case<'_>, zone: &Zone, trace: &Trace, bound: &Spans) -> Verdict {
    let presence = trace.presence();
    if presence.may.is_empty() {
        return presence;
    }
    let presence =
        if *bound == Spans::new([case.whole()]) { presence } else { presence.during(bound, window_slack_s(case)) };
    let Some(dwell_s) = zone.dwell_s else { return presence };
    let slack_s = 2.0 * case.interval_s() + 10.0;
    let long = |spans: &Spans, least_s: f64| spans.lasting(least_s.max(0.0));
    let stays = long(&presence.is, dwell_s + slack_s);
    Verdict {
        must: presence.must.and(&stays),
        is: long(&presence.is, dwell_s),
        may: long(&presence.may, dwell_s - slack_s),
        linked: presence.linked,
    }
}

/// When one of the conditions is broken by who is inside.
fn broken(case: &Case<'_>, conditions: &Conditions, inside: &Verdict) -> Verdict {
    let mut broken = Verdict::default();
    let slack_s = window_slack_s(case);
    if let Some(most_kg) = conditions.max_quantity_kg {
        let too_much = case.cargo(|on_board| on_board.quantity_kg() > most_kg);
        broken = broken.or(&inside.during(&too_much, slack_s));
        // What is not stated may count as too much.
        let unstated = case.cargo(|on_board| on_board.is_mass_unstated());
        broken.may = broken.may.or(&inside.may.and(&unstated));
    }
    if conditions.escort_required {
        let alone = case.vehicle.life.escort.spans(case.whole(), String::is_empty);
        // Whether the five minutes count from the entry or from when the attendant left is open.
        let later = |spans: Spans, after_s: f64| -> Spans {
            spans.iter().map(|span| Span::new(span.from_s + after_s, span.to_s)).collect()
        };
        broken = broken.or(&Verdict {
            must: later(inside.is.and(&alone), ESCORT_S + slack_s).and(&inside.is),
            is: later(inside.is.and(&alone), ESCORT_S),
            may: inside.may.and(&later(alone, ESCORT_S - slack_s)),
            linked: Spans::default(),
        });
    }
    if let Some(most_kmh) = conditions.max_speed_kmh {
        let fast = speed::faster(case, most_kmh);
        let both = Verdict {
            must: fast.must.and(&inside.must),
            is: fast.is.and(&inside.is),
            may: fast.may.and(&inside.linked),
            linked: Spans::default(),
        };
        broken = broken.or(&speed::held(case, &both));
    }
    if let Some(most_s) = conditions.max_stay_s {
        let late = |spans: &Spans, most_s: f64| -> Spans {
            spans.iter().map(|span| Span::new(span.from_s + most_s, span.to_s)).collect()
        };
        broken = broken.or(&Verdict {
            must: late(&inside.is, most_s + slack_s),
            is: late(&inside.is, most_s),
            may: late(&inside.linked, (most_s - slack_s).max(0.0)),
            linked: Spans::default(),
        });
    }
    broken
}
