//! Headers that every response carries.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// The policy of everything that is not a page of ours: it may do nothing.
const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

const ALWAYS: [(HeaderName, HeaderValue); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

/// Whether browsers come by https, and so shall never come otherwise.
#[derive(Clone, Copy)]
pub struct Https(pub bool);

/// The layer: security headers on everything, `no-store` on everything that does not say otherwise.
pub async fn set(State(https): State<Https>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        or_insert(headers, name, value);
    }
    or_insert(headers, header::CONTENT_SECURITY_POLICY, NOTHING);
    or_insert(headers, header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    if https.0 {
        or_insert(headers, header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

fn or_insert(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}

/// The policy of a page (Content Security Policy Level 3). Scripts need the nonce, WebAssembly may be
/// compiled, everything comes from here. Without `'strict-dynamic'`: a script that a trusted script makes is
/// not trusted for it. The one thing of ours that may stand in a frame is `/diagram`; a frame can't be led elsewhere.
/// `form_targets` are the origins of sign-in providers: a form may be redirected to those only.
pub fn page_policy(nonce: &str, form_targets: &[String]) -> String {
    let targets: String = form_targets.iter().map(|origin| format!(" {origin}")).collect();
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
         font-src 'self'; connect-src 'self'; frame-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'{targets}; base-uri 'none'; \
         frame-ancestors 'none'; object-src 'none'"
    )
}
