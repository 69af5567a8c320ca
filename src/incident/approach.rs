//! How to come near an accident: from upwind, and not nearer than the isolation distance.
//!
//! Whoever comes from where the wind blows keeps clear of what it carries away. So the way of approach is a sector of
//! directions around the wind's, as seen from the accident. The rendezvous point lies in its middle, outside every circle:
//! also outside that of a fire that has not broken out, so that nobody has to move when it does. No road and no slope is
//! known here: [`Approach::suits`] tells whether a point of a road will do, and the advice says to look for higher ground.
//! Where the wind is not known there is no such sector, and the advice says what to do instead.

use serde::Serialize;

use super::protective::{ProtectiveZone, ProtectiveZones, ZoneForm, compass, length};
use crate::{
    domain::{
        Language::{self, Chinese, English},
        Place,
    },
    geo::{bearing_deg, destination, geodesic_m, turn_deg},
};

/// The sector of approach reaches so far to both sides of the wind (our own choice): half the way to the square downwind,
/// whose nearest corners lie square to the wind.
pub const HALF_SECTOR_DEG: f64 = 45.0;
/// The rendezvous is farther out than the largest circle by this share of it …
const RENDEZVOUS_SHARE: f64 = 0.1;
/// … and so many metres at least (our own choice): room for vehicles to turn.
const RENDEZVOUS_M: f64 = 100.0;

/// How to come near an accident.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Approach {
    /// Where the accident is.
    pub place: Place,
    /// From where to come; `None` while it is not known where the wind blows.
    pub sector: Option<Sector>,
    /// Stay so far away until protected and told to go in, in metres.
    pub keep_out_m: f64,
    /// Gather so far away, in metres: nobody has to move if a fire breaks out.
    pub gather_m: f64,
    /// So far people may be in danger in any direction, in metres, while it is not known where the wind blows.
    pub downwind_anywhere_m: Option<f64>,
    /// Where to gather.
    pub rendezvous: Option<Rendezvous>,
}

/// Directions as seen from the accident.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Sector {
    /// The middle, degrees clockwise from north: from where the wind blows.
    pub middle_deg: f64,
    /// How far it reaches to both sides, in degrees.
    pub half_width_deg: f64,
}

impl Sector {
    /// Whether a direction lies in it.
    #[must_use]
    pub fn holds(self, bearing_deg: f64) -> bool {
        turn_deg(bearing_deg, self.middle_deg) <= self.half_width_deg
    }
}

/// Where to gather.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rendezvous {
    /// The place.
    pub place: Place,
    /// Distance from the accident in metres.
    pub distance_m: f64,
    /// Bearing from the accident, degrees clockwise from north.
    pub bearing_deg: f64,
}

impl Approach {
    /// The approach to an accident with these zones.
    #[must_use]
    pub fn plan(zones: &ProtectiveZones) -> Self {
        let sector = zones.wind.from_deg().map(|middle_deg| Sector { middle_deg, half_width_deg: HALF_SECTOR_DEG });
        let radius_m = |zone: &ProtectiveZone| match zone.form {
            ZoneForm::Circle { radius_m } => Some(radius_m),
            ZoneForm::Square { .. } => None,
        };
        // A circle that only stands for a square is no reason to stay so far away on every side.
        let widest_m = |of: fn(&ProtectiveZone) -> bool| {
            let around = zones.zones.iter().filter(|zone| !zone.downwind && of(zone));
            around.filter_map(radius_m).fold(zones.widened_m, f64::max)
        };
        let keep_out_m = widest_m(|zone| zone.in_force);
        let gather_m = widest_m(|_| true);
        let protective = zones.protective().and_then(radius_m);
        let distance_m = gather_m + (RENDEZVOUS_SHARE * gather_m).max(RENDEZVOUS_M);
        let rendezvous = sector.and_then(|Sector { middle_deg: bearing_deg, .. }| {
            let place = destination(zones.place, bearing_deg, distance_m)?;
            Some(Rendezvous { place, distance_m, bearing_deg })
        });
        Self { place: zones.place, sector, keep_out_m, gather_m, downwind_anywhere_m: protective, rendezvous }
    }

