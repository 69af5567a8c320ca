//! `doc.mismatch`: what the transport document says does not fit the vehicle or its track.
//!
//! Goods outside the classes that the vehicle is licensed for (Order 2019 No. 29 Art. 22), goods in a tank that is not approved for
//! them (Art. 23), more than the rated load, and goods that were loaded somewhere else than at the origin. Each is an episode of its
//! own; it ends with the shipment.
//!
//! A shipment is compared once, when the vehicle begins to move with it. A class counts by the main hazard. Only stated masses count
//! for the load, so that it may be more than is found here. The origin is judged only of a vehicle that was heard of before the
//! shipment began; that one ends, too, when the vehicle comes to the origin after all.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    EpisodeBook, Sighting, Step,
    pack::{Given, Rule},
    parameters::{self, ParameterError, not_negative},
    site,
};
use crate::{
    domain::{CarriageMode, Certainty, HazardClass, ShipmentId, Site, Subject},
    hazard::LineHazards,
    world::KnownShipment,
};

/// What a pack can set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// More than the rated load counts beyond this much, in kilograms (proposed: 0).
    pub overload_tolerance_kg: f64,
}

impl parameters::Parameters for Parameters {
    /// Kilograms, of an overload.
    const VALUE: Given = Given::Sometimes;
    const LIMIT: Given = Given::Sometimes;

    fn check(&self) -> Result<(), ParameterError> {
        not_negative("overload_tolerance_kg", self.overload_tolerance_kg)
    }
}

/// The shipment that the vehicle was seen with, and how far it has been compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// The shipment.
    #[serde(skip_serializing_if = "Option::is_none")]
    shipment: Option<ShipmentId>,
    /// Whether the vehicle has moved with it, so that it was compared.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    compared: bool,
    /// Whether it was at the origin; nothing more to be asked once it was, or where nobody can say.
    #[serde(skip_serializing_if = "Origin::is_settled")]
    origin: Origin,
}

/// What is known of the vehicle and the shipment's origin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Origin {
    /// It was there, or it is not known where it was.
    #[default]
    Settled,
    /// It has not been there.
    NotSeen,
    /// It has not been there since; when the shipment began it was not heard of, and may have been.
    PerhapsSeen,
}

impl Origin {
    fn is_settled(&self) -> bool {
        *self == Self::Settled
    }
}

const CLASS: &str = "class";
const TANK: &str = "tank";
const OVERLOAD: &str = "overload";
const ORIGIN: &str = "origin";

/// Judges one fix.
pub fn judge(rule: &Rule<parameters::DocMismatch>, memory: &mut Memory, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    let current = step.scene.shipment.map(|known| known.shipment.id);
    if memory.shipment != current {
        if let Some(ended) = memory.shipment {
            let (at, place) = (end_of(ended, step), step.fix.place);
            book.close_where(at, Some(place), |open| open.rule == rule.key);
        }
        *memory = Memory { shipment: current, compared: false, origin: Origin::default() };
        if let Some(site) = step.scene.shipment.and_then(|known| known.shipment.origin) {
            memory.origin = first_seen(&site, step);
        }
    }
    let Some(known) = step.scene.shipment.filter(|_| !memory.compared || !memory.origin.is_settled()) else { return };
    if !memory.origin.is_settled() && known.shipment.origin.is_none_or(|site| site::is_at(&site, step)) {
        memory.origin = Origin::Settled;
        book.close(rule.key, &Subject::Document(ORIGIN.into()), step.time(), Some(step.fix.place));
    }
    if memory.compared || !step.motion.moving {
        return;
    }
    memory.compared = true;
    compare(rule, known, step, book);
    match memory.origin {
        Origin::Settled => {}
        Origin::NotSeen => see(rule, ORIGIN, Certainty::Observed, None, step, book),
        Origin::PerhapsSeen => see(rule, ORIGIN, Certainty::Possible, None, step, book),
    }
}

