//! Whole messages: what is written is what is read, by readers of others too.

use oasiscap::v1dot2;
use proptest::prelude::*;

use super::{read::Element, xml::readable, *};

/// The message as an independent reader of CAP understands it.
fn read_by_others(alert: &Alert) -> v1dot2::Alert {
    alert.to_xml().unwrap().parse().unwrap()
}

#[test]
fn an_alert_is_written_like_this() {
    insta::assert_snapshot!(examples::alert().to_xml().unwrap());
}

#[test]
fn an_update_is_written_like_this() {
    insta::assert_snapshot!(examples::update().to_xml().unwrap());
}

#[test]
fn a_cancellation_is_written_like_this() {
    insta::assert_snapshot!(examples::cancel().to_xml().unwrap());
}

#[test]
fn an_exercise_is_written_like_this() {
    insta::assert_snapshot!(examples::exercise().to_xml().unwrap());
}

#[test]
fn a_faulty_message_is_not_written() {
    let alert = Alert { restriction: None, infos: Vec::new(), ..examples::alert() };
    let error = alert.to_xml().unwrap_err();
    assert!(matches!(&error, CapError::Faults(faults) if faults.len() == 2), "{error}");
    assert!(error.to_string().contains("restriction: missing, though the scope is Restricted"), "{error}");
}

#[test]
fn an_independent_reader_understands_every_part() {
    let alert = examples::alert();
    let read = read_by_others(&alert);
    assert_eq!(read.identifier.as_str(), alert.identifier.as_str());
    assert_eq!(read.sender.as_str(), alert.sender.as_str());
    assert_eq!(chrono::DateTime::from(read.sent), alert.sent.moment());
    assert_eq!(
        (read.status, read.message_type, read.scope),
        (v1dot2::Status::Actual, v1dot2::MessageType::Alert, v1dot2::Scope::Restricted)
    );
    assert_eq!((&read.source, &read.restriction), (&alert.source, &alert.restriction));
    assert_eq!(read.codes, alert.codes);
    assert_eq!(read.info.len(), 2);

    let (written, read) = (&alert.infos[0], &read.info[0]);
    assert_eq!(read.language.as_str(), "en-GB");
    assert_eq!(read.categories, [v1dot2::Category::Transport]);
    assert_eq!(read.response_type, [v1dot2::ResponseType::Shelter, v1dot2::ResponseType::Avoid]);
    assert_eq!(read.urgency, v1dot2::Urgency::Immediate);
    assert_eq!(read.severity, v1dot2::Severity::Extreme);
    assert_eq!(read.certainty, v1dot2::Certainty::Observed);
    assert_eq!(read.event, written.event);
    for (read, written) in [
        (&read.audience, &written.audience),
        (&read.sender_name, &written.sender_name),
        (&read.headline, &written.headline),
        (&read.description, &written.description),
        (&read.instruction, &written.instruction),
        (&read.contact, &written.contact),
    ] {
        assert_eq!(read, written);
    }
    for (read, written) in
        [(read.effective, written.effective), (read.onset, written.onset), (read.expires, written.expires)]
    {
        assert_eq!(chrono::DateTime::from(read.unwrap()), written.unwrap().moment());
    }
    assert_eq!(read.web.as_ref().map(ToString::to_string), written.web.as_ref().map(ToString::to_string));
    assert_eq!(read.event_codes.get("PLACARD.RULE"), Some("motion.rollover"));
    for parameter in &written.parameters {
        assert_eq!(read.parameters.get(&parameter.name), Some(parameter.value.as_str()));
    }
    assert_eq!(read.resources[0].size, Some(48_213));
    assert_eq!(read.areas[0].circles[0].to_string(), written.areas[0].circles[0].to_string());
    assert_eq!(read.areas[1].polygons[0].to_string(), written.areas[1].polygons[0].to_string());
    assert_eq!(read.areas[1].geocode.get("ISO 3166-2"), Some("NL-ZH"));
}

#[test]
fn an_independent_reader_follows_the_references() {
    let read = read_by_others(&examples::cancel());
    assert_eq!(read.message_type, v1dot2::MessageType::Cancel);
    let references = read.references.unwrap();
    assert_eq!(references.len(), 2);
    for (read, earlier) in references.iter().zip([examples::alert(), examples::update()]) {
        assert_eq!(read.sender.as_str(), earlier.sender.as_str());
        assert_eq!(read.identifier.as_str(), earlier.identifier.as_str());
        assert_eq!(chrono::DateTime::from(read.sent), earlier.sent.moment());
    }
}

#[test]
fn an_independent_reader_sees_a_drill_and_whom_it_is_for() {
    let read = read_by_others(&examples::exercise());
    assert_eq!((read.status, read.scope), (v1dot2::Status::Exercise, v1dot2::Scope::Private));
    let addresses = read.addresses.unwrap();
    let addresses: Vec<_> =
        addresses.iter().map(|address| address.as_ref()).filter(|text: &&str| !text.is_empty()).collect();
    assert_eq!(addresses, ["duty@brigade.example.org", "Rhine Chem dispatch"]);
}

