//! Frames: where one begins and ends, what is escaped, what its header says.
//!
//! `7e` header body checksum `7e`; between the marks `7d 02` stands for `7e` and `7d 01` for `7d`. The checksum is the
//! exclusive or of all bytes before it. The header: message id (2 bytes), attributes (2: bits 0–9 length of the body,
//! 10–12 encryption, 13 whether the message is split, 14 whether the header is that of 2019), in 2019 the version (1),
//! terminal's phone number (6, in 2019 10 bytes of two decimal digits), serial number (2), and of a split message the
//! number of frames (2) and which one this is (2), counted from 1. Numbers are big-endian.

use std::fmt::Write;

use super::bad_frame;
use crate::ingest::reject::{Reason, Reject};

const MARK: u8 = 0x7e;
const ESCAPE: u8 = 0x7d;

/// One frame, or a message put together of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// What the message is.
    pub id: u16,
    /// The terminal's phone number, 12 digits or, since 2019, 20.
    pub terminal: String,
    /// Counts the frames of a terminal, from 0 again after 65535.
    pub serial: u16,
    /// Which part of a split message this is.
    pub part: Option<Part>,
    /// What follows the header.
    pub body: Vec<u8>,
}

/// Which part of a split message a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// How many there are.
    pub total: u16,
    /// Which one, from 1.
    pub number: u16,
}

/// The frames of a payload, in order. Two frames may share the mark between them.
///
/// # Errors
/// When there is no mark in the payload.
pub fn frames(payload: &[u8]) -> Result<impl Iterator<Item = Result<Frame, Reject>>, Reject> {
    if payload.is_empty() {
        return Err(Reject::new(Reason::Empty, "the payload is empty; at least one frame is wanted"));
    }
    let last = payload.iter().filter(|byte| **byte == MARK).count();
    if last == 0 {
        return Err(bad_frame("the payload has no 0x7e; a frame begins and ends with one"));
    }
    let pieces = payload.split(|byte| *byte == MARK).enumerate();
    Ok(pieces.filter(|(_, piece)| !piece.is_empty()).map(move |(number, piece)| {
        if number == 0 {
            return Err(bad_frame(format!("{} bytes stand before the first 0x7e", piece.len())));
        }
        if number == last {
            return Err(bad_frame(format!("the last frame, of {} bytes, has no 0x7e at its end", piece.len())));
        }
        read(piece)
    }))
}

/// Reads what is between two marks.
fn read(piece: &[u8]) -> Result<Frame, Reject> {
    let bytes = unescape(piece)?;
    let Some((checksum, content)) = bytes.split_last() else { return Err(bad_frame("the frame is empty")) };
    let computed = content.iter().fold(0, |sum, byte| sum ^ byte);
    if computed != *checksum {
        let detail = format!("the checksum is {checksum:#04x}, but the frame gives {computed:#04x}");
        return Err(Reject::new(Reason::BadChecksum, detail));
    }
    let mut reader = Reader(content);
    header(&mut reader).unwrap_or_else(|| Err(bad_frame(format!("{} bytes are no whole header", content.len()))))
}

/// Reads header and body; `None` when the header is cut off.
fn header(reader: &mut Reader<'_>) -> Option<Result<Frame, Reject>> {
    let id = reader.u16()?;
    let attributes = reader.u16()?;
    let of_2019 = attributes & 1 << 14 != 0;
    if of_2019 {
        // The version of the protocol since 2019; none has changed what is read here.
        reader.u8()?;
    }
    let terminal = hex(reader.take(if of_2019 { 10 } else { 6 })?);
    let serial = reader.u16()?;
    let part = if attributes & 1 << 13 == 0 {
        None
    } else {
        let (total, number) = (reader.u16()?, reader.u16()?);
        Some(Part { total, number })
    };
    let (length, body) = (usize::from(attributes & 0x3ff), reader.0);
    if body.len() != length {
        return Some(Err(bad_frame(format!("the header says {length} bytes of body, but there are {}", body.len()))));
    }
    if attributes & 0b111 << 10 != 0 {
        let detail = "the body is encrypted; Placard has no key: switch it off at the terminal, and rely on TLS";
        return Some(Err(Reject::new(Reason::Encrypted, detail)));
    }
    Some(Ok(Frame { id, terminal, serial, part, body: body.to_vec() }))
}

/// Undoes the escapes of a piece between marks.
///
/// # Errors
/// When an escape is none.
pub fn unescape(piece: &[u8]) -> Result<Vec<u8>, Reject> {
    let mut bytes = Vec::with_capacity(piece.len());
    let mut rest = piece.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            &ESCAPE => match rest.next() {
                Some(1) => ESCAPE,
                Some(2) => MARK,
                Some(other) => {
                    return Err(bad_frame(format!("0x7d {other:#04x} is no escape; 0x01 or 0x02 is wanted")));
                }
                None => return Err(bad_frame("the frame ends within an escape")),
            },
            byte => *byte,
        });
    }
    Ok(bytes)
}

/// Bytes as hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Takes big-endian numbers off the front of what is left.
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    /// The next byte.
    pub fn u8(&mut self) -> Option<u8> {
        self.array().map(u8::from_be_bytes)
    }

    /// The next two bytes.
    pub fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    /// The next four bytes.
    pub fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    /// The next `N` bytes.
    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    /// The next `length` bytes.
    pub fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }
}
