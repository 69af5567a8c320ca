//! `cargo.valve_open`: a valve or manhole is open while the vehicle moves.
//!
//! Closures of a tank stay closed on the way (China, Order 2019 No. 29, Art. 47). The episode begins when the vehicle moves with
//! one open. A halt at a light does not end it: it is over when a reading says closed, or when the vehicle stands where cargo is
//! loaded or unloaded. The device's own alarm counts anywhere but there, and is over after a quiet time if no reading shows more.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    EpisodeBook, Scene, Sighting, Step,
    alarms::{OpenAlarms, QUIET_S},
    pack::Rule,
    parameters::{self, ParameterError, positive},
    shown::Shown,
};
use crate::{
    domain::{Place, Subject, ZoneKind},
    geo::Path,
};

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

/// What is remembered of a vehicle that moved with an open valve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Memory(Shown);

/// Judges what a fix says of the valves.
pub fn judge(
    rule: &Rule<Parameters>,
    memory: &mut Memory,
    alarms: &mut OpenAlarms,
    step: &Step<'_>,
    book: &mut EpisodeBook<'_>,
) {
    let Some(open) = step.fix.sensors.valve_open else { return };
    let Memory(shown) = memory;
    if !open {
        if shown.is_blank() && alarms.is_empty() {
            return;
        }
        let (at, place) = shown.end(step).unwrap_or((step.time(), step.place));
        book.close(rule.key, &Subject::Vehicle, at, place);
        return;
    }
    if !step.motion.moving {
        if shown.is_blank() {
            return;
        }
        if step.ground.in_unloading_place || step.scene.is_site(step.place) {
            if let Some((at, place)) = shown.end(step) {
                book.close(rule.key, &Subject::Vehicle, at, place);
            }
            return;
        }
    }
    shown.note(step);
    alarms.release(rule.key, &Subject::Vehicle);
    book.see(rule, step.sighting());
}

/// Notes that the device says a valve is open; `place` is where the vehicle was by then.
pub fn reported(
    rule: &Rule<Parameters>,
    memory: &Memory,
    alarms: &mut OpenAlarms,
    (at, place): (DateTime<Utc>, Option<Place>),
    scene: &Scene<'_>,
    book: &mut EpisodeBook<'_>,
) {
    if scene.is_site(place) || place.is_some_and(|place| is_unloading_place(place, scene)) {
        return;
    }
    if memory.0.is_blank() {
        alarms.raise(rule.key, Subject::Vehicle, at, rule.parameters.quiet_s);
    }
    book.see(rule, Sighting::of_vehicle(at, place));
}

