//! Truth in three shades: when a condition must be seen, when it holds, when it may be seen.
//!
//! A condition holds or does not, but a device that errs by metres and reports every ten seconds cannot show every case
//! of it. So a rule's judge gives three sets of time. Where `must` holds, any right judge of the device's reports finds
//! it; outside `may` none does; in between both answers are right, and the ledger calls it doubtful.

use crate::life::{Span, Spans};

/// Doubt for so many seconds right before or after an episode is not worth a line: findings may be off by more.
const NEGLIGIBLE_S: f64 = 30.0;

/// When a condition must be seen, holds, and may be seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Verdict {
    /// When it must be seen.
    pub must: Spans,
    /// When it truly holds.
    pub is: Spans,
    /// When it may be seen.
    pub may: Spans,
    /// What is in one span of these belongs to one episode.
    pub linked: Spans,
}

/// An episode in simulated seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stretch {
    /// When.
    pub span: Span,
    /// Whether it must be found.
    pub certain: bool,
    /// Whether it may be found in several pieces.
    pub splits: bool,
}

impl Verdict {
    /// A condition that anybody sees when it holds.
    pub fn plain(is: Spans) -> Self {
        Self { must: is.clone(), may: is.clone(), linked: is.clone(), is }
    }

    /// Either condition.
    pub fn or(&self, other: &Self) -> Self {
        Self {
            must: self.must.or(&other.must),
            is: self.is.or(&other.is),
            may: self.may.or(&other.may),
            linked: self.linked.or(&other.linked),
        }
    }

    /// The condition while something else is exactly known to hold; it must be seen only where that lasts, together,
    /// at least `least_s` longer on both sides or besides.
    pub fn during(&self, known: &Spans, least_s: f64) -> Self {
        let inner = known.widened(-least_s);
        let lasting =
            |must: Spans| must.iter().filter(|span| span.length_s() >= least_s || inner.meet(*span)).collect();
        Self {
            must: lasting(self.must.and(known)),
            is: self.is.and(known),
            may: self.may.and(known),
            linked: self.linked.and(known),
        }
    }

    /// Nothing must be seen in these times.
    pub fn unseen_in(mut self, blind: &Spans) -> Self {
        self.must = self.must.without(blind);
        self
    }

    /// The episodes, in order: one that must be found for each linked span that has such a time in it; for the rest of
    /// what may be seen, doubtful ones.
    pub fn episodes(&self) -> Vec<Stretch> {
        let mut episodes = Vec::new();
        let may = self.may.or(&self.is).or(&self.must);
        for linked in self.linked.or(&may).iter() {
            let within = |spans: &Spans| Spans::new(spans.iter().filter(|span| span.meets(linked)));
            let (must, is, may) = (within(&self.must), within(&self.is), within(&may));
            let Some(span) = hull(&is.or(&must)).filter(|_| !must.is_empty()) else {
                let splits = may.as_slice().len() > 1;
                episodes.extend(hull(&may).map(|span| Stretch { span, certain: false, splits }));
                continue;
            };
            episodes.push(Stretch { span, certain: true, splits: is.as_slice().len() > 1 });
            let rest = may.without(&Spans::new([span]));
            let apart = |part: &Span| !part.meets(span) || part.length_s() > NEGLIGIBLE_S;
            episodes.extend(rest.iter().filter(apart).map(|span| Stretch { span, certain: false, splits: false }));
        }
        episodes
    }
}

/// From the first beginning to the last end.
fn hull(spans: &Spans) -> Option<Span> {
    Some(Span::new(spans.as_slice().first()?.from_s, spans.as_slice().last()?.to_s))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(pairs: &[(f64, f64)]) -> Spans {
        pairs.iter().map(|(from_s, to_s)| Span::new(*from_s, *to_s)).collect()
    }

    fn stretch(from_s: f64, to_s: f64, certain: bool) -> Stretch {
        Stretch { span: Span::new(from_s, to_s), certain, splits: false }
    }

    #[test]
    fn an_episode_is_as_long_as_it_is_true_and_what_may_be_seen_beside_it_is_doubtful() {
        let verdict = Verdict {
            must: spans(&[(20.0, 30.0)]),
            is: spans(&[(10.0, 40.0)]),
            may: spans(&[(5.0, 95.0), (180.0, 190.0)]),
            linked: Spans::default(),
        };
        let expected = [stretch(10.0, 40.0, true), stretch(40.0, 95.0, false), stretch(180.0, 190.0, false)];
        assert_eq!(verdict.episodes(), expected);
    }

    #[test]
    fn linked_pieces_are_one_episode_that_may_be_found_in_pieces() {
        let is = spans(&[(10.0, 20.0), (25.0, 40.0)]);
        let verdict = Verdict { linked: spans(&[(0.0, 60.0)]), ..Verdict::plain(is) };
        let whole = Stretch { splits: true, ..stretch(10.0, 40.0, true) };
        assert_eq!(verdict.episodes().first(), Some(&whole));
    }

    #[test]
    fn what_nobody_could_see_must_not_be_found() {
        let verdict = Verdict::plain(spans(&[(0.0, 50.0)])).unseen_in(&spans(&[(0.0, 60.0)]));
        assert_eq!(verdict.episodes(), [stretch(0.0, 50.0, false)]);
    }
}
