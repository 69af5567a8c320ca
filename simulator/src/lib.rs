//! Simulated tankers, staged scenarios, track replay and load for Placard.
//!
//! A black box beside the server: it knows the server only by what any device, operator or user would, the MQTT topics
//! and the HTTP API, and shares no code with it. What it stages it knows from the vehicles' true state, never from what
//! the server saw, so it can judge the server.
//!
//! - [`network`] is the road network, [`vehicle`] how tankers truly move on it, [`receiver`] what a GNSS receiver
//!   makes of that.
//! - [`device`] is the MQTT device: it buffers, sends again, and trims when the server has committed. Integration
//!   tests use it too.
//! - [`scenario`] stages what rules must catch and declares it as data; [`demo`] is a region with a law-abiding fleet
//!   around it.
//! - [`world`] is what is registered, [`life`] what truly happens to vehicles in it, [`reports`] what their devices send
//!   of that; [`traffic`] makes ordinary days of them. [`truth`] judges the lives and writes the ledger, [`stage`] plays all of it, and [`score`] holds what the
//!   server found against the ledger.
//! - [`replay`] sends recorded tracks through a [`gateway`]; [`load`] generates load and measures.

pub mod accounts;
pub mod api;
pub mod broker;
pub mod demo;
pub mod device;
pub mod gateway;
pub mod geometry;
pub mod goods;
pub mod life;
pub mod load;
pub mod network;
pub mod numbers;
pub mod output;
pub mod receiver;
pub mod replay;
pub mod reports;
pub mod scenario;
pub mod score;
pub mod set;
pub mod stage;
pub mod traffic;
pub mod truth;
pub mod vehicle;
pub mod world;
