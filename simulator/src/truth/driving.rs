//! `drive.continuous` and `drive.daily`: at the wheel for too long.
//!
//! Driving is being at the wheel of a vehicle that moves at 5 km/h or more; standing is not driving, whatever the reason. A
//! break is so long a time without driving; in the European Union also 15 minutes and, later, 30. An episode begins when
//! the driver has driven longer than allowed, and ends with the last driving before the break or rest.

use std::collections::BTreeSet;

use super::{Case, verdict::Verdict};
use crate::life::{Span, Spans};

/// Who drives at this speed or more drives, in km/h.
const DRIVING_KMH: f64 = 5.0;
/// Driving is measured from fix to fix, so that it must be found only when it is longer than allowed by this, in seconds.
const SLACK_S: f64 = 600.0;

/// Limits of a jurisdiction, in seconds.
struct Limits {
    continuous_s: f64,
    break_s: f64,
    /// A break in two parts, in this order.
    parts_s: Option<(f64, f64)>,
    daily_s: f64,
    /// The rest that begins a new day; with none, any 24 hours are a day.
    rest_s: Option<f64>,
}

impl Limits {
    fn of(jurisdiction: Option<&str>) -> Self {
        let hours = 3_600.0;
        let minutes = 60.0;
        let rules =
            |continuous_s, break_s, parts_s, daily_s, rest_s| Self { continuous_s, break_s, parts_s, daily_s, rest_s };
        match jurisdiction {
            Some("cn") => rules(4.0 * hours, 20.0 * minutes, None, 8.0 * hours, None),
            Some("us") => rules(8.0 * hours, 30.0 * minutes, None, 11.0 * hours, Some(10.0 * hours)),
            _ => rules(
                4.5 * hours,
                45.0 * minutes,
                Some((15.0 * minutes, 30.0 * minutes)),
                9.0 * hours,
                Some(11.0 * hours),
            ),
        }
    }
}

pub(super) fn judge(case: &mut Case<'_>) {
    let whole = case.whole();
    let life = &case.vehicle.life;
    let limits = Limits::of(case.vehicle.facts.jurisdiction.as_deref());
    let driving = life.motion.faster_than(whole, DRIVING_KMH);
    let at_changes = life.driver.changes().chain([whole.from_s]).map(|at_s| life.driver.at(at_s).clone());
    let drivers: BTreeSet<String> = at_changes.filter(|driver| !driver.is_empty()).collect();
    for driver in drivers {
        let own = driving.and(&life.driver.spans(whole, |at_wheel| *at_wheel == driver));
        let subject = format!("driver/{driver}");
        let mut first_part = false;
        let is_break = |pause_s: f64| {
            let second = first_part && limits.parts_s.is_some_and(|(_, second_s)| pause_s >= second_s);
            let ends = pause_s >= limits.break_s || second;
            first_part = !ends && (first_part || limits.parts_s.is_some_and(|(first_s, _)| pause_s >= first_s));
            ends
        };
        let blocks = blocks(&own, is_break);
        let continuous = too_long(&blocks, limits.continuous_s);
        case.note("drive.continuous", &subject, continuous, "drives on without the break that is due");
        let days = self::blocks(&own, |pause_s| limits.rest_s.is_some_and(|rest_s| pause_s >= rest_s));
        let daily = too_long(&days, limits.daily_s);
        case.note("drive.daily", &subject, daily, "drives on without the rest that is due");
    }
}

/// Driving spans, block by block; a pause of which `ends` says so begins a new block.
fn blocks(driving: &Spans, mut ends: impl FnMut(f64) -> bool) -> Vec<Vec<Span>> {
    let mut blocks: Vec<Vec<Span>> = Vec::new();
    for span in driving.iter() {
        let last = blocks.last_mut();
        match last.and_then(|block| block.last().map(|last| last.to_s).map(|end_s| (block, end_s))) {
            Some((block, end_s)) if !ends(span.from_s - end_s) => block.push(span),
            _ => blocks.push(vec![span]),
        }
    }
    blocks
}

/// From the moment in each block when the driving is longer than the limit to the block's end.
fn too_long(blocks: &[Vec<Span>], limit_s: f64) -> Verdict {
    let beyond = |limit_s: f64| -> Spans { blocks.iter().filter_map(|block| after(block, limit_s)).collect() };
    Verdict {
        must: beyond(limit_s + SLACK_S),
        is: beyond(limit_s),
        may: beyond(limit_s - SLACK_S / 2.0),
        linked: Spans::default(),
    }
}

/// What of a block, pauses included, comes after so many seconds of driving.
fn after(block: &[Span], driven_s: f64) -> Option<Span> {
    let end_s = block.last()?.to_s;
    let mut before_s = 0.0;
    for span in block {
        if before_s + span.length_s() > driven_s {
            return Some(Span::new(span.from_s + (driven_s - before_s), end_s));
        }
        before_s += span.length_s();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE_S: f64 = 60.0;

    /// Driving spans from minutes of driving and pause in turn.
    fn driving(minutes: &[f64]) -> Spans {
        let mut at_s = 0.0;
        let mut spans = Vec::new();
        for (index, lasting) in minutes.iter().enumerate() {
            let span = Span::new(at_s, at_s + lasting * MINUTE_S);
            at_s = span.to_s;
            if index % 2 == 0 {
                spans.push(span);
            }
        }
        Spans::new(spans)
    }

    fn lengths(minutes: &[f64], ends: impl FnMut(f64) -> bool) -> Vec<f64> {
        let sum = |block: Vec<Span>| block.into_iter().map(Span::length_s).sum::<f64>() / MINUTE_S;
        blocks(&driving(minutes), ends).into_iter().map(sum).collect()
    }

    #[test]
    fn a_break_ends_a_block_and_a_shorter_pause_does_not() {
        let forty_five = |pause_s: f64| pause_s >= 45.0 * MINUTE_S;
        assert_eq!(lengths(&[200.0, 45.0, 100.0, 44.0, 120.0], forty_five), [200.0, 220.0]);
    }

    #[test]
    fn an_episode_begins_when_the_limit_is_reached_and_ends_with_the_block() {
        let block: Vec<Span> = driving(&[200.0, 10.0, 100.0]).iter().collect();
        let verdict = too_long(&[block], 270.0 * MINUTE_S);
        let [span] = verdict.is.as_slice() else { panic!("{verdict:?}") };
        assert!((span.from_s - 280.0 * MINUTE_S).abs() < 1e-6, "270 minutes of driving and 10 of pause");
        assert!((span.to_s - 310.0 * MINUTE_S).abs() < 1e-6);
        assert!(!verdict.must.is_empty(), "30 minutes more than allowed");
    }
}
