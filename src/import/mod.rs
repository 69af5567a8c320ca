//! Reading zones, routes, vehicles and shipments from files. A file is taken whole or not at all, and every fault in it is
//! named at once, with its place.

mod geojson;
mod tables;

use std::path::Path;

use serde_json::Value;

pub use self::{
    geojson::{ZoneDefaults, routes, zones},
    tables::{ShipmentFiling, shipments, vehicles},
};

/// Why a file cannot be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It cannot be read.
    #[error("{path}: {error}")]
    Unreadable {
        /// Which file.
        path: String,
        /// Why not.
        error: std::io::Error,
    },
    /// It is not JSON, or not of the form that is wanted.
    #[error("{path}: {reason}")]
    Form {
        /// Which file.
        path: String,
        /// What is wrong, and what would be right.
        reason: String,
    },
    /// Some of its entries are wrong. Nothing was imported.
    #[error("{path}: {} of its entries cannot be taken, so nothing was imported:\n{}", faults.len(), faults.join("\n"))]
    Entries {
        /// Which file.
        path: String,
        /// Each fault with its place.
        faults: Vec<String>,
    },
}

fn read(path: &Path) -> Result<String, ImportError> {
    std::fs::read_to_string(path).map_err(|error| ImportError::Unreadable { path: path.display().to_string(), error })
}

fn read_json(path: &Path) -> Result<Value, ImportError> {
    let text = read(path)?;
    serde_json::from_str(&text).map_err(|error| form(path, format!("it is not JSON: {error}")))
}

fn form(path: &Path, reason: impl Into<String>) -> ImportError {
    ImportError::Form { path: path.display().to_string(), reason: reason.into() }
}

/// Everything that was read, or all the faults.
fn whole<T>(path: &Path, read: Vec<Result<T, String>>) -> Result<Vec<T>, ImportError> {
    let mut entries = Vec::with_capacity(read.len());
    let mut faults = Vec::new();
    for entry in read {
        match entry {
            Ok(entry) => entries.push(entry),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(entries) } else { Err(ImportError::Entries { path: path.display().to_string(), faults }) }
}
