//! Key caps.

use leptos::prelude::*;

/// Keys to press together, such as "⌘ K" with a space between. Only for the eye: the shortcut is told
/// elsewhere to those who do not see it.
#[component]
pub fn Keys(#[prop(into)] keys: Signal<String>) -> impl IntoView {
    let caps = move || {
        let caps = |keys: &String| keys.split(' ').map(str::to_owned).collect::<Vec<_>>();
        keys.with(caps).into_iter().map(|key| view! { <kbd>{key}</kbd> }).collect_view()
    };
    view! { <span class="keys" aria-hidden="true">{caps}</span> }.into_any()
}
