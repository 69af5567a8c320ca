//! High-consequence dangerous goods: those that could be misused to kill many (ADR 1.10.3.1.1).
//!
//! The list is Table 1.10.3.1.2 of ADR 2025: kinds of goods, each with a quantity per carriage mode that must be
//! exceeded. Quantities of one kind in one transport unit add up. Class 7 has activity thresholds (1.10.3.1.3), which
//! a goods line does not state: not covered here.
//!
//! What is not known counts at its worst: an unstated quantity exceeds every threshold, and so does a mass where the
//! table asks for litres, as the density is not known. Only an empty uncleaned tank or packaging without stated
//! quantity counts as holding a residue: more than nothing, less than the 3000 litres or kilograms of the table.

use super::entry::CatalogueEntry;
use super::load::LoadLine;
use super::words::words;
use crate::domain::{CarriageMode, PackingGroup, UnNumber};

words!(
    /// A row of Table 1.10.3.1.2.
    HighConsequenceKind, "kind of high-consequence goods", {
        /// Explosives: divisions 1.1, 1.2, 1.5, 1.6, 1.3 of compatibility group C, and the listed detonators of 1.4.
        Explosives = "explosives",
        /// Very insensitive explosives, division 1.5, which may be carried in tanks.
        ExplosivesInTanks = "explosives_of_division_1_5",
        /// Flammable, non-toxic gases (classification codes with only F or FC).
        FlammableGases = "flammable_gases",
        /// Toxic gases except aerosols (classification codes with T).
        ToxicGases = "toxic_gases",
        /// Flammable liquids of packing groups I and II.
        FlammableLiquids = "flammable_liquids",
        /// Desensitised explosives of class 3.
        DesensitisedLiquids = "desensitised_explosives_of_class_3",
        /// Desensitised explosives of division 4.1.
        DesensitisedSolids = "desensitised_explosives_of_division_4_1",
        /// Division 4.2, packing group I.
        SelfHeating = "division_4_2",
        /// Division 4.3, packing group I.
        WaterReactive = "division_4_3",
        /// Oxidising liquids, packing group I.
        OxidisingLiquids = "oxidising_liquids",
        /// Perchlorates, ammonium nitrate, its fertilisers, emulsions, suspensions and gels.
        PerchloratesAndAmmoniumNitrate = "perchlorates_and_ammonium_nitrate",
        /// Toxic substances, packing group I.
        Toxic = "toxic_substances",
        /// Infectious substances and medical waste of category A, except animal material.
        Infectious = "infectious_substances",
        /// Corrosive substances, packing group I.
        Corrosive = "corrosive_substances",
    }
);

/// Explosives of division 1.4 in the table, ADR 2025.
const LISTED_1_4: [u16; 15] = [104, 237, 255, 267, 289, 361, 365, 366, 440, 441, 455, 456, 500, 512, 513];

/// When a quantity is of high consequence in one carriage mode.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Threshold {
    /// More than so many litres.
    Litres(f64),
    /// More than so many kilograms.
    Kilograms(f64),
    /// "Not relevant": the goods are not carried in this mode. A line that says they are contradicts the table and
    /// counts at its worst.
    NotRelevant,
    /// The provisions do not apply, whatever the quantity.
    NotSubject,
}

impl HighConsequenceKind {
    /// The row of the table: tank (litres), bulk (kilograms), packages (kilograms).
    fn thresholds(self) -> [Threshold; 3] {
        use Threshold::{Kilograms, Litres, NotRelevant, NotSubject};
        match self {
            Self::Explosives | Self::DesensitisedSolids => [NotRelevant, NotRelevant, Kilograms(0.0)],
            Self::ExplosivesInTanks | Self::ToxicGases | Self::DesensitisedLiquids | Self::Toxic => {
                [Litres(0.0), NotRelevant, Kilograms(0.0)]
            }
            Self::FlammableGases
            | Self::FlammableLiquids
            | Self::SelfHeating
            | Self::WaterReactive
            | Self::OxidisingLiquids
            | Self::Corrosive => [Litres(3000.0), NotRelevant, NotSubject],
            Self::PerchloratesAndAmmoniumNitrate => [Litres(3000.0), Kilograms(3000.0), NotSubject],
            Self::Infectious => [NotRelevant, Kilograms(0.0), Kilograms(0.0)],
        }
    }

    fn threshold(self, mode: CarriageMode) -> Threshold {
        let [tank, bulk, packages] = self.thresholds();
        match mode {
            CarriageMode::Tank => tank,
            CarriageMode::Bulk => bulk,
            CarriageMode::Packages => packages,
        }
    }
}

