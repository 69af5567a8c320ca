//! Stories about the engine, and properties that hold for any track.

mod alarms;
mod crossings;
mod judged_again;
mod oracle;
mod properties;
mod receivers;
mod semantics;
mod separation;
mod silence;
mod trips;

use super::Judgement;
use crate::{domain::*, rules::EpisodeChange, testing::*};
