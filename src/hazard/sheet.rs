//! The hazard sheet: what a responder reads about a load.
//!
//! A pure function of the goods lines and the catalogue. Lines stand in the order of danger: first what is not known,
//! then by how far people must be kept away (the largest of protective action, evacuation, fire and isolation
//! distances), then class 1, 2.3, 6.1 packing group I and 7 before others, then tanks before bulk before packages,
//! then by transport category, packing group and UN number. The order is our own. A value that no source gives is null, and its name stands in `not_available`;
//! a null that is not named there means that the regulations assign none.

use std::cmp::Reverse;

use serde::Serialize;

use super::catalogue::Catalogue;
use super::consequence::{HighConsequenceKind, high_consequence};
use super::distances::{Distances, ERG_EDITION};
use super::guide::{Guide, GuideNumber, UNIDENTIFIED_CARGO};
use super::load::LoadLine;
use super::sheet_line::SheetLine;
use super::tunnel::{self, TunnelRestriction};
use crate::domain::{CarriageMode, GoodsLine, TunnelCategory, UnNumber};

/// The editions that the values of a sheet are from.
pub const EDITIONS: [&str; 3] = ["ADR 2025", ERG_EDITION, "GB 12268-2025"];

/// What a responder reads about a load.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HazardSheet {
    /// Editions that the values are from.
    pub editions: [&'static str; 3],
    /// Whether some or all of the cargo is not known.
    pub unknown_cargo: bool,
    /// The goods, the most dangerous first. Empty when no document names any.
    pub goods: Vec<SheetLine>,
    /// Which tunnels the load is kept out of.
    pub tunnel_restriction: TunnelRestriction,
    /// The same, as the forbidden categories.
    pub forbidden_tunnels: &'static [TunnelCategory],
    /// Whether these are high-consequence dangerous goods (ADR 1.10.3.1.2), which unknown cargo counts as.
    pub high_consequence: bool,
    /// Which kinds of goods make it so.
    pub high_consequence_kinds: Vec<HighConsequenceKind>,
    /// Isolate at least so far in all directions.
    pub isolate: Option<LargestDistance>,
    /// Protect people downwind so far: the largest day and night distances of all goods. `None` where nothing is toxic
    /// by inhalation.
    pub protect: Option<Distances>,
    /// Consider evacuation so far at a large spill.
    pub evacuate: Option<LargestDistance>,
    /// Isolate so far when the load is on fire.
    pub fire_isolate: Option<LargestDistance>,
}

/// The largest distance of its kind in a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LargestDistance {
    /// Metres.
    pub metres: u32,
    /// The goods that need it; `None` for the guide for unidentified cargo.
    pub un_number: Option<UnNumber>,
    /// Where it is from.
    pub source: DistanceSource,
}

/// Where a distance is from: a table or a guide of the guidebook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DistanceSource {
    /// Edition of the guidebook.
    pub edition: &'static str,
    /// Table, if it stands in one.
    pub table: Option<u8>,
    /// Guide, if it stands there.
    pub guide: Option<GuideNumber>,
    /// Page of the printed guidebook.
    pub page: u16,
}

impl DistanceSource {
    pub(super) fn guide(guide: &Guide) -> Self {
        Self { edition: guide.edition, table: None, guide: Some(guide.number), page: guide.page }
    }

    pub(super) fn table(distances: &Distances) -> Self {
        let source = distances.source;
        Self { edition: source.edition, table: Some(source.table), guide: None, page: source.page }
    }
}

