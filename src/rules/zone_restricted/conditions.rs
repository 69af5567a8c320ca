//! Which conditions of a restricted zone fail.

use chrono::{DateTime, Utc};

use super::{Parameters, Stay};
use crate::{
    domain::{CargoPredicate, EntryKind, Place, ZoneKind},
    rules::{Scene, Sighting, Step, area::subject_of, pack::Rule, seconds_after, seconds_between},
    world::KnownZone,
};

/// The situation of a stay that is too long.
pub const STAY: &str = "stay";
/// A stay that is too long is raised when it has gone on for so much longer, in seconds: not at every fix.
const RAISED_EVERY_S: f64 = 60.0;

/// What is asked about a stay.
pub struct Failing<'a> {
    pub rule: &'a Rule<Parameters>,
    /// The first of the fixes that have not named an attendant, while none does.
    pub unescorted_since: Option<DateTime<Utc>>,
    pub known: &'a KnownZone,
    pub stay: &'a Stay,
    /// When.
    pub until: DateTime<Utc>,
    pub step: &'a Step<'a>,
}

/// The conditions that fail, each as it is seen. The speed counts only where the stay `goes_on`: between fixes it is not known.
pub fn failing(ask: &Failing<'_>, goes_on: bool) -> Vec<Sighting> {
    let Failing { rule, unescorted_since, known, stay, until, step } = *ask;
    let ZoneKind::Restricted { cargo, max_quantity_kg, max_speed_kmh, escort_required, max_stay_s } = &known.zone.kind
    else {
        return Vec::new();
    };
    let (entered_at, entered_place) = stay.entered;
    if known.zone.dwell_s.is_some_and(|dwell_s| seconds_between(entered_at, until) < dwell_s) {
        return Vec::new();
    }
    let parameters = &rule.parameters;
    let seen = |situation, began: (DateTime<Utc>, Place), value, limit| {
        // Two episodes about one zone never begin at one moment: it is the moment that tells them apart.
        let (since, place) = match stay.met_since {
            Some(met_since) if began.0 <= met_since => (met_since, step.place_at(met_since)),
            _ => began,
        };
        Sighting {
            subject: subject_of(&known.zone),
            zone: Some((known.zone.id, known.zone.version)),
            certainty: stay.certainty,
            entry: if since == entered_at { stay.entry } else { EntryKind::Crossed },
            situation,
            value,
            limit,
            ..Sighting::of_vehicle(since, Some(place))
        }
    };
    let mut failing = Vec::new();
    if let Some(quantity_kg) = excess(cargo, *max_quantity_kg, &step.scene) {
        failing.push(seen("quantity", (entered_at, entered_place), quantity_kg, *max_quantity_kg));
    }
    let missing_since = unescorted_since
        .filter(|since| *escort_required && seconds_between(*since, until) >= parameters.escort_missing_s);
    if let Some(missing_since) = missing_since {
        let since = if missing_since > entered_at {
            (missing_since, step.place_at(missing_since))
        } else {
            (entered_at, entered_place)
        };
        failing.push(seen("escort", since, None, None));
    }
    let over =
        stay.over_since.filter(|(since, _)| goes_on && seconds_between(*since, until) >= parameters.speed_hold_s);
    if let Some(since) = over {
        failing.push(seen("speed", since, step.fix.speed_kmh, *max_speed_kmh));
    }
    let stayed_s = seconds_between(entered_at, until);
    if let Some(max_s) = max_stay_s.filter(|max_s| stayed_s > *max_s) {
        let since = seconds_after(entered_at, max_s);
        let so_far_s = stay.raised_to_s.filter(|raised_to_s| goes_on && stayed_s < raised_to_s + RAISED_EVERY_S);
        failing.push(seen(STAY, (since, step.place_at(since)), Some(so_far_s.unwrap_or(stayed_s)), Some(max_s)));
    }
    failing
}

/// Whether there is too much of the goods that a zone names, and how much in kilograms, if that is known.
pub fn excess(cargo: &CargoPredicate, max_quantity_kg: Option<f64>, scene: &Scene<'_>) -> Option<Option<f64>> {
    let max_kg = max_quantity_kg?;
    let quantity_kg = scene.cargo.load()?.quantity_kg(cargo);
    quantity_kg.is_none_or(|quantity_kg| quantity_kg > max_kg).then_some(quantity_kg)
}

/// Notes whether the vehicle is too fast for the zone by this fix. A fix that says nothing of the speed changes nothing.
pub fn follow_speed(stay: &mut Stay, known: &KnownZone, step: &Step<'_>) {
    let ZoneKind::Restricted { max_speed_kmh: Some(max_kmh), .. } = known.zone.kind else {
        stay.over_since = None;
        return;
    };
    let Some(speed_kmh) = step.fix.speed_kmh else { return };
    if speed_kmh > max_kmh {
        stay.over_since.get_or_insert((step.time(), step.fix.place));
    } else {
        stay.over_since = None;
    }
}
