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
        let get = |name: &str| {
            header
                .split(';')
                .filter_map(|pair| pair.trim().split_once('='))
                .find(|pair| pair.0 == name)
                .map(|pair| pair.1)
        };
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
pub use server_side::*;

#[cfg(feature = "ssr")]
mod signing_in;
#[cfg(feature = "ssr")]
pub use signing_in::{AutoRedirect, RequestSignIn, SignInFailure, local_path};

#[cfg(feature = "ssr")]
mod server_side {
    use super::{PageFacts, Preferences};
    use crate::error::AppError;
    use chat::{
        SendKey, User,
        access::Access,
        audit::By,
        ports::{
            Audit, Clock, Conversations, Folders, Ids, Models, People, Providers, Rules, Runner, Search, UsageReport,
        },
        transfer::ImportReport,
    };
    use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
    use leptos::prelude::{expect_context, use_context};
    use leptos_axum::ResponseOptions;
    use std::{collections::HashMap, error::Error, net::IpAddr, sync::Arc};

    /// The ports that server functions call; the same for every request.
    #[derive(Clone)]
    pub struct Services {
        /// Conversations.
        pub conversations: Arc<dyn Conversations>,
        /// The order that users give to them.
        pub folders: Arc<dyn Folders>,
        /// What finds what was said.
        pub search: Arc<dyn Search>,
        /// Models.
        pub models: Arc<dyn Models>,
        /// Their providers, for the settings.
        pub providers: Arc<dyn Providers>,
        /// Who may use which model, and how much.
        pub rules: Arc<dyn Rules>,
        /// Everybody who has an account.
        pub people: Arc<dyn People>,
        /// What everybody has used.
        pub usage: Arc<dyn UsageReport>,
        /// The audit log.
        pub audit: Arc<dyn Audit>,
        /// Who may enter, as the settings of the server say.
        pub access: Arc<Access>,
        /// The runner of turns.
        pub runner: Arc<dyn Runner>,
        /// The time.
        pub clock: Arc<dyn Clock>,
        /// New ids.
        pub ids: Arc<dyn Ids>,
        /// Logs an internal fault with its chain of causes and gives the reference to show.
        pub report: fn(&(dyn Error + 'static)) -> String,
        /// The public name of this server.
        pub host: Arc<str>,
    }

    /// Who makes the request.
    #[derive(Clone, Debug, Default)]
    pub struct Visitor(pub Option<User>);

    /// The IP address that the request comes from; none when it is not known.
    #[derive(Clone, Copy, Debug, Default)]
    pub struct Caller(pub Option<IpAddr>);

    /// What a plain form has sent to the page that it stands on, by the names of its fields.
    #[derive(Clone, Debug, Default)]
    pub struct Posted(pub HashMap<String, String>);

    /// What became of the file that the form of *Your data* has brought, or why nothing was imported.
    #[derive(Clone, Debug)]
    pub struct Imported(pub Result<ImportReport, String>);

    /// The ports.
    pub fn services() -> Services {
        expect_context()
    }

    /// The user who makes the request: the first line of every server function that serves users only.
    pub fn signed_in() -> Result<User, AppError> {
        use_context::<Visitor>().and_then(|visitor| visitor.0).ok_or(AppError::SignedOut)
    }

    /// The user who makes the request, if they administer: the first line of every server function that serves
    /// administrators only.
    pub fn administrator() -> Result<User, AppError> {
        signed_in().and_then(|user| if user.role.administers() { Ok(user) } else { Err(AppError::Forbidden) })
    }

    /// A user who makes the request, for the audit log.
    pub fn by(user: &User) -> By {
        let Caller(address) = use_context().unwrap_or_default();
        By { user: Some(user.id), name: user.name.clone(), address, at: services().clock.now() }
    }

    /// Logs an internal fault and makes what the browser may know of it.
    pub(crate) fn internal(error: &(dyn Error + 'static)) -> AppError {
        AppError::Internal((services().report)(error))
    }

    /// Passes a server function's result on, with the status that belongs to an error. While a page is
    /// rendered the status is left alone: it is the page's to choose.
    pub(crate) fn respond<T, E: Into<AppError>>(result: Result<T, E>) -> Result<T, AppError> {
        let result = result.map_err(Into::into);
        if let Err(error) = &result
            && is_server_function_call()
        {
            set_status(error.status());
        }
        result
    }

    fn is_server_function_call() -> bool {
        use_context::<Parts>().is_some_and(|parts| parts.uri.path().starts_with("/api/"))
    }

    /// Sets the status of the response at hand.
    pub fn set_status(status: u16) {
        if let (Some(response), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
            response.set_status(status);
        }
    }

    /// Sends the browser to a page of ours with GET (303, RFC 9110, section 15.4.4). What is no path of this server
    /// leads nowhere.
    pub fn see_other(path: &str) {
        if is_path(path) {
            redirect(path);
        }
    }

    /// Like [`see_other`], but only when a plain form was sent, before the page woke up. Afterwards the
    /// page moves by itself.
    pub(crate) fn see_other_for_forms(path: &str) {
        if is_plain_form() {
            see_other(path);
        }
    }

    /// Sends a plain form to an address of somebody else, such as a sign-in provider's. Only for addresses that the
    /// settings of this server vouch for, never for what a request brought along.
    pub(crate) fn form_leaves_for(address: &str) {
        let absolute = address.starts_with("https://") || address.starts_with("http://");
        if absolute && is_plain_form() {
            redirect(address);
        }
    }

    fn redirect(address: &str) {
        if let (Some(response), Ok(address)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(address)) {
            response.insert_header(header::LOCATION, address);
            response.set_status(StatusCode::SEE_OTHER);
        }
    }

    /// Browsers take two slashes, of either kind, for the beginning of another server's name (URL Standard, "relative
    /// slash state").
    pub(super) fn is_path(address: &str) -> bool {
        address.starts_with('/') && !address[1..].starts_with(['/', '\\'])
    }

    fn is_plain_form() -> bool {
        let headers = use_context::<Parts>().map(|parts| parts.headers).unwrap_or_default();
        text_of(&headers, header::ACCEPT).contains("text/html")
    }

    /// The facts for the page that is being rendered.
    pub fn page_facts() -> PageFacts {
        let services = services();
        let headers = use_context::<Parts>().map(|parts| parts.headers).unwrap_or_default();
        PageFacts {
            visitor: use_context::<Visitor>().unwrap_or_default().0,
            preferences: Preferences::from_cookies(text_of(&headers, header::COOKIE)),
            now: services.clock.now(),
            send_key: SendKey(services.ids.new_id()),
            host: services.host.to_string(),
        }
    }

    /// The path and query that the browser asked for.
    pub fn requested_path() -> String {
        let path = use_context::<Parts>().and_then(|parts| parts.uri.path_and_query().map(ToString::to_string));
        path.unwrap_or_else(|| "/".into())
    }

    fn text_of(headers: &HeaderMap, name: header::HeaderName) -> &str {
        headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

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
