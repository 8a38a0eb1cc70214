//! The keys that work everywhere on the chat page. [`crate::pages::shortcuts`] lists them.

use super::{drawer::focus_next, state::ChatState};
use crate::{
    browser,
    chunk::{self, chunk},
    reactive::effect,
};
use leptos::task::spawn_local;
use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
};
use leptos_router::hooks::use_navigate;

mod acts;
mod list;

const MESSAGE: &str = "#message";

/// What the keys of a conversation do. They are told by the letter or the name of the key.
#[derive(Clone, Copy)]
struct Table {
    act: fn(&str),
    list: fn(RwSignal<bool>) -> AnyView,
}

chunk! {
    /// What the keys of a conversation do, and the list of all keys.
    fn conversation_keys() -> Table { Table { act: acts::act, list: list::list } }
}

/// The list of all keys, from the moment when it is first asked for.
pub(super) fn listed(state: ChatState) -> impl Fn() -> Option<AnyView> + Send {
    let open = state.listing_keys;
    let failed = move || {
        open.set(false);
        state.toast.set(Some(chunk::missing()));
    };
    conversation_keys().view(move || open.get(), failed, move |table| (table.list)(open))
}

/// Listens for the keys for as long as the page is there.
pub(super) fn listen(state: ChatState) {
    let navigate = use_navigate();
    effect(move || {
        let navigate = navigate.clone();
        let new_chat = move || {
            navigate("/", Default::default());
            focus_next(MESSAGE);
        };
        let handle = window_event_listener(ev::keydown, move |event| pressed(state, &event, &new_chat));
        on_cleanup(move || handle.remove());
    });
}

fn pressed(state: ChatState, event: &KeyboardEvent, new_chat: &dyn Fn()) {
    // A modal dialog has the keyboard to itself.
    if event.default_prevented() || event.is_composing() || browser::exists("dialog:modal") {
        return;
    }
    let key = event.key();
    if key == "Escape" {
        escape(state, event);
        return;
    }
    let plain = !(event.meta_key() || event.ctrl_key() || event.alt_key());
    if key == "?" && plain && !browser::exists(":is(input, textarea, select):focus") {
        event.prevent_default();
        state.listing_keys.set(true);
        return;
    }
    // On a Mac, Ctrl with a letter moves the caret and deletes.
    let (command, other) = if browser::has_command_key() {
        (event.meta_key(), event.ctrl_key())
    } else {
        (event.ctrl_key(), event.meta_key())
    };
    if is_for_a_conversation(&key, event, command && !other) {
        event.prevent_default();
        spawn_local(async move {
            if let Some(table) = conversation_keys().load().await {
                (table.act)(&key);
            }
        });
        return;
    }
    if !command || other || event.alt_key() {
        return;
    }
    match (letter(&key, &event.code()), event.shift_key()) {
        (Some(','), false) => browser::load_instead("/settings/profile"),
        (Some('k'), false) => state.search(),
        (Some('b'), false) => state.toggle_sidebar(),
        (Some('o'), true) => {
            state.close_drawer();
            new_chat();
        }
        _ => return,
    }
    event.prevent_default();
}

/// Keys that mean something while the focus is in a conversation. Elsewhere some of them are the browser's.
fn is_for_a_conversation(key: &str, event: &KeyboardEvent, command: bool) -> bool {
    let meant = match (command, event.shift_key(), event.alt_key()) {
        (true, true, false) => ["r", "R", "c", "C", ";", ":"].contains(&key),
        (true, false, false) => key == "/",
        (false, false, true) => key == "ArrowUp" || key == "ArrowDown",
        _ => false,
    };
    meant && browser::exists(".main :focus")
}

/// Shift+Escape goes to the message box, Escape alone closes the drawer, unless a menu is open: that is the browser's.
fn escape(state: ChatState, event: &KeyboardEvent) {
    if browser::exists(":popover-open") {
        return;
    }
    if event.shift_key() {
        event.prevent_default();
        state.close_drawer();
        focus_next(MESSAGE);
    } else if state.drawer_open.get_untracked() {
        event.prevent_default();
        state.close_drawer();
    }
}

/// The Latin letter of a key, in lower case; where the layout has another script, the one printed there on a US keyboard.
fn letter(key: &str, code: &str) -> Option<char> {
    let name = if key.is_ascii() { key } else { code.strip_prefix("Key")? };
    let mut letters = name.chars();
    letters.next().filter(|_| letters.next().is_none()).map(|letter| letter.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::letter;

    #[test]
    fn a_shortcut_is_found_on_any_layout() {
        for (key, code, expected) in [
            ("k", "KeyK", Some('k')),
            ("K", "KeyK", Some('k')),
            ("k", "KeyV", Some('k')),
            ("л", "KeyK", Some('k')),
            ("Enter", "Enter", None),
            ("é", "Digit2", None),
        ] {
            assert_eq!(letter(key, code), expected, "{key} {code}");
        }
    }
}
