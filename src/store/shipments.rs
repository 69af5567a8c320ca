//! Shipments with their goods.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::{PgConnection, PgPool, types::Json};

use super::{StoreError, Visibility, page::Page, world_version};
use crate::domain::{CargoLimits, Contact, GoodsLine, OrganisationId, RouteId, Shipment, ShipmentId, Site, VehicleId};

/// A shipment as it is listed.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ShipmentRecord {
    /// Number of the shipment here.
    pub id: i64,
    /// Code of the carrier.
    pub operator: String,
    /// Code of the vehicle.
    pub vehicle: String,
    /// Number of the transport document.
    pub waybill: String,
    /// What is carried.
    #[schema(value_type = Vec<Object>)]
    pub goods: Vec<GoodsLine>,
    /// Whom to call.
    #[schema(value_type = Vec<Object>)]
    pub contacts: Vec<Contact>,
    /// Number of the prescribed route.
    pub route_id: Option<i64>,
    /// From when the goods are on board.
    pub starts_at: DateTime<Utc>,
    /// Until when.
    pub ends_at: Option<DateTime<Utc>>,
    /// Who drives, in the operator's own code.
    pub driver: Option<String>,
    /// The attendant beside the driver, in the operator's own code.
    pub escort: Option<String>,
    /// Whether an attendant has to be on board.
    pub escort_required: bool,
    /// Where it is loaded.
    #[schema(value_type = Option<Object>)]
    pub origin: Option<Site>,
    /// Where it is unloaded.
    #[schema(value_type = Option<Object>)]
    pub destination: Option<Site>,
    /// Not to depart before.
    pub depart_after: Option<DateTime<Utc>>,
    /// Not to arrive before.
    pub arrive_from: Option<DateTime<Utc>>,
    /// To arrive by.
    pub arrive_by: Option<DateTime<Utc>>,
    /// What the cargo's sensors may show.
    #[schema(value_type = Object)]
    pub cargo_limits: CargoLimits,
}

/// A shipment to be filed.
#[derive(Clone, Debug)]
pub struct NewShipment {
    /// The vehicle that carries it.
    pub vehicle_id: VehicleId,
    /// Its carrier.
    pub operator_id: OrganisationId,
    /// Number of the transport document.
    pub waybill: String,
    /// What is carried.
    pub goods: Vec<GoodsLine>,
    /// Whom to call.
    pub contacts: Vec<Contact>,
    /// Number of the prescribed route.
    pub route_id: Option<RouteId>,
    /// From when the goods are on board.
    pub starts_at: DateTime<Utc>,
    /// Until when.
    pub ends_at: Option<DateTime<Utc>>,
    /// Who drives, in the operator's own code.
    pub driver: Option<String>,
    /// The attendant beside the driver, in the operator's own code.
    pub escort: Option<String>,
    /// Whether an attendant has to be on board.
    pub escort_required: bool,
    /// Where it is loaded.
    pub origin: Option<Site>,
    /// Where it is unloaded.
    pub destination: Option<Site>,
    /// Not to depart before.
    pub depart_after: Option<DateTime<Utc>>,
    /// Not to arrive before.
    pub arrive_from: Option<DateTime<Utc>>,
    /// To arrive by.
    pub arrive_by: Option<DateTime<Utc>>,
    /// What the cargo's sensors may show.
    pub cargo_limits: CargoLimits,
}

/// Files a shipment. The same waybill of the same carrier again replaces it; another shipment that is open on the vehicle
/// ends where this one starts. Returns its number.
///
/// # Errors
/// When the database refuses.
pub async fn file(pool: &PgPool, new: &NewShipment) -> Result<ShipmentId, StoreError> {
    let mut transaction = pool.begin().await?;
    sqlx::query!(
        "UPDATE shipment SET ends_at = $3
         WHERE vehicle_id = $1 AND waybill <> $2 AND ends_at IS NULL AND starts_at < $3",
        new.vehicle_id.0,
        new.waybill,
        new.starts_at,
    )
    .execute(&mut *transaction)
    .await?;
    let id = sqlx::query_scalar!(
        "INSERT INTO shipment (vehicle_id, operator_id, waybill, goods, contacts, route_id, starts_at, ends_at, driver, escort,
             escort_required, origin, destination, depart_after, arrive_from, arrive_by, cargo_limits)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
         ON CONFLICT (operator_id, waybill) DO UPDATE SET vehicle_id = EXCLUDED.vehicle_id, goods = EXCLUDED.goods,
             contacts = EXCLUDED.contacts, route_id = EXCLUDED.route_id, starts_at = EXCLUDED.starts_at,
             ends_at = EXCLUDED.ends_at, driver = EXCLUDED.driver, escort = EXCLUDED.escort,
             escort_required = EXCLUDED.escort_required, origin = EXCLUDED.origin, destination = EXCLUDED.destination,
             depart_after = EXCLUDED.depart_after, arrive_from = EXCLUDED.arrive_from, arrive_by = EXCLUDED.arrive_by,
             cargo_limits = EXCLUDED.cargo_limits, filed_at = now()
         RETURNING id",
        new.vehicle_id.0,
        new.operator_id.0,
        new.waybill,
        Json(&new.goods) as _,
        Json(&new.contacts) as _,
        new.route_id.map(|route| route.0),
        new.starts_at,
        new.ends_at,
        new.driver,
        new.escort,
        new.escort_required,
        new.origin.map(Json) as _,
        new.destination.map(Json) as _,
        new.depart_after,
        new.arrive_from,
        new.arrive_by,
        Json(new.cargo_limits) as _,
    )
    .fetch_one(&mut *transaction)
    .await?;
    world_version::changed(&mut transaction).await?;
    transaction.commit().await?;
    Ok(ShipmentId(id))
}

