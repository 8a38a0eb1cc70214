//! Which model answers.

use super::state::{ChatState, chat_state};
use crate::{
    case::lower,
    components::{Icon, IconName, IconSize},
    reactive::{effect, memo},
};
use chat::{ModelInfo, ModelRef, TurnId};
use choice::Choice;
use leptos::{
    ev::{Event, KeyboardEvent},
    html,
    prelude::*,
    web_sys::Element,
};

mod choice;

const POPOVER: &str = "models";
const SEARCH: &str = "#models input";

/// What is to be done with the model that is chosen next.
#[derive(Clone, Copy)]
pub(super) struct Picking {
    /// A turn that shall be tried again with it. Setting one opens the picker.
    pub retry: RwSignal<Option<TurnId>>,
    /// Tries it again.
    pub chosen_for: Callback<(TurnId, ModelRef)>,
}

/// What is seen of the picker.
#[derive(Clone, Copy)]
struct Picker {
    chat: ChatState,
    picking: Picking,
    node: NodeRef<html::Div>,
    open: RwSignal<bool>,
    query: RwSignal<String>,
    /// The place, among those that match, of the one that Enter chooses.
    active: RwSignal<usize>,
    /// The places of those that match in the list of all, provider by provider.
    groups: Memo<Vec<(String, Vec<usize>)>>,
}

/// The model that answers the next message, if there is one at all.
pub(super) fn current_model(chat: ChatState) -> Option<ModelInfo> {
    let chosen = chat.chosen_model.get();
    chat.models.with(|models| {
        let chosen = models.iter().find(|model| chosen.as_ref() == Some(&model.id));
        chosen.or(models.first()).cloned()
    })
}

/// A button that names the model, and the dialog in which another one is chosen.
#[component]
pub fn ModelPicker(picking: Picking) -> impl IntoView {
    let picker = Picker::new(picking);
    let name = memo(move || current_model(picker.chat).map_or_else(|| "No model".into(), |model| model.name));
    let dialog = move || picker.open.get().then(|| view! { <Choice picker/> });
    view! {
        <button
            class="pick"
            type="button"
            aria-label=move || ["Model: ", &name.read()].concat()
            aria-haspopup="dialog"
            aria-expanded=move || picker.open.get().to_string()
            popovertarget=POPOVER
            disabled=move || picker.chat.models.with(Vec::is_empty)
        >
            <span class="truncate">{name}</span>
            <Icon name=IconName::ChevronDown size=IconSize::ExtraSmall/>
        </button>
        <div
            node_ref=picker.node
            class="menu models"
            id=POPOVER
            role="dialog"
            aria-label="Choose a model"
            popover="auto"
            on:toggle=move |event| picker.toggled(&event)
        >
            {dialog}
        </div>
    }
    .into_any()
}

impl Picker {
    fn new(picking: Picking) -> Self {
        let chat = chat_state();
        let query = RwSignal::new(String::new());
        let groups = memo(move || chat.models.with(|models| groups(models, &matching(models, &query.read()))));
        let node = NodeRef::<html::Div>::new();
        effect(move || {
            if let Some(node) = node.get().filter(|_| picking.retry.get().is_some()) {
                _ = node.show_popover();
            }
        });
        Self { chat, picking, node, open: RwSignal::new(false), query, active: RwSignal::new(0), groups }
    }

    fn toggled(self, event: &Event) {
        let open = event_target::<Element>(event).matches(":popover-open").unwrap_or(false);
        if open {
            self.query.set(String::new());
            let current = untrack(|| current_model(self.chat)).map(|model| model.id);
            let models = self.chat.models.read_untracked();
            let at =
                self.matches().iter().position(|index| models.get(*index).map(|model| &model.id) == current.as_ref());
            self.active.set(at.unwrap_or(0));
            request_animation_frame(|| crate::browser::focus(SEARCH));
        } else {
            self.picking.retry.set(None);
        }
        self.open.set(open);
    }

    fn choose(self, index: usize) {
        let Some(model) = self.chat.models.with_untracked(|models| models.get(index).map(|model| model.id.clone()))
        else {
            return;
        };
        let retry = self.picking.retry.get_untracked();
        self.chat.chosen_model.set(Some(model.clone()));
        if let Some(node) = self.node.get_untracked() {
            _ = node.hide_popover();
        }
        if let Some(turn) = retry {
            self.picking.chosen_for.run((turn, model));
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

/// The places of the models that have every word of the query in their name, their provider's or their id.
fn matching(models: &[ModelInfo], query: &str) -> Vec<usize> {
    let query = lower(query);
    let has_all = |model: &ModelInfo| {
        let text = lower(&[&model.name, " ", &model.provider_name, " ", &model.id.model].concat());
        query.split_whitespace().all(|word| text.contains(word))
    };
    models.iter().enumerate().filter(|(_, model)| has_all(model)).map(|(index, _)| index).collect()
}

/// Models by provider, in the order in which the providers come first.
fn groups(models: &[ModelInfo], matches: &[usize]) -> Vec<(String, Vec<usize>)> {
    let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
    for &index in matches {
        let name = &models[index].provider_name;
        match groups.iter_mut().find(|group| group.0 == *name) {
            Some(group) => group.1.push(index),
            None => groups.push((name.clone(), vec![index])),
        }
    }
    groups
}

#[cfg(test)]
mod tests;
