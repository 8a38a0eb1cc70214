//! The face of Confab: pages, components and thin server functions.
//!
//! The server renders every page in full (feature `ssr`), so it can be read before any script has run; in
//! the browser (feature `hydrate`) the same code wakes it up. What server functions need of the world comes
//! through [`context::Services`], a set of ports from the crate `chat`.

// Views are deeply nested types; rustc's default of 128 is too low for release builds.
#![recursion_limit = "256"]

use crate::{
    codec::Json,
    context::PageFacts,
    pages::{Chat, ConversationPage, NewChat, NotFound},
};
use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

pub mod api;
mod browser;
mod case;
mod chunk;
mod codec;
pub mod components;
pub mod context;
pub mod error;
mod live;
pub mod markdown;
mod pages;
mod reactive;
#[cfg(feature = "hydrate")]
mod renderer;
#[cfg(feature = "ssr")]
mod shell;
mod theme;

#[cfg(feature = "ssr")]
pub use pages::browser_label;
#[cfg(feature = "ssr")]
pub use shell::{Assets, shell};

/// The whole page.
///
/// On the server [`shell`] has put the [`PageFacts`] into the context; they travel with the page. There are none while
/// the server only lists the routes.
#[component]
pub fn App() -> impl IntoView {
    #[cfg(feature = "ssr")]
    leptos_meta::provide_meta_context();
    if let Some(facts) = SharedValue::<_, Json>::new_with_encoding(use_context::<PageFacts>).into_inner() {
        provide_context(facts);
    }
    view! { <Router><Pages/></Router> }
}

/// Which address shows what, on the server.
#[cfg(feature = "ssr")]
#[component]
fn Pages() -> impl IntoView {
    use pages::{AccessPage, AuditPage, DeletePersonPage, ModelAccessPage, PeoplePage, UsagePage};
    use pages::{AppearancePage, ErasePage, OfflinePage, ProfilePage, SharePage, SharedPage, ShortcutsPage};
    use pages::{
        ArchivePage, DataPage, FoldersPage, LoginLinkPage, ModelsPage, NewProviderPage, OptionsPage, ProviderPage,
        SearchPage, SessionsPage, SignInErrorPage, SignInPage,
    };
    view! {
        <Routes fallback=|| view! { <NotFound/> }>
            <ChatRoutes/>
            <Route path=path!("/signin") view=SignInPage ssr=SsrMode::Async/>
            <Route path=path!("/login/:token") view=LoginLinkPage ssr=SsrMode::Async/>
            <Route path=path!("/c/:id/options") view=OptionsPage ssr=SsrMode::Async/>
            <Route path=path!("/c/:id/share") view=SharePage ssr=SsrMode::Async/>
            <Route path=path!("/s/:token") view=SharedPage ssr=SsrMode::Async/>
            <Route path=path!("/offline") view=OfflinePage ssr=SsrMode::Async/>
            <Route path=path!("/archive") view=ArchivePage ssr=SsrMode::Async/>
            <Route path=path!("/folders") view=FoldersPage ssr=SsrMode::Async/>
            <Route path=path!("/search") view=SearchPage ssr=SsrMode::Async/>
            <Route path=path!("/settings/sessions") view=SessionsPage ssr=SsrMode::Async/>
            <Route path=path!("/settings/profile") view=ProfilePage ssr=SsrMode::Async/>
            <Route path=path!("/settings/appearance") view=AppearancePage ssr=SsrMode::Async/>
            <Route path=path!("/settings/shortcuts") view=ShortcutsPage ssr=SsrMode::Async/>
            <Route path=path!("/settings/data/erase") view=ErasePage ssr=SsrMode::Async/>
            <Route path=path!("/settings/data") view=DataPage ssr=SsrMode::Async/>
            <Route path=path!("/settings/models") view=ModelsPage ssr=SsrMode::Async/>
            <Route path=path!("/settings/models/new") view=NewProviderPage ssr=SsrMode::Async/>
            <Route path=path!("/settings/models/:id") view=ProviderPage ssr=SsrMode::Async/>
            <Route path=path!("/admin/usage") view=UsagePage ssr=SsrMode::Async/>
            <Route path=path!("/admin/people") view=PeoplePage ssr=SsrMode::Async/>
            <Route path=path!("/admin/people/:id/delete") view=DeletePersonPage ssr=SsrMode::Async/>
            <Route path=path!("/admin/access") view=AccessPage ssr=SsrMode::Async/>
            <Route path=path!("/admin/access/model") view=ModelAccessPage ssr=SsrMode::Async/>
            <Route path=path!("/admin/audit") view=AuditPage ssr=SsrMode::Async/>
            // The server answers at these itself, and has the page rendered when a sign-in failed.
            <Route path=path!("/api/auth/signin/:provider") view=SignInErrorPage ssr=SsrMode::Async/>
            <Route path=path!("/api/auth/callback/:provider") view=SignInErrorPage ssr=SsrMode::Async/>
        </Routes>
    }
}

/// Which address shows what, in a browser: the pages that wake up.
#[cfg(not(feature = "ssr"))]
#[component]
fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=|| view! { <NotFound/> }>
            <ChatRoutes/>
        </Routes>
    }
}

/// Whether the page at an address never wakes up: a form that one looks at once comes without the page's code.
#[cfg(feature = "ssr")]
fn is_plain(path: &str) -> bool {
    const BEGINNINGS: [&str; 6] =
        ["/admin/", "/login/", "/s/", "/settings/", "/api/auth/signin/", "/api/auth/callback/"];
    const WHOLE: [&str; 5] = ["/signin", "/archive", "/folders", "/search", "/offline"];
    // The router takes an address with a slash at its end for the same.
    let whole = path.trim_end_matches('/');
    let about = whole.starts_with("/c/") && (whole.ends_with("/options") || whole.ends_with("/share"));
    about || WHOLE.contains(&whole) || BEGINNINGS.iter().any(|beginning| path.starts_with(beginning))
}

/// The chat page: its layout stays while one goes from conversation to conversation.
#[component(transparent)]
fn ChatRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("") view=Chat ssr=SsrMode::Async>
            <Route path=path!("/") view=NewChat ssr=SsrMode::Async/>
            <Route path=path!("/c/:id") view=ConversationPage ssr=SsrMode::Async/>
        </ParentRoute>
    }
    .into_inner()
}
