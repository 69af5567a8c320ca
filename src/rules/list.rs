//! All rules in one place: which there are, what each remembers of a vehicle, and in which order they judge.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    EpisodeBook, LastFix, Scene, Step, alarms::OpenAlarms, cargo_fire, cargo_leak, cargo_pressure, cargo_temperature,
    cargo_valve_open, crew_missing, custom, doc_expiry, doc_mismatch, doc_no_waybill, drive_continuous, drive_daily,
    driving, gnss_implausible, gnss_jamming, motion_crash, motion_rollover, on_route, route_deviation,
    route_section_time, schedule_window, signal_lost, signal_offline_displacement, sos, speed_limit, stop_unattended,
    stop_unauthorised, tamper, warned::Warned, zone_restricted,
};
use crate::domain::{DeviceEvent, DeviceEventKind, Place};

/// What the rules remember of one vehicle.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleMemory {
    /// Of `zone.restricted`.
    #[serde(skip_serializing_if = "is_blank")]
    pub restricted: zone_restricted::Memory,
    /// Where it is on its route.
    #[serde(skip_serializing_if = "is_blank")]
    pub on_route: on_route::Memory,
    /// Of `route.deviation`.
    #[serde(skip_serializing_if = "is_blank")]
    pub deviation: route_deviation::Memory,
    /// Of `route.section_time`.
    #[serde(skip_serializing_if = "is_blank")]
    pub sections: route_section_time::Memory,
    /// Of `speed.limit`.
    #[serde(skip_serializing_if = "is_blank")]
    pub speed: speed_limit::Memory,
    /// Who is at the wheel.
    #[serde(skip_serializing_if = "is_blank")]
    pub wheel: driving::Wheel,
    /// Of `drive.continuous`.
    #[serde(skip_serializing_if = "is_blank")]
    pub continuous: drive_continuous::Memory,
    /// Of `drive.daily`.
    #[serde(skip_serializing_if = "is_blank")]
    pub daily: drive_daily::Memory,
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
    /// Of `signal.offline_displacement`.
    #[serde(skip_serializing_if = "is_blank")]
    pub offline: signal_offline_displacement::Memory,
    /// Of `gnss.implausible`.
    #[serde(skip_serializing_if = "is_blank")]
    pub receiver: gnss_implausible::Memory,
    /// Of `gnss.jamming`.
    #[serde(skip_serializing_if = "is_blank")]
    pub jamming: gnss_jamming::Memory,
    /// Of `tamper`.
    #[serde(skip_serializing_if = "is_blank")]
    pub tamper: tamper::Memory,
    /// Of `cargo.temperature`.
    #[serde(skip_serializing_if = "is_blank")]
    pub temperature: cargo_temperature::Memory,
    /// Of `cargo.pressure`.
    #[serde(skip_serializing_if = "is_blank")]
    pub pressure: cargo_pressure::Memory,
    /// Of `cargo.valve_open`.
    #[serde(skip_serializing_if = "is_blank")]
    pub valve: cargo_valve_open::Memory,
    /// Of `cargo.leak`.
    #[serde(skip_serializing_if = "is_blank")]
    pub leak: cargo_leak::Memory,
    /// Of `schedule.window`.
    #[serde(skip_serializing_if = "is_blank")]
    pub schedule: schedule_window::Memory,
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
        [self.signal.due, self.schedule.due, self.alarms.next_end()].into_iter().flatten().min()
    }
}

pub(super) fn is_blank<T: Default + PartialEq>(memory: &T) -> bool {
    *memory == T::default()
}

/// Judges a fix by every rule that the tracker of presence in zones does not judge.
pub fn judge_fix(memory: &mut RuleMemory, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    let rules = step.scene.rules;
    if let Some(rule) = &rules.zone_restricted {
        zone_restricted::judge(rule, &mut memory.restricted, step, book);
    }
    judge_route(memory, step, book);
    if let Some(rule) = &rules.speed_limit {
        speed_limit::judge(rule, &mut memory.speed, step, book);
    }
    judge_driving(memory, step, book);
    judge_stops_and_papers(memory, step, book);
    if let Some(rule) = &rules.signal_lost {
        signal_lost::heard(rule, &mut memory.signal, step, book);
    }
    if let Some(rule) = &rules.signal_offline_displacement {
        signal_offline_displacement::judge(rule, &mut memory.offline, step, book);
    }
    if let Some(rule) = &rules.gnss_implausible {
        gnss_implausible::judge(rule, &mut memory.receiver, step, book);
    }
    if let Some(rule) = &rules.schedule_window {
        schedule_window::judge(rule, &mut memory.schedule, step, book);
    }
    judge_sensors(memory, step, book);
    custom::judge(&rules.custom, step, book);
}

