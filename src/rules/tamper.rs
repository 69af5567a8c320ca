//! `tamper`: somebody meddles with the unit or the load.
//!
//! Each kind is an alarm of its own. Readings show `power_cut` (the unit lost the vehicle's supply), `antenna` (cut or short),
//! `case` (the unit's case is open) and `door` (a door to the load is open while the vehicle moves, or where it neither may stop
//! nor is loaded or unloaded); these last until a reading says otherwise. Alarms of the device (`power_cut`, `tamper`) are over
//! after a quiet time, unless a reading shows that they last. Sources: JT/T 808 alarm bits 5, 6, 8 and 31; SCDF HTVTS.

use serde::{Deserialize, Serialize};

use super::{
    EpisodeBook, Sighting, Step,
    alarms::{OpenAlarms, QUIET_S},
    pack::Rule,
    parameters::{self, ParameterError, positive},
    shown::Shown,
};
use crate::domain::{DeviceEvent, DeviceEventKind, Place, Subject};

/// What a rule pack can set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// A device's alarm that is not repeated for this long is over, in seconds (proposed: 600).
    pub quiet_s: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { quiet_s: QUIET_S }
    }
}

impl parameters::Parameters for Parameters {
    fn check(&self) -> Result<(), ParameterError> {
        positive("quiet_s", self.quiet_s)
    }
}

/// What readings show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// That the unit has no supply from the vehicle.
    #[serde(skip_serializing_if = "Shown::is_blank")]
    pub power_cut: Shown,
    /// That the antenna is cut or short.
    #[serde(skip_serializing_if = "Shown::is_blank")]
    pub antenna: Shown,
    /// That the unit's case is open.
    #[serde(skip_serializing_if = "Shown::is_blank")]
    pub case: Shown,
    /// That a door is open where it may not be.
    #[serde(skip_serializing_if = "Shown::is_blank")]
    pub door: Shown,
}

/// The alarm about the unit's supply, which readings and the device share.
const POWER_CUT: &str = "power_cut";

/// Judges what a fix says of the unit and of the doors.
pub fn judge(
    rule: &Rule<Parameters>,
    memory: &mut Memory,
    alarms: &mut OpenAlarms,
    step: &Step<'_>,
    book: &mut EpisodeBook<'_>,
) {
    let sensors = &step.fix.sensors;
    let mut follow = |kind: &'static str, wrong: Option<bool>, shown: &mut Shown| {
        let Some(wrong) = wrong else { return };
        if !wrong && shown.is_blank() && alarms.is_empty() {
            return;
        }
        let subject = Subject::Alarm(kind.into());
        if wrong {
            shown.note(step);
            alarms.release(rule.key, &subject);
            book.see(rule, Sighting { subject, ..step.sighting() });
        } else {
            let (at, place) = shown.end(step).unwrap_or((step.time(), step.place));
            book.close(rule.key, &subject, at, place);
        }
    };
    follow(POWER_CUT, sensors.external_power.map(|on| !on), &mut memory.power_cut);
    follow("antenna", sensors.antenna_ok.map(|whole| !whole), &mut memory.antenna);
    follow("case", sensors.case_open, &mut memory.case);
    follow("door", sensors.door_open.map(|open| open && !doors_may_be_open(step)), &mut memory.door);
}

fn doors_may_be_open(step: &Step<'_>) -> bool {
    let ground = &step.ground;
    let may_stop = ground.in_stop_place || ground.in_unloading_place || step.scene.is_site(step.place);
    may_stop && !step.motion.moving
}

