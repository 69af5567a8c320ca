//! The parts of a message (CAP 1.2 §3.2), named in words; the doc of each field gives the element where it differs.
//!
//! An optional text that is blank counts as left out. What the standard requires is in the arguments of `new`, the rest
//! starts out empty and is set by field:
//!
//! ```
//! use chrono::DateTime;
//! use placard::cap::{Alert, CapTime, Category, Certainty, Info, MessageType, Scope, Severity, Status, Urgency};
//!
//! let sent = CapTime::new(DateTime::from_timestamp(1_795_532_645, 0).unwrap())?;
//! let (identifier, sender) = ("incident-7.1".parse()?, "placard.example.org".parse()?);
//! let mut alert = Alert::new(identifier, sender, sent, Status::Actual, MessageType::Alert, Scope::Public);
//! let (language, event) = ("en-GB".parse()?, "Tank vehicle on its side");
//! let (urgency, severity, certainty) = (Urgency::Immediate, Severity::Severe, Certainty::Observed);
//! alert.infos.push(Info {
//!     headline: Some("Tank vehicle on its side, stay away".into()),
//!     ..Info::new(language, Category::Transport, event, urgency, severity, certainty)
//! });
//! assert!(alert.to_xml()?.contains("<headline>Tank vehicle on its side, stay away</headline>"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use url::Url;

use super::{
    codes::{Category, Certainty, MessageType, ResponseType, Scope, Severity, Status, Urgency},
    identifier::{Identifier, Reference, Sender},
    language::LanguageTag,
    shape::{Circle, Polygon},
    time::CapTime,
};

/// A message (`alert`).
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// How the sender calls it, never used before.
    pub identifier: Identifier,
    /// Who it is from.
    pub sender: Sender,
    /// When it was made.
    pub sent: CapTime,
    /// How it is to be handled.
    pub status: Status,
    /// What it does (`msgType`).
    pub message_type: MessageType,
    /// Where it comes from, such as a person on duty or a device.
    pub source: Option<String>,
    /// Whom it is meant for.
    pub scope: Scope,
    /// Who may have it: given when, and only when, the scope is restricted.
    pub restriction: Option<String>,
    /// Who it is for, by name or address; at least one when the scope is private. None may hold a double quote.
    pub addresses: Vec<String>,
    /// Marks for special handling (`code`).
    pub codes: Vec<String>,
    /// What it is for: why it withdraws or rejects, or which exercise it belongs to.
    pub note: Option<String>,
    /// Earlier messages that it replaces, withdraws, confirms or rejects.
    pub references: Vec<Reference>,
    /// Names of the incidents that it is about. None may hold a double quote.
    pub incidents: Vec<String>,
    /// What there is to say, once for each language or audience (`info`).
    pub infos: Vec<Info>,
}

/// What a message says, in one language to one audience (`info`).
#[derive(Clone, Debug, PartialEq)]
pub struct Info {
    /// The language of its texts. Always written: left out, it would stand for en-US.
    pub language: LanguageTag,
    /// What kinds of event it is; at least one (`category`).
    pub categories: Vec<Category>,
    /// What happens, in a few words.
    pub event: String,
    /// What those addressed should do (`responseType`).
    pub response_types: Vec<ResponseType>,
    /// How soon one has to act.
    pub urgency: Urgency,
    /// How grave it is.
    pub severity: Severity,
    /// How sure it is.
    pub certainty: Certainty,
    /// Whom it is meant for, in words.
    pub audience: Option<String>,
    /// Codes of the event in systems of others (`eventCode`).
    pub event_codes: Vec<NamedValue>,
    /// From when it holds; when not given, from when the message was sent.
    pub effective: Option<CapTime>,
    /// When the event is expected to begin.
    pub onset: Option<CapTime>,
    /// Until when it holds; when not given, everybody decides for themselves.
    pub expires: Option<CapTime>,
    /// The name of the authority, for people (`senderName`).
    pub sender_name: Option<String>,
    /// One line, which may be all that a small display shows; best within 160 characters.
    pub headline: Option<String>,
    /// What happens, at length.
    pub description: Option<String>,
    /// What to do, at length.
    pub instruction: Option<String>,
    /// A page with more about it.
    pub web: Option<Url>,
    /// Whom to turn to.
    pub contact: Option<String>,
    /// Values for machines, such as `HAZMAT.UN`; a name may come more than once (`parameter`).
    pub parameters: Vec<NamedValue>,
    /// Files that belong to it (`resource`).
    pub resources: Vec<Resource>,
    /// Where it holds (`area`).
    pub areas: Vec<Area>,
}

