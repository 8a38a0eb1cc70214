//! The messages of a conversation, oldest first.

use super::{
    items::{Body, Item},
    look,
    marks::{MemoryMark, SummaryMark},
    reply::Reply,
    scroller::{Scroll, Scroller},
    state::ChatState,
    thread::Thread,
    user_message::{UserMessage, tell_copied},
};
use crate::components::{copy_text, each};
use leptos::{ev::MouseEvent, prelude::*, web_sys::Element};
use std::time::Duration;

/// How long a tick stands for what was copied.
const TICK: Duration = Duration::from_millis(1500);

/// The messages of a conversation. They are not read out as they grow: a status line says what goes on.
#[component]
pub fn Transcript(thread: Thread) -> impl IntoView {
    let message = move |Item { key, body }: Item| {
        let message = match body {
            Body::User(message) => view! { <UserMessage key message thread/> }.into_any(),
            Body::Reply(turn) => view! { <Reply key turn thread/> }.into_any(),
        };
        view! {
            <MemoryMark key thread/>
            {message}
            <SummaryMark key thread/>
        }
        .into_any()
    };
    view! {
        <Scroller scroll=thread.scroll>
            <div
                class="log"
                role="log"
                aria-label="Conversation"
                aria-live="off"
                on:click=move |event| clicked(thread.chat, thread.scroll, &event)
            >
                {each(move || thread.items.get(), |item| item.key.to_string(), message)}
            </div>
        </Scroller>
    }
    .into_any()
}

/// Clicks on what comes out of Markdown, which has no listeners of its own.
pub(super) fn clicked(chat: ChatState, scroll: Scroll, event: &MouseEvent) {
    let target = event_target::<Element>(event);
    let around = |selector: &str| target.closest(selector).ok().flatten();
    if let Some(button) = around("[data-copy-code]") {
        return copy_code(chat, &button);
    }
    // With one of these keys a link opens elsewhere.
    let here = !(event.ctrl_key() || event.meta_key() || event.shift_key());
    let looked_at = around("[data-look]").filter(|_| here);
    if (looked_at.is_some() || around("summary").is_some()) && around("[aria-busy]").is_none() {
        // What opens must not push itself out of sight.
        scroll.stay();
    }
    if let Some(pressed) = looked_at {
        event.prevent_default();
        look::at(chat, pressed);
    }
}

fn copy_code(chat: ChatState, button: &Element) {
    let code = button.closest(".code").ok().flatten().and_then(|block| block.query_selector("pre code").ok().flatten());
    let Some(code) = code.and_then(|code| code.text_content()) else { return };
    let button = button.clone();
    copy_text(code, move |ok| {
        tell_copied(chat, ok);
        if ok {
            _ = button.set_attribute("data-done", "");
            set_timeout(move || _ = button.remove_attribute("data-done"), TICK);
        }
    });
}
