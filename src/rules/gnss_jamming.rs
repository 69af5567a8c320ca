//! `gnss.jamming`: the receiver is being jammed, by its own flag or by the device's alarm.
//!
//! Receivers flip the flag each second (verified: Teltonika AVL 318). So a flag that is off for a few seconds does not end a run
//! of jamming (proposed: 10 s), and a run counts when it has lasted 30 s (proposed). It ends with the last flag; in a silence
//! nothing is known of it. The device's alarm counts at once, and is over after a quiet time. The value is the gravest level of
//! the flag: 1 warning, 2 critical.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    EpisodeBook, Sighting, Step,
    alarms::{OpenAlarms, QUIET_S},
    pack::{Given, Rule},
    parameters::{self, ParameterError, not_negative, positive},
    seconds_between,
};
use crate::domain::{DeviceEvent, Place, Subject};

/// What a rule pack can set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// Jamming counts when it lasts this long, in seconds, as receivers flip its flag each second (verified: Teltonika; the
    /// time is proposed: 30).
    pub hold_s: f64,
    /// The flag may be off for this long in between, in seconds (proposed: 10).
    pub bridge_s: f64,
    /// A device's alarm that is not repeated for this long is over, in seconds (proposed: 600).
    pub quiet_s: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { hold_s: 30.0, bridge_s: 10.0, quiet_s: QUIET_S }
    }
}

impl parameters::Parameters for Parameters {
    const VALUE: Given = Given::Sometimes;

    fn check(&self) -> Result<(), ParameterError> {
        not_negative("hold_s", self.hold_s)?;
        not_negative("bridge_s", self.bridge_s)?;
        positive("quiet_s", self.quiet_s)
    }
}

