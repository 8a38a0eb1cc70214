//! What is asked, and what is selected: kept where only this chunk sees it.

use chat::{ConversationId, Folder};
use leptos::prelude::*;

/// What is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ask {
    /// Into which folder conversations shall be moved.
    Move(Vec<ConversationId>),
    /// Whether conversations shall be deleted.
    Delete(Vec<ConversationId>),
    /// What a folder shall be called; a new one when none is given.
    Name(Option<Folder>),
    /// Whether a folder shall be deleted.
    Remove(Folder),
}

thread_local! {
    static ASKED: ArcRwSignal<Option<Ask>> = ArcRwSignal::new(None);
    static SELECTED: ArcRwSignal<Vec<ConversationId>> = ArcRwSignal::new(Vec::new());
}

impl Ask {
    /// Opens the dialog that asks.
    pub(super) fn ask(self) {
        asked().set(Some(self));
    }
}

/// What is asked at the moment.
pub(super) fn asked() -> ArcRwSignal<Option<Ask>> {
    ASKED.with(Clone::clone)
}

/// The conversations that are selected, the last one last.
pub(super) fn selected() -> ArcRwSignal<Vec<ConversationId>> {
    SELECTED.with(Clone::clone)
}
