//! The hazard identification number on the upper half of the orange plate (HIN, Kemler number), and what it says.
//!
//! Two or three figures: the first names the main hazard, a doubled figure makes it stronger, the next figures add
//! hazards, and 0 says that there is none to add. `X` in front: the goods react dangerously with water. A few
//! combinations mean something of their own. Explosives in tanks show their classification code instead (ADR
//! 5.3.2.3.1). The numbers are those of ADR 2023 and 2025 Table A, column 20; the words are our own, put together by
//! the rules of ADR 5.3.2.3.1 and the list of ADR 5.3.2.3.2.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Serialize, Serializer};

use crate::domain::HazardClass;

/// Every number without `X` that occurs in Table A.
const PLAIN: [&str; 80] = [
    "20", "22", "223", "225", "23", "238", "239", "25", "26", "263", "265", "268", "28", "30", "323", "33", "333",
    "336", "338", "339", "36", "362", "368", "38", "382", "39", "40", "423", "43", "44", "446", "46", "462", "48",
    "482", "50", "539", "558", "559", "56", "568", "58", "59", "60", "606", "623", "63", "638", "639", "64", "642",
    "65", "66", "663", "664", "665", "668", "669", "68", "69", "70", "768", "80", "823", "83", "836", "839", "84",
    "842", "85", "856", "86", "88", "883", "884", "885", "886", "89", "90", "99",
];

/// Every number with `X` that occurs in Table A, written without it.
const WITH_WATER: [&str; 14] =
    ["323", "333", "338", "362", "382", "423", "432", "482", "668", "80", "83", "839", "88", "886"];

/// A hazard identification number that occurs in the dangerous goods list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HazardIdentificationNumber(Number);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Number {
    Figures { with_water: bool, figures: &'static str },
    Explosive(HazardClass),
}

/// Why a text is no hazard identification number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no hazard identification number of ADR Table A; wanted are figures as in 33, 265 or X886, or the \
     classification code of an explosive as in 1.5D"
)]
pub struct UnknownHazardNumber(pub String);

impl HazardIdentificationNumber {
    /// Whether the number begins with `X`: water only with an expert's approval (ADR 5.3.2.3.1).
    #[must_use]
    pub fn reacts_dangerously_with_water(self) -> bool {
        matches!(self.0, Number::Figures { with_water: true, .. })
    }

    /// What the number says, in a few English words.
    #[must_use]
    pub fn meaning(self) -> String {
        match self.0 {
            Number::Explosive(class) => explosive_meaning(class),
            Number::Figures { with_water: true, figures } => {
                format!("{}; reacts dangerously with water", figures_meaning(figures, true))
            }
            Number::Figures { with_water: false, figures } => figures_meaning(figures, false).into_owned(),
        }
    }
}

impl fmt::Display for HazardIdentificationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Number::Explosive(class) => write!(f, "{class}"),
            Number::Figures { with_water, figures } => write!(f, "{}{figures}", if with_water { "X" } else { "" }),
        }
    }
}

impl FromStr for HazardIdentificationNumber {
    type Err = UnknownHazardNumber;

    fn from_str(text: &str) -> Result<Self, UnknownHazardNumber> {
        let (with_water, digits, known): (_, _, &[&'static str]) = match text.strip_prefix('X') {
            Some(digits) => (true, digits, &WITH_WATER),
            None => (false, text, &PLAIN),
        };
        if let Some(figures) = known.iter().find(|figures| **figures == digits) {
            return Ok(Self(Number::Figures { with_water, figures }));
        }
        match text.parse::<HazardClass>() {
            Ok(class) if class.compatibility_group().is_some() && class.division() > 0 => {
                Ok(Self(Number::Explosive(class)))
            }
            _ => Err(UnknownHazardNumber(text.chars().take(20).collect())),
        }
    }
}

impl Serialize for HazardIdentificationNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What the divisions of class 1 are about (ADR 2.2.1.1.5).
fn explosive_meaning(class: HazardClass) -> String {
    let about = match class.division() {
        1 => "explosive with a mass explosion hazard",
        2 => "explosive with a projection hazard",
        3 => "explosive with a fire hazard and a minor blast or projection hazard",
        4 => "explosive with no significant hazard",
        5 => "very insensitive explosive with a mass explosion hazard",
        _ => "extremely insensitive explosive",
    };
    match class.compatibility_group() {
        Some(group) => format!("{about}, compatibility group {group}"),
        None => about.to_owned(),
    }
}

fn figures_meaning(figures: &str, with_water: bool) -> Cow<'static, str> {
    special_meaning(figures, with_water).map_or_else(|| Cow::Owned(composed_meaning(figures)), Cow::Borrowed)
}

