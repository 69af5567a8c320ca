//! Vehicles.

use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool, types::Json};

use super::{StoreError, Visibility, page::Page, world::code, world_version};
use crate::domain::{ClassFilter, Document, OperatorCode, OrganisationId, UnNumber, Vehicle, VehicleCode, VehicleId};

/// A vehicle as it is listed.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
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
    /// Whose rule pack binds it; null: the installation's.
    pub jurisdiction: Option<String>,
    /// Its documents.
    #[schema(value_type = Vec<Object>)]
    pub documents: Vec<Document>,
    /// Classes of goods that it is licensed for; empty: all.
    #[schema(value_type = Vec<String>)]
    pub licensed_classes: Vec<ClassFilter>,
    /// UN numbers that its tank is approved for; empty: all.
    #[schema(value_type = Vec<String>)]
    pub tank_media: Vec<UnNumber>,
    /// The mass that it may carry, in kilograms.
    pub rated_load_kg: Option<f64>,
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
    /// Whose rule pack binds it, e.g. `cn`; the installation's, if left out.
    #[serde(default)]
    pub jurisdiction: Option<String>,
    /// Its documents.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    pub documents: Vec<Document>,
    /// Classes of goods that it is licensed for, e.g. `3`; all, if left out.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub licensed_classes: Vec<ClassFilter>,
    /// UN numbers that its tank is approved for; all, if left out.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub tank_media: Vec<UnNumber>,
    /// The mass that it may carry, in kilograms.
    #[serde(default)]
    pub rated_load_kg: Option<f64>,
}

/// A row of vehicles, with their operators' codes.
struct VehicleRow {
    id: i64,
    operator_id: i64,
    operator: String,
    vehicle: String,
    registration: Option<String>,
    dangerous_goods: bool,
    speed_limit_kmh: Option<f64>,
    jurisdiction: Option<String>,
    documents: Json<Vec<Document>>,
    licensed_classes: Json<Vec<ClassFilter>>,
    tank_media: Json<Vec<UnNumber>>,
    rated_load_kg: Option<f64>,
}

