//! What the user said.

use super::state::{ChatState, chat_state};
use crate::components::{CopyButton, Toast};
use leptos::prelude::*;
use std::sync::Arc;

/// What the user said, as it was typed.
#[component]
pub fn UserMessage(text: Arc<str>) -> impl IntoView {
    let words = text.to_string();
    view! {
        <article class="msg msg-user" aria-label="Message from you">
            <div class="bubble">{words}</div>
            <div class="acts">
                <CopyMessage text=Callback::new(move |()| text.to_string())/>
            </div>
        </article>
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
