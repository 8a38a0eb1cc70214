//! What the server hands to the pages and server functions of one request.

use chat::{SendKey, Timestamp, User, time::UtcOffset};
use serde::{Deserialize, Serialize};

/// How somebody wants the pages to look. Kept in cookies, so that the server renders them right at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Preferences {
    /// The colours.
    pub theme: Theme,
    /// The sidebar is closed (on wide screens; on narrow ones it always begins closed).
    pub sidebar_closed: bool,
    /// How wide the sidebar is (on wide screens).
    pub sidebar_width: SidebarWidth,
    /// The browser's offset from UTC when it was last here.
    pub offset: UtcOffset,
}

/// How wide the sidebar is, in CSS pixels. The style sheet has a rule for each: a page's policy allows no styles in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SidebarWidth(i32);

impl SidebarWidth {
    /// The least.
    pub const MIN: i32 = 220;
    /// The most.
    pub const MAX: i32 = 420;
    /// Without anybody's choice.
    pub const USUAL: i32 = 272;
    /// Widths differ by so much.
    const STEP: i32 = 4;

    /// The width nearest to so many pixels.
    pub fn nearest(pixels: i32) -> Self {
        Self((pixels.clamp(Self::MIN, Self::MAX) + Self::STEP / 2) / Self::STEP * Self::STEP)
    }

    /// In pixels.
    pub fn pixels(self) -> i32 {
        self.0
    }
}

impl Default for SidebarWidth {
    fn default() -> Self {
        Self(Self::USUAL)
    }
}

/// The colours of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the browser's system has it.
    #[default]
    System,
    /// Ink on paper.
    Light,
    /// Paper on ink.
    Dark,
}

impl Theme {
    /// The word in the cookie and in the attribute `data-theme`; none for the system's.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }
}

impl Preferences {
    /// The cookie that holds the theme: `light` or `dark`.
    pub const THEME_COOKIE: &str = "confab-theme";
    /// The cookie that holds the sidebar: `closed` or nothing.
    pub const SIDEBAR_COOKIE: &str = "confab-sidebar";
    /// The cookie that holds the width of the sidebar, in pixels.
    pub const WIDTH_COOKIE: &str = "confab-sidebar-width";
    /// The cookie that holds the minutes ahead of UTC.
    pub const OFFSET_COOKIE: &str = "confab-utc-offset";

    /// Reads the `Cookie` header (RFC 6265, section 4.2). Values that make no sense count as absent.
    pub fn from_cookies(header: &str) -> Self {
        let get = |name: &str| cookie(header, name);
        Self {
            theme: match get(Self::THEME_COOKIE) {
                Some("light") => Theme::Light,
                Some("dark") => Theme::Dark,
                _ => Theme::System,
            },
            sidebar_closed: get(Self::SIDEBAR_COOKIE) == Some("closed"),
            sidebar_width: get(Self::WIDTH_COOKIE)
                .and_then(|v| v.parse().ok())
                .map(SidebarWidth::nearest)
                .unwrap_or_default(),
            offset: get(Self::OFFSET_COOKIE)
                .and_then(|v| v.parse().ok())
                .map(UtcOffset::from_minutes)
                .unwrap_or_default(),
        }
    }
}

/// The value of a cookie in a `Cookie` header.
fn cookie<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = header.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|pair| pair.0 == name).map(|pair| pair.1)
}

/// Facts about the request that server and browser must agree on when a page wakes up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageFacts {
    /// Who is signed in.
    pub visitor: Option<User>,
    /// How the page shall look.
    pub preferences: Preferences,
    /// The server's time while it rendered the page.
    pub now: Timestamp,
    /// A key for the first message, so that a form sent twice before the page woke up is one message.
    pub send_key: SendKey,
    /// The public name of this server, for the foot of a page.
    pub host: String,
}

#[cfg(feature = "ssr")]
mod look;
#[cfg(feature = "ssr")]
pub use look::Look;

#[cfg(feature = "ssr")]
mod server_side;
#[cfg(feature = "ssr")]
pub use server_side::*;

#[cfg(feature = "ssr")]
mod signing_in;
#[cfg(feature = "ssr")]
pub use signing_in::{AutoRedirect, RequestSignIn, SignInFailure, local_path};

#[cfg(not(feature = "ssr"))]
pub(crate) fn internal(_: &(dyn std::error::Error + 'static)) -> crate::error::AppError {
    crate::error::AppError::Internal("none".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_come_from_cookies_and_nonsense_is_ignored() {
        let read = Preferences::from_cookies("a=b; confab-theme=dark; confab-sidebar=closed; confab-utc-offset=-300");
        assert_eq!(read.theme, Theme::Dark);
        assert!(read.sidebar_closed);
        assert_eq!(read.offset.minutes(), -300);
        for header in ["", "confab-theme", "confab-theme=<script>; confab-sidebar=x; confab-utc-offset=99999", ";;=;"] {
            assert_eq!(Preferences::from_cookies(header), Preferences::default(), "{header}");
        }
    }

    #[test]
    fn a_width_is_one_that_the_style_sheet_knows() {
        for (cookie, width) in [("300", 300), ("301", 300), ("302", 304), ("1", 220), ("-7", 220), ("99999", 420)] {
            let read = Preferences::from_cookies(&["confab-sidebar-width=", cookie].concat());
            assert_eq!(read.sidebar_width.pixels(), width, "{cookie}");
        }
        let style = include_str!("../../style/pages/sidebar_width.scss");
        for pixels in (SidebarWidth::MIN..=SidebarWidth::MAX).map(|pixels| SidebarWidth::nearest(pixels).pixels()) {
            let rule = format!(".w{pixels} {{ --w-sidebar: {pixels}px; }}");
            assert!(style.contains(&rule) || pixels == SidebarWidth::USUAL, "{rule}");
        }
        for cookie in ["", "wide", "3e2", "99999999999"] {
            let read = Preferences::from_cookies(&["confab-sidebar-width=", cookie].concat());
            assert_eq!(read.sidebar_width.pixels(), SidebarWidth::USUAL, "{cookie}");
        }
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn only_paths_of_this_server_are_local() {
        for path in ["/", "/c/1?a=//b", "/signin?callbackUrl=%2F"] {
            assert!(is_path(path), "{path}");
        }
        for address in ["", "c/1", "//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)"]
        {
            assert!(!is_path(address), "{address}");
        }
    }
}
