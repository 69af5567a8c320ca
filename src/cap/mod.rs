//! Messages of the Common Alerting Protocol, OASIS CAP 1.2 (1 July 2010), and an Atom feed of them.
//!
//! A caller fills an [`Alert`] and asks for [`Alert::to_xml`]. What one value may be is settled by its type: code words
//! are enums, times and identifiers have the form that the standard asks for, polygons are closed. What one value asks
//! of another is settled by [`Alert::check`]: the standard says it in prose only, so a message can satisfy the schema
//! and still be wrong. `to_xml` checks first and writes nothing that fails. [`schema`] holds a finished document
//! against the schema, written down a second time and apart from the writer.
//!
//! Nothing here knows incidents, cargo or zones, reads a clock, or does I/O. Signatures are not written.

mod check;
mod codes;
#[cfg(test)]
mod examples;
pub mod feed;
mod identifier;
mod language;
mod message;
mod read;
pub mod schema;
mod shape;
#[cfg(test)]
mod tests;
mod time;
mod uri;
mod xml;

pub use check::Fault;
pub use codes::{Category, Certainty, MessageType, ResponseType, Scope, Severity, Status, Urgency};
pub use feed::{Audience, Feed, FeedError};
pub use identifier::{Identifier, IdentifierError, Reference, ReferenceError, Sender};
pub use language::{LanguageTag, LanguageTagError};
pub use message::{Alert, Altitude, Area, Info, NamedValue, Resource};
pub use shape::{Circle, Polygon, ShapeError};
pub use time::{CapTime, CapTimeError};
pub use xml::CapError;

/// The namespace of CAP 1.2.
pub const NAMESPACE: &str = "urn:oasis:names:tc:emergency:cap:1.2";

/// The media type of a message.
pub const MEDIA_TYPE: &str = "application/cap+xml";
