//! Marks between messages: where a model's memory begins, and what a summary stands for.

use super::thread::Thread;
use crate::{components::IconName, reactive::memo};
use chat::MessageId;
use leptos::prelude::*;

/// Stands before the message from which on the model remembers.
#[component]
pub fn MemoryMark(key: MessageId, thread: Thread) -> impl IntoView {
    let model = memo(move || {
        let (begins, model) = thread.memory.get()?;
        // What a summary stands for is remembered in short, and says so itself.
        (thread.id_at(key) == Some(begins) && !thread.follows_summary(begins)).then_some(model)
    });
    move || model.get().map(|model| view! { <p class="mark-line"><span>{model} " remembers from here"</span></p> })
}

/// Stands behind the last message that a summary stands for.
#[component]
pub fn SummaryMark(key: MessageId, thread: Thread) -> impl IntoView {
    let text = memo(move || {
        thread.summary.with(|summary| {
            let summary = summary.as_ref()?;
            (thread.id_at(key) == Some(summary.upto)).then(|| summary.text.clone())
        })
    });
    move || {
        text.get().map(|text| {
            view! {
                <details class="mark-line summarised">
                    <summary>
                        <span>"Summarised above"</span>
                        <svg class="i i-xs chev" aria-hidden="true"><use href=IconName::ChevronRight.href()></use></svg>
                    </summary>
                    <p>{text}</p>
                </details>
            }
        })
    }
}
