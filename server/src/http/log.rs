//! One line in the log for each request.

use axum::{extract::Request, middleware::Next, response::Response};
use std::time::Instant;

/// The layer: logs method, path, status and time. Never the query, which may hold a token, and of the
/// addresses that are secrets themselves, of login links and shared conversations, only their kind.
pub async fn requests(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let path = loggable(request.uri().path());
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let millis = began.elapsed().as_secs_f64() * 1000.0;
    if path.starts_with("/pkg/") {
        tracing::debug!(%method, path, status, millis, "request");
    } else {
        tracing::info!(%method, path, status, millis, "request");
    }
    response
}

fn loggable(path: &str) -> String {
    match ["/login/", "/s/"].into_iter().find(|secret| path.starts_with(secret)) {
        Some(kind) => format!("{kind}…"),
        None => path.chars().take(200).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_in_addresses_are_not_logged() {
        assert_eq!(loggable("/login/abc"), "/login/…");
        assert_eq!(loggable("/s/abc"), "/s/…");
        assert_eq!(loggable("/c/1"), "/c/1");
        assert_eq!(loggable(&"/x".repeat(1_000)).len(), 200);
    }
}
