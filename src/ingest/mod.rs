//! Taking in messages: broker → connection → shard (by vehicle) → engine → writer → broker's acknowledgement.
//!
//! A message is acknowledged only after the transaction that holds everything it caused has committed. Messages of one
//! vehicle go to one shard, in order. Nothing is dropped: what cannot be used becomes a dead letter with its reason.

mod gather;
mod judging;

pub mod acks;
pub mod connection;
pub mod decode;
pub mod intake;
pub mod reject;
pub mod sequence;
pub mod shard;
pub mod topic;
pub mod writer;

pub(crate) use self::judging::Judge;
pub use self::judging::Tracked;
use crate::domain::VehicleId;

/// The shard that a vehicle falls to.
#[must_use]
pub fn shard_of(vehicle: VehicleId, shards: usize) -> usize {
    let shards = i64::try_from(shards.max(1)).unwrap_or(1);
    usize::try_from(vehicle.0.rem_euclid(shards)).unwrap_or(0)
}
