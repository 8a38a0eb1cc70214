//! Words for those who listen.

use leptos::prelude::*;

/// Says its text to a screen reader each time it changes, and shows nothing.
#[component]
pub fn LiveStatus(#[prop(into)] text: Signal<String>) -> impl IntoView {
    view! { <p class="sr" role="status">{text}</p> }.into_any()
}
