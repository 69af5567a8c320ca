//! Forms that the API document shows in full for types that know nothing of the API: the domain's, and GeoJSON's.
//! They are never made; a test compares them with what the real types read.

use chrono::{DateTime, Utc};
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
    /// Ways of carriage; any, if left out.
    modes: Option<Vec<CarriageMode>>,
    /// Whether the load is of high consequence (ADR 1.10.3.1.2), or must not be.
    high_consequence: Option<bool>,
    /// Least mass of such goods in the load, in kilograms; what is not stated is enough.
    min_quantity_kg: Option<f64>,
    /// Whether the tank or packaging is empty but not cleaned, or must not be.
    empty_uncleaned: Option<bool>,
}

/// What a zone means, with what its kind needs.
#[derive(ToSchema)]
#[allow(dead_code)]
pub(super) struct ZoneMeaning {
    /// prohibited, restricted, speed_limit, tunnel, time_ban, stop_place, unloading_place, vulnerable_place or dead_zone.
    kind: String,
    /// Whom a prohibition, restriction, speed limit or time ban concerns.
    cargo: Option<CargoPredicate>,
    /// Highest speed in km/h of a speed limit.
    limit_kmh: Option<f64>,
    /// Most of the cargo on one vehicle that a restriction allows, in kilograms.
    max_quantity_kg: Option<f64>,
    /// Highest speed that a restriction allows, in km/h.
    max_speed_kmh: Option<f64>,
    /// Whether a restriction wants an attendant on board.
    escort_required: Option<bool>,
    /// Longest stay that a restriction allows, in seconds.
    max_stay_s: Option<f64>,
    /// Category of a tunnel.
    category: Option<TunnelCategory>,
    /// Other categories of a tunnel at certain times; the first whose schedule is on holds.
    by_time: Option<Vec<CategoryByTime>>,
    /// Whether somebody watches over vehicles at a place to stop.
    supervised: Option<bool>,
    /// What is to be protected at a vulnerable place.
    what: Option<Vulnerable>,
}

/// A tunnel's category at certain times.
#[derive(ToSchema)]
#[allow(dead_code)]
pub(super) struct CategoryByTime {
    /// The category.
    category: TunnelCategory,
    /// When it holds.
    schedule: Schedule,
}

/// What vehicles with explosives may not stand near.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code)]
pub(super) enum Vulnerable {
    Bridge,
    Tunnel,
    Dwelling,
    Workplace,
    Assembly,
}

/// Weekly times by the clock of a place, daylight saving included.
#[derive(ToSchema)]
#[allow(dead_code)]
pub(super) struct Schedule {
    /// IANA name of the time zone.
    #[schema(example = "Europe/Berlin")]
    time_zone: String,
    /// Code of the calendar of holidays.
    calendar: Option<String>,
    /// When it is on.
    windows: Vec<Window>,
}

/// A time of some days: it belongs to the day on which it begins, and may run over midnight.
#[derive(ToSchema)]
#[schema(as = ScheduleWindow)]
#[allow(dead_code)]
struct Window {
    /// The days: mon to sun, holiday. On a holiday only windows for holidays apply, if there are any.
    #[schema(example = json!(["mon", "holiday"]))]
    days: Vec<String>,
    /// When it begins.
    #[schema(example = "22:00")]
    from: String,
    /// When it ends; where it ends as it begins, it lasts until the same time of the next day.
    #[schema(example = "06:00")]
    to: String,
}

/// A document that runs out.
#[derive(ToSchema)]
#[allow(dead_code)]
pub(super) struct Document {
    /// What it is.
    kind: DocumentKind,
    /// Its number.
    number: Option<String>,
    /// The last day on which it is valid.
    #[schema(example = "2027-01-31")]
    expires_on: String,
}

/// What a document is; the last three are a driver's.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code)]
enum DocumentKind {
    VehicleApproval,
    TankTest,
    Insurance,
    Permit,
    DriverCertificate,
    DrivingLicence,
    Medical,
}

/// A place where cargo is loaded or unloaded.
#[derive(ToSchema)]
#[allow(dead_code)]
pub(super) struct Site {
    /// Latitude in degrees.
    lat: f64,
    /// Longitude in degrees.
    lon: f64,
    /// How far from there still counts as there, in metres.
    radius_m: f64,
}

