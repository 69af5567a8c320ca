//! Which distances hold for an accident, where they stand, and why these.
//!
//! Of what is not known the worst is taken, and the answer says so; that is how the tables are asked throughout. Of several
//! goods each distance is that of the goods that need most.

use serde::Serialize;

use super::Accident;
use crate::{
    domain::{CarriageMode, UnNumber},
    hazard::{
        SheetLine,
        distances::{DistanceTables, Distances},
        guide::{EvacuationDirection, Guide},
        sheet::{DistanceSource, LargestDistance},
        spill::{Assumption, Container, Spill, SpillSize, SpilledOn, Wind},
    },
};

/// A distance, where it stands, and why it was taken.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChosenDistance {
    /// Metres.
    pub metres: u32,
    /// Whether it may be farther: the table prints a `+`.
    pub at_least: bool,
    /// The goods that need it; `None` for the guide for unidentified cargo.
    pub un_number: Option<UnNumber>,
    /// Where it stands.
    pub source: DistanceSource,
    /// Why it was taken.
    pub why: Vec<Reason>,
}

/// Why a distance was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", content = "of", rename_all = "snake_case")]
pub enum Reason {
    /// It is the one for day.
    Day,
    /// It is the one for night.
    Night,
    /// It is the one for a spill of this size.
    Spill(SpillSize),
    /// It is the one for this wind.
    Wind(Wind),
    /// It is the one for this container.
    Container(Container),
    /// Something was not known, and the largest was taken.
    Assumed(Assumption),
    /// The table lists the goods for spills in water only.
    OnlyInWater,
    /// Of several goods it is the largest.
    LargestOfGoods,
    /// There is a fire, and its distance goes before that of the spill.
    FirePrevails,
    /// The guide gives the fire distance for tanks and large containers; the goods are in packages.
    FireOfLargeContainers,
}

/// The distances of an accident.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Choices {
    /// Keep everybody out, all around.
    pub isolate: Option<ChosenDistance>,
    /// Protect people downwind.
    pub protect: Option<ChosenDistance>,
    /// Consider evacuation all around …
    pub evacuate_around: Option<ChosenDistance>,
    /// … and downwind, at a large spill.
    pub evacuate_downwind: Option<ChosenDistance>,
    /// Keep everybody out, all around, if it burns.
    pub fire: Option<ChosenDistance>,
}

/// Chooses the distances, by day or night, in this wind.
pub(super) fn choose(tables: &DistanceTables, accident: &Accident<'_>, is_day: bool, wind: Option<Wind>) -> Choices {
    let sheet = accident.sheet;
    let mut choices = if sheet.goods.is_empty() {
        // What nobody has named has the distances of the guide for unidentified cargo.
        Choices {
            isolate: sheet.isolate.map(of_sheet),
            evacuate_around: sheet.evacuate.map(of_sheet),
            fire: sheet.fire_isolate.map(of_sheet),
            ..Choices::default()
        }
    } else {
        let lines: Vec<Choices> =
            sheet.goods.iter().map(|line| of_line(tables, accident, line, is_day, wind)).collect();
        let of_goods = |of: fn(&Choices) -> &Option<ChosenDistance>| {
            let mut found = lines.iter().filter_map(|choices| of(choices).clone());
            let first = found.next()?;
            let mut chosen = found.fold(first, larger);
            chosen.why.extend((lines.len() > 1).then_some(Reason::LargestOfGoods));
            Some(chosen)
        };
        Choices {
            isolate: of_goods(|choices| &choices.isolate),
            protect: of_goods(|choices| &choices.protect),
            evacuate_around: of_goods(|choices| &choices.evacuate_around),
            evacuate_downwind: of_goods(|choices| &choices.evacuate_downwind),
            fire: of_goods(|choices| &choices.fire),
        }
    };
    if accident.spill_size == Some(SpillSize::Small) {
        (choices.evacuate_around, choices.evacuate_downwind) = (None, None);
    }
    if accident.burning == Some(true)
        && let Some(mut fire) = choices.fire.take()
    {
        fire.why.push(Reason::FirePrevails);
        choices.isolate = Some(match choices.isolate.take() {
            Some(isolate) if isolate.metres > fire.metres => isolate,
            _ => fire,
        });
    }
    choices
}

