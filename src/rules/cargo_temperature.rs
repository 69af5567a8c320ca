//! `cargo.temperature`: the cargo is warmer or colder than its shipment allows.
//!
//! Three situations: `low`, `high`, and `emergency`, from the temperature on at which emergency measures have to be taken
//! (ADR 2.2.41.1.17, 2.2.52.1.16). A cargo is well again only some way inside its limits (proposed), so that a thermometer that
//! wavers at a limit makes one episode.

use serde::{Deserialize, Serialize};

use super::{
    EpisodeBook, Sighting, Step,
    pack::{Given, Rule},
    parameters::{self, ParameterError, not_negative},
    shown::Shown,
};
use crate::domain::{CargoLimits, Subject};

/// What a rule pack can set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// The cargo is well again this far inside its limits, in kelvin (proposed: 0.5).
    pub return_k: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { return_k: 0.5 }
    }
}

impl parameters::Parameters for Parameters {
    const VALUE: Given = Given::Always;
    const LIMIT: Given = Given::Always;

    fn check(&self) -> Result<(), ParameterError> {
        not_negative("return_k", self.return_k)
    }
}

/// What is remembered of a cargo that is not well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// Whether it is beyond a limit, or back but not far enough.
    #[serde(skip_serializing_if = "Shown::is_blank")]
    pub shown: Shown,
    /// Whether it is the low limit.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cold: bool,
}

/// Judges the temperature that a fix reports.
pub fn judge(rule: &Rule<Parameters>, memory: &mut Memory, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    let Some(cargo_c) = step.fix.sensors.tank_temperature_c else { return };
    let limits = step.scene.shipment.map(|known| known.shipment.cargo_limits).unwrap_or_default();
    let Some((situation, limit_c)) = breach(cargo_c, &limits) else {
        if !memory.shown.is_blank() {
            if is_well(cargo_c, memory.cold, &limits, rule.parameters.return_k) {
                end(rule, memory, step, book);
            } else {
                memory.shown.note(step);
            }
        }
        return;
    };
    let cold = situation == "low";
    if cold != memory.cold {
        // From too warm to too cold without a reading in between: two different breaches.
        end(rule, memory, step, book);
    }
    memory.cold = cold;
    memory.shown.note(step);
    let (value, limit) = (Some(cargo_c), Some(limit_c));
    book.see(rule, Sighting { situation, value, limit, lower_is_worse: cold, ..step.sighting() });
}

/// The gravest limit that the temperature breaks.
fn breach(cargo_c: f64, limits: &CargoLimits) -> Option<(&'static str, f64)> {
    let emergency = limits.temperature_emergency_c.filter(|limit_c| cargo_c >= *limit_c);
    let high = limits.temperature_max_c.filter(|limit_c| cargo_c > *limit_c);
    let low = limits.temperature_min_c.filter(|limit_c| cargo_c < *limit_c);
    let named = |situation| move |limit_c| (situation, limit_c);
    emergency.map(named("emergency")).or(high.map(named("high"))).or(low.map(named("low")))
}

/// Whether a temperature within the limits is far enough from the one that was broken.
fn is_well(cargo_c: f64, cold: bool, limits: &CargoLimits, return_k: f64) -> bool {
    let lower_c = limits.temperature_min_c;
    let upper_c = [limits.temperature_max_c, limits.temperature_emergency_c].into_iter().flatten().reduce(f64::min);
    // Between limits that lie near to each other the middle is always well.
    let half_k = lower_c.zip(upper_c).map_or(f64::INFINITY, |(lower_c, upper_c)| (upper_c - lower_c).max(0.0) / 2.0);
    let return_k = return_k.min(half_k);
    if cold {
        lower_c.is_none_or(|limit_c| cargo_c >= limit_c + return_k)
    } else {
        upper_c.is_none_or(|limit_c| cargo_c <= limit_c - return_k)
    }
}