impl HazardSheet {
    /// The sheet of the goods that a transport document names. A document that names none tells nothing: the sheet is
    /// that of unknown cargo.
    #[must_use]
    pub fn of(catalogue: &Catalogue, goods: &[GoodsLine]) -> Self {
        let lines = LoadLine::of(catalogue, goods);
        let mass_kg = tunnel::net_explosive_mass_of_unit_kg(&lines);
        let mut sheet_lines: Vec<SheetLine> =
            lines.iter().map(|line| SheetLine::of(catalogue, line, mass_kg)).collect();
        sheet_lines.sort_by_key(|line| {
            (
                line.in_catalogue,
                Reverse(line.reach_m()),
                !line.gravest,
                by_mode(line.mode),
                line.transport_category,
                line.packing_group,
                line.un_number,
            )
        });
        let unknown_cargo = goods.is_empty() || lines.iter().any(LoadLine::unknown);
        let kinds = high_consequence(&lines);
        let restriction =
            if goods.is_empty() { TunnelRestriction::MOST_RESTRICTIVE } else { tunnel::restriction_of_load(&lines) };
        let unidentified = catalogue.guides().get(UNIDENTIFIED_CARGO.number).filter(|_| goods.is_empty());
        let by_default = |of: fn(&Guide) -> Option<u32>| {
            let guide = unidentified?;
            Some(LargestDistance { metres: of(guide)?, un_number: None, source: DistanceSource::guide(guide) })
        };
        Self {
            editions: EDITIONS,
            unknown_cargo,
            tunnel_restriction: restriction,
            forbidden_tunnels: restriction.forbidden(),
            high_consequence: unknown_cargo || !kinds.is_empty(),
            high_consequence_kinds: kinds,
            isolate: largest(sheet_lines.iter().map(|line| line.isolate))
                .or_else(|| by_default(|guide| Some(guide.isolate_m()))),
            protect: farthest(&sheet_lines),
            evacuate: largest(sheet_lines.iter().map(|line| line.evacuate))
                .or_else(|| by_default(|guide| guide.large_spill_evacuate_m)),
            fire_isolate: largest(sheet_lines.iter().map(|line| line.fire_isolate))
                .or_else(|| by_default(|guide| guide.fire_isolate_m)),
            goods: sheet_lines,
        }
    }

    /// The sheet of a vehicle that carries no dangerous goods, as far as is declared.
    #[must_use]
    pub fn nothing() -> Self {
        Self {
            editions: EDITIONS,
            unknown_cargo: false,
            goods: Vec::new(),
            tunnel_restriction: TunnelRestriction::None,
            forbidden_tunnels: TunnelRestriction::None.forbidden(),
            high_consequence: false,
            high_consequence_kinds: Vec::new(),
            isolate: None,
            protect: None,
            evacuate: None,
            fire_isolate: None,
        }
    }

    /// The sheet of dangerous goods that nobody has named.
    #[must_use]
    pub fn unknown(catalogue: &Catalogue) -> Self {
        Self::of(catalogue, &[])
    }
}

/// Tanks hold most, packages least.
fn by_mode(mode: CarriageMode) -> u8 {
    match mode {
        CarriageMode::Tank => 0,
        CarriageMode::Bulk => 1,
        CarriageMode::Packages => 2,
    }
}

fn largest(distances: impl Iterator<Item = Option<LargestDistance>>) -> Option<LargestDistance> {
    // The first of equals, so that it is that of the most dangerous goods.
    distances.flatten().reduce(|best, next| if next.metres > best.metres { next } else { best })
}

/// The largest protective distances of all lines, each value on its own; source and assumptions are those of the line
/// that reaches farthest by night.
fn farthest(lines: &[SheetLine]) -> Option<Distances> {
    let all = || lines.iter().filter_map(SheetLine::farthest);
    let by_night = all().reduce(|best, next| if next.reaches_farther_than(best) { next } else { best })?;
    Some(Distances {
        isolate_m: all().map(|distances| distances.isolate_m).max()?,
        protect_day_km: all().map(|distances| distances.protect_day_km).max_by(f64::total_cmp)?,
        day_at_least: all().any(|distances| distances.day_at_least),
        night_at_least: all().any(|distances| distances.night_at_least),
        ..by_night.clone()
    })
}

#[cfg(test)]
mod tests;
