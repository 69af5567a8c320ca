//! Judging a stored interval again: under today's rules, an older version of them, or a draft.
//!
//! The same engine runs over the same reports; what comes out is compared with what was recorded. Nothing is written unless
//! it is asked for. A vehicle at a time is held in memory; several are judged at once.

mod report;

pub mod explain;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt};
use sqlx::PgPool;

pub use self::report::{Difference, Report, RuleCount};
use crate::{
    domain::VehicleId,
    engine::{Heard, History, Judgement, rejudge},
    rules::{Change, Realm},
    store::{
        StoreError, history,
        replays::{self, ReplayScope},
    },
};

/// What is judged again.
#[derive(Clone, Debug)]
pub struct ReplayPlan {
    /// From when on.
    pub from: DateTime<Utc>,
    /// Until when; up to the newest report, if left out.
    pub to: Option<DateTime<Utc>>,
    /// Which vehicles.
    pub scope: ReplayScope,
    /// How many vehicles are judged at once.
    pub at_once: usize,
}

/// How far a replay has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Vehicles that are done.
    pub vehicles: usize,
    /// Vehicles in all.
    pub of_vehicles: usize,
    /// Fixes and alarms judged so far.
    pub reports: usize,
}

/// Judges the interval again by `realm` and says what is different. `progress` is called after each vehicle.
///
/// # Errors
/// When the store cannot be asked, or holds something that does not read.
pub async fn run(
    pool: &PgPool,
    realm: Arc<Realm>,
    plan: &ReplayPlan,
    mut progress: impl FnMut(Progress),
) -> Result<Report, StoreError> {
    let vehicles = replays::vehicles(pool, &plan.scope, plan.from, plan.to).await?;
    let mut done = Progress { of_vehicles: vehicles.len(), ..Progress::default() };
    let mut report = Report::default();
    let mut judged = futures::stream::iter(vehicles)
        .map(|vehicle| {
            let (pool, realm, plan) = (pool.clone(), realm.clone(), plan.clone());
            async move {
                let judged = tokio::spawn(async move { judge_vehicle(&pool, &realm, vehicle, &plan).await });
                judged.await.unwrap_or_else(|error| {
                    Err(StoreError::Unreadable {
                        what: "past",
                        of: format!("vehicle {vehicle}"),
                        reason: error.to_string(),
                    })
                })
            }
        })
        .buffer_unordered(plan.at_once.max(1));
    while let Some((vehicle, part)) = judged.try_next().await? {
        done.vehicles += 1;
        done.reports += part.reports;
        report.add(vehicle, part);
        progress(done);
    }
    Ok(report)
}

/// What judging one vehicle again gave.
#[derive(Default)]
pub(crate) struct Part {
    reports: usize,
    recorded: Vec<crate::domain::Episode>,
    changes: Vec<crate::rules::EpisodeChange>,
    revised: usize,
}

async fn judge_vehicle(
    pool: &PgPool,
    realm: &Realm,
    vehicle: VehicleId,
    plan: &ReplayPlan,
) -> Result<(VehicleId, Part), StoreError> {
    let Some(known) = realm.vehicle(vehicle) else { return Ok((vehicle, Part::default())) };
    let past = history::load(pool, vehicle, plan.from, plan.to).await?;
    let silence_to = match plan.to {
        Some(to) => Some(to),
        None => replays::silence_judged_to(pool, vehicle).await?,
    };
    let History { base, heard, recorded } = past;
    // Times before the interval only bring the state up to it.
    let recorded: Vec<_> =
        recorded.into_iter().filter(|episode| plan.to.is_none_or(|to| episode.opened_at <= to)).collect();
    let reports = heard.iter().filter(|heard| heard.observation.moment().time >= plan.from).count();
    let known_before: Vec<Heard> = heard.into_iter().filter(|heard| heard.judgement != Judgement::TooLate).collect();
    let history = History { base, heard: known_before, recorded: recorded.clone() };
    let rejudged = rejudge(realm, known, history, Vec::new(), silence_to);
    let touches = |episode: &crate::domain::Episode| episode.closed_at.is_none_or(|closed_at| closed_at >= plan.from);
    let goes_on_after = |episode: &crate::domain::Episode| {
        plan.to.is_some_and(|to| episode.closed_at.is_none_or(|closed_at| closed_at > to))
    };
    let is_difference = |change: &crate::rules::EpisodeChange| {
        touches(&change.episode)
            && match change.change {
                // What goes on after the interval is recorded as it ended later: its end says nothing here.
                Change::Amended => !goes_on_after(&change.episode),
                Change::Opened | Change::Withdrawn => true,
                Change::Raised | Change::Closed => false,
            }
    };
    let changes = rejudged.changes.into_iter().filter(is_difference).collect();
    let recorded = recorded.into_iter().filter(touches).collect();
    Ok((vehicle, Part { reports, recorded, changes, revised: rejudged.revised.len() }))
}
