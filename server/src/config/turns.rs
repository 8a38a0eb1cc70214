//! How many turns run, and how long they may go on when the server stops.

use super::{reader::Reader, settings as table};
use std::time::Duration;

/// What is set about turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turns {
    /// How many of one user run at the same time.
    pub per_user: usize,
    /// How many of all users.
    pub at_once: usize,
    /// How long they may go on when the server is told to stop.
    pub stop_grace: Duration,
}

impl Default for Turns {
    fn default() -> Self {
        Self { per_user: 4, at_once: 512, stop_grace: Duration::from_secs(8) }
    }
}

pub(super) fn parse(reader: &mut Reader) -> Turns {
    let count = |number: Option<u32>, default| number.map_or(default, |number| number as usize);
    let default = Turns::default();
    let grace = reader.number(table::STOP_GRACE, 0..=3_600);
    Turns {
        per_user: count(reader.number(table::TURNS_PER_USER, 1..=1_000), default.per_user),
        at_once: count(reader.number(table::TURNS_AT_ONCE, 1..=100_000), default.at_once),
        stop_grace: grace.map_or(default.stop_grace, |seconds| Duration::from_secs(seconds.into())),
    }
}
