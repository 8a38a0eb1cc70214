//! A conversation that is open: its messages, the turn that runs in it, and what can be done.

use super::{
    composer::Outgoing,
    items::{Item, merge, place, replace},
    notice,
    scroller::Scroll,
    state::{ChatState, chat_state},
    versions,
};
use crate::{
    api::calls::{open_conversation, stop_turn},
    browser,
    error::AppError,
    live::{self, Attachment, Connection, Net, Told},
    reactive::{effect, memo},
};
use chat::{
    Conversation, ConversationId, Fork, Message, MessageId, Outcome, Parameters, Summary, Transcript, Turn, TurnId,
    ports::Sent,
};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

mod find;
mod memory;

/// How long after a turn's end a model may have found a title for the conversation.
const TITLE_WAIT: Duration = Duration::from_secs(3);

/// A conversation that is open.
#[derive(Clone, Copy)]
pub(super) struct Thread {
    pub id: ConversationId,
    /// What is shown, oldest first.
    pub items: RwSignal<Vec<Item>>,
    /// The turn that runs.
    pub running: Memo<Option<TurnId>>,
    pub net: Net,
    pub scroll: Scroll,
    /// The turn that somebody wants to try again with a model yet to be chosen.
    pub choosing_for: RwSignal<Option<TurnId>>,
    /// The place on the page of the message that is being edited.
    pub editing: RwSignal<Option<MessageId>>,
    /// The versions of those messages that have several.
    pub forks: RwSignal<Vec<Fork>>,
    /// What stands for the beginning when a model is asked.
    pub summary: RwSignal<Option<Summary>>,
    /// The message from which on the model that answers next remembers, if not from the first, and its name.
    pub memory: RwSignal<Option<(MessageId, String)>>,
    pub chat: ChatState,
    /// How models shall answer.
    parameters: RwSignal<Parameters>,
    attached: StoredValue<Option<Attachment>>,
    /// The turn that the server has said it does not have: asking again would change nothing.
    missing: StoredValue<Option<TurnId>>,
    /// Counts what was done here, so that an older transcript from the server does not undo it.
    changes: StoredValue<u32>,
    /// A message, or another attempt, is on its way.
    sending: StoredValue<bool>,
    reloading: StoredValue<bool>,
    told: StoredValue<Option<Callback<Told>>>,
    gone: Callback<()>,
}

impl Thread {
    /// A conversation with the messages it has. `gone` is called when it turns out to be deleted.
    pub(super) fn new(transcript: Transcript, gone: Callback<()>) -> Self {
        let items = RwSignal::new(transcript.messages.into_iter().map(Item::new).collect::<Vec<_>>());
        let running = memo(move || {
            let last = items.with(|items| items.iter().rev().find_map(|item| item.turn().cloned()));
            last.and_then(|turn| turn.with(|turn| turn.is_running().then_some(turn.id)))
        });
        let thread = Self {
            id: transcript.conversation.id,
            items,
            running,
            net: Net::new(),
            scroll: Scroll::new(),
            choosing_for: RwSignal::new(None),
            editing: RwSignal::new(None),
            forks: RwSignal::new(transcript.forks),
            summary: RwSignal::new(transcript.summary),
            memory: RwSignal::new(None),
            parameters: RwSignal::new(transcript.conversation.parameters),
            chat: chat_state(),
            attached: StoredValue::new(None),
            missing: StoredValue::new(None),
            changes: StoredValue::new(0),
            sending: StoredValue::new(false),
            reloading: StoredValue::new(false),
            told: StoredValue::new(None),
            gone,
        };
        thread.told.set_value(Some(Callback::new(move |told| thread.told(told))));
        on_cleanup(move || thread.leave());
        thread
    }

    /// Begins to watch what runs, and to look again when somebody comes back to the page.
    pub(super) fn wake(self) {
        self.keep_memory();
        effect(move || {
            let turn = self.items.with_untracked(|items| items.iter().rev().find_map(|item| item.turn().cloned()));
            if let Some(turn) = turn {
                self.watch(turn);
            }
            let look = move |_| {
                if browser::is_visible() {
                    self.net.hurry();
                    self.reload();
                }
            };
            let visible = window_event_listener_untyped("visibilitychange", look);
            let online = window_event_listener_untyped("online", look);
            let offline = window_event_listener_untyped("offline", move |_| self.check());
            on_cleanup(move || {
                visible.remove();
                online.remove();
                offline.remove();
            });
        });
    }

    fn check(self) {
        live::check(self.net, Callback::new(move |()| self.reload()));
    }

    /// Paints a message that is on its way.
    pub(super) fn paint(self, outgoing: &Outgoing) {
        self.begin();
        self.items.update(|items| items.push(Item::sending(outgoing.key, &outgoing.text)));
        self.scroll.to_end();
    }

    /// Takes a message back that was not sent. When another tab is to blame, what it did is shown.
    pub(super) fn take_back(self, outgoing: &Outgoing) {
        self.end();
        self.items.update(|items| items.retain(|item| item.key.0 != outgoing.key.0));
        self.reload();
    }

