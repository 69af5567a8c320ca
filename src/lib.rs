//! Placard watches dangerous goods on the road.
//!
//! Vehicles report positions over MQTT; Placard judges each against zones and routing rules, records violations, and
//! raises emergency events that carry the hazard data of the cargo. The folders follow the way of the data, and depend on
//! each other in one direction only:
//!
//! `domain` ← `hazard`, `geo` ← `world` ← `rules` ← `engine`, `past` ← `incident` (with `cap`) ← (`sheet`, `store`, `mqtt`,
//! `live`) ← (`ingest`, `notify`, `replay`, `api`) ← `server` ← the command line.
//!
//! Up to `engine` everything is pure: no clock, no I/O, no async.

pub mod api;
pub mod cap;
pub mod config;
pub mod domain;
pub mod engine;
pub mod geo;
pub mod hazard;
pub mod import;
pub mod incident;
pub mod ingest;
pub mod live;
pub mod mqtt;
pub mod notify;
pub mod past;
pub mod replay;
pub mod rules;
pub mod server;
pub mod sheet;
pub mod store;
pub mod telemetry;
pub mod world;

#[cfg(test)]
mod testing;
