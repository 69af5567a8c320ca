//! Stories about the engine, and properties that hold for any track.

mod alarms;
mod crossings;
mod judged_again;
mod properties;
mod separation;
mod silence;

use super::Judgement;
use crate::{domain::*, rules::EpisodeChange, testing::*};
