//! A person, as initials.

use crate::case::upper;
use leptos::prelude::*;

/// How large an avatar is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AvatarSize {
    /// 24 px.
    Small,
    /// 32 px.
    #[default]
    Medium,
    /// 64 px.
    Large,
}

/// The initials of a person in a circle. Decoration: the name stands beside it.
#[component]
pub fn Avatar(#[prop(into)] name: Signal<String>, #[prop(optional)] size: AvatarSize) -> impl IntoView {
    let class = match size {
        AvatarSize::Small => "avatar avatar-sm",
        AvatarSize::Medium => "avatar",
        AvatarSize::Large => "avatar avatar-lg",
    };
    view! { <span class=class aria-hidden="true">{move || name.with(|name| initials(name))}</span> }.into_any()
}

/// The first letters of the first and the last word, in upper case; of one word only its first. A name without a letter
/// or digit has none.
pub fn initials(name: &str) -> String {
    let mut letters = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = letters.next();
    upper(&first.into_iter().chain(letters.next_back()).collect::<String>())
}

#[cfg(test)]
mod tests;
