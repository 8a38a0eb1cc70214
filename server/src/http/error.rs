//! Faults that no handler expected.

use app::error::AppError;
use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
};
use std::{any::Any, error::Error};

/// Logs an internal fault with the chain of its causes, once, and gives the reference under which it stands
/// in the log: eight letters and digits, as in `7F3K-92QD`.
pub fn report(error: &(dyn Error + 'static)) -> String {
    let mut causes = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push(cause.to_string());
        next = cause.source();
    }
    let reference = reference();
    tracing::error!(reference, causes = causes.join(": "), "internal fault: {error}");
    reference
}

/// Letters and digits that can't be mistaken for each other (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A new one.
pub fn reference() -> String {
    let mut random = [0u8; 8];
    if getrandom::fill(&mut random).is_err() {
        return "0000-0000".into();
    }
    let digit = |byte: &u8| char::from(ALPHABET[usize::from(byte % 32)]);
    let (left, right) = random.split_at(4);
    left.iter().map(digit).chain(['-']).chain(right.iter().map(digit)).collect()
}

/// The answer to a request whose handler panicked. The process goes on.
pub fn panicked(panic: Box<dyn Any + Send>) -> Response<Body> {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    let reference = reference();
    tracing::error!(reference, "a handler panicked: {}", text.unwrap_or("unknown"));
    let body = serde_json::to_string(&AppError::Internal(reference)).unwrap_or_default();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
