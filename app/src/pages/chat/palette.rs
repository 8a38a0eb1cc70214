//! The command palette: finds what was said, and does what the menus do. All of it is a chunk, loaded when it is first
//! opened, or when an address names a message.

use super::{
    state::{ChatState, chat_state},
    thread::Thread,
};
use crate::{
    chunk::{self, chunk},
    reactive::effect,
};
use chat::MessageId;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;

mod actions;
mod jump;
mod list;
mod panel;
mod row;

#[derive(Clone, Copy)]
struct Finding {
    panel: fn(ChatState) -> AnyView,
    jump: fn(Thread, MessageId),
}

chunk! {
    /// What finds.
    fn finding() -> Finding { Finding { panel: panel::panel, jump: jump::to } }
}

/// The palette, from the moment when it is first opened.
#[component]
pub fn Palette() -> impl IntoView {
    let state = chat_state();
    let failed = move || {
        state.searching.set(false);
        state.toast.set(Some(chunk::missing()));
    };
    finding().view(move || state.searching.get(), failed, move |finding| (finding.panel)(state))
}

/// Shows the message that the address names behind its `#`, now and whenever it names another one.
pub(super) fn follow_address(thread: Thread) {
    let location = use_location();
    let own = ["/c/", &thread.id.to_string()].concat();
    effect(move || {
        let message = location.hash.with(|hash| hash.trim_start_matches('#').strip_prefix("m-")?.parse().ok());
        // The address may be that of the next page already.
        let Some(message) = message.filter(|_| location.pathname.with_untracked(|path| *path == own)) else { return };
        spawn_local(async move {
            if let Some(finding) = finding().load().await {
                (finding.jump)(thread, message);
            }
        });
    });
}
