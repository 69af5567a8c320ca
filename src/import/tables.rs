//! Vehicles and shipments, as a JSON list or as CSV with a header.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{ImportError, form, read, read_json, whole};
use crate::{
    domain::{
        CargoLimits, CarriageMode, ClassFilter, Contact, ContactRole, Document, GoodsLine, OperatorCode,
        OrganisationId, PackingGroup, RouteId, Site, UnNumber, VehicleCode, VehicleId,
    },
    store::{shipments::NewShipment, vehicles::VehicleFiling},
};

/// A vehicle as a file names it: columns `operator`, `vehicle`, `registration`, `dangerous_goods`, `speed_limit_kmh`,
/// `jurisdiction`, `rated_load_kg`; in JSON also the lists that the API takes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct VehicleRow {
    operator: OperatorCode,
    vehicle: VehicleCode,
    #[serde(default)]
    registration: Option<String>,
    #[serde(default)]
    dangerous_goods: Option<bool>,
    #[serde(default)]
    speed_limit_kmh: Option<f64>,
    #[serde(default)]
    jurisdiction: Option<String>,
    #[serde(default)]
    documents: Vec<Document>,
    #[serde(default)]
    licensed_classes: Vec<ClassFilter>,
    #[serde(default)]
    tank_media: Vec<UnNumber>,
    #[serde(default)]
    rated_load_kg: Option<f64>,
}

/// Reads vehicles.
///
/// # Errors
/// Names every row that cannot be taken.
pub fn vehicles(path: &Path) -> Result<Vec<(OperatorCode, VehicleCode, VehicleFiling)>, ImportError> {
    let rows: Vec<VehicleRow> = rows(path)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let filing = VehicleFiling {
                registration: row.registration,
                dangerous_goods: row.dangerous_goods.unwrap_or(true),
                speed_limit_kmh: row.speed_limit_kmh,
                jurisdiction: row.jurisdiction,
                documents: row.documents,
                licensed_classes: row.licensed_classes,
                tank_media: row.tank_media,
                rated_load_kg: row.rated_load_kg,
            };
            (row.operator, row.vehicle, filing)
        })
        .collect())
}

/// A shipment to be filed, as the API takes it and JSON files list it.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShipmentFiling {
    /// Code of the carrier.
    #[schema(value_type = String)]
    pub operator: OperatorCode,
    /// Code of the vehicle.
    #[schema(value_type = String)]
    pub vehicle: VehicleCode,
    /// Number of the transport document, one of a kind with the carrier.
    pub waybill: String,
    /// What is carried, line by line.
    #[schema(value_type = Vec<Object>)]
    pub goods: Vec<GoodsLine>,
    /// Whom to call.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    pub contacts: Vec<Contact>,
    /// Number of the prescribed route.
    #[serde(default)]
    pub route_id: Option<i64>,
    /// From when the goods are on board; now, if left out.
    #[serde(default)]
    pub starts_at: Option<DateTime<Utc>>,
    /// Until when; open, if left out.
    #[serde(default)]
    pub ends_at: Option<DateTime<Utc>>,
    /// Who drives, in the operator's own code; what the device says goes before.
    #[serde(default)]
    pub driver: Option<String>,
    /// The attendant beside the driver, in the operator's own code.
    #[serde(default)]
    pub escort: Option<String>,
    /// Whether an attendant has to be on board.
    #[serde(default)]
    pub escort_required: bool,
    /// Where it is loaded.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub origin: Option<Site>,
    /// Where it is unloaded.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub destination: Option<Site>,
    /// Not to depart before.
    #[serde(default)]
    pub depart_after: Option<DateTime<Utc>>,
    /// Not to arrive before.
    #[serde(default)]
    pub arrive_from: Option<DateTime<Utc>>,
    /// To arrive by.
    #[serde(default)]
    pub arrive_by: Option<DateTime<Utc>>,
    /// What the cargo's sensors may show.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub cargo_limits: CargoLimits,
}

