//! The goods catalogue: what is known of every number of the dangerous goods list.
//!
//! The key is (UN number, packing group, variant), never the number alone: UN 1986 has three packing groups with
//! different tunnel codes, UN 1950 twelve kinds of aerosol. A look-up that names one row gets it; a look-up that leaves
//! several open gets the most restrictive one (see [`order`]) and is told so. The data ship in the
//! binary; where they come from is told in `data/PROVENANCE.md`.

use std::{collections::HashMap, fmt, ops::Range};

use serde::Serialize;

use super::distances::DistanceTables;
use super::entry::{CatalogueEntry, EntryKey};
use super::guide::Guides;
use super::order;
use super::reading::{DataError, read_rows};
use crate::domain::{GoodsLine, PackingGroup, UnNumber};

/// The catalogue with the guidebook's guides and distance tables.
#[derive(Clone, Debug)]
pub struct Catalogue {
    entries: Vec<CatalogueEntry>,
    rows_of_number: HashMap<UnNumber, Range<usize>>,
    guides: Guides,
    distances: DistanceTables,
}

impl Catalogue {
    /// Reads the data in the binary. Takes some milliseconds: do it once.
    ///
    /// # Errors
    ///
    /// When a data file does not read, naming the place. Tests keep that from being shipped.
    pub fn builtin() -> Result<Self, DataError> {
        let goods = read_rows("goods.csv", include_str!("data/goods.csv"), CatalogueEntry::read)?;
        Ok(Self::new(goods, Guides::builtin()?, DistanceTables::builtin()?))
    }

    fn new(mut entries: Vec<CatalogueEntry>, guides: Guides, distances: DistanceTables) -> Self {
        entries.sort_by_key(|entry| entry.un_number);
        let mut rows_of_number: HashMap<UnNumber, Range<usize>> = HashMap::new();
        for (index, entry) in entries.iter().enumerate() {
            rows_of_number.entry(entry.un_number).or_insert(index..index).end = index + 1;
        }
        Self { entries, rows_of_number, guides, distances }
    }

    /// Every row, by number.
    #[must_use]
    pub fn entries(&self) -> &[CatalogueEntry] {
        &self.entries
    }

    /// Every row of a number; none when the list does not have the number.
    #[must_use]
    pub fn entries_of(&self, un_number: UnNumber) -> &[CatalogueEntry] {
        self.rows_of_number.get(&un_number).and_then(|rows| self.entries.get(rows.clone())).unwrap_or_default()
    }

    /// The guides of the Emergency Response Guidebook.
    #[must_use]
    pub fn guides(&self) -> &Guides {
        &self.guides
    }

    /// The guidebook's isolation and protective action distances.
    #[must_use]
    pub fn distances(&self) -> &DistanceTables {
        &self.distances
    }