    /// Whether a place will do to gather: upwind, and outside every circle. `None` while it is not known where the wind
    /// blows.
    #[must_use]
    pub fn suits(&self, place: Place) -> Option<bool> {
        let sector = self.sector?;
        Some(geodesic_m(self.place, place) > self.gather_m && sector.holds(bearing_deg(self.place, place)))
    }

    /// Of some places, say junctions and car parks, the nearest that will do. While it is not known where the wind blows
    /// there is none.
    #[must_use]
    pub fn nearest_suitable(&self, places: impl IntoIterator<Item = Place>) -> Option<Rendezvous> {
        let suitable = places.into_iter().filter(|place| self.suits(*place) == Some(true));
        let rendezvous = suitable.map(|place| Rendezvous {
            place,
            distance_m: geodesic_m(self.place, place),
            bearing_deg: bearing_deg(self.place, place),
        });
        rendezvous.min_by(|one, other| one.distance_m.total_cmp(&other.distance_m))
    }

    /// What to do, in short sentences, the most important first.
    #[must_use]
    pub fn advice(&self, language: Language) -> Vec<String> {
        let keep_out = length(self.keep_out_m, language);
        // The isolation distance alone would read as if it were safe there: whoever stops may stop in the cloud.
        let in_the_cloud = self.downwind_anywhere_m.map_or_else(String::new, |metres| {
            let metres = length(metres, language);
            match language {
                English => format!(" at least: up to {metres} away you may be in the cloud"),
                Chinese => format!(";{metres}内都可能处于毒云中"),
            }
        });
        let mut advice = Vec::new();
        match (self.sector, language) {
            (Some(sector), English) => {
                advice.push(format!("Approach from upwind: from the {}.", compass(sector.middle_deg, English)));
                advice.push(format!("Stop {keep_out} away. Go nearer only with full protection and on orders."));
            }
            (Some(sector), Chinese) => {
                advice.push(format!("从上风方向接近:从{}方向进入。", compass(sector.middle_deg, Chinese)));
                advice.push(format!("在{keep_out}外停车;无全面防护、未接命令不得靠近。"));
            }
            (None, English) => {
                advice.push(format!("Wind not known: do not drive in. Stop {keep_out} away{in_the_cloud}."));
                advice.push(
                    "Look at smoke, flags, trees and vapour for the wind, then go round to its upwind side.".into(),
                );
            }
            (None, Chinese) => {
                advice.push(format!("风向不明:不得驶入,在{keep_out}外停车{in_the_cloud}。"));
                advice.push("观察烟雾、旗帜、树木和蒸气判断风向,再绕行至上风侧。".into());
            }
        }
        if let Some(metres) = self.downwind_anywhere_m {
            let metres = length(metres, language);
            advice.push(match language {
                English => format!(
                    "Up to {metres} away you may be downwind: wear breathing protection at the first smell or cloud."
                ),
                Chinese => format!("{metres}内都可能处于下风:闻到气味或看到云雾立即佩戴呼吸防护。"),
            });
        }
        if let Some(Rendezvous { distance_m, bearing_deg, .. }) = self.rendezvous {
            let (metres, bearing) = (length(distance_m, language), compass(bearing_deg, language));
            advice.push(match language {
                English => format!("Rendezvous: {metres} {bearing} of the accident, on the nearest road there."),
                Chinese => format!("集结点:事故点{bearing}方向{metres}处的就近道路。"),
            });
        }
        advice.push(match language {
            English => "Keep to higher ground: heavy gas and liquid run into hollows, drains and cellars.".into(),
            Chinese => "保持在高处:重气体和液体会流入低洼处、下水道和地下室。".into(),
        });
        advice.push(match language {
            English => "Watch the wind. If it turns, move.".into(),
            Chinese => "随时观察风向,风向改变立即转移。".into(),
        });
        advice
    }
}

#[cfg(test)]
mod tests;
