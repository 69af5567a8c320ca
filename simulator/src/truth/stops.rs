//! `stop.unauthorised` and `stop.unattended`: standing where one may not, or with nobody near.
//!
//! Standing longer than ten minutes is allowed at stop places, unloading places, and the shipment's origin and
//! destination. Explosives of division 1.1 to 1.3 must not stand so long within 91 m (300 ft, 49 CFR 397.7) of a
//! vulnerable place, not even at a stop place. A load that must be watched is unattended when the driver has been away
//! from the standing vehicle for a minute, unless it stands where somebody watches: at such a stop place, at an unloading
//! place, or at the shipment's origin or destination.

use super::{Case, verdict::Verdict};
use crate::{
    geometry::Place,
    life::{Span, Spans},
    world::{Area, Kind},
};

/// Standing this long is a stop, in seconds.
const STOP_S: f64 = 600.0;
/// Being away this long is leaving it alone, in seconds.
const AWAY_S: f64 = 60.0;
/// Explosives keep so far from vulnerable places, in metres.
const VULNERABLE_M: f64 = 91.0;
/// A standing vehicle is seen right to this, in metres.
const SEEN_M: f64 = 15.0;

pub(super) fn judge(case: &mut Case<'_>) {
    let mut unauthorised = Verdict::default();
    let mut unattended = Verdict::default();
    // A stop is seen at fixes a minute apart.
    let slack_s = 2.0 * case.vehicle.device.standing_s + 30.0;
    for stop in case.vehicle.life.standing().iter() {
        let allowed_m = allowed_m(case, stop);
        let near_m = vulnerable_m(case, stop);
        let bad = |slack_m: f64| allowed_m < slack_m || near_m.is_some_and(|away_m| away_m < VULNERABLE_M + slack_m);
        let lasts = |least_s: f64, bad: bool| {
            if bad && stop.length_s() > least_s { Spans::new([stop]) } else { Spans::default() }
        };
        unauthorised = unauthorised.or(&Verdict {
            must: lasts(STOP_S + slack_s, bad(-SEEN_M)),
            is: lasts(STOP_S, bad(0.0)),
            may: lasts(STOP_S - slack_s, bad(SEEN_M)),
            linked: Spans::default(),
        });
        unattended = unattended.or(&alone(case, stop, slack_s));
    }
    let lasting = |span: Span| Some(span.length_s());
    case.note_with("stop.unauthorised", "vehicle", unauthorised, "stands where it may not", lasting);
    case.note_with("stop.unattended", "vehicle", unattended, "stands alone", lasting);
}

/// How deep the vehicle stands inside a place where it may; negative outside of all.
fn allowed_m(case: &Case<'_>, stop: Span) -> f64 {
    let middle_s = f64::midpoint(stop.from_s, stop.to_s);
    let Some(state) = case.vehicle.life.motion.at(middle_s) else { return f64::INFINITY };
    let allows = |kind: &Kind| matches!(kind, Kind::StopPlace { .. } | Kind::UnloadingPlace);
    deepest_m(case, stop, state.place, allows)
}

/// How deep a place lies inside zones of such a kind, or inside an end of the shipment; negative outside of all.
fn deepest_m(case: &Case<'_>, stop: Span, place: Place, such: impl Fn(&Kind) -> bool) -> f64 {
    let middle_s = f64::midpoint(stop.from_s, stop.to_s);
    let zones = case.zones().filter(|(zone, _, effective)| such(&zone.kind) && effective.holds(middle_s));
    let zones = zones.map(|(zone, _, _)| zone.area.depth_m(place));
    let shipments =
        case.vehicle.shipments.iter().filter(|shipment| Span::new(shipment.starts_s, shipment.ends_s).meets(stop));
    let ends = shipments.flat_map(|shipment| [shipment.origin, shipment.destination]).flatten();
    let ends = ends.map(|spot| Area::circle(spot.place, spot.radius_m).depth_m(place));
    zones.chain(ends).fold(f64::NEG_INFINITY, f64::max)
}

/// How far a load of explosives stands from the nearest vulnerable place.
fn vulnerable_m(case: &Case<'_>, stop: Span) -> Option<f64> {
    let middle_s = f64::midpoint(stop.from_s, stop.to_s);
    let state = case.vehicle.life.motion.at(middle_s)?;
    let explosive = case.vehicle.cargo_at(middle_s).has_explosives();
    let vulnerable = case.zones().filter(|(zone, _, _)| matches!(zone.kind, Kind::VulnerablePlace(_)));
    vulnerable.map(|(zone, _, _)| -zone.area.depth_m(state.place)).reduce(f64::min).filter(|_| explosive)
}

/// When a load that must be watched is left alone during a stop.
fn alone(case: &Case<'_>, stop: Span, slack_s: f64) -> Verdict {
    let middle_s = f64::midpoint(stop.from_s, stop.to_s);
    let life = &case.vehicle.life;
    let Some(state) = life.motion.at(middle_s) else { return Verdict::default() };
    let watches = |kind: &Kind| matches!(kind, Kind::StopPlace { supervised: true } | Kind::UnloadingPlace);
    let watched_m = deepest_m(case, stop, state.place, watches);
    let away = life.driver_present.spans(stop, |present| !present);
    let cargo = case.vehicle.cargo_at(middle_s).must_be_watched();
    let when = |holds: bool, least_s: f64| if holds { away.lasting(least_s) } else { Spans::default() };
    Verdict {
        must: when(cargo == Some(true) && watched_m < -SEEN_M, AWAY_S + slack_s),
        is: when(cargo == Some(true) && watched_m < 0.0, AWAY_S),
        may: when(cargo != Some(false) && watched_m < SEEN_M, AWAY_S - 10.0),
        linked: Spans::default(),
    }
}
