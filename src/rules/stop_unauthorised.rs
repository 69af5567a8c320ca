//! `stop.unauthorised`: a vehicle with dangerous goods stands longer than it may where it may not.
//!
//! It may stand in places for stopping and unloading and where its shipment begins and ends; elsewhere not longer than 10 min
//! (proposed). The violation begins when that time is used up, not when the vehicle stopped.
//!
//! Explosives of 1.1 to 1.3 may not be parked within 300 ft (91 m) of a bridge, a tunnel, a dwelling, or a place where people
//! work or assemble (49 CFR 397.7(a)(3)), a place for stopping or not. Whether a stop is parking in the sense of the law no
//! receiver can tell, so where nothing else is wrong with the stop this is only possible: somebody has to confirm it.
//!
//! The surroundings are looked at once for each stop, after its time has passed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    EpisodeBook, Sighting, Step,
    pack::{Given, Rule},
    parameters::{self, ParameterError, classes, not_negative},
    seconds_after, seconds_between, site,
};
use crate::{
    domain::{Certainty, ClassFilter, EntryKind, Place, Subject, ZoneId, ZoneKind, ZoneVersion},
    geo::Path,
    world::KnownZone,
};

/// What a pack can set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// Longest stop outside a place for stopping, in seconds (proposed: 10 min).
    pub stopped_s: f64,
    /// Nearest that the classes below may stand to a vulnerable place, in metres (verified: 300 ft, 49 CFR 397.7(a)(3)).
    pub vulnerable_m: f64,
    /// The classes that must keep away from vulnerable places (verified: 1.1 to 1.3, 49 CFR 397.7(a)).
    pub vulnerable_classes: Vec<ClassFilter>,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { stopped_s: 600.0, vulnerable_m: 91.0, vulnerable_classes: classes(&["1.1", "1.2", "1.3"]) }
    }
}

impl parameters::Parameters for Parameters {
    /// The distance to a vulnerable place.
    const VALUE: Given = Given::Sometimes;
    const LIMIT: Given = Given::Sometimes;

    fn check(&self) -> Result<(), ParameterError> {
        not_negative("stopped_s", self.stopped_s)?;
        not_negative("vulnerable_m", self.vulnerable_m)
    }
}

/// The stop that is being judged, if one has lasted longer than it may.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Memory(Option<Box<Stop>>);

/// A stop, and what is around it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Stop {
    at: DateTime<Utc>,
    /// Whether it is at the edge of a place where vehicles may stop.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    at_edge: bool,
    /// The nearest vulnerable place, if one is too near for the classes that must keep away from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    near: Option<Near>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Near {
    zone: ZoneId,
    version: ZoneVersion,
    distance_m: f64,
}

/// Judges one fix.
pub fn judge(
    rule: &Rule<parameters::StopUnauthorised>,
    memory: &mut Memory,
    step: &Step<'_>,
    book: &mut EpisodeBook<'_>,
) {
    let parameters = &rule.parameters;
    let over = step.motion.stopped.filter(|(at, _)| seconds_between(*at, step.time()) > parameters.stopped_s);
    if let Some(stop) = &memory.0
        && over.is_none_or(|(at, _)| at != stop.at)
    {
        let (at, place) = step.end();
        book.close(rule.key, &Subject::Vehicle, at, Some(place));
        memory.0 = None;
    }
    let Some((stopped_at, place)) = over else { return };
    let Some(load) = step.scene.cargo.load() else {
        book.close(rule.key, &Subject::Vehicle, step.time(), Some(step.fix.place));
        return;
    };
    let stop = **memory.0.get_or_insert_with(|| Box::new(look(parameters, stopped_at, place, step)));
    let is_handled = step.ground.in_unloading_place || site::is_at_one(step, stopped_at);
    let may_stop = is_handled || step.ground.in_stop_place || stop.at_edge;
    let near = stop.near.filter(|_| !is_handled && load.has_class(&parameters.vulnerable_classes));
    if may_stop && near.is_none() {
        book.close(rule.key, &Subject::Vehicle, step.time(), Some(step.fix.place));
        return;
    }
    let over_at = seconds_after(stopped_at, parameters.stopped_s);
    // Where the time was over at the fix before, something else has changed since: the cargo, or the zones.
    let is_first = step.previous.is_none_or(|previous| previous.key.time <= over_at);
    let (since, entry) = if is_first { (over_at, EntryKind::Crossed) } else { (step.time(), EntryKind::FoundInside) };
    book.see(
        rule,
        Sighting {
            zone: near.map(|near| (near.zone, near.version)),
            certainty: if may_stop { Certainty::Possible } else { Certainty::Observed },
            entry,
            situation: if near.is_some() { "near_vulnerable" } else { "" },
            value: near.map(|near| near.distance_m),
            limit: near.map(|_| parameters.vulnerable_m),
            ..Sighting::of_vehicle(since, Some(place))
        },
    );
}

