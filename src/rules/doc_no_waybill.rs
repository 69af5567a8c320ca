//! `doc.no_waybill`: a loaded dangerous-goods vehicle is on the road without a transport document.
//!
//! ADR 5.4; in China the carrier makes a waybill and the driver carries it (Order 2019 No. 29 Art. 24). Loaded is what the sensor
//! says, or, where there is none, the level in the tank. 500 m of driving are proposed, for moving about in a yard; the violation
//! begins where they are used up. It ends when a document is filed or the vehicle is found empty, not when it stops.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    EpisodeBook, Sighting, Step,
    pack::Rule,
    parameters::{self, ParameterError, not_negative, range},
    seconds_after, seconds_between,
};
use crate::{
    domain::{Place, Subject},
    geo::Path,
};

/// What a pack can set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// A loaded vehicle without a transport document may move this far, in metres (proposed: 500).
    pub moved_m: f64,
    /// A tank fuller than this counts as loaded where no sensor says it, in percent (proposed: 5).
    pub loaded_level_pct: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { moved_m: 500.0, loaded_level_pct: 5.0 }
    }
}

impl parameters::Parameters for Parameters {
    fn check(&self) -> Result<(), ParameterError> {
        not_negative("moved_m", self.moved_m)?;
        range("loaded_level_pct", self.loaded_level_pct, 0.0, 100.0)
    }
}

/// How far the vehicle has driven loaded and without a document, in metres; `None` while it is not known to be loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Memory(Option<f64>);

/// Judges one fix.
pub fn judge(rule: &Rule<parameters::DocNoWaybill>, memory: &mut Memory, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    if let Some(known) = step.scene.shipment {
        if memory.0.take().is_some() {
            let (at, place) = within_step(known.shipment.starts_at, step);
            book.close(rule.key, &Subject::Vehicle, at, Some(place));
        }
        return;
    }
    if !step.scene.vehicle.vehicle.dangerous_goods {
        return;
    }
    let is_loaded = is_loaded(&rule.parameters, step);
    if is_loaded == Some(false) && memory.0.take().is_some() {
        book.close(rule.key, &Subject::Vehicle, step.time(), Some(step.fix.place));
    }
    // Loaded by this fix, or by one before it, while no fix has said that it is not.
    let Some(moved_m) = memory.0 else {
        memory.0 = is_loaded.filter(|loaded| *loaded).map(|_| 0.0);
        return;
    };
    if !step.motion.moving {
        return;
    }
    let now_m = moved_m + step.moved_m;
    memory.0 = Some(now_m);
    let limit_m = rule.parameters.moved_m;
    if now_m > limit_m && is_loaded == Some(true) {
        // Nothing is known of the way in a gap.
        let share = if step.gap || moved_m > limit_m { 1.0 } else { (limit_m - moved_m) / step.moved_m };
        let (at, place) = at_share(share, step);
        book.see(rule, Sighting::of_vehicle(at, Some(place)));
    }
}

/// Whether there is cargo on board; `None`: no sensor says.
fn is_loaded(parameters: &Parameters, step: &Step<'_>) -> Option<bool> {
    let sensors = &step.fix.sensors;
    let by_level = || sensors.tank_level_pct.map(|level_pct| level_pct > parameters.loaded_level_pct);
    sensors.loaded.or_else(by_level)
}

/// When and where the vehicle was at a share of the way from the fix before.
fn at_share(share: f64, step: &Step<'_>) -> (DateTime<Utc>, Place) {
    let Some(previous) = step.previous else { return (step.time(), step.fix.place) };
    let elapsed_s = seconds_between(previous.key.time, step.time());
    let place = Path::new(previous.place, step.fix.place).place_at(share);
    (seconds_after(previous.key.time, share * elapsed_s), place)
}

