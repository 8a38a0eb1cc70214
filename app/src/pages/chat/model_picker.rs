//! Which model answers.

use super::state::{ChatState, chat_state};
use crate::{
    chunk::{self, chunk},
    components::{Icon, IconName, IconSize},
    reactive::{effect, memo},
};
use chat::{ModelInfo, ModelRef, TurnId};
use leptos::{ev::Event, html, prelude::*, web_sys::Element};

mod choice;
mod search;

const POPOVER: &str = "models";

chunk! {
    /// What is inside the picker, loaded when it is first opened.
    fn model_choice() -> fn(Picker) -> AnyView { choice::while_open }
}

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
    let failed = move || {
        picker.close();
        picker.chat.toast.set(Some(chunk::missing()));
    };
    let dialog = model_choice().view(move || picker.open.get(), failed, move |view| view(picker));
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
        let node = NodeRef::<html::Div>::new();
        effect(move || {
            if let Some(node) = node.get().filter(|_| picking.retry.get().is_some()) {
                _ = node.show_popover();
            }
        });
        Self { chat: chat_state(), picking, node, open: RwSignal::new(false) }
    }

    fn toggled(self, event: &Event) {
        let open = event_target::<Element>(event).matches(":popover-open").unwrap_or(false);
        if !open {
            self.picking.retry.set(None);
        }
        self.open.set(open);
    }

    fn close(self) {
        if let Some(node) = self.node.get_untracked() {
            _ = node.hide_popover();
        }
    }
}
