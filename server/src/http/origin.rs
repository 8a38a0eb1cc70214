//! Requests that change something are taken from our own pages only.
//!
//! Server functions do not look at where a request comes from, so this stands in front of everything
//! (OWASP ASVS 5.0, 3.5.1). It reads headers only: a refused request's body is never read.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

/// The methods that the server knows.
const METHODS: [Method; 3] = [Method::GET, Method::HEAD, Method::POST];

/// The one place where something can be deleted by its address.
const FILES: &str = "/api/files/";

/// Called by servers, which no page can make do it; what they send is signed.
const BACKCHANNEL: &str = "/api/auth/backchannel-logout/";

/// The origin of our own pages.
#[derive(Clone)]
pub struct OwnOrigin(pub Arc<str>);

/// The layer: refuses unknown methods, and unsafe ones that do not come from our own pages.
pub async fn check(State(own): State<OwnOrigin>, mut request: Request, next: Next) -> Response {
    let method = request.method();
    let deletes = method == Method::DELETE && request.uri().path().starts_with(FILES);
    if !METHODS.contains(method) && !deletes {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD, POST")]).into_response();
    }
    let from_a_server = request.uri().path().starts_with(BACKCHANNEL);
    if (method == Method::POST || deletes) && !from_a_server && !is_ours(request.headers(), &own.0) {
        tracing::warn!(path = request.uri().path(), "refused a request from another site");
        // Who came by another name of this server is told the one that it was given.
        let text = format!(
            "This request did not come from a page of this server, which is at {}. Open it there, or set APP_URL to the \
             address that you use.",
            own.0
        );
        return (StatusCode::FORBIDDEN, text).into_response();
    }
    // A form that leads nowhere else is led back by it.
    let is_own_page = |referer: &HeaderValue| referer.to_str().is_ok_and(|referer| is_below(referer, &own.0));
    if !request.headers().get(header::REFERER).is_none_or(is_own_page) {
        request.headers_mut().remove(header::REFERER);
    }
    next.run(request).await
}

fn is_below(address: &str, origin: &str) -> bool {
    address.strip_prefix(origin).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// `Sec-Fetch-Site` is set by the browser and can't be forged by a page; browsers that do not send it send
/// `Origin` with every POST and DELETE (Fetch standard).
fn is_ours(headers: &HeaderMap, own: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => origin == own,
        (None, None) => false,
    }
}
