//! The account: whose it is, the theme, signing out.

use super::state::chat_state;
use crate::{
    components::{Icon, IconName, IconSize, Menu, MenuItem, MenuPlace},
    context::{PageFacts, Theme},
    pages::face::Who,
    theme,
};
use leptos::prelude::*;

/// The `id` of the form that signs out.
pub(super) const SIGN_OUT: &str = "sign-out";

/// The button with the user's name, and the menu it opens.
#[component]
pub fn Account() -> impl IntoView {
    let user = chat_state().user.get_value();
    let admin = user.role.administers();
    let chosen = RwSignal::new(expect_context::<PageFacts>().preferences.theme);
    view! {
        <Menu
            id="account"
            label="Account"
            button_class="user"
            place=MenuPlace::AboveSpan
            eager=true
            button=view! { <Who user/><Icon name=IconName::ChevronUp size=IconSize::Small/> }.into_any()
        >
            <p class="menu-head" aria-hidden="true">"Theme"</p>
            <ThemeItem theme=Theme::System name="System" icon=IconName::Monitor chosen/>
            <ThemeItem theme=Theme::Light name="Light" icon=IconName::Sun chosen/>
            <ThemeItem theme=Theme::Dark name="Dark" icon=IconName::Moon chosen/>
            <hr/>
            <MenuItem icon=IconName::Wrench href="/settings/profile">"Settings"</MenuItem>
            {admin.then(|| view! { <MenuItem icon=IconName::Shield href="/admin/usage">"Admin"</MenuItem> })}
            <MenuItem icon=IconName::LogOut form=SIGN_OUT>"Sign out"</MenuItem>
        </Menu>
        <form id=SIGN_OUT method="post" action="/api/auth/signout" hidden></form>
    }
    .into_any()
}

#[component]
fn ThemeItem(theme: Theme, name: &'static str, icon: IconName, chosen: RwSignal<Theme>) -> impl IntoView {
    let choose = move |()| {
        chosen.set(theme);
        theme::choose(theme);
    };
    view! {
        <MenuItem icon checked=Signal::derive(move || chosen.get() == theme) keep_open=true on_select=choose>
            <span><span class="sr">"Theme "</span>{name}</span>
        </MenuItem>
    }
    .into_any()
}
