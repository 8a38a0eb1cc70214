//! The page of a login link: it shows who will be signed in, and asks.

use super::{ErrorPage, sign_in::NewLinkCommand, solo::Solo, title::PageTitle};
use crate::{
    api::auth::login_link,
    components::{Button, ButtonSize, ButtonVariant, Icon, IconName, IconSize, Mark},
};
use chat::LinkedUser;
use leptos::prelude::*;
use leptos_meta::Meta;
use leptos_router::hooks::use_params_map;

/// The page of a login link. Looking at it does not use the link up: whatever fetches addresses ahead of a person must
/// not sign that person in, nor take the link away.
#[component]
pub fn LoginLinkPage() -> impl IntoView {
    let token = use_params_map().with_untracked(|params| params.get("token")).unwrap_or_default();
    let page = move || {
        let token = token.clone();
        Suspend::new(async move {
            match login_link(token.clone()).await {
                Ok(Some(user)) => view! { <Ask user token/> }.into_any(),
                Ok(None) => view! { <Gone/> }.into_any(),
                Err(error) => view! { <ErrorPage error/> }.into_any(),
            }
        })
    };
    view! {
        // The address is a secret: no other site may learn it. Without any referrer the browser would not say either
        // where the form comes from (Fetch, "append a request `Origin` header").
        <Meta name="referrer" content="same-origin"/>
        <Meta name="robots" content="noindex"/>
        <Suspense>{page}</Suspense>
    }
    .into_any()
}

/// The link works.
#[component]
fn Ask(user: LinkedUser, token: String) -> impl IntoView {
    let LinkedUser { name, owner } = user;
    let (title, text, verb) = if owner {
        let text = "You opened the owner link that Confab printed. Whoever continues is the owner of this server.";
        ("Claim this server", text, "Continue as owner".to_owned())
    } else {
        ("Sign in to Confab", "You opened a login link.", "Continue as ".to_owned() + &name)
    };
    view! {
        <PageTitle text=title/>
        <Solo>
            <div class="signin">
                <header>
                    <Mark/>
                    <h1>{title}</h1>
                    <p>{text}</p>
                </header>
                <form class="acts-col" method="post" action="/api/auth/claim">
                    <input type="hidden" name="token" value=token/>
                    <Button submit=true variant=ButtonVariant::Primary size=ButtonSize::Large block=true>
                        {verb}
                        <Icon name=IconName::ArrowRight size=IconSize::Small/>
                    </Button>
                    <p class="fine">"The link works once."</p>
                </form>
            </div>
        </Solo>
    }
    .into_any()
}

/// The link has been used, has expired, or never was one.
#[component]
fn Gone() -> impl IntoView {
    crate::context::set_status(410);
    view! {
        <PageTitle text="This link has ended"/>
        <Solo>
            <div class="signin">
                <header>
                    <Mark/>
                    <h1>"This link has ended"</h1>
                    <p>"It has been used already, or its ten minutes are over. Nothing was changed."</p>
                </header>
                <div class="acts-col">
                    <NewLinkCommand/>
                </div>
            </div>
        </Solo>
    }
    .into_any()
}
