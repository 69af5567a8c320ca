//! Sets of time, as sorted spans of simulated seconds that neither touch nor overlap.

/// From one second up to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// First second.
    pub from_s: f64,
    /// End.
    pub to_s: f64,
}

impl Span {
    /// From `from_s` to `to_s`.
    #[must_use]
    pub const fn new(from_s: f64, to_s: f64) -> Self {
        Self { from_s, to_s }
    }

    /// How long it is, in seconds.
    #[must_use]
    pub fn length_s(self) -> f64 {
        self.to_s - self.from_s
    }

    /// Whether it has a moment in common with another; touching counts.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.from_s <= other.to_s && other.from_s <= self.to_s
    }

    /// Longer by `more_s` at both ends.
    #[must_use]
    pub fn widened(self, more_s: f64) -> Self {
        Self { from_s: self.from_s - more_s, to_s: self.to_s + more_s }
    }

    /// What it has in common with another; may be empty, with its end before its beginning.
    #[must_use]
    pub fn cut(self, other: Self) -> Self {
        Self { from_s: self.from_s.max(other.from_s), to_s: self.to_s.min(other.to_s) }
    }
}

/// A set of spans.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spans(Vec<Span>);

impl Spans {
    /// Any spans, in any order; those that touch are joined, and those that end before they begin are left out.
    #[must_use]
    pub fn new(spans: impl IntoIterator<Item = Span>) -> Self {
        let mut sorted: Vec<Span> = spans.into_iter().filter(|span| span.to_s >= span.from_s).collect();
        sorted.sort_by(|a, b| a.from_s.total_cmp(&b.from_s));
        let mut joined: Vec<Span> = Vec::new();
        for span in sorted {
            match joined.last_mut() {
                Some(last) if span.from_s <= last.to_s => last.to_s = last.to_s.max(span.to_s),
                _ => joined.push(span),
            }
        }
        Self(joined)
    }

    /// The spans, in order.
    #[must_use]
    pub fn as_slice(&self) -> &[Span] {
        &self.0
    }

    /// The spans, in order.
    pub fn iter(&self) -> impl Iterator<Item = Span> {
        self.0.iter().copied()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How long they are together, in seconds.
    #[must_use]
    pub fn total_s(&self) -> f64 {
        self.iter().map(Span::length_s).sum()
    }

    /// Whether a second lies in one of them.
    #[must_use]
    pub fn holds(&self, at_s: f64) -> bool {
        let after = self.0.partition_point(|span| span.from_s <= at_s);
        after.checked_sub(1).and_then(|index| self.0.get(index)).is_some_and(|span| at_s <= span.to_s)
    }

    /// Whether one of them has a moment in common with a span.
    #[must_use]
    pub fn meet(&self, span: Span) -> bool {
        self.iter().any(|own| own.meets(span))
    }

    /// What is in either.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        Self::new(self.iter().chain(other.iter()))
    }

    /// What is in both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self::new(self.iter().flat_map(|one| other.iter().map(move |two| one.cut(two))))
    }

    /// What is within `whole` and not in these.
    #[must_use]
    pub fn not(&self, whole: Span) -> Self {
        let mut gaps = Vec::new();
        let mut from_s = whole.from_s;
        for span in self.iter() {
            gaps.push(Span::new(from_s, span.from_s.min(whole.to_s)));
            from_s = from_s.max(span.to_s);
        }
        gaps.push(Span::new(from_s, whole.to_s));
        Self::new(gaps.into_iter().filter(|gap| gap.to_s > gap.from_s))
    }

    /// What is in these and not in the others.
    #[must_use]
    pub fn without(&self, others: &Self) -> Self {
        Self::new(self.iter().flat_map(|span| others.not(span).0))
    }

    /// Those that last at least so many seconds.
    #[must_use]
    pub fn lasting(&self, least_s: f64) -> Self {
        Self(self.iter().filter(|span| span.length_s() >= least_s).collect())
    }

    /// The same with gaps of up to so many seconds filled.
    #[must_use]
    pub fn bridged(&self, gap_s: f64) -> Self {
        let mut bridged: Vec<Span> = Vec::new();
        for span in self.iter() {
            match bridged.last_mut() {
                Some(last) if span.from_s - last.to_s <= gap_s => last.to_s = span.to_s,
                _ => bridged.push(span),
            }
        }
        Self(bridged)
    }

    /// The same, each longer by so many seconds at both ends; shorter, and gone where nothing is left, if negative.
    #[must_use]
    pub fn widened(&self, more_s: f64) -> Self {
        Self::new(self.iter().map(|span| span.widened(more_s)))
    }
}

impl FromIterator<Span> for Spans {
    fn from_iter<I: IntoIterator<Item = Span>>(spans: I) -> Self {
        Self::new(spans)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(pairs: &[(f64, f64)]) -> Spans {
        pairs.iter().map(|(from_s, to_s)| Span::new(*from_s, *to_s)).collect()
    }

    #[test]
    fn spans_that_touch_are_one() {
        assert_eq!(spans(&[(5.0, 7.0), (0.0, 2.0), (2.0, 3.0), (9.0, 8.0)]), spans(&[(0.0, 3.0), (5.0, 7.0)]));
    }

    #[test]
    fn sets_are_joined_crossed_and_taken_from_each_other() {
        let (one, two) = (spans(&[(0.0, 10.0), (20.0, 30.0)]), spans(&[(5.0, 25.0)]));
        assert_eq!(one.or(&two), spans(&[(0.0, 30.0)]));
        assert_eq!(one.and(&two), spans(&[(5.0, 10.0), (20.0, 25.0)]));
        assert_eq!(one.without(&two), spans(&[(0.0, 5.0), (25.0, 30.0)]));
        assert_eq!(one.not(Span::new(-5.0, 40.0)), spans(&[(-5.0, 0.0), (10.0, 20.0), (30.0, 40.0)]));
    }

    #[test]
    fn short_gaps_are_bridged_and_short_spans_left_out() {
        let jittery = spans(&[(0.0, 10.0), (11.0, 20.0), (40.0, 41.0)]);
        assert_eq!(jittery.bridged(5.0), spans(&[(0.0, 20.0), (40.0, 41.0)]));
        assert_eq!(jittery.lasting(5.0), spans(&[(0.0, 10.0), (11.0, 20.0)]));
        assert_eq!(jittery.widened(-2.0), spans(&[(2.0, 8.0), (13.0, 18.0)]));
        assert!(jittery.holds(10.0) && !jittery.holds(10.5) && jittery.meet(Span::new(20.0, 39.0)));
    }
}
