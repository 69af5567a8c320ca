//! `tunnel.code`: a vehicle is in a tunnel that its load is kept out of.
//!
//! Source: ADR 8.6.3 and 8.6.4. The restriction of a load follows from its goods' tunnel codes, the mode of carriage
//! and the net explosive mass; the hazard catalogue works it out once per load.

use crate::{
    domain::{Severity, TunnelCategory},
    world::Cargo,
};

/// How grave it is to be in a tunnel of this category: always critical (proposed grading). `None` when the load may pass.
#[must_use]
pub fn severity(category: TunnelCategory, cargo: Cargo<'_>) -> Option<Severity> {
    cargo.load().filter(|load| load.tunnel_restriction.forbids(category)).map(|_| Severity::S1)
}
