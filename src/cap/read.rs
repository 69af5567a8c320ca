//! Reads an XML document into a tree, strictly: no document types, no entities but the five of XML, no characters that
//! XML 1.0 does not have, and nothing beside the one root.

use quick_xml::{
    NsReader, XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesRef, BytesStart, Event},
    name::{Namespace, ResolveResult},
};

use super::xml::is_xml_character;

/// Elements within elements at most: a message needs five.
const DEEPEST: usize = 32;

const SCHEMA_INSTANCE: Namespace<'static> = Namespace("http://www.w3.org/2001/XMLSchema-instance");

/// An element.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// Its namespace, empty when it has none.
    pub namespace: String,
    /// Its name without prefix.
    pub name: String,
    /// The names of its attributes, but for namespace declarations and those of XML Schema.
    pub attributes: Vec<String>,
    /// All text directly within.
    pub text: String,
    /// The elements within.
    pub children: Vec<Element>,
}

/// Reads a document; the error says what is wrong with it as XML.
pub(super) fn read(xml: &str) -> Result<Element, String> {
    if let Some(character) = xml.chars().find(|character| !is_xml_character(*character)) {
        return Err(format!("{character:?} is no character of XML 1.0"));
    }
    let mut reader = NsReader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut open: Vec<Element> = Vec::new();
    let mut root: Option<Element> = None;
    loop {
        let (resolved, event) = reader.read_resolved_event().map_err(|error| error.to_string())?;
        match event {
            Event::Start(start) => {
                let namespace = namespace(&resolved)?;
                if open.len() == DEEPEST || root.is_some() {
                    return Err(format!("<{}> is nested too deeply or beside the root", start.name().0));
                }
                let attributes = attributes(&reader, &start)?;
                let name = start.local_name().into_inner().to_owned();
                open.push(Element { namespace, name, attributes, ..Element::default() });
            }
            Event::End(_) => {
                let closed = open.pop().ok_or("an element is closed that was not opened")?;
                match open.last_mut() {
                    Some(parent) => parent.children.push(closed),
                    None => root = Some(closed),
                }
            }
            Event::Text(text) => add_text(&mut open, &text.xml10_content())?,
            Event::CData(text) => add_text(&mut open, &text.xml10_content())?,
            Event::GeneralRef(reference) => add_text(&mut open, &referred(&reference)?)?,
            Event::DocType(_) => return Err("it has a document type, which is not accepted".into()),
            Event::Eof => break,
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    if let Some(unclosed) = open.last() {
        return Err(format!("<{}> is not closed", unclosed.name));
    }
    root.ok_or_else(|| "there is no element in it".into())
}

fn namespace(resolved: &ResolveResult<'_>) -> Result<String, String> {
    match resolved {
        ResolveResult::Bound(namespace) => Ok(namespace.0.to_owned()),
        ResolveResult::Unbound => Ok(String::new()),
        ResolveResult::Unknown(prefix) => Err(format!("the prefix {prefix} is not declared")),
    }
}

fn attributes(reader: &NsReader<&[u8]>, start: &BytesStart<'_>) -> Result<Vec<String>, String> {
    let mut names = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|error| error.to_string())?;
        let (resolved, name) = reader.resolver().resolve_attribute(attribute.key);
        namespace(&resolved)?;
        let is_declaration = attribute.key.as_namespace_binding().is_some();
        if !is_declaration && resolved != ResolveResult::Bound(SCHEMA_INSTANCE) {
            names.push(name.into_inner().to_owned());
        }
    }
    Ok(names)
}

fn referred(reference: &BytesRef<'_>) -> Result<String, String> {
    if let Some(character) = reference.resolve_char_ref().map_err(|error| error.to_string())? {
        let allowed = Some(character).filter(|character| is_xml_character(*character));
        return allowed.map(String::from).ok_or_else(|| format!("{character:?} is no character of XML 1.0"));
    }
    let name = reference.xml10_content();
    resolve_predefined_entity(&name).map(str::to_owned).ok_or_else(|| format!("the entity &{name}; is not known"))
}

fn add_text(open: &mut [Element], text: &str) -> Result<(), String> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim_matches([' ', '\t', '\n']).is_empty() => {}
        None => return Err(format!("{text:?} stands outside of the root")),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_texts_and_references_become_a_tree() {
        let root =
            read("<?xml version='1.0'?><!-- c --><a xmlns='n' b='1'>x&lt;&#x6c;<![CDATA[&]]>\r\n<c/>y</a>\n").unwrap();
        assert_eq!((root.namespace.as_str(), root.name.as_str(), root.text.as_str()), ("n", "a", "x<l&\ny"));
        assert_eq!(root.attributes, ["b"]);
        assert_eq!((root.children[0].namespace.as_str(), root.children[0].name.as_str()), ("n", "c"));
    }

    #[test]
    fn what_is_not_one_well_formed_document_is_refused() {
        let deep = "<a>".repeat(100) + &"</a>".repeat(100);
        for bad in [
            "",
            "text",
            "<a>",
            "<a></b>",
            "</a>",
            "<a/><b/>",
            "<a/>text",
            "<a>\u{1}</a>",
            "<a>&#1;</a>",
            "<a>&unknown;</a>",
            "<a>&</a>",
            "<a b='1' b='2'/>",
            "<a b='&unknown;'/>",
            "<a b/>",
            "<p:a/>",
            "<a p:b='1'/>",
            "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>",
            &deep,
        ] {
            assert!(read(bad).is_err(), "{bad:?}");
        }
    }
}
