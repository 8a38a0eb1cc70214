//! What can be chosen in a menu.

use leptos::{ev::MouseEvent, prelude::*};

use super::keyboard;
use crate::components::{Icon, IconName, Keys};

/// One line of a [`Menu`](super::Menu): a button, or a link when it has an `href`. Choosing it closes the menu.
#[component]
pub fn MenuItem(
    #[prop(optional)] icon: Option<IconName>,
    /// Makes it a link to a page that is loaded anew.
    #[prop(optional, into)]
    href: Option<String>,
    /// Cannot be undone: in red, last, after an `<hr/>`.
    #[prop(optional)]
    danger: bool,
    /// Makes it one of several choices.
    #[prop(optional, into)]
    checked: Option<Signal<bool>>,
    /// A quiet word at the end, such as the value of a setting.
    #[prop(optional, into)]
    end: MaybeProp<String>,
    /// Its shortcut, as [`Keys`] takes it.
    #[prop(optional, into)]
    keys: MaybeProp<String>,
    /// Sends the form with this `id`.
    #[prop(optional)]
    form: Option<&'static str>,
    /// Leaves the menu open, for something to try out.
    #[prop(optional)]
    keep_open: bool,
    #[prop(optional, into)] on_select: Option<Callback<()>>,
    children: Children,
) -> impl IntoView {
    let class = if danger { "menu-item bad" } else { "menu-item" };
    let role = if checked.is_some() { "menuitemradio" } else { "menuitem" };
    let state = checked.map(|on| move || on.get().to_string());
    let click = move |event: MouseEvent| {
        // First the menu gives the focus back to its button, then the choice may take it elsewhere.
        if !keep_open {
            keyboard::close_around(&event);
        }
        if let Some(on_select) = on_select {
            on_select.run(());
        }
    };
    let content = view! {
        {icon.map(|name| view! { <Icon name/> })}
        {children()}
        {move || end.get().map(|end| view! { <span class="end">{end}</span> })}
        {move || keys.get().map(|keys| view! { <span class="end"><Keys keys/></span> })}
    };
    if let Some(href) = href {
        view! {
            <a class=class role=role aria-checked=state href=href rel="external" tabindex="-1" on:click=click>
                {content}
            </a>
        }
        .into_any()
    } else {
        let kind = if form.is_some() { "submit" } else { "button" };
        view! {
            <button class=class role=role aria-checked=state type=kind form=form tabindex="-1" on:click=click>
                {content}
            </button>
        }
        .into_any()
    }
}
