//! What the schema does not check: the rules that CAP 1.2 gives in prose (§3.2, §3.3).
//!
//! Where the standard says SHOULD (the note of an exercise and of a rejection) this asks for it. Two rules follow from
//! sense rather than from the text: what expires before it holds is never shown, and a file that can neither be fetched
//! nor is carried along is no file.

use super::{
    codes::{MessageType, Scope, Status},
    identifier::Reference,
    message::{Alert, Altitude, Area, Info, NamedValue, Resource},
};

/// What is wrong with a message: where, what, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{element}: {wrong}; {right}")]
pub struct Fault {
    /// The path of the element within the message, counted from one, as in `info[2]/area[1]/areaDesc`.
    pub element: String,
    /// What is wrong.
    pub wrong: String,
    /// What would be right.
    pub right: String,
}

impl Fault {
    pub(super) fn new(element: impl Into<String>, wrong: impl Into<String>, right: impl Into<String>) -> Self {
        Self { element: element.into(), wrong: wrong.into(), right: right.into() }
    }
}

/// Whether a text would say nothing.
pub(super) fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// The text, unless it would say nothing.
pub(super) fn said(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !is_blank(text))
}

impl Alert {
    /// Checks the rules that the schema lacks.
    ///
    /// # Errors
    /// Every fault there is, each with the path of its element.
    pub fn check(&self) -> Result<(), Vec<Fault>> {
        let mut found = Vec::new();
        let mut faults = Faults { found: &mut found, path: String::new() };
        check_scope(self, &mut faults);
        check_kind(self, &mut faults);
        for (index, info) in self.infos.iter().enumerate() {
            check_info(self, info, &mut faults.within("info", index));
        }
        if found.is_empty() { Ok(()) } else { Err(found) }
    }
}

/// Collects faults below one element.
struct Faults<'a> {
    found: &'a mut Vec<Fault>,
    path: String,
}

impl Faults<'_> {
    fn within(&mut self, element: &str, index: usize) -> Faults<'_> {
        Faults { path: format!("{}{element}[{}]/", self.path, index + 1), found: self.found }
    }

    fn add(&mut self, element: &str, wrong: impl Into<String>, right: impl Into<String>) {
        self.found.push(Fault::new(format!("{}{element}", self.path), wrong, right));
    }

    fn require(&mut self, element: &str, text: &str, right: &str) {
        if is_blank(text) {
            self.add(element, "nothing in it", right);
        }
    }
}

fn check_scope(alert: &Alert, faults: &mut Faults<'_>) {
    match (alert.scope, said(alert.restriction.as_ref())) {
        (Scope::Restricted, None) => {
            faults.add(
                "restriction",
                "missing, though the scope is Restricted",
                "it must say who may have the message",
            );
        }
        (Scope::Public | Scope::Private, Some(_)) => {
            let wrong = format!("given, though the scope is {}", alert.scope);
            faults.add("restriction", wrong, "leave it out, or make the scope Restricted");
        }
        _ => {}
    }
    if alert.scope == Scope::Private && alert.addresses.iter().all(|address| is_blank(address)) {
        faults.add("addresses", "missing, though the scope is Private", "it must name those who get the message");
    }
    for (element, list) in [("addresses", &alert.addresses), ("incidents", &alert.incidents)] {
        for item in list.iter().filter(|item| item.contains('"')) {
            let wrong = format!("{item:?} holds a double quote");
            faults.add(element, wrong, "double quotes only stand around an entry that has spaces in it");
        }
    }
}

fn check_kind(alert: &Alert, faults: &mut Faults<'_>) {
    let kind = alert.message_type;
    if kind != MessageType::Alert && alert.references.is_empty() {
        let wrong = format!("missing, though the message is of type {kind}");
        faults.add("references", wrong, "it must name the earlier messages as sender,identifier,sent");
    }
    let is_itself = |earlier: &&Reference| earlier.sender == alert.sender && earlier.identifier == alert.identifier;
    if let Some(itself) = alert.references.iter().find(is_itself) {
        let wrong = format!("{itself} is this message itself");
        faults.add("references", wrong, "every message needs an identifier of its own");
    }
    let needs_note = match (kind, alert.status) {
        (MessageType::Error, _) => Some(("missing, though the message is of type Error", "say why it rejects")),
        (_, Status::Exercise) => Some(("missing, though the status is Exercise", "name the exercise")),
        _ => None,
    };
    if let (Some((wrong, right)), None) = (needs_note, said(alert.note.as_ref())) {
        faults.add("note", wrong, right);
    }
    let may_say_nothing =
        matches!(kind, MessageType::Ack | MessageType::Error | MessageType::Cancel) || alert.status == Status::System;
    if alert.infos.is_empty() && !may_say_nothing {
        let wrong = format!("missing, though the message is of type {kind}");
        faults.add("info", wrong, "only Ack, Error and Cancel, or the status System, can do without");
    }
}

