//! One line of goods on a hazard sheet.

use serde::Serialize;

use super::catalogue::{Ambiguity, Catalogue};
use super::distances::Distances;
use super::entry::{AdrStatus, CatalogueEntry, NumberList, TransportCategory, WaterReactiveBasis};
use super::guide::{Guide, GuideReference, UNIDENTIFIED_CARGO};
use super::hin::HazardIdentificationNumber;
use super::load::LoadLine;
use super::sheet::{DistanceSource, LargestDistance};
use super::spill::{Container, Spill, SpillSize, Wind};
use super::tunnel::{TunnelCode, TunnelRestriction, restriction_of_line};
use crate::domain::{CarriageMode, GoodsLine, HazardClass, PackingGroup, UnNumber};

/// One line of goods, with what a responder needs to know of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SheetLine {
    /// Which list the number belongs to.
    pub list: NumberList,
    /// The number.
    pub un_number: UnNumber,
    /// Whether the catalogue knows the number. If not, everything below from the catalogue is empty.
    pub in_catalogue: bool,
    /// Description in the order of ADR 5.4.1.1.1: `UN 1017 CHLORINE, 2.3 (5.1 + 8), (C/D)`.
    pub adr_description: String,
    /// Proper shipping name in English.
    pub name_en: Option<String>,
    /// Name in Chinese.
    pub name_zh: Option<String>,
    /// Technical name, as declared.
    pub technical_name: Option<String>,
    /// Class and division.
    pub class: Option<HazardClass>,
    /// Further hazards.
    pub subsidiary_hazards: Vec<HazardClass>,
    /// Packing group.
    pub packing_group: Option<PackingGroup>,
    /// Classification code.
    pub classification_code: Option<String>,
    /// Hazard identification number.
    pub hin: Option<HazardIdentificationNumber>,
    /// What the number says.
    pub hin_meaning: Option<String>,
    /// Tunnel restriction code.
    pub tunnel_code: Option<TunnelCode>,
    /// What this line forbids, as it is carried.
    pub tunnel_restriction: TunnelRestriction,
    /// Transport category.
    pub transport_category: Option<TransportCategory>,
    /// How it is carried.
    pub mode: CarriageMode,
    /// Mass in kilograms, as declared.
    pub quantity_kg: Option<f64>,
    /// Volume in litres, as declared.
    pub quantity_l: Option<f64>,
    /// Net explosive mass in kilograms, as declared.
    pub net_explosive_mass_kg: Option<f64>,
    /// Empty but not cleaned, as declared.
    pub empty_uncleaned: bool,
    /// Whether it is among the gravest goods (class 1, 2.3, 6.1 packing group I, 7), or may be.
    pub gravest: bool,
    /// Toxic by inhalation, or may be.
    pub toxic_by_inhalation: bool,
    /// Reacts with water, or may.
    pub water_reactive: bool,
    /// Why it counts as reacting with water.
    pub water_reactive_basis: Vec<WaterReactiveBasis>,
    /// Formulas of the toxic gases given off in water.
    pub water_reactive_gases: Vec<String>,
    /// Whether a guide warns of violent polymerisation.
    pub polymerises: bool,
    /// The guides to open. Several where it depends on the exact name.
    pub erg_guides: Vec<SheetGuide>,
    /// Isolate at least so far in all directions: the larger of guide and table.
    pub isolate: Option<LargestDistance>,
    /// Protective distances of a small spill (up to 208 litres).
    pub small_spill: Option<Distances>,
    /// Protective distances of a large spill; in low wind, where they depend on it.
    pub large_spill: Option<Distances>,
    /// Protective distances of a large spill by wind, where they depend on it.
    pub large_spill_by_wind: Vec<DistancesInWind>,
    /// Consider evacuation so far at a large spill, where the guide itself names a distance.
    pub evacuate: Option<LargestDistance>,
    /// Isolate so far when the load is on fire.
    pub fire_isolate: Option<LargestDistance>,
    /// What ADR says about carriage by road.
    pub adr_status: Option<AdrStatus>,
    /// Present when several catalogue rows may be meant.
    pub ambiguity: Option<Ambiguity>,
    /// What the reader should know besides, in short sentences.
    pub notes: Vec<String>,
    /// Fields on which sources disagree.
    pub uncertain: Vec<String>,
    /// Fields that no source gives.
    pub not_available: Vec<&'static str>,
}

