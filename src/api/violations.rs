//! Violations.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    access::{Action, Viewer},
    extract::{self, PathFields, QueryFields},
    paging,
    problem::Problem,
    state::ApiState,
};
use crate::{
    domain::{RuleKey, Severity, ViolationId},
    store::{
        self,
        page::Page,
        violations::{ViolationFilter, ViolationRecord},
    },
};

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ViolationQuery {
    /// Code of a carrier.
    #[serde(default)]
    operator: Option<String>,
    /// Code of a vehicle.
    #[serde(default)]
    vehicle: Option<String>,
    /// Key of a rule, as in `zone.prohibited`.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    rule: Option<RuleKey>,
    /// S1 (critical) to S4 (notice).
    #[serde(default)]
    #[param(value_type = Option<String>)]
    severity: Option<Severity>,
    /// Number of a zone.
    #[serde(default)]
    zone: Option<i64>,
    /// Whether still open.
    #[serde(default)]
    open: Option<bool>,
    /// Opened at or after this time.
    #[serde(default, deserialize_with = "extract::time")]
    from: Option<DateTime<Utc>>,
    /// Opened before this time.
    #[serde(default, deserialize_with = "extract::time")]
    to: Option<DateTime<Utc>>,
    /// Whether those that late data took back are listed too. Default false.
    withdrawn: Option<bool>,
    /// Most rows to answer, 1 to 1000; 100 if left out.
    #[serde(default)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

/// The violations, newest first. Parameters narrow the list, all together.
#[utoipa::path(get, path = "/api/v1/violations", tag = "violations", params(ViolationQuery),
    responses((status = 200, body = Page<ViolationRecord>)))]
pub(super) async fn list(
    State(state): State<ApiState>,
    viewer: Viewer,
    QueryFields(query): QueryFields<ViolationQuery>,
) -> Result<Json<Page<ViolationRecord>>, Problem> {
    let visibility = viewer.may(Action::SeeFleet)?;
    let (limit, after) = (paging::limit(query.limit, paging::MOST)?, paging::cursor(query.cursor.as_deref())?);
    let filter = ViolationFilter {
        operator: query.operator,
        vehicle: query.vehicle,
        rule: query.rule.map(|rule| rule.to_string()),
        severity: query.severity.map(Severity::number),
        zone: query.zone,
        open: query.open,
        from: query.from,
        to: query.to,
        withdrawn: query.withdrawn.unwrap_or(false),
    };
    Ok(Json(store::violations::list(&state.pool, visibility, &filter, after, limit).await?))
}

/// One violation.
#[utoipa::path(get, path = "/api/v1/violations/{id}", tag = "violations",
    params(("id" = Uuid, Path, description = "Its id.")),
    responses((status = 200, body = ViolationRecord)))]
pub(super) async fn one(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields(id): PathFields<Uuid>,
) -> Result<Json<ViolationRecord>, Problem> {
    let visibility = viewer.may(Action::SeeFleet)?;
    let found = store::violations::by_ids(&state.pool, visibility, &[ViolationId(id)]).await?;
    let missing = || Problem::not_found(format!("there is no violation {id}, or it is not yours to see"));
    found.into_iter().next().map(Json).ok_or_else(missing)
}
