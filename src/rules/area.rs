//! Rules about being in a zone: which of them a zone stands for, and how grave it is for a cargo.

use super::{tunnel_code, zone_prohibited};
use crate::{
    domain::{RuleKey, Severity, Zone, ZoneKind},
    world::Cargo,
};

/// What being in a zone means for a cargo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AreaMeaning {
    /// It breaks a rule.
    Violation(RuleKey, Severity),
    /// It bears on another rule (a speed limit holds here), so that presence has to be known.
    Context,
}

/// What being in `zone` means for `cargo`; `None` when the zone does not concern it.
#[must_use]
pub fn meaning(zone: &Zone, cargo: Cargo<'_>) -> Option<AreaMeaning> {
    match &zone.kind {
        ZoneKind::Prohibited { cargo: predicate } => zone_prohibited::severity(predicate, cargo)
            .map(|severity| AreaMeaning::Violation(RuleKey::ZoneProhibited, severity)),
        ZoneKind::Tunnel { category, .. } => tunnel_code::severity(*category, cargo)
            .map(|severity| AreaMeaning::Violation(RuleKey::TunnelCode, severity)),
        ZoneKind::SpeedLimit { cargo: predicate, .. } => cargo.concerned_by(predicate).then_some(AreaMeaning::Context),
        _ => None,
    }
}
