//! Which of several catalogue rows is the most restrictive.
//!
//! Used where a line of goods does not say exactly which row it means. The criteria stand in the order in which they
//! decide. The order is our own; each criterion is a grading that ADR itself makes, except the order of the classes.

use std::cmp::Ordering;

use super::entry::{AdrStatus, CatalogueEntry};
use super::tunnel::restriction_of_entry;
use crate::domain::{CarriageMode, HazardClass};

/// A criterion: its name as a reason, and a rank that is lower for the more restrictive row.
type Criterion = (&'static str, fn(&CatalogueEntry) -> u32);

const CRITERIA: [Criterion; 7] = [
    ("its carriage by road is prohibited", |entry| u32::from(entry.adr_status != AdrStatus::CarriageProhibited)),
    ("it has the gravest packing group", |entry| entry.packing_group.map_or(3, |group| group as u32)),
    ("it has the gravest transport category", |entry| entry.transport_category.map_or(5, |category| category as u32)),
    ("it is kept out of most tunnels", |entry| {
        let restriction = restriction_of_entry(entry, CarriageMode::Tank, None);
        9 - restriction as u32
    }),
    ("it has the gravest class", |entry| entry.class.map_or(0, class_rank)),
    ("it has most subsidiary hazards", |entry| {
        u32::try_from(entry.subsidiary_hazards.len()).map_or(0, |count| 9_u32.saturating_sub(count))
    }),
    ("it has the gravest subsidiary hazard", |entry| {
        entry.subsidiary_hazards.iter().map(|class| class_rank(*class)).min().unwrap_or(u32::MAX)
    }),
];

/// Orders rows from the most restrictive to the least. Rows that no criterion separates go by their variant.
#[must_use]
pub fn compare(one: &CatalogueEntry, other: &CatalogueEntry) -> Ordering {
    let by_criteria = CRITERIA.iter().map(|(_, rank)| rank(one).cmp(&rank(other)));
    by_criteria.fold(Ordering::Equal, Ordering::then).then_with(|| one.variant.cmp(&other.variant))
}

/// Why `chosen` stands before `other`, as the end of the sentence "taken because …".
#[must_use]
pub fn reason(chosen: &CatalogueEntry, other: &CatalogueEntry) -> &'static str {
    let decisive = CRITERIA.iter().find(|(_, rank)| rank(chosen) != rank(other));
    decisive.map_or("nothing tells them apart in danger and it comes first by name", |(reason, _)| reason)
}

/// The classes from the one that harms fastest and farthest. Our own order.
fn class_rank(class: HazardClass) -> u32 {
    match (class.class(), class.division()) {
        (1, 0 | 1 | 5) => 0,
        (1, 2) => 1,
        (1, 3 | 6) => 2,
        (2, 3) => 3,
        (6, 1) => 4,
        (2, 1) => 5,
        (1, _) => 6,
        (7, _) => 7,
        (4, 2) => 8,
        (5, 2) => 9,
        (4, 3) => 10,
        (3, _) => 11,
        (5, _) => 12,
        (4, _) => 13,
        (8, _) => 14,
        (6, _) => 15,
        (2, _) => 16,
        _ => 17,
    }
}

#[cfg(test)]
mod tests {
    use crate::hazard::testing::catalogue;

    fn chosen(un: &str) -> String {
        catalogue().resolve(un.parse().unwrap(), None, None).unwrap().entry.key().to_string()
    }

    #[test]
    fn the_packing_group_decides_before_anything_else() {
        assert_eq!(chosen("1986"), "UN 1986, I");
        assert_eq!(chosen("1993"), "UN 1993, I");
    }

    #[test]
    fn among_aerosols_the_toxic_flammable_corrosive_one_is_the_worst() {
        assert_eq!(chosen("1950"), "UN 1950, 5TFC");
        assert_eq!(chosen("2037"), "UN 2037, 5TFC");
    }

    #[test]
    fn molten_maleic_anhydride_and_the_liquid_borohydride_come_first() {
        assert_eq!(chosen("2215"), "UN 2215, III, C3");
        assert_eq!(chosen("2870"), "UN 2870, I, SW1");
    }
}
