//! `POST /settings/data`: the form of the page *Your data* that brings a file to import.

use super::error::report;
use crate::{
    auth::audit::record,
    http::client::ClientAddress,
    page_with,
    state::AppState,
    transfer::importer::{FILE_BYTES, ImportError},
};
use app::context::{Imported, Visitor};
use axum::{
    Extension,
    extract::{FromRequest, Multipart, Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use chat::{
    UserId,
    audit::{AuditKind, By, NewAuditEntry},
    transfer::ImportReport,
};

/// Bytes that a form may have around its file.
const FORM: u64 = 10_000;

/// Imports the file, and answers with the page and what became of it.
pub async fn import(
    State(state): State<AppState>,
    Extension(Visitor(visitor)): Extension<Visitor>,
    request: Request,
) -> Response {
    let Some(user) = visitor else { return StatusCode::UNAUTHORIZED.into_response() };
    let (parts, body) = request.into_parts();
    let announced: Option<u64> =
        parts.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let taken = match announced {
        Some(length) if length > FILE_BYTES + FORM => Err(ImportError::TooLarge),
        _ => take(&state, user.id, Request::from_parts(parts.clone(), body)).await,
    };
    let (status, outcome) = match taken {
        Ok(report) => {
            let ClientAddress(address) = parts.extensions.get().copied().unwrap_or_default();
            let by = By { user: Some(user.id), name: user.name, address, at: state.services.clock.now() };
            let entry = NewAuditEntry::new(by, AuditKind::Imported, "");
            record(&*state.services.audit, entry.with("conversations", report.imported.to_string())).await;
            (StatusCode::OK, Ok(report))
        }
        Err(error) => {
            let (status, sentence) = told(&error);
            (status, Err(sentence))
        }
    };
    let mut response = page_with(&state, Imported(outcome), Request::from_parts(parts, Default::default())).await;
    if response.status().is_success() {
        *response.status_mut() = status;
    }
    response
}

async fn take(state: &AppState, owner: UserId, request: Request) -> Result<ImportReport, ImportError> {
    let mut form = Multipart::from_request(request, state).await.map_err(|_| ImportError::NoFile)?;
    while let Some(field) = form.next_field().await.map_err(|_| ImportError::Broken)? {
        if field.name() == Some("file") {
            return state.importer.take(owner, field).await;
        }
    }
    Err(ImportError::NoFile)
}

/// The status and the sentence for a file that was not imported.
fn told(error: &ImportError) -> (StatusCode, String) {
    let status = match error {
        ImportError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ImportError::NoFile | ImportError::Unreadable(_) => StatusCode::UNPROCESSABLE_ENTITY,
        ImportError::Broken => StatusCode::BAD_REQUEST,
        ImportError::OneAtATime | ImportError::Busy => StatusCode::SERVICE_UNAVAILABLE,
        ImportError::Full => StatusCode::INSUFFICIENT_STORAGE,
        ImportError::Failed(_) => {
            let sentence =
                format!("Something broke on our side, and nothing was imported. Reference {}.", report(error));
            return (StatusCode::INTERNAL_SERVER_ERROR, sentence);
        }
    };
    (status, error.to_string())
}
