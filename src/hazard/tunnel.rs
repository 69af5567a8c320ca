//! Tunnel restriction codes: which tunnels a load is kept out of.
//!
//! Table A of ADR gives most goods a code. Code, carriage mode and the net explosive mass in the transport unit decide
//! which tunnel categories are forbidden (ADR 8.6.4), and the most restrictive line decides for the whole load
//! (8.6.3.2). There are only four forbidden sets, each within the next, so a restriction is a place in an order.
//!
//! What is not known counts at its worst: an unstated net explosive mass exceeds every threshold, goods that no
//! catalogue row describes may use no restricted tunnel. Exemptions (ADR 1.1.3) are not applied here. Empty uncleaned
//! tanks and packagings count as loaded, which is our own rule, stricter than ADR.

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};

use super::entry::{AdrStatus, CatalogueEntry};
use super::load::LoadLine;
use crate::domain::{CarriageMode, TunnelCategory};

/// A tunnel restriction code of Table A, column 15.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TunnelCode {
    /// `B`: tunnels B to E forbidden.
    B,
    /// `B1000C`: B to E above 1000 kg net explosive mass, else C to E.
    B1000C,
    /// `B/D`: B to E in tanks, else D and E.
    BD,
    /// `B/E`: B to E in tanks, else E.
    BE,
    /// `C`: C to E.
    C,
    /// `C5000D`: C to E above 5000 kg net explosive mass, else D and E.
    C5000D,
    /// `C/D`: C to E in tanks, else D and E.
    CD,
    /// `C/E`: C to E in tanks, else E.
    CE,
    /// `D`: D and E.
    D,
    /// `D/E`: D and E in tanks and in bulk, else E.
    DE,
    /// `E`: E.
    E,
    /// `(-)`: no restriction.
    Unrestricted,
}

/// Every code with its notation.
const CODES: [(TunnelCode, &str); 12] = [
    (TunnelCode::B, "B"),
    (TunnelCode::B1000C, "B1000C"),
    (TunnelCode::BD, "B/D"),
    (TunnelCode::BE, "B/E"),
    (TunnelCode::C, "C"),
    (TunnelCode::C5000D, "C5000D"),
    (TunnelCode::CD, "C/D"),
    (TunnelCode::CE, "C/E"),
    (TunnelCode::D, "D"),
    (TunnelCode::DE, "D/E"),
    (TunnelCode::E, "E"),
    (TunnelCode::Unrestricted, "-"),
];

/// Why a text is no tunnel restriction code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no tunnel restriction code of ADR 8.6.4; wanted is one as in C/D, B1000C or (-)")]
pub struct UnknownTunnelCode(pub String);

impl fmt::Display for TunnelCode {
    /// In brackets, as a transport document shows it: `(C/D)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let notation = CODES.iter().find(|(code, _)| code == self).map_or("", |(_, notation)| notation);
        write!(f, "({notation})")
    }
}

impl FromStr for TunnelCode {
    type Err = UnknownTunnelCode;

    /// Accepts the code with or without brackets.
    fn from_str(text: &str) -> Result<Self, UnknownTunnelCode> {
        let bare = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text);
        let found = CODES.iter().find(|(_, notation)| *notation == bare);
        found.map(|(code, _)| *code).ok_or_else(|| UnknownTunnelCode(text.chars().take(20).collect()))
    }
}

impl Serialize for TunnelCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The set of tunnel categories that are forbidden; a later one contains the earlier ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TunnelRestriction {
    /// Every tunnel may be used.
    #[default]
    None,
    /// Category E is forbidden.
    E,
    /// Categories D and E are forbidden.
    DE,
    /// Categories C, D and E are forbidden.
    CDE,
    /// Categories B, C, D and E are forbidden.
    BCDE,
}

impl TunnelRestriction {
    /// The most restrictive set, for cargo that is not known.
    pub const MOST_RESTRICTIVE: Self = Self::BCDE;

    /// Whether tunnels of `category` are forbidden.
    #[must_use]
    pub fn forbids(self, category: TunnelCategory) -> bool {
        self.forbidden().contains(&category)
    }

    /// The forbidden categories.
    #[must_use]
    pub fn forbidden(self) -> &'static [TunnelCategory] {
        use TunnelCategory::{B, C, D, E};
        match self {
            Self::None => &[],
            Self::E => &[E],
            Self::DE => &[D, E],
            Self::CDE => &[C, D, E],
            Self::BCDE => &[B, C, D, E],
        }
    }
}

