//! What one stream holds: what its viewer may see, narrowed by what was asked for.

use serde_json::Value;

use super::super::{
    access::{Action, Viewer},
    problem::Problem,
};
use crate::{
    domain::OrganisationId,
    store::{
        Visibility,
        feed::{FeedItem, FeedKind},
        positions::PositionRecord,
    },
};

/// What one stream holds.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    /// Whose data.
    pub(super) visibility: Visibility,
    /// Whether it holds positions.
    pub(super) positions: bool,
    violations: bool,
    incidents: bool,
    /// Of which carrier, if only one is asked for.
    pub(super) operator: Option<String>,
    /// Vehicles with which code, if only such are asked for.
    pub(super) vehicle: Option<String>,
}

impl Scope {
    /// The scope of a viewer's stream. `events` lists kinds; one that the viewer may not see is refused.
    pub(super) fn of(
        viewer: &Viewer,
        operator: Option<String>,
        vehicle: Option<String>,
        events: Option<&str>,
    ) -> Result<Self, Problem> {
        let visibility = viewer.may(Action::SeeIncidents)?;
        let fleet = viewer.may(Action::SeeFleet);
        let everything = fleet.is_ok();
        let mut scope =
            Self { visibility, positions: everything, violations: everything, incidents: true, operator, vehicle };
        let Some(events) = events else { return Ok(scope) };
        (scope.positions, scope.violations, scope.incidents) = (false, false, false);
        for name in events.split(',').map(str::trim) {
            let wanted = match name {
                "position" => &mut scope.positions,
                "violation" => &mut scope.violations,
                "incident" => &mut scope.incidents,
                _ => return Err(unknown(name)),
            };
            *wanted = true;
        }
        if scope.positions || scope.violations {
            fleet?;
        }
        Ok(scope)
    }

    /// Whether an item of the feed belongs.
    pub(super) fn takes_item(&self, item: &FeedItem) -> bool {
        let kind = match item.kind {
            FeedKind::Violation | FeedKind::Warning => self.violations,
            FeedKind::Incident => self.incidents,
        };
        let text = |name: &str| item.payload.get(name).and_then(Value::as_str).unwrap_or_default();
        kind && self.visibility.covers(item.operator_id) && self.asks_for(text("operator"), text("vehicle"))
    }

    /// Whether a position belongs.
    pub(super) fn takes_position(&self, operator: OrganisationId, record: &PositionRecord) -> bool {
        self.positions && self.visibility.covers(operator) && self.asks_for(&record.operator, &record.vehicle)
    }

    fn asks_for(&self, operator: &str, vehicle: &str) -> bool {
        self.operator.as_deref().is_none_or(|code| code == operator)
            && self.vehicle.as_deref().is_none_or(|code| code == vehicle)
    }
}

fn unknown(name: &str) -> Problem {
    let shown: String = name.chars().take(40).collect();
    Problem::unreadable(format!("{shown:?} is no kind of event; there are position, violation and incident"))
        .in_field("events")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::store::organisations::Role;

    fn scope(role: Role, events: Option<&str>) -> Result<Scope, Problem> {
        Scope::of(&Viewer::for_test(role, OrganisationId(7)), None, None, events)
    }

    fn item(kind: FeedKind, operator: i64) -> FeedItem {
        let payload = json!({ "operator": "rhine-chem", "vehicle": "T1" });
        FeedItem { id: 1, kind, operator_id: OrganisationId(operator), payload }
    }

    #[test]
    fn a_responder_gets_incidents_only_and_may_not_ask_for_more() {
        let responder = scope(Role::Responder, None).unwrap();
        assert!(responder.takes_item(&item(FeedKind::Incident, 8)));
        assert!(!responder.takes_item(&item(FeedKind::Violation, 8)) && !responder.positions);
        assert!(scope(Role::Responder, Some("incident")).is_ok());
        assert!(scope(Role::Responder, Some("incident,position")).is_err());
    }

    #[test]
    fn an_operator_gets_its_own_data_only() {
        let operator = scope(Role::Operator, None).unwrap();
        for kind in [FeedKind::Violation, FeedKind::Incident] {
            assert!(operator.takes_item(&item(kind, 7)));
            assert!(!operator.takes_item(&item(kind, 8)), "{kind:?}");
        }
    }

    #[test]
    fn a_stream_is_narrowed_by_kind_and_vehicle() {
        let violations = scope(Role::Regulator, Some("violation")).unwrap();
        assert!(violations.takes_item(&item(FeedKind::Violation, 8)) && !violations.positions);
        assert!(!violations.takes_item(&item(FeedKind::Incident, 8)));
        let other = Scope { vehicle: Some("T2".into()), ..violations };
        assert!(!other.takes_item(&item(FeedKind::Violation, 8)));
        assert!(scope(Role::Regulator, Some("weather")).is_err());
    }
}