/// Jamming that goes on, though it may not have lasted long enough yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Memory(Option<Run>);

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Run {
    /// First and last fix with the flag.
    since: Moment,
    last: Moment,
    /// Time of the last fix that said anything of the flag.
    read_at: DateTime<Utc>,
    /// The gravest level.
    level: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Moment {
    at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<Place>,
}

impl Run {
    fn has_lasted(&self, hold_s: f64) -> bool {
        seconds_between(self.since.at, self.last.at) >= hold_s
    }
}

/// Judges the flag of a fix.
pub fn judge(
    rule: &Rule<Parameters>,
    memory: &mut Memory,
    alarms: &mut OpenAlarms,
    step: &Step<'_>,
    book: &mut EpisodeBook<'_>,
) {
    let Some(level) = step.fix.sensors.jamming else { return };
    let jammed = level > 0;
    let Memory(memory) = memory;
    if let Some(run) = memory {
        let silent = seconds_between(run.read_at, step.time()) > step.scene.world.settings().gap_s;
        let off = !jammed && seconds_between(run.last.at, step.time()) > rule.parameters.bridge_s;
        if silent || off {
            end(rule, *run, alarms, book);
            *memory = None;
        } else {
            run.read_at = step.time();
        }
    }
    if !jammed {
        return;
    }
    let now = Moment { at: step.time(), place: step.place };
    let run = memory.get_or_insert(Run { since: now, last: now, read_at: now.at, level });
    run.last = now;
    run.level = run.level.max(level);
    if run.has_lasted(rule.parameters.hold_s) {
        alarms.release(rule.key, &Subject::Vehicle);
        let seen = Sighting::of_vehicle(run.since.at, run.since.place);
        book.see(rule, Sighting { value: Some(run.level.into()), ..seen });
    }
}

fn end(rule: &Rule<Parameters>, run: Run, alarms: &OpenAlarms, book: &mut EpisodeBook<'_>) {
    // An alarm of the device since the last flag has its own time.
    if run.has_lasted(rule.parameters.hold_s) && !alarms.holds(rule.key, &Subject::Vehicle) {
        book.close(rule.key, &Subject::Vehicle, run.last.at, run.last.place);
    }
}

/// Notes that the device says it is jammed; `place` is where the vehicle was by then.
pub fn reported(
    rule: &Rule<Parameters>,
    alarms: &mut OpenAlarms,
    event: &DeviceEvent,
    place: Option<Place>,
    book: &mut EpisodeBook<'_>,
) {
    alarms.raise(rule.key, Subject::Vehicle, event.time, rule.parameters.quiet_s);
    book.see(rule, Sighting::of_vehicle(event.time, place));
}

#[cfg(test)]
mod tests {
    use crate::{
        domain::{DeviceEventKind, Episode, Fix, RuleKey, position::Sensors},
        testing::*,
    };

    fn flag(second: f64, level: u8) -> Fix {
        sensing(driving(second, 60.0), Sensors { jamming: Some(level), ..Sensors::default() })
    }

    /// Each second from `from` to `to` the flag that `level` says.
    fn flags(from: u32, to: u32, level: impl Fn(u32) -> u8) -> Vec<Fix> {
        (from..=to).map(|second| flag(f64::from(second), level(second))).collect()
    }

    fn episodes(story: &Story) -> Vec<&Episode> {
        story.of_rule(RuleKey::GnssJamming)
    }

    #[test]
    fn a_flag_that_flips_each_second_for_half_a_minute_is_jamming_since_it_began() {
        let mut story = Story::new(Some("1203"), Vec::new());
        let flips = |second: u32| u8::from(second.is_multiple_of(2));
        story.drive(&flags(0, 29, flips));
        assert!(episodes(&story).is_empty());
        story.drive(&flags(30, 60, flips));
        story.drive(&flags(61, 75, |_| 0));
        let [jamming] = episodes(&story)[..] else { panic!("one episode") };
        assert_eq!((jamming.opened_at, jamming.closed_at), (at(0.0), Some(at(60.0))));
        assert_eq!(jamming.peak, Some(1.0));
    }

    #[test]
    fn a_burst_is_none_and_neither_are_two_with_more_than_a_few_seconds_in_between() {
        let mut story = Story::new(Some("1203"), Vec::new());
        story.drive(&flags(0, 70, |second| u8::from(second <= 20 || second >= 42)));
        assert!(episodes(&story).is_empty());
        story.drive(&flags(71, 72, |_| 1));
        assert_eq!(episodes(&story)[0].opened_at, at(42.0));
    }

    #[test]
    fn a_pause_as_long_as_the_bridge_does_not_end_it() {
        let mut story = Story::new(Some("1203"), Vec::new());
        story.drive(&flags(0, 40, |second| u8::from(second <= 15 || second >= 26)));
        assert_eq!(episodes(&story)[0].opened_at, at(0.0));
        let mut story = Story::new(Some("1203"), Vec::new());
        story.drive(&flags(0, 40, |second| u8::from(second <= 15 || second >= 27)));
        assert!(episodes(&story).is_empty());
    }

    #[test]
    fn fixes_that_say_nothing_of_it_neither_end_nor_begin_it() {
        let mut story = Story::new(Some("1203"), Vec::new());
        story.drive(&[flag(0.0, 2), driving(20.0, 60.0), driving(40.0, 60.0), flag(60.0, 1)]);
        let [jamming] = episodes(&story)[..] else { panic!("one episode") };
        assert_eq!((jamming.opened_at, jamming.peak), (at(0.0), Some(2.0)));
    }

    #[test]
    fn in_a_silence_nothing_is_known_of_it() {
        let mut story = Story::new(Some("1203"), Vec::new());
        story.drive(&[flag(0.0, 1), flag(30.0, 1), flag(300.0, 1)]);
        let [jamming] = episodes(&story)[..] else { panic!("one episode") };
        assert_eq!(jamming.closed_at, Some(at(30.0)));
        story.drive(&[flag(330.0, 1)]);
        assert_eq!(episodes(&story)[1].opened_at, at(300.0));
    }

    #[test]
    fn the_device_s_alarm_counts_at_once_and_is_over_after_a_quiet_time() {
        let mut story = Story::new(Some("1203"), Vec::new());
        story.drive(&[flag(0.0, 1)]);
        story.raise(&event(DeviceEventKind::GnssJamming, 1.0, 1));
        story.drive(&flags(2, 20, |_| 0));
        assert_eq!(episodes(&story)[0].closed_at, None, "a flag that was off so soon says nothing against it");
        story.wait_until(601.0);
        let [jamming] = episodes(&story)[..] else { panic!("one episode") };
        assert_eq!((jamming.opened_at, jamming.closed_at, jamming.peak), (at(1.0), Some(at(1.0)), None));
    }

    #[test]
    fn jamming_that_the_flag_goes_on_to_show_ends_with_the_flag() {
        let mut story = Story::new(Some("1203"), Vec::new());
        story.raise(&event(DeviceEventKind::GnssJamming, 0.0, 1));
        story.drive(&flags(1, 40, |_| 2));
        story.drive(&flags(41, 60, |_| 0));
        let [jamming] = episodes(&story)[..] else { panic!("one episode") };
        assert_eq!((jamming.closed_at, jamming.peak), (Some(at(40.0)), Some(2.0)));
    }

    #[test]
    fn the_flag_of_a_fix_that_jamming_led_astray_counts_too() {
        let mut story = Story::new(Some("1203"), Vec::new());
        story.drive(&[flag(0.0, 1)]);
        let astray = |second: f64| sensing(fix(second, 700_000.0 + second * 90_000.0, 0.0), flag(second, 1).sensors);
        story.judge(&astray(15.0));
        story.judge(&astray(30.0));
        assert_eq!(episodes(&story).len(), 1);
    }
}
