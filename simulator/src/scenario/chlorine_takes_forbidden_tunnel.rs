//! A chlorine tanker from the Botlek takes the Beneluxtunnel. The tunnel is of category C, and chlorine in tanks (C/D)
//! is kept out of C, D and E (ADR 8.6.4).

use super::{Expected, ExpectedIncident, ExpectedViolation, OneTrip, Scenario, StageError, Staging, Timing};
use crate::{
    demo::{fleet::Tanker, region::Region},
    goods::CHLORINE,
    network::RoadId,
};

const TUNNEL: &str = "Beneluxtunnel";
const KEY: &str = "chlorine_takes_forbidden_tunnel";

pub(super) const SCENARIO: Scenario = Scenario {
    key: KEY,
    story: "a chlorine tanker takes the Beneluxtunnel, which is of category C",
    tanker,
    expected,
    stage,
};

fn tanker() -> Tanker {
    Tanker::new("rhine-chem", "RC-90", CHLORINE)
}

fn expected() -> Expected {
    let Tanker { operator, vehicle, .. } = tanker();
    Expected {
        violations: vec![ExpectedViolation {
            rule: "tunnel.code",
            operator,
            vehicle: vehicle.clone(),
            zone: Some(TUNNEL),
        }],
        incidents: vec![ExpectedIncident { operator, vehicle, triggers: vec!["tunnel.code"] }],
    }
}

fn stage(region: &Region, timing: Timing) -> Staging {
    let missing = |what| StageError::Missing { scenario: KEY, what };
    let is_the_tunnel = |road: RoadId| {
        region.network.road(road).and_then(|road| road.tunnel.as_ref()).is_some_and(|tunnel| tunnel.name == TUNNEL)
    };
    let mut forbidden = region.forbidden_roads(&CHLORINE);
    forbidden.retain(|road| !is_the_tunnel(*road));
    let way = ["botlek", "beneluxplein", "kethelplein", "schiedam-depot"];
    let path = region.path_through(&way, &forbidden).ok_or_else(|| missing("a way from the Botlek to Schiedam"))?;
    let entry_m = path
        .stretches
        .iter()
        .find(|stretch| stretch.tunnel.as_deref() == Some(TUNNEL))
        .map(|stretch| stretch.from_m)
        .ok_or_else(|| missing("the Beneluxtunnel"))?;
    Ok(Box::new(OneTrip::passing(path, entry_m, timing.after_s)))
}
