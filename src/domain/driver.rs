//! Drivers.

use serde::{Deserialize, Serialize};

use super::{Document, OrganisationId};

/// Somebody who drives for an operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Driver {
    /// For whom.
    pub operator_id: OrganisationId,
    /// The operator's own code, as devices send it.
    pub code: String,
    /// Name.
    pub name: String,
    /// Certificates and licences.
    pub documents: Vec<Document>,
}
