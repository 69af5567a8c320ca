//! The vocabulary of the dangerous goods list: UN numbers, classes, packing groups, carriage modes.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Why a text is not one of the field's codes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no {what}; {expected}")]
pub struct GoodsCodeError {
    /// The text as it was given.
    pub text: String,
    /// What it should have been.
    pub what: &'static str,
    /// What would be right.
    pub expected: &'static str,
}

fn bad(text: &str, what: &'static str, expected: &'static str) -> GoodsCodeError {
    GoodsCodeError { text: text.chars().take(80).collect(), what, expected }
}

/// Serialises a type through its `Display` and `FromStr`, so that JSON shows the field's own notation.
macro_rules! text_serde {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

/// A number of the UN list of dangerous goods, written with four digits: 1017 is chlorine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnNumber(pub u16);

text_serde!(UnNumber);

impl fmt::Display for UnNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.0)
    }
}

impl FromStr for UnNumber {
    type Err = GoodsCodeError;

    /// Accepts `1017`, `UN1017` and `UN 1017`.
    fn from_str(text: &str) -> Result<Self, GoodsCodeError> {
        let expected = "four digits are wanted, as in 1017 or UN 1017";
        let digits = text.strip_prefix("UN").map_or(text, str::trim_start);
        if digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            digits.parse().map(Self).map_err(|_| bad(text, "UN number", expected))
        } else {
            Err(bad(text, "UN number", expected))
        }
    }
}

/// A hazard class with its division and, for explosives, compatibility group: `3`, `2.3`, `1.1D`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HazardClass {
    class: u8,
    division: u8,
    group: Option<char>,
}

text_serde!(HazardClass);

impl HazardClass {
    /// The class, 1 to 9.
    #[must_use]
    pub fn class(self) -> u8 {
        self.class
    }

    /// The division within the class; 0 where the class has none.
    #[must_use]
    pub fn division(self) -> u8 {
        self.division
    }

    /// The compatibility group of an explosive, `A` to `S`.
    #[must_use]
    pub fn compatibility_group(self) -> Option<char> {
        self.group
    }
}

impl fmt::Display for HazardClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.class)?;
        if self.division > 0 {
            write!(f, ".{}", self.division)?;
        }
        self.group.map_or(Ok(()), |group| write!(f, "{group}"))
    }
}

impl FromStr for HazardClass {
    type Err = GoodsCodeError;

    fn from_str(text: &str) -> Result<Self, GoodsCodeError> {
        let error = || bad(text, "hazard class", "wanted is a class 1 to 9 with its division, as in 3, 2.3 or 1.1D");
        let mut chars = text.chars().peekable();
        let digit = |found: Option<char>| found.and_then(|c| c.to_digit(10)).and_then(|d| u8::try_from(d).ok());
        let class = digit(chars.next()).filter(|class| (1..=9).contains(class)).ok_or_else(error)?;
        let mut division = 0;
        if chars.next_if_eq(&'.').is_some() {
            division = digit(chars.next()).ok_or_else(error)?;
        }
        let highest_division = match class {
            1 => 6,
            2 | 4 => 3,
            5 | 6 => 2,
            _ => 0,
        };
        if division > highest_division {
            return Err(error());
        }
        let group = chars.next();
        if group.is_some_and(|group| class != 1 || !matches!(group, 'A'..='H' | 'J'..='L' | 'N' | 'S')) {
            return Err(error());
        }
        if chars.next().is_some() {
            return Err(error());
        }
        Ok(Self { class, division, group })
    }
}

/// A class as a filter names it: `2` takes every division of class 2, `2.3` that division only, `1.1D` that group too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClassFilter(pub HazardClass);

impl ClassFilter {
    /// Whether goods of `class` are meant.
    #[must_use]
    pub fn takes(self, class: HazardClass) -> bool {
        self.0.class == class.class
            && (self.0.division == 0 || self.0.division == class.division)
            && (self.0.group.is_none() || self.0.group == class.group)
    }
}

impl FromStr for ClassFilter {
    type Err = GoodsCodeError;

    fn from_str(text: &str) -> Result<Self, GoodsCodeError> {
        text.parse().map(Self)
    }
}

/// The degree of danger within a class: I high, II medium, III low.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PackingGroup {
    /// High danger.
    I,
    /// Medium danger.
    II,
    /// Low danger.
    III,
}

text_serde!(PackingGroup);

impl fmt::Display for PackingGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::I => "I",
            Self::II => "II",
            Self::III => "III",
        })
    }
}

impl FromStr for PackingGroup {
    type Err = GoodsCodeError;

    fn from_str(text: &str) -> Result<Self, GoodsCodeError> {
        match text {
            "I" => Ok(Self::I),
            "II" => Ok(Self::II),
            "III" => Ok(Self::III),
            _ => Err(bad(text, "packing group", "I, II or III is wanted")),
        }
    }
}

/// How goods are carried; tunnel codes and high-consequence quantities depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CarriageMode {
    /// In a tank, demountable tank, tank container or tank vehicle.
    Tank,
    /// Loose in the vehicle or container.
    Bulk,
    /// In packages, intermediate bulk containers or large packagings.
    Packages,
}

impl CarriageMode {
    /// The mode's name in JSON and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tank => "tank",
            Self::Bulk => "bulk",
            Self::Packages => "packages",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_numbers_have_four_digits_with_or_without_the_prefix() {
        assert_eq!("1017".parse(), Ok(UnNumber(1017)));
        assert_eq!("UN 0081".parse(), Ok(UnNumber(81)));
        assert_eq!(UnNumber(81).to_string(), "0081");
        for bad in ["", "17", "UN17", "10170", "1O17"] {
            assert!(bad.parse::<UnNumber>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn classes_read_and_write_the_field_s_notation() {
        for text in ["3", "2.3", "1.1D", "1.4S", "6.1", "9", "4.3"] {
            assert_eq!(text.parse::<HazardClass>().map(|class| class.to_string()), Ok(text.into()));
        }
        for bad in ["", "0", "3.1", "2.4", "1.7", "1.1I", "2.3D", "10", "1.", "a"] {
            assert!(bad.parse::<HazardClass>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_filter_takes_what_it_does_not_rule_out() {
        let filter = |text: &str| text.parse::<ClassFilter>().unwrap();
        let class = |text: &str| text.parse::<HazardClass>().unwrap();
        assert!(filter("2").takes(class("2.3")));
        assert!(!filter("2.1").takes(class("2.3")));
        assert!(filter("1.1").takes(class("1.1D")));
        assert!(!filter("1.1A").takes(class("1.1D")));
    }
}
