//! A load as the rules see it: each line of goods with the catalogue rows it may mean, and a short profile of the whole.

use serde::Serialize;

use super::catalogue::Catalogue;
use super::consequence;
use super::entry::CatalogueEntry;
use super::tunnel::{self, TunnelRestriction};
use crate::domain::{CargoPredicate, CarriageMode, ClassFilter, GoodsLine, HazardClass, PackingGroup, UnNumber};

/// A line of goods with every catalogue row that it may mean; none when the goods are not known.
#[derive(Clone, Debug)]
pub struct LoadLine<'a> {
    /// The line as declared.
    pub goods: &'a GoodsLine,
    /// The rows that it may mean.
    pub candidates: Vec<&'a CatalogueEntry>,
}

impl<'a> LoadLine<'a> {
    /// The lines of a load, looked up.
    #[must_use]
    pub fn of(catalogue: &'a Catalogue, goods: &'a [GoodsLine]) -> Vec<Self> {
        goods.iter().map(|line| Self { goods: line, candidates: catalogue.candidates(line) }).collect()
    }

    /// Whether the goods are not known: no row, or a row whose class no source gives.
    #[must_use]
    pub fn unknown(&self) -> bool {
        self.candidates.is_empty() || self.candidates.iter().any(|entry| entry.class.is_none())
    }

    /// Whether the goods may be of class 1.
    #[must_use]
    pub fn may_be_explosive(&self) -> bool {
        self.candidates.iter().any(|entry| entry.class.is_some_and(|class| class.class() == 1))
    }

    /// Whether the goods may be among those that make any breach of a rule severe: class 1, toxic gases (2.3), toxic
    /// substances of packing group I (6.1), radioactive material (7). Unknown goods are.
    #[must_use]
    pub fn gravest(&self) -> bool {
        self.unknown() || self.candidates.iter().any(|entry| is_gravest(entry))
    }
}

fn is_gravest(entry: &CatalogueEntry) -> bool {
    entry.class.is_none_or(|class| match (class.class(), class.division()) {
        (1 | 7, _) | (2, 3) => true,
        (6, 1) => entry.packing_group == Some(PackingGroup::I),
        _ => false,
    })
}

/// The hazards of one line: main and subsidiary classes of every row that it may mean, and how much of it is carried how.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LineHazards {
    /// UN number.
    pub un_number: UnNumber,
    /// Classes and divisions, each once, in order.
    pub classes: Vec<HazardClass>,
    /// The main ones among them, each once, in order; none when the goods are not known.
    pub main: Vec<HazardClass>,
    /// How it is carried.
    pub mode: CarriageMode,
    /// Mass in kilograms, where the document states it.
    pub quantity_kg: Option<f64>,
    /// Whether only what remains in a tank or packaging is carried.
    pub empty_uncleaned: bool,
}

impl LineHazards {
    /// Whether the line is among the goods that `predicate` names, its quantity and the whole load aside.
    fn is_named_by(&self, predicate: &CargoPredicate) -> bool {
        predicate.takes(self.un_number, &self.classes)
            && (predicate.modes.is_empty() || predicate.modes.contains(&self.mode))
            && predicate.empty_uncleaned.is_none_or(|empty| empty == self.empty_uncleaned)
    }
}

/// What rules need to know of a load. Computed once when a shipment begins, then only read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LoadProfile {
    /// Hazards line by line.
    pub lines: Vec<LineHazards>,
    /// Which tunnels the load is kept out of.
    pub tunnel_restriction: TunnelRestriction,
    /// Whether these are high-consequence dangerous goods (ADR 1.10.3.1.2).
    pub high_consequence: bool,
    /// Whether a breach of a rule with this load is of the gravest kind: class 1, 2.3, 6.1 packing group I, 7 or
    /// high-consequence goods.
    pub gravest: bool,
    /// Whether some of the load is not known. It then counts as most restrictive, and zones take it whatever they ask.
    pub unknown: bool,
}

impl LoadProfile {
    /// The profile of the goods that a transport document names. A document that names none tells nothing: unknown.
    #[must_use]
    pub fn of(catalogue: &Catalogue, goods: &[GoodsLine]) -> Self {
        if goods.is_empty() {
            return Self::unknown();
        }
        let lines = LoadLine::of(catalogue, goods);
        let unknown = lines.iter().any(LoadLine::unknown);
        let high_consequence = unknown || !consequence::high_consequence(&lines).is_empty();
        Self {
            lines: lines.iter().map(line_hazards).collect(),
            tunnel_restriction: tunnel::restriction_of_load(&lines),
            high_consequence,
            gravest: high_consequence || lines.iter().any(LoadLine::gravest),
            unknown,
        }
    }

    /// Whether some of the load is, or may be, of one of these classes, main or subsidiary hazard.
    #[must_use]
    pub fn has_class(&self, filters: &[ClassFilter]) -> bool {
        let takes = |class: &HazardClass| filters.iter().any(|filter| filter.takes(*class));
        self.unknown || self.lines.iter().any(|line| line.classes.iter().any(takes))
    }