fn of_line(
    tables: &DistanceTables,
    accident: &Accident<'_>,
    line: &SheetLine,
    is_day: bool,
    wind: Option<Wind>,
) -> Choices {
    let containers = accident.container.as_ref().map_or(Container::of_mode(line.mode), std::slice::from_ref);
    let spill = Spill { size: accident.spill_size, on: accident.spilled_on, zone: None, containers, wind };
    let distances = tables.look_up(line.un_number, &spill);
    let of_table = |distances: &Distances, metres, at_least, light: Option<Reason>| {
        let mut why = reasons(distances, &spill);
        why.splice(0..0, light);
        if tables.only_in_water(line.un_number) && spill.on != Some(SpilledOn::Water) {
            // It says more than that the place is not known.
            why.retain(|reason| *reason != Reason::Assumed(Assumption::Place));
            why.push(Reason::OnlyInWater);
        }
        ChosenDistance { metres, at_least, un_number: Some(line.un_number), source: table_source(distances), why }
    };
    let protect = distances.as_ref().map(|distances| {
        let (km, at_least, light) = if is_day {
            (distances.protect_day_km, distances.day_at_least, Reason::Day)
        } else {
            (distances.protect_night_km, distances.night_at_least, Reason::Night)
        };
        of_table(distances, metres_of_km(km), at_least, Some(light))
    });
    let table_isolate = distances.as_ref().map(|distances| of_table(distances, distances.isolate_m, false, None));
    let of_guides = |metres: &dyn Fn(&Guide) -> Option<u32>, why: &[Reason]| {
        let of_guide = |guide: &Guide| {
            let (metres, why) = (metres(guide)?, why.to_vec());
            let source =
                DistanceSource { edition: guide.edition, table: None, guide: Some(guide.number), page: guide.page };
            Some(ChosenDistance { metres, at_least: false, un_number: Some(line.un_number), source, why })
        };
        line.erg_guides.iter().filter_map(|guide| of_guide(&guide.guide)).reduce(larger)
    };
    let evacuate = |direction: EvacuationDirection| {
        let metres = |guide: &Guide| {
            let stated = guide.large_spill_direction.unwrap_or(EvacuationDirection::AllDirections);
            guide.large_spill_evacuate_m.filter(|_| stated == direction)
        };
        let why = accident.spill_size.map_or(Reason::Assumed(Assumption::SpillSize), Reason::Spill);
        of_guides(&metres, &[why])
    };
    let of_large = |guide: &Guide| {
        let trigger = guide.fire_trigger.as_deref().unwrap_or_default();
        line.mode == CarriageMode::Packages && (trigger.starts_with("tank") || trigger.contains("large container"))
    };
    let all_of_large = line.erg_guides.iter().all(|guide| of_large(&guide.guide));
    let fire_why: &[Reason] = if all_of_large { &[Reason::FireOfLargeContainers] } else { &[] };
    Choices {
        isolate: table_isolate.into_iter().chain(of_guides(&|guide| Some(guide.isolate_m()), &[])).reduce(larger),
        protect,
        evacuate_around: evacuate(EvacuationDirection::AllDirections),
        evacuate_downwind: evacuate(EvacuationDirection::Downwind),
        fire: of_guides(&|guide| guide.fire_isolate_m, fire_why),
    }
}

/// What the rows of a table were chosen by.
fn reasons(distances: &Distances, spill: &Spill<'_>) -> Vec<Reason> {
    let mut why: Vec<Reason> = spill.size.map(Reason::Spill).into_iter().collect();
    if distances.source.table == 3 {
        why.extend(spill.wind.map(Reason::Wind));
        if let [only] = spill.containers
            && !distances.assumed.contains(&Assumption::Container)
        {
            why.push(Reason::Container(*only));
        }
    }
    why.extend(distances.assumed.iter().copied().map(Reason::Assumed));
    why
}

/// The larger of two, and the first of equals. An open end anywhere leaves the answer open: 11.0+ may be farther than 11.1.
fn larger(one: ChosenDistance, other: ChosenDistance) -> ChosenDistance {
    let at_least = one.at_least || other.at_least;
    let chosen = if other.metres > one.metres { other } else { one };
    ChosenDistance { at_least, ..chosen }
}

fn of_sheet(largest: LargestDistance) -> ChosenDistance {
    let LargestDistance { metres, un_number, source } = largest;
    ChosenDistance { metres, at_least: false, un_number, source, why: Vec::new() }
}

fn table_source(distances: &Distances) -> DistanceSource {
    let source = distances.source;
    DistanceSource { edition: source.edition, table: Some(source.table), guide: None, page: source.page }
}

/// Printed distances have one digit after the point and at most two before it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "non-negative and below 100 km")]
fn metres_of_km(km: f64) -> u32 {
    (km * 1000.0).round() as u32
}

#[cfg(test)]
mod tests;
