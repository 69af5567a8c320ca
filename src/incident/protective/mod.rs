//! Protective zones: where nobody may be, and where people must be protected, around an accident.
//!
//! Distances are those of the Emergency Response Guidebook (see `choice`). Shapes are geodesic. Isolation and fire are
//! circles. The protective action zone is a square as wide and as long as the protective distance, downwind, with the
//! spill at the middle of its upwind side; so is evacuation where the guide says downwind. While it is not known where the
//! wind blows, as it is in a calm, they are full circles. Day or night is told by the sun at the place.
//!
//! [`ProtectiveZones::draw`] is a pure function of what is known at a moment. When more is known, or the wind turns, or
//! night falls, [`redraw()`] tells whether that changes a shape; then there are new zones, and the old ones are kept.
//!
//! A place that is known only roughly widens every zone by its accuracy: wherever the spill is, its zones are covered.

mod choice;
mod redraw;
mod wind;
mod words;

use ::geo::MultiPolygon;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize, Serializer};

pub(crate) use self::words::{compass, length};
pub use self::{
    choice::{ChosenDistance, Reason},
    redraw::{Change, DrawnFrom, Redrawn, redraw},
    wind::{WIND_HOLDS, WindError, WindReading, WindState},
};
use crate::{
    domain::Place,
    geo::{area_to_geojson, geodesic_circle, geodesic_square, sun},
    hazard::{
        HazardSheet,
        distances::DistanceTables,
        spill::{Container, SpillSize, SpilledOn},
    },
};

/// A place known to so many metres is exact enough (our own choice): receivers are mostly better than that, and crews pace
/// distances out.
pub const EXACT_ENOUGH_M: f64 = 50.0;
/// However badly a place is known, zones are not widened by more than so many metres.
const MOST_WIDENED_M: f64 = 20_000.0;

/// What is known of an accident at a moment.
#[derive(Clone, Copy, Debug)]
pub struct Accident<'a> {
    /// Where it is.
    pub place: Place,
    /// How well that is known, in metres.
    pub accuracy_m: Option<f64>,
    /// The moment.
    pub time: DateTime<Utc>,
    /// The goods.
    pub sheet: &'a HazardSheet,
    /// How much is spilled. Unknown counts as the larger.
    pub spill_size: Option<SpillSize>,
    /// Whether on land or in water.
    pub spilled_on: Option<SpilledOn>,
    /// What the goods are in, where somebody has seen it. Else what their carriage mode allows.
    pub container: Option<Container>,
    /// Whether it burns.
    pub burning: Option<bool>,
    /// The last wind that was told.
    pub wind: Option<&'a WindReading>,
    /// How long a reading of the wind holds; see [`WIND_HOLDS`].
    pub wind_holds: TimeDelta,
}

/// What a zone is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProtectiveKind {
    /// Nobody goes in unprotected, all others leave.
    Isolation,
    /// Nobody goes in if it burns.
    Fire,
    /// Consider evacuation, at a large spill.
    Evacuation,
    /// Protect people: bring them away, or keep them indoors.
    Protective,
}

/// The form of a zone, as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "form", rename_all = "snake_case")]
pub enum ZoneForm {
    /// All around the accident.
    Circle {
        /// Radius in metres.
        radius_m: f64,
    },
    /// Downwind, the accident at the middle of the upwind side (or so far into the square as it is widened).
    Square {
        /// Length of a side in metres, before it is widened.
        side_m: f64,
        /// Direction in which it lies, degrees clockwise from north.
        toward_deg: f64,
        /// So much it is widened on every side, in metres.
        widened_m: f64,
    },
}

impl ZoneForm {
    /// How far from the accident its farthest point is, in metres.
    #[must_use]
    pub fn reach_m(self) -> f64 {
        match self {
            Self::Circle { radius_m } => radius_m,
            Self::Square { side_m, widened_m, .. } => (side_m + widened_m).hypot(side_m / 2.0 + widened_m),
        }
    }

    fn area(self, place: Place) -> MultiPolygon<f64> {
        match self {
            Self::Circle { radius_m } => geodesic_circle(place, radius_m),
            Self::Square { side_m, toward_deg, widened_m } => geodesic_square(place, toward_deg, side_m, widened_m),
        }
    }
}

/// A zone around an accident.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProtectiveZone {
    /// What it is for.
    pub kind: ProtectiveKind,
    /// Whether it holds now. The fire zone holds only if it burns.
    pub in_force: bool,
    /// Whether the guidebook means it to lie downwind. It is a circle all the same while nobody knows where that is.
    pub downwind: bool,
    /// Its distance, and why this one.
    pub distance: ChosenDistance,
    /// Its form.
    #[serde(flatten)]
    pub form: ZoneForm,
    /// Its area as a GeoJSON geometry; in longitudes -180…180, cut at the antimeridian.
    #[serde(serialize_with = "as_geojson")]
    pub area: MultiPolygon<f64>,
}

