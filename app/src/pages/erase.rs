//! Asks before everything of somebody is deleted.

use super::{
    chat::turn_away,
    sessions::frame::{Frame, Place},
    title::PageTitle,
};
use crate::{
    components::{Button, ButtonLink, ButtonVariant, Callout, Icon, IconName, IconSize, Tone},
    context::PageFacts,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// What is to be deleted.
struct About {
    /// The word for it in addresses.
    what: &'static str,
    title: &'static str,
    lead: &'static str,
    button: &'static str,
}

const CONVERSATIONS: About = About {
    what: "conversations",
    title: "Delete all conversations",
    lead: "Every conversation is deleted for good, with its messages, its folder and what was attached; links that you shared end. Answers that are being written stop. Your account and settings stay.",
    button: "Delete all conversations",
};

const ACCOUNT: About = About {
    what: "account",
    title: "Delete your account",
    lead: "Your conversations, files, settings and sessions are deleted for good. The account at your sign-in provider is not touched: if you sign in again, you begin with an empty one here.",
    button: "Delete account",
};

/// What deleting would do, and a field for the word that says that it is meant.
#[component]
pub fn ErasePage() -> impl IntoView {
    let Some(user) = expect_context::<PageFacts>().visitor else {
        turn_away();
        return ().into_any();
    };
    let (what, refused) = use_query_map().with_untracked(|query| {
        (query.get_str("what").map(str::to_owned), query.get_str("refused").map(str::to_owned))
    });
    let About { what, title, lead, button } =
        if what.as_deref() == Some(ACCOUNT.what) { ACCOUNT } else { CONVERSATIONS };
    let last = refused.as_deref() == Some("last");
    let mistyped = refused.is_some() && !last;
    view! {
        <PageTitle text=title/>
        <Frame user here=Place::Data>
            <header><h1>{title}</h1><p>{lead}</p></header>
            {last.then(|| view! { <LastAdministrator/> })}
            <form class="provider" method="post" action="/settings/data/erase" autocomplete="off">
                <input type="hidden" name="what" value=what/>
                <div class="field">
                    <label class="label" for="word">"Type “delete” to go on"</label>
                    <input
                        class="input"
                        id="word"
                        name="word"
                        required
                        autofocus
                        autocapitalize="none"
                        spellcheck="false"
                        aria-invalid=mistyped.then_some("true")
                        aria-describedby="word-note"
                    />
                    <Note mistyped/>
                </div>
                <div class="row">
                    <Button submit=true variant=ButtonVariant::DangerFill>{button}</Button>
                    <ButtonLink href="/settings/data" variant=ButtonVariant::Quiet>"Cancel"</ButtonLink>
                </div>
            </form>
        </Frame>
    }
    .into_any()
}

#[component]
fn Note(mistyped: bool) -> impl IntoView {
    if mistyped {
        view! {
            <p class="hint hint-bad" id="word-note">
                <Icon name=IconName::CircleAlert size=IconSize::ExtraSmall/>
                <span>"That is another word. Nothing was deleted."</span>
            </p>
        }
        .into_any()
    } else {
        view! { <p class="hint" id="word-note">"It cannot be undone. An archive of your conversations is on the page before."</p> }
            .into_any()
    }
}

#[component]
fn LastAdministrator() -> impl IntoView {
    view! {
        <Callout tone=Tone::Bad alert=true title="Nothing was deleted">
            "You are the only one who administers this server. Let somebody else become an administrator first."
        </Callout>
    }
    .into_any()
}
