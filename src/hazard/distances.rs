//! Initial isolation and protective action distances of the Emergency Response Guidebook 2024, Tables 1 and 3.
//!
//! Table 1 lists goods that are toxic by inhalation, or give off toxic gas in water, by number, condition and spill
//! size. For large spills of six gases it refers to Table 3, which asks for the container and the wind. The key is not
//! the number alone: a number may have several names, inhalation zones A to D, or be listed only for spills in water.
//! What the asker does not know is taken at its worst: every row that may apply is looked at, the largest distances
//! are given, and the answer says what was not known.

use std::collections::HashMap;

use serde::Serialize;

use super::reading::{DataError, Row, read_rows};
use super::spill::{Assumption, Condition, Container, Spill, SpillSize, SpilledOn, Wind};
use crate::domain::UnNumber;

/// The edition that every distance and guide here is from.
pub const ERG_EDITION: &str = "ERG 2024";

/// A distance in kilometres, as printed.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize)]
pub struct Kilometres {
    /// Kilometres.
    pub km: f64,
    /// Printed with a `+`: it may be farther.
    pub at_least: bool,
}

impl std::str::FromStr for Kilometres {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.strip_suffix('+').unwrap_or(text);
        match digits.parse::<f64>() {
            Ok(km) if km.is_finite() && km >= 0.0 => Ok(Self { km, at_least: digits != text }),
            _ => Err(format!("{text:?} is no distance; wanted are kilometres, with a + where it may be farther")),
        }
    }
}

/// Where in the guidebook a distance stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Edition of the guidebook.
    pub edition: &'static str,
    /// Number of the table.
    pub table: u8,
    /// Page of the printed guidebook.
    pub page: u16,
}

/// How far to keep people away.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Distances {
    /// Isolate in all directions, in metres.
    pub isolate_m: u32,
    /// Protect people downwind by day (sunrise to sunset), in kilometres.
    pub protect_day_km: f64,
    /// Whether the day distance may be farther.
    pub day_at_least: bool,
    /// Protect people downwind by night, in kilometres.
    pub protect_night_km: f64,
    /// Whether the night distance may be farther.
    pub night_at_least: bool,
    /// Where the values stand: of several rows, the one with the largest night distance.
    pub source: Source,
    /// What was not known, so that the largest of several rows was taken.
    pub assumed: Vec<Assumption>,
}

impl Distances {
    /// The larger of the two protective distances, in metres.
    #[must_use]
    pub fn reach_m(&self) -> u32 {
        // Printed distances have at most two digits before the point, so the metres fit.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "non-negative and below 100 km")]
        let metres = (self.protect_day_km.max(self.protect_night_km) * 1000.0).round() as u32;
        metres
    }

    /// Whether the night distance is farther than that of `other`.
    #[must_use]
    pub fn reaches_farther_than(&self, other: &Self) -> bool {
        let key = |distances: &Self| (distances.protect_night_km, distances.night_at_least);
        key(self) > key(other)
    }
}

/// A row of Table 1. A large spill without values refers to Table 3.
#[derive(Clone, Debug)]
struct Table1Row {
    condition: Option<Condition>,
    small: Cells,
    large: Option<Cells>,
    page: u16,
}

/// A row of Table 3 with its values by wind, low to high.
#[derive(Clone, Debug)]
struct Table3Row {
    container: Container,
    by_wind: [(Wind, Cells); 3],
    page: u16,
}

#[derive(Clone, Copy, Debug)]
struct Cells {
    isolate_m: u32,
    day: Kilometres,
    night: Kilometres,
}

/// Tables 1 and 3 by UN number.
#[derive(Clone, Debug)]
pub struct DistanceTables {
    table1: HashMap<UnNumber, Vec<Table1Row>>,
    table3: HashMap<UnNumber, Vec<Table3Row>>,
}

impl DistanceTables {
    pub(super) fn builtin() -> Result<Self, DataError> {
        let table1 = read_rows("erg_table1.csv", include_str!("data/erg_table1.csv"), read_table1_row)?;
        let table3 = read_rows("erg_table3.csv", include_str!("data/erg_table3.csv"), read_table3_row)?;
        Ok(Self { table1: by_number(table1), table3: by_number(table3) })
    }

    /// Whether Table 1 lists the number: the goods are toxic by inhalation, or give off toxic gas in water.
    #[must_use]
    pub fn lists(&self, un_number: UnNumber) -> bool {
        self.table1.contains_key(&un_number)
    }

    /// Whether large spills of the goods are in Table 3, by container and wind.
    #[must_use]
    pub fn in_table3(&self, un_number: UnNumber) -> bool {
        self.table3.contains_key(&un_number)
    }

    /// Whether Table 1 lists the number for spills in water only.
    #[must_use]
    pub fn only_in_water(&self, un_number: UnNumber) -> bool {
        self.table1.get(&un_number).is_some_and(|rows| rows.iter().all(|row| row.condition == Some(Condition::InWater)))
    }

