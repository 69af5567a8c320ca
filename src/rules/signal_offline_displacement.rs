//! `signal.offline_displacement`: a vehicle moved while it was offline, and its device sent nothing of the way afterwards.
//!
//! Found by the first fix after a silence of more than 5 min, if that lies more than 2 km from the last one before (proposed;
//! the measure itself is one of Hunan's transport authority). The episode spans the silence. A device that buffers proves the
//! way: a fix that says it was buffered opens nothing, and those that come later fill the silence when it is judged again with
//! them, so that the episode is withdrawn. A tunnel is no silence of the device's making: there was nothing to buffer.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    EpisodeBook, LastFix, Sighting, Step,
    pack::{Given, Rule},
    parameters::{self, ParameterError, not_negative, positive},
    seconds_between,
};
use crate::{
    domain::{Subject, ZoneKind},
    geo::Path,
};

/// What a rule pack can set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// A silence longer than this is one, in seconds (proposed: 300).
    pub gap_s: f64,
    /// Farthest that a vehicle may be from where it fell silent, in metres (proposed: 2000; the measure itself is an
    /// authority's, verified for Hunan).
    pub moved_m: f64,
    /// A vehicle that fell silent this near to a tunnel or a place that no radio reaches, and is next heard of as near to
    /// it, came through it, in metres (proposed: 300).
    pub near_m: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { gap_s: 300.0, moved_m: 2000.0, near_m: 300.0 }
    }
}

impl parameters::Parameters for Parameters {
    const VALUE: Given = Given::Always;
    const LIMIT: Given = Given::Always;

    fn check(&self) -> Result<(), ParameterError> {
        positive("gap_s", self.gap_s)?;
        positive("moved_m", self.moved_m)?;
        not_negative("near_m", self.near_m)
    }
}

/// What was heard since the last fix that was believed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// Time of the newest fix that was not believed: the device was not silent by then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disbelieved_at: Option<DateTime<Utc>>,
}

/// Judges one fix.
pub fn judge(rule: &Rule<Parameters>, memory: &mut Memory, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    let disbelieved_at = memory.disbelieved_at.take();
    let Parameters { gap_s, moved_m, near_m } = rule.parameters;
    let Some(previous) = step.previous.filter(|_| step.moved_m > moved_m && !step.fix.buffered) else { return };
    let heard_at = disbelieved_at.map_or(previous.key.time, |at| at.max(previous.key.time));
    if seconds_between(heard_at, step.time()) <= gap_s || came_through_where_no_radio_reaches(previous, step, near_m) {
        return;
    }
    let seen = Sighting::of_vehicle(previous.key.time, Some(previous.place));
    book.see(rule, Sighting { value: Some(step.moved_m), limit: Some(moved_m), ..seen });
    book.close(rule.key, &Subject::Vehicle, step.time(), Some(step.fix.place));
}

/// Notes a fix that is not believed.
pub fn disbelieved(memory: &mut Memory, step: &Step<'_>) {
    memory.disbelieved_at = Some(step.time());
}

fn came_through_where_no_radio_reaches(previous: LastFix, step: &Step<'_>, near_m: f64) -> bool {
    let mut found = false;
    step.scene.world.zones_near(&Path::new(previous.place, previous.place), near_m, |known| {
        found |= matches!(known.zone.kind, ZoneKind::Tunnel { .. } | ZoneKind::DeadZone {})
            && known.zone.in_force(step.time())
            && known.is_within_m(previous.place, near_m)
            && known.is_within_m(step.fix.place, near_m);
    });
    found
}

#[cfg(test)]
mod tests {
    use crate::{
        domain::{Episode, Fix, RuleKey, Severity, TunnelCategory},
        rules::Change,
        testing::*,
    };

    fn episodes(story: &Story) -> Vec<&Episode> {
        story.of_rule(RuleKey::SignalOfflineDisplacement)
    }

    fn buffered(fix: Fix) -> Fix {
        Fix { buffered: true, ..fix }
    }

