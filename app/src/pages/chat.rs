//! The chat page: the sidebar, and beside it a new chat or a conversation.

use super::ErrorPage;
use crate::{
    components::{LiveStatus, ToastRegion},
    context::PageFacts,
    error::AppError,
};
use chat::User;
use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};
use loaded::Loaded;

mod account;
mod attachments;
mod bar;
mod composer;
mod conversation;
mod conversation_menu;
mod drawer;
mod items;
mod keys;
mod loaded;
mod look;
mod marks;
mod model_picker;
mod more;
mod net;
mod new_chat;
mod notice;
mod organise;
mod palette;
mod period;
mod prose;
mod reply;
mod scroller;
mod send_key;
mod sidebar;
mod state;
mod statistics;
mod temporary;
mod thread;
mod transcript;
mod user_message;
mod versions;
mod wake;
pub(super) mod words;
mod work;

#[cfg(feature = "ssr")]
pub(super) use prose::document;

pub use self::{
    bar::{Bar, OpenSidebar},
    conversation::ConversationPage,
    conversation_menu::ConversationMenu,
    new_chat::NewChat,
    state::ChatState,
};

/// The layout of the chat pages. Who is signed out is sent to the sign-in page.
#[component]
pub fn Chat() -> impl IntoView {
    if let Some(user) = expect_context::<PageFacts>().visitor {
        view! { <SignedIn user/> }.into_any()
    } else {
        turn_away();
        ().into_any()
    }
}

/// Sends who is signed out to the sign-in page, and from there back to the page asked for.
#[cfg(feature = "ssr")]
pub(super) fn turn_away() {
    let back = super::escape(&crate::context::requested_path());
    crate::context::see_other(&["/signin?callbackUrl=", &back].concat());
}

/// The server knows who is signed in by now, and where to go.
#[cfg(not(feature = "ssr"))]
fn turn_away() {
    let location = use_location();
    let path = location.pathname.get_untracked();
    let query = location.search.get_untracked();
    let path = if query.is_empty() { path } else { [&path, "?", &query].concat() };
    crate::browser::load_instead(&path);
}

/// On the server the page waits for what it shows.
#[cfg(feature = "ssr")]
#[component]
fn SignedIn(user: User) -> impl IntoView {
    let path = open_path().get_untracked();
    Suspend::new(async move {
        let loaded = loaded::load(&path).await;
        framed(user, loaded::with_page(Some(loaded)))
    })
}

/// In the browser it is there. Who comes from a page without it, such as that for an unknown address, loads the whole.
#[cfg(not(feature = "ssr"))]
#[component]
fn SignedIn(user: User) -> impl IntoView {
    let loaded = loaded::with_page(None);
    if loaded.is_none() {
        turn_away();
    }
    Some(framed(user, loaded))
}

fn framed(user: User, loaded: Option<Result<Loaded, AppError>>) -> AnyView {
    match loaded {
        Some(Ok(loaded)) => view! { <Frame user loaded/> }.into_any(),
        Some(Err(error)) => view! { <ErrorPage error/> }.into_any(),
        None => ().into_any(),
    }
}

/// The sidebar and the page beside it.
#[component]
fn Frame(user: User, loaded: Loaded) -> impl IntoView {
    let facts: PageFacts = expect_context();
    let state = ChatState::new(user, facts.preferences, facts.now, loaded);
    provide_context(state);
    conversation_menu::provide_dialogs();
    wake::wake(state);
    keys::listen(state);

    let covered = move || state.drawer_open.get();
    view! {
        <a class="skip" href="#main" inert=covered>"Skip to conversation"</a>
        <div
            class=organise::frame_class()
            id="app"
            data-sidebar=move || state.sidebar_closed.get().then_some("closed")
            data-drawer=move || state.drawer_open.get().then_some("open")
        >
            <sidebar::Sidebar/>
            <div class="drawer-scrim" aria-hidden="true" on:click=move |_| state.close_sidebar()></div>
            <main class="main" id="main" tabindex="-1" inert=covered>
                <Outlet/>
            </main>
        </div>
        <conversation_menu::Dialogs/>
        {organise::dialogs(state)}
        <palette::Palette/>
        {keys::listed(state)}
        <LiveStatus text=state.spoken/>
        <LiveStatus text=state.status/>
        <ToastRegion toast=state.toast/>
    }
    .into_any()
}

/// The path of the page that is open.
fn open_path() -> Memo<String> {
    use_location().pathname
}
