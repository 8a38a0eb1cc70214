//! What is being written, and on its way to the server: nothing of it is ever lost, and nothing is sent twice.

use super::{FIELD, Hooks, attaching::Attaching, refusal};
use crate::{
    api::calls::send_message,
    browser,
    context::PageFacts,
    error::AppError,
    pages::chat::{
        send_key::new_key,
        state::{ChatState, chat_state},
    },
    reactive::effect,
};
use chat::{Attachment, ConversationId, Message, Prompt, SendKey, ports::Sent};
use leptos::{html, prelude::*, task::spawn_local};

/// A message on its way to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Outgoing {
    /// The same key again is the same message.
    pub key: SendKey,
    /// What the user wrote, trimmed.
    pub text: String,
    /// The files that go with it.
    pub files: Vec<Attachment>,
}

/// What is being written in one composer.
#[derive(Clone, Copy)]
pub(super) struct Writing {
    pub(super) field: NodeRef<html::Textarea>,
    pub(super) files: Attaching,
    conversation: Option<ConversationId>,
    chat: ChatState,
    /// What stands in the field, once the page is awake.
    text: RwSignal<String>,
    awake: RwSignal<bool>,
    error: RwSignal<Option<AppError>>,
    key: RwSignal<SendKey>,
    /// The server has said that it did not take the message with this key: after a change of the text it is another one.
    refused: StoredValue<bool>,
    on_its_way: RwSignal<Option<Outgoing>>,
    /// It came with the page, which leaves the focus where browsers put it.
    from_page: bool,
}

impl Writing {
    pub(super) fn new(conversation: Option<ConversationId>) -> Self {
        let chat = chat_state();
        // The key that came with the page is for the first message. The same page's later ones get their own.
        let from_page = (!chat.key_taken.get_value()).then(|| expect_context::<PageFacts>().send_key);
        chat.key_taken.set_value(true);
        let key = from_page.or_else(new_key).unwrap_or_else(|| expect_context::<PageFacts>().send_key);
        Self {
            field: NodeRef::new(),
            files: Attaching::new(conversation),
            conversation,
            chat,
            text: RwSignal::new(String::new()),
            awake: RwSignal::new(false),
            error: RwSignal::new(None),
            key: RwSignal::new(key),
            refused: StoredValue::new(false),
            on_its_way: RwSignal::new(None),
            from_page: from_page.is_some(),
        }
    }

    /// Takes what was typed before the page was awake, or else the draft that was kept.
    pub(super) fn wake(self) {
        effect(move || {
            let Some(field) = self.field.get().filter(|_| !self.awake.get_untracked()) else {
                return;
            };
            let typed = field.value();
            if typed.is_empty() {
                self.show(browser::stored(&draft_name(self.conversation)).unwrap_or_default());
            } else {
                self.typed(typed);
            }
            self.awake.set(true);
            if !self.from_page {
                browser::focus_field(FIELD);
            }
        });
    }

    pub(super) fn key(self) -> SendKey {
        self.key.get()
    }

    pub(super) fn is_awake(self) -> bool {
        self.awake.get()
    }

    /// Nothing stands in the field.
    pub(super) fn is_empty(self) -> bool {
        self.text.with_untracked(String::is_empty)
    }

    pub(super) fn can_be_sent(self) -> bool {
        self.text.with(|text| !text.trim().is_empty() && refusal(text).is_none())
            && self.on_its_way.with(Option::is_none)
            && !self.files.is_busy()
    }

    /// Why the message was not, or can't be, sent.
    pub(super) fn problem(self) -> Option<AppError> {
        self.text.with(|text| refusal(text)).or_else(|| self.error.get())
    }

    /// Takes what the user has typed.
    pub(super) fn typed(self, text: String) {
        // The answer will want to be painted.
        #[cfg(feature = "hydrate")]
        crate::renderer::warm();
        self.text.set(text);
        if self.refused.get_value() {
            self.refused.set_value(false);
            self.renew_key();
        }
        self.keep();
    }

    /// Sends what stands in the field, unless something is on its way already.
    pub(super) fn send(self, hooks: Hooks) {
        if self.on_its_way.with_untracked(Option::is_some) || untrack(|| self.files.is_busy()) {
            return;
        }
        let Ok(prompt) = self.text.with_untracked(|text| Prompt::parse(text)) else { return };
        let outgoing = Outgoing { key: self.key.get_untracked(), text: prompt.into(), files: self.files.take() };
        self.on_its_way.set(Some(outgoing.clone()));
        self.error.set(None);
        self.show(String::new());
        browser::focus_field(FIELD);
        hooks.paint.run(outgoing.clone());
        spawn_local(self.carry(outgoing, hooks));
    }

