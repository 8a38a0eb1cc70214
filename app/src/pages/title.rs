//! The words on the tab.

use leptos::prelude::*;

/// Writes "TEXT · Confab" on the tab, and follows `text` for as long as its page is there.
///
/// In the browser this is an effect of its own: what `leptos_meta` keeps outlives the page by a moment, and would then
/// read a text that is gone.
#[component]
pub fn PageTitle(
    /// What the page is about.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let title = move || [&text.read(), " · Confab"].concat();
    #[cfg(feature = "ssr")]
    {
        let title = escape(&untrack(title));
        drop(view! { <leptos_meta::Title text=title/> });
    }
    #[cfg(not(feature = "ssr"))]
    crate::reactive::effect(move || document().set_title(&title()));
}

/// The server writes a title into the page as it is, and it is a user's or a model's text.
#[cfg(feature = "ssr")]
fn escape(title: &str) -> String {
    title.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::escape;

    #[test]
    fn a_title_cannot_end_its_element() {
        assert_eq!(escape("</title><script>&amp;"), "&lt;/title>&lt;script>&amp;amp;");
    }
}
