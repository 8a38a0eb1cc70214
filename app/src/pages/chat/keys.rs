//! The keys that work everywhere on the chat page.

use super::{drawer::focus_next, state::ChatState};
use crate::{browser, reactive::effect};
use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
};
use leptos_router::hooks::use_navigate;

const MESSAGE: &str = "#message";

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
    // On a Mac, Ctrl with a letter moves the caret and deletes.
    let (command, other) = if browser::has_command_key() {
        (event.meta_key(), event.ctrl_key())
    } else {
        (event.ctrl_key(), event.meta_key())
    };
    if !command || other || event.alt_key() {
        return;
    }
    match (letter(&key, &event.code()), event.shift_key()) {
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