/// What is around the stop.
fn look(parameters: &Parameters, at: DateTime<Utc>, place: Place, step: &Step<'_>) -> Stop {
    let (world, time) = (step.scene.world, step.time());
    let at_edge = site::may_stand(world, time, place, step.fix.accuracy_m);
    let mut near: Option<Near> = None;
    let nearest_m = parameters.vulnerable_m;
    world.zones_near(&Path::new(place, place), nearest_m, |KnownZone { zone, area, .. }| {
        let is_meant = matches!(zone.kind, ZoneKind::VulnerablePlace { .. });
        if !is_meant || !zone.in_force(time) || !world.is_in_effect(zone, time) {
            return;
        }
        let inside = area.contains(place).then_some(0.0);
        let Some(distance_m) = inside.or_else(|| area.boundary_nearer_than_m(place, nearest_m)) else { return };
        let this = Near { zone: zone.id, version: zone.version, distance_m };
        if near.is_none_or(|near| (distance_m, zone.id) < (near.distance_m, near.zone)) {
            near = Some(this);
        }
    });
    Stop { at, at_edge, near }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{Fix, RuleKey, Severity, Site, Vulnerable, Zone, ZoneKind},
        rules::Change,
        testing::*,
        world::RuleSettings,
    };

    const SQUARE: [f64; 4] = [-100.0, -100.0, 100.0, 100.0];

    fn story_with(un_number: Option<&str>, zones: Vec<Zone>) -> Story {
        with_only(RuleKey::StopUnauthorised, parts(un_number, zones))
    }

    /// Fixes of a vehicle that stands, every 10 s.
    fn stands(from: u32, to: u32, east_m: f64, north_m: f64) -> Vec<Fix> {
        (from..=to).step_by(10).map(|second| standing(f64::from(second), east_m, north_m)).collect()
    }

    fn stop_place() -> ZoneKind {
        ZoneKind::StopPlace { supervised: false }
    }

    fn dwelling() -> ZoneKind {
        ZoneKind::VulnerablePlace { what: Vulnerable::Dwelling }
    }

    #[test]
    fn a_stop_of_more_than_ten_minutes_begins_when_they_are_over_and_ends_when_the_vehicle_moves() {
        let mut story = story_with(Some("1203"), Vec::new());
        assert!(story.drive(&stands(0, 600, 0.0, 0.0)).is_empty(), "ten minutes are allowed");
        let opened = story.drive(&[standing(610.0, 0.0, 0.0)]);
        assert_eq!(opened.len(), 1);
        let episode = &opened[0].episode;
        assert_eq!((episode.rule, episode.opened_at), (RuleKey::StopUnauthorised, at(600.0)));
        assert_eq!(
            (episode.certainty, episode.entry, &*episode.situation),
            (Certainty::Observed, EntryKind::Crossed, "")
        );
        assert_eq!(episode.opened_place, Some(place(0.0, 0.0)));
        assert!(story.drive(&stands(620, 2000, 0.0, 0.0)).is_empty(), "it is one stop");
        let closed = story.drive(&[Fix { speed_kmh: Some(20.0), ..fix(2010.0, 30.0, 0.0) }]);
        assert_eq!((closed[0].change, closed[0].episode.closed_at), (Change::Closed, Some(at(2010.0))));
        assert!(story.drive(&stands(2020, 2600, 60.0, 0.0)).is_empty(), "the next stop has its own ten minutes");
    }

    #[test]
    fn where_vehicles_may_stop_they_may() {
        for kind in [stop_place(), ZoneKind::UnloadingPlace {}] {
            let mut parts = parts(Some("1203"), vec![zone(1, kind, SQUARE)]);
            parts.settings.zone_margins = RuleSettings::default().zone_margins;
            let mut story = with_only(RuleKey::StopUnauthorised, parts);
            assert!(story.drive(&stands(0, 2000, 0.0, 0.0)).is_empty());
            assert!(story.drive(&stands(2010, 4000, 99.0, 0.0)).is_empty(), "at its very edge, too");
            assert!(!story.drive(&stands(4010, 5000, 180.0, 0.0)).is_empty(), "not beside it");
        }
    }

    #[test]
    fn a_vehicle_without_dangerous_goods_may_stand_anywhere_and_one_with_unknown_ones_may_not() {
        let mut parts = parts(None, Vec::new());
        parts.vehicles[0].dangerous_goods = false;
        assert!(with_only(RuleKey::StopUnauthorised, parts).drive(&stands(0, 2000, 0.0, 0.0)).is_empty());
        let opened = story_with(None, Vec::new()).drive(&stands(0, 2000, 0.0, 0.0));
        assert!(opened[0].episode.cargo_unknown);
    }

    #[test]
    fn at_its_origin_and_destination_a_vehicle_may_stand_also_after_the_shipment_has_ended() {
        let site = |east_m, north_m| {
            let middle = place(east_m, north_m);
            Some(Site { lat: middle.lat(), lon: middle.lon(), radius_m: 50.0 })
        };
        let mut parts = parts(Some("1203"), Vec::new());
        parts.shipments[0].origin = site(0.0, 0.0);
        parts.shipments[0].destination = site(2000.0, 0.0);
        parts.shipments[0].ends_at = Some(at(4000.0));
        let mut story = with_only(RuleKey::StopUnauthorised, parts);
        assert!(story.drive(&stands(0, 1000, 40.0, 0.0)).is_empty());
        assert!(story.drive(&stands(3000, 6000, 2000.0, 40.0)).is_empty());
        assert_eq!(story.drive(&stands(7000, 8000, 1000.0, 0.0)).len(), 1);
    }

    #[test]
    fn explosives_near_a_dwelling_need_confirmation_where_stopping_is_allowed() {
        let zones = vec![zone(1, stop_place(), SQUARE), zone(2, dwelling(), [150.0, -10.0, 200.0, 10.0])];
        let mut story = story_with(Some("0081"), zones.clone());
        assert!(story.drive(&stands(0, 1000, 50.0, 0.0)).is_empty(), "100 m off");
        story.drive(&[Fix { speed_kmh: Some(20.0), ..fix(1990.0, 60.0, 0.0) }]);
        let opened = story.drive(&stands(2000, 3000, 70.0, 0.0));
        assert_eq!(opened.len(), 1);
        let episode = &opened[0].episode;
        assert_eq!((&*episode.situation, episode.certainty), ("near_vulnerable", Certainty::Possible));
        assert_eq!(episode.zone, Some((ZoneId(2), ZoneVersion(1))));
        assert!((episode.peak.unwrap() - 80.0).abs() < 1.0 && episode.limit == Some(91.0), "{:?}", episode.peak);
        assert!(story_with(Some("1203"), zones).drive(&stands(0, 1000, 70.0, 0.0)).is_empty(), "petrol may");
    }

    #[test]
    fn explosives_that_may_not_stop_there_anyway_are_near_and_observed() {
        let mut story = story_with(Some("0081"), vec![zone(2, dwelling(), [50.0, -10.0, 200.0, 10.0])]);
        let opened = story.drive(&stands(0, 1000, 0.0, 0.0));
        assert_eq!(opened.len(), 1);
        let episode = &opened[0].episode;
        assert_eq!((&*episode.situation, episode.certainty), ("near_vulnerable", Certainty::Observed));
        assert_eq!(episode.severity, Severity::S2);
    }

    #[test]
    fn explosives_that_are_unloaded_are_not_parked() {
        let zones =
            vec![zone(1, ZoneKind::UnloadingPlace {}, SQUARE), zone(2, dwelling(), [110.0, -10.0, 200.0, 10.0])];
        assert!(story_with(Some("0081"), zones).drive(&stands(0, 2000, 90.0, 0.0)).is_empty());
    }

    #[test]
    fn a_vehicle_that_is_found_where_it_stood_has_stood_there_through_the_gap() {
        let mut story = story_with(Some("1203"), Vec::new());
        let opened = story.drive(&[standing(0.0, 0.0, 0.0), standing(3600.0, 5.0, 0.0)]);
        assert_eq!(opened[0].episode.opened_at, at(600.0));
        let closed = story.drive(&[standing(7200.0, 3000.0, 0.0)]);
        assert_eq!(closed[0].episode.closed_at, Some(at(3600.0)), "nothing is known of the time after");
    }

    #[test]
    fn a_stop_that_becomes_unauthorised_later_begins_then() {
        let mut parts = parts(Some("1203"), Vec::new());
        parts.vehicles[0].dangerous_goods = false;
        parts.shipments[0].starts_at = at(5000.0);
        let opened = with_only(RuleKey::StopUnauthorised, parts).drive(&stands(0, 6000, 0.0, 0.0));
        assert_eq!((opened[0].episode.opened_at, opened[0].episode.entry), (at(5000.0), EntryKind::FoundInside));
    }
}
