//! A user's picture, or letters in its place.

use crate::components::Avatar;
use chat::Timestamp;
use leptos::prelude::*;

/// The picture of whoever looks at the page. Decoration: the name stands beside it.
#[component]
pub(super) fn Face(
    name: String,
    /// When the picture was fetched: another address for another picture, so that browsers can keep them.
    picture: Option<Timestamp>,
) -> impl IntoView {
    match picture {
        Some(at) => {
            let address = ["/api/auth/picture?v=", &at.0.to_string()].concat();
            view! { <img class="avatar" src=address alt=""/> }.into_any()
        }
        None => view! { <Avatar name/> }.into_any(),
    }
}
