//! `stop.unattended`: nobody is at a standing vehicle whose cargo needs attendance.
//!
//! Which cargo: 1.1 to 1.3 at all times (49 CFR 397.5(a)); the goods and quantities of ADR 8.4 and 8.5, for which class 1 and
//! high-consequence goods stand. Somebody else attends in a supervised place for stopping, and on the premises where the goods are
//! loaded and unloaded (49 CFR 397.5(b), ADR 8.4.1: secure premises). That the driver may be 60 s away is proposed; the
//! violation begins when that time is used up.
//!
//! Only the sensor that says whether the driver is there shows it. What it said before and after a gap makes it possible, not
//! more; a fix without a reading changes nothing.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    EpisodeBook, Sighting, Step,
    pack::Rule,
    parameters::{self, ParameterError, classes, not_negative},
    seconds_after, seconds_between, site,
};
use crate::{
    domain::{CargoPredicate, Certainty, Subject},
    hazard::LoadProfile,
};

/// What a pack can set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// Longest time without anybody at a standing vehicle, in seconds (proposed: 60).
    pub unattended_s: f64,
    /// The cargo that needs attendance: what any of these takes (proposed: class 1 and high-consequence goods).
    pub cargo: Vec<CargoPredicate>,
}

impl Default for Parameters {
    fn default() -> Self {
        let class_1 = CargoPredicate { classes: classes(&["1"]), ..CargoPredicate::default() };
        let high_consequence = CargoPredicate { high_consequence: Some(true), ..CargoPredicate::default() };
        Self { unattended_s: 60.0, cargo: vec![class_1, high_consequence] }
    }
}

impl parameters::Parameters for Parameters {
    fn check(&self) -> Result<(), ParameterError> {
        not_negative("unattended_s", self.unattended_s)?;
        self.cargo.iter().try_for_each(|cargo| {
            cargo.min_quantity_kg.map_or(Ok(()), |quantity| not_negative("cargo.min_quantity_kg", quantity))
        })
    }
}

/// Since when the sensor has said that nobody is there, while the vehicle stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Memory(Option<DateTime<Utc>>);

/// Judges one fix.
pub fn judge(
    rule: &Rule<parameters::StopUnattended>,
    memory: &mut Memory,
    step: &Step<'_>,
    book: &mut EpisodeBook<'_>,
) {
    let is_away = step.fix.sensors.driver_present.map(|present| !present);
    if is_away != Some(true) && memory.0.is_none() {
        return;
    }
    let stopped = step.motion.stopped.filter(|(at, _)| is_away != Some(false) && is_needed(rule, *at, step));
    // It may stand somewhere else than before, with no fix that shows how it got there.
    if memory.0.is_some_and(|away_since| stopped.is_none_or(|(stopped_at, _)| away_since < stopped_at)) {
        let (at, place) = step.end();
        book.close(rule.key, &Subject::Vehicle, at, Some(place));
        memory.0 = None;
    }
    let Some((_, place)) = stopped.filter(|_| is_away == Some(true)) else { return };
    let away_since = *memory.0.get_or_insert(step.time());
    if seconds_between(away_since, step.time()) > rule.parameters.unattended_s {
        let certainty = if step.gap { Certainty::Possible } else { Certainty::Observed };
        let since = seconds_after(away_since, rule.parameters.unattended_s);
        book.see(rule, Sighting { certainty, ..Sighting::of_vehicle(since, Some(place)) });
    }
}

