//! Keeping a growing text on the page up to date.

use super::{first_change, speech::Spoken, wrap};
use crate::{markdown::Block, pages::chat::state::ChatState, reactive::effect, renderer::blocks};
use chat::Turn;
use leptos::{html, leptos_dom::helpers::TimeoutHandle, prelude::*, web_sys};
use std::time::Duration;
use web_sys::{Element, HtmlDivElement};

/// Painting may take this much of the time: one part in so many.
const SHARE: f64 = 4.0;
/// Painting that takes less than this (milliseconds) needs no rest.
const QUICK: f64 = 6.0;

/// What stands on the page.
struct Painted {
    /// The length of the text in bytes: a text that grows is the same when its length is.
    length: usize,
    /// None when the server painted it, or before the first change.
    blocks: Option<Vec<Block>>,
    /// When the next painting may begin, in milliseconds of the page's life.
    rested_at: f64,
    /// What has been said of it, if anything is.
    spoken: Option<Spoken>,
}

pub(super) fn keep_painted(node: NodeRef<html::Div>, turn: ArcRwSignal<Turn>, part: fn(&Turn) -> &str, caret: bool) {
    let again = RwSignal::new(());
    let listener = use_context::<ChatState>().filter(|_| caret).map(|chat| chat.spoken);
    let step = move |painted: Option<Painted>| {
        again.track();
        let running = turn.with(Turn::is_running);
        let length = turn.with_untracked(|turn| part(turn).len());
        let Some(prose) = node.get() else { return unpainted(length) };
        let mut painted = painted.unwrap_or_else(|| unpainted(length));
        // Something is wrong with what the server painted, or there was nothing to wake up.
        let bare = painted.blocks.is_none() && length > 0 && prose.child_element_count() == 0;
        if painted.length != length || bare {
            let now = now();
            if running && now < painted.rested_at {
                rest(again, painted.rested_at - now);
                return painted;
            }
            let old = match painted.blocks.take() {
                None if bare => Some(Vec::new()),
                None => turn.with_untracked(|turn| blocks(before(part(turn), painted.length))),
                known => known,
            };
            let (Some(old), Some(new)) = (old, turn.with_untracked(|turn| blocks(part(turn)))) else {
                return painted;
            };
            paint(&prose, &old, &new);
            let took = self::now() - now;
            let rested_at = if took > QUICK { now + took * SHARE } else { 0.0 };
            painted = Painted { length, blocks: Some(new), rested_at, ..painted };
        }
        if caret {
            set_caret(&prose, running && length > 0);
        }
        if let Some(listener) = listener {
            speak(listener, &mut painted.spoken, &prose, running);
        }
        painted
    };
    let mut painted = None;
    effect(move || painted = Some(step(painted.take())));
}

fn unpainted(length: usize) -> Painted {
    Painted { length, blocks: None, rested_at: 0.0, spoken: None }
}

/// Says what was finished since. What is there when the page is opened has been said, or can be read.
fn speak(listener: RwSignal<String>, spoken: &mut Option<Spoken>, prose: &HtmlDivElement, running: bool) {
    let Some(spoken) = spoken.as_mut() else {
        *spoken = running.then(|| Spoken::all(prose));
        return;
    };
    let sentences = spoken.go_on(prose, running);
    if !sentences.is_empty() {
        listener.set(sentences);
    }
}

fn before(text: &str, length: usize) -> &str {
    text.get(..length).unwrap_or(text)
}

fn now() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// Comes back when a long painting has been rested from, so that the page stays at the reader's command.
fn rest(again: RwSignal<()>, millis: f64) {
    let clock = set_timeout_with_handle(move || _ = again.try_set(()), Duration::from_millis(millis as u64 + 1));
    let clock: Option<TimeoutHandle> = clock.ok();
    on_cleanup(move || {
        if let Some(clock) = clock {
            clock.clear();
        }
    });
}

fn paint(prose: &HtmlDivElement, old: &[Block], new: &[Block]) {
    let shown = prose.children();
    if shown.length() as usize != old.len() {
        prose.set_inner_html(&wrap(new));
        return;
    }
    for gone in (new.len()..old.len()).rev() {
        if let Some(element) = shown.item(gone as u32) {
            element.remove();
        }
    }
    for at in first_change(old, new)..new.len().min(old.len()) {
        if let Some(element) = shown.item(at as u32).filter(|_| old[at] != new[at]) {
            element.set_inner_html(&new[at].html);
        }
    }
    if let Some(added) = new.get(old.len()..) {
        _ = prose.insert_adjacent_html("beforeend", &wrap(added));
    }
}

/// Puts the caret after the last letter, or takes it away.
fn set_caret(prose: &HtmlDivElement, wanted: bool) {
    let caret = prose.query_selector(".caret").ok().flatten();
    let last = prose.last_element_child().filter(|_| wanted);
    let Some(end) = last.map(end_of) else {
        if let Some(caret) = caret {
            caret.remove();
        }
        return;
    };
    if let Some(caret) = caret.or_else(new_caret) {
        _ = end.append_child(&caret);
    }
}

fn new_caret() -> Option<Element> {
    let caret = document().create_element("span").ok()?;
    caret.set_class_name("caret");
    caret.set_attribute("aria-hidden", "true").ok()?;
    Some(caret)
}

/// The innermost element that holds whole lines and ends where this one ends.
fn end_of(block: Element) -> Element {
    const HOLDERS: &str = "p,ul,ol,li,blockquote,h2,h3,h4,h5,h6,figure,pre,pre>code,div,table,tbody,tr,td";
    let mut end = block;
    while let Some(last) = end.last_element_child() {
        // The caret itself may stand last.
        let last = if last.class_name() == "caret" { last.previous_element_sibling() } else { Some(last) };
        match last.filter(|last| last.matches(HOLDERS).unwrap_or(false) && !text_follows(last)) {
            Some(last) => end = last,
            None => break,
        }
    }
    end
}

fn text_follows(element: &Element) -> bool {
    let mut next = element.next_sibling();
    while let Some(node) = next {
        if node.node_type() == web_sys::Node::TEXT_NODE
            && node.text_content().is_some_and(|text| !text.trim().is_empty())
        {
            return true;
        }
        next = node.next_sibling();
    }
    false
}
