//! Facts of the guides ("orange pages") of the Emergency Response Guidebook 2024: title and distances, no text.

use std::{collections::HashMap, fmt, str::FromStr};

use serde::Serialize;

use super::distances::ERG_EDITION;
use super::reading::{DataError, Row, read_rows};
use super::words::words;

/// A guide number, 111 to 174.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct GuideNumber(pub u16);

impl fmt::Display for GuideNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The guide for a mixed load or unidentified cargo.
pub const UNIDENTIFIED_CARGO: GuideReference = GuideReference { number: GuideNumber(111), polymerises: false };

/// A guide as the guidebook names it for goods: `131P` warns that they may polymerise violently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct GuideReference {
    /// Number of the guide.
    pub number: GuideNumber,
    /// Whether the number carries a P.
    pub polymerises: bool,
}

impl fmt::Display for GuideReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.number, if self.polymerises { "P" } else { "" })
    }
}

impl FromStr for GuideReference {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.strip_suffix('P').unwrap_or(text);
        match digits.parse() {
            Ok(number @ 111..=174) => Ok(Self { number: GuideNumber(number), polymerises: digits != text }),
            _ => Err(format!("{text:?} is no guide number; wanted is 111 to 174, with a P for polymerisation")),
        }
    }
}

/// What a guide says in numbers. Distances are in metres.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Guide {
    /// Number.
    pub number: GuideNumber,
    /// Title in the guidebook.
    pub title: String,
    /// Edition of the guidebook.
    pub edition: &'static str,
    /// Page of the printed guidebook.
    pub page: u16,
    /// Isolate a spill of liquid in all directions.
    pub isolate_liquid_m: u32,
    /// Isolate a spill of solid in all directions.
    pub isolate_solid_m: u32,
    /// Consider evacuation at a large spill, where the guide itself names a distance.
    pub large_spill_evacuate_m: Option<u32>,
    /// Where to evacuate.
    pub large_spill_direction: Option<EvacuationDirection>,
    /// For which goods the guide sends the reader to Table 1.
    pub table1_applies: Option<Table1Scope>,
    /// Isolate in all directions when what `fire_trigger` names is involved in a fire.
    pub fire_isolate_m: Option<u32>,
    /// What must be involved in the fire.
    pub fire_trigger: Option<String>,
    /// A fire distance for a part of the goods, in words.
    pub special_fire: Option<String>,
}

impl Guide {
    /// The distance to isolate when it is not known whether liquid or solid was spilled.
    #[must_use]
    pub fn isolate_m(&self) -> u32 {
        self.isolate_liquid_m.max(self.isolate_solid_m)
    }

    fn read(row: &Row<'_>) -> Result<Self, DataError> {
        Ok(Self {
            number: row.value::<GuideReference>("guide")?.number,
            title: row.value("title")?,
            edition: ERG_EDITION,
            page: row.value("page")?,
            isolate_liquid_m: row.value("spill_isolate_liquid_m")?,
            isolate_solid_m: row.value("spill_isolate_solid_m")?,
            large_spill_evacuate_m: row.optional("large_spill_evacuate_m")?,
            large_spill_direction: row.optional("large_spill_direction")?,
            table1_applies: row.optional("table1_applies")?,
            fire_isolate_m: row.optional("fire_isolate_m")?,
            fire_trigger: row.optional("fire_trigger")?,
            special_fire: row.optional("special_fire")?,
        })
    }
}

words!(
    /// Where to evacuate from a large spill.
    EvacuationDirection, "direction", {
        /// Downwind.
        Downwind = "downwind",
        /// All around.
        AllDirections = "all directions",
    }
);

words!(
    /// For which goods a guide refers to Table 1.
    Table1Scope, "scope of Table 1", {
        /// For all that have the guide.
        All = "all",
        /// Only for those marked in the guidebook as toxic by inhalation.
        Highlighted = "highlighted",
    }
);

/// The guides by number.
#[derive(Clone, Debug)]
pub struct Guides(HashMap<GuideNumber, Guide>);

impl Guides {
    pub(super) fn builtin() -> Result<Self, DataError> {
        let guides = read_rows("erg_guides.csv", include_str!("data/erg_guides.csv"), Guide::read)?;
        Ok(Self(guides.into_iter().map(|guide| (guide.number, guide)).collect()))
    }

    /// The guide with that number; `None` for numbers that the guidebook leaves blank (121, 167).
    #[must_use]
    pub fn get(&self, number: GuideNumber) -> Option<&Guide> {
        self.0.get(&number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hazard::testing::catalogue;

    fn guide(number: u16) -> &'static Guide {
        catalogue().guides().get(GuideNumber(number)).unwrap()
    }

    #[test]
    fn the_explosives_guide_has_the_printed_distances() {
        let explosives = guide(112);
        assert_eq!((explosives.isolate_m(), explosives.large_spill_evacuate_m), (500, Some(800)));
        assert_eq!(explosives.large_spill_direction, Some(EvacuationDirection::AllDirections));
        assert_eq!((explosives.fire_isolate_m, explosives.page), (Some(1600), 154));
    }

    #[test]
    fn the_guides_of_liquefied_gas_and_petrol_have_the_printed_distances() {
        let gas = guide(115);
        assert_eq!((gas.isolate_m(), gas.large_spill_evacuate_m, gas.fire_isolate_m), (100, Some(800), Some(1600)));
        let petrol = guide(128);
        assert_eq!(
            (petrol.isolate_m(), petrol.large_spill_evacuate_m, petrol.fire_isolate_m),
            (50, Some(300), Some(800))
        );
        assert_eq!(petrol.large_spill_direction, Some(EvacuationDirection::Downwind));
    }

    #[test]
    fn solids_may_need_less_room_than_liquids_and_the_larger_one_is_taken_when_unknown() {
        let reactive = guide(137);
        assert_eq!((reactive.isolate_liquid_m, reactive.isolate_solid_m, reactive.isolate_m()), (50, 25, 50));
    }

    #[test]
    fn the_book_runs_from_111_to_174_without_121_and_167() {
        let missing: Vec<u16> = (111..=174).filter(|n| catalogue().guides().get(GuideNumber(*n)).is_none()).collect();
        assert_eq!(missing, [121, 167]);
        assert_eq!(guide(111).title, "Mixed Load/Unidentified Cargo");
    }

    #[test]
    fn a_reference_keeps_its_p() {
        assert_eq!("131P".parse::<GuideReference>().unwrap().to_string(), "131P");
        assert!(!"124".parse::<GuideReference>().unwrap().polymerises);
        for bad in ["", "P", "110", "175", "131p"] {
            assert!(bad.parse::<GuideReference>().is_err(), "{bad:?}");
        }
    }
}
