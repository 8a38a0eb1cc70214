//! The page of the search, for browsers in which no script runs: a form that asks for its own page.

use super::{
    found::{self, HINT},
    loading::page,
    title::PageTitle,
};
use crate::{
    api::search::search,
    components::{EmptyState, Icon, IconLink, IconName, IconSize},
    context::PageFacts,
    error::AppError,
};
use chat::search::Hit;
use leptos::prelude::*;

/// What the query of the address finds. Who is signed out is sent to the sign-in page.
#[component]
pub fn SearchPage() -> impl IntoView {
    page(|_, query| {
        let query = query.get("q").unwrap_or_default();
        Box::pin(async move {
            match search(query.clone()).await {
                Ok(hits) => Ok(view! { <Page query hits/> }.into_any()),
                Err(error @ AppError::Busy(_)) => Ok(view! { <Busy query error/> }.into_any()),
                Err(error) => Err(error),
            }
        })
    })
}

#[component]
fn Page(query: String, hits: Vec<Hit>) -> impl IntoView {
    let facts = expect_context::<PageFacts>();
    let result = match (query.trim().is_empty(), hits.is_empty()) {
        (true, _) => ().into_any(),
        (false, true) => {
            view! { <EmptyState icon=IconName::Search title=found::nothing(&query) text=HINT/> }.into_any()
        }
        (false, false) => {
            let rows = hits.into_iter().map(|hit| view! { <Row hit facts=facts.clone()/> }).collect_view();
            view! { <ul class="found" role="list" aria-label="Results">{rows}</ul> }.into_any()
        }
    };
    view! { <Frame query>{result}</Frame> }.into_any()
}

/// The database is busy: the same query is asked again by the same button.
#[component]
fn Busy(query: String, error: AppError) -> impl IntoView {
    crate::context::set_status(error.status());
    view! {
        <Frame query>
            <EmptyState icon=IconName::TriangleAlert title="That did not work" text=error.to_string()/>
        </Frame>
    }
    .into_any()
}

#[component]
fn Frame(query: String, children: Children) -> impl IntoView {
    view! {
        <PageTitle text="Search"/>
        <a class="skip" href="#main">"Skip to content"</a>
        <div class="app alone">
            <main class="main" id="main" tabindex="-1">
                <header class="bar">
                    <IconLink icon=IconName::ArrowLeft label="Back to chat" href="/"/>
                </header>
                <div class="scroll" tabindex="0" role="region" aria-label="Search">
                    <div class="page">
                        <header>
                            <h1>"Search"</h1>
                        </header>
                        <form class="search-form" method="get" action="/search" role="search">
                            <div class="search">
                                <Icon name=IconName::Search size=IconSize::Small/>
                                <input
                                    class="input"
                                    type="search"
                                    name="q"
                                    value=query
                                    placeholder="Titles and messages"
                                    aria-label="Search conversations"
                                    autocomplete="off"
                                    autofocus
                                />
                            </div>
                            <button class="btn btn-primary" type="submit">"Search"</button>
                        </form>
                        {children()}
                    </div>
                </div>
            </main>
        </div>
    }
    .into_any()
}

#[component]
fn Row(hit: Hit, facts: PageFacts) -> impl IntoView {
    let day = found::day(hit.at, facts.now, facts.preferences.offset);
    let snippet = hit.message.as_ref().map(|message| {
        view! { <span class="ctx truncate">{found::line(&message.snippet)}</span> }
    });
    view! {
        <li>
            <a class="opt" href=found::address(&hit)>
                <Icon name=IconName::MessageSquare size=IconSize::Small/>
                <span class="truncate"><b>{found::line(&hit.title)}</b></span>
                <span class="end">{found::mark(&hit)}{day}</span>
                {snippet}
            </a>
        </li>
    }
    .into_any()
}
