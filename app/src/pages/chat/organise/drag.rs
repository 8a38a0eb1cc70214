//! Conversations are dragged onto folders, onto what is pinned, and back to where they belong by their date.

use super::{acts::organise, gesture::part};
use crate::{
    browser::{self, elements},
    pages::chat::state::ChatState,
};
use chat::{Act, ConversationId};
use leptos::{
    ev,
    prelude::*,
    web_sys::{DragEvent, Element},
};
use std::cell::RefCell;

/// Stands on the part of the list over which something is dragged.
const OVER: &str = "data-over";
/// The part that holds what is pinned.
const PINNED: &str = "pinned";
/// Where something can be dropped.
const PARTS: &str = ".side-list section[aria-labelledby], .side-list .drop-pin";

thread_local! {
    /// What listens while something is dragged.
    static LISTENERS: RefCell<Vec<WindowListenerHandle>> = const { RefCell::new(Vec::new()) };
}

/// A conversation is dragged from here on.
pub(super) fn begin(state: ChatState, row: Option<ConversationId>) {
    end();
    let Some(id) = row else { return };
    offer_pinning();
    let over = window_event_listener(ev::dragover, move |event| {
        let place = part_under(&event);
        mark(place.as_ref());
        if place.is_some() {
            event.prevent_default();
            browser::drop_moves(&event);
        }
    });
    let drop = window_event_listener(ev::drop, move |event| {
        let Some(place) = part_under(&event) else { return };
        event.prevent_default();
        // What has no name is the place that is shown for pinning.
        let name = part(&place).unwrap_or_else(|| PINNED.into());
        end();
        if let Some(act) = act(state, id, &name) {
            organise(state, vec![id], act);
        }
    });
    LISTENERS.with_borrow_mut(|listeners| listeners.extend([over, drop]));
}

/// It is not dragged any more.
pub(super) fn end() {
    for listener in LISTENERS.take() {
        listener.remove();
    }
    mark(None);
    for element in elements(".side-list .drop-pin") {
        element.remove();
    }
}

/// What a drop on a part of the list does; none when it is there already.
fn act(state: ChatState, id: ConversationId, part: &str) -> Option<Act> {
    let shelf = untrack(|| state.shelf(id)).unwrap_or_default();
    match (part, part.parse().ok()) {
        (PINNED, _) => (!shelf.pinned).then_some(Act::Pin),
        (_, Some(folder)) => (shelf.pinned || shelf.folder != Some(folder)).then_some(Act::Move(Some(folder))),
        (_, None) if shelf.pinned => Some(Act::Unpin),
        (_, None) => shelf.folder.map(|_| Act::Move(None)),
    }
}

/// While nothing is pinned there is no such part: one is shown for as long as something is dragged, where it moves nothing.
fn offer_pinning() {
    if !browser::exists("#g-pinned") {
        browser::append(".side-list", "drop-pin", "Drop here to pin");
    }
}

fn part_under(event: &DragEvent) -> Option<Element> {
    event_target::<Element>(event).closest(PARTS).ok().flatten()
}

/// Marks one part as that over which something is dragged, and no other.
fn mark(part: Option<&Element>) {
    for marked in elements(".side-list [data-over]") {
        if Some(&marked) != part {
            _ = marked.remove_attribute(OVER);
        }
    }
    if let Some(part) = part {
        _ = part.set_attribute(OVER, "");
    }
}
