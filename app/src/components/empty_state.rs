//! Nothing here yet.

use leptos::prelude::*;

use super::{Icon, IconName};

/// One icon, one fact (`title`), one sentence (`text`) and at most one action (the children).
#[component]
pub fn EmptyState(
    icon: IconName,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] text: Signal<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon name=icon/>
            <b>{title}</b>
            <p>{text}</p>
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}
