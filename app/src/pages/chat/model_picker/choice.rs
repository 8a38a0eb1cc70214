//! What is inside the model picker while it is open.

use super::{
    Picker, current_model,
    search::{groups, matching},
};
use crate::{
    components::{Icon, IconName, IconSize},
    pages::chat::words::window,
    reactive::memo,
};
use chat::ModelInfo;
use leptos::{ev::KeyboardEvent, prelude::*};

const SEARCH: &str = "#models input";

/// The models that match what is typed.
#[derive(Clone, Copy)]
struct List {
    picker: Picker,
    query: RwSignal<String>,
    /// The place, among those that match, of the one that Enter chooses.
    active: RwSignal<usize>,
    /// The places of those that match in the list of all, provider by provider.
    groups: Memo<Vec<(String, Vec<usize>)>>,
}

/// What is inside the picker, while it is open.
pub(super) fn while_open(picker: Picker) -> AnyView {
    (move || picker.open.get().then(|| view! { <Choice list=List::new(picker)/> })).into_any()
}

impl List {
    fn new(picker: Picker) -> Self {
        let chat = picker.chat;
        let query = RwSignal::new(String::new());
        let groups = memo(move || chat.models.with(|models| groups(models, &matching(models, &query.read()))));
        let list = Self { picker, query, active: RwSignal::new(0), groups };
        let current = untrack(|| current_model(chat)).map(|model| model.id);
        let models = chat.models.read_untracked();
        let at = list.matches().iter().position(|index| models.get(*index).map(|model| &model.id) == current.as_ref());
        list.active.set(at.unwrap_or(0));
        request_animation_frame(|| crate::browser::focus(SEARCH));
        list
    }

    fn choose(self, index: usize) {
        let Picker { chat, picking, .. } = self.picker;
        let Some(model) = chat.models.with_untracked(|models| models.get(index).map(|model| model.id.clone())) else {
            return;
        };
        let retry = picking.retry.get_untracked();
        chat.chosen_model.set(Some(model.clone()));
        self.picker.close();
        if let Some(turn) = retry {
            picking.chosen_for.run((turn, model));
            crate::browser::focus_field("#message");
        }
    }

    fn key(self, event: &KeyboardEvent) {
        if event.is_composing() {
            return;
        }
        let (matches, active) = (self.matches(), self.active.get_untracked());
        let last = matches.len().saturating_sub(1);
        let to = match event.key().as_str() {
            "ArrowDown" => {
                if active >= last {
                    0
                } else {
                    active + 1
                }
            }
            "ArrowUp" => active.checked_sub(1).unwrap_or(last),
            "Home" if event.ctrl_key() => 0,
            "End" if event.ctrl_key() => last,
            "PageDown" => (active + 8).min(last),
            "PageUp" => active.saturating_sub(8),
            "Enter" => {
                event.prevent_default();
                if let Some(index) = matches.get(active) {
                    self.choose(*index);
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        self.active.set(to);
        if let Some(id) = untrack(|| self.active_id()) {
            crate::browser::scroll_to(&["#", &id].concat());
        }
    }

    /// The places of those that match in the list of all, as they are shown.
    fn matches(self) -> Vec<usize> {
        self.groups.with_untracked(|groups| groups.iter().flat_map(|group| group.1.clone()).collect())
    }

    fn active_id(self) -> Option<String> {
        self.groups
            .with(|groups| groups.iter().flat_map(|group| &group.1).nth(self.active.get()).map(|at| option_id(*at)))
    }
}

fn option_id(index: usize) -> String {
    ["model-", &index.to_string()].concat()
}

#[component]
fn Choice(list: List) -> impl IntoView {
    let List { picker, .. } = list;
    let options = move || {
        let models = picker.chat.models.read();
        let group = |(name, members): (String, Vec<usize>)| {
            let options = members.into_iter().map(|index| view! { <Entry list index model=models[index].clone()/> });
            let heading = name.clone();
            view! {
                <div role="group" aria-label=name>
                    <div class="menu-head" role="presentation">{heading}</div>
                    {options.collect_view()}
                </div>
            }
        };
        list.groups.get().into_iter().map(group).collect_view()
    };
    let none = move || {
        list.groups
            .with(Vec::is_empty)
            .then(|| view! { <p class="models-none" role="status">"No model is called that."</p> })
    };
    let typed = move |event| {
        list.query.set(event_target_value(&event));
        list.active.set(0);
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
                aria-activedescendant=move || list.active_id()
                autocomplete="off"
                spellcheck="false"
                on:input=typed
                on:keydown=move |event| list.key(&event)
            />
        </div>
        <div class="models-list" id="models-list" role="listbox" aria-label="Models" tabindex="0">{options}</div>
        {none}
    }
    .into_any()
}

/// One model.
#[component]
fn Entry(list: List, index: usize, model: ModelInfo) -> impl IntoView {
    let id = model.id.clone();
    let chosen = memo(move || current_model(list.picker.chat).is_some_and(|model| model.id == id));
    let active = move || list.active_id() == Some(option_id(index));
    let facts = facts(&model);
    view! {
        <div
            class="menu-item model"
            role="option"
            id=option_id(index)
            aria-selected=move || chosen.get().to_string()
            data-active=move || active().then_some("")
            on:click=move |_| list.choose(index)
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
