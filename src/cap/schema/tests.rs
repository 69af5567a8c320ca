use super::*;
use crate::cap::{Category, Certainty, MessageType, ResponseType, Scope, Severity, Status, Urgency, examples};

fn valid() -> String {
    examples::alert().to_xml().unwrap()
}

/// The faults of a valid document after one text in it was replaced by another, as sentences.
fn faults_after(from: &str, to: &str) -> Vec<String> {
    let document = valid();
    assert!(document.contains(from), "{from}");
    check(&document.replacen(from, to, 1)).err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

#[test]
fn the_examples_are_valid() {
    for alert in [examples::alert(), examples::update(), examples::cancel(), examples::exercise()] {
        assert_eq!(check(&alert.to_xml().unwrap()), Ok(()), "{}", alert.identifier);
    }
}

#[test]
fn the_least_message_is_valid() {
    let least = format!(
        "<alert xmlns='{NAMESPACE}'><identifier>1</identifier><sender>s</sender><sent>2026-11-24T15:04:05-00:00</sent>\
         <status>System</status><msgType>Alert</msgType><scope>Public</scope></alert>"
    );
    assert_eq!(check(&least), Ok(()));
}

#[test]
fn the_words_are_those_of_the_types() {
    fn assert_same(element: &str, words: Vec<&str>) {
        let place = ALERT.iter().chain(INFO).find(|place| place.name == element).unwrap();
        assert!(matches!(place.content, OneOf(known) if known == words), "{element}");
    }
    assert_same("status", Status::ALL.iter().map(|value| value.word()).collect());
    assert_same("msgType", MessageType::ALL.iter().map(|value| value.word()).collect());
    assert_same("scope", Scope::ALL.iter().map(|value| value.word()).collect());
    assert_same("category", Category::ALL.iter().map(|value| value.word()).collect());
    assert_same("responseType", ResponseType::ALL.iter().map(|value| value.word()).collect());
    assert_same("urgency", Urgency::ALL.iter().map(|value| value.word()).collect());
    assert_same("severity", Severity::ALL.iter().map(|value| value.word()).collect());
    assert_same("certainty", Certainty::ALL.iter().map(|value| value.word()).collect());
}

#[test]
fn what_is_required_is_missed_wherever_it_stands() {
    assert_eq!(faults_after("<scope>Restricted</scope>", ""), ["scope: missing; it is required"]);
    assert_eq!(faults_after("<category>Transport</category>", ""), ["info[1]/category: missing; it is required"]);
    assert_eq!(faults_after("<value>265</value>", ""), ["info[1]/parameter[2]/value: missing; it is required"]);
    let emptied = faults_after("<identifier>incident-0198f2c4.1</identifier>", "");
    assert_eq!(emptied, ["identifier: missing; it is required"]);
}

#[test]
fn the_order_is_fixed() {
    let faults = faults_after("<scope>Restricted</scope>", "<code>early</code><scope>Restricted</scope>");
    assert_eq!(faults[0], "scope: missing; it is required");
    assert!(faults[1].starts_with("scope[1]: not expected here; the order is identifier, sender"), "{faults:?}");
    let faults =
        faults_after("<urgency>Immediate</urgency>", "<certainty>Observed</certainty><urgency>Immediate</urgency>");
    assert_eq!(faults[0], "info[1]/urgency: missing; it is required");
}

#[test]
fn what_may_stand_once_stands_once() {
    let twice = "<event>a</event><event>b</event>";
    assert_eq!(
        faults_after("<event>Tank vehicle on its side</event>", twice),
        ["info[1]/event[2]: given more than once; it may stand there once"]
    );
    let twice = "<category>Fire</category><category>Env</category>";
    assert_eq!(faults_after("<category>Transport</category>", twice), [""; 0]);
}

#[test]
fn unknown_elements_attributes_and_loose_texts_are_refused() {
    for (from, to) in [
        ("<status>", "<mood>calm</mood><status>"),
        ("<status>", "<status xml:lang=\"en\">"),
        ("<info>", "<info kind=\"first\">"),
        ("<status>", "loose<status>"),
        ("Actual", "<b/>Actual"),
        ("<status>Actual</status>", "<status xmlns=\"urn:other\">Actual</status>"),
    ] {
        assert!(!faults_after(from, to).is_empty(), "{to}");
    }
}

#[test]
fn every_type_is_checked() {
    for (from, to) in [
        ("2026-11-24T15:04:05-00:00", "2026-11-24T15:04:05Z"),
        ("2026-11-24T15:04:05-00:00", "2026-11-24T15:04:05.0-00:00"),
        ("2026-11-24T15:04:05-00:00", "2026-11-24T15:04:05,00:00"),
        ("2026-11-24T15:04:05-00:00", "2026-11-31T15:04:05-00:00"),
        ("Actual", "actual"),
        ("Actual", " Actual"),
        ("Transport", "Chemical"),
        ("en-GB", "en_GB"),
        ("en-GB", " "),
        ("48213", "48 kB"),
        ("48213", ""),
        ("/incidents/0198f2c4?", "/incidents/ 0198f2c4?"),
        ("/incidents/0198f2c4?", "/incidents/100%?"),
        ("</circle>", "</circle><altitude>1e3</altitude>"),
        ("</circle>", "</circle><altitude>.</altitude>"),
        ("</circle>", "</circle><altitude/>"),
    ] {
        assert!(!faults_after(from, to).is_empty(), "{to}");
    }
    for (from, to) in [
        ("48213", " +48213\n"),
        ("en-GB", ""),
        ("</circle>", "</circle><altitude>-.5</altitude><ceiling>10.</ceiling>"),
    ] {
        assert_eq!(faults_after(from, to), [""; 0], "{to}");
    }
}

#[test]
fn only_signatures_may_follow_the_infos() {
    let signature = "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><SignedInfo a=\"1\"/></Signature></alert>";
    assert_eq!(faults_after("</alert>", signature), [""; 0]);
    assert!(!faults_after("</alert>", "<Signature/></alert>").is_empty());
    let in_the_middle = "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/><status>";
    assert!(!faults_after("<status>", in_the_middle).is_empty());
}

#[test]
fn a_prefix_is_as_good_as_a_default_namespace_and_another_version_is_none() {
    let prefixed = valid().replace("</", "</c:").replace("<", "<c:").replace("<c:/c:", "</c:").replace("<c:?", "<?");
    assert_eq!(check(&prefixed.replace("xmlns=", "xmlns:c=")), Ok(()));
    let faults = faults_after("cap:1.2", "cap:1.1");
    assert!(faults[0].starts_with("document: the root is alert of namespace"), "{faults:?}");
}

#[test]
fn what_is_no_xml_has_one_fault() {
    let faults = faults_after("</alert>", "");
    assert_eq!(faults, ["document: <alert> is not closed; wanted is one well-formed XML 1.0 document"]);
}
