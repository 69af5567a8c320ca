//! Zones: places with a meaning, in versions.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
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
    domain::{CargoPredicate, TunnelCategory, ZoneId, ZoneKind},
    geo::{ZoneShape, area_to_geojson, shape_and_area},
    store::{
        self,
        page::Page,
        zones::{NewZone, ZoneRecord},
    },
};

/// A zone to be published, or a new version of one.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ZoneFiling {
    /// What people call it.
    name: String,
    /// What it means.
    kind: KindName,
    /// Whom a prohibition or speed limit concerns; all dangerous goods, if left out.
    #[serde(default)]
    #[schema(value_type = Option<documented::CargoPredicate>)]
    cargo: Option<CargoPredicate>,
    /// Highest speed in km/h; a speed limit needs it.
    #[serde(default)]
    limit_kmh: Option<f64>,
    /// Category by ADR 1.9.5.2.2, A to E; a tunnel needs it.
    #[serde(default)]
    #[schema(value_type = Option<documented::TunnelCategory>)]
    category: Option<TunnelCategory>,
    /// Its area: a GeoJSON Polygon or MultiPolygon, a Circle or a Corridor, with at most 20,000 corners. Where it crosses
    /// the antimeridian it may be cut there, or run on past ±180, or jump by more than 180 degrees; a ring all the way
    /// round the earth encloses the pole on its side of the equator.
    #[schema(value_type = documented::Area)]
    area: Value,
    /// From when it is in force, by the time of the fix; now, if left out.
    #[serde(default)]
    valid_from: Option<DateTime<Utc>>,
    /// Until when; until it is replaced or withdrawn, if left out.
    #[serde(default)]
    valid_to: Option<DateTime<Utc>>,
}

/// The kinds of zone.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ZoneKind)]
enum KindName {
    Prohibited,
    SpeedLimit,
    Tunnel,
}

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
    let new = read(filing).await?;
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
    let new = read(filing).await?;
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
        && newest.valid_to.map(as_stored) == new.valid_to.map(as_stored)
        && (begins_whenever || as_stored(newest.valid_from) == as_stored(new.valid_from))
        && newest.area == new.shape.to_json()
}

/// The database keeps microseconds.
fn as_stored(time: DateTime<Utc>) -> i64 {
    time.timestamp_micros()
}

/// Checks a zone. Areas may be large, so this runs where it holds nobody up.
async fn read(filing: ZoneFiling) -> Result<NewZone, Problem> {
    let now = Utc::now();
    tokio::task::spawn_blocking(move || check(filing, now)).await.map_err(Problem::internal)?
}

fn check(filing: ZoneFiling, now: DateTime<Utc>) -> Result<NewZone, Problem> {
    if filing.name.trim().is_empty() {
        return Err(Problem::invalid("name", "the name is empty; what people call the zone is wanted"));
    }
    let valid_from = filing.valid_from.unwrap_or(now);
    if filing.valid_to.is_some_and(|end| end <= valid_from) {
        return Err(Problem::invalid("valid_to", format!("it must be after valid_from, {valid_from}")));
    }
    let kind = kind(&filing)?;
    let (shape, _) = shape_and_area(&filing.area).map_err(|error| Problem::invalid("area", error.to_string()))?;
    Ok(NewZone { name: filing.name, kind, shape, valid_from, valid_to: filing.valid_to })
}

