//! The page *Profile*: who somebody is here, and where that comes from.

use super::{
    escape,
    face::Face,
    loading::page,
    sessions::{
        frame::{Frame, Place},
        moment::moment,
    },
    title::PageTitle,
};
use crate::{
    api::auth::my_account,
    components::{ButtonLink, ButtonSize, IconName},
    context::{PageFacts, RequestSignIn},
};
use chat::{
    Timestamp, User,
    ports::{Person, ProviderButton},
};
use leptos::prelude::*;

/// Who somebody is here.
#[component]
pub fn ProfilePage() -> impl IntoView {
    page(|_, _| {
        Box::pin(async {
            let person = my_account().await?;
            Ok(view! { <Page person/> }.into_any())
        })
    })
}

#[component]
fn Page(person: Person) -> impl IntoView {
    let user = person.user.clone();
    let providers = expect_context::<RequestSignIn>().0.providers();
    // Whoever came by a link has no provider, and with several nobody knows which it was.
    let provider = <[ProviderButton; 1]>::try_from(providers).ok().map(|[only]| only).filter(|_| !person.owner);
    let lead = match &provider {
        Some(provider) => {
            let label = &provider.label;
            format!("Your name, picture and groups come from {label} and are refreshed each time you sign in.")
        }
        None => "Your name, picture and groups come from where you sign in, and are refreshed each time.".into(),
    };
    view! {
        <PageTitle text="Profile"/>
        <Frame user here=Place::Profile>
            <header><h1>"Profile"</h1><p>{lead}</p></header>
            <Identity person=person.clone() provider=provider.clone()/>
            <Groups groups=person.groups/>
            <Refreshed seen=person.last_seen_at provider/>
        </Frame>
    }
    .into_any()
}

#[component]
fn Identity(person: Person, provider: Option<ProviderButton>) -> impl IntoView {
    let User { name, email, picture, .. } = person.user;
    let edit = provider.and_then(|ProviderButton { label, account, .. }| Some((label, account?)));
    let edit = edit.map(|(label, address)| {
        view! {
            <ButtonLink href=address size=ButtonSize::Small external=true icon=IconName::ExternalLink>
                {["Edit in ", &label].concat()}
            </ButtonLink>
        }
    });
    view! {
        <div class="whoami">
            <Face name=name.clone() picture large=true/>
            <div><b>{name}</b>{email.map(|email| view! { <p>{email}</p> })}</div>
            {edit}
        </div>
    }
    .into_any()
}

#[component]
fn Groups(groups: Vec<String>) -> impl IntoView {
    let none = groups.is_empty();
    let badges = groups.into_iter().map(|group| view! { <span class="badge">{group}</span> }).collect_view();
    view! {
        <div class="set">
            <div><span class="name">"Groups"</span><small>"Decide what you can see and use"</small></div>
            <div class="ctl badges">{badges} {none.then_some("None")}</div>
        </div>
    }
    .into_any()
}

#[component]
fn Refreshed(seen: Timestamp, provider: Option<ProviderButton>) -> impl IntoView {
    let PageFacts { now, preferences, .. } = expect_context();
    let again = provider.map(|provider| {
        let address = ["/api/auth/signin/", &escape(&provider.id), "?callbackUrl=%2Fsettings%2Fprofile"].concat();
        view! { <ButtonLink href=address size=ButtonSize::Small external=true>"Refresh now"</ButtonLink> }
    });
    view! {
        <div class="set keep">
            <div>
                <span class="name">"Last here"</span>
                <small>{capital(&moment(seen, now, preferences.offset))}</small>
            </div>
            <div class="ctl">{again}</div>
        </div>
    }
    .into_any()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}