/// Compares the goods with what the vehicle may carry.
fn compare(rule: &Rule<parameters::DocMismatch>, known: &KnownShipment, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    let vehicle = &step.scene.vehicle.vehicle;
    if !vehicle.licensed_classes.is_empty() {
        let is_licensed = |class: &HazardClass| vehicle.licensed_classes.iter().any(|filter| filter.takes(*class));
        let outside = |line: &LineHazards| {
            let sure = !line.main.is_empty() && !line.main.iter().any(is_licensed);
            let may_be = line.main.is_empty() || !line.main.iter().all(is_licensed);
            may_be.then_some(if sure { Certainty::Observed } else { Certainty::Possible })
        };
        // A document that names no goods names none that are licensed.
        let unnamed = known.profile.lines.is_empty().then_some(Certainty::Possible);
        if let Some(certainty) = known.profile.lines.iter().filter_map(outside).max().or(unnamed) {
            see(rule, CLASS, certainty, None, step, book);
        }
    }
    let goods = &known.shipment.goods;
    if !vehicle.tank_media.is_empty()
        && goods.iter().any(|line| line.mode == CarriageMode::Tank && !vehicle.tank_media.contains(&line.un_number))
    {
        see(rule, TANK, Certainty::Observed, None, step, book);
    }
    if let Some(rated_kg) = vehicle.rated_load_kg {
        let stated_kg: f64 = goods.iter().filter_map(|line| line.quantity_kg).sum();
        if stated_kg > rated_kg + rule.parameters.overload_tolerance_kg {
            see(rule, OVERLOAD, Certainty::Observed, Some((stated_kg, rated_kg)), step, book);
        }
    }
}

fn see(
    rule: &Rule<parameters::DocMismatch>,
    what: &'static str,
    certainty: Certainty,
    measured: Option<(f64, f64)>,
    step: &Step<'_>,
    book: &mut EpisodeBook<'_>,
) {
    let sighting = Sighting {
        subject: Subject::Document(what.into()),
        certainty,
        situation: what,
        value: measured.map(|(value, _)| value),
        limit: measured.map(|(_, limit)| limit),
        ..step.sighting()
    };
    book.see(rule, sighting);
}

/// What the first fix with a shipment says of its origin: the vehicle is there, or the fix before it was.
fn first_seen(site: &Site, step: &Step<'_>) -> Origin {
    let Some(previous) = step.previous else { return Origin::Settled };
    let was_there = site::reaches(step.scene.world, site, previous.place, previous.accuracy_m);
    if was_there || site::is_at(site, step) {
        Origin::Settled
    } else if step.gap {
        Origin::PerhapsSeen
    } else {
        Origin::NotSeen
    }
}

