//! Questions of the past, asked of the stored fixes.
//!
//! The fixes near the area come as one stream, by vehicle and time, and nothing of them is kept but what is found. Near means
//! twice as far as a vehicle can go in the longest step that is followed: so both ends of every step that can touch the area
//! are there, also of one over the area with both ends outside; and where a vehicle was farther away in between, what is
//! left of its track cannot seem to go over the area, as there and back is too far for the time.
//!
//! The connection is not given back when a page ends early: the rest of the stream would have to be read first.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};

use super::{
    StoreError, Visibility,
    page::{self, Page},
    violations::PlaceRecord,
};
use crate::{
    domain::{Place, VehicleId},
    geo::{Bounds, PreparedArea},
    past::{Inside, LONGEST_STEP, Near, Passing, PastFix, Stay, StayEnd, Terms},
};

/// A page ends after this time, however few rows it has; the next one goes on from there.
const PATIENCE: Duration = Duration::from_secs(15);
/// The database may take so long for all of it.
const STATEMENT_LIMIT: Duration = Duration::from_secs(25);
/// Memory for putting fixes in order, before the disk is used.
const SORT_MEMORY: &str = "64MB";

/// A stay inside an area as it is listed.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct StayRecord {
    /// Code of the carrier.
    pub operator: String,
    /// Code of the vehicle.
    pub vehicle: String,
    /// When it came in, or the interval began.
    pub entered_at: DateTime<Utc>,
    /// Where it was then.
    pub entered_place: PlaceRecord,
    /// How the stay begins.
    pub entry: StayEnd,
    /// When it went out, was last seen, or the interval ended.
    pub left_at: DateTime<Utc>,
    /// Where it was then.
    pub left_place: PlaceRecord,
    /// How the stay ends.
    pub exit: StayEnd,
    /// observed where a fix lies inside, likely where only the way between fixes does, possible where that is over a gap.
    pub certainty: &'static str,
    /// How many fixes lie inside.
    pub fixes: u32,
}

/// How a vehicle passed by a place, as it is listed.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PassingRecord {
    /// Code of the carrier.
    pub operator: String,
    /// Code of the vehicle.
    pub vehicle: String,
    /// The least distance, in metres.
    pub distance_m: f64,
    /// When it was there.
    pub at: DateTime<Utc>,
    /// Where it was then.
    pub place: PlaceRecord,
    /// observed where a fix lies within the distance, likely where only the way between fixes does, possible where that is
    /// over a gap.
    pub certainty: &'static str,
    /// How many fixes lie within the distance.
    pub fixes: u32,
}

/// Where a page ended: rows of vehicles with greater numbers follow, and of this one those that began later than `after`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastCursor {
    vehicle: i64,
    after: Option<DateTime<Utc>>,
}

/// On whose behalf, and of which vehicles.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// On whose behalf.
    pub visibility: Visibility,
    /// Code of a carrier: its vehicles only.
    pub operator: Option<&'a str>,
}

