//! The renderer of Markdown in the browser: a chunk, loaded when it is first needed.
//!
//! Pages come rendered, so most of them are read without it. It is asked for when somebody begins to write, and when a
//! text has to be painted that did not come with the page. What sets formulas is a chunk of its own, for texts that have one.

use crate::{
    chunk::chunk,
    markdown::{self, Block, Render, math, plain},
};
use leptos::{prelude::*, task::spawn_local};
use std::cell::Cell;

chunk! {
    /// The renderer. It tells whether a text has formulas, where nobody was there to set them.
    fn renderer() -> fn(&str, Option<Render>) -> (Vec<Block>, bool) { markdown::blocks_with }
}

chunk! {
    /// What sets formulas.
    fn formulas() -> Render { math::mathml }
}

#[derive(Clone, Copy)]
enum State {
    Unasked,
    Loading,
    Ready,
    /// It can't be had for now: texts are shown as they are, or their formulas.
    Failed,
}

thread_local! {
    static STATE: Cell<State> = const { Cell::new(State::Unasked) };
    static FORMULAS: Cell<State> = const { Cell::new(State::Unasked) };
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

/// The blocks of a document. None while the renderer, or what sets its formulas, is being loaded, of which a change notifies
/// who asked.
pub fn blocks(source: &str) -> Option<Vec<Block>> {
    match STATE.get() {
        State::Ready => renderer().get().and_then(|render| with_formulas(render, source)),
        State::Failed => Some(plain(source)),
        State::Unasked | State::Loading => {
            CHANGED.with(ArcTrigger::track);
            warm();
            None
        }
    }
}

fn with_formulas(render: fn(&str, Option<Render>) -> (Vec<Block>, bool), source: &str) -> Option<Vec<Block>> {
    let (blocks, waits) = render(source, formulas().get());
    match FORMULAS.get() {
        State::Unasked if waits => {
            FORMULAS.set(State::Loading);
            spawn_local(async {
                FORMULAS.set(if formulas().load().await.is_some() { State::Ready } else { State::Failed });
                CHANGED.with(ArcTrigger::notify);
            });
        }
        State::Loading if waits => {}
        _ => return Some(blocks),
    }
    CHANGED.with(ArcTrigger::track);
    None
}
