//! Typed identities.
//!
//! Things that people create (organisations, vehicles, zones) are numbered by the database. Things that follow from the
//! data (violations, incidents) have name-based UUIDs (RFC 9562 §5.5, version 5) derived from what they are about, so
//! that judging the same input again names the same thing.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Name space of every derived identity. Changing it would rename all recorded violations and incidents.
const NAMESPACE: Uuid = Uuid::from_u128(0x7c1f_2a52_0b0e_4c7e_9d5d_5f6b_91a4_3e10);

macro_rules! numbered_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    };
}

macro_rules! derived_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    };
}

numbered_id!(
    /// A carrier, an authority or a response service.
    OrganisationId
);
numbered_id!(
    /// A vehicle of one operator.
    VehicleId
);
numbered_id!(
    /// One vehicle's trip under one transport document.
    ShipmentId
);
numbered_id!(
    /// A geofence with a meaning. Its versions share this id.
    ZoneId
);
numbered_id!(
    /// An approved path with a corridor width.
    RouteId
);
numbered_id!(
    /// A permit to do what a rule forbids.
    ExemptionId
);
derived_id!(
    /// One episode of breaking one rule.
    ViolationId
);
derived_id!(
    /// One emergency event.
    IncidentId
);

impl ViolationId {
    /// The id of the episode of `rule` about `subject` that `vehicle` began at `opened_at`.
    #[must_use]
    pub fn derive(vehicle: VehicleId, rule: &str, subject: &str, opened_at: DateTime<Utc>) -> Self {
        let name = format!("violation/{vehicle}/{rule}/{subject}/{}", opened_at.timestamp_micros());
        Self(Uuid::new_v5(&NAMESPACE, name.as_bytes()))
    }
}

impl IncidentId {
    /// The id of the incident that the episode `first_trigger` opened.
    #[must_use]
    pub fn derive(first_trigger: ViolationId) -> Self {
        Self(Uuid::new_v5(&NAMESPACE, format!("incident/{first_trigger}").as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_facts_name_the_same_violation_and_other_facts_another() {
        let at = DateTime::from_timestamp_micros(1_700_000_000_000_001).unwrap();
        let one = ViolationId::derive(VehicleId(7), "speed.limit", "-", at);
        assert_eq!(one, ViolationId::derive(VehicleId(7), "speed.limit", "-", at));
        assert_ne!(one, ViolationId::derive(VehicleId(8), "speed.limit", "-", at));
        assert_ne!(one, ViolationId::derive(VehicleId(7), "speed.limit", "-", at + chrono::TimeDelta::microseconds(1)));
        assert_eq!(IncidentId::derive(one), IncidentId::derive(one));
    }
}
