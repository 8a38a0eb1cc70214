//! Who is signed in: picture, or letters in its place, name and address.

use crate::components::{Avatar, AvatarSize};
use chat::{Timestamp, User};
use leptos::prelude::*;

/// Who is signed in, for the foot of a sidebar.
#[component]
pub(super) fn Who(user: User) -> impl IntoView {
    let User { name, email, picture, .. } = user;
    view! {
        <Face name=name.clone() picture/>
        <span>
            <span class="sr">"Account: "</span>
            <b class="truncate">{name}</b>
            {email.map(|email| view! { <small class="truncate">{email}</small> })}
        </span>
    }
    .into_any()
}

/// Decoration: the name stands beside it.
#[component]
pub(super) fn Face(
    name: String,
    /// When the picture was fetched: another address for another picture, so that browsers can keep them.
    picture: Option<Timestamp>,
    /// 64 px in place of 32.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    match picture {
        Some(at) => {
            let address = ["/api/auth/picture?v=", &at.0.to_string()].concat();
            let class = if large { "avatar avatar-lg" } else { "avatar" };
            view! { <img class=class src=address alt=""/> }.into_any()
        }
        None => {
            let size = if large { AvatarSize::Large } else { AvatarSize::Medium };
            view! { <Avatar name size/> }.into_any()
        }
    }
}
