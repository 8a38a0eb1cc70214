//! `GET /diagram`: the document in which a diagram is drawn.
//!
//! The page shows it in a frame without an origin, and this policy says the same once more, for whoever opens it otherwise.
//! What is drawn comes by a message, so the document knows nothing of anybody.

use crate::assets;
use axum::{
    http::{HeaderName, HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use leptos::nonce::Nonce;

/// The document. Nothing but its own script runs in it, nothing is loaded, nobody else may show it.
pub async fn document() -> Response {
    let nonce = Nonce::new();
    let inside = match assets::diagram() {
        Some(script) => format!("<script nonce=\"{nonce}\" src=\"{script}\"></script>"),
        None => "<p>This server was built without what draws diagrams.</p>".into(),
    };
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>Diagram</title><style>body{{margin:0;padding:1rem;text-align:center;overflow:auto}}svg{{max-height:1900px}}\
         </style></head><body>{inside}</body></html>"
    );
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'self'; sandbox allow-scripts"
    );
    let mut response = Html(html).into_response();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    headers.insert(HeaderName::from_static("referrer-policy"), HeaderValue::from_static("no-referrer"));
    response
}