/// What the cargo's sensors may show.
#[derive(ToSchema)]
#[allow(dead_code)]
pub(super) struct CargoLimits {
    /// Lowest temperature in °C.
    temperature_min_c: Option<f64>,
    /// Highest temperature in °C.
    temperature_max_c: Option<f64>,
    /// Temperature in °C from which emergency measures have to be taken.
    temperature_emergency_c: Option<f64>,
    /// Highest pressure in kPa.
    pressure_max_kpa: Option<f64>,
    /// Fall of the level, in percent of the tank, that is more than sloshing.
    level_drop_pct: Option<f64>,
}

/// A section of a route that must take neither too little nor too much time.
#[derive(ToSchema)]
#[allow(dead_code)]
pub(super) struct RouteSection {
    /// What people call it.
    name: String,
    /// Where it begins, in metres along the path.
    from_m: f64,
    /// Where it ends, in metres along the path.
    to_m: f64,
    /// Least time that it may take, in seconds.
    min_s: Option<f64>,
    /// Most time that it may take, in seconds.
    max_s: Option<f64>,
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

/// The rules of one jurisdiction. Informational, not legal advice.
#[derive(ToSchema)]
#[allow(dead_code)]
pub(super) struct RulePack {
    /// Whose rules these are: a short code that vehicles name.
    #[schema(example = "adr")]
    jurisdiction: String,
    /// What people call the pack.
    title: String,
    /// What its readers must know.
    note: String,
    /// From when fixes are judged by it, by their own time.
    effective_from: DateTime<Utc>,
    /// Until when; open, if left out.
    effective_to: Option<DateTime<Utc>>,
    /// The rules. One that is not there does not judge.
    rule: Vec<PackRule>,
}

/// One rule of a pack.
#[derive(ToSchema)]
#[schema(as = RulePackRule)]
#[allow(dead_code)]
struct PackRule {
    /// Which rule.
    #[schema(example = "speed.limit")]
    key: String,
    /// Name of a rule of an authority's own (key `custom`).
    name: Option<String>,
    /// The law, standard or source that it rests on.
    citation: String,
    /// How far the source is known to say so.
    mark: Mark,
    /// How grave a violation is: S1 to S4, or an expression that comes to one of them.
    #[schema(example = "excess_ratio > 1.5 ? S1 : S2")]
    severity: String,
    /// From when the rule is in force, if later than the pack.
    effective_from: Option<DateTime<Utc>>,
    /// Until when, if not as long as the pack.
    effective_to: Option<DateTime<Utc>>,
    /// What differs from the rule's defaults; for `custom`, `when` holds the condition.
    #[schema(value_type = Option<Object>, example = json!({ "hold_s": 10 }))]
    parameters: Option<Value>,
}

/// How far a source is known: read in it, common knowledge of the field, or a proposal without legal force.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code)]
enum Mark {
    Verified,
    General,
    Proposed,
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
        let cargo = json!({
            "classes": ["3", "2.3"], "un_numbers": ["1203"], "modes": ["tank"], "high_consequence": true,
            "min_quantity_kg": 1.0, "empty_uncleaned": false,
        });
        let read: domain::CargoPredicate = serde_json::from_value(cargo.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), cargo);
        let document = json!({ "kind": "tank_test", "number": "7", "expires_on": "2027-01-31" });
        let read: domain::Document = serde_json::from_value(document.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), document);
        let site = json!({ "lat": 51.0, "lon": 4.0, "radius_m": 300.0 });
        let read: domain::Site = serde_json::from_value(site.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), site);
        let limits = json!({
            "temperature_min_c": 1.0, "temperature_max_c": 2.0, "temperature_emergency_c": 3.0, "pressure_max_kpa": 4.0,
            "level_drop_pct": 5.0,
        });
        let read: domain::CargoLimits = serde_json::from_value(limits.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), limits);
        let section = json!({ "name": "pass", "from_m": 1.0, "to_m": 2.0, "min_s": 3.0, "max_s": 4.0 });
        let read: domain::RouteSection = serde_json::from_value(section.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), section);
        let pack = json!({
            "jurisdiction": "adr", "title": "a", "note": "b", "effective_from": "2026-01-01T00:00:00Z",
            "effective_to": "2027-01-01T00:00:00Z",
            "rule": [{
                "key": "custom", "name": "own", "citation": "c", "mark": "general", "severity": "S1",
                "effective_from": "2026-01-01T00:00:00Z", "effective_to": "2027-01-01T00:00:00Z",
                "parameters": { "when": "true" },
            }],
        });
        let read: crate::rules::pack::PackDocument = serde_json::from_value(pack.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), pack);
    }
}
