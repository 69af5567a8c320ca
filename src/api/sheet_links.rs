//! Links to the hazard sheet of an incident, to be sent or printed, for people without an account.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    access::{Action, Viewer},
    extract::{JsonBody, PathFields},
    incidents,
    problem::Problem,
    state::ApiState,
};
use crate::{
    domain::IncidentId,
    store::{
        self,
        page::Page,
        sheet_links::{LinkKey, SheetLinkRecord},
    },
};

/// A link holds so long if nobody says otherwise.
const USUALLY: TimeDelta = TimeDelta::hours(24);
/// No link holds longer.
const LONGEST: TimeDelta = TimeDelta::days(30);
/// Most characters of a label.
const LABEL_CHARACTERS: usize = 200;

/// A link to be made.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSheetLink {
    /// Whom it is for; every view is noted under it.
    #[schema(example = "Rotterdam fire service, unit 12")]
    label: String,
    /// Until when it opens the sheet, 30 days at most; 24 hours, if left out.
    #[serde(default)]
    expires_at: Option<DateTime<Utc>>,
}

/// A link.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct SheetLink {
    /// The address that opens the sheet, without a login.
    url: String,
    /// The same as a QR code: an SVG picture.
    qr_url: String,
    /// What is known of it.
    #[serde(flatten)]
    record: SheetLinkRecord,
}

fn sheet_link(state: &ApiState, key: &LinkKey, record: SheetLinkRecord) -> SheetLink {
    let url = address(state, key, record.id);
    SheetLink { qr_url: format!("{url}/qr.svg"), url, record }
}

/// Where the sheet of a link is read.
pub(super) fn address(state: &ApiState, key: &LinkKey, id: i64) -> String {
    format!("{}/s/{}", state.config.api.public_url(), key.text(id))
}

/// The links to an incident's sheet.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/links", tag = "sheets",
    params(("id" = Uuid, Path, description = "The incident.")),
    responses((status = 200, body = Page<SheetLink>)))]
pub(super) async fn list(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields(id): PathFields<Uuid>,
) -> Result<Json<Page<SheetLink>>, Problem> {
    let incident = visible(&state, &viewer, id).await?;
    let key = LinkKey::load(&state.pool).await?;
    let records = store::sheet_links::list(&state.pool, incident).await?;
    viewer.note(&state.pool, "sheet_link.list", &format!("incident/{id}")).await?;
    let items = records.into_iter().map(|record| sheet_link(&state, &key, record)).collect();
    Ok(Json(Page { items, next_cursor: None }))
}

/// Makes a link to an incident's sheet. It opens until it expires, is taken back, or the incident ends.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/links", tag = "sheets", request_body = NewSheetLink,
    params(("id" = Uuid, Path, description = "The incident.")),
    responses((status = 201, body = SheetLink)))]
pub(super) async fn create(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields(id): PathFields<Uuid>,
    JsonBody(link): JsonBody<NewSheetLink>,
) -> Result<(StatusCode, Json<SheetLink>), Problem> {
    let incident = visible(&state, &viewer, id).await?;
    let label = link.label.trim();
    if label.is_empty() || label.chars().count() > LABEL_CHARACTERS {
        let detail = format!("whom the link is for is said in 1 to {LABEL_CHARACTERS} characters");
        return Err(Problem::invalid("label", detail));
    }
    let now = Utc::now();
    let expires_at = link.expires_at.unwrap_or(now + USUALLY);
    if expires_at <= now || expires_at > now + LONGEST {
        let detail = format!("{expires_at} is not within the next {} days", LONGEST.num_days());
        return Err(Problem::invalid("expires_at", detail));
    }
    viewer.note(&state.pool, "sheet_link.create", &format!("incident/{id}")).await?;
    let record = store::sheet_links::create(&state.pool, incident, label, expires_at, viewer.owner()).await?;
    let key = LinkKey::load(&state.pool).await?;
    Ok((StatusCode::CREATED, Json(sheet_link(&state, &key, record))))
}

/// Takes a link back.
#[utoipa::path(delete, path = "/api/v1/incidents/{id}/links/{link}", tag = "sheets",
    params(("id" = Uuid, Path, description = "The incident."), ("link" = i64, Path, description = "The link's number.")),
    responses((status = 204)))]
pub(super) async fn revoke(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields((id, link)): PathFields<(Uuid, i64)>,
) -> Result<StatusCode, Problem> {
    let incident = visible(&state, &viewer, id).await?;
    viewer.note(&state.pool, "sheet_link.revoke", &format!("incident/{id}")).await?;
    if !store::sheet_links::revoke(&state.pool, incident, link).await? {
        return Err(Problem::not_found(format!("the incident has no link {link} that could be taken back")));
    }
    Ok(StatusCode::NO_CONTENT)
}

/// The incident, if the viewer may hand it on: whoever may acknowledge it.
async fn visible(state: &ApiState, viewer: &Viewer, id: Uuid) -> Result<IncidentId, Problem> {
    let (visibility, covered) = viewer.may_with_incidents(Action::AcknowledgeIncidents)?;
    let incident = IncidentId(id);
    let found = store::incidents::one(&state.pool, visibility, &covered, incident).await?;
    found.map(|_| incident).ok_or_else(|| incidents::missing(id))
}

/// A QR code of an address, as a picture.
pub(super) fn qr_code(address: &str) -> Result<impl IntoResponse + use<>, Problem> {
    let code = qrcode::QrCode::with_error_correction_level(address, qrcode::EcLevel::M).map_err(Problem::internal)?;
    let picture = code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(240, 240).build();
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], picture))
}
