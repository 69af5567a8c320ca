//! `custom`: a condition of an authority's own, from the pack that the vehicle is judged by.

use super::{Case, verdict::Verdict};
use crate::{
    life::{Span, Spans},
    world::Condition,
};

/// A speed is measured right to this, in km/h.
const ERROR_KMH: f64 = 1.3;

pub(super) fn judge(case: &mut Case<'_>) {
    let world = case.judge.world;
    let own = case.vehicle.facts.jurisdiction.as_deref();
    for pack in world.packs.iter().filter(|pack| Some(pack.jurisdiction.as_str()) == own) {
        for rule in &pack.rules {
            let verdict = holding(case, &rule.condition);
            case.note("custom", &format!("custom/{}", rule.name), verdict, &rule.name);
        }
    }
}

/// When a condition holds; fix by fix, so that two fixes have to fall into what must be seen.
fn holding(case: &Case<'_>, condition: &Condition) -> Verdict {
    let whole = case.whole();
    let motion = &case.vehicle.life.motion;
    let of_class =
        case.cargo(|on_board| on_board.lines().iter().any(|line| line.goods.class.starts_with(&condition.class)));
    let moment = case.judge.world.moment;
    let hours = crate::numbers::count(whole.length_s() / 3_600.0) + 2;
    let first_s = whole.from_s - (moment.at(whole.from_s).timestamp().rem_euclid(3_600)) as f64;
    let hour = |number: u64| Span::new(first_s + number as f64 * 3_600.0, first_s + (number + 1) as f64 * 3_600.0);
    let in_hours: Spans = (0..hours)
        .map(hour)
        .filter(|span| condition.holds_in_hour(moment.at(span.from_s + 1.0)))
        .map(|span| span.cut(whole))
        .collect();
    let then = of_class.and(&in_hours);
    let faster = |kmh: f64| motion.faster_than(whole, kmh).and(&then);
    let may = faster(condition.faster_than_kmh - ERROR_KMH);
    Verdict {
        must: faster(condition.faster_than_kmh + ERROR_KMH).lasting(2.0 * case.interval_s() + 2.0),
        is: faster(condition.faster_than_kmh),
        linked: may.bridged(2.0 * case.interval_s()),
        may,
    }
}
