//! The API document (OpenAPI 3.1), made from the routes.

use std::sync::Arc;

use axum::{
    http::header,
    routing::{MethodRouter, get},
};
use serde_json::{Value, json};
use utoipa::{
    OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use super::{documented, problem::ProblemDocument, state::App};

/// Where the document is.
pub(super) const PATH: &str = "/api/openapi.json";

#[derive(OpenApi)]
#[openapi(
    info(title = "Placard", description = "Hazardous goods transport monitoring. Errors are problem documents (RFC 9457); \
        times are RFC 3339 in UTC; positions and areas are WGS 84 in degrees. Lists are continued with `next_cursor`. A \
        write is answered once the server judges by it: 202 instead of the usual status says that it is stored but not \
        judged by yet, and the header `placard-world-version` names the version of the world that holds it."),
    components(schemas(ProblemDocument, documented::GoodsLine, documented::Contact, documented::CargoPredicate,
        documented::TunnelCategory, documented::Area, documented::ZoneMeaning, documented::Schedule, documented::Document,
        documented::Site, documented::CargoLimits, documented::RouteSection, documented::RulePack)),
    security(("token" = []), ("session" = []))
)]
struct Head;

/// The document without its paths.
pub(super) fn head() -> utoipa::openapi::OpenApi {
    let mut document = Head::openapi();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("An access token.")).build();
    let cookie = utoipa::openapi::security::ApiKeyValue::with_description(
        "placard_session",
        "The page's cookie; whatever changes something must come from a page of this server.",
    );
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("token", SecurityScheme::Http(bearer));
    components
        .add_security_scheme("session", SecurityScheme::ApiKey(utoipa::openapi::security::ApiKey::Cookie(cookie)));
    document
}

/// Serves the document.
pub(super) fn serve(document: utoipa::openapi::OpenApi) -> MethodRouter<App> {
    let text: Arc<str> = finished(document).to_string().into();
    get(move || async move { ([(header::CONTENT_TYPE, "application/json")], text.to_string()) })
}

/// The document with what routes cannot say for themselves.
fn finished(document: utoipa::openapi::OpenApi) -> Value {
    let mut document = serde_json::to_value(document).unwrap_or_default();
    for operations in members(&mut document, "/paths") {
        for operation in members(operations, "") {
            finish_operation(operation);
        }
    }
    finish_schemas(&mut document);
    document
}

/// Gives an operation a name of its own, its answers a description, and the answer that any may give: a problem.
fn finish_operation(operation: &mut Value) {
    let text = |pointer: &str| operation.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let name = format!("{}_{}", text("/tags/0"), text("/operationId"));
    replace(operation, "/operationId", name.into());
    if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
        for (status, response) in
            responses.iter_mut().filter_map(|(status, response)| Some((status, response.as_object_mut()?)))
        {
            let usual = match status.as_str() {
                "201" => "It was made.",
                "204" => "It was done.",
                _ => "What was asked for.",
            };
            response.entry("description").or_insert_with(|| usual.into());
        }
        let problem = json!({
            "description": "A problem: what was wrong, and what would be right.",
            "content": { "application/problem+json": { "schema": reference("Problem") } },
        });
        responses.insert("default".into(), problem);
    }
}

/// Puts in the forms of goods, contacts and zones, whose types know nothing of the API, and names what lists hold.
fn finish_schemas(document: &mut Value) {
    let schema = |name: &str, rest: &str| format!("/components/schemas/{name}/{rest}");
    for of in ["ShipmentFiling", "ShipmentRecord"] {
        replace(document, &schema(of, "properties/goods/items"), reference("GoodsLine"));
        replace(document, &schema(of, "properties/contacts/items"), reference("Contact"));
    }
    for of in ["ShipmentFiling", "ShipmentRecord"] {
        replace(document, &schema(of, "properties/origin"), optional("Site"));
        replace(document, &schema(of, "properties/destination"), optional("Site"));
        replace(document, &schema(of, "properties/cargo_limits"), reference("CargoLimits"));
    }
    for of in ["VehicleFiling", "VehicleRecord", "DriverFiling", "DriverRecord"] {
        replace(document, &schema(of, "properties/documents/items"), reference("Document"));
    }
    replace(document, &schema("RouteRecord", "properties/sections/items"), reference("RouteSection"));
    replace(document, &schema("ExemptionRecord", "properties/schedule"), optional("Schedule"));
    replace(document, &schema("FullRulePack", "allOf/1/properties/document"), reference("RulePack"));
    replace(document, &schema("ZoneRecord", "allOf/0"), reference("ZoneMeaning"));
    for member in ["area", "outline"] {
        replace(document, &schema("ZoneRecord", &format!("allOf/1/properties/{member}")), reference("Area"));
    }
    replace(document, &schema("ZoneRecord", "allOf/1/properties/schedule"), optional("Schedule"));
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    let names: Vec<String> = schemas.into_iter().flat_map(|schemas| schemas.keys().cloned()).collect();
    for (page, of) in names.iter().filter_map(|name| Some((name, name.strip_prefix("Page_")?))) {
        replace(document, &schema(page, "properties/items/items"), reference(of));
    }
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn optional(schema: &str) -> Value {
    json!({ "oneOf": [{ "type": "null" }, reference(schema)] })
}

fn members<'a>(document: &'a mut Value, pointer: &str) -> impl Iterator<Item = &'a mut Value> {
    document.pointer_mut(pointer).and_then(Value::as_object_mut).into_iter().flat_map(|object| object.values_mut())
}

fn replace(document: &mut Value, pointer: &str, by: Value) {
    if let Some(found) = document.pointer_mut(pointer) {
        *found = by;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Value {
        finished(super::super::router::all().into_openapi())
    }

    /// Every change of the API shows here.
    #[test]
    fn openapi_document() {
        insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false }, {
            insta::assert_json_snapshot!("openapi_document", document());
        });
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document();
        let text = document.to_string();
        for part in text.split("\"#/components/schemas/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(document["components"]["schemas"].get(name).is_some(), "{name} is not described");
        }
        assert_eq!(document["openapi"], "3.1.0");
    }

    #[test]
    fn no_two_operations_share_a_name() {
        let mut names = std::collections::HashSet::new();
        for operations in document()["paths"].as_object().unwrap().values() {
            for operation in operations.as_object().unwrap().values() {
                let name = operation["operationId"].as_str().unwrap();
                assert!(names.insert(name.to_owned()), "{name}");
            }
        }
    }

    #[test]
    fn only_what_must_be_open_to_all_needs_no_token() {
        let document = document();
        let mut open: Vec<&str> = Vec::new();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for operation in operations.as_object().unwrap().values() {
                if operation.get("security").is_some() {
                    open.push(path);
                }
            }
        }
        open.sort_unstable();
        open.dedup();
        let expected = ["/api/v1/session", "/healthz", "/metrics", "/readyz"];
        assert_eq!(open, expected);
    }
}
