//! A location report: the body of 0x0200, and each entry of 0x0704.
//!
//! Alarm bits (4 bytes), state bits (4), latitude and longitude (4 each, millionths of a degree, the hemisphere is in
//! the state bits), height (2, metres), speed (2, 0.1 km/h), course (2, degrees), time (6, two decimal digits a byte,
//! China's GMT+8). Then items: id (1), length (1), value.
//!
//! An alarm counts even where the receiver has no position, or the clock is wrong: it is then without a place, or of
//! the time at which it came. A position counts only if the receiver has one.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde_json::{Map, Value, json};

use super::{
    bad_frame,
    frame::{Reader, hex},
};
use crate::{
    domain::{DeviceEvent, DeviceEventKind, Fix, FixKey, Place, position::Sensors},
    ingest::{
        decode::{Decoded, Limits},
        reject::{Reason, Reject},
    },
};

/// Where a report comes from.
pub struct Origin<'a> {
    /// The terminal's phone number.
    pub terminal: &'a str,
    /// The frame's serial number.
    pub serial: u16,
    /// Whether the report was kept while there was no network.
    pub buffered: bool,
}

/// Alarm bits that report a danger of themselves. The others are what Placard judges by itself (speed, areas, driving
/// times), or a fault of an accessory.
const ALARMS: [(u32, DeviceEventKind); 7] = [
    // The driver pressed the emergency button.
    (0, DeviceEventKind::Sos),
    // The receiver's antenna is cut off …
    (5, DeviceEventKind::Tamper),
    // … or short-circuited.
    (6, DeviceEventKind::Tamper),
    // The main supply is gone.
    (8, DeviceEventKind::PowerCut),
    (29, DeviceEventKind::Crash),
    (30, DeviceEventKind::Rollover),
    // A door was opened against the rules.
    (31, DeviceEventKind::Tamper),
];

/// State bits.
mod state {
    pub const IGNITION: u32 = 1;
    pub const FIXED: u32 = 1 << 1;
    pub const SOUTH: u32 = 1 << 2;
    pub const WEST: u32 = 1 << 3;
    /// Latitude and longitude went through a secrecy plug-in: they are off by hundreds of metres.
    pub const DISGUISED: u32 = 1 << 5;
    /// Where the two bits of the load begin: 0 empty, or not known; 1 half full; 3 full.
    pub const LOAD: u32 = 8;
    /// Front, middle and rear door and one of the maker's choice; the driver's own, bit 16, opens at every stop.
    pub const DOORS: u32 = 0b10_1110 << 12;
}

