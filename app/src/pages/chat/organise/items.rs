//! What stands in the menus of the list, its folders and its conversations.

use super::{About, acts, ask::Ask, selecting};
use crate::{
    browser,
    components::{IconName, MenuItem},
    pages::chat::{conversation_menu::Asked, state::ChatState},
};
use chat::{Act, ConversationId, FolderId, Shelf};
use leptos::prelude::*;

/// The items of a menu. They come a moment after it has opened, and its first one takes the focus.
pub(super) fn of(state: ChatState, about: About) -> AnyView {
    request_animation_frame(|| browser::focus(":popover-open > [role^=menuitem]"));
    match about {
        About::List => view! { <OfList state/> }.into_any(),
        About::Folder(id) => view! { <OfFolder state id/> }.into_any(),
        About::Conversation(id, title, shelf) => view! { <OfConversation state id title shelf/> }.into_any(),
    }
}

#[component]
fn OfList(state: ChatState) -> impl IntoView {
    view! {
        <MenuItem icon=IconName::Check on_select=move |()| selecting::begin(state, None)>"Select conversations"</MenuItem>
        <MenuItem icon=IconName::Folder on_select=move |()| Ask::Name(None).ask()>"New folder…"</MenuItem>
        <MenuItem icon=IconName::Archive href="/archive">"Archived conversations"</MenuItem>
    }
    .into_any()
}

#[component]
fn OfFolder(state: ChatState, id: FolderId) -> impl IntoView {
    let ask = move |about: fn(chat::Folder) -> Ask| {
        if let Some(folder) = acts::folder(state, id) {
            about(folder).ask();
        }
    };
    view! {
        <MenuItem icon=IconName::Pencil on_select=move |()| ask(|folder| Ask::Name(Some(folder)))>"Rename"</MenuItem>
        <MenuItem icon=IconName::ArrowUp on_select=move |()| acts::shift(state, id, true)>"Move up"</MenuItem>
        <MenuItem icon=IconName::ArrowDown on_select=move |()| acts::shift(state, id, false)>"Move down"</MenuItem>
        <hr/>
        <MenuItem icon=IconName::Trash danger=true on_select=move |()| ask(Ask::Remove)>"Delete"</MenuItem>
    }
    .into_any()
}

#[component]
fn OfConversation(state: ChatState, id: ConversationId, title: Signal<String>, shelf: Shelf) -> impl IntoView {
    let asked: Asked = expect_context();
    let ask = move |dialog: RwSignal<bool>| asked.ask(id, title.get_untracked(), dialog);
    let place = move || state.shelf(id).unwrap_or(shelf);
    let act = move |act: Act| acts::organise(state, vec![id], act);
    let pin = move |()| act(if untrack(place).pinned { Act::Unpin } else { Act::Pin });
    let archive = move |()| act(if untrack(place).archived { Act::Unarchive } else { Act::Archive });
    let options = ["/c/", &id.to_string(), "/options"].concat();
    view! {
        <MenuItem icon=IconName::Pin on_select=pin>{move || if place().pinned { "Unpin" } else { "Pin" }}</MenuItem>
        <MenuItem icon=IconName::Pencil on_select=move |()| ask(asked.rename)>"Rename"</MenuItem>
        <MenuItem icon=IconName::Folder on_select=move |()| Ask::Move(vec![id]).ask()>"Move to folder…"</MenuItem>
        <MenuItem icon=IconName::Archive on_select=archive>
            {move || if place().archived { "Unarchive" } else { "Archive" }}
        </MenuItem>
        <MenuItem icon=IconName::Share href=["/c/", &id.to_string(), "/share"].concat()>"Share…"</MenuItem>
        <MenuItem icon=IconName::Wrench href=options.clone()>"Options…"</MenuItem>
        <MenuItem icon=IconName::FileText href=[&options, "#summary"].concat()>"Summarise…"</MenuItem>
        <hr/>
        <MenuItem icon=IconName::Trash danger=true on_select=move |()| ask(asked.delete)>"Delete"</MenuItem>
    }
    .into_any()
}