/// When a shipment that is not on board any more ended, as far as that is since the fix before; else now.
fn end_of(shipment: ShipmentId, step: &Step<'_>) -> DateTime<Utc> {
    let known = step.scene.vehicle.shipments.iter().find(|known| known.shipment.id == shipment);
    let ended = known.and_then(|known| known.shipment.ends_at);
    let since = step.previous.map(|previous| previous.key.time);
    ended.filter(|at| *at <= step.time() && since.is_none_or(|since| *at >= since)).unwrap_or_else(|| step.time())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::RuleKey,
        rules::{Change, EpisodeChange},
        testing::*,
    };

    /// What is found, by situation, with how sure it is.
    fn found(changes: &[EpisodeChange]) -> Vec<(&str, Certainty)> {
        let opened = changes.iter().filter(|change| change.change == Change::Opened);
        opened.map(|change| (&*change.episode.situation, change.episode.certainty)).collect()
    }

    /// Stands for a moment, then drives off.
    fn depart(parts: Parts) -> (Story, Vec<EpisodeChange>) {
        let mut story = with_only(RuleKey::DocMismatch, parts);
        assert!(story.drive(&[standing(0.0, 0.0, 0.0)]).is_empty(), "nothing before it moves");
        let changes = story.drive(&[driving(10.0, 36.0), driving(20.0, 36.0)]);
        (story, changes)
    }

    fn site(east_m: f64) -> Option<Site> {
        let middle = place(east_m, 0.0);
        Some(Site { lat: middle.lat(), lon: middle.lon(), radius_m: 50.0 })
    }

    #[test]
    fn goods_that_fit_the_vehicle_are_in_order() {
        let mut parts = parts(Some("1017"), Vec::new());
        parts.vehicles[0].licensed_classes = vec!["2".parse().unwrap()];
        parts.vehicles[0].tank_media = vec!["1017".parse().unwrap()];
        parts.vehicles[0].rated_load_kg = Some(20_000.0);
        parts.shipments[0].goods[0].quantity_kg = Some(20_000.0);
        parts.shipments[0].origin = site(0.0);
        assert!(depart(parts).1.is_empty());
        assert!(depart(crate::testing::parts(Some("1017"), Vec::new())).1.is_empty(), "no limits known");
    }

    #[test]
    fn a_class_that_the_vehicle_is_not_licensed_for_is_found_when_it_moves() {
        let mut parts = parts(Some("1017"), Vec::new());
        parts.vehicles[0].licensed_classes = vec!["8".parse().unwrap(), "3".parse().unwrap()];
        let (story, changes) = depart(parts);
        assert_eq!(found(&changes), [("class", Certainty::Observed)], "its subsidiary hazard 8 does not count");
        assert_eq!(changes[0].episode.subject.to_string(), "document/class");
        assert_eq!((changes[0].episode.rule, changes[0].episode.opened_at), (RuleKey::DocMismatch, at(10.0)));
        assert_eq!(story.open().len(), 1);
    }

    #[test]
    fn goods_that_nobody_knows_are_possibly_outside_a_licence() {
        let mut parts = parts(Some("9999"), Vec::new());
        parts.vehicles[0].licensed_classes = vec!["3".parse().unwrap()];
        assert_eq!(found(&depart(parts).1), [("class", Certainty::Possible)]);
    }

    #[test]
    fn a_tank_is_for_its_media_and_a_package_needs_none() {
        let mut parts = parts(Some("1203"), Vec::new());
        parts.vehicles[0].tank_media = vec!["1202".parse().unwrap()];
        assert_eq!(found(&depart(parts).1), [("tank", Certainty::Observed)]);
        let mut parts = crate::testing::parts(Some("1203"), Vec::new());
        parts.vehicles[0].tank_media = vec!["1202".parse().unwrap()];
        parts.shipments[0].goods[0].mode = CarriageMode::Packages;
        assert!(depart(parts).1.is_empty());
    }

    #[test]
    fn more_than_the_rated_load_says_how_much_it_is() {
        let mut parts = parts(Some("1203"), Vec::new());
        parts.vehicles[0].rated_load_kg = Some(10_000.0);
        let line = crate::domain::GoodsLine { quantity_kg: Some(6_000.0), ..parts.shipments[0].goods[0].clone() };
        parts.shipments[0].goods = vec![line.clone(), line];
        let (_, changes) = depart(parts);
        assert_eq!(found(&changes), [("overload", Certainty::Observed)]);
        assert_eq!((changes[0].episode.peak, changes[0].episode.limit), (Some(12_000.0), Some(10_000.0)));
    }

    #[test]
    fn it_is_said_once_and_ends_with_the_shipment() {
        let mut parts = parts(Some("1203"), Vec::new());
        parts.vehicles[0].tank_media = vec!["1202".parse().unwrap()];
        parts.shipments[0].ends_at = Some(at(55.0));
        let (mut story, _) = depart(parts);
        let changes = story.drive(&[standing(30.0, 250.0, 0.0), driving(40.0, 36.0), driving(60.0, 36.0)]);
        assert_eq!(changes.len(), 1);
        assert_eq!((changes[0].change, changes[0].episode.closed_at), (Change::Closed, Some(at(55.0))));
    }

    #[test]
    fn a_vehicle_that_was_never_at_the_origin_has_loaded_somewhere_else() {
        let mut parts = parts(Some("1203"), Vec::new());
        parts.shipments[0].starts_at = at(5.0);
        parts.shipments[0].origin = site(400.0);
        let (mut story, changes) = depart(parts);
        assert_eq!(found(&changes), [("origin", Certainty::Observed)]);
        let closed = story.drive(&[driving(30.0, 36.0), driving(36.0, 36.0)]);
        assert_eq!((closed[0].change, closed[0].episode.closed_at), (Change::Closed, Some(at(36.0))), "it comes there");
        assert_eq!(closed.len(), 1);
    }

    #[test]
    fn a_vehicle_that_was_at_the_origin_when_the_shipment_began_is_in_order() {
        let mut parts = parts(Some("1203"), Vec::new());
        parts.shipments[0].starts_at = at(5.0);
        parts.shipments[0].origin = site(0.0);
        assert!(depart(parts).1.is_empty());
    }

    #[test]
    fn of_a_vehicle_that_was_not_heard_of_before_nobody_can_say_where_it_loaded() {
        let mut parts = parts(Some("1203"), Vec::new());
        parts.shipments[0].origin = site(5_000.0);
        assert!(depart(parts).1.is_empty(), "its first fix came with the shipment");
        let mut parts = crate::testing::parts(Some("1203"), Vec::new());
        parts.shipments[0].starts_at = at(5.0);
        parts.shipments[0].origin = site(5_000.0);
        let mut story = with_only(RuleKey::DocMismatch, parts);
        let changes = story.drive(&[standing(0.0, 0.0, 0.0), driving(1000.0, 36.0)]);
        assert_eq!(found(&changes), [("origin", Certainty::Possible)], "it may have been there in the gap");
    }
}
