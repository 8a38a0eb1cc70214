//! The renderer of Markdown in the browser: a module of its own, loaded when it is first needed.
//!
//! Pages come rendered, so most of them are read without it. It is asked for when somebody begins to write, and when a
//! text has to be painted that did not come with the page.

use crate::markdown::{Block, plain};
use leptos::prelude::*;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

#[wasm_bindgen]
extern "C" {
    /// The renderer's module: its exports.
    #[derive(Clone)]
    type Module;

    /// The blocks of a document, each as HTML.
    #[wasm_bindgen(method)]
    fn blocks(this: &Module, source: &str) -> Vec<String>;

    /// Provided by the shell's script, which knows the module's address.
    #[wasm_bindgen(catch, js_name = loadRenderer)]
    fn load_module() -> Result<js_sys::Promise, JsValue>;
}

#[derive(Clone)]
enum State {
    Unasked,
    Loading,
    Ready(Module),
    /// It can't be had for now: texts are shown as they are.
    Failed,
}

thread_local! {
    static STATE: RefCell<State> = const { RefCell::new(State::Unasked) };
    static CHANGED: ArcTrigger = ArcTrigger::new();
}

/// Begins to load the renderer, unless it is there or on its way.
pub fn warm() {
    if matches!(STATE.with_borrow(State::clone), State::Ready(_) | State::Loading) {
        return;
    }
    STATE.set(State::Loading);
    spawn_local(async {
        let module = async { JsFuture::from(load_module()?).await }.await;
        STATE.set(module.map_or(State::Failed, |module| State::Ready(module.unchecked_into())));
        CHANGED.with(ArcTrigger::notify);
    });
}

/// The blocks of a document. None while the renderer is being loaded, of which a change notifies who asked.
pub fn blocks(source: &str) -> Option<Vec<Block>> {
    match STATE.with_borrow(State::clone) {
        State::Ready(module) => Some(module.blocks(source).into_iter().map(|html| Block { html }).collect()),
        State::Failed => Some(plain(source)),
        State::Unasked | State::Loading => {
            CHANGED.with(ArcTrigger::track);
            warm();
            None
        }
    }
}
