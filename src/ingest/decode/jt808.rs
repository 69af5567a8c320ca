//! JT/T 808: the binary protocol of terminals on Chinese commercial vehicles, as frames carried over MQTT.
//!
//! Source: JT/T 808-2011, -2013 and -2019, whose frames differ in the header only as far as Placard reads them. A
//! payload holds one frame or several ([`frame`]). Three messages say where the vehicle is: 0x0200 (location report),
//! 0x0201 (the same as an answer) and 0x0704 (several of them at once, `buffered` if they were kept without a network).
//! What a report means stands in [`location`]. Other messages of terminals are passed over. A message that is split
//! into several frames is put together if all of them are in the payload.
//!
//! The terminal's phone number is kept as `terminal`; the vehicle is that of the topic.

pub mod frame;
pub mod location;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use self::{
    frame::{Frame, Part, Reader},
    location::Origin,
};
use super::{Decoded, Decoder, Limits};
use crate::ingest::{
    reject::{Reason, Reject},
    topic::Topic,
};

/// The decoder of JT/T 808 frames.
#[derive(Clone, Copy, Debug, Default)]
pub struct Jt808Decoder;

const LOCATION: u16 = 0x0200;
const LOCATION_ANSWER: u16 = 0x0201;
const LOCATION_BATCH: u16 = 0x0704;

/// What else terminals send: answers, registration, heartbeat, parameters, upgrades, events, information on demand,
/// vehicle control, recorder, waybill, driver, CAN, multimedia, passed-through data, keys.
const HOUSEKEEPING: [u16; 28] = [
    0x0001, 0x0002, 0x0003, 0x0004, 0x0005, 0x0100, 0x0102, 0x0104, 0x0107, 0x0108, 0x0301, 0x0302, 0x0303, 0x0500,
    0x0608, 0x0700, 0x0701, 0x0702, 0x0705, 0x0800, 0x0801, 0x0802, 0x0804, 0x0805, 0x0806, 0x0900, 0x0901, 0x0a00,
];

impl Decoder for Jt808Decoder {
    fn decode(&self, _topic: &Topic, payload: &[u8], limits: &Limits) -> Result<Decoded, Reject> {
        let mut decoded = Decoded::default();
        let mut parts = Parts::default();
        for (number, frame) in frame::frames(payload)?.enumerate() {
            let read = frame.and_then(|frame| match parts.complete(number, frame)? {
                Some(message) => take(&message, number, limits, &mut decoded),
                None => Ok(()),
            });
            if let Err(reject) = read {
                decoded.rejects.push((number, reject));
            }
            if decoded.fixes.len() + decoded.rejects.len() > limits.fixes {
                let detail = format!("the payload holds more than {} locations", limits.fixes);
                return Err(Reject::new(Reason::TooManyFixes, detail));
            }
        }
        decoded.rejects.extend(parts.incomplete());
        // A backlog may come newest first; the engine wants the order of the fixes.
        decoded.fixes.sort_by_key(|fix| fix.key);
        decoded.events.sort_by_key(|event| event.time);
        Ok(decoded)
    }
}

fn take(message: &Frame, number: usize, limits: &Limits, decoded: &mut Decoded) -> Result<(), Reject> {
    let mut body = Reader(&message.body);
    let mut origin = Origin { terminal: &message.terminal, serial: message.serial, buffered: false };
    match message.id {
        LOCATION => location::take(body.0, &origin, limits, decoded),
        LOCATION_ANSWER => {
            // Which question it answers.
            body.u16().ok_or_else(|| cut("the answer"))?;
            location::take(body.0, &origin, limits, decoded)
        }
        LOCATION_BATCH => {
            let (count, kind) = body.u16().zip(body.u8()).ok_or_else(|| cut("the batch"))?;
            origin.buffered = kind == 1;
            for _ in 0..count {
                let length = body.u16().ok_or_else(|| cut("the batch"))?;
                let report = body.take(length.into()).ok_or_else(|| cut("the batch"))?;
                if let Err(reject) = location::take(report, &origin, limits, decoded) {
                    decoded.rejects.push((number, reject));
                }
            }
            match body.0.len() {
                0 => Ok(()),
                left => Err(bad_frame(format!("{left} bytes follow the {count} reports of the batch"))),
            }
        }
        id if HOUSEKEEPING.contains(&id) => Ok(()),
        id => {
            let detail = format!("message {id:#06x} is none that a terminal sends; 0x0200, 0x0201 or 0x0704 is wanted");
            Err(Reject::new(Reason::UnknownMessage, detail))
        }
    }
}

/// Messages of which only some frames have come.
#[derive(Default)]
struct Parts(HashMap<PartKey, Gathered>);

/// What the frames of one message have in common: they are numbered one after the other.
#[derive(Clone, PartialEq, Eq, Hash)]
struct PartKey {
    id: u16,
    terminal: String,
    first_serial: u16,
    total: u16,
}

struct Gathered {
    /// The frame in the payload that brought the first of them.
    number: usize,
    bodies: HashMap<u16, Vec<u8>>,
}

impl Parts {
    /// The message that this frame is, or completes.
    fn complete(&mut self, number: usize, frame: Frame) -> Result<Option<Frame>, Reject> {
        // Whoever sends a picture in parts sends them one by one; only what is looked into is put together.
        let Some(Part { total, number: part }) = frame.part.filter(|_| !HOUSEKEEPING.contains(&frame.id)) else {
            return Ok(Some(frame));
        };
        if part == 0 || part > total {
            return Err(bad_frame(format!("the frame is part {part} of {total}; parts count from 1")));
        }
        let first_serial = frame.serial.wrapping_sub(part - 1);
        let key = PartKey { id: frame.id, terminal: frame.terminal.clone(), first_serial, total };
        let gathered = self.0.entry(key.clone()).or_insert_with(|| Gathered { number, bodies: HashMap::new() });
        gathered.bodies.insert(part, frame.body);
        if gathered.bodies.len() < usize::from(total) {
            return Ok(None);
        }
        let mut bodies = self.0.remove(&key).map(|gathered| gathered.bodies).unwrap_or_default();
        let body = (1..=total).filter_map(|part| bodies.remove(&part)).flatten().collect();
        Ok(Some(Frame { serial: first_serial, part: None, body, ..frame }))
    }

    /// A reject for each message that lacks parts, in the order of the payload.
    fn incomplete(self) -> Vec<(usize, Reject)> {
        let mut gathered: Vec<_> = self.0.into_iter().collect();
        gathered.sort_unstable_by_key(|(_, gathered)| gathered.number);
        let reject = |(key, gathered): (PartKey, Gathered)| {
            let (id, total, here) = (key.id, key.total, gathered.bodies.len());
            let detail = format!(
                "message {id:#06x} is split into {total} frames, of which the payload has {here}; all are wanted"
            );
            (gathered.number, Reject::new(Reason::SplitMessage, detail))
        };
        gathered.into_iter().map(reject).collect()
    }
}

fn cut(what: &str) -> Reject {
    bad_frame(format!("{what} ends too early"))
}

/// A reject for a frame that does not hold together.
pub(super) fn bad_frame(detail: impl Into<String>) -> Reject {
    Reject::new(Reason::BadFrame, detail)
}