/// Notes an alarm of the device; `place` is where the vehicle was by then.
pub fn reported(
    rule: &Rule<Parameters>,
    memory: &Memory,
    alarms: &mut OpenAlarms,
    event: &DeviceEvent,
    place: Option<Place>,
    book: &mut EpisodeBook<'_>,
) {
    let is_power = event.kind == DeviceEventKind::PowerCut;
    let subject = Subject::Alarm(if is_power { POWER_CUT } else { "tamper" }.into());
    if !is_power || memory.power_cut.is_blank() {
        alarms.raise(rule.key, subject.clone(), event.time, rule.parameters.quiet_s);
    }
    book.see(rule, Sighting { subject, ..Sighting::of_vehicle(event.time, place) });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{Episode, Fix, RuleKey, Site, ZoneKind, position::Sensors},
        testing::*,
    };

    fn episodes(story: &Story) -> Vec<&Episode> {
        story.of_rule(RuleKey::Tamper)
    }

    fn power(second: f64, on: bool) -> Fix {
        sensing(driving(second, 60.0), Sensors { external_power: Some(on), ..Sensors::default() })
    }

    fn door(fix: Fix, open: bool) -> Fix {
        sensing(fix, Sensors { door_open: Some(open), ..Sensors::default() })
    }

    #[test]
    fn a_cut_supply_is_an_alarm_until_a_reading_says_that_it_is_back() {
        let mut story = Story::new(Some("1203"), Vec::new());
        story.drive(&[power(0.0, true), power(10.0, false), driving(15.0, 60.0), power(20.0, false)]);
        story.wait_until(90_000.0);
        assert_eq!(episodes(&story)[0].closed_at, None, "silence says nothing");
        story.drive(&[power(90_000.0, false), power(90_010.0, true)]);
        let [cut] = episodes(&story)[..] else { panic!("one episode") };
        assert_eq!((cut.opened_at, cut.closed_at), (at(10.0), Some(at(90_010.0))));
        assert_eq!(cut.subject.to_string(), "alarm/power_cut");
    }

    #[test]
    fn after_a_silence_with_the_supply_back_the_cut_lasted_as_long_as_is_known() {
        let mut story = Story::new(Some("1203"), Vec::new());
        story.drive(&[power(0.0, false), power(10.0, false), power(1_000.0, true)]);
        assert_eq!(episodes(&story)[0].closed_at, Some(at(10.0)));
    }

    #[test]
    fn the_kinds_are_open_side_by_side() {
        let mut story = Story::new(Some("1203"), Vec::new());
        let sensors = Sensors { antenna_ok: Some(false), case_open: Some(true), ..Sensors::default() };
        story.drive(&[sensing(driving(0.0, 60.0), sensors)]);
        story.drive(&[sensing(driving(5.0, 60.0), Sensors { antenna_ok: Some(true), ..Sensors::default() })]);
        let subjects: Vec<String> = story.open().iter().map(|open| open.subject.to_string()).collect();
        assert_eq!(subjects, ["alarm/case"], "of the case the second fix says nothing");
        assert_eq!(episodes(&story).len(), 2);
    }

    #[test]
    fn a_door_may_be_open_where_the_vehicle_may_stop_and_is_loaded_or_unloaded_but_not_while_it_moves() {
        let zones = vec![
            zone(1, ZoneKind::StopPlace { supervised: false }, [0.0, -50.0, 200.0, 50.0]),
            zone(2, ZoneKind::UnloadingPlace {}, [1_000.0, -50.0, 1_200.0, 50.0]),
        ];
        let mut parts = parts(Some("1203"), zones);
        parts.shipments[0].origin = Some(Site { lat: 0.0, lon: 2_000.0 / DEGREE_M, radius_m: 50.0 });
        parts.shipments[0].destination = Some(Site { lat: 0.0, lon: 3_000.0 / DEGREE_M, radius_m: 50.0 });
        let mut story = Story::of(parts);
        let stops = [100.0, 1_100.0, 2_010.0, 3_010.0].into_iter().zip([0.0, 200.0, 400.0, 600.0]);
        story.drive(&stops.map(|(east_m, second)| door(standing(second, east_m, 0.0), true)).collect::<Vec<_>>());
        assert!(episodes(&story).is_empty());
        story.drive(&[door(standing(700.0, 3_100.0, 0.0), true), door(standing(720.0, 3_040.0, 0.0), true)]);
        let [beside] = episodes(&story)[..] else { panic!("one episode") };
        assert_eq!((beside.opened_at, beside.closed_at), (at(700.0), Some(at(720.0))));
        story.drive(&[door(Fix { speed_kmh: Some(10.0), ..fix(730.0, 3_030.0, 0.0) }, true)]);
        assert_eq!(episodes(&story).len(), 2, "it drives with an open door");
        story.drive(&[door(Fix { speed_kmh: Some(30.0), ..fix(740.0, 3_200.0, 0.0) }, false)]);
        assert!(story.open().is_empty());
    }

    #[test]
    fn alarms_of_the_device_are_over_after_a_quiet_time() {
        let mut story = Story::new(Some("1203"), Vec::new());
        story.raise(&event(DeviceEventKind::Tamper, 0.0, 1));
        story.raise(&event(DeviceEventKind::PowerCut, 10.0, 2));
        story.wait_until(610.0);
        let [tamper, power_cut] = episodes(&story)[..] else { panic!("two episodes") };
        assert_eq!((tamper.subject.to_string(), tamper.closed_at), ("alarm/tamper".into(), Some(at(0.0))));
        assert_eq!((power_cut.subject.to_string(), power_cut.closed_at), ("alarm/power_cut".into(), Some(at(10.0))));
    }

    #[test]
    fn a_reading_shows_whether_the_cut_that_the_device_reported_lasts() {
        let mut lasting = Story::new(Some("1203"), Vec::new());
        lasting.raise(&event(DeviceEventKind::PowerCut, 0.0, 1));
        lasting.drive(&[power(5.0, false)]);
        lasting.raise(&event(DeviceEventKind::PowerCut, 6.0, 2));
        lasting.wait_until(2_000.0);
        assert_eq!(lasting.open().iter().filter(|open| open.rule == RuleKey::Tamper).count(), 1);

        let mut restored = Story::new(Some("1203"), Vec::new());
        restored.raise(&event(DeviceEventKind::PowerCut, 0.0, 1));
        restored.drive(&[power(5.0, true)]);
        assert_eq!(episodes(&restored)[0].closed_at, Some(at(5.0)));
        assert!(restored.track.state.rules.alarms.is_empty());
    }

    #[test]
    fn sensors_are_believed_although_the_receiver_is_not_and_the_place_is_the_last_one_known() {
        let mut story = Story::new(
            Some("1203"),
            vec![zone(1, ZoneKind::StopPlace { supervised: false }, [0.0, -50.0, 200.0, 50.0])],
        );
        story.drive(&[door(standing(0.0, 100.0, 0.0), true)]);
        let sensors = Sensors { door_open: Some(true), case_open: Some(true), ..Sensors::default() };
        story.judge(&sensing(fix(5.0, 700_000.0, 0.0), sensors));
        let subjects: Vec<String> = episodes(&story).iter().map(|open| open.subject.to_string()).collect();
        assert_eq!(subjects, ["alarm/case"], "the door is open where it may be");
    }
}
