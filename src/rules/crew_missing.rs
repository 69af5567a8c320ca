//! `crew.missing`: an attendant who has to be on board beside the driver is not.
//!
//! Who needs one is the shipment's or the pack's business: in China every transport of dangerous goods (Order 2019 No. 29
//! Art. 44), elsewhere what a permit demands. The vehicle may drive 300 s without one (proposed): that leaves time to sign in.
//! Only driving counts, and the violation begins when that time is used up. It ends when an attendant is on board or none is
//! needed any more, and with a stop that lasts as long: it is over then since the vehicle stopped.

use serde::{Deserialize, Serialize};

use super::{
    EpisodeBook, Sighting, Step,
    pack::Rule,
    parameters::{self, ParameterError, not_negative},
    seconds_after, seconds_between,
};
use crate::{domain::Subject, geo::Path};

/// Which transports need an attendant beside the driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EscortNeed {
    /// Those whose shipment says so.
    Shipment,
    /// All with dangerous goods.
    DangerousGoods,
}

/// What a pack can set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// Longest drive without an attendant that is needed, in seconds (proposed: 300).
    pub missing_s: f64,
    /// Who needs one.
    pub needed: EscortNeed,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { missing_s: 300.0, needed: EscortNeed::Shipment }
    }
}

impl parameters::Parameters for Parameters {
    fn check(&self) -> Result<(), ParameterError> {
        not_negative("missing_s", self.missing_s)
    }
}

/// How long the vehicle has driven without an attendant, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Memory(f64);

/// Judges one fix.
pub fn judge(rule: &Rule<parameters::CrewMissing>, memory: &mut Memory, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    if step.gap {
        // Nothing is known of the time in between.
        end(rule, memory, step, book);
    }
    if step.fix.escort.is_some() || !is_needed(rule.parameters.needed, step) {
        end(rule, memory, step, book);
        return;
    }
    let missing_s = rule.parameters.missing_s;
    if let Some((stopped_at, place)) = step.motion.stopped {
        if memory.0 > 0.0 && seconds_between(stopped_at, step.time()) > missing_s {
            book.close(rule.key, &Subject::Vehicle, stopped_at, Some(place));
            memory.0 = 0.0;
        }
        return;
    }
    let Some(previous) = step.previous.filter(|_| !step.gap) else { return };
    let elapsed_s = seconds_between(previous.key.time, step.time());
    memory.0 += elapsed_s;
    if memory.0 > missing_s {
        let share = (1.0 - (memory.0 - missing_s) / elapsed_s).clamp(0.0, 1.0);
        let since = seconds_after(previous.key.time, share * elapsed_s);
        let place = Path::new(previous.place, step.fix.place).place_at(share);
        book.see(rule, Sighting::of_vehicle(since, Some(place)));
    }
}

fn is_needed(needed: EscortNeed, step: &Step<'_>) -> bool {
    match needed {
        EscortNeed::Shipment => step.scene.shipment.is_some_and(|known| known.shipment.escort_required),
        EscortNeed::DangerousGoods => step.scene.cargo.load().is_some(),
    }
}

fn end(rule: &Rule<parameters::CrewMissing>, memory: &mut Memory, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    if memory.0 > 0.0 {
        let (at, place) = step.end();
        book.close(rule.key, &Subject::Vehicle, at, Some(place));
        memory.0 = 0.0;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        domain::{Fix, RuleKey},
        rules::Change,
        testing::*,
    };

    /// A world whose shipment needs an attendant.
    fn escorted() -> Story {
        let mut parts = parts(Some("1203"), Vec::new());
        parts.shipments[0].escort_required = true;
        with_only(RuleKey::CrewMissing, parts)
    }

    fn drives(from: u32, to: u32) -> Vec<Fix> {
        (from..=to).step_by(10).map(|second| driving(f64::from(second), 36.0)).collect()
    }

    fn with_escort(fix: Fix) -> Fix {
        Fix { escort: Some("E-7".into()), ..fix }
    }

    #[test]
    fn five_minutes_of_driving_without_the_attendant_are_allowed() {
        let mut story = escorted();
        assert!(story.drive(&drives(0, 300)).is_empty());
        let opened = story.drive(&[driving(310.0, 36.0)]);
        assert_eq!((opened[0].episode.rule, opened[0].episode.opened_at), (RuleKey::CrewMissing, at(300.0)));
        let there = opened[0].episode.opened_place.unwrap();
        assert!(crate::geo::quick_m(there, place(3000.0, 0.0)) < 1.0, "where it was by then");
        let closed = story.drive(&[with_escort(driving(320.0, 36.0))]);
        assert_eq!((closed[0].change, closed[0].episode.closed_at), (Change::Closed, Some(at(320.0))));
        assert!(story.drive(&drives(330, 620)).is_empty(), "the time begins anew");
    }

    #[test]
    fn standing_neither_counts_nor_starts_the_time_anew_unless_it_is_long() {
        let mut story = escorted();
        story.drive(&drives(0, 200));
        let waits = |from: u32, to: u32, east_m| -> Vec<Fix> {
            (from..=to).step_by(10).map(|second| standing(f64::from(second), east_m, 0.0)).collect()
        };
        assert!(story.drive(&waits(210, 400, 2000.0)).is_empty());
        let goes_on = |from: u32, to: u32| -> Vec<Fix> {
            let fix = |second| Fix { speed_kmh: Some(36.0), ..fix(second, second * 10.0 - 2000.0, 0.0) };
            (from..=to).step_by(10).map(|second| fix(f64::from(second))).collect()
        };
        let opened = story.drive(&goes_on(410, 520));
        assert_eq!(opened[0].episode.opened_at, at(500.0), "200 s before and 100 s after the wait");
        let closed = story.drive(&waits(530, 840, 3200.0));
        assert_eq!(closed[0].episode.closed_at, Some(at(530.0)), "the drive is over since it stopped");
    }

    #[test]
    fn nobody_is_missed_where_nobody_is_needed() {
        assert!(with_only(RuleKey::CrewMissing, parts(Some("1203"), Vec::new())).drive(&drives(0, 1000)).is_empty());
        let mut parts = parts(Some("1203"), Vec::new());
        parts.packs = packs(pack_with(&json!({ "crew.missing": { "needed": "dangerous_goods" } })));
        let missing = Story::of(parts).drive(&drives(0, 1000));
        assert!(missing.iter().any(|change| change.episode.rule == RuleKey::CrewMissing), "here the law needs one");
    }

    #[test]
    fn a_gap_ends_what_was_open_and_the_count() {
        let mut story = escorted();
        story.drive(&drives(0, 400));
        let after = story.drive(&drives(800, 1100));
        assert_eq!((after[0].change, after[0].episode.closed_at), (Change::Closed, Some(at(400.0))));
        assert_eq!(after.len(), 1, "what happened in the gap is not known");
        assert_eq!(story.drive(&drives(1110, 1110))[0].episode.opened_at, at(1100.0));
    }
}
