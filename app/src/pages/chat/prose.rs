//! Markdown on the page, also while it is being written.

use crate::markdown::Block;
use chat::Turn;
use leptos::{html, prelude::*};

#[cfg(feature = "hydrate")]
mod paint;
#[cfg(any(feature = "hydrate", test))]
mod speech;

/// A part of a turn as a document. While it grows, only the blocks that change are put into the page anew.
#[component]
pub fn Prose(
    turn: ArcRwSignal<Turn>,
    /// The part: the answer, the thinking.
    part: fn(&Turn) -> &str,
    /// `prose` for what is typeset in full.
    class: &'static str,
    /// Shows a caret after the last letter while the turn runs.
    #[prop(optional)]
    caret: bool,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let words = turn.with_untracked(|turn| first_words(part(turn)));
    #[cfg(feature = "hydrate")]
    paint::keep_painted(node, turn, part, caret);
    #[cfg(not(feature = "hydrate"))]
    let _ = caret;
    view! { <div class=class node_ref=node inner_html=words></div> }.into_any()
}

#[cfg(not(feature = "hydrate"))]
fn first_words(text: &str) -> String {
    wrap(&crate::markdown::blocks(text))
}

/// A text as a document, for pages that never wake up.
#[cfg(feature = "ssr")]
pub(in crate::pages) fn document(text: &str) -> String {
    first_words(text)
}

/// A page that wakes up has the words already; elsewhere they follow when the renderer is there.
#[cfg(feature = "hydrate")]
fn first_words(text: &str) -> String {
    let waking = Owner::current_shared_context().is_some_and(|context| context.during_hydration());
    let blocks = if waking { None } else { untrack(|| crate::renderer::blocks(text)) };
    blocks.map(|blocks| wrap(&blocks)).unwrap_or_default()
}

/// The blocks, each in an element of its own.
fn wrap(blocks: &[Block]) -> String {
    let mut html = String::new();
    for block in blocks {
        html.push_str("<div class=\"block\">");
        html.push_str(&block.html);
        html.push_str("</div>");
    }
    html
}

/// The first of `new` that is not the same in `old`.
#[cfg(any(feature = "hydrate", test))]
fn first_change(old: &[Block], new: &[Block]) -> usize {
    old.iter().zip(new).take_while(|(old, new)| old == new).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::blocks;

    #[test]
    fn only_the_end_of_a_growing_text_changes() {
        let (old, new) = (blocks("# One\n\ntwo"), blocks("# One\n\ntwo and\n\n- three"));
        assert_eq!((first_change(&old, &new), new.len()), (1, 3));
        assert_eq!(first_change(&new, &new), 3);
        assert_eq!(first_change(&[], &new), 0);
        assert_eq!(first_change(&new, &old), 1);
    }

    #[test]
    fn each_block_stands_in_an_element() {
        let html = wrap(&blocks("a\n\n> b"));
        assert_eq!(html.matches("<div class=\"block\">").count(), 2);
        assert_eq!(wrap(&[]), "");
    }
}
