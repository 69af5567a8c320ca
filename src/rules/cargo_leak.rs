//! `cargo.leak`: cargo is escaping, by a gas detector or by the device's own alarm.
//!
//! Two situations: `warn` from 10 % of the lower explosive limit on, `alarm` from 20 % (general) or when the device says leak.
//! The air is clean again some way below the warning (proposed), so that a reading that wavers makes one episode. A detector
//! that never saw gas does not speak against the device: its alarm ends by itself, after a quiet time.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    EpisodeBook, Sighting, Step,
    alarms::{OpenAlarms, QUIET_S},
    pack::{Given, Rule},
    parameters::{self, ParameterError, less, not_negative, positive, range},
    shown::Shown,
};
use crate::domain::{Place, Subject};

/// What a rule pack can set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// Gas that is noticed, in percent of the lower explosive limit (general: 10).
    pub warn_pct_lel: f64,
    /// Gas that is a leak, in percent of the lower explosive limit (general: 20 to 25).
    pub alarm_pct_lel: f64,
    /// The air is clean again this far below what is noticed, in percentage points (proposed: 2).
    pub return_pct_lel: f64,
    /// A device's alarm that is not repeated for this long is over, in seconds (proposed: 600).
    pub quiet_s: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { warn_pct_lel: 10.0, alarm_pct_lel: 20.0, return_pct_lel: 2.0, quiet_s: QUIET_S }
    }
}

impl parameters::Parameters for Parameters {
    const VALUE: Given = Given::Sometimes;
    const LIMIT: Given = Given::Sometimes;

    fn check(&self) -> Result<(), ParameterError> {
        range("alarm_pct_lel", self.alarm_pct_lel, 0.1, 100.0)?;
        positive("warn_pct_lel", self.warn_pct_lel)?;
        less("warn_pct_lel", self.warn_pct_lel, "alarm_pct_lel", self.alarm_pct_lel)?;
        not_negative("return_pct_lel", self.return_pct_lel)?;
        less("return_pct_lel", self.return_pct_lel, "warn_pct_lel", self.warn_pct_lel)?;
        positive("quiet_s", self.quiet_s)
    }
}

/// Whether the detector sees gas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Memory(Shown);

/// Judges the gas that a fix reports.
pub fn judge(
    rule: &Rule<Parameters>,
    memory: &mut Memory,
    alarms: &mut OpenAlarms,
    step: &Step<'_>,
    book: &mut EpisodeBook<'_>,
) {
    let Some(gas_pct_lel) = step.fix.sensors.gas_pct_lel else { return };
    let Memory(shown) = memory;
    let Parameters { warn_pct_lel, alarm_pct_lel, return_pct_lel, .. } = rule.parameters;
    if gas_pct_lel >= warn_pct_lel {
        let alarm = gas_pct_lel >= alarm_pct_lel;
        let (situation, limit) = if alarm { ("alarm", alarm_pct_lel) } else { ("warn", warn_pct_lel) };
        shown.note(step);
        alarms.release(rule.key, &Subject::Vehicle);
        book.see(rule, Sighting { situation, value: Some(gas_pct_lel), limit: Some(limit), ..step.sighting() });
        return;
    }
    if shown.is_blank() {
        return;
    }
    if gas_pct_lel > warn_pct_lel - return_pct_lel {
        shown.note(step);
    } else if let Some((at, place)) = shown.end(step).filter(|_| !alarms.holds(rule.key, &Subject::Vehicle)) {
        book.close(rule.key, &Subject::Vehicle, at, place);
    }
}

/// Notes that the device says that cargo escapes.
pub fn reported(
    rule: &Rule<Parameters>,
    alarms: &mut OpenAlarms,
    at: DateTime<Utc>,
    place: Option<Place>,
    book: &mut EpisodeBook<'_>,
) {
    alarms.raise(rule.key, Subject::Vehicle, at, rule.parameters.quiet_s);
    book.see(rule, Sighting { situation: "alarm", ..Sighting::of_vehicle(at, place) });
}

#[cfg(test)]
mod tests {
    use crate::{
        domain::{DeviceEventKind, Episode, Fix, RuleKey, Severity, position::Sensors},
        rules::{
            Change,
            pack::{RulePacks, SeverityFacts},
        },
        testing::*,
    };

    fn gas(second: f64, pct_lel: f64) -> Fix {
        sensing(driving(second, 60.0), Sensors { gas_pct_lel: Some(pct_lel), ..Sensors::default() })
    }

