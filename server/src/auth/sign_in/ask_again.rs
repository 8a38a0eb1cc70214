//! A browser in which somebody has signed out: the next sign-in asks who it is, even if the provider still knows.

use axum::http::{HeaderMap, HeaderValue, header};

const NAME: &str = "confab-ask-again";

/// The cookie that remembers it, until the browser is closed.
pub fn set() -> HeaderValue {
    HeaderValue::from_static("confab-ask-again=1; Path=/; HttpOnly; SameSite=Lax")
}

/// The cookie that forgets it.
pub fn forget() -> HeaderValue {
    HeaderValue::from_static("confab-ask-again=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
}

/// Whether the browser remembers it.
pub fn is_set(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).any(|pair| pair.trim().split('=').next() == Some(NAME))
}
