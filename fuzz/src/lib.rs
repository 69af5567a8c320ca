//! What must hold for every input, shared by the targets: see `scripts/fuzz.sh`.

pub mod areas;
pub mod decoding;
pub mod frames;
