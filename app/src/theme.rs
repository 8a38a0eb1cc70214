//! Light or dark: what stands in the document for it, and changing it.

use crate::{
    browser,
    context::{Preferences, Theme},
};

/// When the light and the dark colour of the browser's own edges (`theme-color`) apply, as media queries.
pub(crate) const fn edge_media(theme: Theme) -> [&'static str; 2] {
    match theme {
        Theme::System => ["(prefers-color-scheme: light)", "(prefers-color-scheme: dark)"],
        Theme::Light => ["all", "not all"],
        Theme::Dark => ["not all", "all"],
    }
}

/// Changes the theme of this page and of those that the server will render for this browser.
pub(crate) fn choose(theme: Theme) {
    browser::set_cookie(Preferences::THEME_COOKIE, theme.word());
    browser::set_root_attribute("data-theme", theme.word());
    browser::set_attributes("meta[name=theme-color]", "media", &edge_media(theme));
}
