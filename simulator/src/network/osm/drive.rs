//! Which ways of the map a tanker drives on, in which direction and how fast.
//!
//! Kept are the public roads from motorways down to residential streets, and service roads that are not the driveways,
//! aisles and alleys of others, because plants, depots and filling stations lie at such. Living streets, tracks and
//! roads of unknown class are left out: a tanker has no business there, and they are half of a country's ways.

use super::{
    speed::{self, Limits},
    tags::{Access, Tags, access},
};
use crate::network::RoadClass;

/// How a tanker drives on a way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Drive {
    /// What kind of road it is.
    pub(super) class: RoadClass,
    /// Whether it leads along the way as drawn.
    pub(super) forward: bool,
    /// Whether it leads against it.
    pub(super) backward: bool,
    /// The limits that tags give.
    pub(super) limits: Limits,
    /// Speed in km/h that a careful driver keeps to where no limit is known.
    pub(super) cautious_kmh: f64,
}

/// Why a way with a `highway` tag is no road for a tanker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum NoRoad {
    /// Paths, tracks, living streets, driveways, roads that are planned or gone.
    Class,
    /// A square or a yard.
    Area,
    /// Closed to lorries.
    Closed,
    /// Direction changes with the time of day.
    Reversible,
}

impl NoRoad {
    /// The reason in words.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Class => "of a class that tankers do not drive on",
            Self::Area => "areas",
            Self::Closed => "closed to lorries",
            Self::Reversible => "of changing direction",
        }
    }
}

/// Service roads that lead to somebody's door, not to a plant (OSM wiki, Key:service).
const MINOR_SERVICE: [&str; 5] = ["alley", "drive-through", "driveway", "emergency_access", "parking_aisle"];

/// Class, and the speed in km/h that is driven where no limit is known. The speeds are the simulator's assumption, not
/// limits of any country: slow enough to be legal for a heavy lorry nearly everywhere.
fn class(tags: &Tags<'_>) -> Option<(RoadClass, f64)> {
    Some(match tags.get("highway")? {
        "motorway" => (RoadClass::Motorway, 80.0),
        "trunk" => (RoadClass::Primary, 70.0),
        "primary" => (RoadClass::Primary, 60.0),
        "secondary" | "tertiary" => (RoadClass::Primary, 50.0),
        "motorway_link" | "trunk_link" => (RoadClass::Motorway, 50.0),
        "primary_link" | "secondary_link" | "tertiary_link" | "unclassified" => (RoadClass::Primary, 40.0),
        "residential" => (RoadClass::Urban, 30.0),
        "service" if !tags.get("service").is_some_and(|kind| MINOR_SERVICE.contains(&kind)) => {
            (RoadClass::Access, 15.0)
        }
        _ => return None,
    })
}

/// How a tanker drives on a way with a `highway` tag.
pub(super) fn drive(tags: &Tags<'_>) -> Result<Drive, NoRoad> {
    let (class, cautious_kmh) = class(tags).ok_or(NoRoad::Class)?;
    if tags.is("area", "yes") {
        return Err(NoRoad::Area);
    }
    let cautious_kmh = match access(tags) {
        None | Some(Access::Open) => cautious_kmh,
        // As slow as a service road, so that nobody takes it for a short cut.
        Some(Access::Destination) => f64::min(cautious_kmh, 15.0),
        Some(Access::Closed) => return Err(NoRoad::Closed),
    };
    let (forward, backward) = directions(tags).ok_or(NoRoad::Reversible)?;
    Ok(Drive { class, forward, backward, limits: speed::limits(tags), cautious_kmh })
}

