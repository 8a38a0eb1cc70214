//! The page of the user's sessions.

use super::{loading::page, title::PageTitle};
use crate::{
    api::auth::my_sessions,
    components::{Callout, Tone},
};
use chat::{User, ports::SessionSummary};
use frame::{Frame, Place};
use leptos::prelude::*;
use row::{Others, Row};

pub(crate) mod browser;
pub(super) mod frame;
pub(super) mod moment;
mod row;

/// Every browser that can open the user's account, and how to end that. Who is signed out is sent to the sign-in page.
#[component]
pub fn SessionsPage() -> impl IntoView {
    page(|user, query| {
        let failed = query.get_str("failed").is_some();
        Box::pin(async move {
            let sessions = my_sessions().await?;
            Ok(view! { <Page user sessions failed/> }.into_any())
        })
    })
}

#[component]
fn Page(user: User, sessions: Vec<SessionSummary>, failed: bool) -> impl IntoView {
    let count = sessions.len();
    let others = sessions.iter().filter(|session| !session.current).count();
    // The one that asks stands first: it is the one to know the others by.
    let (own, rest): (Vec<_>, Vec<_>) = sessions.into_iter().partition(|session| session.current);
    let rows = own.into_iter().chain(rest).map(|session| view! { <Row session/> });
    view! {
        <PageTitle text="Sessions"/>
        <Frame user here=Place::Sessions>
            <header>
                <h1>"Sessions"</h1>
                <p>"Every browser that can open your account. Revoking takes effect at once."</p>
            </header>
            {failed.then(|| view! { <NotEnded/> })}
            <section class="sect">
                <h2>
                    "Active now " <small>{count} {if count == 1 { " session" } else { " sessions" }}</small>
                </h2>
                <ul role="list">{rows.collect_view()}</ul>
            </section>
            {(others > 0).then(|| view! { <Others count=others/> })}
        </Frame>
    }
    .into_any()
}

#[component]
fn NotEnded() -> impl IntoView {
    view! {
        <Callout tone=Tone::Bad alert=true title="That did not work">
            "What you ended may still be open: the list below tells. Try again in a moment."
        </Callout>
    }
    .into_any()
}
