//! What is done to a message more rarely.

use super::{
    thread::Thread,
    work::{Act, Scope},
};
use crate::{
    components::{Icon, IconName, IconSize, Menu, MenuItem, MenuPlace},
    reactive::memo,
};
use chat::{MessageId, Turn};
use leptos::prelude::*;

/// The menu of a message.
#[component]
pub fn More(
    /// The message's place on the page.
    key: MessageId,
    thread: Thread,
    /// The turn that wrote it, when it is a reply.
    #[prop(optional)]
    turn: Option<RwSignal<Turn>>,
) -> impl IntoView {
    // Replies stand at the left, what the user says at the right.
    let place = if turn.is_some() { MenuPlace::BelowStart } else { MenuPlace::BelowEnd };
    let delete = move |scope| thread.act(Act::Delete(key, scope));
    view! {
        <Menu
            id=["more-", &key.to_string()].concat()
            label="More message actions"
            button_class="ib ib-sm"
            button_label="More message actions"
            button=view! { <Icon name=IconName::Ellipsis size=IconSize::Small/> }.into_any()
            place
        >
            {turn.map(|turn| view! { <Attempts turn thread/> })}
            <MenuItem icon=IconName::Trash danger=true on_select=move |()| delete(Scope::One)>"Delete message"</MenuItem>
            <MenuItem icon=IconName::Trash danger=true on_select=move |()| delete(Scope::Branch)>
                "Delete this and what follows"
            </MenuItem>
        </Menu>
    }
    .into_any()
}

/// Other attempts at a reply.
#[component]
fn Attempts(turn: RwSignal<Turn>, thread: Thread) -> impl IntoView {
    let id = turn.with_untracked(|turn| turn.id);
    let several = memo(move || thread.chat.models.with(|models| models.len() > 1));
    let cut = memo(move || turn.with(Turn::is_cut));
    let asked = memo(move || thread.has_question(id));
    let go_on = move || {
        (asked.get() && cut.get()).then(|| {
            view! {
                <MenuItem icon=IconName::ArrowRight on_select=move |()| thread.act(Act::GoOn(id))>"Continue"</MenuItem>
            }
        })
    };
    let other = move || {
        (asked.get() && several.get()).then(|| {
            view! {
                <MenuItem icon=IconName::RefreshCw on_select=move |()| thread.choosing_for.set(Some(id))>
                    "Regenerate with another model…"
                </MenuItem>
            }
        })
    };
    let line = move || (asked.get() && (cut.get() || several.get())).then(|| view! { <hr/> });
    view! {
        {go_on}
        {other}
        {line}
    }
    .into_any()
}
