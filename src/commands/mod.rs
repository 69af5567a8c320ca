//! The commands: run the server, prepare its database, check its configuration, file things from files.

mod judging;

use std::{io::Write, path::PathBuf};

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand, ValueEnum};
use placard::{
    config::Config,
    domain::{CargoPredicate, ClassFilter, OperatorCode, OrganisationId, TunnelCategory, ZoneKind},
    import, server, store,
    store::organisations::Role,
    telemetry,
};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

/// Hazardous goods transport monitoring.
#[derive(Parser)]
#[command(version, about)]
pub struct Cli {
    /// Configuration file (TOML). Without it, defaults and the environment hold.
    #[arg(long, global = true, env = "PLACARD_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server.
    Serve,
    /// Bring the database's schema up to date.
    Migrate,
    /// Check the configuration and print it as it holds, without secrets.
    CheckConfig,
    /// Organisations.
    #[command(subcommand)]
    Organisation(OrganisationCommand),
    /// Access tokens.
    #[command(subcommand)]
    Token(TokenCommand),
    /// File zones, routes, vehicles or shipments from a file.
    #[command(subcommand)]
    Import(ImportCommand),
    /// Judge a stored interval again, under today's rules, an older version or a draft, and say what would be different.
    Replay(judging::ReplayArguments),
    /// Tell why a violation was found: fixes, distances, versions, clause.
    Explain(judging::ExplainArguments),
}

#[derive(Subcommand)]
enum OrganisationCommand {
    /// Add an organisation; one that is there already is left as it is.
    Create {
        /// Short public name, one level of MQTT topics.
        code: OperatorCode,
        /// Full name.
        name: String,
        /// What it does.
        #[arg(long)]
        kind: Role,
    },
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Make a token and print it. It cannot be read again later.
    Create {
        /// Code of the organisation.
        #[arg(long)]
        organisation: OperatorCode,
        /// What it may do.
        #[arg(long)]
        role: Role,
        /// What it is for.
        #[arg(long, default_value = "made on the command line")]
        label: String,
    },
    /// List the valid tokens, by number. The tokens themselves are not stored.
    List,
    /// Revoke a token; servers refuse it within ten seconds.
    Revoke {
        /// Its number.
        id: i64,
    },
}

#[derive(Subcommand)]
enum ImportCommand {
    /// Zones from a GeoJSON feature collection.
    Zones(ZoneImport),
    /// Routes (line strings) from a GeoJSON feature collection.
    Routes {
        /// The file.
        file: PathBuf,
        /// Code of the organisation that files them.
        #[arg(long)]
        organisation: OperatorCode,
        /// Half the width of the corridor in metres, where a feature does not say.
        #[arg(long, default_value_t = 100.0)]
        half_width_m: f64,
    },
    /// Vehicles from CSV or JSON.
    Vehicles {
        /// The file.
        file: PathBuf,
    },
    /// Shipments from CSV or JSON.
    Shipments {
        /// The file.
        file: PathBuf,
    },
}

#[derive(Args)]
struct ZoneImport {
    /// The file.
    file: PathBuf,
    /// Code of the organisation that publishes them.
    #[arg(long)]
    organisation: OperatorCode,
    /// What features mean that do not say.
    #[arg(long)]
    kind: Option<ZoneKindArgument>,
    /// Classes that such zones concern, as in `2.3,6.1`; all dangerous goods, if left out.
    #[arg(long, value_delimiter = ',')]
    classes: Vec<ClassFilter>,
    /// Speed limit of such zones, in km/h.
    #[arg(long)]
    limit_kmh: Option<f64>,
    /// Category of such tunnels, A to E.
    #[arg(long)]
    category: Option<String>,
    /// From when they are in force, where a feature does not say; now, if left out.
    #[arg(long)]
    valid_from: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, ValueEnum)]
enum ZoneKindArgument {
    Prohibited,
    SpeedLimit,
    Tunnel,
}

impl Cli {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        let config = Config::load(self.config.as_deref())?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        match self.command {
            Command::Serve => {
                telemetry::start_logging(&config.log)?;
                runtime.block_on(serve(config))
            }
            Command::CheckConfig => say(&redacted(&config)?),
            other => runtime.block_on(async {
                let pool = store::pool(&config.database.url, 2)?;
                run_on_database(other, &config, &pool).await
            }),
        }
    }
}

async fn serve(config: Config) -> anyhow::Result<()> {
    let stop = CancellationToken::new();
    let signalled = stop.clone();
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        signalled.cancel();
    });
    Ok(server::run(config, stop).await?)
}

async fn run_on_database(command: Command, config: &Config, pool: &PgPool) -> anyhow::Result<()> {
    match command {
        Command::Migrate => {
            store::migrate(pool).await?;
            if store::has_timescaledb(pool).await? {
                say("The schema is up to date, with TimescaleDB.")
            } else {
                say("The schema is up to date. WARNING: without TimescaleDB, positions are in a plain table.")
            }
        }
        Command::Organisation(OrganisationCommand::Create { code, name, kind }) => {
            let (_, new) = store::organisations::create(pool, &code, &name, kind).await?;
            say(&format!("{code} {}", if new { "was added." } else { "is there already." }))
        }
        Command::Token(TokenCommand::Create { organisation, role, label }) => {
            let id = organisation_id(pool, &organisation).await?;
            say(&store::tokens::create(pool, id, role, &label).await?)
        }
        Command::Token(TokenCommand::List) => {
            for token in store::tokens::list(pool).await? {
                let since = token.created_at.format("%Y-%m-%d");
                say(&format!(
                    "{:>5}  {:<20} {:<10} {since}  {}",
                    token.id, token.organisation, token.role, token.label
                ))?;
            }
            Ok(())
        }
        Command::Token(TokenCommand::Revoke { id }) => {
            if !store::tokens::revoke(pool, id).await? {
                bail!("there is no valid token {id}; `placard token list` shows them");
            }
            say(&format!("Token {id} is revoked."))
        }
        Command::Import(import) => run_import(import, pool).await,
        Command::Replay(arguments) => judging::replay(arguments, config, pool).await,
        Command::Explain(arguments) => judging::explain(arguments, config, pool).await,
        Command::Serve | Command::CheckConfig => Ok(()),
    }
}