    #[test]
    fn a_vehicle_that_turns_up_elsewhere_after_a_silence_was_displaced_offline() {
        let mut story = Story::new(Some("1203"), Vec::new());
        story.drive(&[driving(0.0, 72.0), driving(301.0, 72.0)]);
        let [displaced] = episodes(&story)[..] else { panic!("one episode") };
        assert_eq!((displaced.opened_at, displaced.closed_at), (at(0.0), Some(at(301.0))));
        assert_eq!(displaced.opened_place, Some(place(0.0, 0.0)));
        assert_eq!(displaced.closed_place, Some(place(6_020.0, 0.0)));
        assert!((displaced.peak.unwrap() - 6_020.0).abs() < 1.0, "{:?}", displaced.peak);
        assert_eq!((displaced.limit, displaced.severity), (Some(2_000.0), Severity::S2));
    }

    #[test]
    fn neither_a_silence_of_five_minutes_nor_a_way_of_two_kilometres_is_enough() {
        let mut story = Story::new(Some("1203"), Vec::new());
        story.drive(&[driving(0.0, 72.0), driving(300.0, 72.0)]);
        story.drive(&[fix(900.0, 7_990.0, 0.0), fix(4_500.0, 7_990.0, 1_990.0)]);
        assert!(episodes(&story).is_empty());
    }

    #[test]
    fn a_fix_that_was_buffered_opens_nothing() {
        let mut story = Story::new(Some("1203"), Vec::new());
        story.drive(&[driving(0.0, 72.0), buffered(driving(400.0, 72.0)), driving(410.0, 72.0)]);
        assert!(episodes(&story).is_empty());
    }

    #[test]
    fn what_was_buffered_comes_later_and_takes_the_finding_back() {
        let mut story = Story::new(Some("1203"), Vec::new());
        story.drive(&[driving(0.0, 72.0), driving(1_000.0, 72.0)]);
        let id = episodes(&story)[0].id;
        let (_, changes) = story.judge(&buffered(driving(800.0, 72.0)));
        assert_eq!(changes.iter().filter(|change| change.episode.id == id).count(), 1);
        let withdrawn = changes.iter().find(|change| change.change == Change::Withdrawn).unwrap();
        assert_eq!(withdrawn.episode.id, id, "the silence before it is accounted for by what was buffered");
        story.drive(&(1..8).map(|n| buffered(driving(f64::from(n) * 100.0, 72.0))).collect::<Vec<_>>());
        assert!(episodes(&story).is_empty());
    }

    #[test]
    fn a_backlog_that_ends_early_leaves_the_rest_of_the_silence_open_to_question() {
        let mut story = Story::new(Some("1203"), Vec::new());
        story.drive(&[driving(0.0, 72.0), driving(1_000.0, 72.0)]);
        story.judge(&buffered(driving(100.0, 72.0)));
        let [rest] = episodes(&story)[..] else { panic!("one episode") };
        assert_eq!((rest.opened_at, rest.closed_at), (at(100.0), Some(at(1_000.0))));
    }

    #[test]
    fn through_a_long_tunnel_there_was_nothing_to_buffer() {
        let bore = || vec![zone(1, tunnel(TunnelCategory::A), [100.0, -10.0, 11_600.0, 10.0])];
        let mut through = Story::new(Some("1203"), bore());
        through.drive(&[driving(0.0, 72.0), fix(600.0, 11_700.0, 0.0)]);
        assert!(episodes(&through).is_empty());
        let mut around = Story::new(Some("1203"), bore());
        around.drive(&[driving(0.0, 72.0), fix(600.0, 11_700.0, 4_000.0)]);
        assert_eq!(episodes(&around).len(), 1, "it came out somewhere else");
    }

    #[test]
    fn a_receiver_that_errs_is_no_silence() {
        let mut story = Story::new(Some("1203"), Vec::new());
        story.drive(&[driving(0.0, 72.0)]);
        for n in 1..8 {
            story.judge(&fix(f64::from(n) * 50.0, 700_000.0 * f64::from(n), 0.0));
        }
        story.drive(&[driving(400.0, 72.0)]);
        assert!(episodes(&story).is_empty());
    }
}