impl Drive {
    /// The limit of one direction, and the speed in km/h that is driven in it.
    pub(super) fn speeds(&self, forward: bool) -> (Option<f64>, f64) {
        let limit = if forward { self.limits.forward } else { self.limits.backward };
        // A way for residents stays slow whatever its signs allow; elsewhere the limit is as good as driven.
        let slow_by_right = self.class != RoadClass::Access && self.cautious_kmh <= 15.0;
        let driven_kmh = match limit {
            Some(limit_kmh) if slow_by_right => limit_kmh.min(self.cautious_kmh),
            Some(limit_kmh) => limit_kmh,
            None => self.cautious_kmh,
        };
        (limit, driven_kmh)
    }
}

/// Along and against the way. Roundabouts and motorways lead one way unless they say otherwise (OSM wiki, Key:oneway).
fn directions(tags: &Tags<'_>) -> Option<(bool, bool)> {
    Some(match tags.get("oneway") {
        Some("yes" | "true" | "1") => (true, false),
        Some("-1" | "reverse") => (false, true),
        Some("reversible") => return None,
        Some("no" | "false" | "0" | "alternating") => (true, true),
        _ => (true, !one_way_by_nature(tags)),
    })
}

fn one_way_by_nature(tags: &Tags<'_>) -> bool {
    matches!(tags.get("junction"), Some("roundabout" | "circular")) || tags.is("highway", "motorway")
}

/// Whether a way can carry motor vehicles at all, so that what it says about dangerous goods is a restriction even if a
/// tanker does not drive there anyway.
pub(super) fn carries_vehicles(tags: &Tags<'_>) -> bool {
    class(tags).is_some() || matches!(tags.get("highway"), Some("living_street" | "road" | "service" | "track"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(tags: &[(&'static str, &'static str)]) -> Result<Drive, NoRoad> {
        drive(&tags.iter().copied().collect())
    }

    fn ways(tags: &[(&'static str, &'static str)]) -> (bool, bool) {
        let drive = of(tags).unwrap();
        (drive.forward, drive.backward)
    }

    #[test]
    fn roads_are_kept_and_driveways_and_paths_are_not() {
        for kept in ["motorway", "motorway_link", "trunk", "tertiary", "unclassified", "residential", "service"] {
            assert!(of(&[("highway", kept)]).is_ok(), "{kept}");
        }
        for left_out in ["footway", "cycleway", "track", "living_street", "construction", "proposed", "road"] {
            assert_eq!(of(&[("highway", left_out)]), Err(NoRoad::Class), "{left_out}");
        }
        assert_eq!(of(&[("highway", "service"), ("service", "driveway")]), Err(NoRoad::Class));
        assert_eq!(of(&[("highway", "residential"), ("area", "yes")]), Err(NoRoad::Area));
        assert_eq!(of(&[("highway", "primary"), ("hgv", "no")]), Err(NoRoad::Closed));
    }

    #[test]
    fn one_way_streets_lead_one_way_even_if_drawn_against_it() {
        assert_eq!(ways(&[("highway", "primary")]), (true, true));
        assert_eq!(ways(&[("highway", "primary"), ("oneway", "yes")]), (true, false));
        assert_eq!(ways(&[("highway", "primary"), ("oneway", "-1")]), (false, true));
        assert_eq!(ways(&[("highway", "primary"), ("junction", "roundabout")]), (true, false));
        assert_eq!(ways(&[("highway", "motorway")]), (true, false));
        assert_eq!(ways(&[("highway", "motorway"), ("oneway", "no")]), (true, true));
        assert_eq!(of(&[("highway", "primary"), ("oneway", "reversible")]), Err(NoRoad::Reversible));
    }

    #[test]
    fn without_a_limit_the_speed_is_cautious_and_no_limit_is_claimed() {
        assert_eq!(of(&[("highway", "residential")]).unwrap().speeds(true), (None, 30.0));
        assert_eq!(of(&[("highway", "residential"), ("maxspeed", "50")]).unwrap().speeds(true), (Some(50.0), 50.0));
        let for_residents = of(&[("highway", "tertiary"), ("maxspeed", "50"), ("access", "destination")]).unwrap();
        assert_eq!(for_residents.speeds(false), (Some(50.0), 15.0));
    }
}