/// A guide with the facts it states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SheetGuide {
    /// The guide as the guidebook names it for these goods: `131P`.
    pub reference: String,
    /// Its facts.
    #[serde(flatten)]
    pub guide: Guide,
}

/// Distances in one wind.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DistancesInWind {
    /// The wind.
    pub wind: Wind,
    /// The distances.
    #[serde(flatten)]
    pub distances: Distances,
}

impl SheetLine {
    /// The sheet line of a line of goods. `unit_explosive_mass_kg` is the net explosive mass in the whole transport
    /// unit, on which tunnel restrictions depend.
    #[must_use]
    pub fn of(catalogue: &Catalogue, line: &LoadLine<'_>, unit_explosive_mass_kg: Option<f64>) -> Self {
        let goods = line.goods;
        // A line that contradicts the list still shows the most restrictive row of its number.
        let by_number = || catalogue.resolve(goods.un_number, None, None);
        let (resolved, contradiction) = match catalogue.resolve_line(goods) {
            Ok(resolved) => (Some(resolved), None),
            Err(error) => (by_number().ok(), Some(error)),
        };
        let ambiguity = resolved.as_ref().and_then(|resolved| resolved.ambiguous.clone());
        let mut sheet_line = Self::declared(goods);
        sheet_line.tunnel_restriction = restriction_of_line(line, unit_explosive_mass_kg);
        sheet_line.gravest = line.gravest();
        match resolved {
            Some(resolved) => sheet_line.fill_from(resolved.entry, line),
            None => sheet_line.not_available.extend(["name_en", "class", "hin", "tunnel_code", "erg_guides"]),
        }
        sheet_line.fill_guides(catalogue, line);
        sheet_line.fill_distances(catalogue);
        sheet_line.notes.extend(contradiction.map(|error| format!("{error}.")));
        sheet_line.fill_notes(catalogue, line, ambiguity.as_ref());
        sheet_line.ambiguity = ambiguity;
        sheet_line
    }

    /// The protective distances that reach farthest.
    pub(super) fn farthest(&self) -> Option<&Distances> {
        match (&self.small_spill, &self.large_spill) {
            (Some(small), Some(large)) if small.reaches_farther_than(large) => Some(small),
            (small, large) => large.as_ref().or(small.as_ref()),
        }
    }

    /// How far the goods can reach, in metres: the largest distance of any kind.
    pub(super) fn reach_m(&self) -> u32 {
        let protect_m = self.farthest().map_or(0, Distances::reach_m);
        let others = [self.isolate, self.evacuate, self.fire_isolate];
        others.into_iter().flatten().map(|distance| distance.metres).fold(protect_m, u32::max)
    }

    fn declared(goods: &GoodsLine) -> Self {
        Self {
            list: NumberList::Un,
            un_number: goods.un_number,
            in_catalogue: false,
            adr_description: format!("{} {}", NumberList::Un, goods.un_number),
            name_en: None,
            name_zh: None,
            technical_name: goods.technical_name.clone(),
            class: None,
            subsidiary_hazards: Vec::new(),
            packing_group: goods.packing_group,
            classification_code: None,
            hin: None,
            hin_meaning: None,
            tunnel_code: None,
            tunnel_restriction: TunnelRestriction::MOST_RESTRICTIVE,
            transport_category: None,
            mode: goods.mode,
            quantity_kg: goods.quantity_kg,
            quantity_l: goods.quantity_l,
            net_explosive_mass_kg: goods.net_explosive_mass_kg,
            empty_uncleaned: goods.empty_uncleaned,
            gravest: true,
            toxic_by_inhalation: false,
            water_reactive: false,
            water_reactive_basis: Vec::new(),
            water_reactive_gases: Vec::new(),
            polymerises: false,
            erg_guides: Vec::new(),
            isolate: None,
            small_spill: None,
            large_spill: None,
            large_spill_by_wind: Vec::new(),
            evacuate: None,
            fire_isolate: None,
            adr_status: None,
            ambiguity: None,
            notes: Vec::new(),
            uncertain: Vec::new(),
            not_available: Vec::new(),
        }
    }

