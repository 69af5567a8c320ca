//! Shipments: what vehicles carry. Every look at them is noted in the audit log.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use chrono::Utc;
use serde::Serialize;

use super::{
    access::{Action, Viewer},
    extract::{JsonBody, PathFields, QueryFields},
    paging::{self, PageQuery},
    problem::Problem,
    settled::settled,
    state::ApiState,
    vehicles,
};
use crate::{
    domain::{CargoLimits, Contact, GoodsLine, ShipmentId},
    hazard::Catalogue,
    import::ShipmentFiling,
    store::{self, Visibility, page::Page, shipments::ShipmentRecord},
};

/// Longest number of a transport document, in characters.
const LONGEST_WAYBILL: usize = 200;

/// A shipment that was filed, with what the filer should know.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct FiledShipment {
    #[serde(flatten)]
    shipment: ShipmentRecord,
    /// Lines that may mean several entries of the catalogue, and what was taken: `goods[0]: …`.
    notes: Vec<String>,
}

/// The shipments, newest first.
#[utoipa::path(get, path = "/api/v1/shipments", tag = "shipments", params(PageQuery),
    responses((status = 200, body = Page<ShipmentRecord>)))]
pub(super) async fn list(
    State(state): State<ApiState>,
    viewer: Viewer,
    QueryFields(query): QueryFields<PageQuery>,
) -> Result<Json<Page<ShipmentRecord>>, Problem> {
    let visibility = viewer.may(Action::SeeShipments)?;
    let (limit, before) = (paging::limit(query.limit, paging::MOST)?, paging::cursor(query.cursor.as_deref())?);
    let page = store::shipments::list(&state.pool, visibility, None, before, limit).await?;
    viewer.note(&state.pool, "shipment.list", "shipments").await?;
    Ok(Json(page))
}

/// One shipment.
#[utoipa::path(get, path = "/api/v1/shipments/{id}", tag = "shipments",
    params(("id" = i64, Path, description = "Its number.")), responses((status = 200, body = ShipmentRecord)))]
pub(super) async fn one(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields(id): PathFields<i64>,
) -> Result<Json<ShipmentRecord>, Problem> {
    let visibility = viewer.may(Action::SeeShipments)?;
    let record = find(&state, visibility, ShipmentId(id)).await?;
    viewer.note(&state.pool, "shipment.view", &format!("shipment/{id}")).await?;
    Ok(Json(record))
}

/// Files a shipment.
///
/// The same waybill of the same carrier again replaces it; another shipment that is open on the vehicle
/// ends where this one starts.
#[utoipa::path(post, path = "/api/v1/shipments", tag = "shipments", request_body = ShipmentFiling,
    responses((status = 201, body = FiledShipment)))]
pub(super) async fn file(
    State(state): State<ApiState>,
    viewer: Viewer,
    JsonBody(filing): JsonBody<ShipmentFiling>,
) -> Result<Response, Problem> {
    let visibility = viewer.may(Action::FileFleet)?;
    let notes = check(&filing, &state.catalogue)?;
    let (vehicle_id, _) = vehicles::find(&state, visibility, &filing.operator, &filing.vehicle).await?;
    let operator_id = store::organisations::by_code(&state.pool, &filing.operator).await?;
    let operator_id = operator_id.ok_or_else(|| Problem::internal("a vehicle's operator is gone"))?;
    let new = filing.of(vehicle_id, operator_id, Utc::now());
    if new.ends_at.is_some_and(|end| end <= new.starts_at) {
        return Err(Problem::invalid("ends_at", format!("it must be after starts_at, {}", new.starts_at)));
    }
    if let Some(route) = new.route_id
        && !store::routes::may_be_named(&state.pool, operator_id, route).await?
    {
        let detail = format!("there is no route {route} that this operator or an authority has filed");
        return Err(Problem::invalid("route_id", detail));
    }
    let id = store::shipments::file(&state.pool, &new).await?;
    viewer.note(&state.pool, "shipment.file", &format!("shipment/{id}")).await?;
    let shipment = find(&state, visibility, id).await?;
    settled(&state, (StatusCode::CREATED, Json(FiledShipment { shipment, notes }))).await
}

/// Ends a shipment now; ending it again changes nothing.
#[utoipa::path(post, path = "/api/v1/shipments/{id}/end", tag = "shipments",
    params(("id" = i64, Path, description = "Its number.")), responses((status = 200, body = ShipmentRecord)))]
