//! The renderer of Markdown in the browser: a chunk, loaded when it is first needed.
//!
//! Pages come rendered, so most of them are read without it. It is asked for when somebody begins to write, and when a
//! text has to be painted that did not come with the page.

use crate::{
    chunk::chunk,
    markdown::{self, Block, plain},
};
use leptos::{prelude::*, task::spawn_local};
use std::cell::Cell;

chunk! {
    /// The renderer.
    fn renderer() -> fn(&str) -> Vec<Block> { markdown::blocks }
}

#[derive(Clone, Copy)]
enum State {
    Unasked,
    Loading,
    Ready,
    /// It can't be had for now: texts are shown as they are.
    Failed,
}

thread_local! {
    static STATE: Cell<State> = const { Cell::new(State::Unasked) };
    static CHANGED: ArcTrigger = ArcTrigger::new();
}

/// Begins to load the renderer, unless it is there or on its way.
pub fn warm() {
    if matches!(STATE.get(), State::Ready | State::Loading) {
        return;
    }
    STATE.set(State::Loading);
    // Who writes will send it, and watch the answer.
    crate::api::calls::warm();
    crate::live::warm();
    spawn_local(async {
        STATE.set(if renderer().load().await.is_some() { State::Ready } else { State::Failed });
        CHANGED.with(ArcTrigger::notify);
    });
}

/// The blocks of a document. None while the renderer is being loaded, of which a change notifies who asked.
pub fn blocks(source: &str) -> Option<Vec<Block>> {
    match STATE.get() {
        State::Ready => renderer().get().map(|render| render(source)),
        State::Failed => Some(plain(source)),
        State::Unasked | State::Loading => {
            CHANGED.with(ArcTrigger::track);
            warm();
            None
        }
    }
}
