//! What lies ahead: zones that the vehicle is about to enter and may not, while it can still turn.
//!
//! The way ahead is the approved route where the vehicle is on it, else straight on; as far as it comes at its present speed
//! in the warning time of the rule.

use super::state::Clear;
use crate::{
    domain::{Place, RuleKey},
    geo::{LocalFrame, LocalPoint, Margins, Path, PathEnd, Presence, Transition, destination, quick_m, step as pass},
    rules::{
        EpisodeBook, RuleMemory, Step, Warning,
        area::{AreaMeaning, meaning, subject_of},
        on_route, seconds_after,
    },
    world::KnownZone,
};

/// Warns of forbidden zones and tunnels ahead, and of zones whose conditions are not met.
pub(super) fn warn(memory: &mut RuleMemory, clear: Option<&Clear>, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    let RuleMemory { warned, restricted, on_route, .. } = memory;
    let Some(speed_kmh) = step.fix.speed_kmh.filter(|_| step.motion.moving) else { return };
    let longest_s = [RuleKey::ZoneProhibited, RuleKey::ZoneRestricted, RuleKey::TunnelCode, RuleKey::TimeBan]
        .into_iter()
        .map(|rule| warning_time_s(rule, step))
        .fold(0.0, f64::max);
    let reach_m = speed_kmh / 3.6 * longest_s;
    let is_clear = |clear: &Clear| {
        clear.world_version == step.scene.world.version() && clear.clearance.holds_around(step.fix.place, reach_m)
    };
    if reach_m <= 0.0 || !warned.is_due(step.time()) || clear.is_some_and(is_clear) {
        return;
    }
    let mut ahead_m = 0.0;
    for leg in way_ahead(on_route, step, reach_m).windows(2) {
        let [from, to] = leg else { continue };
        let leg_m = quick_m(*from, *to);
        step.scene.world.zones_near(&Path::new(*from, *to), 0.0, |known| {
            let is_inside = step.presences.iter().any(|here| here.zone == known.zone.id && here.entered().is_some());
            if is_inside || !known.zone.in_force(step.time()) {
                return;
            }
            let rule = match meaning(known, &step.scene) {
                Some(AreaMeaning::Breach(rule)) => rule,
                Some(AreaMeaning::Context) if restricted.forbids_entry(known, &step.scene) => RuleKey::ZoneRestricted,
                Some(AreaMeaning::Context) | None => return,
            };
            let Some((share, place)) = entry_on(known, step, *from, *to) else { return };
            let distance_m = ahead_m + share * leg_m;
            let in_s = distance_m / (speed_kmh / 3.6);
            let subject = subject_of(&known.zone);
            if in_s <= warning_time_s(rule, step) && warned.is_new(rule, &subject, step.time()) {
                book.warn(Warning {
                    rule,
                    subject,
                    zone: Some((known.zone.id, known.zone.version)),
                    at: step.time(),
                    in_s,
                    distance_m: Some(distance_m),
                    place: Some(place),
                });
            }
        });
        ahead_m += leg_m;
    }
}

/// How long before a breach of `rule` the driver is warned, in seconds.
fn warning_time_s(rule: RuleKey, step: &Step<'_>) -> f64 {
    let rules = step.scene.rules;
    let warn_s = match rule {
        RuleKey::ZoneProhibited => rules.zone_prohibited.as_ref().map(|rule| rule.parameters.prewarn_s),
        RuleKey::ZoneRestricted => rules.zone_restricted.as_ref().map(|rule| rule.parameters.prewarn_s),
        RuleKey::TunnelCode => rules.tunnel_code.as_ref().map(|rule| rule.parameters.prewarn_s),
        RuleKey::TimeBan => rules.time_ban.as_ref().map(|rule| rule.parameters.prewarn_s),
        _ => None,
    };
    warn_s.unwrap_or(0.0)
}

/// The way ahead as a line of places, beginning where the vehicle is.
fn way_ahead(on_route: &on_route::Memory, step: &Step<'_>, reach_m: f64) -> Vec<Place> {
    let here = step.fix.place;
    let along_route = step.scene.world.route_of(step.scene.shipment).and_then(|known| {
        let on = on_route.point_on(known.route.id)?;
        Some(known.line.stretch(on.along_m, on.along_m + reach_m))
    });
    let mut way = vec![here];
    match (along_route, step.fix.heading_deg) {
        (Some(stretch), _) => way.extend(stretch),
        (None, Some(heading_deg)) => way.extend(straight_on(here, heading_deg, reach_m)),
        (None, None) => {}
    }
    way
}

/// The place straight ahead, in the local projection: headings are not so exact that the ellipsoid mattered.
fn straight_on(here: Place, heading_deg: f64, reach_m: f64) -> Option<Place> {
    let (east, north) = heading_deg.to_radians().sin_cos();
    let ahead = LocalPoint { east_m: reach_m * east, north_m: reach_m * north };
    // Over the antimeridian the projection has no place.
    LocalFrame::at(here).place(ahead).or_else(|| destination(here, heading_deg, reach_m))
}

/// Where the straight way enters the zone: as a share of the way, and the place.
fn entry_on(known: &KnownZone, step: &Step<'_>, from: Place, to: Place) -> Option<(f64, Place)> {
    const SPAN_S: f64 = 1000.0;
    let end = |place, second| PathEnd { at: seconds_after(step.time(), second), place, accuracy_m: Some(0.0) };
    let (from, to) = (end(from, 0.0), end(to, SPAN_S));
    let outside = Presence::Outside { candidate_entry: None };
    let passage = pass(&known.area, &outside, &from, &to, &Margins::ZERO);
    passage.transitions.iter().find_map(|transition| match transition {
        Transition::Entered { point, .. } => Some(((point.at - from.at).as_seconds_f64() / SPAN_S, point.place)),
        Transition::Left { .. } => None,
    })
}
