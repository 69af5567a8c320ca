//! A zone as it is filed, and whether it has what its kind needs and nothing else.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::{documented, problem::Problem};
use crate::{
    domain::{CargoPredicate, CategoryByTime, Schedule, TunnelCategory, Vulnerable, ZoneKind},
    geo::shape_and_area,
    store::zones::NewZone,
};

/// A zone to be published, or a new version of one.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ZoneFiling {
    /// What people call it.
    name: String,
    /// What it means.
    kind: KindName,
    /// Whom a prohibition, restriction, speed limit or time ban concerns; all dangerous goods, if left out.
    #[serde(default)]
    #[schema(value_type = Option<documented::CargoPredicate>)]
    cargo: Option<CargoPredicate>,
    /// Highest speed in km/h; a speed limit needs it.
    #[serde(default)]
    limit_kmh: Option<f64>,
    /// Most of the named cargo on one vehicle, in kilograms; a restriction may have it.
    #[serde(default)]
    max_quantity_kg: Option<f64>,
    /// Highest speed with the named cargo, in km/h; a restriction may have it.
    #[serde(default)]
    max_speed_kmh: Option<f64>,
    /// Whether an attendant has to be on board; a restriction may have it.
    #[serde(default)]
    escort_required: Option<bool>,
    /// Longest stay in seconds; a restriction may have it.
    #[serde(default)]
    max_stay_s: Option<f64>,
    /// Category by ADR 1.9.5.2.2, A to E; a tunnel needs it.
    #[serde(default)]
    #[schema(value_type = Option<documented::TunnelCategory>)]
    category: Option<TunnelCategory>,
    /// Other categories of a tunnel at certain times; the first whose schedule is on holds.
    #[serde(default)]
    #[schema(value_type = Option<Vec<documented::CategoryByTime>>)]
    by_time: Option<Vec<CategoryByTime>>,
    /// Whether somebody watches over the vehicles; a place to stop needs it.
    #[serde(default)]
    supervised: Option<bool>,
    /// What is to be protected; a vulnerable place needs it.
    #[serde(default)]
    #[schema(value_type = Option<documented::Vulnerable>)]
    what: Option<Vulnerable>,
    /// Its area: a GeoJSON Polygon or MultiPolygon, a Circle or a Corridor, with at most 20,000 corners. Where it crosses
    /// the antimeridian it may be cut there, or run on past ±180, or jump by more than 180 degrees; a ring all the way
    /// round the earth encloses the pole on its side of the equator.
    #[schema(value_type = documented::Area)]
    area: Value,
    /// From when it is in force, by the time of the fix; now, if left out.
    #[serde(default)]
    pub(super) valid_from: Option<DateTime<Utc>>,
    /// Until when; until it is replaced or withdrawn, if left out.
    #[serde(default)]
    valid_to: Option<DateTime<Utc>>,
    /// The times at which it is in effect; always, if left out. A time ban needs it.
    #[serde(default)]
    #[schema(value_type = Option<documented::Schedule>)]
    schedule: Option<Schedule>,
    /// The group of zones that it belongs to: those of one rule share one episode.
    #[serde(default)]
    group: Option<String>,
    /// How long a vehicle must be inside before that is raised, in seconds; at once, if left out.
    #[serde(default)]
    dwell_s: Option<f64>,
}

/// The kinds of zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ZoneKind)]
enum KindName {
    Prohibited,
    Restricted,
    SpeedLimit,
    Tunnel,
    TimeBan,
    StopPlace,
    UnloadingPlace,
    VulnerablePlace,
    DeadZone,
}

impl KindName {
    const ALL: [Self; 9] = [
        Self::Prohibited,
        Self::Restricted,
        Self::SpeedLimit,
        Self::Tunnel,
        Self::TimeBan,
        Self::StopPlace,
        Self::UnloadingPlace,
        Self::VulnerablePlace,
        Self::DeadZone,
    ];

    /// The fields that zones of this kind have and others may not.
    fn own_fields(self) -> &'static [&'static str] {
        match self {
            Self::Prohibited | Self::TimeBan => &["cargo"],
            Self::Restricted => &["cargo", "max_quantity_kg", "max_speed_kmh", "escort_required", "max_stay_s"],
            Self::SpeedLimit => &["cargo", "limit_kmh"],
            Self::Tunnel => &["category", "by_time"],
            Self::StopPlace => &["supervised"],
            Self::VulnerablePlace => &["what"],
            Self::UnloadingPlace | Self::DeadZone => &[],
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Prohibited => "prohibited",
            Self::Restricted => "restricted",
            Self::SpeedLimit => "speed_limit",
            Self::Tunnel => "tunnel",
            Self::TimeBan => "time_ban",
            Self::StopPlace => "stop_place",
            Self::UnloadingPlace => "unloading_place",
            Self::VulnerablePlace => "vulnerable_place",
            Self::DeadZone => "dead_zone",
        }
    }
}

