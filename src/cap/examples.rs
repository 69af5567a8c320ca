//! Messages about one staged accident, for the tests: a chlorine tank vehicle on its side near a school.

use super::{
    Alert, Area, CapTime, Category, Certainty, Circle, Info, MessageType, NamedValue, Polygon, Resource, ResponseType,
    Scope, Severity, Status, Urgency,
};

const PLACE: (f64, f64) = (51.953_21, 4.128_74);

fn time(text: &str) -> CapTime {
    text.parse().unwrap()
}

fn message(version: u32, sent: &str, message_type: MessageType) -> Alert {
    Alert::new(
        format!("incident-0198f2c4.{version}").parse().unwrap(),
        "placard.example.org".parse().unwrap(),
        time(sent),
        Status::Actual,
        message_type,
        Scope::Restricted,
    )
}

fn areas(isolation: &str, protection: &str) -> Vec<Area> {
    let isolation = Area { circles: vec![Circle::new(PLACE, 0.6).unwrap()], ..Area::new(isolation) };
    let downwind = [(51.953_21, 4.119_97), (51.953_21, 4.137_51), (51.972_1, 4.154_2), (51.972_1, 4.103_3)];
    let protection = Area {
        polygons: vec![Polygon::new(downwind).unwrap()],
        geocodes: vec![NamedValue::new("ISO 3166-2", "NL-ZH")],
        ..Area::new(protection)
    };
    vec![isolation, protection]
}

fn parameters() -> Vec<NamedValue> {
    [("HAZMAT.UN", "1017"), ("HAZMAT.HIN", "265"), ("HAZMAT.CLASS", "2.3")]
        .map(|(name, value)| NamedValue::new(name, value))
        .into()
}

fn in_english() -> Info {
    Info {
        response_types: vec![ResponseType::Shelter, ResponseType::Avoid],
        audience: Some("Fire and rescue services on duty".into()),
        event_codes: vec![NamedValue::new("PLACARD.RULE", "motion.rollover")],
        effective: Some(time("2026-11-24T15:04:05-00:00")),
        onset: Some(time("2026-11-24T15:03:52-00:00")),
        expires: Some(time("2026-11-24T21:04:05-00:00")),
        sender_name: Some("Placard, Rhine Chem dispatch".into()),
        headline: Some("UN 1017 chlorine: tank vehicle on its side, keep 600 m away".into()),
        description: Some("Rollover reported by the vehicle.\nA school lies 400 m north-east & downwind.".into()),
        instruction: Some("Stay upwind. Do not put water on the leak.".into()),
        web: Some("https://placard.example.org/incidents/0198f2c4?lang=en&view=sheet".parse().unwrap()),
        contact: Some("Rhine Chem, 24 h: +31 10 555 0100".into()),
        parameters: parameters(),
        resources: vec![Resource {
            size_bytes: Some(48_213),
            ..Resource::at(
                "Hazard sheet",
                "text/html",
                "https://placard.example.org/incidents/0198f2c4/sheet".parse().unwrap(),
            )
        }],
        areas: areas("Isolation, 600 m around the vehicle", "Protective action, downwind"),
        ..Info::new(
            "en-GB".parse().unwrap(),
            Category::Transport,
            "Tank vehicle on its side",
            Urgency::Immediate,
            Severity::Extreme,
            Certainty::Observed,
        )
    }
}

fn in_chinese() -> Info {
    Info {
        headline: Some("UN 1017 氯：罐车侧翻，请远离 600 米".into()),
        instruction: Some("留在上风向。不要向泄漏处喷水。".into()),
        parameters: parameters(),
        areas: areas("隔离区，车辆周围 600 米", "下风向防护区"),
        ..Info::new(
            "zh-CN".parse().unwrap(),
            Category::Transport,
            "罐车侧翻",
            Urgency::Immediate,
            Severity::Extreme,
            Certainty::Observed,
        )
    }
}

/// The first word: restricted, because it tells the cargo; in two languages, with two areas.
pub(super) fn alert() -> Alert {
    Alert {
        source: Some("NL 12-BXK-3, rollover sensor".into()),
        restriction: Some("Fire and rescue services and the duty desk of the carrier".into()),
        codes: vec!["placard:sheet:1".into()],
        incidents: vec!["0198f2c4".into()],
        infos: vec![in_english(), in_chinese()],
        ..message(1, "2026-11-24T15:04:05-00:00", MessageType::Alert)
    }
}

/// The wind has turned: replaces the alert.
pub(super) fn update() -> Alert {
    let turned = [(51.953_21, 4.119_97), (51.953_21, 4.137_51), (51.934_3, 4.154_2), (51.934_3, 4.103_3)];
    let mut info = in_english();
    info.areas[1].polygons = vec![Polygon::new(turned).unwrap()];
    info.headline = Some("UN 1017 chlorine: wind has turned, protect the south".into());
    Alert {
        restriction: Some("Fire and rescue services and the duty desk of the carrier".into()),
        references: vec![alert().reference()],
        incidents: vec!["0198f2c4".into(), "Port area 7".into()],
        infos: vec![info],
        ..message(2, "2026-11-24T16:31:40+01:00", MessageType::Update)
    }
}

/// All over: withdraws both earlier messages, and says nothing but why.
pub(super) fn cancel() -> Alert {
    Alert {
        restriction: Some("Fire and rescue services and the duty desk of the carrier".into()),
        note: Some(
            "Valve closed at 17:20, no chlorine measured since. Incident closed by the officer in charge.".into(),
        ),
        references: vec![alert().reference(), update().reference()],
        incidents: vec!["0198f2c4".into()],
        ..message(3, "2026-11-24T18:02:00-00:00", MessageType::Cancel)
    }
}

/// A drill of the same accident: for named people only, marked as an exercise.
pub(super) fn exercise() -> Alert {
    Alert {
        status: Status::Exercise,
        scope: Scope::Private,
        addresses: vec!["duty@brigade.example.org".into(), "Rhine Chem dispatch".into()],
        note: Some("Drill 2026-4, half-yearly exercise of the plan for chlorine".into()),
        infos: vec![Info { areas: areas("Isolation", "Protective action"), ..in_english() }],
        ..message(4, "2026-11-25T09:00:00-00:00", MessageType::Alert)
    }
}