/// The combinations that do not mean what their figures add up to (ADR 5.3.2.3.1 and 5.3.2.3.2).
fn special_meaning(figures: &str, with_water: bool) -> Option<&'static str> {
    Some(match figures {
        "22" => "refrigerated liquefied gas, asphyxiant",
        "323" => "flammable liquid that gives off flammable gas in contact with water",
        "333" => "pyrophoric liquid",
        "362" => "flammable liquid, toxic, that gives off flammable gas in contact with water",
        "382" => "flammable liquid, corrosive, that gives off flammable gas in contact with water",
        "423" => "solid that gives off flammable gas in contact with water",
        "43" => "pyrophoric solid",
        "432" => "pyrophoric solid that gives off flammable gas in contact with water",
        "44" => "flammable solid, molten and hot",
        "446" => "flammable solid, toxic, molten and hot",
        "462" => "toxic solid that gives off flammable gas in contact with water",
        "482" if with_water => "solid that gives off corrosive gas in contact with water",
        "482" => "corrosive solid that gives off flammable gas in contact with water",
        "539" => "flammable organic peroxide",
        "606" => "infectious substance",
        "623" => "toxic liquid that gives off flammable gas in contact with water",
        "642" => "toxic solid that gives off flammable gas in contact with water",
        "823" => "corrosive liquid that gives off flammable gas in contact with water",
        "842" => "corrosive solid that gives off flammable gas in contact with water",
        "90" => "environmentally hazardous or miscellaneous dangerous substance",
        "99" => "miscellaneous dangerous substance, carried hot",
        _ => return None,
    })
}

/// The sum of what the figures say, main hazard first (ADR 5.3.2.3.1).
fn composed_meaning(figures: &str) -> String {
    let digits: Vec<char> = figures.chars().filter(|digit| *digit != '0').collect();
    let (head, rest) = match digits.as_slice() {
        ['2', '2', rest @ ..] => ("refrigerated liquefied gas", rest),
        ['2', second, rest @ ..] => (gas(*second), rest),
        ['2'] => ("gas without further hazard, or asphyxiant", [].as_slice()),
        ['3', '3', rest @ ..] => ("highly flammable liquid (flash-point below 23 °C)", rest),
        // A single 3 stands for a flash-point of 23 to 60 °C, or for a liquid that heats by itself.
        ['3'] => ("flammable liquid (flash-point 23 to 60 °C) or self-heating liquid", [].as_slice()),
        ['3', second @ ('6' | '8')] => {
            let also = hazard(*second, figures);
            return format!("flammable liquid (flash-point 23 to 60 °C), {also}, or self-heating liquid, {also}");
        }
        ['3', rest @ ..] => ("flammable liquid", rest),
        ['4', rest @ ..] if rest.is_empty() => {
            ("flammable, self-heating, self-reactive or polymerising substance", rest)
        }
        ['4', rest @ ..] => ("flammable or self-heating solid", rest),
        ['5', '5', rest @ ..] => ("strongly oxidising substance (intensifies fire)", rest),
        ['5', rest @ ..] => ("oxidising substance (intensifies fire)", rest),
        ['6', '6', '4'] => ("highly toxic solid", ['4'].as_slice()),
        ['6', '6', rest @ ..] => ("highly toxic substance", rest),
        ['6'] => ("toxic or slightly toxic substance", [].as_slice()),
        ['6', '4'] => ("toxic solid", ['4'].as_slice()),
        ['6', rest @ ..] => ("toxic substance", rest),
        ['7', rest @ ..] => ("radioactive material", rest),
        ['8', '8', '4'] => ("highly corrosive solid", ['4'].as_slice()),
        ['8', '8', rest @ ..] => ("highly corrosive substance", rest),
        ['8', '4'] => ("corrosive solid", ['4'].as_slice()),
        ['8', rest @ ..] => ("corrosive substance", rest),
        _ => ("substance that can react violently of itself", [].as_slice()),
    };
    let mut words = head.to_owned();
    for digit in rest {
        words.push_str(", ");
        words.push_str(hazard(*digit, figures));
    }
    words
}

/// A gas by the figure after the 2, which names its main property.
fn gas(second: char) -> &'static str {
    match second {
        '3' => "flammable gas",
        '5' => "oxidising gas (intensifies fire)",
        '6' => "toxic gas",
        '8' => "corrosive gas",
        _ => "gas",
    }
}

