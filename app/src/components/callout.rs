//! Something to know, where it happened.

use leptos::prelude::*;

use super::{Icon, IconName};

/// How serious a callout is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    #[default]
    Neutral,
    /// Will become a problem.
    Warn,
    /// Went wrong.
    Bad,
}

impl Tone {
    const fn look(self) -> (&'static str, IconName) {
        match self {
            Self::Neutral => ("callout", IconName::Info),
            Self::Warn => ("callout callout-warn", IconName::TriangleAlert),
            Self::Bad => ("callout callout-bad", IconName::CircleAlert),
        }
    }
}

/// A block that says what happened (`title`), what is safe (the children, a sentence or two) and what to do next
/// (`actions`, small buttons).
#[component]
pub fn Callout(
    #[prop(optional)] tone: Tone,
    /// Interrupts a screen reader: for what went wrong just now.
    #[prop(optional)]
    alert: bool,
    #[prop(into)] title: Signal<String>,
    /// A quiet last line for codes, such as "HTTP 529".
    #[prop(optional, into)]
    code: Option<String>,
    /// Buttons below the words.
    #[prop(optional)]
    actions: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let (class, icon) = tone.look();
    view! {
        <div class=class role=alert.then_some("alert")>
            <Icon name=icon/>
            <b>{title}</b>
            <p>{children()}</p>
            {code.map(|code| view! { <p class="callout-code">{code}</p> })}
            {actions.map(|actions| view! { <div class="row">{actions}</div> })}
        </div>
    }
    .into_any()
}
