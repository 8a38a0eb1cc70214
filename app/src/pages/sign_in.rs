//! The sign-in page.

use super::{solo::Solo, title::PageTitle};
use crate::{components::Mark, context::PageFacts};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The way in. Who is in already is sent on.
#[component]
pub fn SignInPage() -> impl IntoView {
    if expect_context::<PageFacts>().visitor.is_some() {
        crate::context::see_other("/");
        return ().into_any();
    }
    let signed_out = use_query_map().with_untracked(|query| query.get_str("signedOut").is_some());
    view! {
        <PageTitle text="Sign in"/>
        <Solo>
            <div class="signin">
                <header>
                    <Mark/>
                    <h1>"Sign in to Confab"</h1>
                    {signed_out.then(|| view! { <p role="status">"You are signed out."</p> })}
                    <p>
                        "No sign-in provider is set up here, so you sign in by a link: the one that Confab printed when it started, or a new one."
                    </p>
                </header>
                <div class="acts-col">
                    <NewLinkCommand/>
                </div>
            </div>
        </Solo>
    }
    .into_any()
}

/// How to make a login link, for who has none that works.
#[component]
pub fn NewLinkCommand() -> impl IntoView {
    view! {
        <p class="fine">"To make a new link, run this on the server:"</p>
        <div class="command"><code>"confab login-link"</code></div>
        <p class="fine">"A link works once, within ten minutes."</p>
    }
    .into_any()
}
