//! `signal.lost`: a vehicle that was moving is no longer heard of.
//!
//! Missed after three of its usual intervals and at least a minute: S3; with high-consequence goods S2 after five minutes
//! (proposed). A vehicle that fell silent beside a tunnel is given the time to drive through it at a crawl first.
//! The silence is a deadline, reckoned in the time of the fixes: whether the next fix or the shell's clock notices first
//! makes no difference to the finding.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{EpisodeBook, LastFix, book::Sighting, seconds_after, seconds_between};
use crate::{
    domain::{Certainty, EntryKind, Place, RuleKey, Severity, Subject, ZoneKind},
    geo::{Bounds, Path, quick_m},
    world::{Cargo, World},
};

/// What is known of a vehicle's rhythm, and how far its silence has been judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SignalState {
    /// Usual interval between fixes in seconds, smoothed.
    pub interval_s: Option<f64>,
    /// When the present silence is to be judged next.
    pub due: Option<DateTime<Utc>>,
}

/// Longest interval between fixes that still says something about a vehicle's rhythm, in seconds.
const LONGEST_USUAL_INTERVAL_S: f64 = 600.0;

/// Notes a fix: the silence, if there was one, is over; the next is reckoned from here.
pub fn heard(
    state: &mut SignalState,
    world: &World,
    previous: Option<LastFix>,
    fix: LastFix,
    book: &mut EpisodeBook<'_>,
) {
    book.close(RuleKey::SignalLost, Subject::Vehicle, fix.key.time, Some(fix.place));
    let settings = world.settings();
    if let Some(previous) = previous {
        let interval_s = seconds_between(previous.key.time, fix.key.time);
        if interval_s > 0.0 && interval_s <= LONGEST_USUAL_INTERVAL_S {
            let usual_s = state.interval_s.map_or(interval_s, |usual_s| usual_s + (interval_s - usual_s) * 0.2);
            state.interval_s = Some(usual_s);
        }
    }
    let moving = fix.speed_kmh.is_some_and(|speed_kmh| speed_kmh >= settings.moving_kmh);
    state.due = moving.then(|| seconds_after(fix.key.time, silence_s(state, world)));
}

/// Judges the silence at `at`, the moment that [`SignalState::due`] named.
pub fn judge_silence(
    state: &mut SignalState,
    world: &World,
    cargo: Cargo<'_>,
    last: LastFix,
    at: DateTime<Utc>,
    book: &mut EpisodeBook<'_>,
) {
    let settings = world.settings();
    let allowance_s = tunnel_allowance_s(world, last, at);
    let missed_at = seconds_after(last.key.time, silence_s(state, world) + allowance_s);
    if at < missed_at {
        state.due = Some(missed_at);
        return;
    }
    let high_consequence = cargo.load().is_some_and(|load| load.high_consequence);
    let major_at =
        seconds_after(last.key.time, settings.signal_lost_major_s.max(silence_s(state, world)) + allowance_s);
    let major = high_consequence && at >= major_at;
    book.see(Sighting {
        rule: RuleKey::SignalLost,
        subject: Subject::Vehicle,
        severity: if major { Severity::S2 } else { Severity::S3 },
        certainty: Certainty::Observed,
        entry: EntryKind::Crossed,
        since: at,
        place: Some(last.place),
        value: Some(seconds_between(last.key.time, at)),
    });
    state.due = (high_consequence && !major).then_some(major_at);
}

fn silence_s(state: &SignalState, world: &World) -> f64 {
    let settings = world.settings();
    settings.signal_lost_s.max(state.interval_s.unwrap_or(0.0) * settings.signal_lost_intervals)
}

/// How much longer a vehicle may be silent because it may be in a tunnel: the tunnel's length at a crawl, and a minute.
/// The diagonal of the tunnel's bounds stands for its length; it is never shorter than a straight bore.
fn tunnel_allowance_s(world: &World, last: LastFix, at: DateTime<Utc>) -> f64 {
    let settings = world.settings();
    let here = Path::new(last.place, last.place);
    let mut longest_s: f64 = 0.0;
    world.zones_near(&here, settings.tunnel_near_m, |known| {
        let is_tunnel = matches!(known.zone.kind, ZoneKind::Tunnel { .. }) && known.zone.in_force(at);
        let near = || {
            known.area.contains(last.place)
                || known.area.boundary_nearer_than_m(last.place, settings.tunnel_near_m).is_some()
        };
        if is_tunnel && near() {
            let length_m = diagonal_m(known.area.bounds());
            longest_s = longest_s.max(length_m / (settings.tunnel_crawl_kmh / 3.6) + settings.tunnel_extra_s);
        }
    });
    longest_s
}

fn diagonal_m(bounds: Bounds) -> f64 {
    let corners = (Place::new(bounds.south, bounds.west), Place::new(bounds.north, bounds.east));
    if let (Ok(south_west), Ok(north_east)) = corners { quick_m(south_west, north_east) } else { 0.0 }
}
