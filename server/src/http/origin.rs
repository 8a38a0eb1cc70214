//! Requests that change something are taken from our own pages only.
//!
//! Server functions do not look at where a request comes from, so this stands in front of everything
//! (OWASP ASVS 5.0, 3.5.1). It reads headers only: a refused request's body is never read.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

/// The methods that the server knows.
const METHODS: [Method; 3] = [Method::GET, Method::HEAD, Method::POST];

/// The origin of our own pages.
#[derive(Clone)]
pub struct OwnOrigin(pub Arc<str>);

/// The layer: refuses unknown methods, and unsafe ones that do not come from our own pages.
pub async fn check(State(own): State<OwnOrigin>, request: Request, next: Next) -> Response {
    let method = request.method();
    if !METHODS.contains(method) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD, POST")]).into_response();
    }
    if method == Method::POST && !is_ours(request.headers(), &own.0) {
        tracing::warn!(path = request.uri().path(), "refused a request from another site");
        return (StatusCode::FORBIDDEN, "This request did not come from a page of this server.").into_response();
    }
    next.run(request).await
}

/// `Sec-Fetch-Site` is set by the browser and can't be forged by a page; browsers that do not send it send
/// `Origin` with every POST (Fetch standard).
fn is_ours(headers: &HeaderMap, own: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => origin == own,
        (None, None) => false,
    }
}
