//! All rule packs, and which of them is in force when.

use std::{
    collections::{BTreeMap, HashMap, btree_map::Entry},
    sync::Arc,
};

use chrono::{DateTime, Utc};

use super::{
    document::{PackDocument, PackError, RuleDocument},
    rule_set::{Fault, RuleSet},
};
use crate::domain::PackVersion;

/// A published version of a pack.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedPack {
    /// Number of the version, from 1.
    pub version: i32,
    /// What it says.
    pub document: PackDocument,
}

/// Most rules in one pack: each period in which none changes is kept ready.
const MOST_RULES: usize = 200;

/// The periods of one jurisdiction, one after the other. Between them there may be time without rules.
#[derive(Clone, Debug, Default)]
pub struct Timeline(Arc<[Period]>);

#[derive(Clone, Debug)]
struct Period {
    from: DateTime<Utc>,
    to: Option<DateTime<Utc>>,
    rules: Arc<RuleSet>,
}

impl Timeline {
    /// The rules in force at `time`.
    #[must_use]
    pub fn at(&self, time: DateTime<Utc>) -> Option<&RuleSet> {
        let after = self.0.partition_point(|period| period.from <= time);
        let period = self.0.get(after.checked_sub(1)?)?;
        period.to.is_none_or(|end| time < end).then_some(&*period.rules)
    }

    /// The first moment after `time` at which the rules in force change.
    #[must_use]
    pub fn next_change_after(&self, time: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.0.iter().flat_map(|period| [Some(period.from), period.to]).flatten().filter(|edge| *edge > time).min()
    }
}

/// All rule packs, ready to judge by. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct RulePacks {
    timelines: HashMap<Box<str>, Timeline>,
    /// The periods of each version by itself: versions never change, so they are made ready once.
    versions: BTreeMap<PackVersion, Arc<[Period]>>,
}

impl RulePacks {
    /// Makes packs ready. Where versions of one jurisdiction overlap in time, the higher number is in force.
    ///
    /// # Errors
    /// Names the first pack, rule and field that is wrong.
    pub fn compile(packs: &[PublishedPack]) -> Result<Self, PackError> {
        Self::default().with(packs)
    }

    /// These packs and `more`, of which those that are known already are not looked at.
    ///
    /// # Errors
    /// Names the first pack, rule and field that is wrong.
    pub fn with(&self, more: &[PublishedPack]) -> Result<Self, PackError> {
        let mut versions = self.versions.clone();
        for pack in more {
            let version = PackVersion { jurisdiction: Arc::from(&*pack.document.jurisdiction), version: pack.version };
            if let Entry::Vacant(place) = versions.entry(version) {
                let version = place.key();
                let name = format!("rule pack {} version {}", version.jurisdiction, version.version);
                let periods = periods_of(&name, version, &pack.document)?;
                place.insert(periods.into());
            }
        }
        let mut by_jurisdiction: HashMap<Box<str>, Vec<Period>> = HashMap::new();
        // In the order of their numbers, so that the higher one takes the time of the lower.
        for (version, newer) in &versions {
            let periods = by_jurisdiction.entry((*version.jurisdiction).into()).or_default();
            for period in newer.iter() {
                *periods = make_room(periods, period);
                periods.push(period.clone());
            }
            periods.sort_by_key(|period| period.from);
        }
        let timelines = by_jurisdiction.into_iter().map(|(code, periods)| (code, Timeline(periods.into()))).collect();
        Ok(Self { timelines, versions })
    }

    /// Whether this version is among them.
    #[must_use]
    pub fn knows(&self, version: &PackVersion) -> bool {
        self.versions.contains_key(version)
    }

    /// The packs in the binary.
    ///
    /// # Errors
    /// Never, as a test proves.
    pub fn builtin() -> Result<Self, PackError> {
        let documents = super::builtin()?;
        let packs: Vec<_> = documents.into_iter().map(|document| PublishedPack { version: 1, document }).collect();
        Self::compile(&packs)
    }

    /// The rules of a jurisdiction that are in force at `time`.
    #[must_use]
    pub fn in_force(&self, jurisdiction: &str, time: DateTime<Utc>) -> Option<&RuleSet> {
        self.timelines.get(jurisdiction)?.at(time)
    }