/// The zones around an accident at a moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProtectiveZones {
    /// Where the accident is.
    pub place: Place,
    /// How well that is known, in metres.
    pub accuracy_m: Option<f64>,
    /// By how much every zone is widened for that, in metres.
    pub widened_m: f64,
    /// For which moment they are drawn. They hold until others are drawn.
    pub drawn_at: DateTime<Utc>,
    /// Whether it is day there: between sunrise and sunset.
    pub is_day: bool,
    /// When that changes, if within 24 hours.
    pub light_changes_at: Option<DateTime<Utc>>,
    /// The protective distance from then on, if nothing else changes.
    pub protect_then: Option<ChosenDistance>,
    /// The wind they are drawn by.
    pub wind: WindState,
    /// The zones, each kind at most once but evacuation, which may be all around and downwind.
    pub zones: Vec<ProtectiveZone>,
    /// What they are drawn from, to tell later whether they must be drawn again.
    pub drawn_from: DrawnFrom,
}

impl ProtectiveZones {
    /// Draws the zones.
    #[must_use]
    pub fn draw(tables: &DistanceTables, accident: &Accident<'_>) -> Self {
        let Accident { place, time, accuracy_m, .. } = *accident;
        let is_day = sun::is_day(place, time);
        let wind = WindState::at(accident.wind, time, accident.wind_holds);
        let widened_m = accuracy_m.filter(|metres| *metres > EXACT_ENOUGH_M).map_or(0.0, |m| m.min(MOST_WIDENED_M));
        let circle = |metres: u32| ZoneForm::Circle { radius_m: f64::from(metres) + widened_m };
        let toward_deg = wind.toward_deg();
        let form = |metres: u32, downwind: bool| match toward_deg.filter(|_| downwind) {
            Some(toward_deg) => ZoneForm::Square { side_m: f64::from(metres), toward_deg, widened_m },
            None => circle(metres),
        };
        let choices = choice::choose(tables, accident, is_day, wind.class());
        let isolated_m = choices.isolate.as_ref().map_or(0.0, |isolate| circle(isolate.metres).reach_m());
        let all = [
            (ProtectiveKind::Isolation, choices.isolate, false),
            (ProtectiveKind::Fire, choices.fire, false),
            (ProtectiveKind::Evacuation, choices.evacuate_around, false),
            (ProtectiveKind::Evacuation, choices.evacuate_downwind, true),
            (ProtectiveKind::Protective, choices.protect, true),
        ];
        let zones = all.into_iter().filter_map(|(kind, distance, downwind)| {
            let distance = distance?;
            let form = form(distance.metres, downwind);
            // What lies within the isolation zone asks for nothing more.
            let is_idle = kind == ProtectiveKind::Evacuation && form.reach_m() <= isolated_m;
            let zone = || {
                let (in_force, area) = (kind != ProtectiveKind::Fire, form.area(place));
                ProtectiveZone { kind, in_force, downwind, distance, form, area }
            };
            (!is_idle).then(zone)
        });
        let zones: Vec<ProtectiveZone> = zones.collect();
        let light_changes_at = sun::next_change(place, time);
        let then = light_changes_at.map(|_| choice::choose(tables, accident, !is_day, wind.class()));
        let drawn_from = DrawnFrom::new(accident, is_day, &wind, widened_m, &zones);
        Self {
            place,
            accuracy_m,
            widened_m,
            drawn_at: time,
            is_day,
            light_changes_at,
            protect_then: then.and_then(|choices| choices.protect),
            wind,
            zones,
            drawn_from,
        }
    }

    /// The zones of a kind.
    pub fn of_kind(&self, kind: ProtectiveKind) -> impl Iterator<Item = &ProtectiveZone> {
        self.zones.iter().filter(move |zone| zone.kind == kind)
    }

    /// The isolation zone.
    #[must_use]
    pub fn isolation(&self) -> Option<&ProtectiveZone> {
        self.of_kind(ProtectiveKind::Isolation).next()
    }

    /// The protective action zone; `None` where the guidebook gives no protective distance for the goods.
    #[must_use]
    pub fn protective(&self) -> Option<&ProtectiveZone> {
        self.of_kind(ProtectiveKind::Protective).next()
    }
}

fn as_geojson<S: Serializer>(area: &MultiPolygon<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    area_to_geojson(area).serialize(serializer)
}

#[cfg(test)]
mod tests;