fn is_unloading_place(place: Place, scene: &Scene<'_>) -> bool {
    let mut found = false;
    scene.world.zones_near(&Path::new(place, place), 0.0, |known| {
        found |= matches!(known.zone.kind, ZoneKind::UnloadingPlace {})
            && known.zone.in_force(scene.time)
            && scene.world.is_in_effect(&known.zone, scene.time)
            && known.area.contains(place);
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{DeviceEventKind, Episode, Fix, RuleKey, Severity, Site, position::Sensors},
        testing::*,
    };

    fn valve(fix: Fix, open: bool) -> Fix {
        sensing(fix, Sensors { valve_open: Some(open), ..Sensors::default() })
    }

    fn episodes(story: &Story) -> Vec<&Episode> {
        story.of_rule(RuleKey::CargoValveOpen)
    }

    /// Petrol that is unloaded between 900 m and 1,100 m east, and was loaded at the middle of the world.
    fn story() -> Story {
        let mut parts = parts(Some("1203"), vec![zone(1, ZoneKind::UnloadingPlace {}, [900.0, -50.0, 1_100.0, 50.0])]);
        parts.shipments[0].origin = Some(Site { lat: 0.0, lon: 0.0, radius_m: 50.0 });
        Story::of(parts)
    }

    #[test]
    fn an_open_valve_counts_from_the_first_fix_that_moves_with_it_until_a_reading_says_closed() {
        let mut story = story();
        story.drive(&[valve(standing(0.0, 200.0, 0.0), true)]);
        assert!(episodes(&story).is_empty(), "it stands");
        story.drive(&[valve(driving(20.0, 50.0), true), valve(driving(30.0, 50.0), true)]);
        story.drive(&[driving(35.0, 50.0), valve(driving(40.0, 50.0), false)]);
        let [open] = episodes(&story)[..] else { panic!("one episode") };
        assert_eq!((open.opened_at, open.closed_at), (at(20.0), Some(at(40.0))));
        assert_eq!(open.severity, Severity::S1);
    }

    #[test]
    fn a_halt_on_the_way_does_not_end_it_and_standing_where_it_is_unloaded_does() {
        let mut story = story();
        story.drive(&[valve(driving(20.0, 50.0), true), valve(standing(40.0, 400.0, 0.0), true)]);
        story.drive(&[valve(Fix { speed_kmh: Some(50.0), ..fix(60.0, 600.0, 0.0) }, true)]);
        assert_eq!(story.open().len(), 1);
        assert_eq!(story.open()[0].hits, 3);
        story.drive(&[valve(standing(90.0, 1_000.0, 0.0), true)]);
        assert_eq!(episodes(&story)[0].closed_at, Some(at(90.0)));
        assert_eq!(episodes(&story).len(), 1);
    }

    #[test]
    fn the_device_s_alarm_is_over_after_a_quiet_time_or_when_a_reading_says_closed() {
        let mut quiet = story();
        quiet.drive(&[driving(30.0, 50.0)]);
        quiet.raise(&event(DeviceEventKind::ValveOpen, 31.0, 1));
        quiet.wait_until(631.0);
        assert_eq!(episodes(&quiet)[0].closed_at, Some(at(31.0)));

        let mut closed = story();
        closed.drive(&[driving(30.0, 50.0)]);
        closed.raise(&event(DeviceEventKind::ValveOpen, 31.0, 1));
        closed.drive(&[valve(driving(40.0, 50.0), false)]);
        assert_eq!(episodes(&closed)[0].closed_at, Some(at(40.0)));
        assert!(closed.track.state.rules.alarms.is_empty());
    }

    #[test]
    fn an_alarm_that_readings_show_too_does_not_end_by_itself() {
        let mut story = story();
        story.drive(&[driving(30.0, 50.0)]);
        story.raise(&event(DeviceEventKind::ValveOpen, 31.0, 1));
        story.drive(&[valve(driving(40.0, 50.0), true)]);
        story.raise(&event(DeviceEventKind::ValveOpen, 41.0, 2));
        story.wait_until(5_000.0);
        assert_eq!(episodes(&story)[0].closed_at, None);
    }

    #[test]
    fn where_it_is_loaded_or_unloaded_the_device_s_alarm_is_none() {
        let mut story = story();
        story.drive(&[standing(0.0, 20.0, 0.0)]);
        story.raise(&event(DeviceEventKind::ValveOpen, 1.0, 1));
        story.drive(&[standing(100.0, 1_000.0, 0.0)]);
        story.raise(&event(DeviceEventKind::ValveOpen, 101.0, 2));
        assert!(episodes(&story).is_empty());
        story.drive(&[standing(200.0, 1_200.0, 0.0)]);
        story.raise(&event(DeviceEventKind::ValveOpen, 201.0, 3));
        assert_eq!(episodes(&story).len(), 1);
    }

    #[test]
    fn the_sensor_is_believed_although_the_receiver_is_not() {
        let mut story = story();
        story.drive(&[driving(30.0, 50.0)]);
        story.judge(&valve(fix(35.0, 700_000.0, 0.0), true));
        assert_eq!(episodes(&story).len(), 1, "it was moving when it was last believed");
    }
}
