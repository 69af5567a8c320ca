//! Writes a message as XML, in the order that the schema prescribes.

use std::{borrow::Cow, io};

use base64::{Engine, engine::general_purpose::STANDARD};
use quick_xml::{
    Writer,
    escape::partial_escape,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};

use super::{
    NAMESPACE,
    check::{Fault, is_blank, said},
    message::{Alert, Area, Info, NamedValue, Resource},
    uri,
};

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum CapError {
    /// The message breaks rules of the standard.
    #[error("this is no message of CAP 1.2: {}", join(.0, ". "))]
    Faults(Vec<Fault>),
    /// Writing failed.
    #[error("the message could not be written: {0}")]
    Write(#[from] io::Error),
}

impl Alert {
    /// Checks the message and writes it as a CAP 1.2 document.
    ///
    /// Characters that XML 1.0 cannot carry become U+FFFD; line ends become `\n`. Optional texts that are blank are
    /// left out.
    ///
    /// # Errors
    /// When [`Alert::check`] finds faults.
    pub fn to_xml(&self) -> Result<String, CapError> {
        self.check().map_err(CapError::Faults)?;
        let mut document = Document::new()?;
        document.group("alert", &[("xmlns", NAMESPACE)], |within| write_alert(self, within))?;
        Ok(document.finish()?)
    }
}

fn write_alert(alert: &Alert, document: &mut Document) -> io::Result<()> {
    document.text("identifier", alert.identifier.as_str())?;
    document.text("sender", alert.sender.as_str())?;
    document.text("sent", &alert.sent.to_string())?;
    document.text("status", alert.status.word())?;
    document.text("msgType", alert.message_type.word())?;
    document.optional("source", alert.source.as_ref())?;
    document.text("scope", alert.scope.word())?;
    document.optional("restriction", alert.restriction.as_ref())?;
    document.optional("addresses", quoted_list(&alert.addresses).as_ref())?;
    for code in &alert.codes {
        document.optional("code", Some(code))?;
    }
    document.optional("note", alert.note.as_ref())?;
    document.optional("references", Some(&join(&alert.references, " ")))?;
    document.optional("incidents", quoted_list(&alert.incidents).as_ref())?;
    for info in &alert.infos {
        document.group("info", &[], |within| write_info(info, within))?;
    }
    Ok(())
}

fn write_info(info: &Info, document: &mut Document) -> io::Result<()> {
    document.text("language", info.language.as_str())?;
    for category in &info.categories {
        document.text("category", category.word())?;
    }
    document.text("event", &info.event)?;
    for response_type in &info.response_types {
        document.text("responseType", response_type.word())?;
    }
    document.text("urgency", info.urgency.word())?;
    document.text("severity", info.severity.word())?;
    document.text("certainty", info.certainty.word())?;
    document.optional("audience", info.audience.as_ref())?;
    document.values("eventCode", &info.event_codes)?;
    for (name, time) in [("effective", info.effective), ("onset", info.onset), ("expires", info.expires)] {
        document.optional(name, time.map(|time| time.to_string()).as_ref())?;
    }
    document.optional("senderName", info.sender_name.as_ref())?;
    document.optional("headline", info.headline.as_ref())?;
    document.optional("description", info.description.as_ref())?;
    document.optional("instruction", info.instruction.as_ref())?;
    document.optional("web", info.web.as_ref().map(uri::strict).as_ref())?;
    document.optional("contact", info.contact.as_ref())?;
    document.values("parameter", &info.parameters)?;
    for resource in &info.resources {
        document.group("resource", &[], |within| write_resource(resource, within))?;
    }
    for area in &info.areas {
        document.group("area", &[], |within| write_area(area, within))?;
    }
    Ok(())
}

fn write_resource(resource: &Resource, document: &mut Document) -> io::Result<()> {
    document.text("resourceDesc", &resource.description)?;
    document.text("mimeType", &resource.mime_type)?;
    document.optional("size", resource.size_bytes.map(|bytes| bytes.to_string()).as_ref())?;
    document.optional("uri", resource.uri.as_ref().map(uri::strict).as_ref())?;
    document.optional("derefUri", resource.content.as_ref().map(|content| STANDARD.encode(content)).as_ref())?;
    document.optional("digest", resource.sha1.map(|bytes| bytes.map(|byte| format!("{byte:02x}")).concat()).as_ref())
}

fn write_area(area: &Area, document: &mut Document) -> io::Result<()> {
    document.text("areaDesc", &area.description)?;
    for polygon in &area.polygons {
        document.text("polygon", &polygon.to_string())?;
    }
    for circle in &area.circles {
        document.text("circle", &circle.to_string())?;
    }
    document.values("geocode", &area.geocodes)?;
    let Some(altitude) = area.altitude else { return Ok(()) };
    document.text("altitude", &altitude.from_ft.to_string())?;
    document.optional("ceiling", altitude.ceiling_ft.map(|feet| feet.to_string()).as_ref())
}

/// An XML document that grows element by element.
pub(super) struct Document {
    writer: Writer<Vec<u8>>,
}

impl Document {
    /// A document with nothing but its declaration.
    pub(super) fn new() -> io::Result<Self> {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        Ok(Self { writer })
    }

    /// An element with elements within.
    pub(super) fn group(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        write_within: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.writer.write_event(Event::Start(start))?;
        write_within(self)?;
        self.writer.write_event(Event::End(BytesEnd::new(name)))
    }

    /// An element with a text within.
    pub(super) fn text(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.text_with(name, &[], text)
    }

    /// An element with attributes and a text within.
    pub(super) fn text_with(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.writer.write_event(Event::Start(start))?;
        self.writer.write_event(Event::Text(BytesText::from_escaped(partial_escape(readable(text)))))?;
        self.writer.write_event(Event::End(BytesEnd::new(name)))
    }

    /// An element with a text within, if the text says anything.
    pub(super) fn optional(&mut self, name: &str, text: Option<&String>) -> io::Result<()> {
        said(text).map_or(Ok(()), |text| self.text(name, text))
    }

    /// An element without content.
    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        self.writer.write_event(Event::Empty(BytesStart::new(name).with_attributes(attributes.iter().copied())))
    }

    fn values(&mut self, element: &str, values: &[NamedValue]) -> io::Result<()> {
        for NamedValue { name, value } in values {
            self.group(element, &[], |within| {
                within.text("valueName", name)?;
                within.text("value", value)
            })?;
        }
        Ok(())
    }

    /// The whole text, ended by a line end.
    pub(super) fn finish(self) -> io::Result<String> {
        let mut bytes = self.writer.into_inner();
        bytes.push(b'\n');
        String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }
}

