//! Scrolling through a conversation: it opens at its end and follows what is written there, until the reader scrolls up.

use crate::{
    components::{Icon, IconName, IconSize},
    reactive::effect,
};
use leptos::{html, prelude::*, web_sys::HtmlDivElement};

/// Nearer to the end than this (pixels) counts as being there.
const NEAR: i32 = 80;

/// Where the reader is.
#[derive(Clone, Copy)]
pub(super) struct Scroll {
    node: NodeRef<html::Div>,
    /// The page goes along with what is written.
    following: StoredValue<bool>,
    /// The end is out of sight.
    away: RwSignal<bool>,
    /// Pixels from the top, the last time.
    top: StoredValue<i32>,
    /// The script has taken over from the style sheet.
    awake: RwSignal<bool>,
}

impl Scroll {
    pub(super) fn new() -> Self {
        Self {
            node: NodeRef::new(),
            following: StoredValue::new(true),
            away: RwSignal::new(false),
            top: StoredValue::new(0),
            awake: RwSignal::new(false),
        }
    }

    /// Goes to the end, and on with it.
    pub(super) fn to_end(self) {
        self.following.try_set_value(true);
        request_animation_frame(move || self.resized());
    }

    /// Stays where the reader is, whatever grows.
    pub(super) fn stay(self) {
        self.following.set_value(false);
    }

    /// The messages or the window on them have another size.
    fn resized(self) {
        let Some(node) = self.node.try_get_untracked().flatten() else { return };
        if self.following.try_get_value() == Some(true) {
            node.set_scroll_top(node.scroll_height());
        }
        self.top.try_set_value(node.scroll_top());
        self.note(from_end(&node));
    }

    fn scrolled(self) {
        let Some(node) = self.node.try_get_untracked().flatten() else { return };
        let (top, left) = (node.scroll_top(), from_end(&node));
        let up = top < self.top.get_value();
        self.top.set_value(top);
        match (left, up) {
            (..=1, _) | (..=NEAR, false) => self.following.set_value(true),
            (_, true) => self.following.set_value(false),
            (_, false) => {}
        }
        self.note(left);
    }

    fn note(self, left: i32) {
        let away = left > NEAR;
        if self.away.try_get_untracked() == Some(!away) {
            self.away.set(away);
        }
    }

    /// Before this the style sheet keeps the end in view, which works without a script but moves what is read while the
    /// text grows.
    fn wake(self) {
        effect(move || {
            let Some(node) = self.node.get().filter(|_| !self.awake.get_untracked()) else {
                return;
            };
            // Reversed columns count from their end, downwards from zero.
            let left = -node.scroll_top();
            _ = node.remove_attribute("data-end");
            node.set_scroll_top(node.scroll_height() - node.client_height() - left);
            self.top.set_value(node.scroll_top());
            self.following.set_value(left <= NEAR);
            self.note(left);
            self.awake.set(true);
            #[cfg(feature = "hydrate")]
            self.watch_size(&node);
        });
    }

    /// Follows whatever makes the messages longer or the window on them smaller. Observers end with what they observe.
    #[cfg(feature = "hydrate")]
    fn watch_size(self, node: &HtmlDivElement) {
        use wasm_bindgen::{JsCast as _, closure::Closure};

        let resized = Closure::<dyn FnMut()>::new(move || self.resized()).into_js_value();
        let Ok(observer) = web_sys::ResizeObserver::new(resized.unchecked_ref()) else { return };
        observer.observe(node);
        if let Some(content) = node.first_element_child() {
            observer.observe(&content);
        }
    }
}

fn from_end(node: &HtmlDivElement) -> i32 {
    node.scroll_height() - node.client_height() - node.scroll_top()
}

/// The window on a conversation's messages.
#[component]
pub fn Scroller(scroll: Scroll, children: Children) -> impl IntoView {
    scroll.wake();
    view! {
        <div
            node_ref=scroll.node
            class="scroll"
            data-end=""
            tabindex="0"
            role="region"
            aria-label="Messages"
            on:scroll=move |_| scroll.scrolled()
        >
            <div class="column">{children()}</div>
        </div>
    }
    .into_any()
}

/// A button that leads to the end, while that is out of sight.
#[component]
pub fn ToEnd(scroll: Scroll) -> impl IntoView {
    let press = move |_| {
        scroll.to_end();
        crate::browser::focus("#message");
    };
    move || {
        (scroll.awake.get() && scroll.away.get()).then(|| {
            view! {
                <button
                    class="to-end"
                    type="button"
                    aria-label="Scroll to latest message"
                    title="Scroll to latest message"
                    on:click=press
                >
                    <Icon name=IconName::ArrowDown size=IconSize::Small/>
                </button>
            }
        })
    }
}
