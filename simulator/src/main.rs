//! `placard-sim`: the demo and its broker accounts, stages and their score, track replay, load, and maps.

mod map_command;
mod stage_command;

use std::{path::PathBuf, time::Duration};

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use map_command::{MapOption, OsmArgs};
use placard_simulator::{
    api::Api,
    broker::{Broker, Credentials},
    demo::{self, DemoOptions},
    load::{self, LoadOptions},
    output,
    replay::{self, Pace, ReplayOptions, csv::ColumnMap},
    scenario,
};
use stage_command::{ScoreArgs, StageArgs};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// Simulated tankers, staged scenarios, track replay and load for Placard.
#[derive(Parser)]
#[command(name = "placard-sim", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Register the demo region and drive 50 tankers and the staged scenarios through it.
    Demo(DemoArgs),
    /// Print the demo's broker accounts, one `user:password` a line.
    Accounts {
        /// The demo's seed.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Print as JSON which violations and incidents the demo stages; it causes no others.
    Expected,
    /// Send a recorded track, CSV or GPX, through an operator's gateway account.
    Replay(ReplayArgs),
    /// Publish fixes at a set rate and measure rate and latency.
    Load(LoadArgs),
    /// Write the truth of simulated traffic and every play into a ledger, and send what their devices send.
    Stage(StageArgs),
    /// Hold what the server found against a ledger, rule by rule.
    Score(ScoreArgs),
    /// List the plays that a stage has.
    Plays,
    /// Read a map, print what it has for the demo and the server, and write its zones and routes.
    Osm(OsmArgs),
}

#[derive(Args)]
struct Server {
    /// Address of the API, e.g. http://127.0.0.1:8080. Without it, everything is taken to be registered.
    #[arg(long, env = "PLACARD_SIM_API_URL", requires = "token")]
    api: Option<String>,
    /// Token for the API.
    #[arg(long, env = "PLACARD_SIM_API_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// Address of the broker, e.g. mqtt://127.0.0.1:1883.
    #[arg(long)]
    mqtt: String,
}

impl Server {
    fn api(&self) -> anyhow::Result<Option<Api>> {
        let base_and_token = self.api.as_deref().zip(self.token.as_deref());
        Ok(base_and_token.map(|(base, token)| Api::new(base, token)).transpose()?)
    }
}

#[derive(Args)]
struct Account {
    /// The operator's code.
    #[arg(long)]
    operator: String,
    /// User of the operator's gateway at the broker; that of the address if not given.
    #[arg(long, requires = "password")]
    user: Option<String>,
    /// Password of that user.
    #[arg(long, env = "PLACARD_SIM_PASSWORD", hide_env_values = true)]
    password: Option<String>,
    /// Whether the vehicles are registered as dangerous-goods vehicles.
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set)]
    dangerous_goods: bool,
}

impl Account {
    fn credentials(&self, in_address: Option<Credentials>) -> Option<Credentials> {
        let given = self.user.clone().zip(self.password.clone());
        given.map(|(user, password)| Credentials { user, password }).or(in_address)
    }
}

#[derive(Args)]
struct DemoArgs {
    #[command(flatten)]
    server: Server,
    /// Simulated seconds that pass in one; more than 1 needs a duration.
    #[arg(long, default_value_t = 1.0, value_parser = at_least_one)]
    speed_up: f64,
    /// From which everything random, and every password, follows.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Simulated seconds until everybody stops; without it, until Ctrl-C.
    #[arg(long)]
    duration: Option<f64>,
    /// When the scenarios' events begin, in simulated seconds after the start.
    #[arg(long, default_value_t = 20.0)]
    scenarios_after: f64,
    /// Seconds between two fixes of a tanker of the fleet.
    #[arg(long, default_value_t = 5.0, value_parser = positive)]
    interval: f64,
    #[command(flatten)]
    map: MapOption,
}

#[derive(Args)]
struct ReplayArgs {
    /// The track: a .csv or .gpx file.
    file: PathBuf,
    #[command(flatten)]
    server: Server,
    #[command(flatten)]
    account: Account,
    /// realtime, max, or how many times faster, as in x10.
    #[arg(long, default_value = "max")]
    rate: Pace,
    /// Which CSV column is which field, as in vehicle=bus_id,time=fixed_at.
    #[arg(long, default_value = "")]
    column_map: ColumnMap,
    /// Move all times so that the first fix is now.
    #[arg(long)]
    shift_to_now: bool,
}

