//! Why a message, or a part of one, cannot be used.

/// The reason, as a code that is stored, counted and shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The topic is not one that a device may use.
    BadTopic,
    /// No vehicle is known under the topic's operator and vehicle.
    UnknownVehicle,
    /// The payload is longer than is looked into.
    PayloadTooLarge,
    /// The payload is not UTF-8.
    NotUtf8,
    /// The payload is not JSON.
    NotJson,
    /// The payload, or an element of it, is not an object.
    NotAnObject,
    /// The payload is an empty list.
    Empty,
    /// The payload lists more fixes than are taken at once.
    TooManyFixes,
    /// A required field is not there.
    MissingField,
    /// A field has the wrong type.
    WrongType,
    /// A field's value is out of range.
    OutOfRange,
    /// The time is too far in the past.
    TooOld,
    /// The time is in the future.
    InTheFuture,
    /// The payload names another vehicle than the topic.
    VehicleMismatch,
    /// The event is of a kind that is not known.
    UnknownEvent,
    /// The message is of a kind that is not known.
    UnknownMessage,
    /// The receiver had no position.
    NoFix,
    /// The payload, or the position in it, is encrypted.
    Encrypted,
    /// A binary frame is not whole: its marks, escapes or lengths do not fit.
    BadFrame,
    /// A binary frame's checksum is wrong.
    BadChecksum,
    /// The message is split, and parts of it are not in the payload.
    SplitMessage,
    /// A text holds a NUL character, which the store cannot keep.
    NulCharacter,
    /// The store refused the values.
    StoreRefused,
}

impl Reason {
    /// The code.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadTopic => "bad_topic",
            Self::UnknownVehicle => "unknown_vehicle",
            Self::PayloadTooLarge => "payload_too_large",
            Self::NotUtf8 => "not_utf8",
            Self::NotJson => "not_json",
            Self::NotAnObject => "not_an_object",
            Self::Empty => "empty",
            Self::TooManyFixes => "too_many_fixes",
            Self::MissingField => "missing_field",
            Self::WrongType => "wrong_type",
            Self::OutOfRange => "out_of_range",
            Self::TooOld => "too_old",
            Self::InTheFuture => "in_the_future",
            Self::VehicleMismatch => "vehicle_mismatch",
            Self::UnknownEvent => "unknown_event",
            Self::UnknownMessage => "unknown_message",
            Self::NoFix => "no_fix",
            Self::Encrypted => "encrypted",
            Self::BadFrame => "bad_frame",
            Self::BadChecksum => "bad_checksum",
            Self::SplitMessage => "split_message",
            Self::NulCharacter => "nul_character",
            Self::StoreRefused => "store_refused",
        }
    }
}

/// Why something cannot be used: the code, and what was wrong, where, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The code.
    pub reason: Reason,
    /// In words.
    pub detail: String,
}

impl Reject {
    /// Makes a reject.
    #[must_use]
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }
}
