//! What is archived: a list whose buttons work without scripts.

use super::{found, loading::page, options::ActForm, title::PageTitle};
use crate::{
    api::folders::{archived_conversations, is_full},
    components::{ButtonLink, EmptyState, IconLink, IconName},
    context::PageFacts,
};
use chat::{Act, ConversationSummary, Timestamp};
use leptos::prelude::*;

/// The archived conversations, a page at a time. Who is signed out is sent to the sign-in page.
#[component]
pub fn ArchivePage() -> impl IntoView {
    page(|_, query| {
        Box::pin(async move {
            let archived = archived_conversations(query.get("after").unwrap_or_default()).await?;
            Ok(view! { <Page archived/> }.into_any())
        })
    })
}

#[component]
fn Page(archived: Vec<(Timestamp, ConversationSummary)>) -> impl IntoView {
    let older = archived.last().filter(|_| is_full(&archived)).map(|(at, last)| {
        let href = ["/archive?after=", &at.0.to_string(), "-", &last.id.to_string()].concat();
        view! { <p class="after"><ButtonLink href>"Older"</ButtonLink></p> }
    });
    let list = if archived.is_empty() {
        view! {
            <EmptyState
                icon=IconName::Archive
                title="Nothing is archived"
                text="What you archive leaves the list and stays here. It is still found by the search."
            />
        }
        .into_any()
    } else {
        let rows = archived.into_iter().map(|(_, summary)| view! { <Row summary/> }).collect_view();
        view! { <ul class="archive" role="list" aria-label="Archived conversations">{rows}</ul> }.into_any()
    };
    view! {
        <PageTitle text="Archived conversations"/>
        <Frame title="Archived conversations" about="They are not in the list, but the search finds them. A new message brings one back.">
            {list}
            {older}
        </Frame>
    }
    .into_any()
}

/// A page beside the chat that needs no scripts.
#[component]
pub(super) fn Frame(title: &'static str, about: &'static str, children: Children) -> impl IntoView {
    view! {
        <a class="skip" href="#main">"Skip to content"</a>
        <div class="app alone">
            <main class="main" id="main" tabindex="-1">
                <header class="bar">
                    <IconLink icon=IconName::ArrowLeft label="Back to chat" href="/"/>
                </header>
                <div class="scroll" tabindex="0" role="region" aria-label=title>
                    <div class="page">
                        <header>
                            <h1>{title}</h1>
                            <p>{about}</p>
                        </header>
                        {children()}
                    </div>
                </div>
            </main>
        </div>
    }
    .into_any()
}

#[component]
fn Row(summary: ConversationSummary) -> impl IntoView {
    let facts = expect_context::<PageFacts>();
    let ConversationSummary { id, title, updated_at, .. } = summary;
    let id = id.to_string();
    let title = String::from(title);
    let day = found::day(updated_at, facts.now, facts.preferences.offset);
    let about = ["archived-", &id].concat();
    view! {
        <li class="set">
            <div>
                <a class="name truncate" id=about.clone() href=["/c/", &id].concat()>{title}</a>
                <small>{day}</small>
            </div>
            <div class="row" role="group" aria-labelledby=about>
                <ActForm id=id.clone() act=Act::Unarchive>"Unarchive"</ActForm>
                <details class="confirm">
                    <summary class="btn btn-danger">"Delete…"</summary>
                    <ActForm id act=Act::Delete danger=true>"Delete for good"</ActForm>
                </details>
            </div>
        </li>
    }
    .into_any()
}