#[derive(Args)]
struct LoadArgs {
    #[command(flatten)]
    server: Server,
    #[command(flatten)]
    account: Account,
    /// Messages a second, over all connections.
    #[arg(long, value_parser = positive)]
    rate: f64,
    /// Seconds.
    #[arg(long, value_parser = positive)]
    duration: f64,
    /// Vehicles that take turns.
    #[arg(long, default_value_t = 1000)]
    vehicles: usize,
    /// Connections to the broker.
    #[arg(long, default_value_t = 4)]
    connections: usize,
    /// Every so many seconds a marker vehicle presses SOS and its way to the live stream is timed.
    #[arg(long, value_parser = positive, requires = "api")]
    alerts_every: Option<f64>,
}

fn positive(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|number: &f64| *number > 0.0 && number.is_finite())
        .ok_or("wanted is a number above 0".into())
}

fn at_least_one(text: &str) -> Result<f64, String> {
    positive(text).ok().filter(|number| *number >= 1.0).ok_or("wanted is a number of at least 1".into())
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match Cli::parse().command {
        Command::Demo(args) => run_demo(args).await,
        Command::Accounts { seed } => {
            let lines = demo::broker_accounts(seed).into_iter().map(|one| format!("{}:{}", one.user, one.password));
            Ok(output::print(&lines.collect::<Vec<_>>().join("\n"))?)
        }
        Command::Expected => Ok(output::print(&serde_json::to_string_pretty(&scenario::expected())?)?),
        Command::Replay(args) => run_replay(args).await,
        Command::Load(args) => run_load(args).await,
        Command::Stage(args) => stage_command::run_stage(args).await,
        Command::Score(args) => stage_command::run_score(args).await,
        Command::Plays => stage_command::list_plays(),
        Command::Osm(args) => map_command::run(&args),
    }
}

async fn run_demo(args: DemoArgs) -> anyhow::Result<()> {
    let (broker, _) = Broker::parse(&args.server.mqtt)?;
    let options = DemoOptions {
        api: args.server.api()?,
        broker,
        seed: args.seed,
        speed_up: args.speed_up,
        duration_s: args.duration,
        scenarios_after_s: args.scenarios_after,
        interval_s: args.interval,
        map: args.map.read()?,
    };
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    tokio::spawn(async move {
        stop_signal().await;
        stopping.cancel();
    });
    let summary = demo::run(options, stop).await.context("the demo cannot run")?;
    output::print(&output::table(&[
        ("tankers", summary.tankers.to_string()),
        ("fixes", summary.fixes.to_string()),
        ("failed", summary.failed.to_string()),
    ]))?;
    anyhow::ensure!(summary.failed == 0, "{} tankers failed; the log says why", summary.failed);
    Ok(())
}

async fn run_replay(args: ReplayArgs) -> anyhow::Result<()> {
    let (broker, in_address) = Broker::parse(&args.server.mqtt)?;
    let options = ReplayOptions {
        api: args.server.api()?,
        credentials: args.account.credentials(in_address),
        broker,
        file: args.file,
        columns: args.column_map,
        operator: args.account.operator,
        dangerous_goods: args.account.dangerous_goods,
        pace: args.rate,
        shift_to_now: args.shift_to_now,
    };
    let summary = replay::run(options).await.context("the replay cannot go on")?;
    output::print(&output::table(&[
        ("vehicles", summary.vehicles.to_string()),
        ("fixes", format!("{}, all acknowledged by the broker", summary.fixes)),
        ("seconds", format!("{:.1}", summary.seconds)),
        ("rate", format!("{:.0} fixes/s", summary.fixes as f64 / summary.seconds.max(1e-9))),
    ]))?;
    Ok(())
}

async fn run_load(args: LoadArgs) -> anyhow::Result<()> {
    let (broker, in_address) = Broker::parse(&args.server.mqtt)?;
    let options = LoadOptions {
        api: args.server.api()?,
        credentials: args.account.credentials(in_address),
        broker,
        rate: args.rate,
        duration: Duration::from_secs_f64(args.duration),
        vehicles: args.vehicles,
        connections: args.connections,
        operator: args.account.operator,
        dangerous_goods: args.account.dangerous_goods,
        alerts_every: args.alerts_every.map(Duration::from_secs_f64),
    };
    let report = load::run(options).await.context("the load broke off")?;
    output::print(&report.to_table())?;
    output::print(&report.to_json().to_string())?;
    Ok(())
}

/// Ctrl-C, or the signal by which services are stopped.
async fn stop_signal() {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
