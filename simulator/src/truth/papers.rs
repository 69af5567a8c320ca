//! Papers: `doc.no_waybill`, `doc.mismatch`, `doc.expiry`, `crew.missing`, `schedule.window`.
//!
//! - Loaded and driven more than 500 m without a shipment in force.
//! - Goods that vehicle or tank are not approved for, or too much of them, from the shipment's start on; a shipment under
//!   which the vehicle drives without ever having been at its origin.
//! - A document that is valid for 30 days or less, or no longer.
//! - An attendant who should be on board, missing for more than five minutes of driving.
//! - Not at the destination half an hour after it should be, until it is; or there before it may be.

use super::{Case, presence::Trace, verdict::Verdict};
use crate::{
    life::{Span, Spans},
    world::{Area, Document, Shipment, Spot},
};

/// So far one may move a loaded vehicle without a shipment, in metres.
const NO_WAYBILL_M: f64 = 500.0;
/// Documents are due when they are valid for so many days or fewer.
const DUE_DAYS: i64 = 30;
/// An attendant may be away for so long while driving, in seconds.
const CREW_S: f64 = 300.0;
/// So late is late, in seconds.
const LATE_S: f64 = 1_800.0;
/// Arrivals and places are seen right to this, in metres.
const SEEN_M: f64 = 30.0;
/// Driving this far shows that a vehicle is on its way, in metres.
const ON_ITS_WAY_M: f64 = 1_000.0;

pub(super) fn judge(case: &mut Case<'_>) {
    no_waybill(case);
    expiry(case);
    crew(case);
    let vehicle = case.vehicle;
    for shipment in &vehicle.shipments {
        mismatch(case, shipment);
        arrival(case, shipment);
    }
}

fn no_waybill(case: &mut Case<'_>) {
    let life = &case.vehicle.life;
    let shipments = case.vehicle.shipments.iter().map(|shipment| Span::new(shipment.starts_s, shipment.ends_s));
    let papers: Spans = shipments.collect();
    let without = life.loaded.spans(case.whole(), |loaded| *loaded).without(&papers);
    let beyond = |metres: f64| -> Spans {
        without.iter().filter_map(|span| Some(Span::new(driven(case, span, metres)?, span.to_s))).collect()
    };
    let verdict = Verdict {
        must: beyond(NO_WAYBILL_M + 300.0),
        is: beyond(NO_WAYBILL_M),
        may: beyond(NO_WAYBILL_M - 150.0),
        linked: Spans::default(),
    };
    case.note("doc.no_waybill", "vehicle", verdict, "drives loaded without a shipment");
}

/// When the vehicle has driven so many metres within a span.
fn driven(case: &Case<'_>, span: Span, metres: f64) -> Option<f64> {
    let odometer_m = |at_s| case.vehicle.life.motion.odometer_m(at_s);
    let goal_m = odometer_m(span.from_s) + metres;
    if odometer_m(span.to_s) <= goal_m {
        return None;
    }
    let (mut early_s, mut late_s) = (span.from_s, span.to_s);
    for _ in 0..40 {
        let middle_s = f64::midpoint(early_s, late_s);
        if odometer_m(middle_s) <= goal_m { early_s = middle_s } else { late_s = middle_s }
    }
    Some(late_s)
}

fn expiry(case: &mut Case<'_>) {
    let whole = case.whole();
    let drivers = case.judge.world.drivers.iter();
    let own = drivers.filter(|driver| !case.vehicle.life.driver.spans(whole, |code| *code == driver.code).is_empty());
    let documents = case.vehicle.facts.documents.iter().chain(own.flat_map(|driver| &driver.documents));
    let due: Vec<Document> = documents.filter(|document| document.last_day <= DUE_DAYS + 2).cloned().collect();
    for document in due {
        let always = Spans::new([whole]);
        let when = |holds: bool| if holds { always.clone() } else { Spans::default() };
        let verdict = Verdict {
            must: when(document.last_day < DUE_DAYS),
            is: when(document.last_day <= DUE_DAYS),
            may: always.clone(),
            linked: always.clone(),
        };
        let note = format!("valid for {} more days", document.last_day);
        case.note_with("doc.expiry", &format!("document/{}", document.kind), verdict, &note, |_| {
            Some(document.last_day as f64)
        });
    }
}

