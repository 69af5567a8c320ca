//! Forms that the API document shows in full for types that know nothing of the API: the domain's, and GeoJSON's.
//! They are never made; a test compares them with what the real types read.

use serde_json::Value;
use utoipa::ToSchema;

/// One line of goods of a transport document (ADR 5.4.1.1.1).
#[derive(ToSchema)]
#[allow(dead_code)]
pub(super) struct GoodsLine {
    /// UN number.
    #[schema(example = "1017")]
    un_number: String,
    /// Packing group, where the entry has one.
    packing_group: Option<PackingGroup>,
    /// Which of several catalogue entries with this UN number and packing group is meant.
    variant: Option<String>,
    /// Technical name that "not otherwise specified" entries need.
    technical_name: Option<String>,
    /// How it is carried.
    mode: CarriageMode,
    /// Mass in kilograms.
    quantity_kg: Option<f64>,
    /// Volume in litres.
    quantity_l: Option<f64>,
    /// Net explosive mass in kilograms, for class 1.
    net_explosive_mass_kg: Option<f64>,
    /// Whether the tank or packaging is empty but not cleaned.
    #[schema(default = false)]
    empty_uncleaned: Option<bool>,
}

/// The degree of danger within a class, I high to III low.
#[derive(ToSchema)]
#[allow(dead_code, clippy::upper_case_acronyms)]
enum PackingGroup {
    I,
    II,
    III,
}

/// How goods are carried.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code)]
enum CarriageMode {
    Tank,
    Bulk,
    Packages,
}

/// Whom a responder can call about the cargo.
#[derive(ToSchema)]
#[allow(dead_code)]
pub(super) struct Contact {
    /// In which role.
    role: ContactRole,
    /// Name of the person or firm.
    name: String,
    /// Telephone number in international form.
    #[schema(example = "+31 10 000 0000")]
    phone: String,
}

/// What a contact is to the shipment.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code)]
enum ContactRole {
    Consignor,
    Carrier,
    Consignee,
    Emergency,
}

/// Which cargo a zone concerns. An empty one concerns all dangerous goods.
#[derive(ToSchema)]
#[allow(dead_code)]
pub(super) struct CargoPredicate {
    /// Classes and divisions, main or subsidiary hazard.
    #[schema(example = json!(["3", "2.3"]))]
    classes: Option<Vec<String>>,
    /// UN numbers, in addition to the classes.
    #[schema(example = json!(["1203"]))]
    un_numbers: Option<Vec<String>>,
}

/// What a zone means, with what its kind needs.
#[derive(ToSchema)]
#[allow(dead_code)]
pub(super) struct ZoneMeaning {
    /// prohibited, speed_limit or tunnel.
    kind: String,
    /// Whom a prohibition or speed limit concerns.
    cargo: Option<CargoPredicate>,
    /// Highest speed in km/h of a speed limit.
    limit_kmh: Option<f64>,
    /// Category of a tunnel.
    category: Option<TunnelCategory>,
}

/// Tunnel category by ADR 1.9.5.2.2.
#[derive(ToSchema)]
#[allow(dead_code)]
pub(super) enum TunnelCategory {
    A,
    B,
    C,
    D,
    E,
}

/// An area: a GeoJSON geometry (RFC 7946), a circle or a corridor. Positions are longitude, latitude in degrees.
#[derive(ToSchema)]
#[schema(example = json!({ "type": "Circle", "center": [4.3, 51.3], "radius_m": 500 }))]
#[allow(dead_code)]
pub(super) struct Area {
    /// `Polygon`, `MultiPolygon`, `Circle` or `Corridor`.
    r#type: String,
    /// Of a polygon: rings of positions, the last equal to the first.
    #[schema(value_type = Option<Vec<Value>>)]
    coordinates: Option<Vec<Value>>,
    /// Of a circle: the position of its centre.
    center: Option<Vec<f64>>,
    /// Of a circle: its radius in metres, 1 to 5,000,000.
    radius_m: Option<f64>,
    /// Of a corridor: the positions of its path.
    path: Option<Vec<Vec<f64>>>,
    /// Of a corridor: half its width in metres, 1 to 100,000.
    half_width_m: Option<f64>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::domain;

    #[test]
    fn the_forms_are_those_that_the_domain_reads() {
        let line = json!({
            "un_number": "1017", "packing_group": "II", "variant": "a", "technical_name": "b", "mode": "packages",
            "quantity_kg": 1.0, "quantity_l": 2.0, "net_explosive_mass_kg": 3.0, "empty_uncleaned": true,
        });
        let read: domain::GoodsLine = serde_json::from_value(line.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), line);
        let contact = json!({ "role": "consignee", "name": "a", "phone": "b" });
        assert!(serde_json::from_value::<domain::Contact>(contact).is_ok());
        let cargo = json!({ "classes": ["3", "2.3"], "un_numbers": ["1203"] });
        assert!(serde_json::from_value::<domain::CargoPredicate>(cargo).is_ok());
    }
}