/// The moment `at`, or the nearest one since the fix before, and where the vehicle was then.
fn within_step(at: DateTime<Utc>, step: &Step<'_>) -> (DateTime<Utc>, Place) {
    let elapsed_s = step.elapsed_s().filter(|elapsed_s| *elapsed_s > 0.0);
    let share = elapsed_s.map_or(1.0, |elapsed_s| 1.0 - seconds_between(at, step.time()) / elapsed_s);
    at_share(share.clamp(0.0, 1.0), step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{Fix, RuleKey, Zone, position::Sensors},
        rules::Change,
        testing::*,
    };

    fn story_with(un_number: Option<&str>, zones: Vec<Zone>) -> Story {
        with_only(RuleKey::DocNoWaybill, parts(un_number, zones))
    }

    fn with(sensors: Sensors, fix: Fix) -> Fix {
        Fix { sensors, ..fix }
    }

    fn loaded(is_loaded: impl Into<Option<bool>>) -> Sensors {
        Sensors { loaded: is_loaded.into(), ..Sensors::default() }
    }

    fn level(level_pct: f64) -> Sensors {
        Sensors { tank_level_pct: Some(level_pct), ..Sensors::default() }
    }

    /// 100 m every 10 s.
    fn drives(from: u32, to: u32, sensors: &Sensors) -> Vec<Fix> {
        (from..=to).step_by(10).map(|second| with(sensors.clone(), driving(f64::from(second), 36.0))).collect()
    }

    #[test]
    fn a_loaded_vehicle_without_a_document_may_go_half_a_kilometre() {
        let mut story = story_with(None, Vec::new());
        assert!(story.drive(&drives(0, 50, &loaded(true))).is_empty());
        let opened = story.drive(&drives(60, 60, &loaded(true)));
        assert_eq!(opened[0].episode.rule, RuleKey::DocNoWaybill);
        let begun_after_s = seconds_between(at(0.0), opened[0].episode.opened_at);
        assert!((begun_after_s - 50.0).abs() < 1.0, "where the half kilometre is used up: {begun_after_s}");
        assert!(
            story.drive(&[with(loaded(true), standing(70.0, 600.0, 0.0))]).is_empty(),
            "it goes on while it stands"
        );
        let closed = story.drive(&[with(loaded(false), standing(80.0, 600.0, 0.0))]);
        assert_eq!((closed[0].change, closed[0].episode.closed_at), (Change::Closed, Some(at(80.0))));
    }

    #[test]
    fn the_tank_s_level_tells_where_no_sensor_says_whether_it_is_loaded() {
        assert_eq!(story_with(None, Vec::new()).drive(&drives(0, 100, &level(5.1))).len(), 1);
        assert!(story_with(None, Vec::new()).drive(&drives(0, 100, &level(5.0))).is_empty());
        let empty = Sensors { loaded: Some(false), ..level(80.0) };
        assert!(story_with(None, Vec::new()).drive(&drives(0, 100, &empty)).is_empty(), "the sensor says it is not");
    }

    #[test]
    fn what_is_not_known_to_be_loaded_needs_no_document() {
        assert!(story_with(None, Vec::new()).drive(&drives(0, 300, &Sensors::default())).is_empty());
        let mut story = story_with(None, Vec::new());
        story.drive(&drives(0, 0, &loaded(true)));
        assert!(story.drive(&drives(10, 300, &Sensors::default())).is_empty(), "an absent reading does not open");
        assert_eq!(story.drive(&drives(310, 310, &loaded(true))).len(), 1);
        assert!(story.drive(&drives(320, 400, &Sensors::default())).is_empty(), "nor close");
    }

    #[test]
    fn with_a_document_or_without_dangerous_goods_nothing_is_missing() {
        assert!(story_with(Some("1203"), Vec::new()).drive(&drives(0, 300, &loaded(true))).is_empty());
        let mut parts = parts(None, Vec::new());
        parts.vehicles[0].dangerous_goods = false;
        assert!(with_only(RuleKey::DocNoWaybill, parts).drive(&drives(0, 300, &loaded(true))).is_empty());
    }

    #[test]
    fn it_ends_when_a_shipment_begins() {
        let mut parts = parts(Some("1203"), Vec::new());
        parts.shipments[0].starts_at = at(205.0);
        let changes = with_only(RuleKey::DocNoWaybill, parts).drive(&drives(0, 300, &loaded(true)));
        assert_eq!(changes.len(), 2);
        assert_eq!((changes[1].change, changes[1].episode.closed_at), (Change::Closed, Some(at(205.0))));
    }

    #[test]
    fn a_vehicle_that_stands_goes_nowhere_however_its_receiver_wanders() {
        let wander = |n: u32| with(loaded(true), standing(f64::from(n) * 10.0, f64::from(n % 2) * 20.0, 0.0));
        let fixes: Vec<Fix> = (0..50).map(wander).collect();
        assert!(story_with(None, Vec::new()).drive(&fixes).is_empty());
    }
}