    /// Values of the row that was taken; warnings of any row that may be meant.
    fn fill_from(&mut self, entry: &CatalogueEntry, line: &LoadLine<'_>) {
        self.list = entry.list;
        self.in_catalogue = true;
        self.adr_description = adr_description(entry, line.goods);
        self.name_en = Some(entry.name_en.clone());
        self.name_zh.clone_from(&entry.name_zh);
        self.class = entry.class;
        self.subsidiary_hazards.clone_from(&entry.subsidiary_hazards);
        self.packing_group = entry.packing_group;
        self.classification_code.clone_from(&entry.classification_code);
        self.hin = entry.hin;
        self.hin_meaning = entry.hin.map(HazardIdentificationNumber::meaning);
        self.tunnel_code = entry.tunnel_code;
        self.transport_category = entry.transport_category;
        self.adr_status = Some(entry.adr_status);
        self.uncertain.clone_from(&entry.uncertain);
        self.not_available = not_available(entry);
        self.toxic_by_inhalation = line.candidates.iter().any(|row| row.toxic_by_inhalation);
        self.polymerises = line.candidates.iter().any(|row| row.polymerises());
        self.water_reactive_basis = each_once(line.candidates.iter().flat_map(|row| row.water_reactive_basis.iter()));
        self.water_reactive_gases = each_once(line.candidates.iter().flat_map(|row| row.water_reactive_gases.iter()));
        self.water_reactive = !self.water_reactive_basis.is_empty();
    }

    fn fill_guides(&mut self, catalogue: &Catalogue, line: &LoadLine<'_>) {
        let mut references: Vec<GuideReference> =
            each_once(line.candidates.iter().flat_map(|row| row.erg_guides.iter()));
        if references.is_empty() {
            references.push(UNIDENTIFIED_CARGO);
        }
        let found = |reference: &GuideReference| {
            let guide = catalogue.guides().get(reference.number)?.clone();
            Some(SheetGuide { reference: reference.to_string(), guide })
        };
        self.erg_guides = references.iter().filter_map(found).collect();
    }

    fn fill_distances(&mut self, catalogue: &Catalogue) {
        let tables = catalogue.distances();
        let spill = |size| Spill { size: Some(size), containers: Container::of_mode(self.mode), ..Spill::default() };
        let look_up = |spill: Spill<'_>| tables.look_up(self.un_number, &spill);
        let in_wind = |wind| {
            let distances = look_up(Spill { wind: Some(wind), ..spill(SpillSize::Large) })?;
            Some(DistancesInWind { wind, distances })
        };
        let by_wind: Vec<_> = if tables.in_table3(self.un_number) {
            Wind::ALL.into_iter().filter_map(in_wind).collect()
        } else {
            Vec::new()
        };
        let (small, large) = (look_up(spill(SpillSize::Small)), look_up(spill(SpillSize::Large)));
        let of_guides = |metres: fn(&Guide) -> Option<u32>| self.largest_of_guides(metres);
        let tables_isolate = [&small, &large].into_iter().flatten().max_by_key(|distances| distances.isolate_m);
        let from_table = tables_isolate.map(|distances| LargestDistance {
            metres: distances.isolate_m,
            un_number: Some(self.un_number),
            source: DistanceSource::table(distances),
        });
        let from_guide = of_guides(|guide| Some(guide.isolate_m()));
        let isolate = [from_table, from_guide].into_iter().flatten().max_by_key(|distance| distance.metres);
        let (evacuate, fire) =
            (of_guides(|guide| guide.large_spill_evacuate_m), of_guides(|guide| guide.fire_isolate_m));
        (self.isolate, self.evacuate, self.fire_isolate) = (isolate, evacuate, fire);
        (self.small_spill, self.large_spill, self.large_spill_by_wind) = (small, large, by_wind);
    }

    fn largest_of_guides(&self, metres: fn(&Guide) -> Option<u32>) -> Option<LargestDistance> {
        let of_guide = |guide: &SheetGuide| {
            let (metres, source) = (metres(&guide.guide)?, DistanceSource::guide(&guide.guide));
            Some(LargestDistance { metres, un_number: Some(self.un_number), source })
        };
        self.erg_guides.iter().filter_map(of_guide).max_by_key(|distance| distance.metres)
    }