/// The kinds of high-consequence goods in a load, each once; empty: none. Unknown goods have no kind: the caller
/// decides about them.
#[must_use]
pub fn high_consequence(lines: &[LoadLine<'_>]) -> Vec<HighConsequenceKind> {
    let mut kinds: Vec<_> =
        lines.iter().flat_map(|line| line.candidates.iter().filter_map(|entry| kind_of(entry))).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let modes = [CarriageMode::Tank, CarriageMode::Bulk, CarriageMode::Packages];
    kinds.retain(|kind| modes.iter().any(|mode| exceeds(lines, *kind, *mode)));
    kinds
}

/// Whether the lines of one kind and mode together exceed the threshold.
fn exceeds(lines: &[LoadLine<'_>], kind: HighConsequenceKind, mode: CarriageMode) -> bool {
    let is_meant = |line: &&LoadLine<'_>| {
        line.goods.mode == mode && line.candidates.iter().any(|entry| kind_of(entry) == Some(kind))
    };
    let mut meant = lines.iter().filter(is_meant).peekable();
    if meant.peek().is_none() {
        return false;
    }
    match kind.threshold(mode) {
        Threshold::NotSubject => false,
        Threshold::NotRelevant => true,
        Threshold::Litres(most) => meant.map(|line| quantity(line, line.goods.quantity_l)).sum::<f64>() > most,
        Threshold::Kilograms(most) => meant.map(|line| quantity(line, line.goods.quantity_kg)).sum::<f64>() > most,
    }
}

/// The quantity of a line in the unit asked for: infinite when it is not known, next to nothing for a residue.
fn quantity(line: &LoadLine<'_>, stated: Option<f64>) -> f64 {
    let nothing_stated = line.goods.quantity_kg.is_none() && line.goods.quantity_l.is_none();
    match stated.filter(|quantity| quantity.is_finite() && *quantity >= 0.0) {
        Some(quantity) if line.goods.empty_uncleaned => quantity.max(f64::MIN_POSITIVE),
        Some(quantity) => quantity,
        None if line.goods.empty_uncleaned && nothing_stated => f64::MIN_POSITIVE,
        None => f64::INFINITY,
    }
}

/// The row of the table that a catalogue row falls under, if any.
fn kind_of(entry: &CatalogueEntry) -> Option<HighConsequenceKind> {
    use HighConsequenceKind as Kind;
    let class = entry.class?;
    let group_one = entry.packing_group == Some(PackingGroup::I);
    let code = entry.classification_code.as_deref().unwrap_or_default();
    match (class.class(), class.division()) {
        (1, 0 | 1 | 2 | 6) => Some(Kind::Explosives),
        (1, 3) => (class.compatibility_group() == Some('C')).then_some(Kind::Explosives),
        (1, 4) => LISTED_1_4.contains(&entry.un_number.0).then_some(Kind::Explosives),
        (1, _) => Some(Kind::ExplosivesInTanks),
        (2, division) => kind_of_gas(entry.un_number, division, code),
        (3, _) if is_desensitised(code) => Some(Kind::DesensitisedLiquids),
        (3, _) => {
            matches!(entry.packing_group, Some(PackingGroup::I | PackingGroup::II)).then_some(Kind::FlammableLiquids)
        }
        (4, 1) => is_desensitised(code).then_some(Kind::DesensitisedSolids),
        (4, 2) => group_one.then_some(Kind::SelfHeating),
        (4, 3) => group_one.then_some(Kind::WaterReactive),
        (5, 1) if is_perchlorate_or_ammonium_nitrate(&entry.name_en) => Some(Kind::PerchloratesAndAmmoniumNitrate),
        (5, 1) => (group_one && may_be_oxidising_liquid(code)).then_some(Kind::OxidisingLiquids),
        (6, 1) => group_one.then_some(Kind::Toxic),
        (6, 2) => is_category_a(entry).then_some(Kind::Infectious),
        (8, _) => group_one.then_some(Kind::Corrosive),
        _ => None,
    }
}

/// UN 1950 are the aerosols. A gas without classification code goes by its division.
fn kind_of_gas(un_number: UnNumber, division: u8, code: &str) -> Option<HighConsequenceKind> {
    let letters = code.trim_start_matches(|c: char| c.is_ascii_digit());
    if letters.contains('T') || (letters.is_empty() && division == 3) {
        (un_number != UnNumber(1950)).then_some(HighConsequenceKind::ToxicGases)
    } else {
        let flammable = matches!(letters, "F" | "FC") || (letters.is_empty() && division == 1);
        flammable.then_some(HighConsequenceKind::FlammableGases)
    }
}

/// Classification codes D and DT (ADR 2.2.3.1.2, 2.2.41.1.2).
fn is_desensitised(code: &str) -> bool {
    matches!(code, "D" | "DT")
}

/// Classification codes of oxidising liquids (ADR 2.2.51.1.2). OTC does not tell, but its three entries of packing
/// group I are liquids (the halogen fluorides UN 1745, 1746 and 2495). Without a code: it may be.
fn may_be_oxidising_liquid(code: &str) -> bool {
    matches!(code, "O1" | "OT1" | "OC1" | "OTC" | "")
}

fn is_perchlorate_or_ammonium_nitrate(name_en: &str) -> bool {
    let name = name_en.to_uppercase();
    name.contains("PERCHLORATE") || name.contains("AMMONIUM NITRATE")
}

/// UN 2814 and 2900 except animal material, and UN 3549.
fn is_category_a(entry: &CatalogueEntry) -> bool {
    matches!(entry.un_number.0, 2814 | 2900 | 3549) && !entry.name_en.contains("animal material")
}

#[cfg(test)]
mod tests;
