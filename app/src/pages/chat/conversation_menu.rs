//! What can be done to a conversation: pin, rename, move, archive, delete.

use super::{organise::About, state::chat_state};
use crate::{
    chunk::{self, chunk},
    components::{Icon, IconName, IconSize, Menu},
};
use chat::{ConversationId, Shelf};
use leptos::prelude::*;

mod dialogs;

/// The conversation that a dialog asks about, and which dialog is open. One pair of dialogs serves every menu.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    about: RwSignal<Option<(ConversationId, String)>>,
    /// The dialog that renames is open.
    pub rename: RwSignal<bool>,
    /// The dialog that deletes is open.
    pub delete: RwSignal<bool>,
}

impl Asked {
    /// Opens one of the dialogs for a conversation.
    pub(super) fn ask(self, id: ConversationId, title: String, dialog: RwSignal<bool>) {
        self.about.set(Some((id, title)));
        dialog.set(true);
    }

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
    /// Where it is while no list tells.
    #[prop(optional)]
    shelf: Shelf,
) -> impl IntoView {
    let state = chat_state();
    let (prefix, button_class, size) =
        if in_bar { ("bar-options-", "ib", IconSize::Medium) } else { ("options-", "ib ib-sm", IconSize::Small) };
    let label = move || {
        if in_bar { "Conversation options".to_owned() } else { ["Options for ", &title.read()].concat() }
    };
    let plain = in_bar.then(|| view! { <a class="btn btn-quiet btn-sm unscripted" href=["/c/", &id.to_string(), "/options"].concat()>"Options"</a> });
    view! {
        {plain}
        <Menu
            id=[prefix, &id.to_string()].concat()
            label="Conversation options"
            button_class
            on_open=state.opened()
            button_label=Signal::derive(label)
            button=view! { <Icon name=IconName::Ellipsis size/> }.into_any()
        >
            {state.items(About::Conversation(id, title, shelf))}
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