/// An additional hazard. `figures` is the whole number, on which the flash-point meant by a 3 depends.
fn hazard(digit: char, figures: &str) -> &'static str {
    match digit {
        '3' if figures.starts_with('2') => "flammable",
        '3' if figures.starts_with("66") || figures == "639" => "flammable (flash-point up to 60 °C)",
        '3' => "flammable (flash-point 23 to 60 °C)",
        '4' => "flammable or self-heating",
        '5' => "oxidising (intensifies fire)",
        '6' => "toxic",
        '7' => "radioactive",
        '8' => "corrosive",
        _ => "can react violently of itself",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(text: &str) -> String {
        text.parse::<HazardIdentificationNumber>().unwrap().meaning()
    }

    #[test]
    fn every_number_of_table_a_reads_writes_and_has_a_meaning() {
        for figures in PLAIN {
            assert_eq!(figures.parse::<HazardIdentificationNumber>().unwrap().to_string(), figures);
            assert!(meaning(figures).len() > 8, "{figures}: {}", meaning(figures));
        }
        for figures in WITH_WATER {
            let text = format!("X{figures}");
            let number = text.parse::<HazardIdentificationNumber>().unwrap();
            assert_eq!(number.to_string(), text);
            assert!(number.reacts_dangerously_with_water());
            assert!(number.meaning().ends_with("; reacts dangerously with water"), "{text}: {}", number.meaning());
        }
    }

    #[test]
    fn different_numbers_say_different_things() {
        let distinct: std::collections::HashSet<String> = PLAIN.iter().map(|figures| meaning(figures)).collect();
        // ADR itself gives 462 and 642 one meaning, and 482 and 842.
        assert_eq!((meaning("462"), meaning("482")), (meaning("642"), meaning("842")));
        assert_eq!(distinct.len(), PLAIN.len() - 2);
    }

    #[test]
    fn what_is_not_in_table_a_is_refused_by_name() {
        for bad in ["", "0", "2", "27", "555", "X20", "X1.5D", "1", "1.5", "33 ", "x886", "2.3", "３３"] {
            assert!(bad.parse::<HazardIdentificationNumber>().is_err(), "{bad:?}");
        }
        let error = "688".parse::<HazardIdentificationNumber>().unwrap_err();
        assert!(error.to_string().starts_with("\"688\" is no hazard identification number of ADR Table A"));
    }

    #[test]
    fn gases_name_their_main_property_first() {
        assert_eq!(meaning("265"), "toxic gas, oxidising (intensifies fire)");
        assert_eq!(meaning("268"), "toxic gas, corrosive");
        assert_eq!(meaning("263"), "toxic gas, flammable");
        assert_eq!(meaning("23"), "flammable gas");
        assert_eq!(meaning("239"), "flammable gas, can react violently of itself");
        assert_eq!(meaning("223"), "refrigerated liquefied gas, flammable");
        assert_eq!(meaning("22"), "refrigerated liquefied gas, asphyxiant");
        assert_eq!(meaning("20"), "gas without further hazard, or asphyxiant");
    }

    #[test]
    fn liquids_and_solids_tell_their_flash_point_and_state() {
        assert_eq!(meaning("33"), "highly flammable liquid (flash-point below 23 °C)");
        assert_eq!(meaning("30"), "flammable liquid (flash-point 23 to 60 °C) or self-heating liquid");
        assert_eq!(meaning("36"), "flammable liquid (flash-point 23 to 60 °C), toxic, or self-heating liquid, toxic");
        assert_eq!(meaning("368"), "flammable liquid, toxic, corrosive");
        assert_eq!(meaning("663"), "highly toxic substance, flammable (flash-point up to 60 °C)");
        assert_eq!(meaning("83"), "corrosive substance, flammable (flash-point 23 to 60 °C)");
        assert_eq!(meaning("664"), "highly toxic solid, flammable or self-heating");
        assert_eq!(meaning("46"), "flammable or self-heating solid, toxic");
        assert_eq!(meaning("768"), "radioactive material, toxic, corrosive");
    }

    #[test]
    fn an_x_warns_of_water_and_an_explosive_shows_its_code() {
        assert_eq!(meaning("X886"), "highly corrosive substance, toxic; reacts dangerously with water");
        assert_eq!(
            meaning("X423"),
            "solid that gives off flammable gas in contact with water; reacts dangerously with water"
        );
        assert_eq!(meaning("1.5D"), "very insensitive explosive with a mass explosion hazard, compatibility group D");
    }
}
