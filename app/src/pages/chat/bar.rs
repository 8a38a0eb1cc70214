//! The bar above a chat.

use super::state::chat_state;
use crate::components::{IconButton, IconName};
use leptos::prelude::*;

/// The bar above a chat: the button that opens the sidebar while it is closed, the heading of the page, and what the
/// page puts at the end.
#[component]
pub fn Bar(
    /// The heading of the page.
    #[prop(into)]
    title: Signal<String>,
    /// The heading is there only for those who listen.
    #[prop(optional)]
    visually_hidden: bool,
    /// Buttons at the end.
    #[prop(optional)]
    end: Option<AnyView>,
) -> impl IntoView {
    let heading = if visually_hidden { view! { <span class="sr">{title}</span> }.into_any() } else { title.into_any() };
    view! {
        <header class="bar">
            <OpenSidebar/>
            <h1 class="truncate">{heading}</h1>
            {end.map(|end| view! { <div class="end">{end}</div> })}
        </header>
    }
    .into_any()
}

/// Opens the sidebar: always there on narrow screens, on wide ones while the sidebar is closed.
#[component]
pub fn OpenSidebar() -> impl IntoView {
    let state = chat_state();
    let open = move |_| state.open_sidebar();
    view! {
        <IconButton
            icon=IconName::Menu
            label="Open sidebar"
            class="only-narrow"
            controls="side"
            expanded=state.drawer_open
            on_click=open
        />
        {move || {
            state
                .sidebar_closed
                .get()
                .then(|| {
                    view! {
                        <IconButton
                            icon=IconName::PanelLeft
                            label="Open sidebar"
                            class="only-wide"
                            controls="side"
                            on_click=open
                        />
                    }
                })
        }}
    }
    .into_any()
}
