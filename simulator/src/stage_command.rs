//! The commands about truth: `stage`, `score` and `plays`.

use std::path::PathBuf;

use anyhow::Context;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use clap::Args;
use placard_simulator::{
    api::Api,
    broker::{Broker, Credentials},
    numbers::whole,
    output,
    scenario::plays,
    score,
    set::Production,
    stage::{self, StageOptions, StageServer},
};

use super::positive;

#[derive(Args)]
pub(super) struct StageArgs {
    /// Address of the API, e.g. http://127.0.0.1:8080. Without it only the ledger is written.
    #[arg(long, env = "PLACARD_SIM_API_URL", requires = "token", requires = "mqtt")]
    api: Option<String>,
    /// Token for the API, of an administrator.
    #[arg(long, env = "PLACARD_SIM_API_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// Address of the broker, e.g. mqtt://127.0.0.1:1883.
    #[arg(long)]
    mqtt: Option<String>,
    /// The operator that all vehicles belong to; the server must not know vehicles of it yet.
    #[arg(long, default_value = "simulated")]
    operator: String,
    /// User of the operator's gateway at the broker; that of the address if not given.
    #[arg(long, requires = "password")]
    user: Option<String>,
    /// Password of that user.
    #[arg(long, env = "PLACARD_SIM_PASSWORD", hide_env_values = true)]
    password: Option<String>,
    /// Vehicles of traffic, beside those of the plays.
    #[arg(long, default_value_t = 200)]
    vehicles: usize,
    /// Hours of traffic.
    #[arg(long, default_value_t = 24.0, value_parser = positive)]
    hours: f64,
    /// From which everything random follows; the same seed and start write the same ledger.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// When it begins; if left out, the last noon (UTC) since when the hours have passed. A server may have forgotten
    /// shipments of longer ago than some days.
    #[arg(long)]
    start: Option<DateTime<Utc>>,
    /// Where the ledger is written.
    #[arg(long)]
    ledger: PathBuf,
    /// Stage only this play; may be given several times.
    #[arg(long = "play")]
    plays: Vec<String>,
    /// Connections to the broker.
    #[arg(long, default_value_t = 4)]
    connections: usize,
    /// Go on when the server refuses a part of the world, as one does that does not know it.
    #[arg(long)]
    tolerant: bool,
}

#[derive(Args)]
pub(super) struct ScoreArgs {
    /// Address of the API.
    #[arg(long, env = "PLACARD_SIM_API_URL")]
    api: String,
    /// Token for the API.
    #[arg(long, env = "PLACARD_SIM_API_TOKEN", hide_env_values = true)]
    token: String,
    /// The ledger that the stage wrote.
    #[arg(long)]
    ledger: PathBuf,
    /// Where the score goes as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Misses, and false alarms, that are listed at most.
    #[arg(long, default_value_t = 40)]
    list: usize,
    /// Fail if a rule's recall is below this share.
    #[arg(long)]
    least_recall: Option<f64>,
    /// Fail if a rule's precision is below this share.
    #[arg(long)]
    least_precision: Option<f64>,
}

pub(super) async fn run_stage(args: StageArgs) -> anyhow::Result<()> {
    let given = args.user.zip(args.password).map(|(user, password)| Credentials { user, password });
    let server = match (args.api, args.token, args.mqtt) {
        (Some(api), Some(token), Some(mqtt)) => {
            let (broker, in_address) = Broker::parse(&mqtt)?;
            Some(StageServer { api: Api::new(&api, &token)?, broker, credentials: given.or(in_address) })
        }
        _ => None,
    };
    let options = StageOptions {
        server,
        production: Production {
            operator: args.operator,
            seed: args.seed,
            start: args.start.unwrap_or_else(|| last_noon(Utc::now(), args.hours)),
            hours: args.hours,
        },
        vehicles: args.vehicles,
        plays: args.plays,
        ledger: args.ledger,
        connections: args.connections,
        tolerant: args.tolerant,
    };
    let summary = stage::run(options).await.context("the stage broke off")?;
    output::print(&output::table(&[
        ("vehicles", format!("{}, {} of them blameless", summary.vehicles, summary.blameless)),
        ("true episodes", summary.episodes.to_string()),
        ("messages", summary.sent.messages.to_string()),
        ("refused", format!("{} parts of the world", summary.refused)),
        ("sent in", format!("{:.1} s", summary.sent.sending_s)),
        ("stored after", format!("{:.1} s more", summary.sent.storing_s)),
    ]))?;
    Ok(())
}

/// The last noon from which on so many hours, and at least a day, have passed.
fn last_noon(now: DateTime<Utc>, hours: f64) -> DateTime<Utc> {
    let least = TimeDelta::hours(25).max(TimeDelta::minutes(whole(hours * 60.0) + 30));
    let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default();
    let latest = now - least;
    let today = latest.date_naive().and_time(noon).and_utc();
    if today <= latest { today } else { today - TimeDelta::days(1) }
}

pub(super) async fn run_score(args: ScoreArgs) -> anyhow::Result<()> {
    let api = Api::new(&args.api, &args.token)?;
    let report = score::run(&api, &args.ledger).await.context("there is no score")?;
    output::print(&report.text(args.list))?;
    if let Some(path) = &args.json {
        std::fs::write(path, serde_json::to_string_pretty(&report)?).with_context(|| path.display().to_string())?;
    }
    for (rule, score) in &report.rules {
        let enough = |share: f64, least: Option<f64>| least.is_none_or(|least| share >= least);
        anyhow::ensure!(enough(score.recall, args.least_recall), "the recall of {rule} is {:.4}", score.recall);
        anyhow::ensure!(
            enough(score.precision, args.least_precision),
            "the precision of {rule} is {:.4}",
            score.precision
        );
    }
    Ok(())
}

pub(super) fn list_plays() -> anyhow::Result<()> {
    let rows: Vec<(&str, String)> = plays::ALL.iter().map(|play| (play.key, play.story.to_owned())).collect();
    Ok(output::print(&output::table(&rows))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_begins_at_the_last_noon_that_leaves_it_time_enough() {
        let noon = |now: &str, hours| last_noon(now.parse().unwrap(), hours).to_rfc3339();
        assert_eq!(noon("2026-11-24T13:30:00Z", 24.0), "2026-11-23T12:00:00+00:00");
        assert_eq!(noon("2026-11-24T12:30:00Z", 24.0), "2026-11-22T12:00:00+00:00");
        assert_eq!(noon("2026-11-24T13:30:00Z", 48.0), "2026-11-22T12:00:00+00:00");
    }
}
