//! Zones as they are published.

use serde_json::{Map, Value, json};

use super::{Area, Moment, Predicate, Schedule};
use crate::goods::TunnelCategory;

/// A place of a kind that explosives keep away from while they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vulnerable {
    /// A bridge.
    Bridge,
    /// A tunnel.
    Tunnel,
    /// A place where people live.
    Dwelling,
    /// A place where people work.
    Workplace,
    /// A place where people assemble.
    Assembly,
}

/// What a zone means.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Closed to the cargo.
    Prohibited(Predicate),
    /// Open to the cargo on conditions.
    Restricted(Predicate, Conditions),
    /// A speed limit for the cargo, in km/h.
    SpeedLimit(Predicate, f64),
    /// The bore of a tunnel: its category, and others at certain times.
    Tunnel(TunnelCategory, Vec<(TunnelCategory, Schedule)>),
    /// Closed to the cargo while the zone's schedule is open.
    TimeBan(Predicate),
    /// Stopping is allowed here; somebody may watch over what stands.
    StopPlace {
        /// Whether somebody does.
        supervised: bool,
    },
    /// Loading and unloading happen here.
    UnloadingPlace,
    /// Explosives keep away from here.
    VulnerablePlace(Vulnerable),
    /// No radio here.
    DeadZone,
}

/// Conditions of a restricted zone; what is not given does not restrict.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Conditions {
    /// Most kilograms on board.
    pub max_quantity_kg: Option<f64>,
    /// Highest speed in km/h.
    pub max_speed_kmh: Option<f64>,
    /// Whether an attendant must be on board.
    pub escort_required: bool,
    /// Longest stay in seconds.
    pub max_stay_s: Option<f64>,
}

/// A zone.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    /// Its name, unique in a world; findings are known again by it.
    pub name: String,
    /// What it means.
    pub kind: Kind,
    /// Where it is.
    pub area: Area,
    /// From when it is in force, in simulated seconds; from long before, if not given.
    pub valid_from_s: Option<f64>,
    /// Until when, in simulated seconds.
    pub valid_to_s: Option<f64>,
    /// When it is in effect; always, if not given.
    pub schedule: Option<Schedule>,
    /// Zones of one group share an episode.
    pub group: Option<String>,
    /// Being inside counts only after so many seconds.
    pub dwell_s: Option<f64>,
}

impl Zone {
    /// A zone that is always in effect.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: Kind, area: Area) -> Self {
        Self {
            name: name.into(),
            kind,
            area,
            valid_from_s: None,
            valid_to_s: None,
            schedule: None,
            group: None,
            dwell_s: None,
        }
    }

    /// The same with a schedule.
    #[must_use]
    pub fn during(mut self, schedule: Schedule) -> Self {
        self.schedule = Some(schedule);
        self
    }

    /// The same as part of a group.
    #[must_use]
    pub fn in_group(mut self, group: &str) -> Self {
        self.group = Some(group.into());
        self
    }

    /// What findings about it name: the group, or the zone by its name.
    #[must_use]
    pub fn subject(&self) -> String {
        self.group.as_ref().map_or_else(|| format!("zone/{}", self.name), |group| format!("group/{group}"))
    }

    /// The zone as the API takes it.
    #[must_use]
    pub fn to_json(&self, moment: &Moment) -> Value {
        let mut told = Map::new();
        told.insert("name".into(), json!(self.name));
        self.kind.tell(&mut told);
        told.insert("area".into(), self.area.to_json());
        told.insert("valid_from".into(), json!(moment.text(self.valid_from_s.unwrap_or(-864_000.0))));
        if let Some(valid_to_s) = self.valid_to_s {
            told.insert("valid_to".into(), json!(moment.text(valid_to_s)));
        }
        if let Some(schedule) = &self.schedule {
            told.insert("schedule".into(), schedule.to_json());
        }
        if let Some(group) = &self.group {
            told.insert("group".into(), json!(group));
        }
        if let Some(dwell_s) = self.dwell_s {
            told.insert("dwell_s".into(), json!(dwell_s));
        }
        Value::Object(told)
    }
}

