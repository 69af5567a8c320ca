//! The hazard sheet of an incident: as a page, as JSON, as a map layer and as a CAP message. With a token under the
//! incident, and without one by a link (see `sheet_links`).

mod facts;

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use chrono::Utc;
use serde::Deserialize;
use uuid::Uuid;

use self::facts::Facts;
use super::{
    access::{Action, Viewer},
    extract::{PathFields, QueryFields},
    incidents,
    problem::Problem,
    sheet_links::{self, qr_code},
    state::ApiState,
};
use crate::{
    cap,
    domain::{IncidentId, Language},
    sheet::CONTENT_SECURITY_POLICY,
    store::{
        self, Visibility,
        incidents::{IncidentFilter, IncidentRecord},
        sheet_links::{LinkKey, OpenedLink, Shut},
    },
};

/// What a page cannot say of itself: nobody frames it, and it sends nothing anywhere.
const NOT_FRAMED: &str = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// In which form a sheet is wanted.
#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum Form {
    /// A page for a phone and for paper.
    #[default]
    Html,
    /// Everything in it, for programs.
    Json,
    /// Its zones, the vehicle and the track, as GeoJSON.
    Geojson,
    /// A CAP 1.2 message.
    Cap,
}

#[derive(Clone, Copy, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SheetQuery {
    /// html, json, geojson or cap; html, if left out.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    format: Form,
    /// en or zh; what the reader's browser asks for, if left out.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    lang: Option<Language>,
}

/// The hazard sheet of an incident, made at this moment.
///
/// As a page it needs nothing but itself, and fits a phone and a sheet of A4. Every view is in the audit log.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/sheet", tag = "sheets",
    params(("id" = Uuid, Path, description = "The incident."), SheetQuery),
    responses((status = 200, body = String, content_type = "text/html")))]
pub(super) async fn of_incident(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields(id): PathFields<Uuid>,
    QueryFields(query): QueryFields<SheetQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (visibility, covered) = viewer.may_with_incidents(Action::SeeIncidents)?;
    let record = store::incidents::one(&state.pool, visibility, &covered, IncidentId(id)).await?;
    let record = record.ok_or_else(|| incidents::missing(id))?;
    incidents::seen(&state, &viewer, &[id]).await?;
    viewer.note(&state.pool, "sheet.view", &format!("incident/{id}")).await?;
    answer(&state, &record, query, &headers, None)
}

/// The sheet that a link opens.
pub(super) async fn by_link(
    State(state): State<ApiState>,
    Path(link): Path<String>,
    QueryFields(query): QueryFields<SheetQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (key, opened) = opened(&state, &link, "sheet.view").await?;
    let filter = IncidentFilter::default();
    let record = store::incidents::one(&state.pool, Visibility::Everything, &filter, opened.incident_id).await?;
    let record = record.ok_or_else(unknown_link)?;
    let address = sheet_links::address(&state, &key, opened.id);
    answer(&state, &record, query, &headers, Some(address))
}

/// The address of a link as a QR code, to be printed beside the sheet.
pub(super) async fn qr_of_link(
    State(state): State<ApiState>,
    Path(link): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let (key, opened) = opened(&state, &link, "sheet_link.qr").await?;
    qr_code(&sheet_links::address(&state, &key, opened.id))
}

async fn opened(state: &ApiState, link: &str, action: &str) -> Result<(LinkKey, OpenedLink), Problem> {
    let key = LinkKey::load(&state.pool).await?;
    let number = key.number(link).ok_or_else(unknown_link)?;
    let opened = store::sheet_links::open(&state.pool, number, action).await?.ok_or_else(unknown_link)?;
    let why = match opened.shut {
        None => return Ok((key, opened)),
        Some(Shut::Expired) => "the link has expired; ask whoever sent it for a new one",
        Some(Shut::Revoked) => "the link was taken back; ask whoever sent it for a new one",
        Some(Shut::IncidentEnded) => "the incident is over, and its sheet is closed to links",
    };
    Err(Problem::gone(why))
}

fn unknown_link() -> Problem {
    Problem::not_found("there is no such link: it may be cut off at its end")
}

fn answer(
    state: &ApiState,
    record: &IncidentRecord,
    query: SheetQuery,
    headers: &HeaderMap,
    link: Option<String>,
) -> Result<Response, Problem> {
    let facts = Facts::of(record, &state.catalogue, Utc::now());
    let language = query.lang.unwrap_or_else(|| preferred(headers));
    Ok(match query.format {
        Form::Html => {
            let policy = format!("{CONTENT_SECURITY_POLICY}; {NOT_FRAMED}");
            let kind = (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned());
            ([kind, (header::CONTENT_SECURITY_POLICY, policy)], facts.sheet(language).to_html()).into_response()
        }
        Form::Json => Json(facts.sheet(language)).into_response(),
        Form::Geojson => {
            let kind = (header::CONTENT_TYPE, "application/geo+json");
            ([kind], facts.sheet(language).to_geojson().to_string()).into_response()
        }
        Form::Cap => {
            if record.closed_at.is_some() {
                return Err(Problem::gone("the incident is over, and there is nothing to alert anybody of"));
            }
            let alert = facts.cap(&sender(state)?, link).map_err(Problem::internal)?;
            let xml = alert.to_xml().map_err(Problem::internal)?;
            ([(header::CONTENT_TYPE, cap::MEDIA_TYPE)], xml).into_response()
        }
    })
}

/// Who tells it, in CAP: the name by which people reach the server.
fn sender(state: &ApiState) -> Result<cap::Sender, Problem> {
    let address = url::Url::parse(&state.config.api.public_url()).map_err(Problem::internal)?;
    address.host_str().unwrap_or("placard").parse().map_err(Problem::internal)
}

/// Chinese for those whose browser asks for it before English.
fn preferred(headers: &HeaderMap) -> Language {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = asked.split(',').map(str::trim).find(|tag| tag.starts_with("zh") || tag.starts_with("en"));
    if first.is_some_and(|tag| tag.starts_with("zh")) { Language::Chinese } else { Language::English }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_speaks_the_language_that_the_reader_asks_for_first() {
        let language = |asked: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, asked.parse().unwrap());
            preferred(&headers)
        };
        assert_eq!(language("zh-CN,zh;q=0.9,en;q=0.8"), Language::Chinese);
        assert_eq!(language("de, en-GB;q=0.7, zh;q=0.3"), Language::English);
        assert_eq!(language("nl"), Language::English);
        assert_eq!(preferred(&HeaderMap::new()), Language::English);
    }
}
