//! A picture in large, in a dialog.

use crate::browser;
use leptos::{ev::Event, prelude::*, wasm_bindgen::JsCast, web_sys};
use web_sys::{Element, HtmlDialogElement, HtmlElement, KeyboardEvent};

const DIALOG: &str = "<dialog class=\"modal look\" id=\"look\"><img alt=\"\"><form method=\"dialog\">\
                      <button class=\"btn btn-line\">Close</button></form></dialog>";

/// Opens the picture that a link leads to.
pub(super) fn open(link: Element) -> Option<()> {
    let (address, name) = (link.get_attribute("href")?, link.query_selector("img").ok()??.get_attribute("alt")?);
    document().body()?.insert_adjacent_html("beforeend", DIALOG).ok()?;
    let dialog = document().query_selector("#look").ok()??.dyn_into::<HtmlDialogElement>().ok()?;
    let picture = dialog.query_selector("img").ok()??;
    dialog.set_attribute("aria-label", &name).ok()?;
    picture.set_attribute("alt", &name).ok()?;
    picture.set_attribute("src", &address).ok()?;
    let shown = dialog.clone();
    browser::listen("#look", &["click", "close", "keydown"], move |event: Event| match &*event.type_() {
        "close" => {
            shown.remove();
            if let Some(link) = link.dyn_ref::<HtmlElement>() {
                _ = link.focus();
            }
        }
        // A press beside the picture, or on it.
        "click" if !event_target::<Element>(&event).matches("button").unwrap_or(false) => shown.close(),
        // The browser closes it; whatever lies below must not take the key for itself.
        "keydown" if event.dyn_ref::<KeyboardEvent>().is_some_and(|key| key.key() == "Escape") => {
            event.stop_propagation()
        }
        _ => {}
    });
    dialog.show_modal().ok()
}