impl From<VehicleRow> for VehicleRecord {
    fn from(row: VehicleRow) -> Self {
        Self {
            operator: row.operator,
            vehicle: row.vehicle,
            registration: row.registration,
            dangerous_goods: row.dangerous_goods,
            speed_limit_kmh: row.speed_limit_kmh,
            jurisdiction: row.jurisdiction,
            documents: row.documents.0,
            licensed_classes: row.licensed_classes.0,
            tank_media: row.tank_media.0,
            rated_load_kg: row.rated_load_kg,
        }
    }
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
    let jurisdictions: Vec<Option<String>> = filings.iter().map(|(_, filing)| filing.jurisdiction.clone()).collect();
    let documents: Vec<_> = filings.iter().map(|(_, filing)| Json(&filing.documents)).collect();
    let classes: Vec<_> = filings.iter().map(|(_, filing)| Json(&filing.licensed_classes)).collect();
    let media: Vec<_> = filings.iter().map(|(_, filing)| Json(&filing.tank_media)).collect();
    let loads: Vec<Option<f64>> = filings.iter().map(|(_, filing)| filing.rated_load_kg).collect();
    let mut transaction = pool.begin().await?;
    let touched = sqlx::query!(
        "INSERT INTO vehicle (operator_id, code, registration, dangerous_goods, speed_limit_kmh, jurisdiction, documents,
             licensed_classes, tank_media, rated_load_kg)
         SELECT $1, * FROM UNNEST($2::text[], $3::text[], $4::boolean[], $5::float8[], $6::text[], $7::jsonb[],
             $8::jsonb[], $9::jsonb[], $10::float8[])
         ON CONFLICT (operator_id, code) DO UPDATE SET registration = EXCLUDED.registration,
             dangerous_goods = EXCLUDED.dangerous_goods, speed_limit_kmh = EXCLUDED.speed_limit_kmh,
             jurisdiction = EXCLUDED.jurisdiction, documents = EXCLUDED.documents,
             licensed_classes = EXCLUDED.licensed_classes, tank_media = EXCLUDED.tank_media,
             rated_load_kg = EXCLUDED.rated_load_kg
         WHERE (vehicle.registration, vehicle.dangerous_goods, vehicle.speed_limit_kmh, vehicle.jurisdiction,
                vehicle.documents, vehicle.licensed_classes, vehicle.tank_media, vehicle.rated_load_kg)
             IS DISTINCT FROM (EXCLUDED.registration, EXCLUDED.dangerous_goods, EXCLUDED.speed_limit_kmh,
                EXCLUDED.jurisdiction, EXCLUDED.documents, EXCLUDED.licensed_classes, EXCLUDED.tank_media,
                EXCLUDED.rated_load_kg)",
        operator.0,
        &codes,
        &registrations as &[Option<String>],
        &dangerous,
        &limits as &[Option<f64>],
        &jurisdictions as &[Option<String>],
        &documents as _,
        &classes as _,
        &media as _,
        &loads as &[Option<f64>],
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
    let rows = sqlx::query_as!(
        VehicleRow,
        r#"SELECT v.id, v.operator_id, o.code AS operator, v.code AS vehicle, v.registration, v.dangerous_goods,
                  v.speed_limit_kmh, v.jurisdiction, v.documents AS "documents: Json<Vec<Document>>",
                  v.licensed_classes AS "licensed_classes: Json<Vec<ClassFilter>>",
                  v.tank_media AS "tank_media: Json<Vec<UnNumber>>", v.rated_load_kg
           FROM vehicle v JOIN organisation o ON o.id = v.operator_id
           WHERE ($1::bigint IS NULL OR v.operator_id = $1) AND (o.code, v.code) > ($2, $3)
           ORDER BY o.code, v.code LIMIT $4"#,
        visibility.operator_filter(),
        operator,
        vehicle,
        limit + 1,
    )
    .fetch_all(pool)
    .await?;
    let items = rows.into_iter().map(VehicleRecord::from).collect();
    Ok(Page::cut(items, limit, |last: &VehicleRecord| (last.operator.clone(), last.vehicle.clone())))
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
    let row = sqlx::query_as!(
        VehicleRow,
        r#"SELECT v.id, v.operator_id, o.code AS operator, v.code AS vehicle, v.registration, v.dangerous_goods,
                  v.speed_limit_kmh, v.jurisdiction, v.documents AS "documents: Json<Vec<Document>>",
                  v.licensed_classes AS "licensed_classes: Json<Vec<ClassFilter>>",
                  v.tank_media AS "tank_media: Json<Vec<UnNumber>>", v.rated_load_kg
           FROM vehicle v JOIN organisation o ON o.id = v.operator_id
           WHERE ($1::bigint IS NULL OR v.operator_id = $1) AND o.code = $2 AND v.code = $3"#,
        visibility.operator_filter(),
        operator.as_str(),
        vehicle.as_str(),
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| (VehicleId(row.id), row.into())))
}

/// All vehicles.
pub(super) async fn load(connection: &mut PgConnection) -> Result<Vec<Vehicle>, StoreError> {
    let rows = sqlx::query_as!(
        VehicleRow,
        r#"SELECT v.id, v.operator_id, o.code AS operator, v.code AS vehicle, v.registration, v.dangerous_goods,
                  v.speed_limit_kmh, v.jurisdiction, v.documents AS "documents: Json<Vec<Document>>",
                  v.licensed_classes AS "licensed_classes: Json<Vec<ClassFilter>>",
                  v.tank_media AS "tank_media: Json<Vec<UnNumber>>", v.rated_load_kg
           FROM vehicle v JOIN organisation o ON o.id = v.operator_id"#
    )
    .fetch_all(connection)
    .await?;
    let mut vehicles = Vec::with_capacity(rows.len());
    for row in rows {
        vehicles.push(Vehicle {
            id: VehicleId(row.id),
            operator_id: OrganisationId(row.operator_id),
            operator: code(&row.operator, "organisation", row.operator_id)?,
            code: code(&row.vehicle, "vehicle", row.id)?,
            registration: row.registration,
            dangerous_goods: row.dangerous_goods,
            speed_limit_kmh: row.speed_limit_kmh,
            jurisdiction: row.jurisdiction,
            documents: row.documents.0,
            licensed_classes: row.licensed_classes.0,
            tank_media: row.tank_media.0,
            rated_load_kg: row.rated_load_kg,
        });
    }
    Ok(vehicles)
}
