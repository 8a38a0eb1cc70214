//! From where on the model that answers next remembers.

use super::Thread;
use crate::{
    pages::chat::{items::Item, model_picker::current_model, work::work},
    reactive::effect,
};
use chat::{Message, ModelInfo};
use leptos::{prelude::*, task::spawn_local};

impl Thread {
    /// Keeps the mark where the model's memory begins. It follows the model, and each turn when it ends.
    pub(super) fn keep_memory(self) {
        effect(move || {
            let (model, running) = (current_model(self.chat), self.running.get());
            let has_room = model.as_ref().is_none_or(|model| self.has_room(model));
            match model.filter(|_| running.is_none() && !has_room) {
                Some(model) => self.look(model),
                None if running.is_none() => self.memory.set(None),
                None => {}
            }
        });
    }

    /// Whether everything certainly fits into a model: half of its window is always left to what was said.
    fn has_room(self, model: &ModelInfo) -> bool {
        let Some(window) = model.context_tokens else { return true };
        let bytes = |message: Message| match message {
            Message::User(message) => {
                message.text.len() + 3 * message.attachments.iter().map(|a| a.tokens as usize).sum::<usize>()
            }
            Message::Reply(turn) => turn.text.len(),
        };
        let said: usize = self.items.with(|items| items.iter().map(|item| bytes(item.message()) + 24).sum());
        let system = self.parameters.with(|parameters| parameters.instructions.len())
            + self.summary.with(|summary| summary.as_ref().map_or(0, |summary| summary.text.len()));
        (said + system) / 3 < window as usize / 2
    }

    fn look(self, model: ModelInfo) {
        spawn_local(async move {
            // Without it nothing is missing but the mark.
            let Some(work) = work().load().await else { return };
            let Some(branch) =
                self.items.try_with_untracked(|items| items.iter().map(Item::message).collect::<Vec<_>>())
            else {
                return;
            };
            let (parameters, summary) = (self.parameters.get_untracked(), self.summary.get_untracked());
            let begins = (work.memory_begins)(&branch, model.context_tokens, &parameters, summary.as_ref());
            self.memory.set(begins.map(|begins| (begins, model.name)));
        });
    }
}
