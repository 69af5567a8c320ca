//! All rules in one place: which there are, what each remembers of a vehicle, and in which order they judge.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    EpisodeBook, LastFix, Scene, Step, alarms::OpenAlarms, crew_missing, custom, doc_expiry, doc_mismatch,
    doc_no_waybill, motion_rollover, signal_lost, sos, speed_limit, stop_unattended, stop_unauthorised, warned::Warned,
};
use crate::domain::{DeviceEvent, DeviceEventKind, Place};

/// What the rules remember of one vehicle.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleMemory {
    /// Of `speed.limit`.
    #[serde(skip_serializing_if = "is_blank")]
    pub speed: speed_limit::Memory,
    /// Of `stop.unauthorised`.
    #[serde(skip_serializing_if = "is_blank")]
    pub stop_unauthorised: stop_unauthorised::Memory,
    /// Of `stop.unattended`.
    #[serde(skip_serializing_if = "is_blank")]
    pub stop_unattended: stop_unattended::Memory,
    /// Of `doc.no_waybill`.
    #[serde(skip_serializing_if = "is_blank")]
    pub doc_no_waybill: doc_no_waybill::Memory,
    /// Of `doc.mismatch`.
    #[serde(skip_serializing_if = "is_blank")]
    pub doc_mismatch: doc_mismatch::Memory,
    /// Of `doc.expiry`.
    #[serde(skip_serializing_if = "is_blank")]
    pub doc_expiry: doc_expiry::Memory,
    /// Of `crew.missing`.
    #[serde(skip_serializing_if = "is_blank")]
    pub crew_missing: crew_missing::Memory,
    /// Of `signal.lost`.
    #[serde(skip_serializing_if = "is_blank")]
    pub signal: signal_lost::Memory,
    /// Alarms that end when they are not repeated.
    #[serde(skip_serializing_if = "is_blank")]
    pub alarms: OpenAlarms,
    /// What the driver was warned of.
    #[serde(skip_serializing_if = "is_blank")]
    pub warned: Warned,
}

impl RuleMemory {
    /// Whether nothing is remembered.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        is_blank(self)
    }

    /// The next moment at which a rule has something to say if nothing is heard.
    #[must_use]
    pub fn next_deadline(&self) -> Option<DateTime<Utc>> {
        self.signal.due.into_iter().chain(self.alarms.next_end()).min()
    }
}

fn is_blank<T: Default + PartialEq>(memory: &T) -> bool {
    *memory == T::default()
}

/// Judges a fix by every rule that is not about zones.
pub fn judge_fix(memory: &mut RuleMemory, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    let rules = step.scene.rules;
    if let Some(rule) = &rules.speed_limit {
        speed_limit::judge(rule, &mut memory.speed, step, book);
    }
    if let Some(rule) = &rules.stop_unauthorised {
        stop_unauthorised::judge(rule, &mut memory.stop_unauthorised, step, book);
    }
    if let Some(rule) = &rules.stop_unattended {
        stop_unattended::judge(rule, &mut memory.stop_unattended, step, book);
    }
    if let Some(rule) = &rules.doc_no_waybill {
        doc_no_waybill::judge(rule, &mut memory.doc_no_waybill, step, book);
    }
    if let Some(rule) = &rules.doc_mismatch {
        doc_mismatch::judge(rule, &mut memory.doc_mismatch, step, book);
    }
    if let Some(rule) = &rules.doc_expiry {
        doc_expiry::judge(rule, &mut memory.doc_expiry, step, book);
    }
    if let Some(rule) = &rules.crew_missing {
        crew_missing::judge(rule, &mut memory.crew_missing, step, book);
    }
    if let Some(rule) = &rules.motion_rollover {
        motion_rollover::judge(rule, &mut memory.alarms, step, book);
    }
    if let Some(rule) = &rules.signal_lost {
        signal_lost::heard(rule, &mut memory.signal, step, book);
    }
    custom::judge(&rules.custom, step, book);
    memory.alarms.forget_ended(book);
}

/// Judges a fix that cannot be where it says. In a crash the receiver is the first to err: what the other sensors say is
/// believed.
pub fn judge_implausible(memory: &mut RuleMemory, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    let rules = step.scene.rules;
    if let Some(rule) = &rules.motion_rollover {
        motion_rollover::judge(rule, &mut memory.alarms, step, book);
    }
    memory.alarms.forget_ended(book);
}

/// Judges an alarm of the device; `place` is where the vehicle was by then.
pub fn judge_event(
    memory: &mut RuleMemory,
    scene: &Scene<'_>,
    event: &DeviceEvent,
    place: Option<Place>,
    book: &mut EpisodeBook<'_>,
) {
    let rules = scene.rules;
    let alarms = &mut memory.alarms;
    match event.kind {
        DeviceEventKind::Sos => {
            if let Some(rule) = &rules.sos {
                sos::pressed(rule, alarms, event, place, book);
            }
        }
        DeviceEventKind::Rollover => {
            if let Some(rule) = &rules.motion_rollover {
                motion_rollover::overturned(rule, alarms, event.time, place, None, book);
            }
        }
        DeviceEventKind::Crash
        | DeviceEventKind::Leak
        | DeviceEventKind::Fire
        | DeviceEventKind::ValveOpen
        | DeviceEventKind::PowerCut
        | DeviceEventKind::GnssJamming
        | DeviceEventKind::Tamper => {}
    }
}

/// Fires the deadline `at`, the one that [`RuleMemory::next_deadline`] named.
pub fn judge_deadline(
    memory: &mut RuleMemory,
    scene: &Scene<'_>,
    last: Option<LastFix>,
    at: DateTime<Utc>,
    book: &mut EpisodeBook<'_>,
) {
    if memory.signal.due == Some(at) {
        memory.signal.due = None;
        if let (Some(rule), Some(last)) = (&scene.rules.signal_lost, last) {
            signal_lost::judge_silence(rule, &mut memory.signal, scene, last, at, book);
        }
    }
    memory.alarms.end_quiet(at, last.map(|last| last.place), book);
}
