//! Stories that run against the real broker and the real database, through the real binary.
//!
//! `./dev test` provides PostgreSQL (`DATABASE_URL`) and the tools in `.dev/tools`; each story starts a broker of its own
//! and has a database of its own, so that they run side by side.

// The lints that are off in tests know unit tests only; this whole crate is tests.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::print_stderr, clippy::unwrap_used)]

mod acknowledgements;
mod api;
mod bad_input;
mod decoders;
mod incident_life;
mod kills;
mod late;
mod outages;
mod past;
mod plain_postgres;
mod replay;
mod scenarios;
mod separation;
mod sheet;
mod silence;
mod support;
mod world_data;