/// Whether XML 1.0 can carry a character (§2.2, production 2).
pub(super) fn is_xml_character(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The text as a reader of the document gets it: what XML cannot carry is replaced, and a line ends in `\n`, to which
/// every reader would turn other line ends (XML 1.0 §2.11).
pub(super) fn readable(text: &str) -> Cow<'_, str> {
    if text.chars().all(|character| is_xml_character(character) && character != '\r') {
        return Cow::Borrowed(text);
    }
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    Cow::Owned(lines.chars().map(|c| if is_xml_character(c) { c } else { char::REPLACEMENT_CHARACTER }).collect())
}

/// Entries parted by spaces, those with spaces within in double quotes (CAP 1.2 §3.2.1, `addresses` and `incidents`).
fn quoted_list(entries: &[String]) -> Option<String> {
    let quoted = |entry: &String| match entry.trim() {
        entry if entry.contains(char::is_whitespace) => format!("\"{entry}\""),
        entry => entry.to_owned(),
    };
    let entries: Vec<String> = entries.iter().filter(|entry| !is_blank(entry)).map(quoted).collect();
    (!entries.is_empty()).then(|| entries.join(" "))
}

fn join<T: ToString>(parts: &[T], between: &str) -> String {
    parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_with_spaces_are_quoted_and_blank_ones_left_out() {
        let list = |entries: &[&str]| quoted_list(&entries.iter().map(|entry| (*entry).to_owned()).collect::<Vec<_>>());
        assert_eq!(
            list(&["brigade@example.org", " ", "Duty officer, Port"]).unwrap(),
            "brigade@example.org \"Duty officer, Port\""
        );
        assert_eq!(list(&[" "]), None);
    }

    #[test]
    fn what_xml_cannot_carry_is_replaced_and_lines_end_in_one_way() {
        assert_eq!(readable("a\0b\u{b}c\u{ffff}"), "a\u{fffd}b\u{fffd}c\u{fffd}");
        assert_eq!(readable("one\r\ntwo\rthree\nfour\tfive"), "one\ntwo\nthree\nfour\tfive");
        assert!(matches!(readable("泄漏 🚒 <b>&amp;"), Cow::Borrowed(_)));
    }
}
