//! A labelled part of a form that no script touches.

use crate::components::{Icon, IconName, IconSize};
use leptos::prelude::*;

/// What is the same of every field.
#[derive(Clone, Debug, Default)]
pub(super) struct Note {
    /// What one should know before.
    pub hint: String,
    /// What is wrong, in the place of the hint.
    pub error: Option<String>,
}

impl Note {
    pub(super) fn hint(text: impl Into<String>) -> Self {
        Self { hint: text.into(), error: None }
    }

    /// The id by which a field names its note.
    pub(super) fn id(name: &str) -> String {
        [name, "-note"].concat()
    }
}

/// A label, the field itself and the note below it. The field's id is its name.
#[component]
pub(super) fn Field(name: &'static str, label: &'static str, note: Note, children: Children) -> impl IntoView {
    let (text, bad) = note.error.map_or((note.hint, false), |error| (error, true));
    let icon = bad.then(|| view! { <Icon name=IconName::CircleAlert size=IconSize::ExtraSmall/> });
    let note = (!text.is_empty()).then(|| {
        view! { <p class="hint" class:hint-bad=bad id=Note::id(name)>{icon}<span>{text}</span></p> }
    });
    view! {
        <div class="field">
            <label class="label" for=name>{label}</label>
            {children()}
            {note}
        </div>
    }
    .into_any()
}

/// A line of text, or of dots.
#[component]
pub(super) fn Line(
    name: &'static str,
    label: &'static str,
    value: String,
    note: Note,
    /// Shows dots.
    #[prop(optional)]
    secret: bool,
    #[prop(optional)] required: bool,
    #[prop(optional)] autofocus: bool,
    max_length: u32,
) -> impl IntoView {
    let wrong = note.error.is_some();
    let described = (wrong || !note.hint.is_empty()).then(|| Note::id(name));
    // Browsers offer to keep what looks like a password, and fill in another one.
    let completed = if secret { "new-password" } else { "off" };
    view! {
        <Field name label note>
            <input
                class="input"
                id=name
                name=name
                type=if secret { "password" } else { "text" }
                value=value
                maxlength=max_length
                required=required
                autofocus=autofocus || wrong
                autocomplete=completed
                autocapitalize="none"
                spellcheck="false"
                aria-invalid=wrong.then_some("true")
                aria-describedby=described
            />
        </Field>
    }
    .into_any()
}

/// One of several.
#[component]
pub(super) fn Select(
    name: &'static str,
    label: &'static str,
    /// Values and words.
    options: Vec<(&'static str, String)>,
    chosen: String,
    note: Note,
) -> impl IntoView {
    let wrong = note.error.is_some();
    let described = (wrong || !note.hint.is_empty()).then(|| Note::id(name));
    let options = options.into_iter().map(move |(value, words)| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{words}</option> }
    });
    view! {
        <Field name label note>
            <span class="select">
                <select class="input" id=name name=name aria-describedby=described>{options.collect_view()}</select>
                <Icon name=IconName::ChevronDown size=IconSize::Small/>
            </span>
        </Field>
    }
    .into_any()
}
