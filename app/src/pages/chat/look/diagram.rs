//! A diagram in place of its source.
//!
//! It is drawn by a large library out of a text that a model wrote, so both live in a frame without an origin: the frame can
//! reach neither this page, nor its cookies, nor the network. The text goes in by a message, the height comes out by one;
//! nothing else that the frame says is listened to.

use super::ChatState;
use crate::components::Toast;
use js_sys::{Function, Reflect};
use leptos::{ev, leptos_dom::helpers::WindowListenerHandle, prelude::*, wasm_bindgen::JsValue, web_sys};
use std::{cell::RefCell, rc::Rc};
use web_sys::{Element, MessageEvent};

/// The frame may do nothing but run its script; the server says the same of what is in it.
const FRAME: &str =
    "<iframe src=\"/diagram\" sandbox=\"allow-scripts\" referrerpolicy=\"no-referrer\" title=\"Diagram\"></iframe>";
/// However large a diagram says that it is, in pixels.
const TALLEST: f64 = 2_000.0;

/// Shows the diagram of the code block that a button belongs to, or its source again.
pub(super) fn turn(chat: ChatState, button: &Element) -> Option<()> {
    let block = button.closest(".code").ok()??;
    if let Some(frame) = block.query_selector("iframe").ok()? {
        frame.remove();
        return show_source(&block, button);
    }
    let code = block.query_selector("pre").ok()??;
    let source = code.text_content()?;
    code.insert_adjacent_html("beforebegin", FRAME).ok()?;
    code.set_attribute("hidden", "").ok()?;
    button.set_text_content(Some("Show source"));
    listen(chat, block, button.clone(), source)
}

fn show_source(block: &Element, button: &Element) -> Option<()> {
    block.query_selector("pre").ok()??.remove_attribute("hidden").ok()?;
    button.set_text_content(Some("Show diagram"));
    Some(())
}

/// Listens to the frame for as long as it is there.
fn listen(chat: ChatState, block: Element, button: Element, source: String) -> Option<()> {
    let frame = block.query_selector("iframe").ok()??;
    let handle: Rc<RefCell<Option<WindowListenerHandle>>> = Rc::default();
    let own = handle.clone();
    let heard = move |event: MessageEvent| {
        if !frame.is_connected() {
            if let Some(handle) = own.take() {
                handle.remove();
            }
            return;
        }
        let window = property(&frame, "contentWindow");
        let from_it = event.origin() == "null" && property(&event, "source") == window;
        if !from_it {
            return;
        }
        let said = event.data();
        if said.as_string().as_deref() == Some("ready") {
            let post = property(&window, "postMessage").into();
            _ = Function::call2(&post, &window, &source.as_str().into(), &"*".into());
        } else if let Some(height) = said.as_f64().filter(|height| (1.0..=TALLEST).contains(height)) {
            _ = frame.set_attribute("height", &(height.ceil() as u32).to_string());
        } else if said.as_string().as_deref() == Some("failed") {
            frame.remove();
            _ = show_source(&block, &button);
            chat.toast.set(Some(Toast::new("This diagram has a fault in its source, and can't be drawn")));
        }
    };
    *handle.borrow_mut() = Some(window_event_listener(ev::message, heard));
    Some(())
}

fn property(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or_default()
}