    /// The distances for a spill of the goods; `None` where no row of the tables applies.
    #[must_use]
    pub fn look_up(&self, un_number: UnNumber, spill: &Spill<'_>) -> Option<Distances> {
        let all = self.table1.get(&un_number)?;
        let rows: Vec<&Table1Row> = all.iter().filter(|row| row.applies(spill)).collect();
        let mut assumed = Vec::new();
        let mut found: Vec<(Cells, Source)> = Vec::new();
        if spill.size != Some(SpillSize::Large) {
            found.extend(rows.iter().map(|row| (row.small, source(1, row.page))));
        }
        if spill.size != Some(SpillSize::Small) {
            found.extend(rows.iter().filter_map(|row| Some((row.large?, source(1, row.page)))));
            if rows.iter().any(|row| row.large.is_none()) {
                found.extend(self.look_up_table3(un_number, spill, &mut assumed));
            }
        }
        if spill.size.is_none() {
            assumed.push(Assumption::SpillSize);
        }
        let place_matters = all.iter().any(|row| row.condition.is_some_and(Condition::is_place));
        if place_matters && spill.on.is_none() {
            assumed.push(Assumption::Place);
        }
        let place_of = |row: &Table1Row| row.condition.filter(|condition| condition.is_place());
        let rows_of = |place| rows.iter().filter(|row| place_of(row) == place).count();
        let several = [None, Some(Condition::InWater), Some(Condition::OnLand)].into_iter().any(|p| rows_of(p) > 1);
        if several {
            assumed.push(Assumption::Substance);
        }
        assumed.sort_unstable();
        largest(&found).map(|distances| Distances { assumed, ..distances })
    }

    fn look_up_table3(
        &self,
        un_number: UnNumber,
        spill: &Spill<'_>,
        assumed: &mut Vec<Assumption>,
    ) -> Vec<(Cells, Source)> {
        let all = self.table3.get(&un_number).map(Vec::as_slice).unwrap_or_default();
        let asked: Vec<&Table3Row> =
            all.iter().filter(|row| spill.containers.is_empty() || spill.containers.contains(&row.container)).collect();
        // A container that the table does not know for this gas: any of those that it knows.
        let rows = if asked.is_empty() { all.iter().collect() } else { asked };
        if rows.len() > 1 {
            assumed.push(Assumption::Container);
        }
        if spill.wind.is_none() {
            assumed.push(Assumption::Wind);
        }
        let of_wind = |row: &&Table3Row| {
            let (page, by_wind) = (row.page, row.by_wind);
            let wanted = move |wind: Wind| spill.wind.is_none_or(|asked| asked == wind);
            by_wind.into_iter().filter(move |(wind, _)| wanted(*wind)).map(move |(_, cells)| (cells, source(3, page)))
        };
        rows.iter().flat_map(of_wind).collect()
    }
}

impl Table1Row {
    fn applies(&self, spill: &Spill<'_>) -> bool {
        match self.condition {
            Some(Condition::InWater) => spill.on != Some(SpilledOn::Land),
            Some(Condition::OnLand) => spill.on != Some(SpilledOn::Water),
            Some(zone) => spill.zone.is_none_or(|asked| asked == zone),
            None => true,
        }
    }
}

/// The largest of each distance; the source is that of the row with the largest night distance.
fn largest(found: &[(Cells, Source)]) -> Option<Distances> {
    let isolate_m = found.iter().map(|(cells, _)| cells.isolate_m).max()?;
    let protect_day_km = found.iter().map(|(cells, _)| cells.day.km).max_by(f64::total_cmp)?;
    let (cells, source) = found.iter().max_by(|(one, _), (other, _)| one.night.km.total_cmp(&other.night.km))?;
    Some(Distances {
        isolate_m,
        protect_day_km,
        // An open end anywhere leaves the answer open: 11.0+ may be farther than 11.1.
        day_at_least: found.iter().any(|(cells, _)| cells.day.at_least),
        protect_night_km: cells.night.km,
        night_at_least: found.iter().any(|(cells, _)| cells.night.at_least),
        source: *source,
        assumed: Vec::new(),
    })
}

fn source(table: u8, page: u16) -> Source {
    Source { edition: ERG_EDITION, table, page }
}

fn by_number<T>(rows: Vec<(UnNumber, T)>) -> HashMap<UnNumber, Vec<T>> {
    let mut grouped: HashMap<UnNumber, Vec<T>> = HashMap::new();
    for (un_number, row) in rows {
        grouped.entry(un_number).or_default().push(row);
    }
    grouped
}

fn read_table1_row(row: &Row<'_>) -> Result<(UnNumber, Table1Row), DataError> {
    let small = read_cells(row, "small_isolate_m", "small_day_km", "small_night_km")?;
    let large = match row.text("large_isolate_m")? {
        "table 3" => None,
        _ => Some(read_cells(row, "large_isolate_m", "large_day_km", "large_night_km")?),
    };
    let condition = row.optional("condition")?;
    Ok((row.value("un_number")?, Table1Row { condition, small, large, page: row.value("page")? }))
}

fn read_table3_row(row: &Row<'_>) -> Result<(UnNumber, Table3Row), DataError> {
    let by_wind = [
        (Wind::Low, read_cells(row, "isolate_m", "day_low_km", "night_low_km")?),
        (Wind::Moderate, read_cells(row, "isolate_m", "day_moderate_km", "night_moderate_km")?),
        (Wind::High, read_cells(row, "isolate_m", "day_high_km", "night_high_km")?),
    ];
    Ok((row.value("un_number")?, Table3Row { container: row.value("container")?, by_wind, page: row.value("page")? }))
}

fn read_cells(row: &Row<'_>, isolate: &str, day: &str, night: &str) -> Result<Cells, DataError> {
    Ok(Cells { isolate_m: row.value(isolate)?, day: row.value(day)?, night: row.value(night)? })
}

#[cfg(test)]
mod tests;
