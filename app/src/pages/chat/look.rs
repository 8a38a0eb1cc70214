//! Looking closer at what a message shows: pictures in large, diagrams as such, code in lines that wrap. It is a chunk, loaded
//! when somebody first does it; what can be looked at says how in `data-look`.

use super::state::ChatState;
use crate::chunk::{self, chunk};
use leptos::{prelude::*, task::spawn_local, web_sys::Element};

#[cfg(feature = "hydrate")]
mod diagram;
#[cfg(feature = "hydrate")]
mod picture;

chunk! {
    /// What shows it.
    fn look() -> fn(ChatState, Element) { closer }
}

/// Shows what was pressed as it asks for.
pub(super) fn at(chat: ChatState, pressed: Element) {
    spawn_local(async move {
        match look().load().await {
            Some(look) => look(chat, pressed),
            None => chat.toast.set(Some(chunk::missing())),
        }
    });
}

#[cfg(feature = "hydrate")]
fn closer(chat: ChatState, pressed: Element) {
    match pressed.get_attribute("data-look").as_deref() {
        Some("wrap") => wrap(&pressed),
        Some("diagram") => _ = diagram::turn(chat, &pressed),
        _ => _ = picture::open(pressed),
    }
}

#[cfg(not(feature = "hydrate"))]
fn closer(_chat: ChatState, _pressed: Element) {}

/// Turns a toggle; the style sheet goes by it.
#[cfg(feature = "hydrate")]
fn wrap(toggle: &Element) {
    let pressed = toggle.get_attribute("aria-pressed").as_deref() == Some("true");
    _ = toggle.set_attribute("aria-pressed", if pressed { "false" } else { "true" });
}