    /// Whether some of the load is declared as goods that are, or may be, of one of these classes by their main hazard.
    #[must_use]
    pub fn is_declared_as(&self, filters: &[ClassFilter]) -> bool {
        let takes = |class: &HazardClass| filters.iter().any(|filter| filter.takes(*class));
        self.lines.iter().any(|line| line.main.iter().any(takes))
    }

    /// The profile of dangerous goods that nobody has named.
    #[must_use]
    pub fn unknown() -> Self {
        Self {
            lines: Vec::new(),
            tunnel_restriction: TunnelRestriction::MOST_RESTRICTIVE,
            high_consequence: true,
            gravest: true,
            unknown: true,
        }
    }

    /// Whether `predicate` concerns this load: all that it asks for holds. Unknown cargo is concerned by every predicate, and
    /// goods whose mass is not stated by every quantity.
    #[must_use]
    pub fn is_taken_by(&self, predicate: &CargoPredicate) -> bool {
        if self.unknown {
            return true;
        }
        if predicate.high_consequence.is_some_and(|asked| asked != self.high_consequence) {
            return false;
        }
        let Some(least_kg) = predicate.min_quantity_kg else {
            return self.lines.iter().any(|line| line.is_named_by(predicate));
        };
        self.lines.iter().any(|line| line.is_named_by(predicate))
            && self.quantity_kg(predicate).is_none_or(|quantity_kg| quantity_kg >= least_kg)
    }

    /// The mass of the goods that `predicate` names, in kilograms; `None` where the mass of some is not stated.
    #[must_use]
    pub fn quantity_kg(&self, predicate: &CargoPredicate) -> Option<f64> {
        if self.unknown {
            return None;
        }
        self.lines.iter().filter(|line| line.is_named_by(predicate)).map(|line| line.quantity_kg).sum()
    }
}