fn judge_stops_and_papers(memory: &mut RuleMemory, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    let rules = step.scene.rules;
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
}

fn judge_route(memory: &mut RuleMemory, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    let rules = step.scene.rules;
    let on = on_route::locate(&mut memory.on_route, step);
    if let Some(rule) = &rules.route_deviation {
        route_deviation::judge(rule, &mut memory.deviation, on.as_ref(), step, book);
    }
    if let Some(rule) = &rules.route_section_time {
        route_section_time::judge(rule, &mut memory.sections, on.as_ref(), step, book);
    }
}

fn judge_driving(memory: &mut RuleMemory, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    let rules = step.scene.rules;
    if rules.drive_continuous.is_none() && rules.drive_daily.is_none() {
        return;
    }
    let shift = memory.wheel.follow(step);
    if let Some(rule) = &rules.drive_continuous {
        drive_continuous::judge(rule, &mut memory.continuous, &shift, step, book);
    }
    if let Some(rule) = &rules.drive_daily {
        drive_daily::judge(rule, &mut memory.daily, &shift, step, book);
    }
}

/// Judges a fix that cannot be where it says. In a crash the receiver is the first to err: what the other sensors say is
/// believed.
pub fn judge_implausible(memory: &mut RuleMemory, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    signal_offline_displacement::disbelieved(&mut memory.offline, step);
    if let Some(rule) = &step.scene.rules.gnss_implausible {
        gnss_implausible::judge_implausible(rule, &mut memory.receiver, step, book);
    }
    judge_sensors(memory, step, book);
}

/// Judges what the vehicle's sensors say, whether the place of the fix is believed or not.
fn judge_sensors(memory: &mut RuleMemory, step: &Step<'_>, book: &mut EpisodeBook<'_>) {
    let rules = step.scene.rules;
    let alarms = &mut memory.alarms;
    if let Some(rule) = &rules.gnss_jamming {
        gnss_jamming::judge(rule, &mut memory.jamming, alarms, step, book);
    }
    if let Some(rule) = &rules.tamper {
        tamper::judge(rule, &mut memory.tamper, alarms, step, book);
    }
    if let Some(rule) = &rules.cargo_temperature {
        cargo_temperature::judge(rule, &mut memory.temperature, step, book);
    }
    if let Some(rule) = &rules.cargo_pressure {
        cargo_pressure::judge(rule, &mut memory.pressure, step, book);
    }
    if let Some(rule) = &rules.cargo_valve_open {
        cargo_valve_open::judge(rule, &mut memory.valve, alarms, step, book);
    }
    if let Some(rule) = &rules.cargo_leak {
        cargo_leak::judge(rule, &mut memory.leak, alarms, step, book);
    }
    if let Some(rule) = &rules.motion_crash {
        motion_crash::judge(rule, alarms, step, book);
    }
    if let Some(rule) = &rules.motion_rollover {
        motion_rollover::judge(rule, alarms, step, book);
    }
    alarms.forget_ended(book);
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
        DeviceEventKind::Crash => {
            if let Some(rule) = &rules.motion_crash {
                motion_crash::collided(rule, alarms, event.time, place, None, book);
            }
        }
        DeviceEventKind::Leak => {
            if let Some(rule) = &rules.cargo_leak {
                cargo_leak::reported(rule, alarms, event.time, place, book);
            }
        }
        DeviceEventKind::Fire => {
            if let Some(rule) = &rules.cargo_fire {
                cargo_fire::sensed(rule, alarms, event, place, book);
            }
        }
        DeviceEventKind::ValveOpen => {
            if let Some(rule) = &rules.cargo_valve_open {
                cargo_valve_open::reported(rule, &memory.valve, alarms, (event.time, place), scene, book);
            }
        }
        DeviceEventKind::PowerCut | DeviceEventKind::Tamper => {
            if let Some(rule) = &rules.tamper {
                tamper::reported(rule, &memory.tamper, alarms, event, place, book);
            }
        }
        DeviceEventKind::GnssJamming => {
            if let Some(rule) = &rules.gnss_jamming {
                gnss_jamming::reported(rule, alarms, event, place, book);
            }
        }
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
    if memory.schedule.due == Some(at) {
        memory.schedule.due = None;
        if let (Some(rule), Some(last)) = (&scene.rules.schedule_window, last) {
            schedule_window::judge_silence(rule, &mut memory.schedule, scene, last, at, book);
        }
    }
    memory.alarms.end_quiet(at, last.map(|last| last.place), book);
}
