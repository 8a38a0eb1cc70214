//! The keyboard in a menu, after the ARIA Authoring Practices' menu pattern.

use crate::case::lower;
use leptos::{
    ev::KeyboardEvent,
    prelude::*,
    wasm_bindgen::JsCast as _,
    web_sys::{Element, Event, HtmlDivElement, HtmlElement},
};

/// Letters typed within this time (milliseconds) belong together.
const TOGETHER: f64 = 600.0;

/// What has been typed to find an item.
#[derive(Default)]
pub(super) struct Typed {
    text: String,
    /// In milliseconds since the page was loaded.
    last: f64,
}

/// Whether a popover is open after this `toggle` event.
pub(super) fn is_open(event: &Event) -> bool {
    event_target::<Element>(event).matches(":popover-open").unwrap_or(false)
}

/// Gives the focus to the first item.
pub(super) fn focus_first(menu: &HtmlDivElement) {
    focus(&items(menu), 0);
}

/// Closes the menu in which something was chosen; the browser gives the focus back to the menu's button.
pub(super) fn close_around(event: &Event) {
    let menu = event_target::<Element>(event).closest("[popover]").ok().flatten();
    if let Some(menu) = menu.and_then(|menu| menu.dyn_into::<HtmlElement>().ok()) {
        _ = menu.hide_popover();
    }
}

/// Moves the focus as the key says.
pub(super) fn handle(event: &KeyboardEvent, menu: &HtmlDivElement, typed: &mut Typed) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let items = items(menu);
    let focused = document().active_element();
    let at = items.iter().position(|item| focused.as_ref() == Some(item));
    let key = event.key();
    let to = match key.as_str() {
        "ArrowDown" => at.map_or(0, |at| (at + 1) % items.len().max(1)),
        "ArrowUp" => at.unwrap_or(0).checked_sub(1).unwrap_or(items.len().saturating_sub(1)),
        "Home" => 0,
        "End" => items.len().saturating_sub(1),
        "Tab" => {
            // Not prevented: the focus is back at the button and goes on from there.
            _ = menu.hide_popover();
            return;
        }
        "Escape" => {
            // The browser closes the menu; whatever lies below must not take the key for itself.
            event.stop_propagation();
            return;
        }
        _ if key.chars().count() == 1 && (key != " " || !typed.text.is_empty()) => {
            let words: Vec<String> = items.iter().map(|item| item.text_content().unwrap_or_default()).collect();
            let Some(to) = typed.find(&key, event.time_stamp(), &words, at) else { return };
            to
        }
        _ => return,
    };
    event.prevent_default();
    focus(&items, to);
}

impl Typed {
    /// The item that what has been typed leads to. One letter again and again goes round the items that begin with it.
    fn find(&mut self, key: &str, now: f64, words: &[String], at: Option<usize>) -> Option<usize> {
        if now - self.last > TOGETHER {
            self.text.clear();
        }
        self.last = now;
        self.text.push_str(&lower(key));
        let mut letters = self.text.chars();
        let first = letters.next()?;
        let same = letters.all(|letter| letter == first);
        let wanted = if same { first.to_string() } else { self.text.clone() };
        // While a word grows, the item it led to so far may still be the one.
        let start = at.map_or(0, |at| if same { at + 1 } else { at });
        (0..words.len())
            .map(|step| (start + step) % words.len())
            .find(|&index| lower(words[index].trim()).starts_with(&wanted))
    }
}

fn items(menu: &HtmlDivElement) -> Vec<Element> {
    let children = menu.children();
    (0..children.length())
        .filter_map(|index| children.item(index))
        .filter(|child| child.get_attribute("role").is_some_and(|role| role.starts_with("menuitem")))
        .collect()
}

/// Makes one item the only one that Tab would reach, and focuses it.
fn focus(items: &[Element], to: usize) {
    for (index, item) in items.iter().enumerate() {
        _ = item.set_attribute("tabindex", if index == to { "0" } else { "-1" });
    }
    if let Some(item) = items.get(to).and_then(|item| item.dyn_ref::<HtmlElement>()) {
        _ = item.focus();
    }
}

#[cfg(test)]
mod tests;
