//! What goes wrong in traffic, rule by rule.
//!
//! Each way of going wrong changes the driver's habits before the day is planned, or spoils something in the planned day. What
//! that breaks is not claimed here: the judge of the truth says so, and a day that does not come out as wanted is planned
//! anew.

mod cargo;
mod devices;
mod papers;

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::{
    country::AUTHORITY,
    country::Careless,
    day::{Habits, Plan},
};
use crate::life::{Span, Spans};

/// A way of going wrong.
#[derive(Clone, Copy, Debug)]
pub struct Wrong {
    /// The rule that it must break.
    pub rule: &'static str,
    /// The UN number of the goods it takes; any, if not given.
    pub goods: Option<&'static str>,
    /// Whether an attendant is prescribed.
    pub attended: bool,
    /// Whether routes are prescribed.
    pub routed: bool,
    /// Whose rules it is judged by; the installation's, if not given.
    pub jurisdiction: Option<&'static str>,
    /// Changes the driver's habits.
    pub habits: fn(&mut Habits),
    /// Spoils the planned day. Whether there was an occasion.
    pub spoil: fn(&mut Plan, &mut ChaCha8Rng) -> bool,
}

const NOTHING: Wrong = Wrong {
    rule: "",
    goods: None,
    attended: false,
    routed: false,
    jurisdiction: None,
    habits: |_| {},
    spoil: |_, _| true,
};

const fn careless(rule: &'static str, goods: Option<&'static str>, habits: fn(&mut Habits)) -> Wrong {
    Wrong { rule, goods, habits, ..NOTHING }
}

const fn spoilt(
    rule: &'static str,
    goods: Option<&'static str>,
    spoil: fn(&mut Plan, &mut ChaCha8Rng) -> bool,
) -> Wrong {
    Wrong { rule, goods, spoil, ..NOTHING }
}

/// Everything that goes wrong, in turn.
pub const ALL: &[Wrong] = &[
    careless("zone.prohibited", None, |habits| habits.careless = Careless { prohibited: true, ..habits.careless }),
    careless("tunnel.code", None, |habits| habits.careless = Careless { tunnels: true, ..habits.careless }),
    careless("speed.limit", None, |habits| habits.speeding_kmh = 12.0),
    careless("speed.limit", None, |habits| habits.speeding_kmh = 35.0),
    careless("time.ban", None, |habits| habits.careless = Careless { bans: true, ..habits.careless }),
    careless("zone.restricted", None, |habits| habits.careless = Careless { restricted: true, ..habits.careless }),
    Wrong { rule: "route.deviation", routed: true, habits: |habits| habits.strays = true, ..NOTHING },
    Wrong { rule: "route.section_time", routed: true, habits: |habits| habits.hurries = true, ..NOTHING },
    careless("drive.continuous", None, |habits| {
        habits.block_s = 5.6 * 3_600.0;
        habits.day_s = 8.4 * 3_600.0;
    }),
    careless("drive.daily", None, |habits| habits.day_s = 10.6 * 3_600.0),
    careless("stop.unauthorised", None, |habits| habits.stops_s = 1_300.0),
    Wrong {
        rule: "stop.unattended",
        goods: Some("1203"),
        habits: |habits| habits.stops_s = 440.0,
        spoil: papers::leaves_the_vehicle,
        ..NOTHING
    },
    spoilt("doc.no_waybill", None, papers::forgets_a_waybill),
    spoilt("doc.mismatch", None, papers::takes_the_wrong_goods),
    spoilt("doc.expiry", None, papers::lets_a_document_run_out),
    Wrong { rule: "crew.missing", attended: true, spoil: papers::leaves_the_attendant, ..NOTHING },
    spoilt("schedule.window", None, papers::is_late),
    spoilt("signal.lost", None, devices::falls_silent),
    spoilt("signal.offline_displacement", None, devices::is_offline_for_long),
    spoilt("gnss.implausible", None, devices::jumps),
    spoilt("gnss.implausible", None, devices::freezes),
    spoilt("gnss.jamming", None, devices::is_jammed),
    spoilt("tamper", None, devices::is_meddled_with),
    spoilt("cargo.temperature", Some("1972"), cargo::warms),
    spoilt("cargo.pressure", Some("1965"), cargo::builds_up_pressure),
    spoilt("cargo.pressure", Some("1202"), cargo::loses_its_load),
    spoilt("cargo.valve_open", Some("1203"), cargo::drives_with_an_open_valve),
    spoilt("cargo.leak", Some("1978"), cargo::leaks),
    spoilt("cargo.fire", None, cargo::burns),
    spoilt("motion.crash", None, devices::collides),
    spoilt("motion.rollover", None, devices::turns_over),
    spoilt("sos", None, devices::calls_for_help),
    Wrong { rule: "custom", goods: Some("1203"), jurisdiction: Some(AUTHORITY), ..NOTHING },
];

/// A time of so many seconds in the middle of driving loaded, undisturbed for as long as `clear_s` before and after.
fn driving(plan: &Plan, rng: &mut ChaCha8Rng, lasts_s: f64, clear_s: f64) -> Option<Span> {
    let vehicle = &plan.vehicle;
    let whole = vehicle.life.whole;
    let loaded = vehicle.life.loaded.spans(whole, |loaded| *loaded);
    let disturbed: Spans = vehicle.device.outages.iter().map(|outage| outage.span.widened(60.0)).collect();
    let moving = vehicle.life.motion.faster_than(whole, 30.0).and(&loaded).without(&disturbed);
    let long: Vec<Span> = moving.iter().filter(|span| span.length_s() > lasts_s + 2.0 * clear_s + 10.0).collect();
    let span = *long.get(rng.random_range(0..long.len().max(1)))?;
    let from_s = rng.random_range(span.from_s + clear_s..span.to_s - clear_s - lasts_s);
    Some(Span::new(from_s, from_s + lasts_s))
}
