//! What was done just now, and how it went.

use crate::components::{Callout, Tone};
use chat::ports::{ProviderHealth, ProviderOverview};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

/// What the address says was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Done {
    Nothing,
    /// The provider with this id was saved.
    Saved {
        id: String,
        /// Its key is gone, since it belongs to another address.
        forgotten: bool,
    },
    /// One was removed.
    Removed,
    /// One was to be changed, and is not there.
    Gone,
}

impl Done {
    pub(super) fn of(query: &ParamsMap) -> Self {
        let is = |name| query.get_str(name).is_some();
        match query.get("saved") {
            Some(id) => Self::Saved { id, forgotten: is("forgotten") },
            None if is("removed") => Self::Removed,
            None if is("gone") => Self::Gone,
            None => Self::Nothing,
        }
    }
}

/// Tells what was done.
#[component]
pub(super) fn Notice(done: Done, providers: Vec<ProviderOverview>) -> impl IntoView {
    match done {
        Done::Nothing => ().into_any(),
        Done::Removed => view! { <Told title="The provider is removed, and its key with it"/> }.into_any(),
        Done::Gone => view! {
            <Callout tone=Tone::Bad alert=true title="This provider is not here any more">
                "Somebody else has removed it. Nothing was saved."
            </Callout>
        }
        .into_any(),
        Done::Saved { id, forgotten } => match providers.into_iter().find(|provider| provider.id == id) {
            Some(provider) => view! { <Saved provider forgotten/> }.into_any(),
            None => ().into_any(),
        },
    }
}

/// What became of a provider that was saved.
#[component]
fn Saved(provider: ProviderOverview, forgotten: bool) -> impl IntoView {
    let ProviderOverview { name, health, .. } = provider;
    if forgotten {
        let title = name + " is saved, and its key is forgotten";
        return view! {
            <Callout tone=Tone::Warn alert=true title>
                "The key belongs to the address that was there before. Type the one of the new address."
            </Callout>
        }
        .into_any();
    }
    match health {
        ProviderHealth::Failed(failure) => view! {
            <Callout tone=Tone::Warn alert=true title=name + " is saved, but does not work yet">{failure.message}</Callout>
        }
        .into_any(),
        ProviderHealth::Ready(0) => view! { <Told title=name + " is saved. It answers, and offers no model"/> }.into_any(),
        ProviderHealth::Ready(1) => view! { <Told title=name + " is saved. It offers one model"/> }.into_any(),
        ProviderHealth::Ready(count) => {
            view! { <Told title=[&name, " is saved. It offers ", &count.to_string(), " models"].concat()/> }.into_any()
        }
        ProviderHealth::Unknown => {
            view! { <Told title=name + " is saved. It has not answered yet: reload in a moment"/> }.into_any()
        }
        ProviderHealth::Off => view! { <Told title=name + " is saved, and switched off"/> }.into_any(),
    }
}

#[component]
fn Told(#[prop(into)] title: String) -> impl IntoView {
    view! { <p class="callout told" role="status">{title} "."</p> }.into_any()
}
