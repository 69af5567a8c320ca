//! The demo: a region, a fleet that breaks no rule, and the staged scenarios that do.

mod drive;
pub mod fleet;
pub mod region;
pub mod register;

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{task::JoinSet, time::Instant};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use crate::{
    accounts,
    api::{Api, ApiError},
    broker::{Broker, Credentials},
    device::{Device, DeviceError, DeviceOptions},
    network::osm::OsmMap,
    numbers::whole,
    scenario::{self, Actor, StageError, Timing},
    vehicle::{
        driver::{Driver, NowhereToGo},
        trip::Performance,
    },
};
use drive::{Clock, Crewed};
use fleet::{ORGANISATIONS, Tanker};
use region::{Region, RegionError};

/// Why the demo cannot run.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The built-in region.
    #[error(transparent)]
    Region(#[from] RegionError),
    /// A scenario.
    #[error(transparent)]
    Stage(#[from] StageError),
    /// The fleet.
    #[error(transparent)]
    Driver(#[from] NowhereToGo),
    /// Registration.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// A device.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// A speed-up without an end.
    #[error(
        "a speed-up of {0} needs a duration: simulated time would run ahead of the clock, and fixes from the future are \
         refused. With a duration the demo starts as much earlier as it gains"
    )]
    SpeedUpWithoutEnd(f64),
}

/// How the demo runs.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    /// Where to register; without it, everything is taken to be registered.
    pub api: Option<Api>,
    /// Where to publish.
    pub broker: Broker,
    /// From which everything random, and every password, follows.
    pub seed: u64,
    /// How many simulated seconds pass in one; at least 1.
    pub speed_up: f64,
    /// How many simulated seconds it lasts; without it, until it is stopped.
    pub duration_s: Option<f64>,
    /// When the scenarios' events begin, in simulated seconds after the start.
    pub scenarios_after_s: f64,
    /// Seconds between two fixes of a vehicle of the fleet; those of the scenarios report every second.
    pub interval_s: f64,
    /// A map to drive on instead of the built-in region.
    pub map: Option<Arc<OsmMap>>,
}

/// What a demo has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DemoSummary {
    /// Tankers that drove.
    pub tankers: u64,
    /// Fixes that they reported.
    pub fixes: u64,
    /// Tankers that ended with an error, which is in the log.
    pub failed: u64,
}

/// Every broker account of the demo: devices, then gateways.
#[must_use]
pub fn broker_accounts(seed: u64) -> Vec<Credentials> {
    let tankers = fleet::legal().into_iter().chain(scenario::ALL.iter().map(|scenario| (scenario.tanker)()));
    let devices = tankers.map(|tanker| accounts::device(seed, tanker.operator, &tanker.vehicle));
    let operators = ORGANISATIONS.iter().filter(|organisation| organisation.kind == "operator");
    devices.chain(operators.map(|operator| accounts::gateway(seed, operator.code))).collect()
}

/// Registers and drives everything until the end or until it is stopped.
///
/// # Errors
/// When the region, the registration or the options do not allow it. A single device that fails is logged and counted,
/// and the others go on.
pub async fn run(options: DemoOptions, stop: CancellationToken) -> Result<DemoSummary, DemoError> {
    let start_time = start_time(&options, Utc::now())?;
    let region = options.map.clone().map_or_else(Region::corridor, |map| Ok(Region::of_map(map)))?;
    let cast = cast(&region, &options)?;
    let next_seqs = match &options.api {
        Some(api) => {
            let tankers: Vec<&Tanker> = cast.iter().map(|role| &role.tanker).collect();
            register::register(api, &region, &tankers, start_time).await?
        }
        None => vec![1; cast.len()],
    };
    // The clock starts only now: registering may have taken its time, and scenarios are due so long after the start.
    let clock = Clock {
        started: Instant::now(),
        start_time: crate::demo::start_time(&options, Utc::now())?,
        speed_up: options.speed_up,
    };
    let count = cast.len();
    let mut driving = JoinSet::new();
    for ((index, role), first_seq) in cast.into_iter().enumerate().zip(next_seqs) {
        let Tanker { operator, vehicle, .. } = &role.tanker;
        let account = accounts::device(options.seed, operator, vehicle);
        let mut device = DeviceOptions::new(options.broker.clone(), operator, vehicle, Some(account));
        device.first_seq = first_seq;
        let crewed = Crewed {
            phase_s: role.interval_s * index as f64 / count as f64,
            device: Device::start(device),
            tanker: role.tanker,
            actor: role.actor,
            interval_s: role.interval_s,
            radio_in_tunnels: role.radio_in_tunnels,
            seed: role.seed,
        };
        let patience = Duration::from_secs(60);
        driving.spawn(drive::drive(crewed, clock, options.duration_s, patience, stop.clone()));
    }
    Ok(gather(driving).await)
}

struct Role {
    tanker: Tanker,
    actor: Box<dyn Actor>,
    interval_s: f64,
    radio_in_tunnels: bool,
    seed: u64,
}

