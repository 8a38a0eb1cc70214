//! What is on offer, provider by provider.

use super::{
    provider::State,
    words::{letter, models as count_of},
};
use crate::{
    components::{Icon, IconName, IconSize},
    pages::chat::words::window,
};
use chat::{
    ModelInfo,
    ports::{ProviderHealth, ProviderOverview},
};
use leptos::prelude::*;

/// The models of each provider that is on, and why one has none.
#[component]
pub(super) fn Offer(models: Vec<ModelInfo>, providers: Vec<ProviderOverview>) -> impl IntoView {
    let on = providers.into_iter().filter(|provider| provider.health != ProviderHealth::Off);
    let groups = on.map(|provider| {
        let own = models.iter().filter(|model| model.id.provider == provider.id).cloned().collect();
        view! { <Group provider models=own/> }
    });
    let groups = groups.collect_view();
    if groups.is_empty() {
        return view! { <p class="hint">"No model is set up yet."</p> }.into_any();
    }
    groups.into_any()
}

#[component]
fn Group(provider: ProviderOverview, models: Vec<ModelInfo>) -> impl IntoView {
    let ProviderOverview { name, health, .. } = provider;
    let count = count_of(models.len());
    let trouble = match &health {
        ProviderHealth::Failed(failure) => Some(failure.message.clone()),
        _ => None,
    };
    let rows = models.into_iter().map(|model| view! { <Model model/> });
    view! {
        <section class="sect">
            <h2>{name} " " <small>{count}</small></h2>
            {trouble.map(|text| view! { <p class="trouble"><State health/> {text}</p> })}
            <ul role="list">{rows.collect_view()}</ul>
        </section>
    }
    .into_any()
}

#[component]
fn Model(model: ModelInfo) -> impl IntoView {
    let ModelInfo { id, name, context_tokens, vision, tools, reasoning, demo, .. } = model;
    let mut facts = Vec::new();
    if name != id.model {
        facts.push(id.model);
    }
    facts.extend(context_tokens.map(|tokens| [&window(tokens), " tokens of context"].concat()));
    facts.extend(demo.then(|| "a small demo".to_owned()));
    view! {
        <li class="set lead">
            <span class="glyph letter" aria-hidden="true">{letter(&name)}</span>
            <div>
                <span class="name">{name}</span>
                {(!facts.is_empty()).then(|| view! { <small>{facts.join(". ")}</small> })}
            </div>
            <div class="ctl abilities">
                <Ability has=vision icon=IconName::Eye words="Reads images"/>
                <Ability has=reasoning icon=IconName::Brain words="Reasons"/>
                <Ability has=tools icon=IconName::Wrench words="Uses tools"/>
            </div>
        </li>
    }
    .into_any()
}

#[component]
fn Ability(has: bool, icon: IconName, words: &'static str) -> impl IntoView {
    has.then(|| view! { <span class="badge"><Icon name=icon size=IconSize::ExtraSmall/>{words}</span> })
}
