//! Zones and routes as the API takes them.

use serde::Serialize;

use super::{corridor::Corridor, schedule::Schedule};
use crate::goods::{Goods, TunnelCategory};

/// Which cargo a zone concerns; all dangerous goods where nothing is named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MapCargo {
    /// Classes.
    pub classes: Vec<String>,
    /// UN numbers, in addition to the classes.
    pub un_numbers: Vec<String>,
}

impl MapCargo {
    /// Whether these goods are meant.
    #[must_use]
    pub fn takes(&self, goods: &Goods) -> bool {
        let anything = self.classes.is_empty() && self.un_numbers.is_empty();
        // A class takes its divisions: 2 takes 2.1.
        let of_class = |class: &String| goods.class == class || goods.class.starts_with(&format!("{class}."));
        anything || self.un_numbers.iter().any(|number| number == goods.un_number) || self.classes.iter().any(of_class)
    }
}

/// What a zone means.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MapZoneKind {
    /// Closed to the cargo.
    Prohibited {
        /// Which cargo.
        cargo: MapCargo,
    },
    /// A speed limit for all dangerous goods.
    SpeedLimit {
        /// Which cargo.
        cargo: MapCargo,
        /// The limit in km/h.
        limit_kmh: f64,
    },
    /// A tunnel.
    Tunnel {
        /// Its category.
        category: TunnelCategory,
        /// Stricter categories at certain times.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        by_time: Vec<CategoryAtTimes>,
    },
}

impl MapZoneKind {
    /// Whether a tank of these goods may not be in such a zone, at any time of the day.
    #[must_use]
    pub fn is_closed_to(&self, goods: &Goods) -> bool {
        match self {
            Self::Prohibited { cargo } => cargo.takes(goods),
            Self::SpeedLimit { .. } => false,
            Self::Tunnel { category, by_time } => {
                let strictest = by_time.iter().map(|one| one.category).fold(*category, Ord::max);
                !goods.may_pass(strictest)
            }
        }
    }
}

/// The category of a tunnel at certain times.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CategoryAtTimes {
    /// The category.
    pub category: TunnelCategory,
    /// When it holds.
    pub schedule: Schedule,
}

/// A zone, in the form of the body of `POST /api/v1/zones`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MapZone {
    /// Its name, the same on every import of the same map, and no other zone's.
    pub name: String,
    /// What it means.
    #[serde(flatten)]
    pub kind: MapZoneKind,
    /// Where it is.
    pub area: Corridor,
    /// When it is in effect; always, if nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// Zones of one group are one place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// How long a vehicle is inside before it counts, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dwell_s: Option<u64>,
}

/// An approved route, in the form of the body of `POST /api/v1/routes`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MapRoute {
    /// Its name.
    pub name: String,
    /// The line.
    pub path: LineString,
    /// Half the width of the corridor, in metres.
    pub half_width_m: f64,
}

/// A line in GeoJSON.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type")]
pub struct LineString {
    /// Longitudes and latitudes in degrees.
    pub coordinates: Vec<[f64; 2]>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::goods::{CHLORINE, LPG, PETROL};

    #[test]
    fn a_class_takes_its_divisions_and_an_empty_predicate_everything() {
        let gases = MapCargo { classes: vec!["2".into()], un_numbers: vec![] };
        assert!(gases.takes(&LPG) && gases.takes(&CHLORINE) && !gases.takes(&PETROL));
        let by_number = MapCargo { classes: vec![], un_numbers: vec!["1203".into()] };
        assert!(by_number.takes(&PETROL) && !by_number.takes(&LPG));
        assert!(MapCargo::default().takes(&PETROL));
    }

    #[test]
    fn a_zone_is_told_as_the_api_takes_it() {
        let zone = MapZone {
            name: "Tunnel".into(),
            kind: MapZoneKind::Tunnel { category: TunnelCategory::C, by_time: vec![] },
            area: Corridor { path: vec![[4.4, 51.9], [4.5, 51.9]], half_width_m: 20.0 },
            schedule: None,
            group: None,
            dwell_s: None,
        };
        let expected = json!({
            "name": "Tunnel", "kind": "tunnel", "category": "C",
            "area": { "type": "Corridor", "path": [[4.4, 51.9], [4.5, 51.9]], "half_width_m": 20.0 },
        });
        assert_eq!(serde_json::to_value(zone).unwrap(), expected);
    }
}
