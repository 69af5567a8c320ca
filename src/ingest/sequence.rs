//! Which of a device's numbered fixes are stored, and which are missing.
//!
//! A device that asks for it is told the highest number up to which *everything* is stored, so that it can drop its
//! buffer up to there and lose nothing. Where numbers are missing beyond that, it is asked to send them again, with
//! growing pauses; when it never does, the gap is given up, so that its buffer does not fill for ever.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// On first contact so many numbers before the first one seen are asked for: they may have been lost on the way, and the
/// device would drop them on the first acknowledgement.
const ASKED_BEFORE_FIRST: i64 = 1000;
/// Most separate runs beyond the first gap that are remembered; with more, the oldest gap is given up.
const MOST_RUNS: usize = 64;

/// A gap is first asked for after this part of the usual pause.
const FIRST_ASK_SHARE: i32 = 5;

/// A run of numbers, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// First number.
    pub from: i64,
    /// Last number.
    pub to: i64,
}

/// What is stored of one device's numbered fixes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequenceTracker {
    /// Every number up to this one is stored, or given up.
    stored_to: i64,
    /// Runs that are stored beyond the first gap, in order, apart from each other.
    beyond: Vec<Run>,
    /// Time of the newest fix seen.
    newest: DateTime<Utc>,
    /// How often the first gap has been asked for, and when that is due again.
    asks: u8,
    ask_at: Option<DateTime<Utc>>,
}

impl SequenceTracker {
    /// Starts with the first fix seen of a device.
    #[must_use]
    pub fn start(seq: i64, time: DateTime<Utc>) -> Self {
        let stored_to = (seq - 1 - ASKED_BEFORE_FIRST).max(0);
        let mut tracker = Self { stored_to, beyond: Vec::new(), newest: time, asks: 0, ask_at: None };
        tracker.insert(seq);
        tracker
    }

    /// Notes that the fix with this number is stored.
    pub fn note(&mut self, seq: i64, time: DateTime<Utc>) {
        let highest = self.beyond.last().map_or(self.stored_to, |run| run.to);
        if time > self.newest {
            // A newer fix with a number that was used before: the device has begun to count anew.
            if seq <= highest && seq <= self.stored_to {
                *self = Self::start(seq, time);
                return;
            }
            self.newest = time;
        }
        self.insert(seq);
    }

    /// Notes that the report with this number is dealt with although nothing of it could be used: asking for it again would
    /// bring the same.
    pub fn settle(&mut self, seq: i64) {
        self.insert(seq);
    }

    fn insert(&mut self, seq: i64) {
        if seq <= self.stored_to {
            return;
        }
        let at = self.beyond.partition_point(|run| run.to < seq - 1);
        match self.beyond.get_mut(at) {
            Some(run) if run.from <= seq + 1 => {
                run.from = run.from.min(seq);
                run.to = run.to.max(seq);
                let to = run.to;
                if let Some(next) = self.beyond.get(at + 1).copied().filter(|next| next.from <= to + 1) {
                    self.beyond.remove(at + 1);
                    if let Some(run) = self.beyond.get_mut(at) {
                        run.to = next.to;
                    }
                }
            }
            _ => self.beyond.insert(at, Run { from: seq, to: seq }),
        }
        self.close_first_gap();
        if self.beyond.len() > MOST_RUNS {
            self.give_up_gap();
        }
    }

    fn close_first_gap(&mut self) {
        if let Some(first) = self.beyond.first().copied().filter(|first| first.from <= self.stored_to + 1) {
            self.beyond.remove(0);
            self.stored_to = first.to;
            self.asks = 0;
            self.ask_at = None;
        }
    }

    fn give_up_gap(&mut self) {
        if let Some(first) = self.beyond.first() {
            self.stored_to = first.from - 1;
            self.close_first_gap();
        }
    }

    /// The number up to which everything is stored or given up.
    #[must_use]
    pub fn stored_to(&self) -> i64 {
        self.stored_to
    }

