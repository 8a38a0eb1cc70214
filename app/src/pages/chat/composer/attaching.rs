//! Files that go with the next message. What is done with them is a chunk, loaded when somebody first attaches one.

use super::writing::Writing;
use crate::{
    chunk::{self, chunk},
    components::{IconButton, IconName},
    pages::chat::state::{ChatState, chat_state},
};
use chat::{Attachment, ConversationId};
use leptos::{
    ev::{ClipboardEvent, DragEvent},
    html,
    prelude::*,
    task::spawn_local,
};
use picked::Files;

mod list;
mod picked;
mod row;
mod upload;

/// What the chunk hands over.
#[derive(Clone, Copy)]
struct Table {
    /// Begins to upload files.
    add: fn(Attaching, Files),
    /// The row above the text.
    row: fn(Attaching) -> AnyView,
    /// The files that are there. The row is empty then.
    take: fn(Option<ConversationId>) -> Vec<Attachment>,
    /// Puts files back that were not sent.
    put_back: fn(Option<ConversationId>, Vec<Attachment>),
    /// Gives what was attached to no conversation yet to one that has begun.
    begun: fn(ConversationId),
}

chunk! {
    /// What is done with files.
    fn attaching() -> Table {
        Table { add: list::add, row: row::row, take: list::take, put_back: list::put_back, begun: list::begun }
    }
}

/// The files of one composer.
#[derive(Clone, Copy)]
pub(super) struct Attaching {
    conversation: Option<ConversationId>,
    chat: ChatState,
    /// Somebody has attached something.
    wanted: RwSignal<bool>,
    /// Files are on their way to the server.
    busy: RwSignal<bool>,
    /// Files are held over the composer.
    dragging: RwSignal<bool>,
}

impl Attaching {
    pub(super) fn new(conversation: Option<ConversationId>) -> Self {
        // Where the chunk is, there may be files that were attached before.
        let wanted = RwSignal::new(attaching().get().is_some());
        let (busy, dragging) = (RwSignal::new(false), RwSignal::new(false));
        Self { conversation, chat: chat_state(), wanted, busy, dragging }
    }

    pub(super) fn is_busy(self) -> bool {
        self.busy.get()
    }

    pub(super) fn is_dragging(self) -> bool {
        self.dragging.get()
    }

    /// The files that are there. They are not attached any more then.
    pub(super) fn take(self) -> Vec<Attachment> {
        attaching().get().map(|table| (table.take)(self.conversation)).unwrap_or_default()
    }

    /// Attaches files again that were not sent.
    pub(super) fn put_back(self, files: Vec<Attachment>) {
        if let Some(table) = attaching().get() {
            (table.put_back)(self.conversation, files);
        }
    }

    /// What is attached belongs to the conversation that has just begun.
    pub(super) fn begun(self, conversation: ConversationId) {
        if let Some(table) = attaching().get() {
            (table.begun)(conversation);
        }
    }

    /// The row above the text, once there is something to show.
    pub(super) fn row(self) -> impl Fn() -> Option<AnyView> + Send {
        let failed = move || {
            self.wanted.set(false);
            self.chat.toast.set(Some(chunk::missing()));
        };
        attaching().view(move || self.wanted.get(), failed, move |table| (table.row)(self))
    }

    pub(super) fn pasted(self, event: &ClipboardEvent) {
        if let Some(files) = picked::pasted(event) {
            event.prevent_default();
            self.add(files);
        }
    }

    pub(super) fn dragged_over(self, event: &DragEvent) {
        if picked::has_files(event) {
            event.prevent_default();
            self.wanted.set(true);
            self.dragging.set(true);
        }
    }

    pub(super) fn dragged_away(self, event: &DragEvent) {
        if picked::has_left(event) {
            self.dragging.set(false);
        }
    }

    pub(super) fn dropped(self, event: &DragEvent) {
        self.dragging.set(false);
        if let Some(files) = picked::dropped(event) {
            event.prevent_default();
            self.add(files);
        }
    }

    fn add(self, files: Files) {
        self.wanted.set(true);
        spawn_local(async move {
            // Where it can't be loaded the row says so.
            if let Some(table) = attaching().load().await {
                (table.add)(self, files);
            }
        });
    }
}

/// Chooses files.
#[component]
pub(super) fn AttachButton(writing: Writing) -> impl IntoView {
    let files = writing.files;
    let input = NodeRef::<html::Input>::new();
    let choose = move |_| {
        if let Some(input) = input.get_untracked() {
            files.wanted.set(true);
            input.click();
        }
    };
    view! {
        <IconButton
            icon=IconName::Paperclip
            label="Attach files"
            disabled=Signal::derive(move || !writing.is_awake())
            on_click=choose
        />
        <input
            node_ref=input
            type="file"
            multiple
            hidden
            on:change=move |event| files.add(picked::chosen(&event_target(&event)))
        />
    }
    .into_any()
}
