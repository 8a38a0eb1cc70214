//! A line of text to fill in.

use crate::reactive::memo;
use leptos::prelude::*;

use super::{Icon, IconName, IconSize};

/// A labelled line of text with a hint below it, or in the hint's place what is wrong with it.
#[component]
pub fn TextField(
    /// Unique on the page.
    id: &'static str,
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(optional, into)] hint: Signal<String>,
    /// Empty while nothing is wrong.
    #[prop(optional, into)]
    error: Signal<String>,
    #[prop(optional)] name: Option<&'static str>,
    #[prop(optional)] placeholder: Option<&'static str>,
    /// In UTF-16 units, as browsers count.
    #[prop(optional)]
    max_length: Option<u32>,
    /// Takes the focus when its dialog opens.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let wrong = memo(move || error.with(|error| !error.is_empty()));
    let note_id = StoredValue::new([id, "-note"].concat());
    let note_text = move || if wrong.get() { error.get() } else { hint.get() };
    let note = move || {
        let (text, bad) = (note_text(), wrong.get());
        (!text.is_empty()).then(|| {
            view! {
                <p class="hint" class:hint-bad=bad id=note_id.get_value()>
                    {bad.then(|| view! { <Icon name=IconName::CircleAlert size=IconSize::ExtraSmall/> })}
                    {text}
                </p>
            }
        })
    };
    view! {
        <div class="field">
            <label class="label" for=id>{label}</label>
            <input
                class="input"
                id=id
                name=name
                placeholder=placeholder
                maxlength=max_length
                autofocus=autofocus
                autocomplete="off"
                aria-invalid=move || wrong.get().then_some("true")
                aria-describedby=move || (!note_text().is_empty()).then(|| note_id.get_value())
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
            {note}
        </div>
    }
    .into_any()
}
