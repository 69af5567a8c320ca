//! Drivers, and the documents that drivers and vehicles need.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::OrganisationId;

/// Somebody who drives for an operator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Driver {
    /// For whom.
    pub operator_id: OrganisationId,
    /// The operator's own code, as devices send it.
    pub code: String,
    /// Name.
    pub name: String,
    /// Certificates.
    pub documents: Vec<Document>,
}

/// A document that runs out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// What it is: `vehicle_approval`, `tank_test`, `driver_certificate` and so on.
    pub kind: String,
    /// Its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The last day on which it is valid.
    pub expires_on: NaiveDate,
}
