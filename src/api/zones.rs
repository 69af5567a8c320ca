//! Zones: places with a meaning, in versions.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{
    access::{Action, Viewer},
    calendars::check_calendars,
    extract::{JsonBody, PathFields, QueryFields},
    paging::{self, PageQuery},
    problem::Problem,
    settled::settled,
    state::ApiState,
    zone_filing::ZoneFiling,
};
use crate::{
    domain::ZoneId,
    geo::{ZoneShape, area_to_geojson},
    store::{
        self,
        page::Page,
        zones::{NewZone, ZoneRecord},
    },
};

/// The number of a zone and of its version.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub(super) struct PublishedZone {
    /// Number of the zone.
    id: i64,
    /// Number of the version.
    version: i32,
}

/// The zones in their newest versions, by number; also those that were withdrawn (`valid_to`).
#[utoipa::path(get, path = "/api/v1/zones", tag = "zones", params(PageQuery),
    responses((status = 200, body = Page<ZoneRecord>)))]
pub(super) async fn list(
    State(state): State<ApiState>,
    viewer: Viewer,
    QueryFields(query): QueryFields<PageQuery>,
) -> Result<Json<Page<ZoneRecord>>, Problem> {
    viewer.may(Action::SeeZones)?;
    let (limit, after) = (paging::limit(query.limit, paging::MOST)?, paging::cursor(query.cursor.as_deref())?);
    let page = store::zones::list(&state.pool, None, after.unwrap_or(0), limit).await?;
    Ok(Json(Page { items: outlined(page.items).await?, next_cursor: page.next_cursor }))
}

/// One zone in its newest version.
#[utoipa::path(get, path = "/api/v1/zones/{id}", tag = "zones",
    params(("id" = i64, Path, description = "Its number.")), responses((status = 200, body = ZoneRecord)))]
pub(super) async fn one(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields(id): PathFields<i64>,
) -> Result<Json<ZoneRecord>, Problem> {
    viewer.may(Action::SeeZones)?;
    let mut zones = outlined(vec![find(&state, ZoneId(id)).await?]).await?;
    zones.pop().map(Json).ok_or_else(|| missing(ZoneId(id)))
}

/// Adds outlines to zones that are no polygons. That is some arithmetic, so it runs where it holds nobody up.
async fn outlined(mut zones: Vec<ZoneRecord>) -> Result<Vec<ZoneRecord>, Problem> {
    let outline = |zone: &ZoneRecord| match ZoneShape::from_json(&zone.area) {
        Ok(ZoneShape::Polygons(_)) | Err(_) => None,
        Ok(shape) => shape.area().ok().map(|area| area_to_geojson(&area)),
    };
    let add = move || {
        zones.iter_mut().for_each(|zone| zone.outline = outline(zone));
        zones
    };
    tokio::task::spawn_blocking(add).await.map_err(Problem::internal)
}

/// Publishes a zone.
///
/// An area that is not valid is refused with the reason and the place; nothing is repaired.
#[utoipa::path(post, path = "/api/v1/zones", tag = "zones", request_body = ZoneFiling,
    responses((status = 201, body = PublishedZone)))]
pub(super) async fn publish(
    State(state): State<ApiState>,
    viewer: Viewer,
    JsonBody(filing): JsonBody<ZoneFiling>,
) -> Result<Response, Problem> {
    viewer.may(Action::PublishZones)?;
    let new = read(&state, filing).await?;
    let ids = store::zones::publish(&state.pool, viewer.owner().organisation_id, &[new]).await?;
    let id = *ids.first().ok_or_else(|| Problem::internal("a published zone has no number"))?;
    viewer.note(&state.pool, "zone.publish", &format!("zone/{id}")).await?;
    settled(&state, (StatusCode::CREATED, Json(PublishedZone { id: id.0, version: 1 }))).await
}

/// Publishes a new version of a zone.
///
/// The version before ends where this one begins. The same again changes nothing.
#[utoipa::path(put, path = "/api/v1/zones/{id}", tag = "zones", request_body = ZoneFiling,
    params(("id" = i64, Path, description = "Its number.")), responses((status = 200, body = PublishedZone)))]
pub(super) async fn revise(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields(id): PathFields<i64>,
    JsonBody(filing): JsonBody<ZoneFiling>,
) -> Result<Response, Problem> {
    viewer.may(Action::PublishZones)?;
    let begins_whenever = filing.valid_from.is_none();
    let new = read(&state, filing).await?;
    let newest = find(&state, ZoneId(id)).await?;
    let version = if says_the_same(&newest, &new, begins_whenever) {
        newest.version
    } else {
        let revised = store::zones::revise(&state.pool, ZoneId(id), &new).await?;
        revised.ok_or_else(|| missing(ZoneId(id)))?.0
    };
    viewer.note(&state.pool, "zone.revise", &format!("zone/{id}/{version}")).await?;
    settled(&state, Json(PublishedZone { id, version })).await
}

/// Takes a zone out of force from now on.
///
/// What was judged by it keeps naming it.
#[utoipa::path(delete, path = "/api/v1/zones/{id}", tag = "zones",
    params(("id" = i64, Path, description = "Its number.")), responses((status = 204)))]