    fn fill_notes(&mut self, catalogue: &Catalogue, line: &LoadLine<'_>, ambiguity: Option<&Ambiguity>) {
        let mut notes: Vec<String> = Vec::new();
        let mut add = |applies: bool, sentence: &str| notes.extend(applies.then(|| sentence.to_owned()));
        add(!self.in_catalogue, "Treat as unidentified cargo: the most dangerous until it is known.");
        add(self.adr_status == Some(AdrStatus::CarriageProhibited), "ADR forbids carriage by road.");
        add(self.adr_status == Some(AdrStatus::NotSubjectToAdr), "Not subject to ADR.");
        add(self.adr_status == Some(AdrStatus::NotInAdr), "Not listed in ADR: the values are from other lists.");
        let water_forbidden =
            line.candidates.iter().filter_map(|row| row.hin).any(|hin| hin.reacts_dangerously_with_water());
        add(water_forbidden, "Reacts dangerously with water: water only with an expert's approval.");
        let mass_missing = line.may_be_explosive() && self.net_explosive_mass_kg.is_none();
        add(mass_missing, "Net explosive mass not stated: it counts as exceeding every tunnel threshold.");
        let special_arrangement = matches!(self.un_number, UnNumber(2919 | 3331));
        add(special_arrangement, "The special arrangement itself may restrict tunnels.");
        let only_in_water = catalogue.distances().only_in_water(self.un_number);
        add(only_in_water, "Protective distances hold only if the goods are spilled in water.");
        for assumed in self.large_spill.iter().flat_map(|distances| &distances.assumed) {
            add(!only_in_water, assumed.sentence());
        }
        notes.extend(ambiguity.map(|ambiguity| format!("{ambiguity}.")));
        if !self.uncertain.is_empty() {
            notes.push(format!("Sources disagree on: {}.", self.uncertain.join(", ")));
        }
        self.notes.append(&mut notes);
    }
}

/// UN number, proper shipping name with the technical name, class with subsidiary hazards, packing group, tunnel code
/// (ADR 5.4.1.1.1 (a) to (d) and (k)); for a residue the words of ADR 5.4.1.1.6.
fn adr_description(entry: &CatalogueEntry, goods: &GoodsLine) -> String {
    let residue = if goods.empty_uncleaned { "EMPTY, UNCLEANED, " } else { "" };
    let mut text = format!("{residue}{} {} {}", entry.list, entry.un_number, entry.name_en);
    if let Some(technical_name) = &goods.technical_name {
        text.push_str(&format!(" ({technical_name})"));
    }
    if let Some(class) = entry.class {
        text.push_str(&format!(", {class}"));
        let subsidiary: Vec<String> = entry.subsidiary_hazards.iter().map(HazardClass::to_string).collect();
        if !subsidiary.is_empty() {
            text.push_str(&format!(" ({})", subsidiary.join(" + ")));
        }
    }
    if let Some(group) = entry.packing_group {
        text.push_str(&format!(", {group}"));
    }
    if let Some(code) = entry.tunnel_code {
        text.push_str(&format!(", {code}"));
    }
    text
}

/// Fields that are empty because no source gives a value, not because the regulations assign none.
fn not_available(entry: &CatalogueEntry) -> Vec<&'static str> {
    let outside_adr = entry.adr_status == AdrStatus::NotInAdr;
    let missing = [
        ("name_zh", entry.name_zh.is_none()),
        ("class", entry.class.is_none()),
        ("hin", outside_adr && entry.hin.is_none()),
        ("tunnel_code", outside_adr && entry.tunnel_code.is_none()),
        ("transport_category", outside_adr && entry.transport_category.is_none()),
        ("classification_code", outside_adr && entry.classification_code.is_none()),
        ("erg_guides", entry.erg_guides.is_empty()),
    ];
    missing.into_iter().filter(|(_, missing)| *missing).map(|(name, _)| name).collect()
}

/// The values in order, each once.
fn each_once<'a, T: Clone + PartialEq + 'a>(values: impl Iterator<Item = &'a T>) -> Vec<T> {
    values.fold(Vec::new(), |mut known, value| {
        if !known.contains(value) {
            known.push(value.clone());
        }
        known
    })
}
