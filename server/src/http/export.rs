//! `GET /c/{id}/export` and `GET /settings/data/archive`: what users take away. A browser saves it and shows none of it.

use super::{client::ClientAddress, error::report};
use crate::{
    auth::audit::record,
    state::AppState,
    transfer::{
        archive::{self, ArchiveError},
        export::{Format, file_name},
    },
};
use app::context::Visitor;
use axum::{
    Extension,
    body::Body,
    extract::{Path, Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chat::{
    FileName,
    audit::{AuditKind, By, NewAuditEntry},
};
use serde::Deserialize;
use tokio::fs::File;
use tokio_util::io::ReaderStream;

/// What an address says of the format: `json` or `markdown`.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    format: String,
}

/// One conversation. 404 for one that is not there or not theirs.
pub async fn conversation(
    State(state): State<AppState>,
    Extension(Visitor(visitor)): Extension<Visitor>,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let Some(user) = visitor else { return StatusCode::UNAUTHORIZED.into_response() };
    let Some(format) = Format::parse(&wanted.format) else { return StatusCode::NOT_FOUND.into_response() };
    let Ok(id) = id.parse() else { return StatusCode::NOT_FOUND.into_response() };
    match state.exports.whole(user.id, id).await {
        Ok(Some(whole)) => saved(&file_name(&whole, format), Body::from(format.write(&whole))),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => failed(&error.into()),
    }
}

/// All conversations of whoever asks, as an archive.
pub async fn everything(
    State(state): State<AppState>,
    Extension(Visitor(visitor)): Extension<Visitor>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let Some(user) = visitor else { return StatusCode::UNAUTHORIZED.into_response() };
    let Some(format) = Format::parse(&wanted.format) else { return StatusCode::NOT_FOUND.into_response() };
    match archive::everything(&*state.exports, user.id, format, &state.folder).await {
        Ok(file) => {
            let by = By { user: Some(user.id), name: user.name, address, at: state.services.clock.now() };
            let entry = NewAuditEntry::new(by, AuditKind::Exported, "").with("as", format.name());
            record(&*state.services.audit, entry).await;
            let length = file.metadata().map(|file| file.len()).ok();
            let mut response = saved("confab.zip", Body::from_stream(ReaderStream::new(File::from_std(file))));
            if let Some(length) = length {
                response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
            }
            response
        }
        Err(error) => failed(&error),
    }
}

/// A file to be saved under a name.
fn saved(name: &str, body: Body) -> Response {
    let name = super::files::encoded(&FileName::parse(name));
    let mut response = body.into_response();
    for (header, value) in [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CONTENT_DISPOSITION, &*format!("attachment; filename*=UTF-8''{name}")),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "private, no-store"),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(header, value);
        }
    }
    response
}

fn failed(error: &ArchiveError) -> Response {
    let text = format!("Something broke on our side. Reference {}.", report(error));
    (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
}
