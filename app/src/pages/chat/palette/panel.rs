//! The palette itself: a field, and below it what can be chosen.

use super::{
    list::{Answer, Entry, List},
    row::{Row, option_id},
};
use crate::{
    browser,
    components::{Button, ButtonLink, ButtonSize, EmptyState, Icon, IconButton, IconName},
    pages::{
        chat::{palette::actions::Action, state::ChatState},
        found::{self, HINT},
    },
    reactive::{effect, memo},
};
use leptos::{
    ev::{Event, KeyboardEvent, MouseEvent},
    html,
    prelude::*,
};

const FIELD: &str = "#palette input";

/// The dialog, opened and closed by [`ChatState::searching`]. The browser gives the focus back to where it was.
pub(super) fn panel(chat: ChatState) -> AnyView {
    let node = NodeRef::<html::Dialog>::new();
    let open = chat.searching;
    effect(move || {
        let Some(dialog) = node.get() else { return };
        match (open.get(), dialog.open()) {
            (true, false) => {
                _ = dialog.show_modal();
                browser::focus(FIELD);
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let beside = move |event: MouseEvent| {
        if event.target() == event.current_target() {
            open.set(false);
        }
    };
    view! {
        <dialog
            node_ref=node
            class="modal palette-modal"
            id="palette"
            aria-label="Command palette"
            on:close=move |_: Event| open.set(false)
            on:mousedown=beside
        >
            {move || open.get().then(|| view! { <Inside list=List::new(chat)/> })}
        </dialog>
    }
    .into_any()
}

#[component]
fn Inside(list: List) -> impl IntoView {
    let shown = memo(move || has_results(list));
    let count = move || match list.answer.get() {
        Answer::Found(_, hits) => match hits.len() {
            1 => "1 conversation".to_owned(),
            some => [&some.to_string(), " conversations"].concat(),
        },
        Answer::Failed(error) => error,
        Answer::None => String::new(),
    };
    let active = move || (shown.get() && !list.entries.with(Vec::is_empty)).then(|| option_id(list.active.get()));
    request_animation_frame(|| browser::focus(FIELD));
    view! {
        <div class="palette">
            <div class="palette-in">
                <Icon name=IconName::Search/>
                <input
                    type="search"
                    role="combobox"
                    aria-label="Search conversations and commands"
                    aria-autocomplete="list"
                    aria-expanded=move || shown.get().to_string()
                    aria-controls="palette-list"
                    aria-activedescendant=active
                    autocomplete="off"
                    spellcheck="false"
                    placeholder="Search or run a command"
                    on:input=move |event| list.typed(event_target_value(&event))
                    on:keydown=move |event| key(list, &event)
                />
                <kbd aria-hidden="true">"esc"</kbd>
                <IconButton
                    icon=IconName::X
                    label="Close"
                    class="only-narrow"
                    on_click=move |_| list.chat.searching.set(false)
                />
            </div>
            {move || if shown.get() { view! { <Results list/> }.into_any() } else { view! { <Nothing list/> }.into_any() }}
            <p class="sr" role="status">{count}</p>
            <Foot count=Signal::derive(count)/>
        </div>
    }
    .into_any()
}

/// Whether there is more to choose from than a chat about what nobody has mentioned.
fn has_results(list: List) -> bool {
    let doing = |entry: &Entry| !matches!(entry, Entry::Action(Action::NewChatAbout(_)));
    let asked = list.answer.with(|answer| *answer != Answer::None);
    !asked || list.is_waiting() || list.entries.with(|entries| entries.iter().any(doing))
}

#[component]
fn Results(list: List) -> impl IntoView {
    let groups = move || {
        let entries = list.entries.get();
        let split = entries.iter().position(|entry| matches!(entry, Entry::Action(_))).unwrap_or(entries.len());
        let group = |name: &'static str, from: usize, entries: &[Entry]| {
            let rows = entries.iter().cloned().enumerate();
            let rows = rows.map(|(at, entry)| view! { <Row list index=from + at entry/> }).collect_view();
            (!entries.is_empty()).then(|| {
                view! {
                    <div role="group" aria-label=name>
                        <div role="presentation">{name}</div>
                        {rows}
                    </div>
                }
            })
        };
        let (conversations, actions) = entries.split_at(split);
        (group("Conversations", 0, conversations), group("Actions", split, actions))
    };
    view! { <div class="palette-list" id="palette-list" role="listbox" aria-label="Results" tabindex="0">{groups}</div> }
        .into_any()
}

/// What stands in place of a list: that nothing was found, or that the server did not answer.
#[component]
fn Nothing(list: List) -> impl IntoView {
    let query = list.query.get_untracked();
    let about = Action::NewChatAbout(query.trim().to_owned());
    let (name, store) = (about.name(), move |_: MouseEvent| about.run());
    let content = match list.answer.get_untracked() {
        Answer::Failed(error) => view! {
            <EmptyState icon=IconName::TriangleAlert title="The search did not work" text=error>
                <Button size=ButtonSize::Small on_click=move |_| list.again()>"Try again"</Button>
            </EmptyState>
        }
        .into_any(),
        _ => view! {
            <EmptyState icon=IconName::Search title=found::nothing(&query) text=HINT>
                <span on:click=store>
                    <ButtonLink href="/" external=true size=ButtonSize::Small icon=IconName::SquarePen>{name}</ButtonLink>
                </span>
            </EmptyState>
        }
        .into_any(),
    };
    view! { <div role="status">{content}</div> }.into_any()
}

#[component]
fn Foot(count: Signal<String>) -> impl IntoView {
    let command = if browser::has_command_key() { "⌘" } else { "Ctrl" };
    view! {
        <div class="palette-foot" aria-hidden="true">
            <span><span class="keys"><kbd>"↑"</kbd><kbd>"↓"</kbd></span>"move"</span>
            <span><span class="keys"><kbd>"↵"</kbd></span>"open"</span>
            <span><span class="keys"><kbd>{command}</kbd><kbd>"↵"</kbd></span>"open in new tab"</span>
            <span class="end">{count}</span>
        </div>
    }
    .into_any()
}

fn key(list: List, event: &KeyboardEvent) {
    if event.is_composing() {
        return;
    }
    let command = event.ctrl_key() || event.meta_key();
    match event.key().as_str() {
        // The browser would first empty the field.
        "Escape" => list.chat.searching.set(false),
        "ArrowDown" => list.step(1),
        "ArrowUp" => list.step(-1),
        "PageDown" => list.step(5),
        "PageUp" => list.step(-5),
        "Enter" => list.press(command),
        // The key that opened it closes it.
        "k" | "K" if command => list.chat.searching.set(false),
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
    browser::scroll_to(&["#", &option_id(list.active.get_untracked())].concat());
}
