//! What the parts of the chat page share.

use super::{
    loaded::{Arrival, Loaded},
    organise::Order,
};
use crate::{
    api::calls::list_conversations,
    browser,
    components::{Toast, ToastAction},
    context::Preferences,
    error::AppError,
};
use chat::{
    Conversation, ConversationId, ConversationSummary, Folder, Message, ModelInfo, ModelRef, Shelf, Timestamp,
    Transcript, User, ports::Sent, time::UtcOffset,
};
use leptos::{prelude::*, task::spawn_local};

/// What the parts of the chat page share; provided once, by the layout.
#[derive(Clone, Copy)]
pub struct ChatState {
    /// Who is signed in. Stays the same while the page is open: signing in and out loads it anew.
    pub user: StoredValue<User>,
    /// Minutes ahead of UTC: the cookie's, and from the moment the page is awake the browser's.
    pub offset: RwSignal<UtcOffset>,
    /// The time, to the minute: the server's, and from the moment the page is awake the browser's.
    pub now: RwSignal<Timestamp>,
    /// The sidebar's list, newest first.
    pub conversations: RwSignal<Vec<ConversationSummary>>,
    /// What brings order to the list.
    pub(super) order: RwSignal<Order>,
    /// The models on offer; the first one is the default.
    pub models: RwSignal<Vec<ModelInfo>>,
    /// The model that was chosen last in this browser, if it is still on offer; none for the default.
    pub chosen_model: RwSignal<Option<ModelRef>>,
    /// The drawer that holds the sidebar on narrow screens.
    pub drawer_open: RwSignal<bool>,
    /// The sidebar is closed, on wide screens.
    pub sidebar_closed: RwSignal<bool>,
    /// The command palette is open.
    pub searching: RwSignal<bool>,
    /// The list of all keys is open.
    pub listing_keys: RwSignal<bool>,
    /// Said politely to a screen reader when it changes; the layout holds the live region.
    pub status: RwSignal<String>,
    /// The sentences of a reply, each said like that when it is finished.
    pub spoken: RwSignal<String>,
    /// A short message that everybody sees for a moment.
    pub toast: RwSignal<Option<Toast>>,
    /// The conversation that is on its way to its own page: it came with the page, or has just begun.
    arriving: StoredValue<Option<Arrival>>,
    /// The key that came with the page has been given to a composer.
    pub key_taken: StoredValue<bool>,
    /// Counts the changes made here, so that an older list from the server does not undo them.
    changes: StoredValue<u32>,
    /// A list has been asked for and has not come yet.
    refreshing: StoredValue<bool>,
}

/// The state of the chat page around the caller.
pub fn chat_state() -> ChatState {
    expect_context()
}

impl ChatState {
    /// The state at the moment the page was rendered.
    pub(super) fn new(user: User, preferences: Preferences, now: Timestamp, loaded: Loaded) -> Self {
        Self {
            user: StoredValue::new(user),
            offset: RwSignal::new(preferences.offset),
            now: RwSignal::new(now),
            conversations: RwSignal::new(loaded.conversations),
            order: RwSignal::new(Order::new(Folder::unpack(&loaded.folders))),
            models: RwSignal::new(loaded.models),
            chosen_model: RwSignal::new(None),
            drawer_open: RwSignal::new(false),
            sidebar_closed: RwSignal::new(preferences.sidebar_closed),
            searching: RwSignal::new(false),
            listing_keys: RwSignal::new(false),
            status: RwSignal::new(String::new()),
            spoken: RwSignal::new(String::new()),
            toast: RwSignal::new(None),
            arriving: StoredValue::new(loaded.opened),
            key_taken: StoredValue::new(false),
            changes: StoredValue::new(0),
            refreshing: StoredValue::new(false),
        }
    }

    /// Sends a conversation that has just begun on to its own page.
    pub fn begun(&self, sent: Sent) {
        let id = sent.conversation.id.to_string();
        let messages = vec![sent.message, Message::Reply(sent.turn)];
        let transcript = Transcript { conversation: sent.conversation, messages, forks: Vec::new(), summary: None };
        self.arriving.set_value(Some((id, Ok(transcript))));
    }

    /// The conversation with this id, if it has arrived. In a browser only once: later it has to be loaded anew. The
    /// server makes a page more than once.
    pub fn arrived(&self, id: &str) -> Option<Result<Transcript, AppError>> {
        self.arriving.try_update_value(|arriving| {
            let (arrived, opened) = arriving.take()?;
            if arrived != id {
                return None;
            }
            if cfg!(feature = "ssr") {
                *arriving = Some((arrived, opened.clone()));
            }
            Some(opened)
        })?
    }

