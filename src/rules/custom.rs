//! `custom`: a condition of an authority's own, written in its rule pack over the facts of a fix.
//!
//! An episode opens with the first fix that fulfils the condition and ends with the first that does not. A fix that lacks the facts
//! which the condition asks for changes nothing, and a gap by itself ends nothing: the conditions are about what a fix shows, and
//! what it showed before and after the gap is the same.

use std::sync::Arc;

use chrono::{Datelike, Timelike};

use super::{
    EpisodeBook, Sighting, Step,
    pack::{Condition, ConditionFacts, Rule},
    speed_limit,
};
use crate::domain::{RuleKey, Subject, ZoneId};

/// Judges one fix.
pub fn judge(rules: &[Rule<Condition>], step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    // Rules that the pack does not have any more.
    book.close_where(step.time(), step.place, |open| {
        let is = |rule: &Rule<Condition>| rule.name.is_some() && rule.name.as_deref() == name_of(&open.subject);
        open.rule == RuleKey::Custom && !rules.iter().any(is)
    });
    if rules.is_empty() {
        return;
    }
    let (zone_ids, groups) = zones_of(step);
    let facts = facts(step, &zone_ids, &groups);
    for rule in rules {
        let Some(name) = &rule.name else { continue };
        let subject = Subject::Custom(name.clone());
        match rule.parameters.holds(&facts) {
            Some(true) => book.see(rule, Sighting { subject, ..step.sighting() }),
            Some(false) => {
                let (at, place) = step.end();
                book.close(rule.key, &subject, at, Some(place));
            }
            None => {}
        }
    }
}

fn name_of(subject: &Subject) -> Option<&str> {
    match subject {
        Subject::Custom(name) => Some(name),
        _ => None,
    }
}

/// The zones that the vehicle is in, of those that concern its cargo, and their groups, each once.
fn zones_of(step: &Step<'_>) -> (Vec<ZoneId>, Vec<Arc<str>>) {
    let inside = || step.presences.iter().filter(|presence| presence.entered().is_some());
    let group_of = |zone| step.scene.world.zone_in_force(zone, step.time())?.zone.group.clone();
    let mut groups: Vec<Arc<str>> = inside().filter_map(|presence| group_of(presence.zone)).collect();
    groups.sort_unstable();
    groups.dedup();
    (inside().map(|presence| presence.zone).collect(), groups)
}

