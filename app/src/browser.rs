//! What only a browser has: cookies it sends along, its clock, its storage, the focus.
//!
//! Callers are event handlers and effects, which never run on the server; there each function does nothing.

#[cfg(not(feature = "hydrate"))]
pub use asleep::*;
#[cfg(feature = "hydrate")]
pub use awake::*;

#[cfg(feature = "hydrate")]
mod awake {
    use chat::{Timestamp, time::UtcOffset};
    use leptos::prelude::{document, window};
    use std::cell::OnceCell;
    use wasm_bindgen::{JsCast as _, prelude::Closure};
    use web_sys::{DragEvent, Element, Event, HtmlDocument, HtmlElement, HtmlInputElement, Storage};

    /// Keeps a small value for a year where the server sees it; none forgets it. `value` must be plain letters,
    /// digits and signs.
    pub fn set_cookie(name: &str, value: Option<&str>) {
        let (value, age) = value.map_or(("", "0"), |value| (value, "31536000"));
        let cookie = [name, "=", value, "; Path=/; Max-Age=", age, "; SameSite=Lax"].concat();
        _ = document().unchecked_into::<HtmlDocument>().set_cookie(&cookie);
    }

    /// The browser's clock.
    pub fn now() -> Option<Timestamp> {
        Some(Timestamp(js_sys::Date::now() as i64))
    }

    /// How far the browser's wall clock is ahead of UTC.
    pub fn utc_offset() -> Option<UtcOffset> {
        Some(UtcOffset::from_minutes(-js_sys::Date::new_0().get_timezone_offset() as i32))
    }

    /// Whether the keyboard has a ⌘ where others have Ctrl.
    pub fn has_command_key() -> bool {
        thread_local! {
            static ANSWER: OnceCell<bool> = const { OnceCell::new() };
        }
        let ask = || {
            let platform = window().navigator().platform().unwrap_or_default();
            ["Mac", "iPhone", "iPad"].iter().any(|name| platform.starts_with(name))
        };
        ANSWER.with(|answer| *answer.get_or_init(ask))
    }

    /// What was kept in this browser under a key. Storage can be switched off; then nothing is kept.
    pub fn stored(key: &str) -> Option<String> {
        storage()?.get_item(key).ok()?
    }

    /// Keeps a value in this browser.
    pub fn store(key: &str, value: &str) {
        if let Some(storage) = storage() {
            _ = storage.set_item(key, value);
        }
    }

    /// Forgets a value that was kept.
    pub fn forget(key: &str) {
        if let Some(storage) = storage() {
            _ = storage.remove_item(key);
        }
    }

    fn storage() -> Option<Storage> {
        window().local_storage().ok()?
    }

    /// Whether the screen is so narrow that the sidebar is a drawer; as `style/` has it.
    pub fn is_narrow() -> bool {
        window().match_media("(max-width: 59.99em)").ok().flatten().is_some_and(|query| query.matches())
    }

    /// Whether anybody can see the page.
    pub fn is_visible() -> bool {
        !document().hidden()
    }

    /// Whether an element that this CSS selector names is in the page.
    pub fn exists(selector: &str) -> bool {
        element(selector).is_some()
    }

