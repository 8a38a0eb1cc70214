//! The page on which somebody shares a conversation. It is a plain form that comes without scripts.

use super::{loading::page, sessions::moment::moment, title::PageTitle};
use crate::{
    api::shares::share_of,
    components::{Button, ButtonLink, ButtonVariant, IconLink, IconName},
    context::{PageFacts, services},
};
use chat::{Title, share::ShareLink};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The link of a conversation, or the button that makes one.
#[component]
pub fn SharePage() -> impl IntoView {
    page(|_, _| {
        let id = use_params_map().with_untracked(|params| params.get("id").unwrap_or_default());
        Box::pin(async move {
            let (title, link) = share_of(&id).await?;
            Ok(view! { <Page id title link/> }.into_any())
        })
    })
}

#[component]
fn Page(id: String, title: Title, link: Option<ShareLink>) -> impl IntoView {
    let (title, back) = (String::from(title), ["/c/", &id].concat());
    let action = [&back, "/share"].concat();
    let controls = match link {
        Some(link) => view! { <Shared link action/> }.into_any(),
        None => view! { <NotShared action/> }.into_any(),
    };
    view! {
        <PageTitle text=["Share ", &title].concat()/>
        <a class="skip" href="#main">"Skip to content"</a>
        <div class="app alone">
            <main class="main" id="main" tabindex="-1">
                <header class="bar"><IconLink icon=IconName::ArrowLeft label="Back to the conversation" href=back/></header>
                <div class="scroll" tabindex="0" role="region" aria-label="Share conversation">
                    <div class="page">
                        <header>
                            <h1>"Share conversation"</h1>
                            <p>
                                "A link to “" {title}
                                "” as it is now: the versions that you see, without what follows and without the contents of files. Whoever has the link can read it, also without an account. Search engines are told not to list it."
                            </p>
                        </header>
                        {controls}
                    </div>
                </div>
            </main>
        </div>
    }
    .into_any()
}

#[component]
fn NotShared(action: String) -> impl IntoView {
    view! {
        <form method="post" action=action class="share-acts">
            <input type="hidden" name="act" value="share"/>
            <Button submit=true variant=ButtonVariant::Primary>"Create link"</Button>
        </form>
    }
    .into_any()
}

#[component]
fn Shared(link: ShareLink, action: String) -> impl IntoView {
    let PageFacts { now, preferences, .. } = expect_context();
    let address = [&services().origin, &*link.token.path()].concat();
    let taken = ["Snapshot taken ", &moment(link.created_at, now, preferences.offset), "."].concat();
    view! {
        <div class="field">
            <label class="label" for="link">"Link"</label>
            <input class="input" id="link" readonly value=address.clone() aria-describedby="link-note"/>
            <p class="hint" id="link-note">{taken}</p>
        </div>
        <div class="share-acts">
            <ButtonLink href=address variant=ButtonVariant::Line external=true icon=IconName::ExternalLink>"Open"</ButtonLink>
            <form method="post" action=action.clone()>
                <input type="hidden" name="act" value="share"/>
                <Button submit=true icon=IconName::RefreshCw>"Take a new snapshot"</Button>
            </form>
            <form method="post" action=action>
                <input type="hidden" name="act" value="end"/>
                <Button submit=true variant=ButtonVariant::Danger>"Stop sharing"</Button>
            </form>
        </div>
    }
    .into_any()
}
