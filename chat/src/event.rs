//! What happens in a turn, as numbered events, and how they travel to whoever watches.

use crate::{
    time::Timestamp,
    turn::{Outcome, Phase, Turn},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The number of an event within its turn, counted from 1; 0 is before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    /// The number after this one.
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// Something that happened in a turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnEvent {
    /// What the turn does until there is something to read.
    Phase(Phase),
    /// A piece of the model's thinking.
    Reasoning(String),
    /// A piece of the answer.
    Text(String),
    /// What the turn has used so far.
    Usage(Usage),
    /// What the turn cost, in nanodollars.
    Cost(u64),
    /// The last event of each turn.
    Finished(Outcome),
}

/// Tokens that a turn has used, as far as the provider tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Read by the model.
    pub input: Option<u32>,
    /// Those of them that the model had kept from an earlier request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cached: Option<u32>,
    /// Written by the model, reasoning included.
    pub output: Option<u32>,
    /// Those of them that were reasoning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<u32>,
}

/// An event with its number and the time at which the server saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbered {
    /// Its place in the turn.
    pub seq: Seq,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub event: TurnEvent,
}

/// What a watcher of a turn receives.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "a frame is sent on at once, never kept")]
pub enum Frame {
    /// The whole turn: takes the place of everything the watcher has.
    Snapshot(Turn),
    /// The next event; all watchers share it.
    Event(Arc<Numbered>),
}