impl Kind {
    /// Its name in the API.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Prohibited(_) => "prohibited",
            Self::Restricted(..) => "restricted",
            Self::SpeedLimit(..) => "speed_limit",
            Self::Tunnel(..) => "tunnel",
            Self::TimeBan(_) => "time_ban",
            Self::StopPlace { .. } => "stop_place",
            Self::UnloadingPlace => "unloading_place",
            Self::VulnerablePlace(_) => "vulnerable_place",
            Self::DeadZone => "dead_zone",
        }
    }

    fn tell(&self, told: &mut Map<String, Value>) {
        let mut tell = |field: &str, value: Value| drop(told.insert(field.into(), value));
        tell("kind", json!(self.name()));
        match self {
            Self::Prohibited(cargo) | Self::TimeBan(cargo) => tell("cargo", cargo.to_json()),
            Self::Restricted(cargo, conditions) => {
                tell("cargo", cargo.to_json());
                if let Some(kg) = conditions.max_quantity_kg {
                    tell("max_quantity_kg", json!(kg));
                }
                if let Some(kmh) = conditions.max_speed_kmh {
                    tell("max_speed_kmh", json!(kmh));
                }
                if conditions.escort_required {
                    tell("escort_required", json!(true));
                }
                if let Some(stay_s) = conditions.max_stay_s {
                    tell("max_stay_s", json!(stay_s));
                }
            }
            Self::SpeedLimit(cargo, limit_kmh) => {
                tell("cargo", cargo.to_json());
                tell("limit_kmh", json!(limit_kmh));
            }
            Self::Tunnel(category, by_time) => {
                tell("category", json!(category));
                if !by_time.is_empty() {
                    let others = by_time.iter();
                    let others = others.map(|(category, at)| json!({ "category": category, "schedule": at.to_json() }));
                    tell("by_time", others.collect());
                }
            }
            Self::StopPlace { supervised } => tell("supervised", json!(supervised)),
            Self::VulnerablePlace(what) => tell("what", json!(what.name())),
            Self::UnloadingPlace | Self::DeadZone => {}
        }
    }
}

impl Vulnerable {
    fn name(self) -> &'static str {
        match self {
            Self::Bridge => "bridge",
            Self::Tunnel => "tunnel",
            Self::Dwelling => "dwelling",
            Self::Workplace => "workplace",
            Self::Assembly => "assembly",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Place;

    #[test]
    fn a_zone_is_told_as_the_api_takes_it() {
        let moment = Moment::new("2026-10-24T12:00:00Z".parse().unwrap());
        let area = Area::circle(Place::new(51.0, 4.0), 500.0);
        let conditions = Conditions { max_speed_kmh: Some(30.0), escort_required: true, ..Conditions::default() };
        let mut zone = Zone::new("Old town", Kind::Restricted(Predicate::any(), conditions), area).in_group("city");
        zone.valid_to_s = Some(60.0);
        zone.dwell_s = Some(30.0);
        assert_eq!(
            zone.to_json(&moment),
            json!({ "name": "Old town", "kind": "restricted", "cargo": { "classes": [], "un_numbers": [] },
                "max_speed_kmh": 30.0, "escort_required": true, "group": "city", "dwell_s": 30.0,
                "area": { "type": "Circle", "center": [4.0, 51.0], "radius_m": 500.0 },
                "valid_from": "2026-10-14T12:00:00.000Z", "valid_to": "2026-10-24T12:01:00.000Z" })
        );
        assert_eq!(zone.subject(), "group/city");
    }

    #[test]
    fn a_tunnel_tells_its_other_categories_by_time() {
        let moment = Moment::new("2026-10-24T12:00:00Z".parse().unwrap());
        let by_day = Schedule::daily(chrono_tz::Europe::London, &super::super::Day::EVERY, (4, 0), (23, 0));
        let kind = Kind::Tunnel(TunnelCategory::C, vec![(TunnelCategory::E, by_day)]);
        let told = Zone::new("Airport tunnel", kind, Area::circle(Place::new(51.0, 4.0), 5.0)).to_json(&moment);
        assert_eq!((&told["category"], &told["by_time"][0]["category"]), (&json!("C"), &json!("E")));
        assert_eq!(told["by_time"][0]["schedule"]["time_zone"], "Europe/London");
    }
}