    /// The rules of a jurisdiction over time; cheap to keep.
    #[must_use]
    pub fn timeline(&self, jurisdiction: &str) -> Option<&Timeline> {
        self.timelines.get(jurisdiction)
    }

    /// The jurisdictions that have a pack, in order.
    #[must_use]
    pub fn jurisdictions(&self) -> Vec<&str> {
        let mut codes: Vec<&str> = self.timelines.keys().map(|code| &**code).collect();
        codes.sort_unstable();
        codes
    }
}

impl PackDocument {
    /// Whether the pack can be judged by.
    ///
    /// # Errors
    /// Names the first rule and field that is wrong. `name` is what errors call the pack.
    pub fn check(&self, name: &str) -> Result<(), PackError> {
        let version = PackVersion { jurisdiction: Arc::from(&*self.jurisdiction), version: 0 };
        periods_of(name, &version, self).map(drop)
    }
}

/// Cuts a version into periods in which none of its rules begins or ends.
fn periods_of(name: &str, version: &PackVersion, document: &PackDocument) -> Result<Vec<Period>, PackError> {
    check_head(name, document)?;
    let mut edges = vec![document.effective_from];
    let mut read = Vec::with_capacity(document.rules.len());
    for rule in &document.rules {
        if rule.effective_from.zip(rule.effective_to).is_some_and(|(from, to)| to <= from) {
            return Err(Fault::new("effective_to", "it must be after effective_from").of(name, rule));
        }
        // Read whether or not its time falls within the pack's: it must be right all the same.
        read.push((rule, RuleSet::of_one(version.clone(), rule).map_err(|fault| fault.of(name, rule))?));
        let within = |edge: &DateTime<Utc>| {
            *edge > document.effective_from && document.effective_to.is_none_or(|end| *edge < end)
        };
        edges.extend([rule.effective_from, rule.effective_to].into_iter().flatten().filter(within));
    }
    edges.sort_unstable();
    edges.dedup();
    let ends = edges.iter().skip(1).copied().map(Some).chain([document.effective_to]);
    let mut periods = Vec::with_capacity(edges.len());
    for (from, to) in edges.iter().copied().zip(ends) {
        let mut rules = RuleSet::empty(version.clone());
        for (rule, read) in read.iter().filter(|(rule, _)| in_force(rule, from)) {
            rules.add(read).map_err(|fault| fault.of(name, rule))?;
        }
        periods.push(Period { from, to, rules: Arc::new(rules) });
    }
    Ok(periods)
}

fn in_force(rule: &RuleDocument, time: DateTime<Utc>) -> bool {
    rule.effective_from.is_none_or(|from| from <= time) && rule.effective_to.is_none_or(|to| time < to)
}

fn check_head(name: &str, document: &PackDocument) -> Result<(), PackError> {
    let wrong = |field: &str, reason: &str| {
        Err(PackError { pack: name.into(), rule: None, field: field.into(), reason: reason.into() })
    };
    let code = &document.jurisdiction;
    let well_formed = code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !(1..=32).contains(&code.len()) || !well_formed {
        return wrong("jurisdiction", "1 to 32 of a-z 0-9 - are wanted, such as adr or us-tx");
    }
    if document.title.trim().is_empty() {
        return wrong("title", "it is empty; what people call the pack is wanted");
    }
    if document.effective_to.is_some_and(|end| end <= document.effective_from) {
        return wrong("effective_to", "it must be after effective_from");
    }
    if document.rules.len() > MOST_RULES {
        return wrong("rule", "there are more than 200 rules, which is the most");
    }
    Ok(())
}

/// What is left of `periods` beside `newer`.
fn make_room(periods: &[Period], newer: &Period) -> Vec<Period> {
    let mut left = Vec::with_capacity(periods.len() + 2);
    for period in periods {
        let ends_before = period.to.is_some_and(|end| end <= newer.from);
        let begins_after = newer.to.is_some_and(|end| end <= period.from);
        if ends_before || begins_after {
            left.push(period.clone());
            continue;
        }
        if period.from < newer.from {
            left.push(Period { to: Some(newer.from), ..period.clone() });
        }
        if let Some(end) = newer.to.filter(|end| period.to.is_none_or(|to| *end < to)) {
            left.push(Period { from: end, ..period.clone() });
        }
    }
    left
}

#[cfg(test)]
mod tests;
