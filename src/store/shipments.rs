//! Shipments with their goods.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::{PgConnection, PgPool, types::Json};

use super::{StoreError, Visibility, page::Page, world_version};
use crate::domain::{Contact, GoodsLine, OrganisationId, RouteId, Shipment, ShipmentId, VehicleId};

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
        "INSERT INTO shipment (vehicle_id, operator_id, waybill, goods, contacts, route_id, starts_at, ends_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (operator_id, waybill) DO UPDATE SET vehicle_id = EXCLUDED.vehicle_id, goods = EXCLUDED.goods,
             contacts = EXCLUDED.contacts, route_id = EXCLUDED.route_id, starts_at = EXCLUDED.starts_at,
             ends_at = EXCLUDED.ends_at, filed_at = now()
         RETURNING id",
        new.vehicle_id.0,
        new.operator_id.0,
        new.waybill,
        Json(&new.goods) as _,
        Json(&new.contacts) as _,
        new.route_id.map(|route| route.0),
        new.starts_at,
        new.ends_at,
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
                  s.contacts AS "contacts: Json<Vec<Contact>>", s.route_id, s.starts_at, s.ends_at
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
        r#"SELECT id, vehicle_id, waybill, goods AS "goods: Json<Vec<GoodsLine>>",
                  contacts AS "contacts: Json<Vec<Contact>>", route_id, starts_at, ends_at
           FROM shipment WHERE ends_at IS NULL OR ends_at > $1"#,
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
            driver: None,
            escort: None,
            escort_required: false,
            origin: None,
            destination: None,
            depart_after: None,
            arrive_from: None,
            arrive_by: None,
            cargo_limits: crate::domain::CargoLimits::default(),
        })
        .collect())
}
