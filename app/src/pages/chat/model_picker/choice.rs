//! What is inside the model picker while it is open.

use super::{Picker, current_model, option_id};
use crate::{
    components::{Icon, IconName, IconSize},
    pages::chat::words::window,
    reactive::memo,
};
use chat::ModelInfo;
use leptos::prelude::*;

/// What is inside the dialog while it is open.
#[component]
pub(super) fn Choice(picker: Picker) -> impl IntoView {
    let list = move || {
        let models = picker.chat.models.read();
        let group = |(name, members): (String, Vec<usize>)| {
            let options = members.into_iter().map(|index| view! { <Entry picker index model=models[index].clone()/> });
            let heading = name.clone();
            view! {
                <div role="group" aria-label=name>
                    <div class="menu-head" role="presentation">{heading}</div>
                    {options.collect_view()}
                </div>
            }
        };
        picker.groups.get().into_iter().map(group).collect_view()
    };
    let none = move || {
        picker
            .groups
            .with(Vec::is_empty)
            .then(|| view! { <p class="models-none" role="status">"No model is called that."</p> })
    };
    let typed = move |event| {
        picker.query.set(event_target_value(&event));
        picker.active.set(0);
    };
    view! {
        <div class="search">
            <Icon name=IconName::Search size=IconSize::Small/>
            <input
                class="input"
                type="search"
                placeholder="Search models"
                aria-label="Search models"
                aria-controls="models-list"
                aria-activedescendant=move || picker.active_id()
                autocomplete="off"
                spellcheck="false"
                on:input=typed
                on:keydown=move |event| picker.key(&event)
            />
        </div>
        <div class="models-list" id="models-list" role="listbox" aria-label="Models" tabindex="0">{list}</div>
        {none}
    }
    .into_any()
}

/// One model.
#[component]
fn Entry(picker: Picker, index: usize, model: ModelInfo) -> impl IntoView {
    let id = model.id.clone();
    let chosen = memo(move || current_model(picker.chat).is_some_and(|model| model.id == id));
    let active = move || picker.active_id() == Some(option_id(index));
    let facts = facts(&model);
    view! {
        <div
            class="menu-item model"
            role="option"
            id=option_id(index)
            aria-selected=move || chosen.get().to_string()
            data-active=move || active().then_some("")
            on:click=move |_| picker.choose(index)
        >
            <span><b>{model.name.clone()}</b><small>{facts}</small></span>
            <span class="caps">
                <Capability has=model.vision icon=IconName::Eye words="Reads images"/>
                <Capability has=model.reasoning icon=IconName::Brain words="Reasons"/>
                <Capability has=model.tools icon=IconName::Wrench words="Uses tools"/>
            </span>
            <span class="tick">{move || chosen.get().then(|| view! { <Icon name=IconName::Check size=IconSize::Small/> })}</span>
        </div>
    }
    .into_any()
}

/// One of three slots, so that they stand in columns.
#[component]
fn Capability(has: bool, icon: IconName, words: &'static str) -> impl IntoView {
    if has {
        view! {
            <span title=words>
                <Icon name=icon size=IconSize::ExtraSmall/>
                <span class="sr">{words}</span>
            </span>
        }
        .into_any()
    } else {
        view! { <span></span> }.into_any()
    }
}

/// The quiet line under a model's name; its id when nothing else is known.
pub(super) fn facts(model: &ModelInfo) -> String {
    let size = model.context_tokens.map(|tokens| [&window(tokens), " context"].concat());
    match (size, model.demo) {
        (Some(size), false) => size,
        (Some(size), true) => [&size, ", a small demo"].concat(),
        (None, true) => "A small demo".into(),
        (None, false) if model.name == model.id.model => String::new(),
        (None, false) => model.id.model.clone(),
    }
}
