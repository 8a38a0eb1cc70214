//! Pages that stand alone: sign-in, and what goes wrong.

use super::title::PageTitle;
use crate::{components::Brand, context::PageFacts};
use leptos::prelude::*;

/// The frame of a page that stands alone.
#[component]
pub fn Solo(
    /// The sign and the name above, as a link to the first page.
    #[prop(optional)]
    brand: bool,
    children: Children,
) -> impl IntoView {
    let host = expect_context::<PageFacts>().host;
    let top = if brand {
        view! {
            <header class="solo-top">
                <a href="/" rel="external" aria-label="Confab home"><Brand/></a>
            </header>
        }
        .into_any()
    } else {
        view! { <div class="solo-top"></div> }.into_any()
    };
    view! {
        <div class="solo">
            {top}
            <main class="solo-main" id="main">{children()}</main>
            <footer class="solo-foot">
                <span>{host}</span>
                <span>"Confab " {env!("CARGO_PKG_VERSION")}</span>
            </footer>
        </div>
    }
    .into_any()
}

/// What a page says that cannot show what was asked for. Inside the chat page it stands beside the sidebar, elsewhere
/// alone.
#[component]
pub fn Oops(
    /// The status of the response, as RFC 9110 numbers it; none when there was no response.
    #[prop(into)]
    status: Option<u16>,
    /// What happened.
    title: &'static str,
    /// What is safe, and what to do.
    #[prop(into)]
    text: String,
    /// Facts about it, as `<dt>` and `<dd>`.
    #[prop(optional)]
    facts: Option<AnyView>,
    /// Links and buttons.
    children: Children,
) -> impl IntoView {
    #[cfg(feature = "ssr")]
    status.into_iter().for_each(crate::context::set_status);
    let content = view! {
        <PageTitle text=title/>
        <div class="oops">
            {status.map(|status| view! { <p class="no">{status}</p> })}
            <h1>{title}</h1>
            <p>{text}</p>
            {facts.map(|facts| view! { <dl class="kv">{facts}</dl> })}
            <div class="row">{children()}</div>
        </div>
    };
    if use_context::<super::chat::ChatState>().is_some() {
        view! {
            <header class="bar"><super::chat::OpenSidebar/></header>
            <div class="solo-main">{content}</div>
        }
        .into_any()
    } else {
        view! { <Solo brand=true>{content}</Solo> }.into_any()
    }
}
