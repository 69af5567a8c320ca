//! The steps that people take in the life of an incident. Which step leads where is in [`life`].

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::{PgConnection, PgPool};

use super::{
    IncidentFilter, IncidentRecord,
    list::select,
    tell::tell,
    timeline::{EntryKind, add},
};
use crate::{
    domain::{IncidentId, IncidentLevel, IncidentState, OrganisationId},
    incident::life::{self, IncidentStep, LifeError},
    store::{StoreError, Visibility, feed, tokens::TokenOwner},
};

/// A step that somebody takes.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// Which one.
    pub step: IncidentStep,
    /// When it was taken; now, if `None`.
    pub at: Option<DateTime<Utc>>,
    /// What there is to say.
    pub note: Option<&'a str>,
}

/// What became of a step.
#[derive(Debug)]
pub enum StepOutcome {
    /// The incident as it is now.
    Taken(Box<IncidentRecord>),
    /// It cannot be taken where the incident stands.
    Refused(LifeError),
    /// There is no such incident that may be seen.
    Missing,
}

/// An incident whose row this transaction holds.
pub(super) struct Held {
    pub(super) state: IncidentState,
    pub(super) level: IncidentLevel,
    pub(super) operator: OrganisationId,
    pub(super) has_vehicle: bool,
}

/// Takes the row of an incident that may be seen and that `filter` covers, so that it stays as it is until the commit.
pub(super) async fn lock(
    connection: &mut PgConnection,
    visibility: Visibility,
    filter: &IncidentFilter,
    id: IncidentId,
) -> Result<Option<Held>, StoreError> {
    let row = sqlx::query!(
        "SELECT state, level, operator_id, vehicle_id FROM incident
         WHERE id = $1 AND ($2::bigint IS NULL OR operator_id = $2) AND (NOT $3 OR closed_at IS NULL) FOR UPDATE",
        id.0,
        visibility.operator_filter(),
        filter.open_only,
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let unreadable = |what| StoreError::Unreadable {
            what,
            of: format!("incident {id}"),
            reason: "this version of Placard does not know it".into(),
        };
        Ok(Held {
            state: IncidentState::from_name(&row.state).ok_or_else(|| unreadable("state"))?,
            level: IncidentLevel::from_number(row.level).ok_or_else(|| unreadable("level"))?,
            operator: OrganisationId(row.operator_id),
            has_vehicle: row.vehicle_id.is_some(),
        })
    })
    .transpose()
}

/// Takes a step. Whoever ends an incident that nobody has taken takes it as well.
///
/// # Errors
/// When the database refuses.
pub async fn step(
    pool: &PgPool,
    visibility: Visibility,
    filter: &IncidentFilter,
    id: IncidentId,
    taken: Step<'_>,
    by: &TokenOwner,
) -> Result<StepOutcome, StoreError> {
    let mut transaction = pool.begin().await?;
    let Some(held) = lock(&mut transaction, visibility, filter, id).await? else { return Ok(StepOutcome::Missing) };
    let state = match life::after(held.state, taken.step) {
        Ok(state) => state,
        Err(refusal) => return Ok(StepOutcome::Refused(refusal)),
    };
    let mut news = Vec::new();
    if let Some(state) = state {
        let at = taken.at.unwrap_or_else(Utc::now);
        move_to(&mut transaction, id, state, at, by).await?;
        let detail = json!({ "step": taken.step, "note": taken.note });
        let entry = add(&mut transaction, id, at, Some(by), EntryKind::Step, &detail).await?;
        let reason = format!("{}/{entry}", taken.step.as_str());
        tell(&mut transaction, id, &reason, None, &mut news).await?;
    }
    let everything = IncidentFilter::default();
    let found = select(&mut *transaction, visibility, &everything, Some(id.0), None, 1).await?;
    feed::append(&mut transaction, &news).await?;
    transaction.commit().await?;
    let found = found.into_iter().next().map(|(_, record)| StepOutcome::Taken(Box::new(record)));
    Ok(found.unwrap_or(StepOutcome::Missing))
}

/// Writes the new state, and the time at which it was first reached. An incident that goes on has not ended.
pub(super) async fn move_to(
    connection: &mut PgConnection,
    id: IncidentId,
    state: IncidentState,
    at: DateTime<Utc>,
    by: &TokenOwner,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE incident SET state = $2,
             acknowledged_at = coalesce(acknowledged_at, $3), acknowledged_by = coalesce(acknowledged_by, $4),
             dispatched_at = CASE WHEN $2 = 'dispatched' THEN coalesce(dispatched_at, $3) ELSE dispatched_at END,
             on_scene_at = CASE WHEN $2 = 'on_scene' THEN coalesce(on_scene_at, $3) ELSE on_scene_at END,
             controlled_at = CASE WHEN $2 = 'controlled' THEN coalesce(controlled_at, $3) ELSE controlled_at END,
             reviewed_at = CASE WHEN $2 = 'reviewed' THEN $3 ELSE reviewed_at END,
             closed_at = CASE WHEN $5 THEN NULL ELSE coalesce(closed_at, $3) END,
             closed_by = CASE WHEN $5 THEN NULL ELSE coalesce(closed_by, $4) END
         WHERE id = $1",
        id.0,
        state.as_str(),
        at,
        by.token_id,
        state.is_open(),
    )
    .execute(connection)
    .await?;
    Ok(())
}
