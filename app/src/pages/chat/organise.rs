//! The order of the conversations in the sidebar: what is pinned, archived, put into folders, dragged and selected, and
//! how wide the sidebar is. All of it is a chunk, loaded when somebody first does any of it.

use super::state::ChatState;
use crate::{
    chunk::{self, chunk},
    context::SidebarWidth,
};
use chat::{Act, ConversationId, Folder, FolderId};
use leptos::{
    prelude::*,
    task::spawn_local,
    web_sys::{Element, Event},
};

mod acts;
mod dialogs;
mod drag;
mod edge;
mod gesture;
mod selecting;
mod words;

/// What somebody wants from a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wish {
    /// Does something to a conversation.
    Act(ConversationId, Act),
    /// Asks about something.
    Ask(Ask),
    /// Begins to select conversations.
    Select,
    /// Moves a folder towards the beginning.
    Up(FolderId),
    /// Moves a folder towards the end.
    Down(FolderId),
    /// Asks for the name of a folder.
    Rename(FolderId),
    /// Asks whether a folder shall go.
    Remove(FolderId),
}

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

/// What the chunk hands over.
#[derive(Clone, Copy)]
struct Organising {
    grant: fn(ChatState, Wish),
    gesture: fn(ChatState, &Event),
}

chunk! {
    /// What brings order.
    fn organising() -> Organising { Organising { grant: acts::grant, gesture: gesture::follow } }
}

impl ChatState {
    /// Does what somebody wants.
    pub(super) fn wish(self, wish: Wish) {
        self.organise(Box::new(move |organising| (organising.grant)(self, wish)));
    }

    /// Follows what is done in the sidebar with mouse or keyboard.
    pub(super) fn gesture(self, event: Event) {
        self.organise(Box::new(move |organising| (organising.gesture)(self, &event)));
    }

    fn organise(self, then: Box<dyn FnOnce(Organising)>) {
        spawn_local(async move {
            match organising().load().await {
                Some(organising) => then(organising),
                None => self.toast.set(Some(chunk::missing())),
            }
        });
    }
}

/// A row of the list, by its link.
pub(super) const ROW: &str = ".side-list .srow > a";

/// Whether something happened to what this CSS selector names, or inside of it.
pub(super) fn within(event: &Event, selector: &str) -> bool {
    event_target::<Element>(event).closest(selector).is_ok_and(|found| found.is_some())
}

/// The edge of the sidebar, by which it is made wider and narrower.
#[component]
pub(super) fn Edge() -> impl IntoView {
    let state = super::state::chat_state();
    let pixels = move || state.sidebar_width.get().map_or(SidebarWidth::USUAL, SidebarWidth::pixels).to_string();
    view! {
        <div
            class="side-edge"
            role="separator"
            tabindex="0"
            aria-orientation="vertical"
            aria-label="Width of the sidebar"
            aria-controls="side"
            aria-valuemin="220"
            aria-valuemax="420"
            aria-valuenow=pixels
            on:pointerdown=move |event| state.gesture(event.into())
            on:dblclick=move |event| state.gesture(event.into())
        ></div>
    }
    .into_any()
}