fn line_hazards(line: &LoadLine<'_>) -> LineHazards {
    let mut classes: Vec<HazardClass> = line.candidates.iter().flat_map(|entry| entry.hazards()).collect();
    classes.sort_unstable();
    classes.dedup();
    let mut main: Vec<HazardClass> = line.candidates.iter().filter_map(|entry| entry.class).collect();
    main.sort_unstable();
    main.dedup();
    let GoodsLine { un_number, mode, quantity_kg, empty_uncleaned, .. } = *line.goods;
    LineHazards { un_number, classes, main, mode, quantity_kg, empty_uncleaned }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::CarriageMode::{Packages, Tank};
    use crate::hazard::testing::{catalogue, line};

    fn profile(goods: &[GoodsLine]) -> LoadProfile {
        LoadProfile::of(catalogue(), goods)
    }

    fn predicate(classes: &[&str]) -> CargoPredicate {
        CargoPredicate {
            classes: classes.iter().map(|text| text.parse().unwrap()).collect(),
            ..CargoPredicate::default()
        }
    }

    #[test]
    fn a_chlorine_tank_is_gravest_and_kept_out_of_c_d_and_e() {
        let chlorine = profile(&[line("1017", Tank)]);
        assert_eq!(chlorine.tunnel_restriction, TunnelRestriction::CDE);
        assert!(chlorine.gravest && chlorine.high_consequence && !chlorine.unknown);
        assert!(chlorine.is_taken_by(&predicate(&["2.3"])));
        assert!(chlorine.is_taken_by(&predicate(&["8"])), "a subsidiary hazard counts");
        assert!(!chlorine.is_taken_by(&predicate(&["3"])));
        assert!(chlorine.is_taken_by(&CargoPredicate::default()));
    }

    #[test]
    fn what_is_declared_is_told_by_the_main_hazard_and_not_assumed() {
        let filter = |text: &str| vec![text.parse::<ClassFilter>().unwrap()];
        let chlorine = profile(&[line("1017", Tank)]);
        assert!(chlorine.is_declared_as(&filter("2.3")));
        assert!(!chlorine.is_declared_as(&filter("8")), "that is a subsidiary hazard");
        assert!(profile(&[line("0081", Packages)]).is_declared_as(&filter("1.1")));
        assert!(!LoadProfile::unknown().is_declared_as(&filter("1")));
    }

    #[test]
    fn a_predicate_may_ask_for_high_consequence() {
        let high = |wanted| CargoPredicate { high_consequence: Some(wanted), ..CargoPredicate::default() };
        let (chlorine, paint) = (profile(&[line("1017", Tank)]), profile(&[line("1263", Packages)]));
        assert!(chlorine.is_taken_by(&high(true)) && !chlorine.is_taken_by(&high(false)));
        assert!(!paint.is_taken_by(&high(true)) && paint.is_taken_by(&high(false)));
        assert!(LoadProfile::unknown().is_taken_by(&high(false)), "nobody knows");
    }

    #[test]
    fn a_drum_of_paint_is_neither_grave_nor_of_high_consequence() {
        let paint = profile(&[line("1263", Packages)]);
        assert!(!paint.gravest && !paint.high_consequence && !paint.unknown);
        assert_eq!(paint.tunnel_restriction, TunnelRestriction::E);
    }

    #[test]
    fn toxic_goods_are_gravest_in_packing_group_one_or_when_it_is_not_stated() {
        let with_group = |group| GoodsLine { packing_group: group, ..line("2811", Packages) };
        assert!(profile(&[with_group(Some(PackingGroup::I))]).gravest);
        assert!(!profile(&[with_group(Some(PackingGroup::II))]).gravest);
        assert!(profile(&[with_group(None)]).gravest);
    }

    #[test]
    fn a_number_that_nobody_knows_is_taken_by_every_zone() {
        let mixed = profile(&[line("1203", Tank), line("9999", Packages)]);
        assert!(mixed.unknown && mixed.gravest && mixed.high_consequence);
        assert_eq!(mixed.tunnel_restriction, TunnelRestriction::MOST_RESTRICTIVE);
        assert!(mixed.is_taken_by(&predicate(&["7"])));
    }

    #[test]
    fn a_document_without_goods_tells_as_little_as_no_document() {
        assert_eq!(profile(&[]), LoadProfile::unknown());
    }

    #[test]
    fn a_sample_explosive_counts_as_every_division() {
        let sample = profile(&[line("0190", Packages)]);
        assert!(sample.is_taken_by(&predicate(&["1.1"])) && sample.is_taken_by(&predicate(&["1.6"])));
        assert!(sample.gravest);
    }

    #[test]
    fn an_open_line_carries_the_hazards_of_all_its_rows() {
        let aerosols = profile(&[line("1950", Packages)]);
        assert!(aerosols.is_taken_by(&predicate(&["2.1"])) && aerosols.is_taken_by(&predicate(&["6.1"])));
        let asphyxiant = profile(&[GoodsLine { variant: Some("5A".into()), ..line("1950", Packages) }]);
        assert!(!asphyxiant.is_taken_by(&predicate(&["2.1"])));
    }

    #[test]
    fn a_zone_may_ask_for_the_way_of_carriage_and_for_what_is_left_in_a_tank() {
        let tanks = CargoPredicate { modes: vec![Tank], ..predicate(&["3"]) };
        assert!(profile(&[line("1203", Tank)]).is_taken_by(&tanks));
        assert!(!profile(&[line("1203", Packages)]).is_taken_by(&tanks));
        let mixed = profile(&[line("1203", Packages), line("1978", Tank)]);
        assert!(!mixed.is_taken_by(&tanks), "one line must be both");

        let emptied = GoodsLine { empty_uncleaned: true, ..line("1203", Tank) };
        let full_only = CargoPredicate { empty_uncleaned: Some(false), ..predicate(&["3"]) };
        assert!(profile(std::slice::from_ref(&emptied)).is_taken_by(&tanks), "its hazard remains");
        assert!(!profile(&[emptied]).is_taken_by(&full_only));
    }

    #[test]
    fn a_zone_may_ask_for_a_quantity() {
        let much = CargoPredicate { min_quantity_kg: Some(1000.0), ..predicate(&["3"]) };
        let of = |quantity_kg| GoodsLine { quantity_kg, ..line("1203", Packages) };
        assert!(!profile(&[of(Some(999.0))]).is_taken_by(&much));
        assert!(profile(&[of(Some(600.0)), of(Some(400.0))]).is_taken_by(&much), "lines add up");
        assert!(profile(&[of(None)]).is_taken_by(&much), "nobody says how much it is");
        let other = GoodsLine { quantity_kg: Some(5000.0), ..line("1830", Packages) };
        assert!(!profile(&[of(Some(1.0)), other]).is_taken_by(&much), "only what is named counts");
        assert_eq!(profile(&[of(Some(600.0)), of(Some(400.0))]).quantity_kg(&much), Some(1000.0));
        assert_eq!(profile(&[of(Some(600.0)), of(None)]).quantity_kg(&much), None);
    }

    #[test]
    fn a_zone_may_ask_for_high_consequence_goods_or_for_others() {
        let asked = |high_consequence| CargoPredicate { high_consequence: Some(high_consequence), ..predicate(&[]) };
        let chlorine = profile(&[line("1017", Tank)]);
        assert!(chlorine.is_taken_by(&asked(true)) && !chlorine.is_taken_by(&asked(false)));
        let paint = profile(&[line("1263", Packages)]);
        assert!(!paint.is_taken_by(&asked(true)) && paint.is_taken_by(&asked(false)));
        let unknown = LoadProfile::unknown();
        assert!(unknown.is_taken_by(&asked(true)) && unknown.is_taken_by(&asked(false)), "nobody can rule it out");
    }
}
