//! What a browser calls itself, in words.
//!
//! Every browser names the others too, so the order matters: what is special stands before what it is built on.

/// Marks in a user agent and the browser that leaves them.
const BROWSERS: [(&str, &str); 15] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("OPT/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chromium/", "Chromium"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];

/// Marks in a user agent and the system that leaves them.
const SYSTEMS: [(&str, &str); 12] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Fedora", "Fedora"),
    ("Ubuntu", "Ubuntu"),
    ("Linux", "Linux"),
    ("FreeBSD", "FreeBSD"),
    ("OpenBSD", "OpenBSD"),
    ("NetBSD", "NetBSD"),
];

/// A browser and what it runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Browser {
    name: Option<&'static str>,
    system: Option<&'static str>,
}

impl Browser {
    /// Reads the header `User-Agent` (RFC 9110, section 10.1.5): what somebody says, and no more than that.
    pub(super) fn of(user_agent: &str) -> Self {
        let find = |marks: &[(&str, &'static str)]| {
            marks.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
        };
        Self { name: find(&BROWSERS), system: find(&SYSTEMS) }
    }

    /// "Firefox on Linux".
    pub(super) fn label(self) -> String {
        let name = self.name.unwrap_or("Unknown browser");
        self.system.map_or_else(|| name.to_owned(), |system| [name, " on ", system].concat())
    }

    /// It is held in a hand.
    pub(super) fn is_handheld(self) -> bool {
        self.system.is_some_and(|system| ["iPhone", "iPad", "Android"].contains(&system))
    }
}

/// The header `User-Agent` in words: "Firefox on Linux".
pub fn browser_label(user_agent: &str) -> String {
    Browser::of(user_agent).label()
}

#[cfg(test)]
mod tests;