/// Whether the cargo needs attendance, and nobody else than the driver gives it here.
fn is_needed(rule: &Rule<parameters::StopUnattended>, stopped_at: DateTime<Utc>, step: &Step<'_>) -> bool {
    let ground = &step.ground;
    let needs = |load: &LoadProfile| rule.parameters.cargo.iter().any(|kind| load.is_taken_by(kind));
    let others_attend = ground.in_unloading_place || (ground.in_stop_place && ground.is_supervised);
    step.scene.cargo.load().is_some_and(needs) && !others_attend && !site::is_at_one(step, stopped_at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{Fix, RuleKey, Zone, ZoneKind, position::Sensors},
        rules::Change,
        testing::*,
    };

    fn story_with(un_number: Option<&str>, zones: Vec<Zone>) -> Story {
        with_only(RuleKey::StopUnattended, parts(un_number, zones))
    }

    fn with_driver(present: impl Into<Option<bool>>, fix: Fix) -> Fix {
        Fix { sensors: Sensors { driver_present: present.into(), ..Sensors::default() }, ..fix }
    }

    /// A vehicle that stands, and nobody is there.
    fn left_alone(second: f64) -> Fix {
        with_driver(false, standing(second, 0.0, 0.0))
    }

    #[test]
    fn a_driver_who_is_away_for_more_than_a_minute_leaves_explosives_unattended() {
        let mut story = story_with(Some("0081"), Vec::new());
        story.drive(&[with_driver(true, standing(0.0, 0.0, 0.0))]);
        let before = [left_alone(10.0), left_alone(40.0), left_alone(70.0)];
        assert!(story.drive(&before).is_empty(), "a minute is allowed");
        let opened = story.drive(&[left_alone(80.0)]);
        assert_eq!(opened[0].episode.rule, RuleKey::StopUnattended);
        assert_eq!((opened[0].episode.opened_at, opened[0].episode.certainty), (at(70.0), Certainty::Observed));
        let closed = story.drive(&[with_driver(true, standing(90.0, 0.0, 0.0))]);
        assert_eq!((closed[0].change, closed[0].episode.closed_at), (Change::Closed, Some(at(90.0))));
    }

    #[test]
    fn a_fix_without_a_reading_neither_opens_nor_closes() {
        let mut story = story_with(Some("0081"), Vec::new());
        story.drive(&[left_alone(0.0)]);
        assert!(story.drive(&[standing(70.0, 0.0, 0.0)]).is_empty());
        assert_eq!(story.drive(&[left_alone(80.0)]).len(), 1);
        assert!(story.drive(&[standing(90.0, 0.0, 0.0)]).is_empty());
        assert_eq!(story.open().len(), 1);
    }

    #[test]
    fn cargo_that_needs_no_attendance_may_be_left() {
        let fixes = [left_alone(0.0), left_alone(40.0), left_alone(80.0), left_alone(120.0)];
        assert!(story_with(Some("1202"), Vec::new()).drive(&fixes).is_empty(), "diesel");
        assert_eq!(story_with(Some("1017"), Vec::new()).drive(&fixes).len(), 1, "chlorine is of high consequence");
        assert_eq!(story_with(None, Vec::new()).drive(&fixes).len(), 1, "nobody knows what it is");
    }

    #[test]
    fn somebody_else_attends_in_a_supervised_place_and_where_cargo_is_unloaded() {
        let square = [-100.0, -100.0, 100.0, 100.0];
        let fixes = [left_alone(0.0), left_alone(40.0), left_alone(80.0), left_alone(120.0)];
        let opened = |kind| story_with(Some("0081"), vec![zone(1, kind, square)]).drive(&fixes).len();
        assert_eq!(opened(ZoneKind::StopPlace { supervised: true }), 0);
        assert_eq!(opened(ZoneKind::UnloadingPlace {}), 0);
        assert_eq!(opened(ZoneKind::StopPlace { supervised: false }), 1);
    }

    #[test]
    fn absence_before_and_after_a_gap_is_possible_until_it_is_seen_to_last() {
        let mut story = story_with(Some("0081"), Vec::new());
        let opened = story.drive(&[left_alone(0.0), left_alone(400.0)]);
        assert_eq!((opened[0].episode.certainty, opened[0].episode.opened_at), (Certainty::Possible, at(60.0)));
        let surer = story.drive(&[left_alone(410.0)]);
        assert_eq!((surer[0].change, surer[0].episode.certainty), (Change::Raised, Certainty::Observed));
    }

    #[test]
    fn a_vehicle_that_moves_is_attended_and_one_that_stands_elsewhere_has_moved() {
        let mut story = story_with(Some("0081"), Vec::new());
        story.drive(&[left_alone(0.0), left_alone(80.0)]);
        let moved = story.drive(&[with_driver(false, standing(110.0, 300.0, 0.0))]);
        assert_eq!(moved[0].episode.closed_at, Some(at(110.0)));
        assert!(story.drive(&[with_driver(false, standing(160.0, 300.0, 0.0))]).is_empty(), "a minute begins anew");
        story.drive(&[with_driver(false, standing(180.0, 300.0, 0.0))]);
        let driving = Fix { speed_kmh: Some(30.0), ..with_driver(false, fix(190.0, 330.0, 0.0)) };
        assert_eq!(story.drive(&[driving])[0].change, Change::Closed);
    }
}
