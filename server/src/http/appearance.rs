//! `POST /settings/appearance`: how Confab looks and behaves in the browser that asks. Kept in its cookies.

use super::admin::see_other;
use app::context::{Look, Preferences, Visitor};
use axum::{
    Extension, Form,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::collections::HashMap;

/// Seconds for which a browser keeps it.
const YEAR: u32 = 31_536_000;

/// Takes what was chosen, and leads back to the page.
pub async fn save(
    Extension(Visitor(visitor)): Extension<Visitor>,
    Form(fields): Form<HashMap<String, String>>,
) -> Response {
    if visitor.is_none() {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let theme = match fields.get("theme").map(String::as_str) {
        Some("light") => "light",
        Some("dark") => "dark",
        _ => "",
    };
    let mut response = see_other("/settings/appearance?saved=1");
    for (name, value) in [(Preferences::THEME_COOKIE, theme), (Look::COOKIE, &Look::from_form(&fields).cookie())] {
        let age = if value.is_empty() { 0 } else { YEAR };
        // As the page itself sets them (RFC 6265, section 4.1): scripts read and change them.
        let cookie = format!("{name}={value}; Path=/; Max-Age={age}; SameSite=Lax");
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}