fn check_info(alert: &Alert, info: &Info, faults: &mut Faults<'_>) {
    if info.categories.is_empty() {
        faults.add("category", "missing", "at least one is needed");
    }
    faults.require("event", &info.event, "say what happens");
    check_values("eventCode", &info.event_codes, faults);
    let begins = info.effective.unwrap_or(alert.sent);
    if let Some(expires) = info.expires.filter(|expires| *expires < begins) {
        let wrong = format!("{expires} is before {begins}, from when it holds");
        faults.add("expires", wrong, "leave it out, or name a later time");
    }
    check_values("parameter", &info.parameters, faults);
    for (index, resource) in info.resources.iter().enumerate() {
        check_resource(resource, &mut faults.within("resource", index));
    }
    for (index, area) in info.areas.iter().enumerate() {
        check_area(area, &mut faults.within("area", index));
    }
}

fn check_values(element: &str, values: &[NamedValue], faults: &mut Faults<'_>) {
    for (index, value) in values.iter().enumerate() {
        let mut faults = faults.within(element, index);
        faults.require("valueName", &value.name, "say what the value is a value of");
        faults.require("value", &value.value, &format!("leave {element} {:?} out when there is no value", value.name));
    }
}

fn check_resource(resource: &Resource, faults: &mut Faults<'_>) {
    faults.require("resourceDesc", &resource.description, "say what the file is");
    if !is_media_type(&resource.mime_type) {
        faults.add(
            "mimeType",
            format!("{:?} is no media type", resource.mime_type),
            "wanted is one as in image/svg+xml",
        );
    }
    if resource.uri.is_none() && resource.content.is_none() {
        faults.add("uri", "missing, and so is the content", "say where the file can be fetched, or carry it along");
    }
}

/// Whether a text begins as `type/subtype` (RFC 2045 §5.1); parameters after a semicolon are not looked at.
fn is_media_type(text: &str) -> bool {
    let is_token = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte))
    };
    let name = text.split(';').next().unwrap_or_default().trim_end();
    name.split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
}

