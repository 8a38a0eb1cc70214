//! A provider, and what can be done about it.

use super::words::{letter, models, place};
use crate::components::{Button, ButtonSize};
use chat::{
    FailureKind,
    ports::{ProviderHealth, ProviderOrigin, ProviderOverview},
};
use leptos::prelude::*;

/// One provider.
#[component]
pub(super) fn Row(provider: ProviderOverview) -> impl IntoView {
    let ProviderOverview { id, name, address, origin, health, .. } = provider;
    let place = place(&origin, address.as_deref());
    let editable = matches!(origin, ProviderOrigin::Administrator { .. });
    let wrong_key = matches!(&health, ProviderHealth::Failed(failure) if failure.kind == FailureKind::Unauthorized);
    view! {
        <li class="set lead">
            <span class="glyph letter" aria-hidden="true">{letter(&name)}</span>
            <div>
                <span class="name">{name.clone()}</span>
                <Line place health=health.clone()/>
            </div>
            <div class="ctl">
                <State health/>
                {editable.then(|| view! { <Edit id name wrong_key/> })}
            </div>
        </li>
    }
    .into_any()
}

/// Where it is and what it offers, or why it offers nothing.
#[component]
fn Line(place: String, health: ProviderHealth) -> impl IntoView {
    match health {
        ProviderHealth::Failed(failure) => view! {
            <small>{place}</small>
            <small class="bad">{failure.message}</small>
        }
        .into_any(),
        ProviderHealth::Ready(count) => view! { <small>{place} ". " {models(count)}</small> }.into_any(),
        ProviderHealth::Unknown | ProviderHealth::Off => view! { <small>{place}</small> }.into_any(),
    }
}

#[component]
pub(super) fn State(health: ProviderHealth) -> impl IntoView {
    let (class, words) = match health {
        ProviderHealth::Ready(0) => ("status warn", "No models"),
        ProviderHealth::Ready(_) => ("status ok", "Connected"),
        ProviderHealth::Unknown => ("status", "No answer yet"),
        ProviderHealth::Off => ("status off", "Off"),
        ProviderHealth::Failed(_) => ("status bad", "Not working"),
    };
    view! { <span class=class>{words}</span> }.into_any()
}

/// Leads to the provider's form.
#[component]
fn Edit(id: String, name: String, wrong_key: bool) -> impl IntoView {
    let action = ["/settings/models/", &id].concat();
    let (label, words) = if wrong_key { ("Fix key for ", "Fix key") } else { ("Edit ", "Edit") };
    view! {
        <form action=action>
            {wrong_key.then(|| view! { <input type="hidden" name="fix" value="key"/> })}
            <Button submit=true size=ButtonSize::Small attr:aria-label=[label, &name].concat()>{words}</Button>
        </form>
    }
    .into_any()
}
