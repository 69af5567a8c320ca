//! Documents that run out: of vehicles, and of those who drive them.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// The vehicle's approval for dangerous goods.
    VehicleApproval,
    /// The last inspection of its tank.
    TankTest,
    /// Its insurance.
    Insurance,
    /// A permit or licence to carry.
    Permit,
    /// The driver's certificate for dangerous goods.
    DriverCertificate,
    /// The driver's licence to drive.
    DrivingLicence,
    /// The driver's medical examination.
    Medical,
}

impl DocumentKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::VehicleApproval,
        Self::TankTest,
        Self::Insurance,
        Self::Permit,
        Self::DriverCertificate,
        Self::DrivingLicence,
        Self::Medical,
    ];

    /// The kind's name in JSON and in subjects.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::VehicleApproval => "vehicle_approval",
            Self::TankTest => "tank_test",
            Self::Insurance => "insurance",
            Self::Permit => "permit",
            Self::DriverCertificate => "driver_certificate",
            Self::DrivingLicence => "driving_licence",
            Self::Medical => "medical",
        }
    }

    /// Whether it is a driver's; the others are a vehicle's.
    #[must_use]
    pub fn is_of_driver(self) -> bool {
        matches!(self, Self::DriverCertificate | Self::DrivingLicence | Self::Medical)
    }
}

impl fmt::Display for DocumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A document that runs out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// What it is.
    pub kind: DocumentKind,
    /// Its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The last day on which it is valid.
    pub expires_on: NaiveDate,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_s_kind_has_one_name_everywhere() {
        for kind in DocumentKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
            assert_eq!(kind.to_string(), kind.as_str());
        }
    }
}
