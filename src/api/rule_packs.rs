//! Rule packs: which rules hold in a jurisdiction, in versions.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use serde::Serialize;
use serde_json::Value;

use super::{
    access::{Action, Viewer},
    documented,
    extract::{JsonBody, PathFields, QueryFields},
    paging::{self, PageQuery},
    problem::Problem,
    settled::settled,
    state::ApiState,
};
use crate::{
    rules::pack::{PackDocument, PackError},
    store::{
        self,
        page::Page,
        rule_packs::{FullRulePack, Publication, RulePackRecord},
    },
};

/// The version that a pack was given.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct PublishedRulePack {
    /// Whose rules these are.
    jurisdiction: String,
    /// Number of the version.
    version: i32,
}

/// What errors call a pack that came with a request.
const BODY: &str = "rule pack";

/// The versions of all rule packs, by jurisdiction, newest first.
#[utoipa::path(get, path = "/api/v1/rule-packs", tag = "rule-packs", params(PageQuery),
    responses((status = 200, body = Page<RulePackRecord>)))]
pub(super) async fn list(
    State(state): State<ApiState>,
    viewer: Viewer,
    QueryFields(query): QueryFields<PageQuery>,
) -> Result<Json<Page<RulePackRecord>>, Problem> {
    viewer.may(Action::SeeRules)?;
    let (limit, after) = (paging::limit(query.limit, paging::MOST)?, paging::cursor(query.cursor.as_deref())?);
    Ok(Json(store::rule_packs::list(&state.pool, after, limit).await?))
}

/// One version of a rule pack, with what it says.
#[utoipa::path(get, path = "/api/v1/rule-packs/{jurisdiction}/{version}", tag = "rule-packs",
    params(("jurisdiction" = String, Path, description = "Whose rules."),
           ("version" = i32, Path, description = "Number of the version.")),
    responses((status = 200, body = FullRulePack)))]
pub(super) async fn one(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields((jurisdiction, version)): PathFields<(String, i32)>,
) -> Result<Json<FullRulePack>, Problem> {
    viewer.may(Action::SeeRules)?;
    let found = store::rule_packs::one(&state.pool, &jurisdiction, version).await?;
    let missing = || Problem::not_found(format!("there is no version {version} of a rule pack of {jurisdiction:?}"));
    Ok(Json(found.ok_or_else(missing)?))
}

/// Publishes a rule pack as the next version of its jurisdiction.
///
/// A version is never edited; where two overlap in time, the higher one holds. The same as the newest version publishes
/// nothing. A pack that cannot be judged by is refused with the rule and the field. Packs are informational, not legal advice.
#[utoipa::path(post, path = "/api/v1/rule-packs", tag = "rule-packs", request_body = documented::RulePack,
    responses((status = 201, body = PublishedRulePack, description = "It is a new version."),
              (status = 200, body = PublishedRulePack, description = "The newest version says the same.")))]
pub(super) async fn publish(
    State(state): State<ApiState>,
    viewer: Viewer,
    JsonBody(body): JsonBody<Value>,
) -> Result<Response, Problem> {
    viewer.may(Action::PublishRules)?;
    // Reading hundreds of expressions takes long enough to disturb other requests.
    let document = tokio::task::spawn_blocking(move || read(&body)).await.map_err(Problem::internal)??;
    let organisation = viewer.owner().organisation_id;
    let (status, version) = match store::rule_packs::publish(&state.pool, organisation, &document).await? {
        Publication::New(version) => (StatusCode::CREATED, version),
        Publication::Same(version) => (StatusCode::OK, version),
    };
    let jurisdiction = document.jurisdiction;
    viewer.note(&state.pool, "rule_pack.publish", &format!("rule_pack/{jurisdiction}/{version}")).await?;
    settled(&state, (status, Json(PublishedRulePack { jurisdiction, version }))).await
}

fn read(body: &Value) -> Result<PackDocument, Problem> {
    let document = PackDocument::from_json(BODY, body).map_err(refused)?;
    document.check(BODY).map_err(refused)?;
    Ok(document)
}

fn refused(error: PackError) -> Problem {
    let field = error.rule.as_ref().map_or_else(|| error.field.clone(), |rule| format!("{rule}: {}", error.field));
    Problem::invalid(field, error.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pack_is_refused_with_the_rule_and_the_field() {
        let rule = |parameters: Value| json!({ "key": "speed.limit", "citation": "A by-law", "mark": "verified", "severity": "S3", "parameters": parameters });
        let pack = |rule: Value| {
            json!({ "jurisdiction": "us-tx", "title": "Texas", "note": "Informational, not legal advice.",
                    "effective_from": "2026-01-01T00:00:00Z", "rule": [rule] })
        };
        assert!(read(&pack(rule(json!({ "hold_s": 5 })))).is_ok());
        let refused = |parameters: Value| format!("{:?}", read(&pack(rule(parameters))).unwrap_err());
        let unknown = refused(json!({ "hold_m": 5 }));
        assert!(unknown.contains("field: Some(\"speed.limit: parameters.hold_m\")"), "{unknown}");
        assert!(unknown.contains("unknown field") && unknown.contains("hold_s"), "{unknown}");
        let wrong = refused(json!({ "hold_s": -1 }));
        assert!(wrong.contains("speed.limit: parameters.hold_s") && wrong.contains("0 or more"), "{wrong}");
        let mut broken = pack(rule(json!({})));
        broken["effective_from"] = json!("yesterday");
        assert!(format!("{:?}", read(&broken).unwrap_err()).contains("field: Some(\"effective_from\")"));
    }
}
