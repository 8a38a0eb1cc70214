//! Removing a provider.

use crate::components::{Button, ButtonSize, ButtonVariant};
use leptos::prelude::*;

/// The button, and below it, once it was pressed, what it would do and the one that does it.
#[component]
pub(super) fn Remove(id: String, name: String) -> impl IntoView {
    let (variant, size) = (ButtonVariant::DangerFill, ButtonSize::Small);
    view! {
        <section class="sect">
            <h2>"Remove"</h2>
            <details class="confirm">
                <summary class="btn btn-danger btn-sm">"Remove " {name.clone()} "…"</summary>
                <p>
                    "Its models are not on offer any more, and its key is deleted. Conversations stay as they are. To get it back, add it again."
                </p>
                <form method="post" action="/api/providers/remove">
                    <input type="hidden" name="id" value=id/>
                    <Button submit=true variant size>"Remove " {name}</Button>
                </form>
            </details>
        </section>
    }
    .into_any()
}
