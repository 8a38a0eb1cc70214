//! What can be done to a conversation: rename, delete.

use super::state::chat_state;
use crate::{
    chunk::{self, chunk},
    components::{Icon, IconName, IconSize, Menu, MenuItem},
};
use chat::ConversationId;
use leptos::prelude::*;

mod dialogs;

/// The conversation that a dialog asks about, and which dialog is open. One pair of dialogs serves every menu.
#[derive(Clone, Copy)]
struct Asked {
    about: RwSignal<Option<(ConversationId, String)>>,
    rename: RwSignal<bool>,
    delete: RwSignal<bool>,
}

impl Asked {
    fn title(self) -> String {
        self.about.with(|about| about.as_ref().map(|about| about.1.clone()).unwrap_or_default())
    }

    fn id(self) -> Option<ConversationId> {
        self.about.with_untracked(|about| about.as_ref().map(|about| about.0))
    }
}

/// Lets the menus below the caller reach the dialogs.
pub(super) fn provide_dialogs() {
    provide_context(Asked { about: RwSignal::new(None), rename: RwSignal::new(false), delete: RwSignal::new(false) });
}

/// A button with a menu of what can be done to a conversation.
#[component]
pub fn ConversationMenu(
    id: ConversationId,
    /// The conversation's title.
    #[prop(into)]
    title: Signal<String>,
    /// It stands in the bar above the conversation, not in a list of several.
    #[prop(optional)]
    in_bar: bool,
) -> impl IntoView {
    let asked: Asked = expect_context();
    let ask = move |dialog: RwSignal<bool>| {
        asked.about.set(Some((id, title.get_untracked())));
        dialog.set(true);
    };
    let (prefix, button_class, size) =
        if in_bar { ("bar-options-", "ib", IconSize::Medium) } else { ("options-", "ib ib-sm", IconSize::Small) };
    let label = move || {
        if in_bar { "Conversation options".to_owned() } else { ["Options for ", &title.read()].concat() }
    };
    view! {
        <Menu
            id=[prefix, &id.to_string()].concat()
            label="Conversation options"
            button_class
            button_label=Signal::derive(label)
            button=view! { <Icon name=IconName::Ellipsis size/> }.into_any()
        >
            <MenuItem icon=IconName::Pencil on_select=move |()| ask(asked.rename)>"Rename"</MenuItem>
            <MenuItem icon=IconName::Wrench href=["/c/", &id.to_string(), "/options"].concat()>"Options…"</MenuItem>
            <MenuItem icon=IconName::FileText href=["/c/", &id.to_string(), "/options#summary"].concat()>"Summarise…"</MenuItem>
            <hr/>
            <MenuItem icon=IconName::Trash danger=true on_select=move |()| ask(asked.delete)>"Delete"</MenuItem>
        </Menu>
    }
    .into_any()
}

chunk! {
    /// The dialogs, loaded when the first of them is asked for.
    fn conversation_dialogs() -> fn(Asked) -> AnyView { dialogs::both }
}

/// The dialogs of every [`ConversationMenu`].
#[component]
pub fn Dialogs() -> impl IntoView {
    let state = chat_state();
    let asked: Asked = expect_context();
    let wanted = move || asked.rename.get() || asked.delete.get();
    let failed = move || {
        asked.rename.set(false);
        asked.delete.set(false);
        state.toast.set(Some(chunk::missing()));
    };
    conversation_dialogs().view(wanted, failed, move |view| view(asked))
}
