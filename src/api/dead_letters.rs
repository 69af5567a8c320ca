//! Messages that could not be used.

use axum::{Json, extract::State};

use super::{
    access::{Action, Viewer},
    extract::QueryFields,
    paging::{self, PageQuery},
    problem::Problem,
    state::ApiState,
};
use crate::store::{self, dead_letters::DeadLetterRecord, page::Page};

/// The messages, or parts of messages, that could not be used, newest first, each with the reason.
#[utoipa::path(get, path = "/api/v1/dead-letters", tag = "dead_letters", params(PageQuery),
    responses((status = 200, body = Page<DeadLetterRecord>)))]
pub(super) async fn list(
    State(state): State<ApiState>,
    viewer: Viewer,
    QueryFields(query): QueryFields<PageQuery>,
) -> Result<Json<Page<DeadLetterRecord>>, Problem> {
    let visibility = viewer.may(Action::SeeFleet)?;
    let (limit, before) = (paging::limit(query.limit, paging::MOST)?, paging::cursor(query.cursor.as_deref())?);
    Ok(Json(store::dead_letters::list(&state.pool, visibility, before, limit).await?))
}
