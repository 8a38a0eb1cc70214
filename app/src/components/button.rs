//! Buttons with words on them, and links that look the same.

use leptos::{ev::MouseEvent, prelude::*};

use super::{Icon, IconName, IconSize, Spinner};

/// What a button looks like, and with that how much it asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonVariant {
    /// The one thing to do here: one per view.
    Primary,
    /// Something live, such as sending.
    Accent,
    /// Anything else that can be done here.
    #[default]
    Line,
    /// What most people will not need.
    Quiet,
    /// Leads to something that cannot be undone.
    Danger,
    /// Does it; only inside a confirmation.
    DangerFill,
}

impl ButtonVariant {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "btn btn-primary",
            Self::Accent => "btn btn-accent",
            Self::Line => "btn btn-line",
            Self::Quiet => "btn btn-quiet",
            Self::Danger => "btn btn-danger",
            Self::DangerFill => "btn btn-danger-fill",
        }
    }
}

/// How tall a button is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonSize {
    /// 28 px, inside callouts and rows.
    Small,
    /// 36 px.
    #[default]
    Medium,
    /// 44 px, on pages with one thing to do.
    Large,
}

fn classes(variant: ButtonVariant, size: ButtonSize, block: bool) -> String {
    let size = match size {
        ButtonSize::Small => " btn-sm",
        ButtonSize::Medium => "",
        ButtonSize::Large => " btn-lg",
    };
    [variant.class(), size, if block { " btn-block" } else { "" }].concat()
}

/// A button with words. While `busy` it keeps its width and its focus, shows a turning ring and does nothing.
#[component]
pub fn Button(
    #[prop(optional)] variant: ButtonVariant,
    #[prop(optional)] size: ButtonSize,
    /// As wide as its column.
    #[prop(optional)]
    block: bool,
    /// Sends the form it stands in; otherwise it is a plain button.
    #[prop(optional)]
    submit: bool,
    /// Takes the focus when its dialog opens.
    #[prop(optional)]
    autofocus: bool,
    /// Stands before the words.
    #[prop(optional)]
    icon: Option<IconName>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] on_click: Option<Callback<MouseEvent>>,
    children: Children,
) -> impl IntoView {
    let click = move |event: MouseEvent| {
        if busy.get_untracked() {
            event.prevent_default();
        } else if let Some(on_click) = on_click {
            on_click.run(event);
        }
    };
    let lead = move || match (busy.get(), icon) {
        (true, _) => Some(view! { <Spinner/> }.into_any()),
        (false, Some(name)) => Some(view! { <Icon name size=IconSize::Small/> }.into_any()),
        (false, None) => None,
    };
    view! {
        <button
            class=classes(variant, size, block)
            class:btn-icon=icon.is_some()
            type=if submit { "submit" } else { "button" }
            autofocus=autofocus
            disabled=disabled
            aria-busy=move || busy.get().then_some("true")
            on:click=click
        >
            {lead}
            {children()}
        </button>
    }
    .into_any()
}

/// A link that looks like a button.
#[component]
pub fn ButtonLink(
    #[prop(into)] href: Signal<String>,
    #[prop(optional)] variant: ButtonVariant,
    #[prop(optional)] size: ButtonSize,
    #[prop(optional)] block: bool,
    /// Loads the page anew instead of staying in this one.
    #[prop(optional)]
    external: bool,
    /// Stands before the words.
    #[prop(optional)]
    icon: Option<IconName>,
    children: Children,
) -> impl IntoView {
    view! {
        <a class=classes(variant, size, block) href=href rel=external.then_some("external")>
            {icon.map(|name| view! { <Icon name size=IconSize::Small/> })}
            {children()}
        </a>
    }
    .into_any()
}