/// Reads a report into `decoded`.
///
/// # Errors
/// When there is no position in it that can be used; its alarms are taken all the same.
pub fn take(body: &[u8], origin: &Origin<'_>, limits: &Limits, decoded: &mut Decoded) -> Result<(), Reject> {
    let mut reader = Reader(body);
    let report = Report::read(&mut reader)
        .ok_or_else(|| bad_frame(format!("{} bytes are no location report; at least 28 are wanted", body.len())))?;
    let time = report.time(limits);
    let place = report.place();
    let event_time = time.as_ref().copied().unwrap_or(limits.received_at);
    let mut kinds: Vec<_> =
        ALARMS.iter().filter(|(bit, _)| report.alarms & 1 << bit != 0).map(|(_, kind)| *kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for kind in kinds {
        let place = place.as_ref().ok().copied();
        decoded.events.push(DeviceEvent { kind, time: event_time, seq: 0, place });
    }
    decoded.fixes.push(report.fix(place?, time?, reader, origin));
    Ok(())
}

struct Report {
    alarms: u32,
    state: u32,
    latitude: u32,
    longitude: u32,
    height: u16,
    speed: u16,
    course: u16,
    time: [u8; 6],
}

impl Report {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            alarms: reader.u32()?,
            state: reader.u32()?,
            latitude: reader.u32()?,
            longitude: reader.u32()?,
            height: reader.u16()?,
            speed: reader.u16()?,
            course: reader.u16()?,
            time: reader.array()?,
        })
    }

    fn time(&self, limits: &Limits) -> Result<DateTime<Utc>, Reject> {
        let read = || {
            let [year, month, day, hour, minute, second] = self.time.map(decimal);
            let date = NaiveDate::from_ymd_opt(2000 + i32::from(year?), month?.into(), day?.into())?;
            let local = date.and_hms_opt(hour?.into(), minute?.into(), second?.into())?;
            Some(local.and_local_timezone(FixedOffset::east_opt(8 * 3600)?).single()?.to_utc())
        };
        let time = read().ok_or_else(|| {
            let detail = format!("the time is {}; year, month, day, hour, minute, second are wanted", hex(&self.time));
            Reject::new(Reason::WrongType, detail)
        })?;
        limits.check("the time", time)
    }

    fn place(&self) -> Result<Place, Reject> {
        if self.state & state::FIXED == 0 {
            return Err(Reject::new(Reason::NoFix, "the state says that the receiver had no position"));
        }
        if self.state & state::DISGUISED != 0 {
            let detail = "the state says that the position went through a secrecy plug-in; a plain one is wanted";
            return Err(Reject::new(Reason::Encrypted, detail));
        }
        if self.latitude == 0 && self.longitude == 0 {
            return Err(Reject::new(Reason::NoFix, "the position is 0, 0, which stands for none"));
        }
        let degrees = |millionths: u32, negative| {
            let degrees = f64::from(millionths) / 1e6;
            if self.state & negative == 0 { degrees } else { -degrees }
        };
        Place::new(degrees(self.latitude, state::SOUTH), degrees(self.longitude, state::WEST))
            .map_err(|error| Reject::new(Reason::OutOfRange, error.to_string()))
    }

    fn fix(&self, place: Place, time: DateTime<Utc>, items: Reader<'_>, origin: &Origin<'_>) -> Fix {
        let items = Items::read(items);
        let mut unknown_fields = items.unknown;
        unknown_fields.insert("terminal".into(), origin.terminal.into());
        unknown_fields.insert("serial".into(), origin.serial.into());
        unknown_fields.insert("alarm_bits".into(), format!("{:08x}", self.alarms).into());
        unknown_fields.insert("state_bits".into(), format!("{:08x}", self.state).into());
        let speed_kmh = f64::from(self.speed) / 10.0;
        Fix {
            // The serial number counts frames and begins anew after 65535: a report that is sent again has another one.
            // The time alone makes it the same fix.
            key: FixKey { time, seq: 0 },
            place,
            speed_kmh: (speed_kmh <= 2000.0).then_some(speed_kmh),
            heading_deg: (self.course <= 360).then_some(f64::from(self.course % 360)),
            accuracy_m: None,
            // The standard has no sign; but what would be 60 km high lies below the sea.
            altitude_m: Some(f64::from(self.height.cast_signed())).filter(|metres| *metres >= -1000.0),
            satellites: items.satellites,
            ignition: Some(self.state & state::IGNITION != 0),
            driver: None,
            escort: None,
            odometer_km: items.odometer_km,
            buffered: origin.buffered,
            sensors: Sensors {
                wheel_speed_kmh: items.recorder_speed_kmh,
                loaded: matches!(self.state >> state::LOAD & 0b11, 1 | 3).then_some(true),
                door_open: Some(self.state & state::DOORS != 0),
                other: items.readings,
                ..Sensors::default()
            },
            unknown_fields,
        }
    }
}

/// A byte of two decimal digits.
fn decimal(byte: u8) -> Option<u8> {
    let (tens, ones) = (byte >> 4, byte & 0x0f);
    (tens <= 9 && ones <= 9).then_some(tens * 10 + ones)
}

/// What follows the fixed part of a report.
#[derive(Default)]
struct Items {
    odometer_km: Option<f64>,
    recorder_speed_kmh: Option<f64>,
    satellites: Option<i16>,
    readings: Map<String, Value>,
    /// Items that makers add, and what does not hold together, in hexadecimal digits.
    unknown: Map<String, Value>,
}

impl Items {
    fn read(mut reader: Reader<'_>) -> Self {
        let mut items = Self::default();
        let mut others = Map::new();
        while !reader.0.is_empty() {
            let rest = reader.0;
            let item = reader.u8().and_then(|id| {
                let length = reader.u8()?;
                Some((id, reader.take(length.into())?))
            });
            let Some((id, value)) = item else {
                // A list that is cut off costs what is cut off, not the position before it.
                items.unknown.insert("items_rest".into(), hex(rest).into());
                break;
            };
            if !items.known(id, value) {
                others.insert(format!("{id:02x}"), hex(value).into());
            }
        }
        if !others.is_empty() {
            items.unknown.insert("items".into(), others.into());
        }
        items
    }

    /// Takes an item that the standard defines and Placard uses.
    fn known(&mut self, id: u8, value: &[u8]) -> bool {
        match (id, value) {
            (0x01, &[a, b, c, d]) => self.odometer_km = Some(f64::from(u32::from_be_bytes([a, b, c, d])) / 10.0),
            (0x02, &[a, b]) => {
                let litres = f64::from(u16::from_be_bytes([a, b])) / 10.0;
                self.readings.insert("fuel_l".into(), json!(litres));
            }
            // By the travelling data recorder, that is by the wheels.
            (0x03, &[a, b]) => {
                let speed_kmh = f64::from(u16::from_be_bytes([a, b])) / 10.0;
                self.recorder_speed_kmh = Some(speed_kmh).filter(|speed_kmh| *speed_kmh <= 2000.0);
            }
            (0x30, &[strength]) => {
                self.readings.insert("signal_strength".into(), strength.into());
            }
            (0x31, &[count]) => self.satellites = Some(count.into()),
            _ => return false,
        }
        true
    }
}