/// The meaning, with what it needs and nothing that it does not have.
fn kind(filing: &ZoneFiling) -> Result<ZoneKind, Problem> {
    let surplus = |name: &'static str, given: bool, of: &str| {
        if given {
            Err(Problem::invalid(name, format!("a zone of this kind has none; it belongs to {of}")))
        } else {
            Ok(())
        }
    };
    let cargo = filing.cargo.clone().unwrap_or_default();
    match filing.kind {
        KindName::Prohibited => {
            surplus("limit_kmh", filing.limit_kmh.is_some(), "speed_limit")?;
            surplus("category", filing.category.is_some(), "tunnel")?;
            Ok(ZoneKind::Prohibited { cargo })
        }
        KindName::SpeedLimit => {
            surplus("category", filing.category.is_some(), "tunnel")?;
            let needed = || Problem::invalid("limit_kmh", "a speed limit needs it, in km/h above 0");
            let limit_kmh = filing.limit_kmh.filter(|limit| *limit > 0.0).ok_or_else(needed)?;
            Ok(ZoneKind::SpeedLimit { cargo, limit_kmh })
        }
        KindName::Tunnel => {
            surplus("cargo", filing.cargo.is_some(), "prohibited and speed_limit")?;
            surplus("limit_kmh", filing.limit_kmh.is_some(), "speed_limit")?;
            let needed = || Problem::invalid("category", "a tunnel needs it, A to E");
            Ok(ZoneKind::Tunnel { category: filing.category.ok_or_else(needed)? })
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn checked(changes: &Value) -> Result<NewZone, String> {
        let mut filing = json!({
            "name": "old town",
            "kind": "prohibited",
            "area": { "type": "Polygon", "coordinates": [[[4.0, 51.0], [5.0, 51.0], [5.0, 52.0], [4.0, 51.0]]] },
        });
        for (name, value) in changes.as_object().unwrap() {
            filing[name] = value.clone();
        }
        let now = "2026-05-01T00:00:00Z".parse().unwrap();
        check(serde_json::from_value(filing).unwrap(), now).map_err(|problem| format!("{problem:?}"))
    }

    #[test]
    fn a_zone_has_what_its_kind_needs_and_nothing_else() {
        assert_eq!(checked(&json!({})).unwrap().kind, ZoneKind::Prohibited { cargo: CargoPredicate::default() });
        assert!(checked(&json!({ "kind": "tunnel", "category": "C" })).is_ok());
        assert!(checked(&json!({ "kind": "tunnel" })).unwrap_err().contains("category"));
        assert!(checked(&json!({ "kind": "speed_limit", "limit_kmh": 60 })).is_ok());
        for bad in [
            json!({ "kind": "speed_limit" }),
            json!({ "kind": "speed_limit", "limit_kmh": 0 }),
            json!({ "limit_kmh": 5 }),
        ] {
            assert!(checked(&bad).unwrap_err().contains("limit_kmh"), "{bad}");
        }
    }

    #[test]
    fn an_area_that_is_none_is_refused_with_the_place_and_the_reason() {
        let bow_tie = json!([[[4.0, 51.0], [5.0, 52.0], [5.0, 51.0], [4.0, 52.0], [4.0, 51.0]]]);
        let error = checked(&json!({ "area": { "type": "Polygon", "coordinates": bow_tie } })).unwrap_err();
        assert!(error.contains("coordinates[0][") && error.contains("crosses"), "{error}");
    }

    #[tokio::test]
    async fn a_circle_is_kept_as_it_was_given_and_listed_with_its_outline() {
        let circle = json!({ "type": "Circle", "center": [4.3, 51.3], "radius_m": 500.0 });
        let new = checked(&json!({ "area": circle })).unwrap();
        assert_eq!(new.shape.to_json(), circle);
        let error =
            checked(&json!({ "area": { "type": "Circle", "center": [4.3, 51.3], "radius_m": 0 } })).unwrap_err();
        assert!(error.contains("radius_m: must be metres from 1 to"), "{error}");
        let polygon = checked(&json!({})).unwrap().shape;
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
            kind: ZoneKind::Prohibited { cargo: CargoPredicate::default() },
            area: shape.to_json(),
            outline: None,
            valid_from: "2026-04-01T00:00:00Z".parse().unwrap(),
            valid_to: None,
        }
    }

    #[test]
    fn a_zone_ends_after_it_begins() {
        let error =
            checked(&json!({ "valid_from": "2026-02-01T00:00:00Z", "valid_to": "2026-01-01T00:00:00Z" })).unwrap_err();
        assert!(error.contains("valid_to"), "{error}");
    }

    #[test]
    fn the_same_filing_again_says_the_same() {
        let new = checked(&json!({})).unwrap();
        let newest = record(&new.shape);
        assert!(says_the_same(&newest, &new, true));
        assert!(!says_the_same(&newest, &new, false), "it is asked to begin at another time");
        assert!(!says_the_same(&newest, &NewZone { name: "new town".into(), ..new }, true));
    }
}