    /// The row that is meant, or the most restrictive one that may be.
    ///
    /// A packing group is disregarded where the list gives the number none (class 1 has one in some national lists,
    /// none in ADR). Variants compare without regard to case.
    ///
    /// # Errors
    ///
    /// When the list has no such number, or the number no such packing group or variant.
    pub fn resolve(
        &self,
        un_number: UnNumber,
        packing_group: Option<PackingGroup>,
        variant: Option<&str>,
    ) -> Result<Resolved<'_>, LookupError> {
        let rows = self.matching(un_number, packing_group, variant)?;
        let first = *rows.first().ok_or(LookupError::UnknownNumber { un_number })?;
        let entry = rows.iter().copied().min_by(|one, other| order::compare(one, other)).unwrap_or(first);
        let mut others: Vec<_> = rows.into_iter().filter(|row| *row != entry).collect();
        others.sort_by(|one, other| order::compare(one, other));
        let ambiguous = others.first().map(|runner_up| Ambiguity {
            chosen: entry.key(),
            alternatives: others.iter().map(|other| other.key()).collect(),
            because: order::reason(entry, runner_up),
        });
        Ok(Resolved { entry, ambiguous })
    }

    /// As [`resolve`](Self::resolve), for a line of goods.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn resolve_line(&self, line: &GoodsLine) -> Result<Resolved<'_>, LookupError> {
        self.resolve(line.un_number, line.packing_group, line.variant.as_deref())
    }

    /// Every row that a line of goods may mean, for computations that must not miss the worst of them.
    ///
    /// A line that names a packing group or variant that its number does not have may mean any row of the number. No
    /// row at all: the goods are not known.
    #[must_use]
    pub fn candidates(&self, line: &GoodsLine) -> Vec<&CatalogueEntry> {
        self.matching(line.un_number, line.packing_group, line.variant.as_deref())
            .unwrap_or_else(|_| self.entries_of(line.un_number).iter().collect())
    }

    fn matching(
        &self,
        un_number: UnNumber,
        packing_group: Option<PackingGroup>,
        variant: Option<&str>,
    ) -> Result<Vec<&CatalogueEntry>, LookupError> {
        let of_number = self.entries_of(un_number);
        if of_number.is_empty() {
            return Err(LookupError::UnknownNumber { un_number });
        }
        let has_groups = of_number.iter().any(|entry| entry.packing_group.is_some());
        let wanted = packing_group.filter(|_| has_groups);
        let of_group: Vec<_> =
            of_number.iter().filter(|entry| wanted.is_none() || entry.packing_group == wanted).collect();
        if let (true, Some(packing_group)) = (of_group.is_empty(), wanted) {
            let known = listed(of_number.iter().filter_map(|entry| entry.packing_group));
            return Err(LookupError::NoSuchPackingGroup { un_number, packing_group, known });
        }
        let Some(variant) = variant else { return Ok(of_group) };
        let is_meant = |entry: &CatalogueEntry| {
            entry.variant.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(variant.trim()))
        };
        let of_variant: Vec<_> = of_group.iter().copied().filter(|entry| is_meant(entry)).collect();
        if of_variant.is_empty() {
            let known = listed(of_group.iter().filter_map(|entry| entry.variant.as_ref()));
            return Err(LookupError::NoSuchVariant { un_number, variant: variant.chars().take(80).collect(), known });
        }
        Ok(of_variant)
    }
}

/// Values for an error message, each once: `II, III`.
fn listed<T: fmt::Display>(values: impl Iterator<Item = T>) -> String {
    let mut texts: Vec<String> = values.map(|value| value.to_string()).collect();
    texts.dedup();
    if texts.is_empty() { "none".to_owned() } else { texts.join(", ") }
}

/// The row found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved<'a> {
    /// The row.
    pub entry: &'a CatalogueEntry,
    /// Present when the look-up left other rows open.
    pub ambiguous: Option<Ambiguity>,
}

/// Several rows may be meant; the most restrictive one was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ambiguity {
    /// The row that was taken.
    pub chosen: EntryKey,
    /// The other rows, the most restrictive first.
    pub alternatives: Vec<EntryKey>,
    /// Why the chosen row stands before the first alternative.
    pub because: &'static str,
}

impl fmt::Display for Ambiguity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let others: Vec<String> = self.alternatives.iter().map(EntryKey::to_string).collect();
        write!(
            f,
            "{} was taken as the most restrictive row because {}; it may also be {}",
            self.chosen,
            self.because,
            others.join(" or ")
        )
    }
}

/// Why a look-up finds nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LookupError {
    /// The list does not have the number.
    #[error("UN {un_number} is not in the goods catalogue")]
    UnknownNumber {
        /// The number asked for.
        un_number: UnNumber,
    },
    /// The number has no such packing group.
    #[error("UN {un_number} has no packing group {packing_group}; it has {known}")]
    NoSuchPackingGroup {
        /// The number asked for.
        un_number: UnNumber,
        /// The packing group asked for.
        packing_group: PackingGroup,
        /// Those that it has.
        known: String,
    },
    /// The number, in that packing group, has no such variant.
    #[error("UN {un_number} has no variant {variant:?}; it has {known}")]
    NoSuchVariant {
        /// The number asked for.
        un_number: UnNumber,
        /// The variant asked for, cut to 80 characters.
        variant: String,
        /// Those that it has.
        known: String,
    },
}

#[cfg(test)]
mod tests;
