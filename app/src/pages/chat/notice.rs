//! A notification when an answer that took its time is ready and nobody looks at the page.

use super::state::ChatState;
use crate::{browser, chunk::chunk};
use chat::Turn;
use leptos::task::spawn_local;

#[cfg(feature = "hydrate")]
mod system;
#[cfg(not(feature = "hydrate"))]
mod system {
    pub fn ask(_state: super::ChatState) {}
    pub fn tell(_title: &str, _words: &str) {}
}

/// An answer that took less is waited for, in milliseconds.
const LONG: u64 = 5_000;

/// What notifies.
#[derive(Clone, Copy)]
struct Table {
    ask: fn(ChatState),
    tell: fn(&str, &str),
}

chunk! {
    /// What notifies.
    fn notifying() -> Table { Table { ask: system::ask, tell: system::tell } }
}

/// Asks the browser to let the page notify.
pub(super) fn ask(state: ChatState) {
    spawn_local(async move {
        if let Some(table) = notifying().load().await {
            (table.ask)(state);
        }
    });
}

/// Notifies that a turn has ended, unless somebody looks or it was short. Whether the browser lets it decides the user.
pub(super) fn ended(title: String, turn: &Turn, words: &'static str) {
    let took = turn.ended_at.map_or(0, |ended| ended.millis_since(turn.started_at));
    if browser::is_visible() || took < LONG || words.is_empty() {
        return;
    }
    spawn_local(async move {
        if let Some(table) = notifying().load().await {
            (table.tell)(&title, words);
        }
    });
}