fn crew(case: &mut Case<'_>) {
    let whole = case.whole();
    let life = &case.vehicle.life;
    let always = case.vehicle.facts.jurisdiction.as_deref() == Some("cn");
    let bound = case.vehicle.shipments.iter().filter(|shipment| shipment.escort_required || always);
    let bound: Spans = bound.map(|shipment| Span::new(shipment.starts_s, shipment.ends_s).cut(whole)).collect();
    let missing = life.escort.spans(whole, String::is_empty).and(&bound);
    let driving = life.motion.faster_than(whole, 5.0).and(&missing);
    let slack_s = 2.0 * case.interval_s() + 10.0;
    // Absences in which there is driving enough, and in which of them all of it comes in one piece.
    let long = |least_s: f64| -> Spans {
        let enough = |absence: &Span| driving.and(&Spans::new([*absence])).total_s() > least_s;
        missing.iter().filter(enough).collect()
    };
    let in_one =
        |absence: &Span| driving.and(&Spans::new([*absence])).iter().any(|one| one.length_s() > CREW_S + slack_s);
    let surely: Spans = missing.iter().filter(in_one).collect();
    let verdict = Verdict {
        must: driving.and(&surely),
        is: driving.and(&long(CREW_S)),
        may: driving.and(&long(CREW_S - slack_s)),
        linked: missing,
    };
    case.note("crew.missing", "vehicle", verdict, "drives without its attendant");
}

fn mismatch(case: &mut Case<'_>, shipment: &Shipment) {
    let facts = &case.vehicle.facts;
    let outside = |allowed: &[String], of: &dyn Fn(&crate::world::Line) -> &'static str| {
        !allowed.is_empty()
            && shipment.lines.iter().any(|line| !allowed.iter().any(|one| of(line).starts_with(one.as_str())))
    };
    let quantity_kg: f64 = shipment.lines.iter().filter_map(|line| line.quantity_kg).sum();
    let wrong = [
        (outside(&facts.licensed_classes, &|line| line.goods.class), "goods of a class that it is not approved for"),
        (outside(&facts.tank_media, &|line| line.goods.un_number), "goods that its tank is not approved for"),
        (facts.rated_load_kg.is_some_and(|most_kg| quantity_kg > most_kg), "more than it may carry"),
    ];
    let under_way = Span::new(shipment.starts_s, shipment.ends_s).cut(case.whole());
    for (_, note) in wrong.into_iter().filter(|(holds, _)| *holds) {
        case.note("doc.mismatch", "any", Verdict::plain(Spans::new([under_way])), note);
    }
    let Some(origin) = shipment.origin else { return };
    let motion = &case.vehicle.life.motion;
    let driven_m = motion.odometer_m(under_way.to_s) - motion.odometer_m(under_way.from_s);
    let all = Spans::new([under_way]);
    let elsewhere = |wider_m: f64| within(case, origin, wider_m, under_way).is_empty();
    // Where it was before the shipment began must be known, or it may have been loaded there before.
    let known_before = case.whole().from_s < under_way.from_s;
    let departs = motion.moving(under_way).as_slice().first().map(|span| span.from_s);
    let departs_elsewhere = departs.is_some_and(|at_s| !within(case, origin, -SEEN_M, under_way).holds(at_s));
    let when = |holds: bool| if holds && driven_m > ON_ITS_WAY_M { all.clone() } else { Spans::default() };
    let verdict = Verdict {
        must: when(elsewhere(SEEN_M) && known_before),
        is: when(elsewhere(0.0)),
        may: when(departs_elsewhere),
        linked: all.clone(),
    };
    case.note("doc.mismatch", "any", verdict, "was never at its origin");
}

/// When the vehicle is within a spot that is so much wider.
fn within(case: &Case<'_>, spot: Spot, wider_m: f64, span: Span) -> Spans {
    let area = Area::circle(spot.place, spot.radius_m + wider_m);
    Trace::follow(&case.vehicle.life, &case.vehicle.device, &area).inside().and(&Spans::new([span]))
}

fn arrival(case: &mut Case<'_>, shipment: &Shipment) {
    let Some(destination) = shipment.destination else { return };
    let under_way = Span::new(shipment.starts_s, shipment.ends_s).cut(case.whole());
    let arrived_s = within(case, destination, 0.0, under_way).as_slice().first().map(|span| span.from_s);
    let mut late_or_early = Verdict::default();
    if let Some(by_s) = shipment.arrive_by_s {
        let until_s = arrived_s.unwrap_or(under_way.to_s);
        let late = |grace_s: f64| Spans::new([Span::new(by_s + grace_s, until_s)]).lasting(1.0);
        late_or_early = late_or_early.or(&Verdict {
            must: late(LATE_S + 240.0),
            is: late(LATE_S),
            may: late(LATE_S - 120.0),
            linked: Spans::default(),
        });
    }
    if let (Some(from_s), Some(arrived_s)) = (shipment.arrive_from_s, arrived_s) {
        let early = Spans::new([Span::new(arrived_s, from_s)]);
        let slack_s = 2.0 * case.interval_s() + 30.0;
        late_or_early = late_or_early.or(&Verdict {
            must: early.lasting(slack_s),
            is: early.lasting(1.0),
            may: Spans::new([Span::new(arrived_s - slack_s, from_s)]).lasting(1.0),
            linked: Spans::default(),
        });
    }
    case.note("schedule.window", "vehicle", late_or_early, "arrives too late or too early");
}
