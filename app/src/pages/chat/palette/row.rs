//! A line of the palette.

use super::{
    actions::Action,
    list::{Entry, List},
};
use crate::{
    components::{Icon, IconName, IconSize},
    pages::{chat::notice, found},
};
use leptos::{ev::MouseEvent, prelude::*};

/// The `id` of the entry at a place.
pub(super) fn option_id(index: usize) -> String {
    ["find-", &index.to_string()].concat()
}

/// One entry.
#[component]
pub(super) fn Row(list: List, index: usize, entry: Entry) -> impl IntoView {
    let (now, offset) = (list.chat.now.get_untracked(), list.chat.offset.get_untracked());
    match entry {
        Entry::Recent(summary) => {
            let href = ["/c/", &summary.id.to_string()].concat();
            let title = view! { <span class="truncate">{String::from(summary.title)}</span> };
            let end = view! { <span class="end">{found::day(summary.updated_at, now, offset)}</span> };
            let content = view! { <Icon name=IconName::MessageSquare size=IconSize::Small/>{title}{end} };
            view! { <Link list index href>{content}</Link> }.into_any()
        }
        Entry::Found(hit) => {
            let snippet = hit.message.as_ref().map(|message| {
                view! { <span class="ctx truncate">{found::line(&message.snippet)}</span> }
            });
            let content = view! {
                <Icon name=IconName::MessageSquare size=IconSize::Small/>
                <span class="truncate"><b>{found::line(&hit.title)}</b></span>
                <span class="end">{found::mark(&hit)}{found::day(hit.at, now, offset)}</span>
                {snippet}
            };
            view! { <Link list index href=found::address(&hit)>{content}</Link> }.into_any()
        }
        Entry::Action(action) => act(list, index, action),
    }
}

fn act(list: List, index: usize, action: Action) -> AnyView {
    let content = view! {
        <Icon name=action.icon() size=IconSize::Small/>
        <span class="truncate">{action.name()}</span>
    };
    if let Some((href, anew)) = action.leads_to() {
        let run = Callback::new(move |()| action.run());
        return view! { <Link list index href=href.to_owned() anew run>{content}</Link> }.into_any();
    }
    let form = action.form();
    let click = move |_: MouseEvent| {
        action.run();
        if action == Action::Notify {
            notice::ask(list.chat);
        }
        if action == Action::Select {
            list.chat.select();
        }
        // A browser sends no form by a button that is gone, and follows no link that is. The page is left anyway.
        if form.is_none() {
            list.chat.searching.set(false);
        }
    };
    let kind = if form.is_some() { "submit" } else { "button" };
    let selected = move || (list.active.get() == index).to_string();
    view! {
        <button
            class="opt"
            role="option"
            id=option_id(index)
            aria-selected=selected
            type=kind
            form=form
            tabindex="-1"
            on:click=click
        >
            {content}
        </button>
    }
    .into_any()
}

/// An entry that leads somewhere: as a link it can be opened beside this page too.
#[component]
fn Link(
    list: List,
    index: usize,
    href: String,
    /// Loads the page anew.
    #[prop(optional)]
    anew: bool,
    #[prop(optional)] run: Option<Callback<()>>,
    children: Children,
) -> impl IntoView {
    let click = move |event: MouseEvent| {
        if let Some(run) = run {
            run.run(());
        }
        if !anew && !event.ctrl_key() && !event.meta_key() {
            list.chat.searching.set(false);
        }
    };
    view! {
        <a
            class="opt"
            role="option"
            id=option_id(index)
            aria-selected=move || (list.active.get() == index).to_string()
            href=href
            rel=anew.then_some("external")
            tabindex="-1"
            on:click=click
        >
            {children()}
        </a>
    }
    .into_any()
}