    /// Takes in that a message was sent, and watches the reply.
    pub(super) fn sent(self, outgoing: &Outgoing, sent: Sent) {
        self.end();
        let newest = self
            .items
            .with_untracked(|items| items.iter().rev().find(|item| item.key.0 != outgoing.key.0).map(Item::id));
        let follows = sent.message.parent() == newest;
        let turn = self.items.try_update(|items| place(items, outgoing.key, sent.message, sent.turn));
        if let Some(turn) = turn {
            self.watch(turn);
        }
        if !follows {
            self.reload();
        }
    }

    /// Shows another version of a message, and of all that followed it.
    pub(super) fn put(self, of: MessageId, message: Option<Message>, conversation: &Conversation, turn: Turn) {
        self.chat.upsert(conversation, turn.is_running());
        let version = message.as_ref().map_or(turn.reply, Message::id);
        match self.items.try_update(|items| replace(items, of, message, turn)).flatten() {
            Some(turn) => {
                self.forks.update(|forks| versions::add(forks, of, version));
                self.scroll.to_end();
                self.watch(turn);
            }
            None => self.reload(),
        }
    }

    /// Stops the turn that runs. What had arrived is kept.
    pub(super) fn stop(self) {
        let Some(turn) = self.running.get_untracked() else { return };
        spawn_local(async move {
            match stop_turn(turn.to_string()).await {
                Ok(()) => self.net.hurry(),
                Err(AppError::NotFound) => self.reload(),
                Err(error) => self.chat.tell(&error),
            }
        });
    }

    fn watch(self, turn: ArcRwSignal<Turn>) {
        let missing = self.missing.try_get_value().flatten();
        if turn.with_untracked(|turn| !turn.is_running() || missing == Some(turn.id)) {
            return;
        }
        self.detach();
        let Some(told) = self.told.try_get_value().flatten() else { return };
        self.chat.set_running(self.id, true);
        self.chat.status.set(turn.with_untracked(|turn| [&turn.model_name, " is responding"].concat()));
        self.attached.try_set_value(Some(live::attach(turn, self.net, told)));
    }

    fn told(self, told: Told) {
        self.detach();
        match told {
            Told::Gone => {
                self.missing.set_value(self.running.get_untracked());
                self.reload();
            }
            Told::Ended => {
                let last = self.items.with_untracked(|items| items.iter().rev().find_map(|item| item.turn().cloned()));
                if let Some(turn) = last {
                    let words = ending(&turn);
                    let title = self.chat.title(self.id).unwrap_or_default();
                    turn.with_untracked(|turn| notice::ended(title, turn, words));
                    self.chat.status.set(words.into());
                }
                self.chat.set_running(self.id, false);
                self.chat.refresh();
                let chat = self.chat;
                set_timeout(move || chat.refresh(), TITLE_WAIT);
            }
        }
    }

    /// Loads what other tabs and devices have done, unless a turn is being watched: then it is known.
    pub(super) fn reload(self) {
        let busy = |flag: StoredValue<bool>| flag.try_get_value() != Some(false);
        if busy(self.reloading) || busy(self.sending) || self.attached.try_get_value().flatten().is_some() {
            return;
        }
        self.reloading.set_value(true);
        spawn_local(async move {
            let before = self.changes.try_get_value();
            let answer = open_conversation(self.id.to_string()).await;
            self.reloading.try_set_value(false);
            if before.is_some() && before == self.changes.try_get_value() {
                self.take(answer);
            }
        });
    }

    /// Shows what the server has, or says why that can't be had.
    pub(super) fn take(self, answer: Result<Transcript, AppError>) {
        match answer {
            Ok(transcript) => {
                self.items.update(|items| *items = merge(items, transcript.messages));
                self.forks.set(transcript.forks);
                self.summary.set(transcript.summary);
                self.parameters.set(transcript.conversation.parameters);
                let last = self.items.with_untracked(|items| items.iter().rev().find_map(|item| item.turn().cloned()));
                if let Some(turn) = last {
                    self.watch(turn);
                }
            }
            Err(AppError::NotFound) => _ = self.gone.try_run(()),
            Err(AppError::SignedOut) => self.net.state.set(Connection::SignedOut),
            Err(AppError::Offline) => self.check(),
            Err(error) => self.chat.tell(&error),
        }
    }

    /// Nothing is on its way to the server.
    pub(super) fn is_idle(self) -> bool {
        self.sending.try_get_value() == Some(false)
    }

    pub(super) fn begin(self) {
        self.sending.try_set_value(true);
        self.changes.try_update_value(|changes| *changes = changes.wrapping_add(1));
    }

    pub(super) fn end(self) {
        self.sending.try_set_value(false);
    }

    fn detach(self) {
        if let Some(attachment) = self.attached.try_update_value(Option::take).flatten() {
            attachment.detach();
        }
    }

    fn leave(self) {
        self.detach();
        self.chat.status.try_set(String::new());
    }
}

/// What is said to those who listen when a turn has ended.
fn ending(turn: &ArcRwSignal<Turn>) -> &'static str {
    turn.with_untracked(|turn| match turn.outcome() {
        Some(Outcome::Complete | Outcome::Length) => "Response finished",
        Some(Outcome::Stopped) => "Stopped",
        Some(Outcome::Failed(_) | Outcome::Interrupted) => "Response failed",
        None => "",
    })
}
