//! What the guidebook's distances depend on: spill size and place, substance, container, wind.

use super::words::words;
use crate::domain::CarriageMode;

words!(
    /// How much is spilled.
    SpillSize, "spill size", {
        /// Up to 208 litres: one small package, or a small leak from a large one.
        Small = "small",
        /// More than that.
        Large = "large",
    }
);

words!(
    /// Where the goods are spilled.
    SpilledOn, "place of the spill", {
        /// On land.
        Land = "land",
        /// In water.
        Water = "water",
    }
);

words!(
    /// Under which condition a row of Table 1 holds.
    Condition, "condition", {
        /// Spilled in water.
        InWater = "spilled in water",
        /// Spilled on land.
        OnLand = "spilled on land",
        /// Inhalation hazard zone A, the most toxic.
        ZoneA = "zone A",
        /// Inhalation hazard zone B.
        ZoneB = "zone B",
        /// Inhalation hazard zone C.
        ZoneC = "zone C",
        /// Inhalation hazard zone D.
        ZoneD = "zone D",
        /// The row to use while the zone is not known; the same distances as zone A.
        ZoneNotStated = "zone not stated",
    }
);

impl Condition {
    /// Whether the condition is about the place of the spill, not about the substance.
    pub(super) fn is_place(self) -> bool {
        matches!(self, Self::InWater | Self::OnLand)
    }
}

words!(
    /// What the goods are in, as Table 3 distinguishes it.
    Container, "container", {
        /// Rail tank car.
        RailTankCar = "rail tank car",
        /// Highway tank truck or trailer.
        HighwayTank = "highway tank",
        /// Agricultural nurse tank.
        NurseTank = "nurse tank",
        /// Several ton cylinders.
        TonCylinders = "ton cylinders",
        /// Several small cylinders, or a single ton cylinder.
        SmallCylinders = "small cylinders",
    }
);

impl Container {
    /// What goods carried in `mode` may be in on the road.
    #[must_use]
    pub fn of_mode(mode: CarriageMode) -> &'static [Self] {
        match mode {
            CarriageMode::Tank => &[Self::HighwayTank],
            CarriageMode::Packages => &[Self::TonCylinders, Self::SmallCylinders],
            CarriageMode::Bulk => &[Self::HighwayTank, Self::NurseTank, Self::TonCylinders, Self::SmallCylinders],
        }
    }
}

words!(
    /// Wind speed as Table 3 distinguishes it. Distances are largest in low wind.
    Wind, "wind", {
        /// Below 10 km/h.
        Low = "low",
        /// 10 to 20 km/h.
        Moderate = "moderate",
        /// Above 20 km/h.
        High = "high",
    }
);

impl Wind {
    /// Every wind, the one with the largest distances first.
    pub const ALL: [Self; 3] = [Self::Low, Self::Moderate, Self::High];
}

words!(
    /// What was not known when distances were looked up. The largest that may apply were taken.
    Assumption, "assumption", {
        /// How much was spilled.
        SpillSize = "spill_size",
        /// Whether in water or on land. Where the table lists spills in water only, the distances hold only for those.
        Place = "spilled_on",
        /// Which of several substances or mixtures with this number it is, or its inhalation hazard zone.
        Substance = "substance",
        /// What it is carried in.
        Container = "container",
        /// How strong the wind is.
        Wind = "wind",
    }
);

impl Assumption {
    /// The assumption as a sentence for a reader.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::SpillSize => "Spill size not known: the distances are those of a large spill.",
            Self::Place => "Not known whether spilled in water or on land: the distances are the larger ones.",
            Self::Substance => "Several substances have this number: the distances are the largest of them.",
            Self::Container => "Container not known: the distances are those of the one that reaches farthest.",
            Self::Wind => "Wind not known: the distances are those of low wind.",
        }
    }
}

/// What is asked of the tables. What is left open is taken at its worst.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spill<'a> {
    /// How much is spilled.
    pub size: Option<SpillSize>,
    /// Where.
    pub on: Option<SpilledOn>,
    /// Inhalation hazard zone of the substance: one of the zone conditions.
    pub zone: Option<Condition>,
    /// What the goods may be in; empty: anything.
    pub containers: &'a [Container],
    /// The wind.
    pub wind: Option<Wind>,
}
