//! What the user said.

use super::{
    attachments::Attachments,
    more::More,
    state::{ChatState, chat_state},
    thread::Thread,
    versions::Versions,
    work::{element_id, work},
};
use crate::{
    components::{CopyButton, Icon, IconName, IconSize, Toast},
    reactive::memo,
};
use chat::{Attachment, MessageId};
use leptos::prelude::*;
use std::sync::Arc;

/// What the user said, as it was typed, and what can be done with it.
#[component]
pub fn UserMessage(
    /// Its place on the page.
    key: MessageId,
    message: Arc<chat::UserMessage>,
    thread: Thread,
) -> impl IntoView {
    let edited = memo(move || thread.editing.get() == Some(key));
    let files = message.attachments.clone();
    let said = move || {
        let message = message.clone();
        if let Some(work) = edited.get().then(|| work().get()).flatten() {
            return (work.field)(thread, key);
        }
        view! {
            <div class="bubble">{message.text.clone()}</div>
            <Under key message thread/>
        }
        .into_any()
    };
    view! {
        <article class="msg msg-user" id=element_id(key) aria-label="Message from you">
            <Attachments files/>
            {said}
        </article>
    }
    .into_any()
}

/// What the user has just said, on its way to a conversation of its own.
#[component]
pub fn Said(text: String, files: Vec<Attachment>) -> impl IntoView {
    view! {
        <article class="msg msg-user" aria-label="Message from you">
            <Attachments files/>
            <div class="bubble">{text}</div>
            <div class="under"></div>
        </article>
    }
}

#[component]
fn Under(key: MessageId, message: Arc<chat::UserMessage>, thread: Thread) -> impl IntoView {
    view! {
        <div class="under">
            <Versions key label="Message versions" thread/>
            <div class="acts" role="group" aria-label="Message actions">
                <CopyMessage text=Callback::new(move |()| message.text.clone())/>
                <button
                    class="ib ib-sm"
                    type="button"
                    data-edit=""
                    aria-label="Edit message"
                    title="Edit message"
                    on:click=move |_| thread.edit(key)
                >
                    <Icon name=IconName::Pencil size=IconSize::Small/>
                </button>
                <More key thread/>
            </div>
        </div>
    }
    .into_any()
}

/// Copies a message as it was written.
#[component]
pub fn CopyMessage(text: Callback<(), String>) -> impl IntoView {
    let state = chat_state();
    view! { <CopyButton label="Copy message" text on_copied=move |ok| tell_copied(state, ok)/> }
}

/// Says when a browser did not let the page copy; that it did is seen at the button.
pub(super) fn tell_copied(state: ChatState, ok: bool) {
    if !ok {
        state.toast.set(Some(Toast::new("The browser did not let the page copy")));
    }
}
