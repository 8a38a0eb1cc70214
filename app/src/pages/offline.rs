//! The page that a browser keeps for when this server can't be reached (`public/sw.js`).

use super::solo::Oops;
use crate::components::{ButtonLink, ButtonVariant};
use leptos::prelude::*;

/// Says that the server can't be reached, and what is safe.
#[component]
pub fn OfflinePage() -> impl IntoView {
    view! {
        <Oops
            status=None
            title="Confab can’t be reached"
            text="The connection is down, or the server is. Answers that were being written go on there, and what you were typing is kept in this browser."
        >
            // An empty address is that of the page that was asked for.
            <ButtonLink href="" variant=ButtonVariant::Primary external=true>"Try again"</ButtonLink>
            <ButtonLink href="/" variant=ButtonVariant::Quiet external=true>"New chat"</ButtonLink>
        </Oops>
    }
    .into_any()
}
