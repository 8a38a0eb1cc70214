//! What the chat page starts doing when it wakes up in the browser. Effects never run on the server.

use super::{drawer::focus_next, open_path, state::ChatState};
use crate::{
    browser,
    context::Preferences,
    reactive::{effect, memo},
};
use leptos::{ev, prelude::*};
use std::time::Duration;

/// How often the list is loaded while a reply is being written that nobody watches here.
const POLL: Duration = Duration::from_secs(3);
const MINUTE: Duration = Duration::from_secs(60);
/// Where the browser keeps the model that was chosen last.
const MODEL_KEY: &str = "confab-model";

/// Starts all of it.
pub(super) fn wake(state: ChatState) {
    keep_time(state);
    keep_model(state);
    keep_list(state);
    follow_path(state);
    leave_drawer_when_wide(state);
    show_running(state);
}

/// The icon on the tab tells that an answer is being written.
fn show_running(state: ChatState) {
    let running = memo(move || state.conversations.with(|list| list.iter().any(|conversation| conversation.running)));
    effect(move || {
        let icon = if running.get() { "/favicon-running.svg" } else { "/favicon.svg" };
        browser::set_attributes("link[rel=icon]", "href", &[icon]);
    });
}

/// Takes the browser's clock and wall, and tells the server the offset for the next page.
fn keep_time(state: ChatState) {
    let tick = move || {
        if let Some(now) = browser::now() {
            state.now.set(now);
        }
    };
    effect(move || {
        if let Some(offset) = browser::utc_offset().filter(|offset| *offset != state.offset.get_untracked()) {
            state.offset.set(offset);
            browser::set_cookie(Preferences::OFFSET_COOKIE, Some(&offset.minutes().to_string()));
        }
        tick();
        every(MINUTE, tick);
    });
}

/// Remembers the chosen model in this browser.
fn keep_model(state: ChatState) {
    let mut restored = false;
    effect(move || {
        let chosen = state.chosen_model.get();
        if std::mem::replace(&mut restored, true) {
            if let Some(model) = chosen {
                browser::store(MODEL_KEY, &model.to_string());
            }
            return;
        }
        let stored = browser::stored(MODEL_KEY).and_then(|text| text.parse().ok());
        let stored = stored.filter(|id| state.models.with_untracked(|models| models.iter().any(|m| m.id == *id)));
        if stored.is_some() {
            state.chosen_model.set(stored);
        }
    });
}

/// Loads the list anew when somebody comes back to the page, and again and again while a reply is being written in a
/// conversation that is not open here.
fn keep_list(state: ChatState) {
    let look = move || {
        if browser::is_visible() {
            state.refresh();
        }
    };
    effect(move || {
        let focus = window_event_listener(ev::focus, move |_| look());
        let visible = window_event_listener(ev::visibilitychange, move |_| look());
        on_cleanup(move || {
            focus.remove();
            visible.remove();
        });
    });
    let path = open_path();
    let elsewhere = memo(move || {
        state
            .conversations
            .with(|list| list.iter().any(|c| c.running && path.with(|path| !path.ends_with(&c.id.to_string()))))
    });
    effect(move || {
        if elsewhere.get() {
            every(POLL, look);
        }
    });
}

/// A drawer closes when another page opens beside it; a new chat waits for a message.
fn follow_path(state: ChatState) {
    let path = open_path();
    let mut arrived = false;
    effect(move || {
        let new_chat = path.with(|path| path == "/");
        if std::mem::replace(&mut arrived, true) {
            state.close_drawer();
            if new_chat && !browser::is_narrow() {
                focus_next("#message");
            }
        }
    });
}

/// There is no drawer on wide screens: what it covered must not stay out of reach when the window grows.
fn leave_drawer_when_wide(state: ChatState) {
    effect(move || {
        let resize = window_event_listener(ev::resize, move |_| {
            if state.drawer_open.get_untracked() && !browser::is_narrow() {
                state.drawer_open.set(false);
            }
        });
        on_cleanup(move || resize.remove());
    });
}

/// Calls `then` again and again until the effect around runs anew or the page is gone.
fn every(period: Duration, then: impl Fn() + 'static) {
    if let Ok(interval) = set_interval_with_handle(then, period) {
        on_cleanup(move || interval.clear());
    }
}
