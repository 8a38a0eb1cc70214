//! The menus of the list and of its folders.

use super::{
    organise::{Ask, Wish},
    state::chat_state,
};
use crate::{
    components::{Icon, IconName, IconSize, Menu, MenuItem},
    reactive::memo,
};
use chat::FolderId;
use leptos::prelude::*;

/// What can be done with the list.
#[component]
pub(super) fn ListMenu() -> impl IntoView {
    let items = [
        (IconName::Check, "Select conversations", Wish::Select),
        (IconName::Folder, "New folder…", Wish::Ask(Ask::Name(None))),
    ];
    view! {
        <Menu
            id="list-options"
            label="List options"
            button_class="ib ib-sm list-options scripted"
            button_label="List options"
            button=view! { <Icon name=IconName::Ellipsis size=IconSize::Small/> }.into_any()
        >
            {wishes(items)}
            <MenuItem icon=IconName::Archive href="/archive">"Archived conversations"</MenuItem>
        </Menu>
    }
    .into_any()
}

/// What can be done with a folder.
#[component]
pub(super) fn FolderMenu(id: FolderId) -> impl IntoView {
    let state = chat_state();
    let name = memo(move || {
        let name = |folder: &chat::Folder| (folder.id == id).then(|| folder.name.as_str().to_owned());
        state.folders.with(|folders| folders.iter().find_map(name)).unwrap_or_default()
    });
    let items = [
        (IconName::Pencil, "Rename", Wish::Rename(id)),
        (IconName::ArrowUp, "Move up", Wish::Up(id)),
        (IconName::ArrowDown, "Move down", Wish::Down(id)),
        (IconName::Trash, "Delete", Wish::Remove(id)),
    ];
    view! {
        <Menu
            id=["folder-", &id.to_string()].concat()
            label="Folder options"
            button_class="ib ib-sm folder-options scripted"
            button_label=Signal::derive(move || ["Options for folder ", &name.read()].concat())
            button=view! { <Icon name=IconName::Ellipsis size=IconSize::Small/> }.into_any()
        >
            {wishes(items)}
        </Menu>
    }
    .into_any()
}

/// Items, each with what somebody wants who chooses it.
fn wishes<const N: usize>(items: [(IconName, &'static str, Wish); N]) -> AnyView {
    let state = chat_state();
    let item = |(icon, words, wish): (IconName, &'static str, Wish)| {
        let danger = icon == IconName::Trash;
        view! { <MenuItem icon danger on_select=move |()| state.wish(wish.clone())>{words}</MenuItem> }.into_any()
    };
    items.into_iter().map(item).collect_view().into_any()
}
