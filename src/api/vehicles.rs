//! Vehicles.

use axum::{Json, extract::State, http::StatusCode, response::Response};

use super::{
    access::{Action, Viewer},
    extract::{JsonBody, PathFields, QueryFields},
    paging::{self, PageQuery},
    problem::Problem,
    settled::settled,
    state::ApiState,
};
use crate::{
    domain::{OperatorCode, VehicleCode, VehicleId},
    store::{
        self, Visibility,
        page::Page,
        vehicles::{VehicleFiling, VehicleRecord},
    },
};

/// The vehicles, by operator and code.
#[utoipa::path(get, path = "/api/v1/vehicles", tag = "vehicles", params(PageQuery),
    responses((status = 200, body = Page<VehicleRecord>)))]
pub(super) async fn list(
    State(state): State<ApiState>,
    viewer: Viewer,
    QueryFields(query): QueryFields<PageQuery>,
) -> Result<Json<Page<VehicleRecord>>, Problem> {
    let visibility = viewer.may(Action::SeeFleet)?;
    let (limit, after) = (paging::limit(query.limit, paging::MOST)?, paging::cursor(query.cursor.as_deref())?);
    Ok(Json(store::vehicles::list(&state.pool, visibility, after, limit).await?))
}

/// One vehicle.
#[utoipa::path(get, path = "/api/v1/vehicles/{operator}/{vehicle}", tag = "vehicles",
    params(("operator" = String, Path, description = "Code of the carrier."),
           ("vehicle" = String, Path, description = "Code of the vehicle.")),
    responses((status = 200, body = VehicleRecord)))]
pub(super) async fn one(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields((operator, vehicle)): PathFields<(OperatorCode, VehicleCode)>,
) -> Result<Json<VehicleRecord>, Problem> {
    let visibility = viewer.may(Action::SeeFleet)?;
    Ok(Json(find(&state, visibility, &operator, &vehicle).await?.1))
}

/// Files a vehicle; one that is there already is replaced.
#[utoipa::path(put, path = "/api/v1/vehicles/{operator}/{vehicle}", tag = "vehicles", request_body = VehicleFiling,
    params(("operator" = String, Path, description = "Code of the carrier."),
           ("vehicle" = String, Path, description = "Code of the vehicle: one level of MQTT topics.")),
    responses((status = 200, body = VehicleRecord, description = "Replaced, or as it was."),
              (status = 201, body = VehicleRecord, description = "New.")))]
pub(super) async fn file(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields((operator, vehicle)): PathFields<(OperatorCode, VehicleCode)>,
    JsonBody(filing): JsonBody<VehicleFiling>,
) -> Result<Response, Problem> {
    let visibility = viewer.may(Action::FileFleet)?;
    if let Some(limit) = filing.speed_limit_kmh.filter(|limit| *limit <= 0.0) {
        return Err(Problem::invalid("speed_limit_kmh", format!("the limit is {limit}; km/h above 0 are wanted")));
    }
    let operator_id = store::organisations::by_code(&state.pool, &operator).await?;
    let operator_id = operator_id.filter(|id| visibility.covers(*id)).ok_or_else(|| missing(&operator, &vehicle))?;
    let known = store::vehicles::one(&state.pool, visibility, &operator, &vehicle).await?;
    store::vehicles::file(&state.pool, operator_id, &[(vehicle.clone(), filing)]).await?;
    viewer.note(&state.pool, "vehicle.file", &format!("vehicle/{operator}/{vehicle}")).await?;
    let (_, record) = find(&state, visibility, &operator, &vehicle).await?;
    let status = if known.is_some() { StatusCode::OK } else { StatusCode::CREATED };
    settled(&state, (status, Json(record))).await
}

/// The vehicle with these codes. One that may not be seen is as good as none.
pub(super) async fn find(
    state: &ApiState,
    visibility: Visibility,
    operator: &OperatorCode,
    vehicle: &VehicleCode,
) -> Result<(VehicleId, VehicleRecord), Problem> {
    let found = store::vehicles::one(&state.pool, visibility, operator, vehicle).await?;
    found.ok_or_else(|| missing(operator, vehicle))
}

fn missing(operator: &OperatorCode, vehicle: &VehicleCode) -> Problem {
    Problem::not_found(format!("there is no vehicle {operator}/{vehicle}, or it is not yours to see"))
}
