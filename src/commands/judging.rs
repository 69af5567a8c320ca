//! The commands about judging: `replay` and `explain`.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
    sync::Arc,
};

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use clap::Args;
use placard::{
    config::Config,
    domain::ViolationId,
    hazard::Catalogue,
    replay::{self, Progress, ReplayPlan, explain},
    rules::Realm,
    rules::pack::{PackDocument, PublishedPack, RulePacks},
    store::{self, replays::ReplayScope},
};
use sqlx::PgPool;
use uuid::Uuid;

use super::say;

/// Judge a stored interval again, and say what would be different. Nothing is written.
#[derive(Args)]
pub struct ReplayArguments {
    /// From when on, as in 2026-11-24T00:00:00Z.
    #[arg(long)]
    from: DateTime<Utc>,
    /// Until when; up to the newest report, if left out.
    #[arg(long)]
    to: Option<DateTime<Utc>>,
    /// Only vehicles of this operator.
    #[arg(long)]
    operator: Option<String>,
    /// Only this vehicle of the operator.
    #[arg(long, requires = "operator")]
    vehicle: Option<String>,
    /// Judge by this published version of a rule pack for all of the interval, as in adr@1.
    #[arg(long, conflicts_with = "draft")]
    pack: Option<String>,
    /// Judge by this draft of a rule pack (TOML or JSON) for all of the interval.
    #[arg(long)]
    draft: Option<PathBuf>,
    /// How many vehicles to judge at once.
    #[arg(long, default_value_t = 4)]
    at_once: usize,
    /// Write the report as JSON to this file as well.
    #[arg(long)]
    json: Option<PathBuf>,
    /// How many differences to print.
    #[arg(long, default_value_t = 20)]
    show: usize,
}

/// Tell why a violation was found: fixes, distances, versions, clause.
#[derive(Args)]
pub struct ExplainArguments {
    /// Its id.
    violation: Uuid,
}

pub async fn replay(arguments: ReplayArguments, config: &Config, pool: &PgPool) -> anyhow::Result<()> {
    let packs = chosen_packs(&arguments, pool).await?;
    let world = world(config, pool, packs).await?;
    let ReplayArguments { from, to, operator, vehicle, at_once, .. } = arguments;
    let plan = ReplayPlan { from, to, scope: ReplayScope { operator, vehicle }, at_once };
    let started = std::time::Instant::now();
    let report = replay::run(pool, Arc::new(world), &plan, show_progress).await?;
    show_progress(Progress::default());
    say(report.to_string().trim_end())?;
    let seconds = started.elapsed().as_secs_f64();
    #[allow(clippy::cast_precision_loss)] // a rate for people
    let rate = report.reports as f64 / seconds.max(1e-9);
    say(&format!("judged in {seconds:.1} s, {rate:.0} a second"))?;
    for found in report.differences.iter().take(arguments.show) {
        let episode = &found.episode;
        let ended = episode.closed_at.map_or_else(|| "open".into(), |at| at.to_rfc3339());
        say(&format!(
            "{:<8} {} {} vehicle {}: {} to {ended}",
            found.what,
            episode.rule,
            episode.subject,
            episode.vehicle_id,
            episode.opened_at.to_rfc3339(),
        ))?;
        if let Some(recorded) = &found.recorded {
            let ended = recorded.closed_at.map_or_else(|| "open".into(), |at| at.to_rfc3339());
            say(&format!("         was recorded as {} to {ended}", recorded.opened_at.to_rfc3339()))?;
        }
    }
    if report.differences.len() > arguments.show {
        say(&format!("and {} more; --show and --json give them all", report.differences.len() - arguments.show))?;
    }
    if let Some(file) = &arguments.json {
        let text = serde_json::to_string_pretty(&report)?;
        std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

pub async fn explain(arguments: ExplainArguments, config: &Config, pool: &PgPool) -> anyhow::Result<()> {
    let world = world(config, pool, None).await?;
    match explain::explain(pool, &world, ViolationId(arguments.violation)).await? {
        Some(explanation) => say(explanation.to_string().trim_end()),
        None => bail!("there is no violation {}", arguments.violation),
    }
}

/// The pack to judge by instead of those in force.
async fn chosen_packs(arguments: &ReplayArguments, pool: &PgPool) -> anyhow::Result<Option<PublishedPack>> {
    let (version, mut document) = if let Some(file) = &arguments.draft {
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let name = file.display().to_string();
        let document = if file.extension().is_some_and(|extension| extension == "json") {
            PackDocument::from_json(&name, &serde_json::from_str(&text).with_context(|| name.clone())?)?
        } else {
            PackDocument::from_toml(&name, &text)?
        };
        (i32::MAX, document)
    } else if let Some(pack) = &arguments.pack {
        let wanted = || format!("--pack is {pack}; a jurisdiction and a version are wanted, as in adr@1");
        let (jurisdiction, version) = pack.split_once('@').with_context(wanted)?;
        let version: i32 = version.parse().with_context(wanted)?;
        let found = store::rule_packs::one(pool, jurisdiction, version).await?;
        let found = found.with_context(|| format!("there is no version {version} of the rule pack {jurisdiction}"))?;
        (version, PackDocument::from_json(pack, &found.document)?)
    } else {
        return Ok(None);
    };
    // For all of the interval, whenever it was meant to begin.
    document.effective_from = DateTime::<Utc>::MIN_UTC;
    document.effective_to = None;
    Ok(Some(PublishedPack { version, document }))
}

/// The world with everything that was ever in force, and with `pack` in place of its jurisdiction's.
async fn world(config: &Config, pool: &PgPool, pack: Option<PublishedPack>) -> anyhow::Result<Realm> {
    let (parts, mut packs) = store::world::load(pool, config.rules.clone(), DateTime::UNIX_EPOCH, None).await?;
    if let Some(pack) = pack {
        packs = RulePacks::compile(&[pack])?;
    }
    Ok(Realm::build(parts, packs, &Catalogue::builtin()?))
}

/// One line that is written over, where somebody looks.
fn show_progress(progress: Progress) {
    let mut error = std::io::stderr().lock();
    if !error.is_terminal() {
        return;
    }
    let Progress { vehicles, of_vehicles, reports } = progress;
    let line = if of_vehicles == 0 {
        String::new()
    } else {
        format!("{vehicles} of {of_vehicles} vehicles, {reports} reports")
    };
    // Progress that cannot be shown stops nothing.
    let _ = write!(error, "\r\x1b[K{line}");
    let _ = error.flush();
}
