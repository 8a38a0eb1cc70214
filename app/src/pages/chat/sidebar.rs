//! The sidebar: search, new chat, the conversations, the account.

use super::{
    account::Account,
    conversation_menu::ConversationMenu,
    open_path,
    organise::{self, About, OrderMenu, ROW, within},
    period::{self, Group},
    state::chat_state,
};
use crate::{
    browser,
    components::{Brand, EmptyState, Icon, IconButton, IconName, IconSize, each},
    reactive::{effect, memo},
};
use chat::ConversationId;
use leptos::{
    ev::{KeyboardEvent, MouseEvent},
    prelude::*,
    web_sys::HtmlElement,
};

const FIRST: &str = "#side .side-top a";
const LAST: &str = "#side .user";

/// The sidebar.
#[component]
pub fn Sidebar() -> impl IntoView {
    let state = chat_state();
    let click = move |event: MouseEvent| {
        let selects = (event.ctrl_key() || event.meta_key() || event.shift_key()) && within(&event, ROW);
        if selects || within(&event, "summary") {
            if selects {
                event.prevent_default();
            }
            state.gesture(event.into());
        } else if within(&event, "a") {
            state.close_drawer();
        }
    };
    // While the drawer covers the page, the focus goes round in it.
    let key = move |event: KeyboardEvent| {
        let (from, to) = if event.shift_key() { (FIRST, LAST) } else { (LAST, FIRST) };
        if event.key() == "Tab" && state.drawer_open.get_untracked() && browser::is_focused(from) {
            event.prevent_default();
            browser::focus(to);
        } else if event.key() == "x" && within(&event, ROW) || within(&event, ".side-edge") {
            state.gesture(event.into());
        }
    };
    view! {
        <nav
            class="side"
            id="side"
            aria-label="Conversations"
            on:click=click
            on:keydown=key
        >
            <div class="side-top">
                <a href="/" aria-label="Confab home"><Brand/></a>
                <IconButton icon=IconName::PanelLeft label="Close sidebar" on_click=move |_| state.close_sidebar()/>
            </div>
            <div class="side-act">
                <Search/>
                <NewChatLink/>
            </div>
            <div class="side-list" tabindex="-1">
                <Groups/>
            </div>
            <div class="side-foot">
                <Account/>
            </div>
            {organise::edge(state)}
        </nav>
    }
    .into_any()
}

/// Opens the command palette. Until the page is awake it leads to a page that searches without scripts.
#[component]
fn Search() -> impl IntoView {
    let state = chat_state();
    let keys = RwSignal::new("Ctrl K");
    effect(move || {
        if browser::has_command_key() {
            keys.set("⌘K");
        }
    });
    let open = move |event: MouseEvent| {
        if !event.ctrl_key() && !event.meta_key() {
            event.prevent_default();
            state.search();
        }
    };
    view! {
        <a class="srow-link search-link" href="/search" rel="external" on:click=open>
            <Icon name=IconName::Search/>
            <span>"Search" <span class="sr">" conversations"</span></span>
            <kbd aria-hidden="true">{keys}</kbd>
        </a>
    }
    .into_any()
}

/// A link, so that it works at once; it stands among actions and says it is one, so the space bar presses it too.
#[component]
fn NewChatLink() -> impl IntoView {
    let path = open_path();
    let press = |event: KeyboardEvent| {
        if event.key() == " " {
            event.prevent_default();
            event_target::<HtmlElement>(&event).click();
        }
    };
    view! {
        <a
            class="srow-link"
            href="/"
            role="button"
            aria-label="New chat"
            aria-current=move || path.with(|path| path == "/").then_some("page")
            on:keydown=press
        >
            <Icon name=IconName::SquarePen/>
            <span>"New chat"</span>
        </a>
    }
    .into_any()
}

/// The conversations. While some are selected, something else is shown in their place.
#[component]
fn Groups() -> impl IntoView {
    let state = chat_state();
    let groups = memo(move || period::of(state));
    let section = move |group| view! { <Section group groups/> }.into_any();
    let notice = move || {
        groups.with(Vec::is_empty).then(|| {
            view! {
                <EmptyState
                    icon=IconName::MessageSquare
                    title="No conversations yet"
                    text="Your first one will appear here as soon as you send a message."
                />
            }
        })
    };
    view! {
        {organise::selection(state)}
        <div class="groups">
            <OrderMenu about=About::List label="List options"/>
            {each(move || groups.get(), Group::key, section)}
            {notice}
        </div>
    }
    .into_any()
}

#[component]
fn Section(group: Group, groups: Memo<Vec<Group>>) -> impl IntoView {
    let (id, key, heading) = (group.heading_id(), group.key(), group.heading.clone());
    let members = move || {
        groups.with(|groups| {
            let now = groups.iter().find(|now| now.key() == key);
            now.map(|now| now.members.clone()).unwrap_or_default()
        })
    };
    let rows = view! {
        <ul role="list">
            {each(members, ToString::to_string, |id| view! { <Row id/> }.into_any())}
        </ul>
    }
    .into_any();
    let label = ["Options for folder ", &heading].concat();
    let heading = view! { <h2 id=id.clone()>{heading}</h2> }.into_any();
    let inside = match group.folder {
        None => view! { {heading} {rows} }.into_any(),
        Some(folder) => view! {
            <details open=!group.closed>
                <summary>
                    <Icon name=IconName::ChevronRight size=IconSize::ExtraSmall/>
                    {heading}
                </summary>
                {rows}
            </details>
            <OrderMenu about=About::Folder(folder) label/>
        }
        .into_any(),
    };
    view! { <section aria-labelledby=id>{inside}</section> }.into_any()
}

#[component]
fn Row(id: ConversationId) -> impl IntoView {
    let state = chat_state();
    let path = open_path();
    let title = memo(move || state.title(id).unwrap_or_default());
    let running = memo(move || state.is_running(id));
    let href = ["/c/", &id.to_string()].concat();
    let current = {
        let href = href.clone();
        move || path.with(|path| *path == href).then_some("page")
    };
    view! {
        <li class="srow">
            <a href=href aria-current=current>
                <span>{title}</span>
                {move || running.get().then(|| view! { <span class="live" role="img" aria-label="Responding"></span> })}
            </a>
            <ConversationMenu id title/>
        </li>
    }
    .into_any()
}
