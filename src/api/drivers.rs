//! Drivers with their documents. Every look at them is noted in the audit log.

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
    domain::{OperatorCode, VehicleCode},
    store::{
        self, Visibility,
        drivers::{DriverFiling, DriverRecord},
        page::Page,
    },
};

/// A driver's code: as a vehicle's, so that it fits a path.
type DriverCode = VehicleCode;

/// The drivers, by operator and code.
#[utoipa::path(get, path = "/api/v1/drivers", tag = "drivers", params(PageQuery),
    responses((status = 200, body = Page<DriverRecord>)))]
pub(super) async fn list(
    State(state): State<ApiState>,
    viewer: Viewer,
    QueryFields(query): QueryFields<PageQuery>,
) -> Result<Json<Page<DriverRecord>>, Problem> {
    let visibility = viewer.may(Action::SeeFleet)?;
    let (limit, after) = (paging::limit(query.limit, paging::MOST)?, paging::cursor(query.cursor.as_deref())?);
    let page = store::drivers::list(&state.pool, visibility, after, limit).await?;
    viewer.note(&state.pool, "driver.list", "drivers").await?;
    Ok(Json(page))
}

/// One driver.
#[utoipa::path(get, path = "/api/v1/drivers/{operator}/{driver}", tag = "drivers",
    params(("operator" = String, Path, description = "Code of the carrier."),
           ("driver" = String, Path, description = "The carrier's own code for the driver.")),
    responses((status = 200, body = DriverRecord)))]
pub(super) async fn one(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields((operator, driver)): PathFields<(OperatorCode, DriverCode)>,
) -> Result<Json<DriverRecord>, Problem> {
    let visibility = viewer.may(Action::SeeFleet)?;
    let record = find(&state, visibility, &operator, &driver).await?;
    viewer.note(&state.pool, "driver.view", &format!("driver/{operator}/{driver}")).await?;
    Ok(Json(record))
}

/// Files a driver; one that is there already is replaced.
#[utoipa::path(put, path = "/api/v1/drivers/{operator}/{driver}", tag = "drivers", request_body = DriverFiling,
    params(("operator" = String, Path, description = "Code of the carrier."),
           ("driver" = String, Path, description = "The carrier's own code for the driver, as devices send it.")),
    responses((status = 200, body = DriverRecord, description = "Replaced."),
              (status = 201, body = DriverRecord, description = "New.")))]
pub(super) async fn file(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields((operator, driver)): PathFields<(OperatorCode, DriverCode)>,
    JsonBody(filing): JsonBody<DriverFiling>,
) -> Result<Response, Problem> {
    let visibility = viewer.may(Action::FileFleet)?;
    check(&filing)?;
    let operator_id = store::organisations::by_code(&state.pool, &operator).await?;
    let operator_id = operator_id.filter(|id| visibility.covers(*id)).ok_or_else(|| missing(&operator, &driver))?;
    let known = store::drivers::one(&state.pool, visibility, operator.as_str(), driver.as_str()).await?;
    store::drivers::file(&state.pool, operator_id, driver.as_str(), &filing).await?;
    viewer.note(&state.pool, "driver.file", &format!("driver/{operator}/{driver}")).await?;
    let record = find(&state, visibility, &operator, &driver).await?;
    let status = if known.is_some() { StatusCode::OK } else { StatusCode::CREATED };
    settled(&state, (status, Json(record))).await
}

async fn find(
    state: &ApiState,
    visibility: Visibility,
    operator: &OperatorCode,
    driver: &DriverCode,
) -> Result<DriverRecord, Problem> {
    let found = store::drivers::one(&state.pool, visibility, operator.as_str(), driver.as_str()).await?;
    found.ok_or_else(|| missing(operator, driver))
}

fn missing(operator: &OperatorCode, driver: &DriverCode) -> Problem {
    Problem::not_found(format!("there is no driver {operator}/{driver}, or it is not yours to see"))
}

fn check(filing: &DriverFiling) -> Result<(), Problem> {
    if filing.name.trim().is_empty() {
        return Err(Problem::invalid("name", "it is empty"));
    }
    for (number, document) in filing.documents.iter().enumerate() {
        if !document.kind.is_of_driver() {
            let detail = format!("a {} is a vehicle's; file it at /api/v1/vehicles", document.kind);
            return Err(Problem::invalid(format!("documents[{number}].kind"), detail));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_driver_has_a_name_and_documents_of_drivers() {
        let checked = |filing: serde_json::Value| {
            check(&serde_json::from_value(filing).unwrap()).map_err(|problem| format!("{problem:?}"))
        };
        let certificate = json!({ "kind": "driver_certificate", "expires_on": "2027-01-31" });
        assert_eq!(checked(json!({ "name": "A. Jansen", "documents": [certificate] })), Ok(()));
        assert!(checked(json!({ "name": "" })).unwrap_err().contains("name"));
        let insurance = json!({ "kind": "insurance", "expires_on": "2027-01-31" });
        assert!(checked(json!({ "name": "A", "documents": [insurance] })).unwrap_err().contains("documents[0].kind"));
    }
}