    /// Gives the focus to the first element that this CSS selector names.
    pub fn focus(selector: &str) {
        if let Some(element) = element(selector).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            _ = element.focus();
        }
    }

    /// Whether the focus is on what this CSS selector names.
    pub fn is_focused(selector: &str) -> bool {
        document().active_element().is_some_and(|element| element.matches(selector).unwrap_or(false))
    }

    /// Selects the text of the first field that this CSS selector names.
    pub fn select(selector: &str) {
        if let Some(field) = element(selector).and_then(|element| element.dyn_into::<HtmlInputElement>().ok()) {
            field.select();
        }
    }

    fn element(selector: &str) -> Option<Element> {
        document().query_selector(selector).ok()?
    }

    /// The elements that this CSS selector names.
    pub fn elements(selector: &str) -> Vec<Element> {
        let Ok(found) = document().query_selector_all(selector) else { return Vec::new() };
        (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
    }

    /// Listens to events of these types for as long as the element is there that this CSS selector names.
    pub fn listen(selector: &str, types: &[&str], heard: impl Fn(Event) + 'static) {
        let heard = Closure::<dyn Fn(Event)>::new(heard).into_js_value();
        if let Some(element) = element(selector) {
            for kind in types {
                _ = element.add_event_listener_with_callback(kind, heard.unchecked_ref());
            }
        }
    }

    /// Puts some words with a class behind everything in an element.
    pub fn append(selector: &str, class: &str, words: &str) {
        if let (Some(parent), Ok(child)) = (element(selector), document().create_element("div")) {
            child.set_class_name(class);
            child.set_text_content(Some(words));
            _ = parent.append_child(&child);
        }
    }

    /// Lets what is dragged be moved; a link by itself can only be linked to.
    pub fn may_be_moved(event: &Event) {
        if let Some(data) = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer) {
            data.set_effect_allowed("all");
        }
    }

    /// Says that what is dragged would be moved here.
    pub fn drop_moves(event: &DragEvent) {
        if let Some(data) = event.data_transfer() {
            data.set_drop_effect("move");
        }
    }

    /// Gives the focus to a field, unless it is in use outside the field's form. Where a keyboard would come up over the
    /// page, the field waits to be touched.
    pub fn focus_field(selector: &str) {
        let by_touch = window().match_media("(pointer: coarse)").ok().flatten().is_some_and(|query| query.matches());
        let form = |element: &Element| element.closest("form").ok().flatten();
        let Some(field) = element(selector).filter(|_| !by_touch) else { return };
        let in_use = document()
            .active_element()
            .is_some_and(|active| active.tag_name() != "BODY" && form(&active) != form(&field));
        if !in_use {
            focus(selector);
        }
    }

    /// Scrolls an element into view, no further than needed.
    pub fn scroll_to(selector: &str) {
        let nearest = web_sys::ScrollIntoViewOptions::new();
        nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
        if let Some(element) = element(selector) {
            element.scroll_into_view_with_scroll_into_view_options(&nearest);
        }
    }

    /// Scrolls to an element, its beginning at the top, and gives it the focus.
    pub fn go_to(selector: &str) {
        if let Some(element) = element(selector) {
            _ = element.set_attribute("tabindex", "-1");
            element.scroll_into_view();
            focus(selector);
        }
    }

    /// Presses what this CSS selector names, as a mouse would; `beside` opens a link in another tab.
    pub fn press(selector: &str, beside: bool) {
        let Some(element) = element(selector).and_then(|element| element.dyn_into::<HtmlElement>().ok()) else {
            return;
        };
        match element.get_attribute("href").filter(|_| beside) {
            Some(address) => _ = window().open_with_url_and_target(&address, "_blank"),
            None => element.click(),
        }
    }

    /// Presses the last of what this CSS selector names.
    pub fn press_last(selector: &str) {
        if let Some(element) = elements(selector).pop().and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            element.click();
        }
    }

    /// Gives the focus to an element that usually takes none, and shows its beginning.
    pub fn focus_on(element: &Element) {
        _ = element.set_attribute("tabindex", "-1");
        element.scroll_into_view();
        if let Some(element) = element.dyn_ref::<HtmlElement>() {
            _ = element.focus();
        }
    }

    /// Sets an attribute of the page's root element, or takes it away.
    pub fn set_root_attribute(name: &str, value: Option<&str>) {
        if let Some(root) = document().document_element() {
            _ = match value {
                Some(value) => root.set_attribute(name, value),
                None => root.remove_attribute(name),
            };
        }
    }

    /// Sets an attribute of each element that this CSS selector names, in the order of the page.
    pub fn set_attributes(selector: &str, name: &str, values: &[&str]) {
        let Ok(elements) = document().query_selector_all(selector) else { return };
        for (index, value) in values.iter().enumerate() {
            if let Some(element) = elements.item(index as u32).and_then(|node| node.dyn_into::<Element>().ok()) {
                _ = element.set_attribute(name, value);
            }
        }
    }

    /// Loads an address anew in place of this page.
    pub fn load_instead(path: &str) {
        _ = window().location().replace(path);
    }

    /// Opens the sign-in page beside this one, where somebody may have unsent text.
    pub fn sign_in_again() {
        _ = window().open_with_url_and_target("/signin", "_blank");
    }
}

#[cfg(not(feature = "hydrate"))]
#[allow(missing_docs, reason = "each does nothing; what it is for stands above")]
mod asleep {
    use chat::{Timestamp, time::UtcOffset};
    use leptos::web_sys::{DragEvent, Element, Event};

    pub fn set_cookie(_name: &str, _value: Option<&str>) {}
    pub fn now() -> Option<Timestamp> {
        None
    }
    pub fn utc_offset() -> Option<UtcOffset> {
        None
    }
    pub fn has_command_key() -> bool {
        false
    }
    pub fn stored(_key: &str) -> Option<String> {
        None
    }
    pub fn store(_key: &str, _value: &str) {}
    pub fn forget(_key: &str) {}
    pub fn is_narrow() -> bool {
        false
    }
    pub fn is_visible() -> bool {
        false
    }
    pub fn exists(_selector: &str) -> bool {
        false
    }
    pub fn focus(_selector: &str) {}
    pub fn elements(_selector: &str) -> Vec<Element> {
        Vec::new()
    }
    pub fn listen(_selector: &str, _types: &[&str], _heard: impl Fn(Event) + 'static) {}
    pub fn append(_selector: &str, _class: &str, _words: &str) {}
    pub fn may_be_moved(_event: &Event) {}
    pub fn drop_moves(_event: &DragEvent) {}
    pub fn focus_field(_selector: &str) {}
    pub fn scroll_to(_selector: &str) {}
    pub fn go_to(_selector: &str) {}
    pub fn press(_selector: &str, _beside: bool) {}
    pub fn press_last(_selector: &str) {}
    pub fn focus_on(_element: &Element) {}
    pub fn is_focused(_selector: &str) -> bool {
        false
    }
    pub fn select(_selector: &str) {}
    pub fn set_root_attribute(_name: &str, _value: Option<&str>) {}
    pub fn set_attributes(_selector: &str, _name: &str, _values: &[&str]) {}
    pub fn load_instead(_path: &str) {}
    pub fn sign_in_again() {}
}
