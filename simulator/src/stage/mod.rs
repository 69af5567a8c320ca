//! `placard-sim stage`: writes the truth into a ledger, makes the world known to the server, and sends what the devices
//! send, as fast as the server takes it.
//!
//! Times of day are simulated: fixes bear the dates of the stage, whenever it is played.

mod register;
mod send;

use std::{io::BufWriter, path::PathBuf, sync::Arc};

use tracing::info;

use crate::{
    api::{Api, ApiError},
    broker::{Broker, Credentials},
    gateway::GatewayError,
    network::{Network, NetworkError},
    reports::{self, Message},
    scenario::plays,
    set::{Production, Set},
    traffic,
};
pub use send::Sent;

/// Why a stage broke off.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// The ledger's file.
    #[error("the ledger {path:?} cannot be written: {cause}")]
    Ledger {
        /// Its path.
        path: PathBuf,
        /// What is wrong.
        cause: std::io::Error,
    },
    /// The road network.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// A scenario that is not there.
    #[error("there is no scenario {0:?}; `placard-sim plays` lists them")]
    NoSuchPlay(String),
    /// The API.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The server has seen these vehicles before.
    #[error(
        "the server knows vehicles of {0:?} already, and what it found of them before would be counted; use an empty \
         database, or another operator's code"
    )]
    AlreadyStaged(String),
    /// The broker.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// The server does not store what was sent.
    #[error("the server has stored nothing more for {0} s; {1} vehicles lack reports")]
    NotStored(u64, usize),
}

/// Where a stage is played.
#[derive(Clone, Debug)]
pub struct StageServer {
    /// Where to register.
    pub api: Api,
    /// Where to publish.
    pub broker: Broker,
    /// The operator's gateway account.
    pub credentials: Option<Credentials>,
}

/// What is staged, and where.
#[derive(Clone, Debug)]
pub struct StageOptions {
    /// Where it is played; without it, only the ledger is written.
    pub server: Option<StageServer>,
    /// What the ledger's first line says.
    pub production: Production,
    /// How many vehicles of traffic there are.
    pub vehicles: usize,
    /// Only these scenarios, by key; all, if empty.
    pub plays: Vec<String>,
    /// Where the ledger goes.
    pub ledger: PathBuf,
    /// Connections to the broker.
    pub connections: usize,
    /// Goes on when the server refuses a part of the world, as one that lacks a rule does.
    pub tolerant: bool,
}

/// What was staged.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StageSummary {
    /// Vehicles.
    pub vehicles: usize,
    /// Vehicles that break no rule.
    pub blameless: usize,
    /// Episodes that must be found.
    pub episodes: usize,
    /// Parts of the world that the server refused.
    pub refused: usize,
    /// What was sent.
    pub sent: Sent,
}

/// Makes the set: traffic, and every scenario, or those that are named.
///
/// # Errors
/// When a named scenario is not there.
pub fn make(production: &Production, vehicles: usize, only: &[String]) -> Result<Set, StageError> {
    let mut set = Set::new(production.start);
    if let Some(unknown) = only.iter().find(|key| !plays::ALL.iter().any(|play| play.key == **key)) {
        return Err(StageError::NoSuchPlay(unknown.clone()));
    }
    let wanted = |play: &&plays::Play| only.is_empty() || only.iter().any(|key| key == play.key);
    plays::ALL.iter().filter(wanted).for_each(|play| play.add_to(&mut set, production.seed));
    if vehicles > 0 {
        let network = Arc::new(Network::corridor()?);
        traffic::add_to(&mut set, network, vehicles, production.hours, production.seed);
    }
    Ok(set)
}

/// Writes the ledger, registers the world, sends everything, and waits until the server has it.
///
/// # Errors
/// When any of it fails.
pub async fn run(options: StageOptions) -> Result<StageSummary, StageError> {
    let set = make(&options.production, options.vehicles, &options.plays)?;
    let ledger = set.ledger(&options.production);
    let failed = |cause| StageError::Ledger { path: options.ledger.clone(), cause };
    let file = std::fs::File::create(&options.ledger).map_err(failed)?;
    ledger.write(BufWriter::new(file)).map_err(failed)?;
    let episodes = ledger.episodes.iter().filter(|episode| !episode.doubtful).count();
    info!(episodes, vehicles = set.vehicles.len(), "the truth is written");

    let mut summary = StageSummary {
        vehicles: ledger.header.vehicles,
        blameless: ledger.header.blameless,
        episodes,
        ..StageSummary::default()
    };
    let Some(server) = &options.server else { return Ok(summary) };
    summary.refused = register::register(&options, server, &set).await?;
    let moment = set.world.moment;
    let all: Vec<Vec<Message>> = set.vehicles.iter().map(|vehicle| reports::messages(vehicle, &moment)).collect();
    let names: Vec<String> = set.vehicles.iter().map(|vehicle| vehicle.code.clone()).collect();
    drop(set);
    summary.sent = send::send(&options, server, &names, all).await?;
    Ok(summary)
}