impl ZoneFiling {
    /// Checks the zone, which begins `now` where it does not say when.
    pub(super) fn check(self, now: DateTime<Utc>) -> Result<NewZone, Problem> {
        if self.name.trim().is_empty() {
            return Err(Problem::invalid("name", "the name is empty; what people call the zone is wanted"));
        }
        let valid_from = self.valid_from.unwrap_or(now);
        if self.valid_to.is_some_and(|end| end <= valid_from) {
            return Err(Problem::invalid("valid_to", format!("it must be after valid_from, {valid_from}")));
        }
        positive("dwell_s", self.dwell_s)?;
        if self.group.as_ref().is_some_and(|group| !is_group(group)) {
            return Err(Problem::invalid("group", "1 to 64 of A-Z a-z 0-9 . _ - are wanted, as in city-centre"));
        }
        self.check_surplus()?;
        if self.kind == KindName::TimeBan && self.schedule.is_none() {
            return Err(Problem::invalid("schedule", "a time ban needs it: the times at which it holds"));
        }
        let (shape, _) = shape_and_area(&self.area).map_err(|error| Problem::invalid("area", error.to_string()))?;
        let (valid_to, schedule, group, dwell_s, name) =
            (self.valid_to, self.schedule.clone(), self.group.clone(), self.dwell_s, self.name.clone());
        Ok(NewZone { name, kind: self.meaning()?, shape, valid_from, valid_to, schedule, group, dwell_s })
    }

    /// Refuses what belongs to another kind.
    fn check_surplus(&self) -> Result<(), Problem> {
        let given = [
            ("cargo", self.cargo.is_some()),
            ("limit_kmh", self.limit_kmh.is_some()),
            ("max_quantity_kg", self.max_quantity_kg.is_some()),
            ("max_speed_kmh", self.max_speed_kmh.is_some()),
            ("escort_required", self.escort_required.is_some()),
            ("max_stay_s", self.max_stay_s.is_some()),
            ("category", self.category.is_some()),
            ("by_time", self.by_time.is_some()),
            ("supervised", self.supervised.is_some()),
            ("what", self.what.is_some()),
        ];
        let own = self.kind.own_fields();
        let foreign = given.into_iter().find(|(field, is_given)| *is_given && !own.contains(field));
        let Some((field, _)) = foreign else { return Ok(()) };
        let owners = KindName::ALL.into_iter().filter(|kind| kind.own_fields().contains(&field));
        let owners: Vec<&str> = owners.map(KindName::as_str).collect();
        let detail = format!("a zone of kind {} has none; it belongs to {}", self.kind.as_str(), owners.join(", "));
        Err(Problem::invalid(field, detail))
    }

    /// The meaning, with what it needs.
    fn meaning(self) -> Result<ZoneKind, Problem> {
        let cargo = self.cargo.unwrap_or_default();
        positive("cargo.min_quantity_kg", cargo.min_quantity_kg)?;
        Ok(match self.kind {
            KindName::Prohibited => ZoneKind::Prohibited { cargo },
            KindName::TimeBan => ZoneKind::TimeBan { cargo },
            KindName::SpeedLimit => {
                positive("limit_kmh", self.limit_kmh)?;
                let limit_kmh = self.limit_kmh.ok_or_else(|| needed("limit_kmh", "a speed limit", "km/h above 0"))?;
                ZoneKind::SpeedLimit { cargo, limit_kmh }
            }
            KindName::Restricted => {
                if self.max_quantity_kg.is_some_and(|quantity| quantity < 0.0) {
                    return Err(Problem::invalid("max_quantity_kg", "kilograms of 0 or more are wanted"));
                }
                positive("max_speed_kmh", self.max_speed_kmh)?;
                positive("max_stay_s", self.max_stay_s)?;
                let escort_required = self.escort_required.unwrap_or(false);
                let conditions = [self.max_quantity_kg, self.max_speed_kmh, self.max_stay_s];
                if !escort_required && conditions.iter().all(Option::is_none) {
                    let detail = "a restriction needs a condition: max_quantity_kg, max_speed_kmh, escort_required or max_stay_s";
                    return Err(Problem::invalid("kind", detail));
                }
                ZoneKind::Restricted {
                    cargo,
                    max_quantity_kg: self.max_quantity_kg,
                    max_speed_kmh: self.max_speed_kmh,
                    escort_required,
                    max_stay_s: self.max_stay_s,
                }
            }
            KindName::Tunnel => ZoneKind::Tunnel {
                category: self.category.ok_or_else(|| needed("category", "a tunnel", "A to E"))?,
                by_time: self.by_time.unwrap_or_default(),
            },
            KindName::StopPlace => ZoneKind::StopPlace {
                supervised: self.supervised.ok_or_else(|| needed("supervised", "a place to stop", "true or false"))?,
            },
            KindName::VulnerablePlace => ZoneKind::VulnerablePlace {
                what: self.what.ok_or_else(|| {
                    needed("what", "a vulnerable place", "bridge, tunnel, dwelling, workplace or assembly")
                })?,
            },
            KindName::UnloadingPlace => ZoneKind::UnloadingPlace {},
            KindName::DeadZone => ZoneKind::DeadZone {},
        })
    }
}

