//! Several conversations at once: the list with a box to tick in each row, and a bar with what can be done.

use super::{
    acts::organise,
    ask::{Ask, selected},
};
use crate::{
    browser,
    components::{Button, ButtonSize, ButtonVariant, IconButton, IconName, each},
    pages::chat::{
        period::{self, Group},
        state::ChatState,
    },
    reactive::memo,
};
use chat::{Act, ConversationId};
use leptos::{
    ev::{self, KeyboardEvent, MouseEvent},
    prelude::*,
    web_sys::{Element, HtmlInputElement},
};

/// Begins to select, with one that is selected already.
pub(super) fn begin(state: ChatState, first: Option<ConversationId>) {
    state.show_sidebar();
    selected().set(first.into_iter().collect());
    state.order.update(|order| order.selecting = true);
    let focus = first.map_or_else(|| ".picks input".into(), |id| ["#", &box_id(id)].concat());
    // A menu or the palette gives the focus back first.
    request_animation_frame(move || request_animation_frame(move || browser::focus(&focus)));
}

/// Shows the list as it was; the focus goes to the row where it was.
fn end(state: ChatState) {
    let last = selected().with_untracked(|selected| selected.last().copied());
    stop(state);
    request_animation_frame(move || {
        let row = last.map(|id| [".srow > a[href=\"/c/", &id.to_string(), "\"]"].concat());
        match row.filter(|row| browser::exists(row)) {
            Some(row) => browser::focus(&row),
            None => browser::focus("#side .srow-link"),
        }
    });
}

/// Shows the list as it was, if it is not.
pub(super) fn stop(state: ChatState) {
    if state.order.with_untracked(|order| order.selecting) {
        state.order.update(|order| order.selecting = false);
        selected().set(Vec::new());
    }
}

fn box_id(id: ConversationId) -> String {
    ["pick-", &id.to_string()].concat()
}

/// The list while conversations are selected.
pub(super) fn list(state: ChatState) -> AnyView {
    let groups = memo(move || period::of(state));
    // The one from which Shift selects all up to another one.
    let anchor = RwSignal::new(selected().with_untracked(|selected| selected.last().copied()));
    let key = move |event: KeyboardEvent| pressed(state, &event);
    let escape = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" && !event.default_prevented() && !browser::exists("dialog:modal, :popover-open") {
            event.prevent_default();
            end(state);
        }
    });
    on_cleanup(move || escape.remove());
    let part = move |group: Group| view! { <Part state groups group anchor/> }.into_any();
    view! {
        <div class="picks" role="group" aria-label="Select conversations" on:keydown=key>
            <Bar state/>
            {each(move || groups.get(), Group::heading_id, part)}
        </div>
    }
    .into_any()
}

/// How many are selected, and what can be done to them.
#[component]
fn Bar(state: ChatState) -> impl IntoView {
    let none = Signal::derive(move || selected().with(Vec::is_empty));
    let count = move || [&selected().with(Vec::len).to_string(), " selected"].concat();
    let act = move |act: Act| {
        let ids = selected().get_untracked();
        end(state);
        organise(state, ids, act);
    };
    let ask = move |ask: fn(Vec<ConversationId>) -> Ask| ask(selected().get_untracked()).ask();
    view! {
        <div class="picks-bar" role="toolbar" aria-label="Selected conversations">
            <p role="status">{count}</p>
            <IconButton small=true icon=IconName::Pin label="Pin" disabled=none on_click=move |_| act(Act::Pin)/>
            <IconButton
                small=true
                icon=IconName::Folder
                label="Move to folder…"
                disabled=none
                on_click=move |_| ask(Ask::Move)
            />
            <IconButton
                small=true
                icon=IconName::Archive
                label="Archive"
                disabled=none
                on_click=move |_| act(Act::Archive)
            />
            <IconButton small=true icon=IconName::Trash label="Delete…" disabled=none on_click=move |_| ask(Ask::Delete)/>
            <Button variant=ButtonVariant::Quiet size=ButtonSize::Small on_click=move |_| end(state)>"Done"</Button>
        </div>
    }
    .into_any()
}

#[component]
fn Part(
    state: ChatState,
    groups: Memo<Vec<Group>>,
    group: Group,
    anchor: RwSignal<Option<ConversationId>>,
) -> impl IntoView {
    let key = group.heading_id();
    let id = ["p", &key].concat();
    let labelled = id.clone();
    let heading = group.heading.clone();
    let members = move || {
        groups.with(|groups| {
            let now = groups.iter().find(|now| now.heading_id() == key);
            now.map(|now| now.members.clone()).unwrap_or_default()
        })
    };
    view! {
        <section aria-labelledby=labelled>
            <h2 id=id>{heading}</h2>
            <ul role="list">
                {each(members, ToString::to_string, move |id| view! { <Row state id anchor/> }.into_any())}
            </ul>
        </section>
    }
    .into_any()
}

#[component]
fn Row(state: ChatState, id: ConversationId, anchor: RwSignal<Option<ConversationId>>) -> impl IntoView {
    let picked = memo(move || selected().with(|selected| selected.contains(&id)));
    let click = move |event: MouseEvent| {
        let on = event_target::<HtmlInputElement>(&event).checked();
        let from = anchor.get_untracked().filter(|_| event.shift_key()).unwrap_or(id);
        anchor.set(Some(id));
        let between = between(state, from, id);
        selected().update(|selected| {
            selected.retain(|known| !between.contains(known));
            if on {
                // The last one is where it was done.
                selected.extend(between.iter().filter(|other| **other != id).chain([&id]));
            }
        });
    };
    view! {
        <li class="srow">
            <label data-picked=move || picked.get().then_some("")>
                <input class="check" type="checkbox" id=box_id(id) prop:checked=picked on:click=click/>
                <span>{move || state.title(id).unwrap_or_default()}</span>
            </label>
        </li>
    }
    .into_any()
}

/// All from one to another, as they stand in the list.
fn between(state: ChatState, from: ConversationId, to: ConversationId) -> Vec<ConversationId> {
    let all: Vec<ConversationId> = untrack(|| period::of(state)).into_iter().flat_map(|group| group.members).collect();
    let place = |id| all.iter().position(|known| *known == id);
    match (place(from), place(to)) {
        (Some(from), Some(to)) => all[from.min(to)..=from.max(to)].to_vec(),
        _ => vec![to],
    }
}

/// x presses a box as Space does; the arrows go from box to box.
fn pressed(state: ChatState, event: &KeyboardEvent) {
    let boxes = untrack(|| period::of(state)).into_iter().flat_map(|group| group.members).map(box_id);
    let boxes: Vec<String> = boxes.collect();
    let at = boxes.iter().position(|id| *id == event_target::<Element>(event).id());
    let focus = |to: usize| {
        if let Some(id) = boxes.get(to) {
            browser::focus(&["#", id].concat());
        }
    };
    match (event.key().as_str(), at) {
        ("Escape", _) => end(state),
        ("x", Some(at)) => browser::press(&["#", &boxes[at]].concat(), false),
        ("ArrowDown", Some(at)) => focus(at + 1),
        ("ArrowUp", Some(at)) => focus(at.saturating_sub(1)),
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
}
