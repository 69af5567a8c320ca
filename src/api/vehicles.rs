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
    check(&filing)?;
    if let Some(jurisdiction) = &filing.jurisdiction
        && !store::rule_packs::has(&state.pool, jurisdiction).await?
    {
        let detail = format!("no rule pack is of {jurisdiction:?}; /api/v1/rule-packs lists them");
        return Err(Problem::invalid("jurisdiction", detail));
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

fn check(filing: &VehicleFiling) -> Result<(), Problem> {
    for (field, value) in [("speed_limit_kmh", filing.speed_limit_kmh), ("rated_load_kg", filing.rated_load_kg)] {
        if let Some(value) = value.filter(|value| *value <= 0.0) {
            return Err(Problem::invalid(field, format!("it is {value}; more than 0 is wanted")));
        }
    }
    for (number, document) in filing.documents.iter().enumerate() {
        if document.kind.is_of_driver() {
            let detail = format!("a {} is a driver's; file it at /api/v1/drivers", document.kind);
            return Err(Problem::invalid(format!("documents[{number}].kind"), detail));
        }
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_vehicle_has_documents_of_vehicles_and_sizes_above_0() {
        let checked = |filing: serde_json::Value| {
            check(&serde_json::from_value(filing).unwrap()).map_err(|problem| format!("{problem:?}"))
        };
        let tank = json!({ "kind": "tank_test", "number": "7", "expires_on": "2027-01-31" });
        assert_eq!(checked(json!({ "documents": [tank], "licensed_classes": ["3"], "tank_media": ["1203"] })), Ok(()));
        let licence = json!({ "kind": "driving_licence", "expires_on": "2027-01-31" });
        assert!(checked(json!({ "documents": [tank, licence] })).unwrap_err().contains("documents[1].kind"));
        assert!(checked(json!({ "rated_load_kg": 0 })).unwrap_err().contains("rated_load_kg"));
        assert!(checked(json!({ "speed_limit_kmh": -80 })).unwrap_err().contains("speed_limit_kmh"));
    }
}
