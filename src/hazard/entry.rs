//! One row of the goods catalogue.

use std::fmt;

use serde::Serialize;

use super::guide::GuideReference;
use super::hin::HazardIdentificationNumber;
use super::reading::{DataError, Row};
use super::tunnel::TunnelCode;
use super::words::words;
use crate::domain::{HazardClass, PackingGroup, UnNumber};

/// One row of the dangerous goods list, with the values that sources agree on.
///
/// A `None` is a value that the sources do not give: shown as "not available", never guessed. Where ADR itself assigns
/// none (a gas has no packing group) the field is `None` too; `adr_status` tells whether ADR was there to assign it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CatalogueEntry {
    /// Which list the number belongs to.
    pub list: NumberList,
    /// The number.
    pub un_number: UnNumber,
    /// What tells this row from others with the same number and packing group; `None` where there is no other.
    pub variant: Option<String>,
    /// Proper shipping name in English.
    pub name_en: String,
    /// Name in Chinese (GB 12268-2025).
    pub name_zh: Option<String>,
    /// Class and division of the main hazard.
    pub class: Option<HazardClass>,
    /// Further hazards, by their labels.
    pub subsidiary_hazards: Vec<HazardClass>,
    /// Packing group, where the entry has one.
    pub packing_group: Option<PackingGroup>,
    /// Classification code, Table A column 3b: `2TOC`.
    pub classification_code: Option<String>,
    /// Hazard identification number. ADR assigns it only where tank or bulk carriage is allowed.
    pub hin: Option<HazardIdentificationNumber>,
    /// Tunnel restriction code.
    pub tunnel_code: Option<TunnelCode>,
    /// Transport category (ADR 1.1.3.6.3).
    pub transport_category: Option<TransportCategory>,
    /// Guides of the Emergency Response Guidebook 2024. Several where the guide depends on the exact name.
    pub erg_guides: Vec<GuideReference>,
    /// Toxic by inhalation: stands in Table 1 of the guidebook, also if only when spilled in water.
    pub toxic_by_inhalation: bool,
    /// Why the goods count as reacting with water; empty when no source says that they do.
    pub water_reactive_basis: Vec<WaterReactiveBasis>,
    /// Formulas of the toxic gases given off in water (guidebook, Table 2).
    pub water_reactive_gases: Vec<String>,
    /// What ADR says about carriage by road.
    pub adr_status: AdrStatus,
    /// Fields on which the sources disagree, by their names here: check them before relying on them.
    pub uncertain: Vec<String>,
}

impl CatalogueEntry {
    /// The key of this row.
    #[must_use]
    pub fn key(&self) -> EntryKey {
        EntryKey {
            list: self.list,
            un_number: self.un_number,
            packing_group: self.packing_group,
            variant: self.variant.clone(),
        }
    }

    /// Whether any source says that the goods react with water.
    #[must_use]
    pub fn water_reactive(&self) -> bool {
        !self.water_reactive_basis.is_empty()
    }

    /// Whether one of the guides warns of violent polymerisation. `false` is no proof that it cannot happen.
    #[must_use]
    pub fn polymerises(&self) -> bool {
        self.erg_guides.iter().any(|guide| guide.polymerises)
    }

    /// Main and subsidiary hazards. A sample explosive whose division is not fixed counts as every division.
    #[must_use]
    pub fn hazards(&self) -> Vec<HazardClass> {
        let divisions_unknown = self.class.filter(|class| class.class() == 1 && class.division() == 0);
        let divisions = ["1.1", "1.2", "1.3", "1.4", "1.5", "1.6"].iter().filter_map(|text| text.parse().ok());
        let all = self.class.into_iter().chain(divisions.filter(|_| divisions_unknown.is_some()));
        all.chain(self.subsidiary_hazards.iter().copied()).collect()
    }

    pub(super) fn read(row: &Row<'_>) -> Result<Self, DataError> {
        Ok(Self {
            list: row.value("list")?,
            un_number: row.value("un_number")?,
            variant: row.optional("variant")?,
            name_en: row.value("name_en")?,
            name_zh: row.optional("name_zh")?,
            class: row.optional("class")?,
            subsidiary_hazards: row.list("subsidiary_hazards")?,
            packing_group: row.optional("packing_group")?,
            classification_code: row.optional("classification_code")?,
            hin: row.optional("hin")?,
            tunnel_code: row.optional("tunnel_code")?,
            transport_category: row.optional("transport_category")?,
            erg_guides: row.list("erg_guides")?,
            toxic_by_inhalation: row.text("toxic_by_inhalation")? == "1",
            water_reactive_basis: row.list("water_reactive_basis")?,
            water_reactive_gases: row.list("water_reactive_gases")?,
            adr_status: row.value("adr_status")?,
            uncertain: row.list("uncertain")?,
        })
    }
}

/// The key of a catalogue row. The number alone does not name goods.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct EntryKey {
    /// Which list the number belongs to.
    pub list: NumberList,
    /// The number.
    pub un_number: UnNumber,
    /// Packing group, where the entry has one.
    pub packing_group: Option<PackingGroup>,
    /// Variant, where several rows share number and packing group.
    pub variant: Option<String>,
}

impl fmt::Display for EntryKey {
    /// `UN 1986, I` or `UN 1950, 5TFC`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.list, self.un_number)?;
        if let Some(group) = self.packing_group {
            write!(f, ", {group}")?;
        }
        self.variant.as_ref().map_or(Ok(()), |variant| write!(f, ", {variant}"))
    }
}

words!(
    /// The list that a number belongs to. Numbers of different lists never coincide.
    NumberList, "list of numbers", {
        /// United Nations number.
        Un = "UN",
        /// North American number (49 CFR 172.101, used in the guidebook).
        Na = "NA",
        /// Number of the air transport regulations only.
        Id = "ID",
    }
);

words!(
    /// What ADR says about carrying the goods by road.
    AdrStatus, "ADR status", {
        /// Table A lists them with their conditions.
        Listed = "listed",
        /// They may not be carried by road.
        CarriageProhibited = "carriage_prohibited",
        /// ADR does not apply to them.
        NotSubjectToAdr = "not_subject_to_adr",
        /// Table A does not know them; the row comes from another list.
        NotInAdr = "not_in_adr",
    }
);

words!(
    /// Transport category of ADR 1.1.3.6.3: 0 is the most dangerous, 4 the least.
    TransportCategory, "transport category", {
        /// No exemption at all.
        Zero = "0",
        /// Exempt up to 20 units.
        One = "1",
        /// Exempt up to 333 units.
        Two = "2",
        /// Exempt up to 1000 units.
        Three = "3",
        /// Always exempt.
        Four = "4",
    }
);

words!(
    /// Why goods count as reacting with water.
    WaterReactiveBasis, "basis for reacting with water", {
        /// Table 2 of the guidebook: gives off toxic gas.
        Table2 = "table2",
        /// Main or subsidiary hazard of division 4.3.
        Division43 = "4.3",
        /// The hazard identification number begins with X.
        Hin = "hin",
        /// The number that the rail regulations (RID) assign begins with X.
        RailHin = "rail-hin",
    }
);
