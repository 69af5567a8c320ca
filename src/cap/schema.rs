//! Holds a document against the schema of CAP 1.2: which elements, in which order, how often, with what content.
//!
//! The table is written down apart from the types and the writer, so that a slip in one shows against the other. It
//! says what the schema says; the rules in prose are those of [`Alert::check`](super::Alert::check). It is stricter in
//! three points: document types are refused, a time is as [`CapTime`] reads it, and a URI holds no characters that need
//! an escape.

use super::{
    NAMESPACE,
    check::Fault,
    read::{self, Element},
    time::CapTime,
    uri,
};

const SIGNATURE_NAMESPACE: &str = "http://www.w3.org/2000/09/xmldsig#";

/// What may stand at one place of a sequence.
struct Place {
    name: &'static str,
    content: Content,
    required: bool,
    repeated: bool,
}

/// What an element holds.
enum Content {
    Text,
    Time,
    Language,
    Uri,
    Integer,
    Decimal,
    OneOf(&'static [&'static str]),
    Elements(&'static [Place]),
}

use Content::{Decimal, Elements, Integer, Language, OneOf, Text, Time, Uri};

const fn one(name: &'static str, content: Content) -> Place {
    Place { name, content, required: true, repeated: false }
}

const fn some(name: &'static str, content: Content) -> Place {
    Place { name, content, required: true, repeated: true }
}

const fn maybe(name: &'static str, content: Content) -> Place {
    Place { name, content, required: false, repeated: false }
}

const fn any(name: &'static str, content: Content) -> Place {
    Place { name, content, required: false, repeated: true }
}

const ALERT: &[Place] = &[
    one("identifier", Text),
    one("sender", Text),
    one("sent", Time),
    one("status", OneOf(&["Actual", "Exercise", "System", "Test", "Draft"])),
    one("msgType", OneOf(&["Alert", "Update", "Cancel", "Ack", "Error"])),
    maybe("source", Text),
    one("scope", OneOf(&["Public", "Restricted", "Private"])),
    maybe("restriction", Text),
    maybe("addresses", Text),
    any("code", Text),
    maybe("note", Text),
    maybe("references", Text),
    maybe("incidents", Text),
    any("info", Elements(INFO)),
];

const INFO: &[Place] = &[
    maybe("language", Language),
    some(
        "category",
        OneOf(&[
            "Geo",
            "Met",
            "Safety",
            "Security",
            "Rescue",
            "Fire",
            "Health",
            "Env",
            "Transport",
            "Infra",
            "CBRNE",
            "Other",
        ]),
    ),
    one("event", Text),
    any(
        "responseType",
        OneOf(&["Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"]),
    ),
    one("urgency", OneOf(&["Immediate", "Expected", "Future", "Past", "Unknown"])),
    one("severity", OneOf(&["Extreme", "Severe", "Moderate", "Minor", "Unknown"])),
    one("certainty", OneOf(&["Observed", "Likely", "Possible", "Unlikely", "Unknown"])),
    maybe("audience", Text),
    any("eventCode", Elements(NAMED_VALUE)),
    maybe("effective", Time),
    maybe("onset", Time),
    maybe("expires", Time),
    maybe("senderName", Text),
    maybe("headline", Text),
    maybe("description", Text),
    maybe("instruction", Text),
    maybe("web", Uri),
    maybe("contact", Text),
    any("parameter", Elements(NAMED_VALUE)),
    any("resource", Elements(RESOURCE)),
    any("area", Elements(AREA)),
];

const RESOURCE: &[Place] = &[
    one("resourceDesc", Text),
    one("mimeType", Text),
    maybe("size", Integer),
    maybe("uri", Uri),
    maybe("derefUri", Text),
    maybe("digest", Text),
];

const AREA: &[Place] = &[
    one("areaDesc", Text),
    any("polygon", Text),
    any("circle", Text),
    any("geocode", Elements(NAMED_VALUE)),
    maybe("altitude", Decimal),
    maybe("ceiling", Decimal),
];

const NAMED_VALUE: &[Place] = &[one("valueName", Text), one("value", Text)];