fn check_area(area: &Area, faults: &mut Faults<'_>) {
    faults.require("areaDesc", &area.description, "say in words where it is");
    check_values("geocode", &area.geocodes, faults);
    let Some(Altitude { from_ft, ceiling_ft }) = area.altitude else { return };
    for (element, feet) in [("altitude", Some(from_ft)), ("ceiling", ceiling_ft)] {
        if let Some(feet) = feet.filter(|feet| !feet.is_finite()) {
            faults.add(element, format!("{feet} is no height"), "wanted are feet above sea level");
        }
    }
    if let Some(ceiling_ft) = ceiling_ft.filter(|ceiling_ft| *ceiling_ft < from_ft) {
        faults.add("ceiling", format!("{ceiling_ft} is below the altitude {from_ft}"), "the ceiling is the upper end");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cap::{Category, LanguageTag, examples};

    /// The faults of the staged accident's alert after a change, as sentences.
    fn faults_after(change: impl FnOnce(&mut Alert)) -> Vec<String> {
        let mut alert = examples::alert();
        change(&mut alert);
        alert.check().err().unwrap_or_default().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_examples_have_no_fault() {
        for alert in [examples::alert(), examples::update(), examples::cancel(), examples::exercise()] {
            assert_eq!(alert.check(), Ok(()), "{}", alert.identifier);
        }
    }

    #[test]
    fn a_restriction_is_given_when_and_only_when_the_scope_is_restricted() {
        let missing = ["restriction: missing, though the scope is Restricted; it must say who may have the message"];
        assert_eq!(faults_after(|alert| alert.restriction = None), missing);
        assert_eq!(faults_after(|alert| alert.restriction = Some(" ".into())), missing);
        for scope in [Scope::Public, Scope::Private] {
            let faults = faults_after(|alert| (alert.scope, alert.addresses) = (scope, vec!["brigade".into()]));
            let given = format!("given, though the scope is {scope}; leave it out, or make the scope Restricted");
            assert_eq!(faults, [format!("restriction: {given}")]);
        }
        let public = |alert: &mut Alert| (alert.scope, alert.restriction) = (Scope::Public, None);
        assert_eq!(faults_after(public), [""; 0]);
    }

    #[test]
    fn a_private_message_names_whom_it_is_for() {
        let private = |addresses: &[&str]| {
            let addresses = addresses.iter().map(|address| (*address).to_owned()).collect();
            faults_after(|alert| {
                (alert.scope, alert.restriction, alert.addresses) = (Scope::Private, None, addresses);
            })
        };
        let missing = "addresses: missing, though the scope is Private; it must name those who get the message";
        assert_eq!(private(&[]), [missing]);
        assert_eq!(private(&[" "]), [missing]);
        assert_eq!(private(&["duty@brigade.example.org", "Port of Antwerp"]), [""; 0]);
        assert!(private(&["the \"old\" port"])[0].contains("holds a double quote"));
    }

    #[test]
    fn all_but_the_first_message_reference_earlier_ones() {
        for kind in [MessageType::Update, MessageType::Cancel, MessageType::Ack, MessageType::Error] {
            let faults = faults_after(|alert| (alert.message_type, alert.note) = (kind, Some("wrong vehicle".into())));
            let wanted = format!(
                "references: missing, though the message is of type {kind}; \
                 it must name the earlier messages as sender,identifier,sent"
            );
            assert_eq!(faults, [wanted]);
        }
    }

    #[test]
    fn a_message_does_not_reference_itself() {
        let faults = faults_after(|alert| alert.references = vec![alert.reference()]);
        assert!(faults[0].starts_with("references: ") && faults[0].contains("is this message itself"), "{faults:?}");
    }

    #[test]
    fn only_answers_cancellations_and_the_network_itself_can_say_nothing() {
        let empty = |kind, status| {
            let earlier = examples::update().reference();
            faults_after(|alert| {
                (alert.message_type, alert.status, alert.infos) = (kind, status, Vec::new());
                (alert.references, alert.note) = (vec![earlier], Some("drill 12".into()));
            })
        };
        for kind in [MessageType::Ack, MessageType::Error, MessageType::Cancel] {
            assert_eq!(empty(kind, Status::Actual), [""; 0]);
        }
        assert_eq!(empty(MessageType::Alert, Status::System), [""; 0]);
        for kind in [MessageType::Alert, MessageType::Update] {
            assert!(empty(kind, Status::Exercise)[0].starts_with("info: missing"), "{kind}");
        }
    }

    #[test]
    fn a_drill_names_its_exercise_and_a_rejection_its_reason() {
        assert_eq!(
            faults_after(|alert| alert.status = Status::Exercise),
            ["note: missing, though the status is Exercise; name the exercise"]
        );
        let rejection = |alert: &mut Alert| {
            (alert.message_type, alert.references) = (MessageType::Error, vec![examples::update().reference()]);
        };
        assert_eq!(faults_after(rejection), ["note: missing, though the message is of type Error; say why it rejects"]);
    }

    #[test]
    fn a_fault_names_the_path_of_its_element() {
        let faults = faults_after(|alert| {
            alert.infos[0].categories.clear();
            alert.infos[0].event = "\u{3000}".into();
            alert.infos[1].parameters[1].value = String::new();
            alert.infos[1].areas[1].description = "\n".into();
        });
        assert_eq!(
            faults,
            [
                "info[1]/category: missing; at least one is needed",
                "info[1]/event: nothing in it; say what happens",
                "info[2]/parameter[2]/value: nothing in it; leave parameter \"HAZMAT.HIN\" out when there is no value",
                "info[2]/area[2]/areaDesc: nothing in it; say in words where it is",
            ]
        );
    }

    #[test]
    fn what_expires_before_it_holds_is_a_fault() {
        let before = "2026-11-24T14:00:00-00:00".parse().unwrap();
        let faults = faults_after(|alert| alert.infos[0].expires = Some(before));
        assert!(faults[0].starts_with("info[1]/expires: 2026-11-24T14:00:00-00:00 is before "), "{faults:?}");
        assert_eq!(
            faults_after(|alert| (alert.infos[0].effective, alert.infos[0].expires) = (Some(before), Some(before))),
            [""; 0]
        );
    }

    #[test]
    fn a_file_has_a_media_type_and_can_be_had() {
        let faults = faults_after(|alert| {
            let resource = &mut alert.infos[0].resources[0];
            (resource.mime_type, resource.uri) = ("html".into(), None);
        });
        assert_eq!(
            faults,
            [
                "info[1]/resource[1]/mimeType: \"html\" is no media type; wanted is one as in image/svg+xml",
                "info[1]/resource[1]/uri: missing, and so is the content; \
                 say where the file can be fetched, or carry it along",
            ]
        );
        for good in ["text/html", "image/svg+xml", "text/html; charset=utf-8", "application/vnd.ms-excel"] {
            assert!(is_media_type(good), "{good}");
        }
        for bad in ["", "/", "text/", "text/ht ml", "文/文", "a/b/c"] {
            assert!(!is_media_type(bad), "{bad}");
        }
    }

    #[test]
    fn a_ceiling_is_above_the_altitude_and_both_are_numbers() {
        let heights = |from_ft, ceiling_ft| {
            let altitude = Some(Altitude { from_ft, ceiling_ft });
            faults_after(|alert| alert.infos[0].areas[0].altitude = altitude)
        };
        assert_eq!(heights(0.0, Some(500.0)), [""; 0]);
        assert_eq!(
            heights(10.0, Some(5.0)),
            ["info[1]/area[1]/ceiling: 5 is below the altitude 10; the ceiling is the upper end"]
        );
        assert_eq!(
            heights(f64::NAN, None),
            ["info[1]/area[1]/altitude: NaN is no height; wanted are feet above sea level"]
        );
    }

    #[test]
    fn one_info_may_have_several_categories_and_several_infos_one_language() {
        let english: LanguageTag = "en-GB".parse().unwrap();
        let change = |alert: &mut Alert| {
            alert.infos[0].categories.push(Category::Env);
            alert.infos.iter_mut().for_each(|info| info.language = english.clone());
        };
        assert_eq!(faults_after(change), [""; 0]);
    }
}
