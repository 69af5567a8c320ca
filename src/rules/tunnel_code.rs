//! `tunnel.code`: a vehicle is in a tunnel that its load is kept out of.
//!
//! Source: ADR 8.6.3 and 8.6.4. The restriction of a load follows from its goods' tunnel codes, the mode of carriage
//! and the net explosive mass; the hazard catalogue works it out once per load. The category may depend on the time of day.
//!
//! Over a tunnel there may be roads. Nobody gets into a bore but through a portal, so a path that enters the bore's area
//! somewhere else says only that the vehicle is possibly in it.

use crate::{domain::Place, geo::quick_m, world::KnownZone};

/// Within this share of the tunnel's length from either end a path enters by the portal (proposed).
const PORTAL_SHARE: f64 = 0.2;
/// … and within this distance at least, in metres: receivers err (proposed).
const PORTAL_M: f64 = 50.0;

/// Whether `place`, where a path crosses the edge of the tunnel's area, is at one of its portals.
#[must_use]
pub fn is_at_portal(tunnel: &KnownZone, place: Place) -> bool {
    let Some((one, other)) = tunnel.ends else { return true };
    let reach_m = (quick_m(one, other) * PORTAL_SHARE).max(PORTAL_M);
    quick_m(one, place) <= reach_m || quick_m(other, place) <= reach_m
}
