//! How long things took: a histogram of fixed size whose quantiles are within 1 % of the truth.
//!
//! Buckets are exact up to 128 µs; from there every doubling is split into 128 (the scheme of HdrHistogram).

use std::time::Duration;

use serde_json::{Value, json};

const SPLIT: u64 = 128;
/// 2^7 exact microseconds and 128 buckets for each doubling up to 2^40 µs, some 13 days.
const BUCKETS: usize = 128 * 34;

/// A histogram of durations.
#[derive(Clone, Debug)]
pub struct Histogram {
    counts: Vec<u64>,
    total: u64,
    longest_us: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { counts: vec![0; BUCKETS], total: 0, longest_us: 0 }
    }
}

impl Histogram {
    /// Counts one duration.
    pub fn add(&mut self, duration: Duration) {
        let us = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        if let Some(count) = self.counts.get_mut(bucket(us).min(BUCKETS - 1)) {
            *count += 1;
        }
        self.total += 1;
        self.longest_us = self.longest_us.max(us);
    }

    /// Counts all that another histogram has.
    pub fn merge(&mut self, other: &Self) {
        for (mine, others) in self.counts.iter_mut().zip(&other.counts) {
            *mine += others;
        }
        self.total += other.total;
        self.longest_us = self.longest_us.max(other.longest_us);
    }

    /// How many durations there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.total
    }

    /// The duration that this share (0 to 1) does not exceed, in milliseconds. `None` when there is none.
    #[must_use]
    pub fn quantile_ms(&self, share: f64) -> Option<f64> {
        let rank = crate::numbers::count((share * self.total as f64).ceil()).clamp(1, self.total.max(1));
        let mut seen = 0;
        let reached = self.counts.iter().position(|count| {
            seen += count;
            seen >= rank
        })?;
        Some(upper_us(reached).min(self.longest_us) as f64 / 1000.0)
    }

    /// Count and quantiles, in milliseconds.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "count": self.total,
            "p50_ms": self.quantile_ms(0.5),
            "p90_ms": self.quantile_ms(0.9),
            "p99_ms": self.quantile_ms(0.99),
            "p999_ms": self.quantile_ms(0.999),
            "max_ms": (self.total > 0).then_some(self.longest_us as f64 / 1000.0),
        })
    }

    /// The same in one line.
    #[must_use]
    pub fn in_words(&self) -> String {
        let at = |share| self.quantile_ms(share).map_or_else(|| "-".into(), |ms| format!("{ms:.2}"));
        let longest = self.longest_us as f64 / 1000.0;
        format!("p50 {} · p90 {} · p99 {} · p99.9 {} · max {longest:.2} ms", at(0.5), at(0.9), at(0.99), at(0.999))
    }
}

fn bucket(us: u64) -> usize {
    let doublings = u64::from((us / SPLIT).checked_ilog2().map_or(0, |log| log + 1));
    let within = if doublings == 0 { us } else { (us >> (doublings - 1)) - SPLIT };
    usize::try_from(doublings * SPLIT + within).unwrap_or(BUCKETS)
}

/// The longest duration in a bucket, in microseconds.
fn upper_us(bucket: usize) -> u64 {
    let bucket = u64::try_from(bucket).unwrap_or(u64::MAX);
    match bucket / SPLIT {
        0 => bucket,
        doublings => ((SPLIT + bucket % SPLIT + 1) << (doublings - 1)) - 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_holds_what_was_put_in_it_within_one_percent() {
        for us in (0..100_000).chain([1_000_000, 59_999_999, 3_600_000_000]) {
            let upper = upper_us(bucket(us));
            assert!(upper >= us && upper as f64 <= us as f64 * 1.01 + 1.0, "{us} µs came out as {upper}");
        }
    }

    #[test]
    fn quantiles_of_an_even_spread_are_where_they_belong() {
        let mut histogram = Histogram::default();
        for ms in 1..=1000 {
            histogram.add(Duration::from_millis(ms));
        }
        let near = |share: f64, ms: f64| (histogram.quantile_ms(share).unwrap() - ms).abs() <= ms * 0.01;
        assert!(near(0.5, 500.0) && near(0.99, 990.0) && near(0.001, 1.0));
        assert_eq!(histogram.quantile_ms(1.0), Some(1000.0));
    }

    #[test]
    fn merged_histograms_count_together_and_an_empty_one_says_nothing() {
        let mut one = Histogram::default();
        assert_eq!(one.quantile_ms(0.5), None);
        let mut other = Histogram::default();
        other.add(Duration::from_micros(10));
        other.add(Duration::from_micros(30));
        one.merge(&other);
        assert_eq!((one.count(), one.quantile_ms(0.5)), (2, Some(0.01)));
    }
}