impl fmt::Display for TunnelRestriction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::E => "E",
            Self::DE => "D,E",
            Self::CDE => "C,D,E",
            Self::BCDE => "B,C,D,E",
        })
    }
}

impl Serialize for TunnelRestriction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What `code` forbids when carried in `mode`, by the table of ADR 8.6.4.
///
/// `net_explosive_mass_kg` is the sum for the transport unit, `None` when it is not known; a threshold binds only
/// when it is exceeded. Only `D/E` treats bulk like a tank.
#[must_use]
pub fn restriction(code: TunnelCode, mode: CarriageMode, net_explosive_mass_kg: Option<f64>) -> TunnelRestriction {
    use TunnelRestriction::{BCDE, CDE, DE, E};
    let tank = mode == CarriageMode::Tank;
    let exceeds = |threshold_kg: f64| net_explosive_mass_kg.is_none_or(|mass_kg| mass_kg > threshold_kg);
    match code {
        TunnelCode::B => BCDE,
        TunnelCode::B1000C => {
            if exceeds(1000.0) {
                BCDE
            } else {
                CDE
            }
        }
        TunnelCode::BD => {
            if tank {
                BCDE
            } else {
                DE
            }
        }
        TunnelCode::BE => {
            if tank {
                BCDE
            } else {
                E
            }
        }
        TunnelCode::C => CDE,
        TunnelCode::C5000D => {
            if exceeds(5000.0) {
                CDE
            } else {
                DE
            }
        }
        TunnelCode::CD => {
            if tank {
                CDE
            } else {
                DE
            }
        }
        TunnelCode::CE => {
            if tank {
                CDE
            } else {
                E
            }
        }
        TunnelCode::D => DE,
        TunnelCode::DE => {
            if mode == CarriageMode::Packages {
                E
            } else {
                DE
            }
        }
        TunnelCode::E => E,
        TunnelCode::Unrestricted => TunnelRestriction::None,
    }
}

/// What one catalogue row forbids. Goods that ADR bars from the road, or does not list, have no code: they count as
/// most restrictive. Goods not subject to ADR are free.
#[must_use]
pub fn restriction_of_entry(
    entry: &CatalogueEntry,
    mode: CarriageMode,
    net_explosive_mass_kg: Option<f64>,
) -> TunnelRestriction {
    match (entry.adr_status, entry.tunnel_code) {
        (AdrStatus::Listed, Some(code)) => restriction(code, mode, net_explosive_mass_kg),
        (AdrStatus::NotSubjectToAdr, _) => TunnelRestriction::None,
        (AdrStatus::Listed, None) | (AdrStatus::CarriageProhibited | AdrStatus::NotInAdr, _) => {
            TunnelRestriction::MOST_RESTRICTIVE
        }
    }
}

/// What a whole load forbids: the most restrictive of every row that any of its lines may mean (ADR 8.6.3.2).
#[must_use]
pub fn restriction_of_load(lines: &[LoadLine<'_>]) -> TunnelRestriction {
    let mass_kg = net_explosive_mass_of_unit_kg(lines);
    lines.iter().map(|line| restriction_of_line(line, mass_kg)).max().unwrap_or_default()
}

/// What one line forbids in a transport unit with that net explosive mass.
#[must_use]
pub fn restriction_of_line(line: &LoadLine<'_>, net_explosive_mass_kg: Option<f64>) -> TunnelRestriction {
    let of_rows =
        line.candidates.iter().map(|entry| restriction_of_entry(entry, line.goods.mode, net_explosive_mass_kg));
    of_rows.max().unwrap_or(TunnelRestriction::MOST_RESTRICTIVE)
}

/// The net explosive mass of the transport unit, in kilograms: the sum of what its lines state. `None` when a line of
/// class 1 does not state it, or states what is no mass.
#[must_use]
pub fn net_explosive_mass_of_unit_kg(lines: &[LoadLine<'_>]) -> Option<f64> {
    lines.iter().try_fold(0.0, |sum_kg, line| {
        let stated_kg = line.goods.net_explosive_mass_kg.filter(|mass_kg| mass_kg.is_finite() && *mass_kg >= 0.0);
        if line.may_be_explosive() { Some(sum_kg + stated_kg?) } else { Some(sum_kg + stated_kg.unwrap_or(0.0)) }
    })
}

#[cfg(test)]
mod tests;
