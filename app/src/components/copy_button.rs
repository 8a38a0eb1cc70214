//! Copying text to the clipboard.

use std::time::Duration;

use leptos::prelude::*;

use super::{IconButton, IconName};

/// How long the tick shows.
const TICK: Duration = Duration::from_millis(1500);

/// An icon button that copies text, and then shows a tick for a moment.
#[component]
pub fn CopyButton(
    /// "Copy message", "Copy code".
    #[prop(into)]
    label: Signal<String>,
    /// What to copy, asked for when it is pressed.
    #[prop(into)]
    text: Callback<(), String>,
    /// Told whether it worked, to say so where a screen reader listens.
    #[prop(optional, into)]
    on_copied: Option<Callback<bool>>,
) -> impl IntoView {
    let done = RwSignal::new(false);
    let copied = move |ok: bool| {
        if ok {
            done.set(true);
            // The button may be gone when the time is up.
            set_timeout(move || _ = done.try_set(false), TICK);
        }
        if let Some(on_copied) = on_copied {
            on_copied.run(ok);
        }
    };
    let click = move |_| copy_text(text.run(()), copied);
    view! { <IconButton icon=IconName::Copy label small=true done on_click=click/> }.into_any()
}

/// Copies `text` and then says whether it worked.
///
/// Browsers offer the clipboard to pages loaded over HTTPS or from the same machine only; elsewhere the older way is
/// tried.
#[cfg(feature = "hydrate")]
pub fn copy_text(text: String, then: impl FnOnce(bool) + 'static) {
    if !window().is_secure_context() {
        return then(copy_selected(&text).unwrap_or(false));
    }
    let promise = window().navigator().clipboard().write_text(&text);
    leptos::task::spawn_local(async move {
        then(wasm_bindgen_futures::JsFuture::from(promise).await.is_ok());
    });
}

/// Nothing to copy to: there is no clipboard on a server.
#[cfg(not(feature = "hydrate"))]
pub fn copy_text(_text: String, then: impl FnOnce(bool) + 'static) {
    then(false);
}

/// Copies by selecting the text in a field that nobody sees, and gives the focus back.
#[cfg(feature = "hydrate")]
fn copy_selected(text: &str) -> Option<bool> {
    use wasm_bindgen::JsCast as _;

    let focused = document().active_element().and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    let field: web_sys::HtmlTextAreaElement = document().create_element("textarea").ok()?.unchecked_into();
    field.set_value(text);
    field.set_class_name("sr");
    // Inside an open dialog everything else is inert and cannot be selected.
    let place =
        focused.as_ref().and_then(|element| element.parent_element()).or_else(|| document().body().map(Into::into))?;
    place.append_child(&field).ok()?;
    field.select();
    let copied = document().unchecked_into::<web_sys::HtmlDocument>().exec_command("copy").unwrap_or(false);
    field.remove();
    if let Some(element) = focused {
        _ = element.focus();
    }
    Some(copied)
}
