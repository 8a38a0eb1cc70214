//! Opening and closing the sidebar: beside the page on wide screens, a drawer over it on narrow ones.

use super::state::ChatState;
use crate::{browser, context::Preferences};
use leptos::prelude::*;

const CLOSE_BUTTON: &str = "#side .side-top .ib";
const OPEN_DRAWER_BUTTON: &str = ".bar .only-narrow";
const OPEN_SIDEBAR_BUTTON: &str = ".bar .only-wide";

impl ChatState {
    /// Opens the sidebar and gives the focus to its first button.
    pub(super) fn open_sidebar(&self) {
        self.show_sidebar();
        focus_next(CLOSE_BUTTON);
    }

    /// Opens the sidebar and leaves the focus to the caller.
    pub(super) fn show_sidebar(&self) {
        if browser::is_narrow() {
            self.drawer_open.set(true);
        } else if self.sidebar_closed.get_untracked() {
            self.sidebar_closed.set(false);
            browser::set_cookie(Preferences::SIDEBAR_COOKIE, None);
        }
    }

    /// Opens the command palette, which gives the focus back to where it was.
    pub fn search(&self) {
        self.close_drawer();
        let searching = self.searching;
        request_animation_frame(move || searching.set(true));
    }

    /// Closes the sidebar; the focus goes to the button that opens it again.
    pub(super) fn close_sidebar(&self) {
        if browser::is_narrow() {
            self.close_drawer();
        } else {
            self.sidebar_closed.set(true);
            browser::set_cookie(Preferences::SIDEBAR_COOKIE, Some("closed"));
            focus_next(OPEN_SIDEBAR_BUTTON);
        }
    }

    /// Opens or closes the sidebar.
    pub(super) fn toggle_sidebar(&self) {
        let shown =
            if browser::is_narrow() { self.drawer_open.get_untracked() } else { !self.sidebar_closed.get_untracked() };
        if shown { self.close_sidebar() } else { self.open_sidebar() }
    }

    /// Closes the drawer, if it is open; the focus goes back to the button that opened it.
    pub(super) fn close_drawer(&self) {
        if self.drawer_open.get_untracked() {
            self.drawer_open.set(false);
            focus_next(OPEN_DRAWER_BUTTON);
        }
    }
}

/// Gives the focus to an element that the change just made shows or wakes.
pub(super) fn focus_next(selector: &'static str) {
    request_animation_frame(move || browser::focus(selector));
}
