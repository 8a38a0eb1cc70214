//! Facts about a sign-in that failed, with names and codes set apart from the words around them.

use leptos::prelude::*;

/// What to change, and below it the facts to compare.
pub(super) fn list(fix: Option<String>, facts: Vec<(String, String)>) -> impl IntoView {
    let fix = fix.map(|fix| view! { <dt>"Likely fix"</dt> <dd>{words(&fix)}</dd> });
    let facts = facts.into_iter().filter(|(_, value)| !value.is_empty());
    let facts = facts.map(|(name, value)| view! { <dt>{name}</dt> <dd>{words(&value)}</dd> });
    view! { <dl class="kv">{fix} {facts.collect_view()}</dl> }.into_any()
}

fn words(text: &str) -> Vec<AnyView> {
    let piece = |(is_code, text): (bool, &str)| {
        let text = text.to_owned();
        if is_code { view! { <code>{text}</code> }.into_any() } else { text.into_any() }
    };
    pieces(text).into_iter().map(piece).collect()
}

/// The text in pieces, and whether each is one that people compare letter by letter.
fn pieces(text: &str) -> Vec<(bool, &str)> {
    let mut pieces: Vec<(bool, &str)> = Vec::new();
    let (mut begin, mut at) = (0, 0);
    for word in text.split_inclusive(' ') {
        let code = word.trim_end_matches([' ', '.', ',', ';', ':']);
        if is_code(code) {
            pieces.push((false, &text[begin..at]));
            pieces.push((true, code));
            begin = at + code.len();
        }
        at += word.len();
    }
    pieces.push((false, &text[begin..]));
    pieces.retain(|(_, piece)| !piece.is_empty());
    pieces
}

/// Names of settings, codes and addresses.
fn is_code(word: &str) -> bool {
    let name = word.contains('_') && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    name || word.starts_with("https://") || word.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn settings_codes_and_addresses_are_code() {
        for (text, expected) in [
            ("contractors, staff", &[(false, "contractors, staff")][..]),
            ("redirect_uri_mismatch", &[(true, "redirect_uri_mismatch")]),
            ("http://chat.example/api/auth", &[(true, "http://chat.example/api/auth")]),
            (
                "Set AUTH_AUTHENTIK_ISSUER to it, or A_B.",
                &[
                    (false, "Set "),
                    (true, "AUTH_AUTHENTIK_ISSUER"),
                    (false, " to it, or "),
                    (true, "A_B"),
                    (false, "."),
                ],
            ),
            ("_ä <script>alert(1)</script>", &[(false, "_ä <script>alert(1)</script>")]),
            ("", &[]),
        ] {
            assert_eq!(pieces(text), expected);
        }
    }
}
