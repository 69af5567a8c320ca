//! When zones must be drawn again.
//!
//! Zones are drawn again when a shape changes: not whenever a reading of the wind comes in, but when the wind has turned or
//! changed its class, when day has turned to night, when more is known of the spill. The new zones say what changed. The old
//! ones stay as they are; they held from their `drawn_at` until that of the new ones.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, de::Error};

use super::{Accident, ProtectiveKind, ProtectiveZone, ProtectiveZones, WindState, ZoneForm};
use crate::{
    domain::{Place, UnNumber},
    geo::{geodesic_m, turn_deg},
    hazard::{
        distances::DistanceTables,
        spill::{Container, SpillSize, SpilledOn, Wind},
    },
};

/// A wind that has turned by less is the same (our own choice): weather reports give directions in steps of 10°.
const TURNED_DEG: f64 = 10.0;
/// A place that has moved by less is the same (our own choice): a receiver at rest wanders that far.
const MOVED_M: f64 = 20.0;
/// A length that has changed by less is the same. The steps in the guidebook's tables are larger.
const CHANGED_M: f64 = 10.0;

/// What zones were drawn from. It can be stored, and read again after a restart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrawnFrom {
    place: Place,
    widened_m: f64,
    goods: Vec<UnNumber>,
    is_day: bool,
    #[serde(deserialize_with = "from_word")]
    spill_size: Option<SpillSize>,
    #[serde(deserialize_with = "from_word")]
    spilled_on: Option<SpilledOn>,
    #[serde(deserialize_with = "from_word")]
    container: Option<Container>,
    burning: Option<bool>,
    wind_from_deg: Option<f64>,
    #[serde(deserialize_with = "from_word")]
    wind_class: Option<Wind>,
    shapes: Vec<Shape>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Shape {
    kind: ProtectiveKind,
    in_force: bool,
    #[serde(flatten)]
    form: ZoneForm,
}

impl DrawnFrom {
    pub(super) fn new(
        accident: &Accident<'_>,
        is_day: bool,
        wind: &WindState,
        widened_m: f64,
        zones: &[ProtectiveZone],
    ) -> Self {
        let Accident { place, spill_size, spilled_on, container, burning, .. } = *accident;
        let shape = |zone: &ProtectiveZone| Shape { kind: zone.kind, in_force: zone.in_force, form: zone.form };
        Self {
            place,
            widened_m,
            goods: accident.sheet.goods.iter().map(|line| line.un_number).collect(),
            is_day,
            spill_size,
            spilled_on,
            container,
            burning,
            wind_from_deg: wind.from_deg(),
            wind_class: wind.class(),
            shapes: zones.iter().map(shape).collect(),
        }
    }
}

/// Why zones were drawn again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The accident is elsewhere, or that is better known.
    Place,
    /// The wind blows from elsewhere.
    WindTurned,
    /// Now it is known where the wind blows.
    WindKnown,
    /// It is not known any more where the wind blows.
    WindLost,
    /// The wind is stronger, or weaker.
    WindStrength,
    /// Day has come.
    Day,
    /// Night has fallen.
    Night,
    /// More is known of how much was spilled, where, or from what.
    Spill,
    /// A fire has broken out, or is out.
    Fire,
    /// Other goods than were known.
    Goods,
}

/// Zones that take the place of others.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Redrawn {
    /// The new zones. The old ones held until their `drawn_at`.
    pub zones: ProtectiveZones,
    /// What has changed.
    pub because: Vec<Change>,
}

/// Draws the zones again if a shape changes; `None` where those that were drawn still hold.
#[must_use]
pub fn redraw(previous: &DrawnFrom, tables: &DistanceTables, accident: &Accident<'_>) -> Option<Redrawn> {
    let zones = ProtectiveZones::draw(tables, accident);
    let new = &zones.drawn_from;
    let has_moved = geodesic_m(previous.place, new.place) >= MOVED_M;
    let same_shapes = previous.shapes.len() == new.shapes.len()
        && previous.shapes.iter().zip(&new.shapes).all(|(old, new)| is_same(old, new));
    if same_shapes && !has_moved {
        return None;
    }
    let mut because = changes(previous, new, has_moved);
    if because.is_empty() {
        // Nothing else is left: a sheet with the same numbers that says something else of them.
        because.push(Change::Goods);
    }
    Some(Redrawn { zones, because })
}

fn is_same(old: &Shape, new: &Shape) -> bool {
    let same_m = |one: f64, other: f64| (one - other).abs() < CHANGED_M;
    let same_form = match (old.form, new.form) {
        (ZoneForm::Circle { radius_m: one }, ZoneForm::Circle { radius_m: other }) => same_m(one, other),
        (
            ZoneForm::Square { side_m, toward_deg, widened_m },
            ZoneForm::Square { side_m: new_side_m, toward_deg: new_toward_deg, widened_m: new_widened_m },
        ) => {
            same_m(side_m, new_side_m)
                && same_m(widened_m, new_widened_m)
                && turn_deg(toward_deg, new_toward_deg) < TURNED_DEG
        }
        _ => false,
    };
    (old.kind, old.in_force) == (new.kind, new.in_force) && same_form
}

fn changes(old: &DrawnFrom, new: &DrawnFrom, has_moved: bool) -> Vec<Change> {
    let wind = match (old.wind_from_deg, new.wind_from_deg) {
        (None, Some(_)) => Some(Change::WindKnown),
        (Some(_), None) => Some(Change::WindLost),
        (Some(one), Some(other)) => (turn_deg(one, other) >= TURNED_DEG).then_some(Change::WindTurned),
        (None, None) => None,
    };
    let spill = |from: &DrawnFrom| (from.spill_size, from.spilled_on, from.container);
    let place = has_moved || (old.widened_m - new.widened_m).abs() >= CHANGED_M;
    let light = if new.is_day { Change::Day } else { Change::Night };
    let all = [
        place.then_some(Change::Place),
        wind,
        (old.wind_class != new.wind_class).then_some(Change::WindStrength),
        (old.is_day != new.is_day).then_some(light),
        (spill(old) != spill(new)).then_some(Change::Spill),
        (old.burning != new.burning).then_some(Change::Fire),
        (old.goods != new.goods).then_some(Change::Goods),
    ];
    all.into_iter().flatten().collect()
}

/// Reads a word as it was written.
fn from_word<'de, D: Deserializer<'de>, T: FromStr<Err = String>>(deserializer: D) -> Result<Option<T>, D::Error> {
    let word = Option::<String>::deserialize(deserializer)?;
    word.map(|word| word.parse().map_err(D::Error::custom)).transpose()
}

#[cfg(test)]
mod tests;
