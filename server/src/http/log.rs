//! One line in the log for each request.

use axum::{extract::Request, middleware::Next, response::Response};
use std::time::Instant;

/// The layer: logs method, path, status and time. Never the query, which may hold a token, and of the
/// address of a login link only its kind.
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
    if path.starts_with("/login/") { "/login/…".into() } else { path.chars().take(200).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_of_a_login_link_is_not_logged() {
        assert_eq!(loggable("/login/abc"), "/login/…");
        assert_eq!(loggable("/c/1"), "/c/1");
        assert_eq!(loggable(&"/x".repeat(1_000)).len(), 200);
    }
}