/// Ends a shipment that may be seen. False when there is no such open shipment.
///
/// # Errors
/// When the database refuses.
pub async fn end(pool: &PgPool, visibility: Visibility, id: ShipmentId, at: DateTime<Utc>) -> Result<bool, StoreError> {
    let mut transaction = pool.begin().await?;
    let ended = sqlx::query!(
        "UPDATE shipment SET ends_at = greatest($3, starts_at + interval '1 microsecond')
         WHERE id = $1 AND ($2::bigint IS NULL OR operator_id = $2) AND ends_at IS NULL",
        id.0,
        visibility.operator_filter(),
        at,
    )
    .execute(&mut *transaction)
    .await?
    .rows_affected();
    if ended > 0 {
        world_version::changed(&mut transaction).await?;
    }
    transaction.commit().await?;
    Ok(ended > 0)
}

/// One page of the shipments that may be seen, newest first. With `id`, that one only.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list(
    pool: &PgPool,
    visibility: Visibility,
    id: Option<ShipmentId>,
    before: Option<i64>,
    limit: i64,
) -> Result<Page<ShipmentRecord>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT s.id, o.code AS operator, v.code AS vehicle, s.waybill, s.goods AS "goods: Json<Vec<GoodsLine>>",
                  s.contacts AS "contacts: Json<Vec<Contact>>", s.route_id, s.starts_at, s.ends_at, s.driver, s.escort,
                  s.escort_required, s.origin AS "origin: Json<Site>", s.destination AS "destination: Json<Site>",
                  s.depart_after, s.arrive_from, s.arrive_by, s.cargo_limits AS "cargo_limits: Json<CargoLimits>"
           FROM shipment s JOIN vehicle v ON v.id = s.vehicle_id JOIN organisation o ON o.id = s.operator_id
           WHERE ($1::bigint IS NULL OR s.operator_id = $1) AND ($2::bigint IS NULL OR s.id = $2)
             AND ($3::bigint IS NULL OR s.id < $3)
           ORDER BY s.id DESC LIMIT $4"#,
        visibility.operator_filter(),
        id.map(|id| id.0),
        before,
        limit + 1,
    )
    .fetch_all(pool)
    .await?;
    let items = rows
        .into_iter()
        .map(|row| ShipmentRecord {
            id: row.id,
            operator: row.operator,
            vehicle: row.vehicle,
            waybill: row.waybill,
            goods: row.goods.0,
            contacts: row.contacts.0,
            route_id: row.route_id,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            driver: row.driver,
            escort: row.escort,
            escort_required: row.escort_required,
            origin: row.origin.map(|site| site.0),
            destination: row.destination.map(|site| site.0),
            depart_after: row.depart_after,
            arrive_from: row.arrive_from,
            arrive_by: row.arrive_by,
            cargo_limits: row.cargo_limits.0,
        })
        .collect();
    Ok(Page::cut(items, limit, |last| last.id))
}

/// The shipments that did not end before `ended_after`.
pub(super) async fn load(
    connection: &mut PgConnection,
    ended_after: DateTime<Utc>,
) -> Result<Vec<Shipment>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT s.id, s.vehicle_id, s.waybill, s.goods AS "goods: Json<Vec<GoodsLine>>",
                  s.contacts AS "contacts: Json<Vec<Contact>>", s.route_id, s.starts_at, s.ends_at, s.driver, s.escort,
                  s.escort_required, s.origin AS "origin: Json<Site>", s.destination AS "destination: Json<Site>",
                  s.depart_after, s.arrive_from, s.arrive_by, s.cargo_limits AS "cargo_limits: Json<CargoLimits>"
           FROM shipment s WHERE ends_at IS NULL OR ends_at > $1"#,
        ended_after,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Shipment {
            id: ShipmentId(row.id),
            vehicle_id: VehicleId(row.vehicle_id),
            waybill: row.waybill,
            goods: row.goods.0,
            contacts: row.contacts.0,
            route_id: row.route_id.map(RouteId),
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            driver: row.driver,
            escort: row.escort,
            escort_required: row.escort_required,
            origin: row.origin.map(|site| site.0),
            destination: row.destination.map(|site| site.0),
            depart_after: row.depart_after,
            arrive_from: row.arrive_from,
            arrive_by: row.arrive_by,
            cargo_limits: row.cargo_limits.0,
        })
        .collect())
}