/// One page of the stays inside `area`, by vehicle, in the order in which they were registered, and time.
///
/// # Errors
/// When the database cannot be asked, or takes too long.
pub async fn stays(
    pool: &PgPool,
    scope: Scope<'_>,
    area: &PreparedArea,
    terms: Terms,
    cursor: Option<PastCursor>,
    limit: i64,
) -> Result<Page<StayRecord>, StoreError> {
    let mut found: Vec<(VehicleId, Stay)> = Vec::new();
    let follow = |(inside, stays): &mut (Inside<'_>, Vec<Stay>), fix| inside.next(fix, |stay| stays.push(stay));
    let done = |vehicle: VehicleId, (inside, mut stays): (Inside<'_>, Vec<Stay>)| {
        inside.finish(|stay| stays.push(stay));
        let told = cursor.filter(|cursor| cursor.vehicle == vehicle.0).and_then(|cursor| cursor.after);
        stays.retain(|stay| told.is_none_or(|told| stay.entered_at > told));
        found.extend(stays.into_iter().map(|stay| (vehicle, stay)));
        is_full(&found, limit)
    };
    let question = Question { scope, boxes: area.surroundings(2.0 * terms.reach_m()), terms, cursor };
    let goes_on = each_vehicle(pool, question, || (Inside::new(area, terms), Vec::new()), follow, done).await?;
    let page = page_of(found, limit, goes_on, |stay| stay.entered_at);
    let names = names(pool, page.items.iter().map(|(vehicle, _)| *vehicle)).await?;
    let record = |(vehicle, stay): (VehicleId, Stay)| {
        let (operator, vehicle) = names.get(&vehicle)?.clone();
        Some(StayRecord {
            operator,
            vehicle,
            entered_at: stay.entered_at,
            entered_place: place_record(stay.entered_place),
            entry: stay.entry,
            left_at: stay.left_at,
            left_place: place_record(stay.left_place),
            exit: stay.exit,
            certainty: stay.certainty.as_str(),
            fixes: stay.fixes,
        })
    };
    Ok(Page { items: page.items.into_iter().filter_map(record).collect(), next_cursor: page.next_cursor })
}

/// One page of the vehicles that passed within `distance_m` metres of a place, in the order in which they were registered.
/// `around` is an area that holds all places within the distance.
///
/// # Errors
/// When the database cannot be asked, or takes too long.
pub async fn passings(
    pool: &PgPool,
    scope: Scope<'_>,
    (place, distance_m, around): (Place, f64, &PreparedArea),
    terms: Terms,
    cursor: Option<PastCursor>,
    limit: i64,
) -> Result<Page<PassingRecord>, StoreError> {
    let mut found: Vec<(VehicleId, Passing)> = Vec::new();
    let done = |vehicle: VehicleId, near: Near| {
        let told = cursor.is_some_and(|cursor| cursor.vehicle == vehicle.0 && cursor.after.is_some());
        found.extend(near.finish().filter(|_| !told).map(|passing| (vehicle, passing)));
        is_full(&found, limit)
    };
    let question = Question { scope, boxes: around.surroundings(2.0 * terms.reach_m()), terms, cursor };
    let goes_on = each_vehicle(pool, question, || Near::new(place, distance_m, terms), Near::next, done).await?;
    let page = page_of(found, limit, goes_on, |passing| passing.at);
    let names = names(pool, page.items.iter().map(|(vehicle, _)| *vehicle)).await?;
    let record = |(vehicle, passing): (VehicleId, Passing)| {
        let (operator, vehicle) = names.get(&vehicle)?.clone();
        Some(PassingRecord {
            operator,
            vehicle,
            distance_m: passing.distance_m,
            at: passing.at,
            place: place_record(passing.place),
            certainty: passing.certainty.as_str(),
            fixes: passing.fixes,
        })
    };
    Ok(Page { items: page.items.into_iter().filter_map(record).collect(), next_cursor: page.next_cursor })
}

/// Whether there is one row more than the page takes.
fn is_full<T>(rows: &[T], limit: i64) -> bool {
    i64::try_from(rows.len()).is_ok_and(|count| count > limit)
}

/// The page of what was found, which goes on at a vehicle if the time was up there.
fn page_of<T>(
    found: Vec<(VehicleId, T)>,
    limit: i64,
    goes_on: Option<VehicleId>,
    time: impl Fn(&T) -> DateTime<Utc>,
) -> Page<(VehicleId, T)> {
    match goes_on {
        Some(vehicle) => {
            Page { items: found, next_cursor: page::encode(&PastCursor { vehicle: vehicle.0, after: None }) }
        }
        None => Page::cut(found, limit, |(vehicle, row)| PastCursor { vehicle: vehicle.0, after: Some(time(row)) }),
    }
}

fn place_record(place: Place) -> PlaceRecord {
    PlaceRecord { lat: place.lat(), lon: place.lon() }
}

/// Which fixes are looked through.
struct Question<'a> {
    scope: Scope<'a>,
    boxes: [Bounds; 2],
    terms: Terms,
    cursor: Option<PastCursor>,
}

