//! What mouse and keyboard do in the sidebar, told apart.

use super::{ROW, acts, drag, edge, selecting};
use crate::pages::chat::state::ChatState;
use chat::{ConversationId, FolderId};
use leptos::{
    prelude::*,
    web_sys::{Element, Event},
};

/// Follows an event of the sidebar.
pub(super) fn follow(state: ChatState, event: &Event) {
    let target = event_target::<Element>(event);
    let around = |selector: &str| target.closest(selector).ok().flatten();
    let row = around(ROW).and_then(|link| conversation(&link));
    match event.type_().as_str() {
        "dragstart" => drag::begin(state, row),
        "dragend" => drag::end(),
        "pointerdown" | "dblclick" => edge::follow(event),
        "keydown" if around(".side-edge").is_some() => edge::follow(event),
        _ => {
            if let Some(id) = row {
                selecting::begin(state, Some(id));
            } else if let Some(details) = around("details") {
                // The browser opens and closes it, and may not have done so yet.
                if let Some(id) = around("section").and_then(|section| folder(&section)) {
                    request_animation_frame(move || acts::close(state, id, !details.has_attribute("open")));
                }
            }
        }
    }
}

/// The conversation that a link leads to.
pub(super) fn conversation(link: &Element) -> Option<ConversationId> {
    link.get_attribute("href")?.strip_prefix("/c/")?.parse().ok()
}

/// The folder that a part of the list shows.
pub(super) fn folder(section: &Element) -> Option<FolderId> {
    part(section)?.parse().ok()
}

/// What a part of the list shows, in the word that stands in the id of its heading.
pub(super) fn part(section: &Element) -> Option<String> {
    Some(section.get_attribute("aria-labelledby")?.strip_prefix("g-")?.to_owned())
}
