//! `tunnel.code`: a vehicle is in a tunnel that its load is kept out of.
//!
//! Source: ADR 8.6.3 and 8.6.4. The restriction of a load follows from its goods' tunnel codes, the mode of carriage
//! and the net explosive mass; the hazard catalogue works it out once per load. The category may depend on the time of day.
//!
//! Over a tunnel there may be roads. Nobody gets into a bore but through a portal, so a path that enters the bore's area
//! somewhere else says only that the vehicle is possibly in it. On the other hand nothing is received in a bore, and bores
//! bend: whoever is last heard of before one portal and next beyond the other has come through, wherever the straight way
//! between the two fixes lies.

use chrono::{DateTime, Utc};

use super::{seconds_after, seconds_between};
use crate::{
    domain::Place,
    geo::{PathEnd, quick_m},
    world::KnownZone,
};

/// Within this share of the tunnel's length from either end a path enters by the portal (proposed).
const PORTAL_SHARE: f64 = 0.2;
/// … and within this distance at least, in metres: receivers err (proposed).
const PORTAL_M: f64 = 50.0;
/// The way through both portals is longer than the straight one by at most this share …
const DETOUR_SHARE: f64 = 0.05;
/// … and this many metres, if the vehicle came through (proposed).
const DETOUR_M: f64 = 50.0;
/// A shorter step than this, in metres, passes no tunnel unseen.
const UNSEEN_M: f64 = 200.0;

/// Whether `place`, where a path crosses the edge of the tunnel's area, is at one of its portals.
#[must_use]
pub fn is_at_portal(tunnel: &KnownZone, place: Place) -> bool {
    let Some((one, other)) = tunnel.ends else { return true };
    let reach_m = (quick_m(one, other) * PORTAL_SHARE).max(PORTAL_M);
    quick_m(one, place) <= reach_m || quick_m(other, place) <= reach_m
}

/// How far beside the straight way of a step of so many metres the ends of a tunnel may lie that it leads through, in
/// metres.
#[must_use]
pub fn beside_m(moved_m: f64) -> f64 {
    if moved_m < UNSEEN_M {
        return 0.0;
    }
    // The two ends of an isosceles triangle's base are the fixes; the portals are no farther from it than its top.
    let detour_m = moved_m * (1.0 + DETOUR_SHARE) + DETOUR_M;
    (detour_m * detour_m - moved_m * moved_m).sqrt() / 2.0
}

/// When and where the vehicle went into the bore and came out of it, if it came through between two fixes of which neither lies
/// in it.
#[must_use]
pub fn came_through(tunnel: &KnownZone, from: &PathEnd, to: &PathEnd) -> Option<[(DateTime<Utc>, Place); 2]> {
    let direct_m = quick_m(from.place, to.place);
    if direct_m < UNSEEN_M || tunnel.area.contains(from.place) || tunnel.area.contains(to.place) {
        return None;
    }
    let (one, other) = tunnel.ends?;
    let (near, far) = if quick_m(from.place, one) < quick_m(from.place, other) { (one, other) } else { (other, one) };
    let (in_m, bore_m, out_m) = (quick_m(from.place, near), quick_m(near, far), quick_m(far, to.place));
    let way_m = in_m + bore_m + out_m;
    if way_m > direct_m * (1.0 + DETOUR_SHARE) + DETOUR_M {
        return None;
    }
    let elapsed_s = seconds_between(from.at, to.at);
    let at = |metres: f64| seconds_after(from.at, elapsed_s * metres / way_m);
    Some([(at(in_m), near), (at(in_m + bore_m), far)])
}

#[cfg(test)]
mod tests {
    use crate::{
        domain::{Certainty, Fix, RuleKey, TunnelCategory},
        geo::ZoneShape,
        testing::*,
    };

    /// A tunnel of a kilometre from west to east that bends 150 m to the south.
    fn bent() -> crate::domain::Zone {
        let path = [(0.0, 0.0), (300.0, -120.0), (500.0, -150.0), (700.0, -120.0), (1000.0, 0.0)];
        let path = path.iter().map(|(east, north)| place(*east, *north));
        let corridor = ZoneShape::Corridor { path: path.collect(), half_width_m: 12.0 };
        crate::domain::Zone {
            area: std::sync::Arc::new(corridor.area().unwrap()),
            ..zone(1, tunnel(TunnelCategory::A), [0.0, -1.0, 1.0, 1.0])
        }
    }

    fn found(fixes: &[Fix]) -> Vec<(f64, f64, Certainty)> {
        let mut bore = bent();
        bore.kind = tunnel(TunnelCategory::E);
        let mut story = Story::new(Some("1017"), vec![bore]);
        story.drive(fixes);
        let second = |time| crate::rules::seconds_between(at(0.0), time);
        let episodes = story.of_rule(RuleKey::TunnelCode);
        episodes.iter().map(|one| (second(one.opened_at), second(one.closed_at.unwrap()), one.certainty)).collect()
    }

    #[test]
    fn who_is_heard_of_before_one_portal_and_beyond_the_other_came_through_however_the_bore_bends() {
        let [(from_s, to_s, certainty)] = found(&[fix(0.0, -200.0, 0.0), fix(70.0, 1200.0, 0.0)])[..] else {
            panic!("one passage")
        };
        assert!((from_s - 10.0).abs() < 1.5 && (to_s - 60.0).abs() < 1.5, "{from_s} to {to_s}");
        assert_eq!(certainty, Certainty::Likely);
        let back = found(&[fix(0.0, 1200.0, 0.0), fix(70.0, -200.0, 0.0)]);
        assert_eq!(back.len(), 1, "either way");
        let late = found(&[fix(0.0, -200.0, 0.0), fix(400.0, 1200.0, 0.0)]);
        assert_eq!(late[0].2, Certainty::Possible, "in a long gap it may have gone elsewhere");
    }

    #[test]
    fn who_passes_beside_the_portals_or_is_seen_on_the_way_did_not_come_through() {
        assert!(found(&[fix(0.0, -200.0, 400.0), fix(70.0, 1200.0, 400.0)]).is_empty(), "a road to the north");
        let seen: Vec<Fix> = (0..15).map(|n| fix(f64::from(n) * 5.0, -200.0 + f64::from(n) * 100.0, 100.0)).collect();
        assert!(found(&seen).is_empty(), "every 100 m");
    }
}