    async fn carry(self, outgoing: Outgoing, hooks: Hooks) {
        let Self { chat, conversation, .. } = self;
        let draft = draft_name(self.conversation);
        let model = chat.chosen_model.get_untracked().map(String::from).unwrap_or_default();
        let id = conversation.map(|id| id.to_string()).unwrap_or_default();
        // Without a parent it follows the newest message, also one that another tab has sent meanwhile.
        let (key, none) = (outgoing.key.to_string(), String::new());
        let text = outgoing.text.clone();
        let files = outgoing.files.iter().map(|file| file.id.to_string()).collect::<Vec<_>>().join(",");
        let answer = send_message(key, id, none.clone(), none, text, model, files).await;
        if let Ok(sent) = &answer {
            chat.upsert(&sent.conversation, sent.turn.is_running());
        }
        let left = self.on_its_way.is_disposed();
        match answer {
            // The draft of a page that was left is kept as it was when the message was on its way.
            Ok(_) if left => browser::forget(&draft),
            Ok(sent) => self.arrived(outgoing, sent, hooks),
            Err(_) if left => self.files.put_back(outgoing.files),
            Err(error) => self.failed(outgoing, error, hooks),
        }
    }

    fn arrived(self, outgoing: Outgoing, sent: Sent, hooks: Hooks) {
        self.on_its_way.set(None);
        self.renew_key();
        // An earlier try had arrived although its answer did not, and the text was changed since: that change was not
        // sent.
        let ids = |files: &[Attachment]| files.iter().map(|file| file.id).collect::<Vec<_>>();
        let changed = matches!(&sent.message, Message::User(message)
            if message.text != outgoing.text || ids(&message.attachments) != ids(&outgoing.files));
        if changed {
            self.files.put_back(outgoing.files.clone());
            self.show(self.text.with_untracked(|text| joined(&outgoing.text, text)));
            self.error.set(Some(AppError::invalid("text", ARRIVED_BEFORE)));
        }
        if self.conversation.is_none() {
            // What is left to send belongs to the conversation that has just begun.
            keep(Some(sent.conversation.id), &self.text.get_untracked());
            self.show(String::new());
            self.files.begun(sent.conversation.id);
        }
        self.keep();
        hooks.sent.try_run((outgoing, sent));
    }

    fn failed(self, outgoing: Outgoing, error: AppError, hooks: Hooks) {
        self.on_its_way.set(None);
        self.refused.set_value(is_definite(&error));
        self.files.put_back(outgoing.files.clone());
        self.show(self.text.with_untracked(|text| joined(&outgoing.text, text)));
        self.keep();
        self.error.set(Some(error));
        hooks.take_back.try_run(outgoing);
        browser::focus_field(FIELD);
    }

    fn show(self, text: String) {
        if let Some(field) = self.field.get_untracked() {
            field.set_value(&text);
        }
        self.text.set(text);
    }

    /// Keeps what has not been sent in this browser.
    fn keep(self) {
        let on_its_way = self.on_its_way.with_untracked(|way| way.as_ref().map(|way| way.text.clone()));
        let unsent = self.text.with_untracked(|text| joined(&on_its_way.unwrap_or_default(), text));
        keep(self.conversation, &unsent);
    }

    fn renew_key(self) {
        if let Some(key) = new_key() {
            self.key.set(key);
        }
    }
}

/// Where the draft of the next conversation is kept.
pub(in crate::pages::chat) const NEW_DRAFT: &str = "confab-draft:new";

/// Where the draft of a conversation, or of the next one, is kept.
fn draft_name(conversation: Option<ConversationId>) -> String {
    conversation.map_or_else(|| NEW_DRAFT.into(), |id| ["confab-draft:", &id.to_string()].concat())
}

fn keep(conversation: Option<ConversationId>, unsent: &str) {
    let name = draft_name(conversation);
    if unsent.trim().is_empty() {
        browser::forget(&name);
    } else {
        browser::store(&name, unsent);
    }
}

const ARRIVED_BEFORE: &str = "An earlier version of this message had arrived already. Send this one too, or clear it.";

/// Whether the server has said that it did not take the message. A lost answer says nothing.
fn is_definite(error: &AppError) -> bool {
    match error {
        AppError::SignedOut
        | AppError::Forbidden
        | AppError::NotFound
        | AppError::Invalid { .. }
        | AppError::Busy(_) => true,
        AppError::Internal(_) | AppError::Offline => false,
    }
}

/// What was on its way, and what was typed since.
fn joined(first: &str, second: &str) -> String {
    if first.is_empty() || second.trim().is_empty() {
        [first, second].concat()
    } else {
        [first, "\n\n", second].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_answer_leaves_it_open_whether_the_message_arrived() {
        for definite in [AppError::SignedOut, AppError::Busy("busy".into()), AppError::invalid("text", "too long")] {
            assert!(is_definite(&definite), "{definite:?}");
        }
        for open in [AppError::Offline, AppError::Internal("7f3a".into())] {
            assert!(!is_definite(&open), "{open:?}");
        }
    }

    #[test]
    fn what_failed_stands_before_what_was_typed_since() {
        assert_eq!(joined("sent", ""), "sent");
        assert_eq!(joined("", "typed"), "typed");
        assert_eq!(joined("sent", "typed"), "sent\n\ntyped");
    }

    #[test]
    fn only_a_text_that_is_too_long_is_refused_at_once() {
        assert_eq!(refusal("  "), None);
        assert_eq!(refusal(&"x".repeat(Prompt::MAX_BYTES)), None);
        assert_eq!(refusal(&" ".repeat(Prompt::MAX_BYTES + 1)), None);
        assert!(refusal(&"x".repeat(Prompt::MAX_BYTES + 1)).is_some());
    }
}
