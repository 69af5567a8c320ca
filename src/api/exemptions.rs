//! Exemptions: permits to do what a rule forbids. What one covers is recorded all the same, and told to nobody.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{
    access::{Action, Viewer},
    calendars::check_calendars,
    documented,
    extract::{JsonBody, PathFields, QueryFields},
    paging::{self, PageQuery},
    problem::Problem,
    settled::settled,
    state::ApiState,
    vehicles,
    zone_filing::is_group,
};
use crate::{
    domain::{Exemption, ExemptionId, OperatorCode, OrganisationId, RuleKey, Schedule, VehicleCode, VehicleId, ZoneId},
    store::{self, Visibility, exemptions::ExemptionRecord, page::Page},
};

/// An exemption to be granted.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExemptionFiling {
    /// Number of the permit, as its holder shows it.
    permit: String,
    /// Code of the carrier whom it is for; all, if left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    operator: Option<OperatorCode>,
    /// Code of the carrier's vehicle that it is for; all of the carrier's, if left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    vehicle: Option<VehicleCode>,
    /// The rules that it is about.
    #[schema(value_type = Vec<String>, example = json!(["time.ban"]))]
    rules: Vec<RuleKey>,
    /// Number of the zone that it is for; everywhere, if left out.
    #[serde(default)]
    zone: Option<i64>,
    /// The group of zones that it is for; everywhere, if left out.
    #[serde(default)]
    group: Option<String>,
    /// From when.
    valid_from: DateTime<Utc>,
    /// Until when.
    valid_to: DateTime<Utc>,
    /// The times at which it holds; all, if left out.
    #[serde(default)]
    #[schema(value_type = Option<documented::Schedule>)]
    schedule: Option<Schedule>,
    /// Whether an attendant must be on board.
    #[serde(default)]
    escort_required: bool,
    /// Conditions in words, which no machine can check.
    #[serde(default)]
    conditions: Vec<String>,
}

/// The exemptions, newest first: all, or those that the operator may use. Also those that have run out.
#[utoipa::path(get, path = "/api/v1/exemptions", tag = "exemptions", params(PageQuery),
    responses((status = 200, body = Page<ExemptionRecord>)))]
pub(super) async fn list(
    State(state): State<ApiState>,
    viewer: Viewer,
    QueryFields(query): QueryFields<PageQuery>,
) -> Result<Json<Page<ExemptionRecord>>, Problem> {
    let visibility = viewer.may(Action::SeeExemptions)?;
    let (limit, before) = (paging::limit(query.limit, paging::MOST)?, paging::cursor(query.cursor.as_deref())?);
    Ok(Json(store::exemptions::list(&state.pool, visibility, None, before, limit).await?))
}

/// One exemption.
#[utoipa::path(get, path = "/api/v1/exemptions/{id}", tag = "exemptions",
    params(("id" = i64, Path, description = "Its number.")), responses((status = 200, body = ExemptionRecord)))]
pub(super) async fn one(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields(id): PathFields<i64>,
) -> Result<Json<ExemptionRecord>, Problem> {
    let visibility = viewer.may(Action::SeeExemptions)?;
    Ok(Json(find(&state, visibility, ExemptionId(id)).await?))
}

/// Grants an exemption.
#[utoipa::path(post, path = "/api/v1/exemptions", tag = "exemptions", request_body = ExemptionFiling,
    responses((status = 201, body = ExemptionRecord)))]
pub(super) async fn grant(
    State(state): State<ApiState>,
    viewer: Viewer,
    JsonBody(filing): JsonBody<ExemptionFiling>,
) -> Result<Response, Problem> {
    let visibility = viewer.may(Action::PublishRules)?;
    check(&filing)?;
    let schedules: Vec<_> = filing.schedule.iter().collect();
    check_calendars(&state, "schedule", &schedules).await?;
    let (operator_id, vehicle_id) = holder(&state, visibility, &filing).await?;
    if let Some(zone) = filing.zone
        && store::zones::list(&state.pool, Some(ZoneId(zone)), 0, 1).await?.items.is_empty()
    {
        return Err(Problem::invalid("zone", format!("there is no zone {zone}")));
    }
    let new = Exemption {
        id: ExemptionId(0),
        permit: filing.permit,
        operator_id,
        vehicle_id,
        rules: filing.rules,
        zone: filing.zone.map(ZoneId),
        group: filing.group,
        valid_from: filing.valid_from,
        valid_to: filing.valid_to,
        schedule: filing.schedule,
        escort_required: filing.escort_required,
        conditions: filing.conditions,
    };
    let id = store::exemptions::grant(&state.pool, viewer.owner().organisation_id, &new).await?;
    viewer.note(&state.pool, "exemption.grant", &format!("exemption/{id}")).await?;
    let record = find(&state, visibility, id).await?;
    settled(&state, (StatusCode::CREATED, Json(record))).await
}

