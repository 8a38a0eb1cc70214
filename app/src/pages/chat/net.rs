//! The banner of a lost connection.

use crate::{
    components::{Button, ButtonSize, ButtonVariant, Icon, IconName, IconSize, Spinner},
    live::{Connection, Net},
};
use leptos::prelude::*;

/// Says that the server can't be reached, or that nobody is signed in any more, while that is so.
#[component]
pub fn NetBanner(net: Net) -> impl IntoView {
    move || match net.state.get() {
        Connection::Fine => None,
        Connection::Lost(_) => Some(view! { <Lost net/> }.into_any()),
        Connection::SignedOut => Some(view! { <SignedOut/> }.into_any()),
    }
}

#[component]
fn Lost(net: Net) -> impl IntoView {
    let next = move || match net.state.get() {
        Connection::Lost(0) => "Trying again now. ".into(),
        Connection::Lost(seconds) => ["Trying again in ", &seconds.to_string(), "\u{a0}s. "].concat(),
        _ => String::new(),
    };
    view! {
        <div class="net" role="status">
            <Spinner/>
            // Nobody wants to hear each second counted.
            <span>"Connection lost. " <span aria-hidden="true">{next}</span> "Nothing you typed is lost."</span>
            <Button variant=ButtonVariant::Quiet size=ButtonSize::Small on_click=move |_| net.hurry()>"Try now"</Button>
        </div>
    }
    .into_any()
}

#[component]
fn SignedOut() -> impl IntoView {
    view! {
        <div class="net" role="status">
            <Icon name=IconName::CircleAlert size=IconSize::Small/>
            <span>"You are signed out. Nothing you typed is lost."</span>
            <a class="btn btn-quiet btn-sm" href="/signin" target="_blank">"Sign in"</a>
        </div>
    }
    .into_any()
}
