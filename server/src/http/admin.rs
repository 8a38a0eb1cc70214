//! What administrators change and export. The pages are those of the crate `app`; their forms are posted here, and each
//! answer leads back to a page (303), which says what was done.

mod access;
mod csv;
mod export;
mod people;

use crate::{
    http::{client::ClientAddress, error::report},
    state::AppState,
};
use app::context::Visitor;
use axum::{
    Router,
    extract::FromRequestParts,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use chat::{audit::By, ports::StoreError};

/// The routes. All of them are for administrators only.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/admin/people/disable", post(people::disable))
        .route("/api/admin/people/enable", post(people::enable))
        .route("/api/admin/people/end-sessions", post(people::end_sessions))
        .route("/api/admin/people/delete", post(people::delete))
        .route("/api/admin/people/refresh", post(people::refresh))
        .route("/api/admin/access/model", post(access::set_model))
        .route("/api/admin/access/limits", post(access::set_limits))
        .route("/admin/audit.csv", get(export::audit))
        .route("/admin/usage.csv", get(export::usage))
}

/// The administrator who makes a request: 401 for strangers, 403 for everybody else.
pub struct Administrator {
    by: By,
}

impl FromRequestParts<AppState> for Administrator {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, StatusCode> {
        let visitor = parts.extensions.get::<Visitor>().cloned().unwrap_or_default();
        let user = visitor.0.ok_or(StatusCode::UNAUTHORIZED)?;
        if !user.role.administers() {
            return Err(StatusCode::FORBIDDEN);
        }
        let ClientAddress(address) = parts.extensions.get().copied().unwrap_or_default();
        let by = By { user: Some(user.id), name: user.name.clone(), address, at: state.services.clock.now() };
        Ok(Self { by })
    }
}

/// Sends the browser to a page of ours with GET (RFC 9110, section 15.4.4).
pub(super) fn see_other(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(path) = HeaderValue::from_str(path) {
        response.headers_mut().insert(header::LOCATION, path);
    }
    response
}

/// A path with a query.
pub(super) fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    [path, "?", &query.finish()].concat()
}

/// Leads back to a page, which says that nothing could be stored. What is no matter of a moment is logged.
fn not_stored(page: &str, error: &StoreError) -> Response {
    match error {
        StoreError::Busy => see_other(&with_query(page, &[("done", "busy")])),
        StoreError::Full => see_other(&with_query(page, &[("done", "full")])),
        StoreError::Failed(_) => {
            let reference = report(error);
            see_other(&with_query(page, &[("done", "failed"), ("reference", &reference)]))
        }
    }
}