async fn run_import(command: ImportCommand, pool: &PgPool) -> anyhow::Result<()> {
    match command {
        ImportCommand::Zones(arguments) => {
            let publisher = organisation_id(pool, &arguments.organisation).await?;
            let defaults = import::ZoneDefaults {
                kind: zone_kind(&arguments)?,
                valid_from: arguments.valid_from.unwrap_or_else(Utc::now),
            };
            let zones = import::zones(&arguments.file, &defaults)?;
            let schedules: Vec<_> = zones.iter().flat_map(store::zones::NewZone::schedules).collect();
            if let Some(code) = store::calendars::missing(pool, &schedules).await? {
                bail!("a schedule names the calendar {code:?}, which nobody has published; nothing was imported");
            }
            let ids = store::zones::publish(pool, publisher, &zones).await?;
            say(&format!("{} zones were published.", ids.len()))
        }
        ImportCommand::Routes { file, organisation, half_width_m } => {
            let publisher = organisation_id(pool, &organisation).await?;
            let routes = import::routes(&file, half_width_m)?;
            for route in &routes {
                store::routes::file(pool, publisher, route).await?;
            }
            say(&format!("{} routes were filed.", routes.len()))
        }
        ImportCommand::Vehicles { file } => {
            let rows = import::vehicles(&file)?;
            let count = rows.len();
            let mut by_operator: std::collections::BTreeMap<OperatorCode, Vec<_>> = std::collections::BTreeMap::new();
            for (operator, vehicle, filing) in rows {
                if let Some(jurisdiction) = &filing.jurisdiction
                    && !store::rule_packs::has(pool, jurisdiction).await?
                {
                    bail!("{operator}/{vehicle}: no rule pack is of {jurisdiction:?}; nothing was imported");
                }
                by_operator.entry(operator).or_default().push((vehicle, filing));
            }
            let mut changed = 0;
            for (operator, filings) in by_operator {
                changed += store::vehicles::file(pool, organisation_id(pool, &operator).await?, &filings).await?;
            }
            say(&format!("{count} vehicles were read, {changed} are new or different."))
        }
        ImportCommand::Shipments { file } => {
            let filings = import::shipments(&file)?;
            let count = filings.len();
            for filing in filings {
                let operator_id = organisation_id(pool, &filing.operator).await?;
                let visibility = store::Visibility::Everything;
                let found = store::vehicles::one(pool, visibility, &filing.operator, &filing.vehicle).await?;
                let Some((vehicle_id, _)) = found else {
                    bail!("waybill {}: operator {} has no vehicle {}", filing.waybill, filing.operator, filing.vehicle);
                };
                let new = filing.of(vehicle_id, operator_id, Utc::now());
                store::shipments::file(pool, &new).await?;
            }
            say(&format!("{count} shipments were filed."))
        }
    }
}

fn zone_kind(arguments: &ZoneImport) -> anyhow::Result<Option<ZoneKind>> {
    let cargo = CargoPredicate { classes: arguments.classes.clone(), ..CargoPredicate::default() };
    Ok(match arguments.kind {
        None => None,
        Some(ZoneKindArgument::Prohibited) => Some(ZoneKind::Prohibited { cargo }),
        Some(ZoneKindArgument::SpeedLimit) => {
            let limit_kmh = arguments.limit_kmh.context("--kind speed-limit needs --limit-kmh")?;
            Some(ZoneKind::SpeedLimit { cargo, limit_kmh })
        }
        Some(ZoneKindArgument::Tunnel) => {
            let letter = arguments.category.clone().context("--kind tunnel needs --category")?;
            let category: TunnelCategory = serde_json::from_value(letter.clone().into())
                .with_context(|| format!("--category is {letter}; A to E is wanted"))?;
            Some(ZoneKind::Tunnel { category, by_time: Vec::new() })
        }
    })
}

async fn organisation_id(pool: &PgPool, code: &OperatorCode) -> anyhow::Result<OrganisationId> {
    store::organisations::by_code(pool, code)
        .await?
        .with_context(|| format!("there is no organisation {code}; `placard organisation create` adds one"))
}

/// The configuration as TOML, with the passwords in its URLs hidden.
fn redacted(config: &Config) -> anyhow::Result<String> {
    let mut config = config.clone();
    for url in [&mut config.database.url, &mut config.mqtt.url] {
        if let Ok(mut parsed) = url::Url::parse(url) {
            if parsed.password().is_some() {
                // Only URLs that cannot have a password refuse one.
                let _ = parsed.set_password(Some("***"));
            }
            *url = parsed.to_string();
        }
    }
    Ok(serde_json::to_string_pretty(&config)?)
}

fn say(text: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout().lock(), "{text}")?;
    Ok(())
}