pub(super) async fn end(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields(id): PathFields<i64>,
) -> Result<Response, Problem> {
    let visibility = viewer.may(Action::FileFleet)?;
    store::shipments::end(&state.pool, visibility, ShipmentId(id), Utc::now()).await?;
    let record = find(&state, visibility, ShipmentId(id)).await?;
    viewer.note(&state.pool, "shipment.end", &format!("shipment/{id}")).await?;
    settled(&state, Json(record)).await
}

async fn find(state: &ApiState, visibility: Visibility, id: ShipmentId) -> Result<ShipmentRecord, Problem> {
    let page = store::shipments::list(&state.pool, visibility, Some(id), None, 1).await?;
    let missing = || Problem::not_found(format!("there is no shipment {id}, or it is not yours to see"));
    page.items.into_iter().next().ok_or_else(missing)
}

/// Refuses what is no transport document; returns what is allowed but ambiguous.
fn check(filing: &ShipmentFiling, catalogue: &Catalogue) -> Result<Vec<String>, Problem> {
    if filing.waybill.trim().is_empty() || filing.waybill.chars().count() > LONGEST_WAYBILL {
        return Err(Problem::invalid("waybill", "the number of the transport document is wanted, 1 to 200 characters"));
    }
    if filing.goods.is_empty() {
        return Err(Problem::invalid("goods", "there are no goods; a vehicle without a shipment needs no filing"));
    }
    for (number, contact) in filing.contacts.iter().enumerate() {
        check_contact(number, contact)?;
    }
    check_trip(filing)?;
    check_limits(&filing.cargo_limits)?;
    let mut notes = Vec::new();
    for (number, line) in filing.goods.iter().enumerate() {
        notes.extend(check_line(number, line, catalogue)?);
    }
    Ok(notes)
}

fn check_contact(number: usize, contact: &Contact) -> Result<(), Problem> {
    for (name, value) in [("name", &contact.name), ("phone", &contact.phone)] {
        if value.trim().is_empty() {
            return Err(Problem::invalid(format!("contacts[{number}].{name}"), "it is empty"));
        }
    }
    Ok(())
}

/// Longest code of a person in the operator's own books, in characters.
const LONGEST_CODE: usize = 64;

fn check_trip(filing: &ShipmentFiling) -> Result<(), Problem> {
    for (field, code) in [("driver", &filing.driver), ("escort", &filing.escort)] {
        let length = code.as_ref().map_or(1, |code| code.trim().chars().count());
        if !(1..=LONGEST_CODE).contains(&length) {
            return Err(Problem::invalid(field, "a code of 1 to 64 characters is wanted, as devices send it"));
        }
    }
    let order =
        [("depart_after", filing.depart_after), ("arrive_from", filing.arrive_from), ("arrive_by", filing.arrive_by)];
    let given: Vec<_> = order.into_iter().filter_map(|(field, time)| Some((field, time?))).collect();
    for ((earlier, first), (later, second)) in given.iter().zip(given.iter().skip(1)) {
        if second < first {
            return Err(Problem::invalid(*later, format!("it must not be before {earlier}, {first}")));
        }
    }
    Ok(())
}

fn check_limits(limits: &CargoLimits) -> Result<(), Problem> {
    let rising = [
        ("temperature_min_c", limits.temperature_min_c),
        ("temperature_max_c", limits.temperature_max_c),
        ("temperature_emergency_c", limits.temperature_emergency_c),
    ];
    let given: Vec<_> = rising.into_iter().filter_map(|(field, value)| Some((field, value?))).collect();
    for ((lower, first), (higher, second)) in given.iter().zip(given.iter().skip(1)) {
        if second < first {
            let detail = format!("it is {second}, below {lower}, which is {first}");
            return Err(Problem::invalid(format!("cargo_limits.{higher}"), detail));
        }
    }
    if limits.pressure_max_kpa.is_some_and(|pressure| pressure <= 0.0) {
        return Err(Problem::invalid("cargo_limits.pressure_max_kpa", "kPa above 0 are wanted"));
    }
    if limits.level_drop_pct.is_some_and(|drop| drop <= 0.0 || drop > 100.0) {
        return Err(Problem::invalid("cargo_limits.level_drop_pct", "more than 0 and at most 100 is wanted"));
    }
    Ok(())
}