#[test]
fn a_file_can_be_carried_along() {
    let mut alert = examples::alert();
    let file = Resource {
        description: "Placard".into(),
        mime_type: "image/svg+xml".into(),
        size_bytes: Some(6),
        uri: None,
        content: Some(b"<svg/>".to_vec()),
        sha1: Some([0xa5; 20]),
    };
    alert.infos[0].resources.push(file);
    assert_eq!(schema::check(&alert.to_xml().unwrap()), Ok(()));
    let read = read_by_others(&alert);
    assert_eq!(read.info[0].resources[1].embedded_content.as_ref().unwrap().as_slice(), b"<svg/>");
    assert!(alert.to_xml().unwrap().contains(&format!("<digest>{}</digest>", "a5".repeat(20))));
}

#[test]
fn heights_are_plain_decimals() {
    let mut alert = examples::alert();
    alert.infos[0].areas[0].altitude = Some(Altitude { from_ft: -0.000_000_5, ceiling_ft: Some(1e21) });
    let xml = alert.to_xml().unwrap();
    assert!(xml.contains("<altitude>-0.0000005</altitude>"), "{xml}");
    assert!(xml.contains("<ceiling>1000000000000000000000</ceiling>"), "{xml}");
    assert_eq!(schema::check(&xml), Ok(()));
}

/// The texts of all elements of a name, in the order of the document.
fn texts<'a>(element: &'a Element, name: &str, found: &mut Vec<&'a str>) {
    if element.name == name {
        found.push(&element.text);
    }
    element.children.iter().for_each(|child| texts(child, name, found));
}

/// Any text, with what breaks markup and what XML cannot carry more often than by chance.
fn any_text() -> impl Strategy<Value = String> {
    let awkward = prop::sample::select(vec![
        "<",
        ">",
        "&",
        "\"",
        "'",
        "]]>",
        "<![CDATA[",
        "<!--",
        "-->",
        "<?xml?>",
        "&amp;",
        "&#0;",
        "</event>",
        "\0",
        "\u{b}",
        "\u{1b}[31m",
        "\u{7f}",
        "\u{85}",
        "\u{2028}",
        "\r",
        "\r\n",
        "\n",
        "\t",
        " ",
        "\u{fffe}",
        "\u{ffff}",
        "\u{feff}",
        "\u{202e}",
        "🚒",
        "👩‍🚒",
        "氯气泄漏",
        "Ünïcödé",
        "e\u{301}",
    ]);
    let piece = prop_oneof![awkward.prop_map(str::to_owned), any::<char>().prop_map(String::from), "[ -~]{0,8}"];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn said_text() -> impl Strategy<Value = String> {
    any_text().prop_filter("a required text says something", |text| !text.trim().is_empty())
}

proptest! {
    #[test]
    fn any_text_ends_in_a_valid_document_and_reads_back(
        event in said_text(),
        optional in any_text(),
        name in said_text(),
        value in said_text(),
        place in said_text(),
    ) {
        let mut alert = examples::alert();
        alert.infos.truncate(1);
        alert.source = Some(optional.clone());
        alert.restriction = Some(event.clone());
        let info = &mut alert.infos[0];
        info.event = event.clone();
        info.headline = Some(optional.clone());
        info.parameters = vec![NamedValue::new(name.clone(), value.clone())];
        info.areas[1].description = place.clone();

        let xml = alert.to_xml().unwrap();
        prop_assert_eq!(schema::check(&xml), Ok(()));
        let root = read::read(&xml).unwrap();
        let optional = if optional.trim().is_empty() { vec![] } else { vec![optional.as_str()] };
        let all: [(&str, Vec<&str>); 7] = [
            ("restriction", vec![event.as_str()]),
            ("event", vec![event.as_str()]),
            ("source", optional.clone()),
            ("headline", optional),
            ("areaDesc", vec![alert.infos[0].areas[0].description.as_str(), place.as_str()]),
            ("valueName", vec!["PLACARD.RULE", name.as_str(), "ISO 3166-2"]),
            ("value", vec!["motion.rollover", value.as_str(), "NL-ZH"]),
        ];
        for (element, written) in all {
            let mut found = Vec::new();
            texts(&root, element, &mut found);
            prop_assert_eq!(found, written.iter().map(|text| readable(text)).collect::<Vec<_>>(), "{}", element);
        }

        // It strips space around texts.
        let others: v1dot2::Alert = xml.parse().unwrap();
        let event = readable(&event);
        prop_assert_eq!(others.info[0].event.trim(), event.trim());
    }

    #[test]
    fn any_polygon_and_circle_that_can_be_made_is_read_by_others(
        corners in prop::collection::vec((-90.0..=90.0_f64, -90.0..=90.0_f64), 3..20),
        radius_km in 0.001..19_999.0_f64,
    ) {
        let circle = Circle::new(corners[0], radius_km).unwrap();
        let Ok(polygon) = Polygon::new(corners) else { return Ok(()) };
        let mut alert = examples::alert();
        alert.infos[0].areas[0].polygons = vec![polygon.clone()];
        alert.infos[0].areas[0].circles = vec![circle];
        let read = read_by_others(&alert);
        let area = &read.info[0].areas[0];
        let pairs: Vec<_> = area.polygons[0].iter().map(|point| (point.latitude(), point.longitude())).collect();
        prop_assert_eq!(pairs.as_slice(), polygon.pairs());
        prop_assert_eq!(area.circles[0].radius, circle.radius_km());
        prop_assert!(circle.radius_km() >= radius_km - 2e-6 && circle.radius_km() < radius_km + 0.001);
    }
}