fn end(rule: &Rule<Parameters>, memory: &mut Memory, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    memory.cold = false;
    if let Some((at, place)) = memory.shown.end(step) {
        book.close(rule.key, &Subject::Vehicle, at, place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{Episode, Fix, RuleKey, Severity, position::Sensors},
        testing::*,
    };

    /// Organic peroxide that is kept between -10 °C and 20 °C; from 25 °C on it is an emergency.
    fn story() -> Story {
        let mut parts = parts(Some("3115"), Vec::new());
        parts.shipments[0].cargo_limits = CargoLimits {
            temperature_min_c: Some(-10.0),
            temperature_max_c: Some(20.0),
            temperature_emergency_c: Some(25.0),
            ..CargoLimits::default()
        };
        Story::of(parts)
    }

    fn reading(second: f64, cargo_c: f64) -> Fix {
        sensing(driving(second, 60.0), Sensors { tank_temperature_c: Some(cargo_c), ..Sensors::default() })
    }

    fn episodes(story: &Story) -> Vec<&Episode> {
        story.of_rule(RuleKey::CargoTemperature)
    }

    #[test]
    fn too_warm_begins_beyond_the_limit_and_ends_half_a_kelvin_inside() {
        let mut story = story();
        story.drive(&[reading(0.0, 20.0)]);
        assert!(episodes(&story).is_empty(), "the limit itself is allowed");
        story.drive(&[reading(10.0, 20.1), reading(20.0, 22.0), reading(30.0, 19.8), reading(40.0, 20.2)]);
        assert_eq!(episodes(&story)[0].closed_at, None, "it wavers at the limit");
        story.drive(&[reading(50.0, 19.5)]);
        let [warm] = episodes(&story)[..] else { panic!("one episode") };
        assert_eq!((warm.opened_at, warm.closed_at), (at(10.0), Some(at(50.0))));
        assert_eq!((&*warm.situation, warm.severity), ("high", Severity::S2));
        assert_eq!((warm.peak, warm.limit), (Some(22.0), Some(20.0)));
    }

    #[test]
    fn the_emergency_temperature_makes_the_same_episode_critical() {
        let mut story = story();
        story.drive(&[reading(0.0, 24.9)]);
        assert_eq!(episodes(&story)[0].severity, Severity::S2);
        story.drive(&[reading(10.0, 25.0), reading(20.0, 23.0)]);
        let [warm] = episodes(&story)[..] else { panic!("one episode") };
        assert_eq!((&*warm.situation, warm.severity), ("emergency", Severity::S1));
        assert_eq!((warm.peak, warm.limit), (Some(25.0), Some(25.0)));
    }

    #[test]
    fn of_a_cargo_that_is_too_cold_the_lowest_temperature_is_the_peak() {
        let mut story = story();
        story.drive(&[reading(0.0, -10.0)]);
        assert!(episodes(&story).is_empty());
        story.drive(&[reading(10.0, -11.0), reading(20.0, -15.0), reading(30.0, -12.0), reading(40.0, -9.6)]);
        assert_eq!(episodes(&story)[0].closed_at, None);
        story.drive(&[reading(50.0, -9.5)]);
        let [cold] = episodes(&story)[..] else { panic!("one episode") };
        assert_eq!((&*cold.situation, cold.peak, cold.limit), ("low", Some(-15.0), Some(-10.0)));
        assert_eq!(cold.closed_at, Some(at(50.0)));
    }

    #[test]
    fn from_too_cold_to_too_warm_is_two_episodes() {
        let mut story = story();
        story.drive(&[reading(0.0, -12.0), reading(10.0, 21.0)]);
        let [cold, warm] = episodes(&story)[..] else { panic!("two episodes") };
        assert_eq!((&*cold.situation, &*warm.situation), ("low", "high"));
        assert_eq!((cold.closed_at, warm.closed_at), (Some(at(10.0)), None));
    }

    #[test]
    fn a_fix_without_a_reading_says_nothing_and_a_silence_alone_ends_nothing() {
        let mut story = story();
        story.drive(&[reading(0.0, 21.0), driving(5.0, 60.0), reading(600.0, 21.0)]);
        let [warm] = episodes(&story)[..] else { panic!("one episode") };
        assert_eq!((warm.opened_at, warm.closed_at), (at(0.0), None), "before and after the silence it was too warm");
        story.drive(&[reading(1200.0, 15.0)]);
        assert_eq!(episodes(&story)[0].closed_at, Some(at(600.0)), "it is not known to have lasted longer");
    }

    #[test]
    fn without_limits_every_temperature_is_right_and_what_was_open_ends() {
        let mut limitless = Story::new(Some("3115"), Vec::new());
        limitless.drive(&[reading(0.0, 300.0)]);
        assert!(episodes(&limitless).is_empty());

        let mut parts = parts(Some("3115"), Vec::new());
        parts.shipments[0].cargo_limits.temperature_max_c = Some(20.0);
        parts.shipments[0].ends_at = Some(at(10.0));
        let mut unloaded = Story::of(parts);
        unloaded.drive(&[reading(0.0, 21.0), reading(10.0, 21.0)]);
        assert_eq!(episodes(&unloaded)[0].closed_at, Some(at(10.0)));
    }

    #[test]
    fn between_limits_less_than_a_kelvin_apart_the_middle_is_well() {
        let mut parts = parts(Some("3115"), Vec::new());
        parts.shipments[0].cargo_limits =
            CargoLimits { temperature_min_c: Some(5.0), temperature_max_c: Some(5.4), ..CargoLimits::default() };
        let mut story = Story::of(parts);
        story.drive(&[reading(0.0, 6.0), reading(10.0, 5.2)]);
        assert_eq!(episodes(&story)[0].closed_at, Some(at(10.0)));
    }

    #[test]
    fn the_sensor_is_believed_although_the_receiver_is_not() {
        let mut story = story();
        story.drive(&[reading(0.0, 15.0)]);
        story.judge(&sensing(fix(5.0, 700_000.0, 0.0), reading(5.0, 26.0).sensors));
        assert_eq!(episodes(&story)[0].severity, Severity::S1);
        assert_eq!(episodes(&story)[0].opened_place, Some(place(0.0, 0.0)));
    }
}