/// Holds a document against the schema.
///
/// # Errors
/// Every fault there is; a document that is no well-formed XML has one, of the element `document`.
pub fn check(xml: &str) -> Result<(), Vec<Fault>> {
    let malformed = |wrong| vec![Fault::new("document", wrong, "wanted is one well-formed XML 1.0 document")];
    let alert = read::read(xml).map_err(malformed)?;
    if alert.namespace != NAMESPACE || alert.name != "alert" {
        let wrong = format!("the root is {} of namespace {:?}", alert.name, alert.namespace);
        return Err(vec![Fault::new("document", wrong, format!("wanted is alert of namespace {NAMESPACE:?}"))]);
    }
    let mut faults = Vec::new();
    check_elements(&alert, ALERT, "", &mut faults);
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn check_elements(parent: &Element, sequence: &'static [Place], path: &str, faults: &mut Vec<Fault>) {
    let at = if path.is_empty() { "alert" } else { path.trim_end_matches('/') };
    check_bare(parent, at, faults);
    if !parent.text.trim().is_empty() {
        faults.push(Fault::new(at, format!("{:?} stands between its elements", parent.text.trim()), "remove it"));
    }
    let mut rest = sequence;
    let mut here = 0;
    for (index, child) in parent.children.iter().enumerate() {
        let is_signature = path.is_empty() && child.namespace == SIGNATURE_NAMESPACE;
        let found = rest.iter().position(|place| child.namespace == NAMESPACE && place.name == child.name);
        let skipped = if is_signature { Some(rest.len()) } else { found };
        let before = parent.children.iter().take(index).filter(|earlier| earlier.name == child.name).count();
        let child_path = format!("{path}{}[{}]", child.name, before + 1);
        let Some(skipped) = skipped else {
            let names: Vec<_> = sequence.iter().map(|place| place.name).collect();
            faults.push(Fault::new(child_path, "not expected here", format!("the order is {}", names.join(", "))));
            continue;
        };
        if skipped > 0 {
            check_left(rest.iter().take(skipped), here, path, faults);
            rest = rest.get(skipped..).unwrap_or_default();
            here = 0;
        }
        let Some(place) = rest.first().filter(|_| !is_signature) else { continue };
        here += 1;
        if here > 1 && !place.repeated {
            faults.push(Fault::new(child_path.clone(), "given more than once", "it may stand there once"));
        }
        check_content(child, &place.content, &child_path, faults);
    }
    check_left(rest.iter(), here, path, faults);
}

/// Faults for what was passed over: the first place was seen `here` times, the others never.
fn check_left(left: impl Iterator<Item = &'static Place>, here: usize, path: &str, faults: &mut Vec<Fault>) {
    for place in left.skip(usize::from(here > 0)).filter(|place| place.required) {
        faults.push(Fault::new(format!("{path}{}", place.name), "missing", "it is required"));
    }
}

fn check_content(element: &Element, content: &'static Content, path: &str, faults: &mut Vec<Fault>) {
    if let Elements(sequence) = content {
        return check_elements(element, sequence, &format!("{path}/"), faults);
    }
    check_bare(element, path, faults);
    if let Some(child) = element.children.first() {
        faults.push(Fault::new(path, format!("<{}> stands in it", child.name), "it holds text only"));
    }
    if let Some(right) = wanted(content, &element.text) {
        faults.push(Fault::new(path, format!("{:?} is not what it can hold", element.text), right));
    }
}

fn check_bare(element: &Element, path: &str, faults: &mut Vec<Fault>) {
    for attribute in &element.attributes {
        faults.push(Fault::new(path, format!("it has the attribute {attribute}"), "no element has attributes"));
    }
}

/// What would be right, if the text is not.
fn wanted(content: &Content, text: &str) -> Option<String> {
    // XML Schema strips space around all types but strings; code words are strings.
    let stripped = text.trim_matches([' ', '\t', '\n', '\r']);
    let is_figures = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = stripped.strip_prefix(['+', '-']).unwrap_or(stripped);
    let (fits, right) = match content {
        Text | Elements(_) => (true, String::new()),
        Time => match stripped.parse::<CapTime>() {
            Ok(_) => (true, String::new()),
            Err(error) => (false, error.to_string()),
        },
        // An empty one stands for the schema's default, en-US.
        Language => (text.is_empty() || is_language(stripped), "wanted is a language tag as in en-GB".into()),
        Uri => (uri::is_uri(stripped), "wanted is a URI (RFC 3986)".into()),
        Integer => (is_figures(unsigned), "wanted is a whole number".into()),
        Decimal => {
            let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
            let is_part = |part: &str| part.is_empty() || is_figures(part);
            let fits = is_part(whole) && is_part(fraction) && unsigned.bytes().any(|byte| byte.is_ascii_digit());
            (fits, "wanted is a decimal number".into())
        }
        OneOf(words) => (words.contains(&text), format!("wanted is one of {}", words.join(", "))),
    };
    (!fits).then_some(right)
}

/// `xs:language`: a part of one to eight letters, then parts of one to eight letters or figures, joined by hyphens.
fn is_language(text: &str) -> bool {
    let fits = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let primary = text.split('-').next().unwrap_or_default();
    text.split('-').all(fits) && primary.bytes().all(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests;