/// A value and what it is a value of (`valueName`, `value`): an event code, a parameter or a geocode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedValue {
    /// What it is a value of (`valueName`).
    pub name: String,
    /// The value.
    pub value: String,
}

/// A file that belongs to a message (`resource`): to be fetched, or carried along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// What it is, for people (`resourceDesc`).
    pub description: String,
    /// Its media type, such as `image/svg+xml` (`mimeType`).
    pub mime_type: String,
    /// Its size in bytes (`size`).
    pub size_bytes: Option<u64>,
    /// Where it can be fetched.
    pub uri: Option<Url>,
    /// The file itself, written in base64 (`derefUri`), for links that have no way back.
    pub content: Option<Vec<u8>>,
    /// The SHA-1 of the file, written in hexadecimal (`digest`).
    pub sha1: Option<[u8; 20]>,
}

/// A place on the ground: all its polygons, circles and geocodes taken together (`area`).
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// What it is, for people (`areaDesc`).
    pub description: String,
    /// Its polygons.
    pub polygons: Vec<Polygon>,
    /// Its circles.
    pub circles: Vec<Circle>,
    /// Its codes in systems of others (`geocode`).
    pub geocodes: Vec<NamedValue>,
    /// Its height, when it does not mean the ground.
    pub altitude: Option<Altitude>,
}

/// A height or a range of heights, in feet above mean sea level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Altitude {
    /// The height, or the lower end of the range (`altitude`).
    pub from_ft: f64,
    /// The upper end of the range (`ceiling`).
    pub ceiling_ft: Option<f64>,
}

impl Alert {
    /// A message with what the standard always requires, and nothing else.
    #[must_use]
    pub fn new(
        identifier: Identifier,
        sender: Sender,
        sent: CapTime,
        status: Status,
        message_type: MessageType,
        scope: Scope,
    ) -> Self {
        Self {
            identifier,
            sender,
            sent,
            status,
            message_type,
            source: None,
            scope,
            restriction: None,
            addresses: Vec::new(),
            codes: Vec::new(),
            note: None,
            references: Vec::new(),
            incidents: Vec::new(),
            infos: Vec::new(),
        }
    }

    /// How later messages point at this one.
    #[must_use]
    pub fn reference(&self) -> Reference {
        Reference { sender: self.sender.clone(), identifier: self.identifier.clone(), sent: self.sent }
    }
}

impl Info {
    /// What the standard always requires, and nothing else.
    #[must_use]
    pub fn new(
        language: LanguageTag,
        category: Category,
        event: impl Into<String>,
        urgency: Urgency,
        severity: Severity,
        certainty: Certainty,
    ) -> Self {
        Self {
            language,
            categories: vec![category],
            event: event.into(),
            response_types: Vec::new(),
            urgency,
            severity,
            certainty,
            audience: None,
            event_codes: Vec::new(),
            effective: None,
            onset: None,
            expires: None,
            sender_name: None,
            headline: None,
            description: None,
            instruction: None,
            web: None,
            contact: None,
            parameters: Vec::new(),
            resources: Vec::new(),
            areas: Vec::new(),
        }
    }
}

impl NamedValue {
    /// A value and what it is a value of.
    #[must_use]
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

impl Resource {
    /// A file to be fetched.
    #[must_use]
    pub fn at(description: impl Into<String>, mime_type: impl Into<String>, uri: Url) -> Self {
        Self {
            description: description.into(),
            mime_type: mime_type.into(),
            size_bytes: None,
            uri: Some(uri),
            content: None,
            sha1: None,
        }
    }
}

impl Area {
    /// An area that only words describe so far.
    #[must_use]
    pub fn new(description: impl Into<String>) -> Self {
        Self {
            description: description.into(),
            polygons: Vec::new(),
            circles: Vec::new(),
            geocodes: Vec::new(),
            altitude: None,
        }
    }
}