    /// The first missing run, if it is due at `now` to be asked for. A gap is not asked for as soon as it is seen, because
    /// an alarm may overtake positions; then each asking doubles the pause before the next, and after `most_asks` the gap
    /// is given up.
    pub fn ask(&mut self, now: DateTime<Utc>, pause: TimeDelta, most_asks: u8) -> Option<Run> {
        loop {
            let first = *self.beyond.first()?;
            let Some(ask_at) = self.ask_at else {
                self.ask_at = Some(now + pause / FIRST_ASK_SHARE);
                return None;
            };
            if now < ask_at {
                return None;
            }
            if self.asks >= most_asks {
                self.give_up_gap();
                continue;
            }
            self.ask_at = Some(now + pause * (1 << self.asks.min(8)));
            self.asks += 1;
            return Some(Run { from: self.stored_to + 1, to: first.from - 1 });
        }
    }

    /// When [`Self::ask`] has something to say again.
    #[must_use]
    pub fn ask_due(&self) -> Option<DateTime<Utc>> {
        self.beyond.first().map(|_| self.ask_at.unwrap_or(DateTime::<Utc>::MIN_UTC))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_508_130 + second, 0).unwrap()
    }

    #[test]
    fn numbers_without_a_gap_are_acknowledged_to_the_last() {
        let mut tracker = SequenceTracker::start(1, at(0));
        for seq in 2..=10 {
            tracker.note(seq, at(seq));
        }
        assert_eq!(tracker.stored_to(), 10);
        assert_eq!(tracker.ask(at(11), TimeDelta::seconds(10), 5), None);
    }

    #[test]
    fn a_gap_holds_the_acknowledgement_back_until_it_is_filled() {
        let mut tracker = SequenceTracker::start(1, at(1));
        tracker.note(5, at(5));
        assert_eq!(tracker.stored_to(), 1);
        assert_eq!(tracker.ask(at(6), TimeDelta::seconds(10), 5), None, "it may yet come by itself");
        assert_eq!(tracker.ask(at(8), TimeDelta::seconds(10), 5), Some(Run { from: 2, to: 4 }));
        assert_eq!(tracker.ask(at(9), TimeDelta::seconds(10), 5), None);
        for seq in [3, 2, 4] {
            tracker.note(seq, at(seq));
        }
        assert_eq!(tracker.stored_to(), 5);
    }

    #[test]
    fn a_gap_that_is_never_filled_is_given_up_after_growing_pauses() {
        let mut tracker = SequenceTracker::start(1, at(1));
        tracker.note(5, at(5));
        let asked: Vec<i64> = (6..1000).filter(|s| tracker.ask(at(*s), TimeDelta::seconds(10), 3).is_some()).collect();
        assert_eq!(asked, [8, 18, 38]);
        assert_eq!(tracker.stored_to(), 5);
    }

    #[test]
    fn on_first_contact_what_may_have_been_lost_before_is_asked_for() {
        let mut tracker = SequenceTracker::start(4, at(1));
        assert_eq!(tracker.stored_to(), 0);
        tracker.ask(at(1), TimeDelta::seconds(10), 5);
        assert_eq!(tracker.ask(at(3), TimeDelta::seconds(10), 5), Some(Run { from: 1, to: 3 }));
    }

    #[test]
    fn a_report_that_cannot_be_used_is_not_asked_for_again() {
        let mut tracker = SequenceTracker::start(1, at(1));
        tracker.note(3, at(3));
        tracker.settle(2);
        assert_eq!(tracker.stored_to(), 3);
    }

    #[test]
    fn a_device_that_counts_anew_is_followed() {
        let mut tracker = SequenceTracker::start(1, at(1));
        for seq in 2..=50 {
            tracker.note(seq, at(seq));
        }
        tracker.note(1, at(100));
        assert_eq!(tracker.stored_to(), 1);
    }

    proptest! {
        #[test]
        fn nothing_is_acknowledged_that_is_not_stored(order in proptest::collection::vec(1_i64..60, 1..200)) {
            // One time for all, so that no number reads as counting anew.
            let mut tracker = SequenceTracker::start(order[0], at(0));
            let mut stored = BTreeSet::from([order[0]]);
            for seq in &order[1..] {
                tracker.note(*seq, at(0));
                stored.insert(*seq);
            }
            let expected = (1..).take_while(|seq| stored.contains(seq)).last().unwrap_or(0);
            prop_assert_eq!(tracker.stored_to(), expected);
        }
    }
}