impl ShipmentFiling {
    /// The shipment of `vehicle_id` that this files; it starts `now` where it does not say when.
    #[must_use]
    pub fn of(self, vehicle_id: VehicleId, operator_id: OrganisationId, now: DateTime<Utc>) -> NewShipment {
        NewShipment {
            vehicle_id,
            operator_id,
            waybill: self.waybill,
            goods: self.goods,
            contacts: self.contacts,
            route_id: self.route_id.map(RouteId),
            starts_at: self.starts_at.unwrap_or(now),
            ends_at: self.ends_at,
            driver: self.driver,
            escort: self.escort,
            escort_required: self.escort_required,
            origin: self.origin,
            destination: self.destination,
            depart_after: self.depart_after,
            arrive_from: self.arrive_from,
            arrive_by: self.arrive_by,
            cargo_limits: self.cargo_limits,
        }
    }
}

/// One goods line of a shipment in a CSV file; rows with the same operator and waybill make one shipment.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShipmentRow {
    operator: OperatorCode,
    vehicle: VehicleCode,
    waybill: String,
    un_number: UnNumber,
    #[serde(default)]
    packing_group: Option<PackingGroup>,
    #[serde(default)]
    variant: Option<String>,
    #[serde(default)]
    technical_name: Option<String>,
    mode: CarriageMode,
    #[serde(default)]
    quantity_kg: Option<f64>,
    #[serde(default)]
    quantity_l: Option<f64>,
    #[serde(default)]
    net_explosive_mass_kg: Option<f64>,
    #[serde(default)]
    empty_uncleaned: Option<bool>,
    #[serde(default)]
    emergency_name: Option<String>,
    #[serde(default)]
    emergency_phone: Option<String>,
    #[serde(default)]
    starts_at: Option<DateTime<Utc>>,
    #[serde(default)]
    ends_at: Option<DateTime<Utc>>,
    #[serde(default)]
    driver: Option<String>,
    #[serde(default)]
    arrive_by: Option<DateTime<Utc>>,
}

/// Reads shipments: a JSON list as the API takes them, or CSV with a row for each line of goods.
///
/// # Errors
/// Names every row that cannot be taken.
pub fn shipments(path: &Path) -> Result<Vec<ShipmentFiling>, ImportError> {
    if !is_csv(path) {
        return rows(path);
    }
    let mut shipments: Vec<ShipmentFiling> = Vec::new();
    for row in rows::<ShipmentRow>(path)? {
        let goods = GoodsLine {
            un_number: row.un_number,
            packing_group: row.packing_group,
            variant: row.variant,
            technical_name: row.technical_name,
            mode: row.mode,
            quantity_kg: row.quantity_kg,
            quantity_l: row.quantity_l,
            net_explosive_mass_kg: row.net_explosive_mass_kg,
            empty_uncleaned: row.empty_uncleaned.unwrap_or(false),
        };
        let known = shipments.iter_mut().find(|known| known.operator == row.operator && known.waybill == row.waybill);
        if let Some(known) = known {
            known.goods.push(goods);
            continue;
        }
        let emergency = row.emergency_name.zip(row.emergency_phone);
        shipments.push(ShipmentFiling {
            operator: row.operator,
            vehicle: row.vehicle,
            waybill: row.waybill,
            goods: vec![goods],
            contacts: emergency
                .map(|(name, phone)| Contact { role: ContactRole::Emergency, name, phone })
                .into_iter()
                .collect(),
            route_id: None,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            driver: row.driver,
            escort: None,
            escort_required: false,
            origin: None,
            destination: None,
            depart_after: None,
            arrive_from: None,
            arrive_by: row.arrive_by,
            cargo_limits: CargoLimits::default(),
        });
    }
    Ok(shipments)
}

fn is_csv(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"))
}

fn rows<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, ImportError> {
    if is_csv(path) {
        let text = read(path)?;
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let rows = reader.deserialize().map(|row| row.map_err(|error| error.to_string())).collect();
        return whole(path, rows);
    }
    let Value::Array(entries) = read_json(path)? else { return Err(form(path, "a JSON list is wanted")) };
    let entry = |(number, entry): (usize, Value)| {
        serde_json::from_value(entry).map_err(|error| format!("entry {number}: {error}"))
    };
    whole(path, entries.into_iter().enumerate().map(entry).collect())
}
