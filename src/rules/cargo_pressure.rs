//! `cargo.pressure`: the tank's pressure is over the product's limit, or its level falls where nothing is unloaded.
//!
//! Two situations that are open side by side, each about an alarm of its own: `pressure` (kPa), and `level` (percentage points
//! that are gone). A level that falls by more than the tolerance within a window is product that leaves the tank; the
//! tolerance is for what sloshes (proposed). In places for unloading, and at the shipment's destination, it may fall.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    EpisodeBook, Sighting, Step,
    pack::{Given, Rule},
    parameters::{self, ParameterError, not_negative, positive, range},
    seconds_between,
    shown::Shown,
};
use crate::domain::{Place, Subject};

/// What a rule pack can set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// The pressure is well again this far below its limit, in kPa (proposed: 10).
    pub return_kpa: f64,
    /// The level may fall by this much away from a place for unloading where the shipment says nothing else, in percentage
    /// points (proposed: 5) …
    pub level_drop_pct: f64,
    /// … within this time, in seconds (proposed: 10 min). The tolerance is for what sloshes.
    pub level_window_s: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { return_kpa: 10.0, level_drop_pct: 5.0, level_window_s: 600.0 }
    }
}

impl parameters::Parameters for Parameters {
    const VALUE: Given = Given::Always;
    const LIMIT: Given = Given::Always;

    fn check(&self) -> Result<(), ParameterError> {
        not_negative("return_kpa", self.return_kpa)?;
        range("level_drop_pct", self.level_drop_pct, 0.1, 100.0)?;
        positive("level_window_s", self.level_window_s)
    }
}

/// What is remembered of the tank.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// Whether the pressure is over its limit, or back but not far enough.
    #[serde(skip_serializing_if = "Shown::is_blank")]
    pub over: Shown,
    /// Whether the level falls.
    #[serde(skip_serializing_if = "Shown::is_blank")]
    pub falling: Shown,
    /// From where it falls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Mark>,
    /// The highest levels of the window, oldest and highest first, each some way below the one before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
}

/// A level at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// When.
    pub at: DateTime<Utc>,
    /// The level in percent of the tank.
    pub level_pct: f64,
    /// Where the vehicle was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// A level is marked when it is this share of the tolerance below the mark before it: a few marks stand for the whole window,
/// and the highest of them is wrong by no more than that.
const MARK_SHARE: f64 = 0.2;

/// Judges the pressure and the level that a fix reports.
pub fn judge(rule: &Rule<Parameters>, memory: &mut Memory, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    if let Some(pressure_kpa) = step.fix.sensors.tank_pressure_kpa {
        judge_pressure(rule, &mut memory.over, pressure_kpa, step, book);
    }
    if let Some(level_pct) = step.fix.sensors.tank_level_pct {
        judge_level(rule, memory, level_pct, step, book);
    }
}

fn judge_pressure(
    rule: &Rule<Parameters>,
    over: &mut Shown,
    pressure_kpa: f64,
    step: &Step<'_>,
    book: &mut EpisodeBook<'_>,
) {
    let limit_kpa = step.scene.shipment.and_then(|known| known.shipment.cargo_limits.pressure_max_kpa);
    if let Some(limit_kpa) = limit_kpa.filter(|limit_kpa| pressure_kpa > *limit_kpa) {
        over.note(step);
        let (value, limit) = (Some(pressure_kpa), Some(limit_kpa));
        book.see(rule, Sighting { subject: about("pressure"), situation: "pressure", value, limit, ..step.sighting() });
    } else if !over.is_blank() {
        if limit_kpa.is_some_and(|limit_kpa| pressure_kpa > limit_kpa - rule.parameters.return_kpa) {
            over.note(step);
        } else if let Some((at, place)) = over.end(step) {
            book.close(rule.key, &about("pressure"), at, place);
        }
    }
}

fn judge_level(
    rule: &Rule<Parameters>,
    memory: &mut Memory,
    level_pct: f64,
    step: &Step<'_>,
    book: &mut EpisodeBook<'_>,
) {
    if step.ground.in_unloading_place || step.scene.is_destination(step.place) {
        memory.marks.clear();
        end_fall(rule, memory, step, book);
        return;
    }
    let filed = step.scene.shipment.and_then(|known| known.shipment.cargo_limits.level_drop_pct);
    let tolerance_pct = filed.unwrap_or(rule.parameters.level_drop_pct);
    let oldest_s = rule.parameters.level_window_s;
    memory.marks.retain(|mark| seconds_between(mark.at, step.time()) <= oldest_s);
    let highest = memory.marks.first().filter(|mark| mark.level_pct - level_pct > tolerance_pct).copied();
    if let Some(highest) = highest {
        let from = *memory.from.get_or_insert(highest);
        memory.falling.note(step);
        let seen = Sighting { since: from.at, place: from.place, ..step.sighting() };
        let (value, limit) = (Some(from.level_pct - level_pct), Some(tolerance_pct));
        book.see(rule, Sighting { subject: about("level"), situation: "level", value, limit, ..seen });
    } else {
        if memory.from.is_some() {
            // What fell and came back begins no further fall: that one begins from here.
            memory.marks.clear();
        }
        end_fall(rule, memory, step, book);
    }
    mark(&mut memory.marks, Mark { at: step.time(), level_pct, place: step.place }, tolerance_pct * MARK_SHARE);
}

/// Adds a level to the marks. What is no higher than it and older can never again be the highest of the window.
fn mark(marks: &mut Vec<Mark>, now: Mark, apart_pct: f64) {
    let higher = marks.partition_point(|mark| mark.level_pct > now.level_pct);
    marks.truncate(higher);
    if marks.last().is_none_or(|last| last.level_pct - now.level_pct >= apart_pct) {
        marks.push(now);
    }
}

fn end_fall(rule: &Rule<Parameters>, memory: &mut Memory, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    memory.from = None;
    if let Some((at, place)) = memory.falling.end(step) {
        book.close(rule.key, &about("level"), at, place);
    }
}

/// Pressure and level are measured in different units, and each can be wrong by itself.
fn about(situation: &'static str) -> Subject {
    Subject::Alarm(situation.into())
}

#[cfg(test)]
mod tests;
