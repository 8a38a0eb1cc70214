//! What the server hands to the pages that sign somebody in.

use chat::ports::SignIn;
use std::sync::Arc;

/// Signing in and out of the browser that makes the request.
#[derive(Clone)]
pub struct RequestSignIn(pub Arc<dyn SignIn>);

/// Whether the sign-in page leads to the only provider at once, without being looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AutoRedirect(pub bool);

/// A sign-in through a provider that failed, for the page that tells of it.
#[derive(Clone, Debug)]
pub struct SignInFailure {
    /// The status of the response. 403 means: known at the provider, but not let in here.
    pub status: u16,
    /// What happened.
    pub title: String,
    /// What is safe, and what to do.
    pub text: String,
    /// Facts about it, each with its name, such as the account that was used.
    pub facts: Vec<(String, String)>,
    /// What would most likely help, in words.
    pub fix: Option<String>,
    /// All that an administrator wants to know, as text to copy.
    pub details: String,
    /// The address of a new try.
    pub retry: Option<String>,
    /// The address that asks for another account.
    pub other: Option<String>,
}

/// The longest path to come back to, in bytes. Sealed in a cookie each of them can take three, and browsers throw cookies
/// of more than 4096 away.
const LONGEST_PATH: usize = 1_000;

/// The path to come back to, or the first page in place of whatever could lead elsewhere: an address, and what a browser
/// or a proxy that decodes it takes for one (URL Standard, "relative slash state").
pub fn local_path(wanted: &str) -> &str {
    let is_path = wanted.starts_with('/') && !wanted[1..].starts_with('/');
    let odd = |c: char| c == '\\' || c.is_whitespace() || c.is_control() || !c.is_ascii();
    let beginning = wanted.get(..4).unwrap_or(wanted).to_ascii_lowercase();
    let hidden = ["/%2f", "/%5c", "/%09", "/%0a", "/%0d"].contains(&beginning.as_str());
    if is_path && !hidden && wanted.len() <= LONGEST_PATH && !wanted.contains(odd) { wanted } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn paths_of_this_server_are_kept_and_everything_else_is_the_first_page() {
        for path in ["/", "/c/1?a=//b#c", "/signin?callbackUrl=%2F", "/c/%C3%A4", "/@evil.example"] {
            assert_eq!(local_path(path), path);
        }
        let long = "/".to_owned() + &"a".repeat(5_000);
        for address in [
            "",
            "c/1",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/%2Fevil.example",
            "/%5cevil.example",
            "/%0a/evil.example",
            "/c/ä",
            "https://evil.example/",
            "javascript:alert(1)",
            &long,
        ] {
            assert_eq!(local_path(address), "/", "{address:.60}");
        }
    }
}
