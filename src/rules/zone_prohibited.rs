//! `zone.prohibited`: a vehicle is where its cargo may not be.
//!
//! Sources of such zones: Order 2019 No. 29 Art. 49 (CN), 49 CFR 397.67(b) (US). Grave cargo makes it critical.

use crate::{
    domain::{CargoPredicate, Severity},
    world::Cargo,
};

/// How grave it is to be in a zone with this predicate: S1 for class 1, 2.3, 6.1 packing group I, class 7 and
/// high-consequence goods, else S2 (proposed grading). `None` when the zone does not concern the cargo.
#[must_use]
pub fn severity(predicate: &CargoPredicate, cargo: Cargo<'_>) -> Option<Severity> {
    let load = cargo.load().filter(|load| load.is_taken_by(predicate))?;
    Some(if load.gravest { Severity::S1 } else { Severity::S2 })
}
