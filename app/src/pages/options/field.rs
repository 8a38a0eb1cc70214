//! The fields of the form: a label, what was typed, and what is wrong with it or else a hint.

use crate::components::{Icon, IconName, IconSize};
use chat::Effort;
use leptos::prelude::*;

/// Several lines.
#[component]
pub(super) fn Text(
    name: &'static str,
    label: &'static str,
    value: String,
    hint: &'static str,
    problem: Option<String>,
) -> impl IntoView {
    let (wrong, note) = note(name, hint, problem);
    view! {
        <div class="field">
            <label class="label" for=name>{label}</label>
            <textarea
                class="input"
                id=name
                name=name
                rows="6"
                aria-invalid=wrong
                aria-describedby=note_id(name)
                inner_html=inner_text(&value)
            ></textarea>
            {note}
        </div>
    }
    .into_any()
}

/// One line with a number.
#[component]
pub(super) fn Line(
    name: &'static str,
    label: &'static str,
    value: String,
    hint: &'static str,
    problem: Option<String>,
) -> impl IntoView {
    let (wrong, note) = note(name, hint, problem);
    view! {
        <div class="field">
            <label class="label" for=name>{label}</label>
            <input
                class="input"
                id=name
                name=name
                inputmode="decimal"
                placeholder="Not set"
                value=value
                aria-invalid=wrong
                aria-describedby=note_id(name)
            />
            {note}
        </div>
    }
    .into_any()
}

/// How long the model thinks.
#[component]
pub(super) fn Choice(value: String, problem: Option<String>) -> impl IntoView {
    const NAME: &str = "effort";
    let (wrong, note) = note(NAME, "For models that think before they answer.", problem);
    let option = |effort: Effort| {
        let label = match effort {
            Effort::Low => "Low",
            Effort::Medium => "Medium",
            Effort::High => "High",
        };
        view! { <option value=effort.word() selected=value == effort.word()>{label}</option> }
    };
    let options = Effort::ALL.map(option).into_iter().collect_view();
    view! {
        <div class="field">
            <label class="label" for=NAME>"Reasoning effort"</label>
            <span class="select">
                <select class="input" id=NAME name=NAME aria-invalid=wrong aria-describedby=note_id(NAME)>
                    <option value="">"Not set"</option>
                    {options}
                </select>
                <Icon name=IconName::ChevronDown size=IconSize::Small/>
            </span>
            {note}
        </div>
    }
    .into_any()
}

fn note_id(name: &str) -> String {
    [name, "-note"].concat()
}

fn note(name: &str, hint: &'static str, problem: Option<String>) -> (Option<&'static str>, AnyView) {
    let id = note_id(name);
    match problem {
        Some(problem) => {
            let note = view! {
                <p class="hint hint-bad" id=id role="alert">
                    <Icon name=IconName::CircleAlert size=IconSize::ExtraSmall/>
                    <span>{problem}</span>
                </p>
            };
            (Some("true"), note.into_any())
        }
        None => (None, view! { <p class="hint" id=id>{hint}</p> }.into_any()),
    }
}

/// A text as HTML for the inside of a `<textarea>`, of which browsers drop a newline at the beginning (HTML, section
/// 13.2.6.4.7). Leptos writes its children as they are.
fn inner_text(text: &str) -> String {
    ["\n", &text.replace('&', "&amp;").replace('<', "&lt;")].concat()
}

#[cfg(test)]
mod tests {
    use super::inner_text;

    #[test]
    fn a_text_cannot_end_its_field() {
        assert_eq!(inner_text("</textarea><b>&lt;"), "\n&lt;/textarea>&lt;b>&amp;lt;");
    }
}
