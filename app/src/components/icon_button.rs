//! Buttons that show only an icon.

use leptos::{ev::MouseEvent, html, prelude::*};

use super::{Icon, IconName, IconSize};

/// The icon and the classes of an icon button of either size.
const fn look(small: bool) -> (&'static str, IconSize) {
    if small { ("ib ib-sm ", IconSize::Small) } else { ("ib ", IconSize::Medium) }
}

/// A button that shows only an icon: 32 px, or 28 px when `small`. Its words are its name and its tooltip.
#[component]
pub fn IconButton(
    icon: IconName,
    /// The words.
    #[prop(into)]
    label: Signal<String>,
    #[prop(optional)] small: bool,
    /// Further classes, such as `only-narrow`.
    #[prop(optional)]
    class: &'static str,
    /// For a button that stays down.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
    /// For a button that opens something.
    #[prop(optional, into)]
    expanded: Option<Signal<bool>>,
    /// The `id` of what it opens.
    #[prop(optional)]
    controls: Option<&'static str>,
    /// Shows a tick instead of its icon, for a moment after it has done its work.
    #[prop(optional, into)]
    done: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional)] node_ref: NodeRef<html::Button>,
    #[prop(optional, into)] on_click: Option<Callback<MouseEvent>>,
) -> impl IntoView {
    let (size_class, size) = look(small);
    view! {
        <button
            node_ref=node_ref
            class=[size_class, class].concat()
            type="button"
            aria-label=label
            title=label
            aria-pressed=pressed.map(|on| move || on.get().to_string())
            aria-expanded=expanded.map(|on| move || on.get().to_string())
            aria-controls=controls
            data-done=move || done.get().then_some("")
            disabled=disabled
            on:click=move |event| {
                if let Some(on_click) = on_click {
                    on_click.run(event);
                }
            }
        >
            <Icon name=icon size/>
        </button>
    }
    .into_any()
}

/// A link that shows only an icon.
#[component]
pub fn IconLink(
    icon: IconName,
    /// The words.
    #[prop(into)]
    label: Signal<String>,
    #[prop(into)] href: Signal<String>,
    #[prop(optional)] small: bool,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let (size_class, size) = look(small);
    view! {
        <a class=[size_class, class].concat() href=href rel="external" aria-label=label title=label>
            <Icon name=icon size/>
        </a>
    }
    .into_any()
}
