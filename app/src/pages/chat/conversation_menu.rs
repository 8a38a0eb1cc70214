//! What can be done to a conversation: pin, rename, move, archive, delete.

use super::{
    organise::{Ask, Wish},
    state::chat_state,
};
use crate::{
    chunk::{self, chunk},
    components::{Icon, IconName, IconSize, Menu, MenuItem},
    reactive::memo,
};
use chat::{Act, ConversationId, Shelf};
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
    /// Where it is while no list tells.
    #[prop(optional)]
    shelf: Shelf,
) -> impl IntoView {
    let asked: Asked = expect_context();
    let ask = move |dialog: RwSignal<bool>| {
        asked.about.set(Some((id, title.get_untracked())));
        dialog.set(true);
    };
    let state = chat_state();
    let shelf = memo(move || state.shelf(id).unwrap_or(shelf));
    let either = move |is: fn(Shelf) -> bool, [on, off]: [Act; 2]| {
        let act = if is(shelf.get_untracked()) { off } else { on };
        state.wish(Wish::Act(id, act));
    };
    let (prefix, button_class, size) =
        if in_bar { ("bar-options-", "ib", IconSize::Medium) } else { ("options-", "ib ib-sm", IconSize::Small) };
    let label = move || {
        if in_bar { "Conversation options".to_owned() } else { ["Options for ", &title.read()].concat() }
    };
    let options = ["/c/", &id.to_string(), "/options"].concat();
    let plain = in_bar.then(|| view! { <a class="btn btn-quiet btn-sm unscripted" href=options.clone()>"Options"</a> });
    view! {
        {plain}
        <Menu
            id=[prefix, &id.to_string()].concat()
            label="Conversation options"
            button_class
            button_label=Signal::derive(label)
            button=view! { <Icon name=IconName::Ellipsis size/> }.into_any()
        >
            <MenuItem icon=IconName::Pin on_select=move |()| either(|shelf| shelf.pinned, [Act::Pin, Act::Unpin])>
                {move || if shelf.get().pinned { "Unpin" } else { "Pin" }}
            </MenuItem>
            <MenuItem icon=IconName::Pencil on_select=move |()| ask(asked.rename)>"Rename"</MenuItem>
            <MenuItem icon=IconName::Folder on_select=move |()| state.wish(Wish::Ask(Ask::Move(vec![id])))>
                "Move to folder…"
            </MenuItem>
            <MenuItem
                icon=IconName::Archive
                on_select=move |()| either(|shelf| shelf.archived, [Act::Archive, Act::Unarchive])
            >
                {move || if shelf.get().archived { "Unarchive" } else { "Archive" }}
            </MenuItem>
            <MenuItem icon=IconName::Wrench href=options.clone()>"Options…"</MenuItem>
            <MenuItem icon=IconName::FileText href=[&options, "#summary"].concat()>"Summarise…"</MenuItem>
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