    fn episodes(story: &Story) -> Vec<&Episode> {
        story.of_rule(RuleKey::CargoLeak)
    }

    #[test]
    fn a_tenth_of_the_explosive_limit_warns_and_a_fifth_is_a_leak_of_the_same_episode() {
        let mut story = Story::new(Some("1978"), Vec::new());
        story.drive(&[gas(0.0, 9.9)]);
        assert!(episodes(&story).is_empty());
        story.drive(&[gas(10.0, 10.0), gas(20.0, 19.9)]);
        assert_eq!((&*episodes(&story)[0].situation, episodes(&story)[0].severity), ("warn", Severity::S2));
        let changes = story.drive(&[gas(30.0, 20.0)]);
        assert_eq!(changes[0].change, Change::Raised);
        let [leak] = episodes(&story)[..] else { panic!("one episode") };
        assert_eq!((&*leak.situation, leak.severity), ("alarm", Severity::S1));
        assert_eq!((leak.opened_at, leak.peak, leak.limit), (at(10.0), Some(20.0), Some(20.0)));
    }

    #[test]
    fn a_reading_that_wavers_at_the_warning_is_one_episode() {
        let mut story = Story::new(Some("1978"), Vec::new());
        story.drive(&[gas(0.0, 12.0), gas(10.0, 8.1), gas(20.0, 11.0), driving(25.0, 60.0), gas(30.0, 8.1)]);
        assert_eq!(episodes(&story)[0].closed_at, None);
        story.drive(&[gas(40.0, 8.0)]);
        assert_eq!(episodes(&story).len(), 1);
        assert_eq!(episodes(&story)[0].closed_at, Some(at(40.0)));
    }

    #[test]
    fn the_device_s_alarm_makes_a_warning_a_leak() {
        let mut story = Story::new(Some("1978"), Vec::new());
        story.drive(&[gas(0.0, 12.0)]);
        let changes = story.raise(&event(DeviceEventKind::Leak, 5.0, 1));
        assert_eq!((changes[0].change, changes[0].episode.severity), (Change::Raised, Severity::S1));
        story.drive(&[gas(10.0, 1.0)]);
        assert_eq!(episodes(&story)[0].closed_at, None, "the device spoke last, and has its quiet time");
        story.wait_until(605.0);
        assert_eq!(episodes(&story)[0].closed_at, Some(at(5.0)));
    }

    #[test]
    fn a_detector_that_never_saw_gas_does_not_end_the_device_s_alarm() {
        let mut story = Story::new(Some("1005"), Vec::new());
        story.raise(&event(DeviceEventKind::Leak, 0.0, 1));
        story.drive(&[gas(5.0, 0.0), gas(10.0, 0.0)]);
        assert_eq!(story.open().len(), 1);
    }

    #[test]
    fn gas_that_the_detector_still_sees_does_not_end_by_itself() {
        let mut story = Story::new(Some("1978"), Vec::new());
        story.raise(&event(DeviceEventKind::Leak, 0.0, 1));
        story.drive(&[gas(5.0, 30.0)]);
        story.wait_until(10_000.0);
        assert_eq!(episodes(&story)[0].closed_at, None);
        story.drive(&[gas(10_010.0, 0.0)]);
        assert_eq!(episodes(&story)[0].closed_at, Some(at(5.0)), "after the silence it is not known to have lasted");
    }

    #[test]
    fn every_pack_grades_a_warning_below_what_calls_responders_and_a_leak_as_that() {
        let packs = RulePacks::builtin().unwrap();
        for jurisdiction in packs.jurisdictions() {
            let rule = packs.in_force(jurisdiction, at(0.0)).unwrap().cargo_leak.as_ref().unwrap();
            let grade = |situation| rule.severity.grade(&SeverityFacts { situation, ..SeverityFacts::NONE });
            assert!(grade("warn") < Severity::S1, "{jurisdiction}");
            assert_eq!(grade("alarm"), Severity::S1, "{jurisdiction}");
        }
    }

    #[test]
    fn the_sensor_is_believed_although_the_receiver_is_not() {
        let mut story = Story::new(Some("1978"), Vec::new());
        story.drive(&[driving(0.0, 60.0)]);
        story.judge(&sensing(fix(5.0, 700_000.0, 0.0), gas(5.0, 40.0).sensors));
        assert_eq!(episodes(&story)[0].opened_place, Some(place(0.0, 0.0)));
    }
}