/// Everybody who drives: the legal fleet, then the scenarios.
fn cast(region: &Region, options: &DemoOptions) -> Result<Vec<Role>, DemoError> {
    let mut cast = Vec::new();
    for (tanker, number) in fleet::legal().into_iter().zip(1_u64..) {
        let seed = options.seed.wrapping_mul(1000).wrapping_add(number);
        let forbidden = Arc::new(region.forbidden_roads(&tanker.goods));
        let actor: Box<dyn Actor> =
            match Driver::under_way(Arc::clone(&region.network), forbidden, Performance::TANKER, seed) {
                Ok(driver) => Box::new(driver),
                // A map may close every way to some goods, and then nobody there carries them.
                Err(cause) if region.map.is_some() => {
                    warn!(vehicle = tanker.vehicle, goods = tanker.goods.name, %cause, "stays at home");
                    continue;
                }
                Err(cause) => return Err(cause.into()),
            };
        cast.push(Role { tanker, actor, interval_s: options.interval_s, radio_in_tunnels: false, seed });
    }
    for (scenario, number) in scenario::ALL.iter().zip(901_u64..) {
        let seed = options.seed.wrapping_mul(1000).wrapping_add(number);
        let actor = match (scenario.stage)(region, Timing { after_s: options.scenarios_after_s, seed }) {
            Ok(actor) => actor,
            // The places of the scenarios are in the built-in region; no map has to have them.
            Err(cause) if region.map.is_some() => {
                warn!(scenario = scenario.key, %cause, "not staged on this map");
                continue;
            }
            Err(cause) => return Err(cause.into()),
        };
        info!(scenario = scenario.key, after_s = options.scenarios_after_s, "staged: {}", scenario.story);
        let tanker = (scenario.tanker)();
        cast.push(Role { tanker, actor, interval_s: 1.0, radio_in_tunnels: true, seed });
    }
    if cast.is_empty() { Err(NowhereToGo.into()) } else { Ok(cast) }
}

/// What devices call second 0: `now`, or as much earlier as a sped-up run gains until its end.
fn start_time(options: &DemoOptions, now: DateTime<Utc>) -> Result<DateTime<Utc>, DemoError> {
    if options.speed_up <= 1.0 {
        return Ok(now);
    }
    let duration_s = options.duration_s.ok_or(DemoError::SpeedUpWithoutEnd(options.speed_up))?;
    let gained_s = duration_s * (1.0 - 1.0 / options.speed_up);
    Ok(now - TimeDelta::milliseconds(whole(gained_s * 1000.0)))
}

async fn gather(mut driving: JoinSet<Result<u64, DeviceError>>) -> DemoSummary {
    let mut summary = DemoSummary::default();
    while let Some(ended) = driving.join_next().await {
        summary.tankers += 1;
        match ended {
            Ok(Ok(fixes)) => summary.fixes += fixes,
            Ok(Err(cause)) => {
                summary.failed += 1;
                error!(error = %cause, "a tanker of the demo failed");
            }
            Err(cause) => {
                summary.failed += 1;
                error!(error = %cause, "a tanker of the demo broke off");
            }
        }
    }
    summary
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> DemoOptions {
        DemoOptions {
            api: None,
            broker: Broker::parse("mqtt://127.0.0.1:1").unwrap().0,
            seed: 1,
            speed_up: 1.0,
            duration_s: None,
            scenarios_after_s: 20.0,
            interval_s: 5.0,
            map: None,
        }
    }

    #[test]
    fn there_is_an_account_for_every_tanker_and_a_gateway_for_every_operator() {
        let accounts = broker_accounts(1);
        assert_eq!(accounts.len(), 53);
        assert_eq!(accounts, broker_accounts(1));
        assert!(accounts.iter().any(|account| account.user == "scheldt-gas/SG-90"));
        assert!(accounts.iter().any(|account| account.user == "gateway-rhine-chem"));
    }

    #[test]
    fn a_sped_up_demo_starts_earlier_and_ends_now() {
        let now: DateTime<Utc> = "2026-01-01T12:00:00Z".parse().unwrap();
        let mut options = options();
        assert_eq!(start_time(&options, now).unwrap(), now);
        options.speed_up = 10.0;
        assert!(start_time(&options, now).unwrap_err().to_string().contains("duration"));
        options.duration_s = Some(600.0);
        assert_eq!(start_time(&options, now).unwrap(), now - TimeDelta::seconds(540));
    }

    #[test]
    fn the_cast_is_complete_and_the_same_for_the_same_seed() {
        let region = Region::corridor().unwrap();
        let places = |seed| {
            let mut cast = cast(&region, &DemoOptions { seed, ..options() }).unwrap();
            cast.iter_mut().map(|role| role.actor.look(30.0).unwrap().0.place).collect::<Vec<_>>()
        };
        assert_eq!(places(1).len(), 50);
        assert_eq!(places(1), places(1));
        assert_ne!(places(1), places(2));
    }

    #[test]
    fn on_a_map_drive_those_whom_it_leaves_a_way_and_nothing_is_staged_that_needs_other_places() {
        // Its one tunnel, of category C, is on every way.
        let region = Region::of_map(Arc::new(crate::network::osm::small_map()));
        let mut cast = cast(&region, &options()).unwrap();
        let may_pass = |tanker: &Tanker| tanker.goods.may_pass(crate::goods::TunnelCategory::C);
        assert_eq!(cast.len(), fleet::legal().iter().filter(|tanker| may_pass(tanker)).count());
        assert!(cast.iter().all(|role| may_pass(&role.tanker)));
        let mut all_day = (0..5000).map(|step| f64::from(step) * 5.0);
        assert!(all_day.any(|time_s| cast[0].actor.look(time_s).unwrap().0.tunnel.is_some()));
    }
}
