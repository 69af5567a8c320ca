//! A petrol tanker leaves the motorway for a short cut through a water protection area that is closed to class 3, and
//! leaves it again at the other end.

use super::{Expected, ExpectedIncident, ExpectedViolation, OneTrip, Scenario, StageError, Staging, Timing, first_m};
use crate::{
    demo::{fleet::Tanker, region::Region},
    geometry::inside,
    goods::PETROL,
    network::RoadId,
};

const ZONE: &str = "Water protection area Hoeksche Waard (demo)";
const KEY: &str = "petrol_enters_prohibited_zone";

pub(super) const SCENARIO: Scenario = Scenario {
    key: KEY,
    story: "a petrol tanker drives through a water protection area that is closed to class 3",
    tanker,
    expected,
    stage,
};

fn tanker() -> Tanker {
    Tanker::new("delta-tank", "DT-90", PETROL)
}

/// Petrol in a tank of more than 3,000 l is of high consequence (ADR 1.10.3.1.2), so the entry is grave enough for an
/// incident of its own.
fn expected() -> Expected {
    let Tanker { operator, vehicle, .. } = tanker();
    Expected {
        violations: vec![ExpectedViolation {
            rule: "zone.prohibited",
            operator,
            vehicle: vehicle.clone(),
            zone: Some(ZONE),
        }],
        incidents: vec![ExpectedIncident { operator, vehicle, triggers: vec!["zone.prohibited"] }],
    }
}

fn stage(region: &Region, timing: Timing) -> Staging {
    let missing = |what| StageError::Missing { scenario: KEY, what };
    let zone =
        region.zones.iter().find(|zone| zone.name == ZONE).ok_or_else(|| missing("its water protection area"))?;
    // Everything is allowed but the tunnels that would be a second violation.
    let tunnels = region
        .network
        .roads()
        .filter(|(_, road)| road.tunnel.as_ref().is_some_and(|tunnel| tunnel.is_closed_to(&PETROL)));
    let forbidden = tunnels.map(|(id, _): (RoadId, _)| id).collect();
    let way = ["dordrecht", "s-gravendeel", "maasdam", "bergen"];
    let path =
        region.path_through(&way, &forbidden).ok_or_else(|| missing("a way from Dordrecht to Bergen op Zoom"))?;
    let entry_m = first_m(&path, |along_m| path.at(along_m).is_some_and(|(place, _)| inside(&zone.ring, place)))
        .ok_or_else(|| missing("a road through the water protection area"))?;
    Ok(Box::new(OneTrip::passing(path, entry_m, timing.after_s)))
}