/// Ends an exemption now; ending it again changes nothing.
///
/// What it covered keeps naming it.
#[utoipa::path(delete, path = "/api/v1/exemptions/{id}", tag = "exemptions",
    params(("id" = i64, Path, description = "Its number.")), responses((status = 204)))]
pub(super) async fn end(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields(id): PathFields<i64>,
) -> Result<Response, Problem> {
    let visibility = viewer.may(Action::PublishRules)?;
    find(&state, visibility, ExemptionId(id)).await?;
    store::exemptions::end(&state.pool, ExemptionId(id), Utc::now()).await?;
    viewer.note(&state.pool, "exemption.end", &format!("exemption/{id}")).await?;
    settled(&state, StatusCode::NO_CONTENT).await
}

async fn find(state: &ApiState, visibility: Visibility, id: ExemptionId) -> Result<ExemptionRecord, Problem> {
    let page = store::exemptions::list(&state.pool, visibility, Some(id), None, 1).await?;
    let missing = || Problem::not_found(format!("there is no exemption {id}, or it is not yours to see"));
    page.items.into_iter().next().ok_or_else(missing)
}

/// Whom the exemption is for.
async fn holder(
    state: &ApiState,
    visibility: Visibility,
    filing: &ExemptionFiling,
) -> Result<(Option<OrganisationId>, Option<VehicleId>), Problem> {
    let Some(operator) = &filing.operator else { return Ok((None, None)) };
    let operator_id = store::organisations::by_code(&state.pool, operator).await?;
    let operator_id =
        operator_id.ok_or_else(|| Problem::invalid("operator", format!("there is no operator {operator}")))?;
    let Some(vehicle) = &filing.vehicle else { return Ok((Some(operator_id), None)) };
    let found = vehicles::find(state, visibility, operator, vehicle).await;
    let (vehicle_id, _) = found.map_err(|problem| problem.in_field("vehicle"))?;
    Ok((Some(operator_id), Some(vehicle_id)))
}

fn check(filing: &ExemptionFiling) -> Result<(), Problem> {
    if filing.permit.trim().is_empty() {
        return Err(Problem::invalid("permit", "the number of the permit is wanted"));
    }
    if filing.rules.is_empty() {
        return Err(Problem::invalid("rules", "the rules that it is about are wanted, as in [\"time.ban\"]"));
    }
    if filing.vehicle.is_some() && filing.operator.is_none() {
        return Err(Problem::invalid("operator", "a vehicle is named by its operator and its own code"));
    }
    if filing.zone.is_some() && filing.group.is_some() {
        return Err(Problem::invalid("group", "an exemption is for a zone or for a group of zones"));
    }
    if filing.group.as_ref().is_some_and(|group| !is_group(group)) {
        return Err(Problem::invalid("group", "1 to 64 of A-Z a-z 0-9 . _ - are wanted, as in city-centre"));
    }
    if filing.valid_to <= filing.valid_from {
        return Err(Problem::invalid("valid_to", format!("it must be after valid_from, {}", filing.valid_from)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn checked(field: &str, value: Value) -> Result<(), String> {
        let mut filing = json!({
            "permit": "P-7", "operator": "rhine-chem", "rules": ["time.ban"],
            "valid_from": "2026-01-01T00:00:00Z", "valid_to": "2026-02-01T00:00:00Z",
        });
        filing[field] = value;
        let filing: ExemptionFiling = serde_json::from_value(filing).map_err(|error| error.to_string())?;
        check(&filing).map_err(|problem| format!("{problem:?}"))
    }

    #[test]
    fn an_exemption_says_which_permit_which_rules_and_how_long() {
        assert_eq!(checked("vehicle", json!("T-01")), Ok(()));
        assert!(checked("permit", json!("")).unwrap_err().contains("permit"));
        assert!(checked("rules", json!([])).unwrap_err().contains("rules"));
        assert!(checked("rules", json!(["time.bann"])).unwrap_err().contains("time.bann"));
        assert!(checked("valid_to", json!("2026-01-01T00:00:00Z")).unwrap_err().contains("valid_to"));
        assert!(checked("group", json!("a b")).unwrap_err().contains("group"));
    }

    #[test]
    fn a_vehicle_is_named_with_its_operator() {
        let mut filing = json!({
            "permit": "P-7", "vehicle": "T-01", "rules": ["time.ban"],
            "valid_from": "2026-01-01T00:00:00Z", "valid_to": "2026-02-01T00:00:00Z",
        });
        let problem = check(&serde_json::from_value(filing.clone()).unwrap()).unwrap_err();
        assert!(format!("{problem:?}").contains("operator"));
        filing["operator"] = json!("rhine-chem");
        filing["zone"] = json!(1);
        filing["group"] = json!("city");
        let problem = check(&serde_json::from_value(filing).unwrap()).unwrap_err();
        assert!(format!("{problem:?}").contains("group"));
    }
}
