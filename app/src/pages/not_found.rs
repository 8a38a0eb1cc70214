//! Nothing at this address, or nothing for this user: the two look the same.

use super::solo::Oops;
use crate::components::{ButtonLink, ButtonVariant};
use leptos::prelude::*;

/// Nothing at this address, or nothing for this user.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <Oops
            status=404
            title="There’s no conversation here"
            text="It may have been deleted, or it belongs to someone else. Links to other people’s chats only work when they share them."
        >
            <ButtonLink href="/" variant=ButtonVariant::Primary>"New chat"</ButtonLink>
        </Oops>
    }
    .into_any()
}
