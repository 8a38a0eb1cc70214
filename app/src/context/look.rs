//! What somebody has chosen on the page *Appearance*, besides the theme.

use super::cookie;
use std::collections::HashMap;

/// How a browser's user wants to read and write. The document's root says it in the attribute `data-choices`, where style
/// sheets and scripts find it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Look(Vec<&'static str>);

/// A choice that differs from the usual: its word, and the field and value of the form that mean it. A box that is not
/// ticked sends nothing.
struct Choice {
    word: &'static str,
    field: &'static str,
    value: &'static str,
}

const CHOICES: [Choice; 7] = [
    Choice { word: "small", field: "size", value: "small" },
    Choice { word: "large", field: "size", value: "large" },
    Choice { word: "wide", field: "width", value: "wide" },
    Choice { word: "lines", field: "enter", value: "" },
    Choice { word: "bare", field: "statistics", value: "" },
    Choice { word: "reasoning", field: "reasoning", value: "on" },
    Choice { word: "still", field: "animate", value: "" },
];

impl Look {
    /// The cookie that holds the words of what was chosen, with dots between them.
    pub const COOKIE: &str = "confab-look";

    /// Reads the `Cookie` header. Words that nobody knows count as absent.
    pub fn from_cookies(header: &str) -> Self {
        let words = cookie(header, Self::COOKIE).unwrap_or_default();
        Self::of(|choice| words.split('.').any(|word| word == choice.word))
    }

    /// Reads the form of the page *Appearance*.
    pub fn from_form(fields: &HashMap<String, String>) -> Self {
        Self::of(|choice| fields.get(choice.field).map_or("", String::as_str) == choice.value)
    }

    fn of(chosen: impl Fn(&Choice) -> bool) -> Self {
        Self(CHOICES.iter().filter(|choice| chosen(choice)).map(|choice| choice.word).collect())
    }

    /// Whether a word is among what was chosen: `small`, `large` (text), `wide` (column), `lines` (Enter begins a new
    /// line), `bare` (no statistics), `reasoning` (is open while it runs), `still` (nothing is animated).
    pub fn has(&self, word: &str) -> bool {
        self.0.contains(&word)
    }

    /// The value of the cookie.
    pub fn cookie(&self) -> String {
        self.0.join(".")
    }

    /// The value of the attribute; none when all is as usual.
    pub fn attribute(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> Look {
        Look::from_form(&fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
    }

    const USUAL: [(&str, &str); 5] =
        [("size", "normal"), ("width", "column"), ("enter", "on"), ("statistics", "on"), ("animate", "on")];

    #[test]
    fn a_form_as_it_comes_changes_nothing_and_each_choice_comes_back_from_its_cookie() {
        assert_eq!(form(&USUAL), Look::default());
        assert_eq!(form(&USUAL).attribute(), None);
        let all = form(&[("size", "large"), ("width", "wide"), ("reasoning", "on")]);
        assert_eq!(all.attribute().as_deref(), Some("large wide lines bare reasoning still"));
        let header = format!("a=b; {}={}", Look::COOKIE, all.cookie());
        assert_eq!(Look::from_cookies(&header), all);
    }

    #[test]
    fn e16_only_words_that_are_known_reach_the_page() {
        for cookie in ["", "confab-look=", "confab-look=\"><script>", "confab-look=huge.WIDE", "confab-look"] {
            assert_eq!(Look::from_cookies(cookie), Look::default(), "{cookie}");
        }
        assert!(form(&[("size", "\"><script>"), ("width", "x")]).attribute().is_some_and(|words| !words.contains('<')));
    }
}