/// Goes through the fixes of one vehicle after the other; stops when one is `done` and says that it is enough. Returns the
/// vehicle at which to go on if the time was up before that.
async fn each_vehicle<S>(
    pool: &PgPool,
    question: Question<'_>,
    begin: impl Fn() -> S,
    follow: impl Fn(&mut S, PastFix),
    mut done: impl FnMut(VehicleId, S) -> bool,
) -> Result<Option<VehicleId>, StoreError> {
    let started = Instant::now();
    let vehicles = narrowed(pool, question.scope).await?;
    let mut connection = pool.acquire().await?.detach();
    sqlx::query!(
        "SELECT set_config('statement_timeout', $1, false) AS time, set_config('work_mem', $2, false) AS memory",
        STATEMENT_LIMIT.as_millis().to_string(),
        SORT_MEMORY,
    )
    .fetch_one(&mut connection)
    .await?;
    let mut fixes = fixes(&mut connection, &question, vehicles.as_deref());
    let mut current: Option<(VehicleId, S)> = None;
    while let Some((vehicle, fix)) = fixes.try_next().await.map_err(too_slow)? {
        if current.as_ref().is_none_or(|(id, _)| *id != vehicle) {
            if let Some((id, search)) = current.take()
                && done(id, search)
            {
                return Ok(None);
            }
            if started.elapsed() > PATIENCE {
                return Ok(Some(vehicle));
            }
        }
        let (_, search) = current.get_or_insert_with(|| (vehicle, begin()));
        follow(search, fix);
    }
    if let Some((id, search)) = current {
        done(id, search);
    }
    Ok(None)
}

/// The vehicles to which the question is narrowed; `None`: all.
async fn narrowed(pool: &PgPool, scope: Scope<'_>) -> Result<Option<Vec<i64>>, StoreError> {
    if scope.visibility == Visibility::Everything && scope.operator.is_none() {
        return Ok(None);
    }
    let ids = sqlx::query_scalar!(
        "SELECT v.id FROM vehicle v JOIN organisation o ON o.id = v.operator_id
         WHERE ($1::bigint IS NULL OR v.operator_id = $1) AND ($2::text IS NULL OR o.code = $2)",
        scope.visibility.operator_filter(),
        scope.operator,
    );
    Ok(Some(ids.fetch_all(pool).await?))
}

/// The fixes in one of the boxes, in or around the interval, by vehicle and time, as they come from the database.
fn fixes<'a>(
    connection: &'a mut PgConnection,
    question: &Question<'_>,
    vehicles: Option<&'a [i64]>,
) -> BoxStream<'a, Result<(VehicleId, PastFix), sqlx::Error>> {
    let [west, east] = question.boxes;
    let (from, to) = (question.terms.from - LONGEST_STEP, question.terms.to + LONGEST_STEP);
    let first = question.cursor.map_or(i64::MIN, |cursor| cursor.vehicle);
    // Only places are stored; what is none is passed over.
    let fix = |vehicle: i64, time: DateTime<Utc>, lat: f64, lon: f64| {
        Place::new(lat, lon).ok().map(|place| (VehicleId(vehicle), PastFix { time, place }))
    };
    let rows = sqlx::query!(
        "SELECT vehicle_id, fix_time, lat, lon FROM position
         WHERE vehicle_id >= $1 AND fix_time >= $2 AND fix_time <= $3 AND judgement <> 2
           AND ((lon >= $4 AND lon <= $5 AND lat >= $6 AND lat <= $7)
                OR (lon >= $8 AND lon <= $9 AND lat >= $10 AND lat <= $11))
           AND ($12::bigint[] IS NULL OR vehicle_id = ANY ($12))
         ORDER BY vehicle_id, fix_time, seq",
        first,
        from,
        to,
        west.west,
        west.east,
        west.south,
        west.north,
        east.west,
        east.east,
        east.south,
        east.north,
        vehicles,
    );
    rows.fetch(connection)
        .try_filter_map(move |row| std::future::ready(Ok(fix(row.vehicle_id, row.fix_time, row.lat, row.lon))))
        .boxed()
}

/// Codes of operator and vehicle.
async fn names(
    pool: &PgPool,
    vehicles: impl Iterator<Item = VehicleId>,
) -> Result<HashMap<VehicleId, (String, String)>, StoreError> {
    let mut ids: Vec<i64> = vehicles.map(|vehicle| vehicle.0).collect();
    ids.dedup();
    let rows = sqlx::query!(
        "SELECT v.id, o.code AS operator, v.code AS vehicle
         FROM vehicle v JOIN organisation o ON o.id = v.operator_id WHERE v.id = ANY ($1)",
        &ids,
    );
    let rows = rows.fetch_all(pool).await?;
    Ok(rows.into_iter().map(|row| (VehicleId(row.id), (row.operator, row.vehicle))).collect())
}

/// A statement that was cancelled because it took too long (SQLSTATE 57014).
fn too_slow(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Database(database) if database.code().as_deref() == Some("57014") => {
            StoreError::TooSlow(STATEMENT_LIMIT)
        }
        _ => error.into(),
    }
}
