//! Work on messages: other versions, deletions, answers that go on. It is a chunk, loaded when somebody first does it.

use super::thread::Thread;
use crate::{
    browser,
    chunk::{self, chunk},
};
use chat::{Message, MessageId, ModelRef, Parameters, Summary, TurnId, prompt::memory_begins};
use leptos::{prelude::*, task::spawn_local};

mod acts;
mod edit;

/// What is done to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Act {
    /// Shows the branch through another version of it.
    Choose(MessageId, Step),
    /// Tries a turn that ended again; by the same model when none is named.
    Retry(TurnId, Option<ModelRef>),
    /// Has the model go on with a reply that was cut.
    GoOn(TurnId),
    /// Deletes the message at a place of the page, alone or with all that follows.
    Delete(MessageId, Scope),
}

/// Towards which version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// An earlier one.
    Back,
    /// A later one.
    On,
}

/// How much is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// One message.
    One,
    /// It and all that follows.
    Branch,
}

/// See [`memory_begins`].
type MemoryBegins = fn(&[Message], Option<u32>, &Parameters, Option<&Summary>) -> Option<MessageId>;

/// What the chunk hands over.
#[derive(Clone, Copy)]
pub(super) struct Work {
    act: fn(Thread, Act),
    /// The field in which the message at a place of the page is edited.
    pub field: fn(Thread, MessageId) -> AnyView,
    /// The first message that a model with a window of so many tokens is shown.
    pub memory_begins: MemoryBegins,
}

chunk! {
    /// What works on messages.
    pub(super) fn work() -> Work {
        Work { act: acts::act, field: edit::field, memory_begins }
    }
}

impl Thread {
    /// Does something to a message.
    pub(super) fn act(self, act: Act) {
        self.with_work(move |work| (work.act)(self, act));
    }

    /// Swaps a message of the user for a field.
    pub(super) fn edit(self, key: MessageId) {
        self.with_work(move |_| _ = self.editing.try_set(Some(key)));
    }

    /// Swaps what the user said last for a field.
    pub(super) fn edit_last(self) {
        let last =
            self.items.with_untracked(|items| items.iter().rfind(|item| item.turn().is_none()).map(|item| item.key));
        if let Some(key) = last {
            self.edit(key);
        }
    }

    fn with_work(self, then: impl FnOnce(Work) + 'static) {
        let chat = self.chat;
        self.load_work(Box::new(move |work| match work {
            Some(work) => then(work),
            None => chat.toast.set(Some(chunk::missing())),
        }));
    }

    fn load_work(self, then: Box<dyn FnOnce(Option<Work>)>) {
        spawn_local(async move { then(work().load().await) });
    }
}

/// Gives the focus to something in the message at a place of the page, as soon as it is there.
pub(super) fn focus_in(key: MessageId, selector: &'static str) {
    let selector = ["#", &element_id(key), " ", selector].concat();
    request_animation_frame(move || browser::focus(&selector));
}

/// The `id` of the message at a place of the page.
pub(super) fn element_id(key: MessageId) -> String {
    ["m-", &key.to_string()].concat()
}
