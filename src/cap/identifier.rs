//! Names of messages: who sent one, how the sender calls it, and how later messages point at it.

use std::{fmt, str::FromStr};

use super::{
    time::{CapTime, CapTimeError},
    xml::is_xml_character,
};

/// Why a text names no message or sender.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierError {
    /// There is nothing in it.
    #[error("the {element} is empty; it must name one {element} among all")]
    Empty {
        /// `identifier` or `sender`.
        element: &'static str,
    },
    /// It holds what would break references or the document.
    #[error("the {element} {text:?} holds {character:?}; spaces, commas, <, & and control characters are not allowed")]
    Character {
        /// `identifier` or `sender`.
        element: &'static str,
        /// The whole text.
        text: String,
        /// The first character that is not allowed.
        character: char,
    },
}

fn checked(element: &'static str, text: &str) -> Result<Box<str>, IdentifierError> {
    let is_forbidden = |character: &char| {
        matches!(character, ',' | '<' | '&')
            || character.is_whitespace()
            || character.is_control()
            || !is_xml_character(*character)
    };
    match text.chars().find(is_forbidden) {
        Some(character) => Err(IdentifierError::Character { element, text: text.to_owned(), character }),
        None if text.is_empty() => Err(IdentifierError::Empty { element }),
        None => Ok(text.into()),
    }
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $element:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Box<str>);

        impl $name {
            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdentifierError;

            fn from_str(text: &str) -> Result<Self, IdentifierError> {
                checked($element, text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name!(
    /// How the sender calls a message, once and never again: no spaces, commas, `<`, `&` or control characters.
    Identifier, "identifier"
);
name!(
    /// Who a message is from, unique in the world, such as an internet domain name: no spaces, commas, `<`, `&` or
    /// control characters.
    Sender, "sender"
);

/// Points at an earlier message, as `sender,identifier,sent`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    /// Who sent it.
    pub sender: Sender,
    /// How the sender called it.
    pub identifier: Identifier,
    /// When it was sent, with the offset that stood in it: receivers may compare it as text.
    pub sent: CapTime,
}

/// Why a text is no reference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// It does not have three parts.
    #[error("{0:?} is no reference; wanted is sender,identifier,sent")]
    Form(String),
    /// Its sender or identifier is wrong.
    #[error(transparent)]
    Name(#[from] IdentifierError),
    /// Its time is wrong.
    #[error(transparent)]
    Sent(#[from] CapTimeError),
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{}", self.sender, self.identifier, self.sent)
    }
}

impl FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        let mut parts = text.split(',');
        let (Some(sender), Some(identifier), Some(sent), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(ReferenceError::Form(text.to_owned()));
        };
        Ok(Self { sender: sender.parse()?, identifier: identifier.parse()?, sent: sent.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_has_nothing_that_would_break_a_reference_or_a_document() {
        for good in ["placard.example.org", "43b080713727", "2.49.0.1.124.6bddbc91.2012", "事故-7", "a>b\"c'"] {
            assert_eq!(good.parse::<Identifier>().unwrap().as_str(), good);
        }
        for (bad, character) in [
            ("a b", ' '),
            ("a,b", ','),
            ("a<b", '<'),
            ("a&b", '&'),
            ("a\nb", '\n'),
            ("a\u{0}", '\u{0}'),
            ("\u{3000}", '\u{3000}'),
            ("\u{ffff}", '\u{ffff}'),
        ] {
            let error = bad.parse::<Sender>().unwrap_err();
            assert_eq!(error, IdentifierError::Character { element: "sender", text: bad.to_owned(), character });
        }
        assert_eq!("".parse::<Identifier>(), Err(IdentifierError::Empty { element: "identifier" }));
    }

    #[test]
    fn a_reference_reads_back_as_written() {
        let text = "placard.example.org,incident-7.1,2026-11-24T15:04:05-00:00";
        assert_eq!(text.parse::<Reference>().unwrap().to_string(), text);
    }

    #[test]
    fn a_reference_says_what_is_wrong_with_it() {
        for (bad, said) in [
            ("only-one", "wanted is sender,identifier,sent"),
            ("a,b,2026-11-24T15:04:05-00:00,c", "wanted is sender,identifier,sent"),
            (",b,2026-11-24T15:04:05-00:00", "the sender is empty"),
            ("a,b c,2026-11-24T15:04:05-00:00", "the identifier \"b c\" holds ' '"),
            ("a,b,2026-11-24T15:04:05Z", "no Z"),
        ] {
            let error = bad.parse::<Reference>().unwrap_err().to_string();
            assert!(error.contains(said), "{bad:?}: {error}");
        }
    }

    proptest! {
        #[test]
        fn whatever_makes_names_makes_references(sender in "\\PC{0,12}", identifier in any::<String>()) {
            let (Ok(sender), Ok(identifier)) = (sender.parse::<Sender>(), identifier.parse::<Identifier>()) else {
                return Ok(());
            };
            let sent = "2026-11-24T15:04:05-00:00".parse().unwrap();
            let references = [sender.as_str(), "other"].map(|sender| {
                Reference { sender: sender.parse().unwrap(), identifier: identifier.clone(), sent }
            });
            let list = format!("{} {}", references[0], references[1]);
            let read: Vec<Reference> = list.split_whitespace().map(|text| text.parse().unwrap()).collect();
            prop_assert_eq!(read, references);
        }
    }
}
