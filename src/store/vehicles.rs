//! Vehicles.

use serde::{Deserialize, Serialize};
use sqlx::PgPool;

use super::{StoreError, Visibility, page::Page, world_version};
use crate::domain::{OperatorCode, OrganisationId, VehicleCode, VehicleId};

/// A vehicle as it is filed and listed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct VehicleRecord {
    /// Code of the carrier that runs it.
    pub operator: String,
    /// Its code within the carrier.
    pub vehicle: String,
    /// Registration plate with country.
    pub registration: Option<String>,
    /// Whether it is a dangerous-goods vehicle.
    pub dangerous_goods: bool,
    /// Highest speed that the vehicle itself may drive, in km/h.
    pub speed_limit_kmh: Option<f64>,
}

/// What is said of a vehicle when it is filed.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VehicleFiling {
    /// Registration plate with country, e.g. `NL 12-BXK-3`.
    #[serde(default)]
    pub registration: Option<String>,
    /// Whether it is a dangerous-goods vehicle; without a shipment such a vehicle counts as carrying the most
    /// restrictive cargo.
    #[serde(default = "yes")]
    pub dangerous_goods: bool,
    /// Highest speed that the vehicle itself may drive, in km/h.
    #[serde(default)]
    pub speed_limit_kmh: Option<f64>,
}

fn yes() -> bool {
    true
}

/// Files vehicles of one operator; those there already are replaced. Nothing changes in the world if nothing differs.
/// Returns how many are new or different.
///
/// # Errors
/// When the database refuses.
pub async fn file(
    pool: &PgPool,
    operator: OrganisationId,
    filings: &[(VehicleCode, VehicleFiling)],
) -> Result<u64, StoreError> {
    let codes: Vec<String> = filings.iter().map(|(code, _)| code.as_str().to_owned()).collect();
    let registrations: Vec<Option<String>> = filings.iter().map(|(_, filing)| filing.registration.clone()).collect();
    let dangerous: Vec<bool> = filings.iter().map(|(_, filing)| filing.dangerous_goods).collect();
    let limits: Vec<Option<f64>> = filings.iter().map(|(_, filing)| filing.speed_limit_kmh).collect();
    let mut transaction = pool.begin().await?;
    let touched = sqlx::query!(
        "INSERT INTO vehicle (operator_id, code, registration, dangerous_goods, speed_limit_kmh)
         SELECT $1, * FROM UNNEST($2::text[], $3::text[], $4::boolean[], $5::float8[])
         ON CONFLICT (operator_id, code) DO UPDATE SET registration = EXCLUDED.registration,
             dangerous_goods = EXCLUDED.dangerous_goods, speed_limit_kmh = EXCLUDED.speed_limit_kmh
         WHERE (vehicle.registration, vehicle.dangerous_goods, vehicle.speed_limit_kmh)
             IS DISTINCT FROM (EXCLUDED.registration, EXCLUDED.dangerous_goods, EXCLUDED.speed_limit_kmh)",
        operator.0,
        &codes,
        &registrations as &[Option<String>],
        &dangerous,
        &limits as &[Option<f64>],
    )
    .execute(&mut *transaction)
    .await?
    .rows_affected();
    if touched > 0 {
        world_version::changed(&mut transaction).await?;
    }
    transaction.commit().await?;
    Ok(touched)
}

/// One page of the vehicles that may be seen, by operator and code.
///
/// # Errors
/// When the database cannot be asked.
pub async fn list(
    pool: &PgPool,
    visibility: Visibility,
    after: Option<(String, String)>,
    limit: i64,
) -> Result<Page<VehicleRecord>, StoreError> {
    let (operator, vehicle) = after.unwrap_or_default();
    let items = sqlx::query_as!(
        VehicleRecord,
        "SELECT o.code AS operator, v.code AS vehicle, v.registration, v.dangerous_goods, v.speed_limit_kmh
         FROM vehicle v JOIN organisation o ON o.id = v.operator_id
         WHERE ($1::bigint IS NULL OR v.operator_id = $1) AND (o.code, v.code) > ($2, $3)
         ORDER BY o.code, v.code LIMIT $4",
        visibility.operator_filter(),
        operator,
        vehicle,
        limit + 1,
    )
    .fetch_all(pool)
    .await?;
    Ok(Page::cut(items, limit, |last| (last.operator.clone(), last.vehicle.clone())))
}

/// One vehicle by its codes, if it is there and may be seen.
///
/// # Errors
/// When the database cannot be asked.
pub async fn one(
    pool: &PgPool,
    visibility: Visibility,
    operator: &OperatorCode,
    vehicle: &VehicleCode,
) -> Result<Option<(VehicleId, VehicleRecord)>, StoreError> {
    let row = sqlx::query!(
        "SELECT v.id, o.code AS operator, v.code AS vehicle, v.registration, v.dangerous_goods, v.speed_limit_kmh
         FROM vehicle v JOIN organisation o ON o.id = v.operator_id
         WHERE ($1::bigint IS NULL OR v.operator_id = $1) AND o.code = $2 AND v.code = $3",
        visibility.operator_filter(),
        operator.as_str(),
        vehicle.as_str(),
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| {
        let record = VehicleRecord {
            operator: row.operator,
            vehicle: row.vehicle,
            registration: row.registration,
            dangerous_goods: row.dangerous_goods,
            speed_limit_kmh: row.speed_limit_kmh,
        };
        (VehicleId(row.id), record)
    }))
}
