//! Upper and lower case. The page asks its browser: Rust's own tables of Unicode would weigh more than the sidebar.

/// The text in lower case.
#[cfg(not(feature = "hydrate"))]
pub fn lower(text: &str) -> String {
    text.to_lowercase()
}

/// The text in upper case.
#[cfg(not(feature = "hydrate"))]
pub fn upper(text: &str) -> String {
    text.to_uppercase()
}

/// The text in lower case.
#[cfg(feature = "hydrate")]
pub fn lower(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

/// The text in upper case.
#[cfg(feature = "hydrate")]
pub fn upper(text: &str) -> String {
    js_sys::JsString::from(text).to_upper_case().into()
}
