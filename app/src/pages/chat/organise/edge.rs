//! The width of the sidebar, by its edge.

use crate::{
    browser,
    context::{Preferences, SidebarWidth},
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
const EDGE: &str = ".side-edge";
/// Says how wide the sidebar is.
const NOW: &str = "aria-valuenow";
/// Stands on the page while the edge is dragged.
const DRAGGING: &str = "data-resizing";

thread_local! {
    /// What listens while the edge is dragged.
    static LISTENERS: RefCell<Vec<WindowListenerHandle>> = const { RefCell::new(Vec::new()) };
}

/// Follows a press, a double click or a key on the edge.
pub(super) fn follow(event: &Event) {
    match event.dyn_ref::<KeyboardEvent>() {
        Some(event) => key(event),
        None if event.type_() == "dblclick" => set(SidebarWidth::default()),
        None => drag(),
    }
}

/// The width that the page shows.
fn shown() -> SidebarWidth {
    let edge = browser::elements(EDGE).pop();
    let now = edge.and_then(|edge| edge.get_attribute(NOW)?.parse().ok());
    now.map_or_else(SidebarWidth::default, SidebarWidth::nearest)
}

fn show(width: SidebarWidth) {
    let pixels = width.pixels().to_string();
    browser::set_attributes(EDGE, NOW, &[&pixels]);
    browser::set_attributes("#app", "class", &[&super::class(width)]);
}

fn set(width: SidebarWidth) {
    show(width);
    keep();
}

/// Remembers the width, where the server sees it.
fn keep() {
    let width = shown();
    let pixels = width.pixels().to_string();
    browser::set_cookie(Preferences::WIDTH_COOKIE, (width != SidebarWidth::default()).then_some(&pixels));
}

fn key(event: &KeyboardEvent) {
    let now = shown().pixels();
    let by = if event.shift_key() { BY_SHIFT } else { BY_KEY };
    let pixels = match event.key().as_str() {
        "ArrowLeft" => now - by,
        "ArrowRight" => now + by,
        "Home" => SidebarWidth::MIN,
        "End" => SidebarWidth::MAX,
        "Enter" => SidebarWidth::USUAL,
        _ => return,
    };
    set(SidebarWidth::nearest(pixels));
}

fn drag() {
    end();
    let moved = window_event_listener(ev::pointermove, move |event| {
        // The button was let go of before anybody listened.
        if event.buttons() == 0 {
            return end();
        }
        browser::set_root_attribute(DRAGGING, Some(""));
        show(SidebarWidth::nearest(event.client_x()));
    });
    let done = move || {
        end();
        keep();
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