fn needed(field: &'static str, by: &str, wanted: &str) -> Problem {
    Problem::invalid(field, format!("{by} needs it: {wanted}"))
}

fn positive(field: &'static str, value: Option<f64>) -> Result<(), Problem> {
    match value.filter(|value| *value <= 0.0) {
        Some(value) => Err(Problem::invalid(field, format!("it is {value}; more than 0 is wanted"))),
        None => Ok(()),
    }
}

/// Whether a text may name a group of zones: it becomes part of the subjects of violations.
pub(super) fn is_group(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=64).contains(&text.len()) && text.bytes().all(allowed)
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
        let filing: ZoneFiling = serde_json::from_value(filing).map_err(|error| error.to_string())?;
        filing.check(now).map_err(|problem| format!("{problem:?}"))
    }

    fn nights() -> Value {
        json!({ "time_zone": "Europe/Berlin", "windows": [{ "days": ["mon"], "from": "22:00", "to": "06:00" }] })
    }

    #[test]
    fn a_zone_has_what_its_kind_needs() {
        assert_eq!(checked(&json!({})).unwrap().kind, ZoneKind::Prohibited { cargo: CargoPredicate::default() });
        for good in [
            json!({ "kind": "tunnel", "category": "C", "by_time": [{ "category": "E", "schedule": nights() }] }),
            json!({ "kind": "speed_limit", "limit_kmh": 60 }),
            json!({ "kind": "restricted", "max_quantity_kg": 0, "cargo": { "modes": ["tank"] } }),
            json!({ "kind": "restricted", "escort_required": true }),
            json!({ "kind": "time_ban", "schedule": nights() }),
            json!({ "kind": "stop_place", "supervised": false }),
            json!({ "kind": "vulnerable_place", "what": "dwelling" }),
            json!({ "kind": "unloading_place" }),
            json!({ "kind": "dead_zone", "group": "valley.1", "dwell_s": 30 }),
        ] {
            let zone = checked(&good).unwrap_or_else(|error| panic!("{good}: {error}"));
            // What is stored reads back as the same.
            let stored = serde_json::to_value(&zone.kind).unwrap();
            assert_eq!(stored["kind"], good["kind"]);
            assert_eq!(serde_json::from_value::<ZoneKind>(stored).unwrap(), zone.kind);
        }
        for (bad, field) in [
            (json!({ "kind": "tunnel" }), "category"),
            (json!({ "kind": "speed_limit" }), "limit_kmh"),
            (json!({ "kind": "speed_limit", "limit_kmh": 0 }), "limit_kmh"),
            (json!({ "kind": "restricted" }), "needs a condition"),
            (json!({ "kind": "restricted", "max_stay_s": -1 }), "max_stay_s"),
            (json!({ "kind": "time_ban" }), "schedule"),
            (json!({ "kind": "stop_place" }), "supervised"),
            (json!({ "kind": "vulnerable_place" }), "what"),
            (json!({ "dwell_s": 0 }), "dwell_s"),
            (json!({ "group": "a/b" }), "group"),
            (json!({ "cargo": { "min_quantity_kg": 0 } }), "cargo.min_quantity_kg"),
        ] {
            let error = checked(&bad).unwrap_err();
            assert!(error.contains(field), "{bad}: {error}");
        }
    }

    #[test]
    fn a_zone_has_nothing_that_belongs_to_another_kind() {
        let error = checked(&json!({ "limit_kmh": 5 })).unwrap_err();
        assert!(error.contains("limit_kmh") && error.contains("it belongs to speed_limit"), "{error}");
        let error = checked(&json!({ "kind": "dead_zone", "cargo": {} })).unwrap_err();
        assert!(error.contains("it belongs to prohibited, restricted, speed_limit, time_ban"), "{error}");
        assert!(checked(&json!({ "cargo": { "colour": "red" } })).unwrap_err().contains("colour"));
    }

    #[test]
    fn an_area_that_is_none_is_refused_with_the_place_and_the_reason() {
        let bow_tie = json!([[[4.0, 51.0], [5.0, 52.0], [5.0, 51.0], [4.0, 52.0], [4.0, 51.0]]]);
        let error = checked(&json!({ "area": { "type": "Polygon", "coordinates": bow_tie } })).unwrap_err();
        assert!(error.contains("coordinates[0][") && error.contains("crosses"), "{error}");
    }

    #[test]
    fn a_zone_ends_after_it_begins() {
        let error =
            checked(&json!({ "valid_from": "2026-02-01T00:00:00Z", "valid_to": "2026-01-01T00:00:00Z" })).unwrap_err();
        assert!(error.contains("valid_to"), "{error}");
    }

    #[test]
    fn a_zone_names_the_calendars_of_its_own_times_and_of_its_categories() {
        let mut times = nights();
        times["calendar"] = json!("de");
        let zone = checked(&json!({
            "kind": "tunnel", "category": "C", "schedule": nights(), "by_time": [{ "category": "E", "schedule": times }],
        }));
        let calendars: Vec<_> = zone.unwrap().schedules().map(|schedule| schedule.calendar.clone()).collect();
        assert_eq!(calendars, [None, Some("de".into())]);
    }
}
