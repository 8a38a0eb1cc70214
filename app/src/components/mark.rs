//! Confab's sign.

use leptos::prelude::*;

/// The sign alone. Drawn in place and not from the sprite, because its dot takes the accent of the page's theme.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg
            class="mark"
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="2.5"
            stroke-linecap="round"
            aria-hidden="true"
        >
            <path d="M17.3 5.35a8.5 8.5 0 1 0 0 13.3"></path>
            <circle class="dot" cx="19.4" cy="12" r="2.6"></circle>
        </svg>
    }
    .into_any()
}

/// The sign and the name.
#[component]
pub fn Brand() -> impl IntoView {
    view! { <span class="brand"><Mark/>"Confab"</span> }.into_any()
}
