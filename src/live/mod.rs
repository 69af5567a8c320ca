//! What this server knows as it happens: the world as it is now, positions as they are committed, the feed as it grows.
//!
//! Everything here can be had from the store as well; another server has its own.

mod feed;
mod positions;
mod world_keeper;

pub use self::{
    feed::LiveFeed,
    positions::{LiveBatch, LivePositions},
    world_keeper::{WorldHandle, WorldKeeper},
};