fn facts<'a>(step: &'a Step<'a>, zone_ids: &'a [ZoneId], groups: &'a [Arc<str>]) -> ConditionFacts<'a> {
    let (scene, fix) = (&step.scene, step.fix);
    let (vehicle, sensors) = (&scene.vehicle.vehicle, &fix.sensors);
    let limit_kmh = match &scene.rules.speed_limit {
        Some(rule) => speed_limit::limit_kmh(&rule.parameters, step),
        None => [vehicle.speed_limit_kmh, step.ground.limit_kmh].into_iter().flatten().reduce(f64::min),
    };
    let small = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
    ConditionFacts {
        speed_kmh: fix.speed_kmh,
        heading_deg: fix.heading_deg,
        accuracy_m: fix.accuracy_m,
        lat: fix.place.lat(),
        lon: fix.place.lon(),
        utc_hour: small(step.time().hour()),
        weekday: small(step.time().weekday().number_from_monday()),
        moving: step.motion.moving,
        zone_ids,
        groups,
        limit_kmh,
        driver: scene.driver,
        escort: scene.escort,
        loaded: sensors.loaded,
        tank_pressure_kpa: sensors.tank_pressure_kpa,
        tank_temperature_c: sensors.tank_temperature_c,
        tank_level_pct: sensors.tank_level_pct,
        gas_pct_lel: sensors.gas_pct_lel,
        valve_open: sensors.valve_open,
        roll_deg: sensors.roll_deg,
        ignition: fix.ignition,
        load: scene.cargo.load(),
        shipment: scene.shipment.is_some(),
        vehicle: vehicle.code.as_str(),
        operator: vehicle.operator.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        domain::{Fix, RuleKey, Severity, position::Sensors},
        rules::{Change, EpisodeChange, pack::PackDocument},
        testing::*,
    };

    /// The story's pack with custom rules of these names and conditions.
    fn pack_of(rules: &[(&str, &str)]) -> PackDocument {
        let mut document = serde_json::to_value(pack()).unwrap();
        for (name, when) in rules {
            document["rule"].as_array_mut().unwrap().push(json!({
                "key": "custom", "name": name, "citation": "a story", "mark": "proposed", "severity": "S3",
                "parameters": { "when": when },
            }));
        }
        serde_json::from_value(document).unwrap()
    }

    fn story(rules: &[(&str, &str)]) -> Story {
        let mut parts = parts(Some("1203"), vec![zone(4, prohibited(), [500.0, -10.0, 600.0, 10.0])]);
        parts.zones[0].zone.group = Some("port".into());
        parts.packs = packs(pack_of(rules));
        Story::of(parts)
    }

    fn custom(changes: Vec<EpisodeChange>) -> Vec<EpisodeChange> {
        changes.into_iter().filter(|change| change.episode.rule == RuleKey::Custom).collect()
    }

    #[test]
    fn a_condition_opens_when_it_is_true_and_closes_when_it_is_false() {
        let mut story = story(&[("fast-petrol", "speed_kmh > 50.0 && '1203' in un_numbers")]);
        assert!(custom(story.drive(&[driving(0.0, 36.0)])).is_empty());
        let fast = |second: f64| Fix { speed_kmh: Some(60.0), ..driving(second, 36.0) };
        let opened = custom(story.drive(&[fast(10.0), fast(20.0)]));
        assert_eq!(opened.len(), 1);
        let episode = &opened[0].episode;
        assert_eq!((episode.subject.to_string().as_str(), episode.opened_at), ("custom/fast-petrol", at(10.0)));
        assert_eq!(episode.severity, Severity::S3);
        let closed = custom(story.drive(&[driving(30.0, 36.0)]));
        assert_eq!((closed[0].change, closed[0].episode.closed_at), (Change::Closed, Some(at(30.0))));
    }

    #[test]
    fn each_rule_has_its_own_episode() {
        let mut story = story(&[("day", "utc_hour == 8 && weekday == 2"), ("moves", "moving"), ("never", "!shipment")]);
        let opened = custom(story.drive(&[driving(0.0, 36.0)]));
        let subjects: Vec<String> = opened.iter().map(|change| change.episode.subject.to_string()).collect();
        assert_eq!(subjects, ["custom/day", "custom/moves"]);
    }

    #[test]
    fn a_condition_may_ask_for_zones_groups_and_the_limit() {
        let mut story = story(&[("port", "4.0 in zone_ids && 'port' in groups && limit_kmh == 80.0")]);
        assert!(custom(story.drive(&[driving(0.0, 36.0)])).is_empty());
        assert_eq!(custom(story.drive(&[driving(55.0, 36.0)]))[0].change, Change::Opened);
        assert_eq!(custom(story.drive(&[driving(70.0, 36.0)]))[0].change, Change::Closed);
    }

    #[test]
    fn what_nobody_can_say_changes_nothing() {
        let hot = |second: f64, temperature_c: Option<f64>| Fix {
            sensors: Sensors { tank_temperature_c: temperature_c, ..Sensors::default() },
            ..driving(second, 36.0)
        };
        let mut story = story(&[("hot", "tank_temperature_c > 50.0")]);
        assert!(custom(story.drive(&[hot(0.0, None)])).is_empty());
        assert_eq!(custom(story.drive(&[hot(10.0, Some(60.0))])).len(), 1);
        assert!(custom(story.drive(&[hot(20.0, None), hot(400.0, Some(55.0))])).is_empty(), "also after a gap");
        let closed = custom(story.drive(&[hot(800.0, Some(40.0))]));
        assert_eq!(closed[0].episode.closed_at, Some(at(400.0)), "in the gap; it was last seen before it");
    }

    #[test]
    fn a_rule_that_the_pack_does_not_have_any_more_has_nothing_open() {
        let mut before = story(&[("moves", "moving")]);
        before.drive(&[driving(0.0, 36.0)]);
        let mut after = story(&[]);
        after.track = before.track;
        let closed = custom(after.drive(&[driving(10.0, 36.0)]));
        assert_eq!((closed.len(), closed[0].change), (1, Change::Closed));
    }
}
