//! Something is under way.

use leptos::prelude::*;

use super::IconName;

/// A turning ring. Says nothing by itself: whoever shows it also says what is under way.
#[component]
pub fn Spinner() -> impl IntoView {
    view! {
        <svg class="i i-s spin" aria-hidden="true">
            <use href=IconName::LoaderCircle.href()></use>
        </svg>
    }
    .into_any()
}
