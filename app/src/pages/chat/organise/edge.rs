//! The width of the sidebar, by its edge.

use crate::{
    browser,
    context::{Preferences, SidebarWidth},
    pages::chat::state::ChatState,
};
use leptos::{
    ev,
    prelude::*,
    wasm_bindgen::JsCast as _,
    web_sys::{Event, KeyboardEvent},
};
use std::cell::RefCell;

/// By so many pixels an arrow key moves the edge; with Shift by more.
const BY_KEY: i32 = 8;
const BY_SHIFT: i32 = 40;
/// Stands on the page while the edge is dragged.
const DRAGGING: &str = "data-resizing";

thread_local! {
    /// What listens while the edge is dragged.
    static LISTENERS: RefCell<Vec<WindowListenerHandle>> = const { RefCell::new(Vec::new()) };
}

/// Follows a press, a double click or a key on the edge.
pub(super) fn follow(state: ChatState, event: &Event) {
    match event.dyn_ref::<KeyboardEvent>() {
        Some(event) => key(state, event),
        None if event.type_() == "dblclick" => set(state, None),
        None => drag(state),
    }
}

fn set(state: ChatState, width: Option<SidebarWidth>) {
    state.sidebar_width.set(width);
    keep(state);
}

/// Remembers the width, where the server sees it.
fn keep(state: ChatState) {
    let width = state.sidebar_width.get_untracked().map(|width| width.pixels().to_string());
    browser::set_cookie(Preferences::WIDTH_COOKIE, width.as_deref());
}

fn key(state: ChatState, event: &KeyboardEvent) {
    let now = state.sidebar_width.get_untracked().map_or(SidebarWidth::USUAL, SidebarWidth::pixels);
    let now = i32::from(now);
    let by = if event.shift_key() { BY_SHIFT } else { BY_KEY };
    let pixels = match event.key().as_str() {
        "ArrowLeft" => now - by,
        "ArrowRight" => now + by,
        "Home" => SidebarWidth::MIN.into(),
        "End" => SidebarWidth::MAX.into(),
        "Enter" => return set(state, None),
        _ => return,
    };
    set(state, Some(SidebarWidth::nearest(pixels)));
}

fn drag(state: ChatState) {
    end();
    let moved = window_event_listener(ev::pointermove, move |event| {
        // The button was let go of before anybody listened.
        if event.buttons() == 0 {
            return end();
        }
        browser::set_root_attribute(DRAGGING, Some(""));
        let width = Some(SidebarWidth::nearest(event.client_x()));
        if state.sidebar_width.try_get_untracked() != Some(width) {
            state.sidebar_width.try_set(width);
        }
    });
    let done = move || {
        end();
        keep(state);
    };
    let up = window_event_listener(ev::pointerup, move |_| done());
    let cancel = window_event_listener(ev::pointercancel, move |_| done());
    LISTENERS.with_borrow_mut(|listeners| listeners.extend([moved, up, cancel]));
}

fn end() {
    browser::set_root_attribute(DRAGGING, None);
    for listener in LISTENERS.take() {
        listener.remove();
    }
}
