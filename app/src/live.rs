//! Watching a running turn, and knowing whether the server can be reached.
//!
//! What the server sends is folded into the turn at once, by the same fold that the server uses; whoever looks at the
//! turn is notified at most once per frame. On the server nothing here does anything.

#![cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "a server watches nothing"))]

use chat::Turn;
use leptos::prelude::*;

#[cfg(any(feature = "hydrate", test))]
mod pause;
#[cfg(any(feature = "hydrate", test))]
mod sse;
#[cfg(feature = "hydrate")]
mod stream;
#[cfg(feature = "hydrate")]
mod wait;

/// Whether the server can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// As far as known.
    Fine,
    /// No; it is tried again after this many seconds, or just now when there are none.
    Lost(u32),
    /// Yes, but nobody is signed in any more.
    SignedOut,
}

/// What a page knows of its connection to the server.
#[derive(Clone, Copy)]
pub struct Net {
    /// Whether the server can be reached.
    pub state: RwSignal<Connection>,
    /// Counts the times that somebody did not want to wait.
    hurries: StoredValue<u32>,
    /// Somebody is asking whether the server can be reached.
    checking: StoredValue<bool>,
}

/// What a watcher of a turn is told, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The turn has ended.
    Ended,
    /// There is no such turn (any more).
    Gone,
}

/// One watching of one turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attachment(#[cfg(feature = "hydrate")] u32);

impl Net {
    /// A connection of which nothing bad is known.
    pub fn new() -> Self {
        Self { state: RwSignal::new(Connection::Fine), hurries: StoredValue::new(0), checking: StoredValue::new(false) }
    }

    /// Ends whatever waiting there is before the next try.
    pub fn hurry(self) {
        self.hurries.try_update_value(|count| *count = count.wrapping_add(1));
    }
}

/// Loads what watching a turn takes, for somebody who will soon watch one.
#[cfg(feature = "hydrate")]
pub fn warm() {
    stream::warm();
}

/// Watches a running turn until it ends, whatever happens to the connection, and folds in what the server sends.
#[cfg(feature = "hydrate")]
pub fn attach(turn: ArcRwSignal<Turn>, net: Net, tell: Callback<Told>) -> Attachment {
    Attachment(stream::attach(turn, net, tell))
}

/// Asks whether the server can be reached, and when it can't, asks again until it can; then calls `back`.
#[cfg(feature = "hydrate")]
pub fn check(net: Net, back: Callback<()>) {
    leptos::task::spawn_local(wait::until_reached(net, back));
}

impl Attachment {
    /// Stops watching. The turn goes on.
    #[cfg(feature = "hydrate")]
    pub fn detach(self) {
        stream::detach(self.0);
    }
}

/// Nobody watches on a server.
#[cfg(not(feature = "hydrate"))]
pub fn attach(_turn: ArcRwSignal<Turn>, _net: Net, _tell: Callback<Told>) -> Attachment {
    Attachment()
}

/// A server reaches itself.
#[cfg(not(feature = "hydrate"))]
pub fn check(_net: Net, _back: Callback<()>) {}

#[cfg(not(feature = "hydrate"))]
impl Attachment {
    /// Nobody watches on a server.
    pub fn detach(self) {}
}