pub(super) async fn withdraw(
    State(state): State<ApiState>,
    viewer: Viewer,
    PathFields(id): PathFields<i64>,
) -> Result<Response, Problem> {
    viewer.may(Action::PublishZones)?;
    find(&state, ZoneId(id)).await?;
    store::zones::withdraw(&state.pool, ZoneId(id), Utc::now()).await?;
    viewer.note(&state.pool, "zone.withdraw", &format!("zone/{id}")).await?;
    settled(&state, StatusCode::NO_CONTENT).await
}

async fn find(state: &ApiState, id: ZoneId) -> Result<ZoneRecord, Problem> {
    let page = store::zones::list(&state.pool, Some(id), 0, 1).await?;
    page.items.into_iter().next().ok_or_else(|| missing(id))
}

fn missing(id: ZoneId) -> Problem {
    Problem::not_found(format!("there is no zone {id}"))
}

/// Whether a new version would say what the newest says already.
fn says_the_same(newest: &ZoneRecord, new: &NewZone, begins_whenever: bool) -> bool {
    newest.name == new.name
        && newest.kind == new.kind
        && newest.schedule == new.schedule
        && newest.group == new.group
        && newest.dwell_s == new.dwell_s
        && newest.valid_to.map(as_stored) == new.valid_to.map(as_stored)
        && (begins_whenever || as_stored(newest.valid_from) == as_stored(new.valid_from))
        && newest.area == new.shape.to_json()
}

/// The database keeps microseconds.
fn as_stored(time: DateTime<Utc>) -> i64 {
    time.timestamp_micros()
}

/// Checks a zone. Areas may be large, so this runs where it holds nobody up.
async fn read(state: &ApiState, filing: ZoneFiling) -> Result<NewZone, Problem> {
    let now = Utc::now();
    let new = tokio::task::spawn_blocking(move || filing.check(now)).await.map_err(Problem::internal)??;
    let schedules: Vec<_> = new.schedules().collect();
    check_calendars(state, "schedule", &schedules).await?;
    Ok(new)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn checked(area: &Value) -> Result<NewZone, String> {
        let filing = json!({ "name": "old town", "kind": "prohibited", "area": area });
        let filing: ZoneFiling = serde_json::from_value(filing).unwrap();
        filing.check("2026-05-01T00:00:00Z".parse().unwrap()).map_err(|problem| format!("{problem:?}"))
    }

    #[tokio::test]
    async fn a_circle_is_kept_as_it_was_given_and_listed_with_its_outline() {
        let circle = json!({ "type": "Circle", "center": [4.3, 51.3], "radius_m": 500.0 });
        let new = checked(&circle).unwrap();
        assert_eq!(new.shape.to_json(), circle);
        let error = checked(&json!({ "type": "Circle", "center": [4.3, 51.3], "radius_m": 0 })).unwrap_err();
        assert!(error.contains("radius_m: must be metres from 1 to"), "{error}");
        let polygon = checked(
            &json!({ "type": "Polygon", "coordinates": [[[4.0, 51.0], [5.0, 51.0], [5.0, 52.0], [4.0, 51.0]]] }),
        )
        .unwrap()
        .shape;
        let listed = [new.shape, polygon].map(|shape| record(&shape));
        let listed = outlined(listed.to_vec()).await.unwrap();
        assert_eq!(listed[0].outline.as_ref().unwrap()["type"], "Polygon");
        assert_eq!(listed[1].outline, None);
    }

    fn record(shape: &ZoneShape) -> ZoneRecord {
        ZoneRecord {
            id: 1,
            version: 1,
            publisher: "authority".into(),
            name: "old town".into(),
            kind: crate::domain::ZoneKind::Prohibited { cargo: crate::domain::CargoPredicate::default() },
            area: shape.to_json(),
            outline: None,
            valid_from: "2026-04-01T00:00:00Z".parse().unwrap(),
            valid_to: None,
            schedule: None,
            group: None,
            dwell_s: None,
        }
    }

    #[test]
    fn the_same_filing_again_says_the_same() {
        let filing = json!({
            "name": "old town", "kind": "prohibited", "group": "city",
            "area": { "type": "Polygon", "coordinates": [[[4.0, 51.0], [5.0, 51.0], [5.0, 52.0], [4.0, 51.0]]] },
        });
        let filing: ZoneFiling = serde_json::from_value(filing).unwrap();
        let new = filing.check("2026-05-01T00:00:00Z".parse().unwrap()).unwrap();
        let newest = ZoneRecord {
            id: 1,
            version: 1,
            publisher: "authority".into(),
            name: new.name.clone(),
            kind: new.kind.clone(),
            area: new.shape.to_json(),
            outline: None,
            valid_from: "2026-04-01T00:00:00Z".parse().unwrap(),
            valid_to: None,
            schedule: None,
            group: Some("city".into()),
            dwell_s: None,
        };
        assert!(says_the_same(&newest, &new, true));
        assert!(!says_the_same(&newest, &new, false), "it is asked to begin at another time");
        assert!(!says_the_same(&newest, &NewZone { name: "new town".into(), ..new.clone() }, true));
        assert!(!says_the_same(&newest, &NewZone { dwell_s: Some(30.0), ..new.clone() }, true));
        assert!(!says_the_same(&newest, &NewZone { group: None, ..new }, true));
    }
}