    /// A conversation's title as the sidebar shows it, followed as it changes; none when it is not listed.
    pub fn title(&self, id: ConversationId) -> Option<String> {
        self.conversations.with(|list| list.iter().find(|c| c.id == id).map(|c| c.title.as_str().to_owned()))
    }

    /// Where a conversation was put, followed as it changes; none when it is not listed.
    pub fn shelf(&self, id: ConversationId) -> Option<Shelf> {
        self.conversations.with(|list| list.iter().find(|c| c.id == id).map(|c| c.shelf))
    }

    /// Whether the sidebar shows that a model is replying in a conversation, followed as it changes.
    pub fn is_running(&self, id: ConversationId) -> bool {
        self.conversations.with(|list| list.iter().any(|c| c.id == id && c.running))
    }

    /// Takes a new conversation, or what is new about one, into the list.
    pub fn upsert(&self, conversation: &Conversation, running: bool) {
        self.change(|list| upsert(list, conversation, running));
    }

    /// Shows or hides that a model is replying in a conversation.
    pub fn set_running(&self, id: ConversationId, running: bool) {
        let known = |list: &Vec<ConversationSummary>| list.iter().any(|c| c.id == id && c.running != running);
        if self.conversations.with_untracked(known) {
            self.change(|list| list.iter_mut().filter(|c| c.id == id).for_each(|c| c.running = running));
        }
    }

    /// Takes a conversation out of the list.
    pub fn remove(&self, id: ConversationId) {
        self.change(|list| list.retain(|c| c.id != id));
    }

    /// Changes a conversation's title in the list.
    pub(super) fn rename(&self, id: ConversationId, title: &chat::Title) {
        self.change(|list| list.iter_mut().filter(|c| c.id == id).for_each(|c| c.title = title.clone()));
    }

    /// Loads the list anew, after a turn has ended or when the page is looked at again. When that fails, the
    /// list stays as it is.
    pub fn refresh(&self) {
        if self.refreshing.try_get_value() != Some(false) {
            return;
        }
        self.refreshing.set_value(true);
        let state = *self;
        spawn_local(async move {
            let mut before = state.changes.try_get_value();
            let mut answer = list_conversations().await;
            while answer.is_ok() && before != state.changes.try_get_value() {
                before = state.changes.try_get_value();
                answer = list_conversations().await;
            }
            state.refreshing.try_set_value(false);
            let Ok((mut list, folders)) = answer else { return };
            // The page of what was just archived still has to know so.
            let kept = |shown: &Vec<ConversationSummary>| {
                shown.iter().filter(|c| c.shelf.archived).for_each(|c| {
                    if list.iter().all(|new| new.id != c.id) {
                        put(&mut list, c.clone());
                    }
                });
                *shown != list
            };
            if state.conversations.try_with_untracked(kept) == Some(true) {
                state.conversations.set(list);
            }
            let folders = Folder::unpack(&folders);
            if state.order.try_with_untracked(|order| order.folders != folders) == Some(true) {
                state.order.update(|order| order.folders = folders);
            }
        });
    }

    /// Shows why something could not be done, with the way back in for who has been signed out.
    pub fn tell(&self, error: &AppError) {
        let mut toast = Toast::new(error.to_string().trim_end_matches('.'));
        if *error == AppError::SignedOut {
            toast.action =
                Some(ToastAction { label: "Sign in".into(), run: Callback::new(|()| browser::sign_in_again()) });
        }
        self.toast.set(Some(toast));
    }

    /// Changes the list; one from the server that was asked for before is older.
    pub(super) fn change(&self, change: impl FnOnce(&mut Vec<ConversationSummary>)) {
        self.changes.update_value(|count| *count = count.wrapping_add(1));
        self.conversations.update(change);
    }
}

fn upsert(list: &mut Vec<ConversationSummary>, conversation: &Conversation, running: bool) {
    let summary = ConversationSummary {
        id: conversation.id,
        title: conversation.title.clone(),
        updated_at: conversation.updated_at,
        running,
        shelf: conversation.shelf,
    };
    put(list, summary);
}

fn put(list: &mut Vec<ConversationSummary>, summary: ConversationSummary) {
    list.retain(|c| c.id != summary.id);
    let place = list.partition_point(|c| c.updated_at > summary.updated_at);
    list.insert(place, summary);
}

#[cfg(test)]
mod tests;
