//! The keys that work in the chat: a page of settings, and the same list in a dialog.

use crate::components::Keys;
use leptos::prelude::*;

/// The keys, with what they do. `mod` stands for ⌘ or Ctrl, `alt` for ⌥ or Alt.
const ANYWHERE: [(&str, &str); 6] = [
    ("Search and commands", "mod K"),
    ("New chat", "mod ⇧ O"),
    ("Open or close the sidebar", "mod B"),
    ("Settings", "mod ,"),
    ("Focus the message box", "⇧ Esc"),
    ("This list", "?"),
];

const IN_A_CONVERSATION: [(&str, &str); 9] = [
    ("Send message", "↵"),
    ("New line", "⇧ ↵"),
    ("Stop generating", "Esc"),
    ("Edit your last message", "↑"),
    ("Regenerate response", "mod ⇧ R"),
    ("Copy last response", "mod ⇧ C"),
    ("Copy last code block", "mod ⇧ ;"),
    ("Previous or next message", "alt ↑ ↓"),
    ("Choose a model", "mod /"),
];

/// All keys, as a keyboard with or without a ⌘ names them.
#[component]
pub(in crate::pages) fn Shortcuts(mac: bool) -> impl IntoView {
    let group = move |title: &'static str, keys: &'static [(&str, &str)]| {
        let rows = keys.iter().map(|(name, keys)| {
            let caps = named(keys, mac);
            view! { <li><span>{*name}</span> <span class="sr">{caps.clone()}</span> <Keys keys=caps/></li> }
        });
        view! { <section class="sect shortcuts"><h2>{title}</h2><ul role="list">{rows.collect_view()}</ul></section> }
    };
    view! {
        {group("Anywhere", &ANYWHERE)}
        {group("In a conversation", &IN_A_CONVERSATION)}
    }
    .into_any()
}

fn named(keys: &str, mac: bool) -> String {
    let [command, alt] = if mac { ["⌘", "⌥"] } else { ["Ctrl", "Alt"] };
    keys.replace("mod", command).replace("alt", alt)
}

#[cfg(feature = "ssr")]
mod page {
    use super::Shortcuts;
    use crate::{
        context::{PageFacts, has_command_key},
        pages::{
            chat::turn_away,
            sessions::frame::{Frame, Place},
            title::PageTitle,
        },
    };
    use leptos::prelude::*;

    /// The keys that work in the chat.
    #[component]
    pub fn ShortcutsPage() -> impl IntoView {
        let Some(user) = expect_context::<PageFacts>().visitor else {
            turn_away();
            return ().into_any();
        };
        view! {
            <PageTitle text="Shortcuts"/>
            <Frame user here=Place::Shortcuts>
                <header>
                    <h1>"Shortcuts"</h1>
                    <p>"In the chat, press ? outside a text field to see this list."</p>
                </header>
                <Shortcuts mac=has_command_key()/>
            </Frame>
        }
        .into_any()
    }
}
#[cfg(feature = "ssr")]
pub use page::ShortcutsPage;

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn keys_are_named_as_they_are_on_the_keyboard() {
        assert_eq!(named("mod ⇧ O", true), "⌘ ⇧ O");
        assert_eq!(named("mod ⇧ O", false), "Ctrl ⇧ O");
        assert_eq!(named("alt ↑ ↓", false), "Alt ↑ ↓");
    }
}
