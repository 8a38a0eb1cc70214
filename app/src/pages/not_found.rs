//! Nothing at this address, or nothing for this user: the two look the same.

use super::{chat::ChatState, solo::Oops};
use crate::components::{Button, ButtonLink, ButtonVariant, IconName};
use leptos::prelude::*;

/// Nothing at this address, or nothing for this user.
#[component]
pub fn NotFound() -> impl IntoView {
    // Only the chat page has something to search.
    let search = use_context::<ChatState>().map(|state| {
        view! { <Button icon=IconName::Search on_click=move |_| state.search()>"Search conversations"</Button> }
    });
    view! {
        <Oops
            status=404
            title="There’s no conversation here"
            text="It may have been deleted, or it belongs to someone else. Links to other people’s chats only work when they share them."
        >
            <ButtonLink href="/" variant=ButtonVariant::Primary>"New chat"</ButtonLink>
            {search}
        </Oops>
    }
    .into_any()
}