fn check_line(number: usize, line: &GoodsLine, catalogue: &Catalogue) -> Result<Option<String>, Problem> {
    use crate::hazard::LookupError::{NoSuchPackingGroup, NoSuchVariant, UnknownNumber};
    let quantities = [
        ("quantity_kg", line.quantity_kg),
        ("quantity_l", line.quantity_l),
        ("net_explosive_mass_kg", line.net_explosive_mass_kg),
    ];
    for (name, quantity) in quantities {
        if let Some(quantity) = quantity.filter(|quantity| *quantity < 0.0) {
            let detail = format!("the quantity is {quantity}; 0 or more is wanted");
            return Err(Problem::invalid(format!("goods[{number}].{name}"), detail));
        }
    }
    let resolved = catalogue.resolve_line(line).map_err(|error| {
        let name = match error {
            UnknownNumber { .. } => "un_number",
            NoSuchPackingGroup { .. } => "packing_group",
            NoSuchVariant { .. } => "variant",
        };
        Problem::invalid(format!("goods[{number}].{name}"), error.to_string())
    })?;
    Ok(resolved.ambiguous.map(|ambiguity| format!("goods[{number}]: {ambiguity}")))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn checked(goods: &Value) -> Result<Vec<String>, String> {
        let filing = json!({ "operator": "rhine-chem", "vehicle": "T1", "waybill": "W-1", "goods": goods });
        let filing: ShipmentFiling = serde_json::from_value(filing).unwrap();
        check(&filing, &Catalogue::builtin().unwrap()).map_err(|problem| format!("{problem:?}"))
    }

    #[test]
    fn a_line_that_the_catalogue_does_not_know_is_named() {
        let chlorine = json!({ "un_number": "1017", "mode": "tank" });
        assert_eq!(checked(&json!([chlorine])), Ok(vec![]));
        let error = checked(&json!([chlorine, { "un_number": "9999", "mode": "tank" }])).unwrap_err();
        assert!(error.contains("goods[1].un_number") && error.contains("9999"), "{error}");
        let error = checked(&json!([{ "un_number": "1203", "packing_group": "III", "mode": "tank" }])).unwrap_err();
        assert!(error.contains("goods[0].packing_group"), "{error}");
        let error = checked(&json!([{ "un_number": "1950", "variant": "9Z", "mode": "packages" }])).unwrap_err();
        assert!(error.contains("goods[0].variant"), "{error}");
    }

    #[test]
    fn a_line_that_may_mean_several_entries_is_taken_with_a_note() {
        let notes = checked(&json!([{ "un_number": "1950", "mode": "packages" }])).unwrap();
        assert!(notes.len() == 1 && notes[0].starts_with("goods[0]: "), "{notes:?}");
    }

    #[test]
    fn the_times_and_limits_of_a_trip_are_in_order() {
        let with = |field: &str, value: Value| {
            let goods = json!([{ "un_number": "1017", "mode": "tank" }]);
            let mut filing = json!({ "operator": "rhine-chem", "vehicle": "T1", "waybill": "W-1", "goods": goods });
            filing["arrive_from"] = json!("2026-05-01T10:00:00Z");
            filing[field] = value;
            let filing: ShipmentFiling = serde_json::from_value(filing).unwrap();
            check(&filing, &Catalogue::builtin().unwrap()).map_err(|problem| format!("{problem:?}"))
        };
        assert!(with("arrive_by", json!("2026-05-01T10:00:00Z")).is_ok());
        assert!(with("arrive_by", json!("2026-05-01T09:59:59Z")).unwrap_err().contains("arrive_by"));
        assert!(with("depart_after", json!("2026-05-02T00:00:00Z")).unwrap_err().contains("arrive_from"));
        assert!(with("driver", json!(" ")).unwrap_err().contains("driver"));
        let limits = json!({ "temperature_min_c": 5, "temperature_emergency_c": 4 });
        assert!(with("cargo_limits", limits).unwrap_err().contains("cargo_limits.temperature_emergency_c"));
        let limits = json!({ "level_drop_pct": 101 });
        assert!(with("cargo_limits", limits).unwrap_err().contains("level_drop_pct"));
    }

    #[test]
    fn a_shipment_without_goods_is_refused() {
        assert!(checked(&json!([])).unwrap_err().contains("field: Some(\"goods\")"));
        let error = checked(&json!([{ "un_number": "1017", "mode": "tank", "quantity_kg": -1.0 }])).unwrap_err();
        assert!(error.contains("goods[0].quantity_kg"), "{error}");
    }
}
