//! `/api/files`: uploading a file, getting it back, and removing one that was not sent.
//!
//! An upload is the file itself as the body, with its name in the query: no form has to be taken apart, and what
//! browsers call its type decides nothing. A file is given to its owner only, so that what it does it does as what it
//! is: pictures are shown, everything else is saved, and nothing runs.

use super::{error::report, range::Range};
use crate::files::{FileKeeper, TakeError, Upload};
use app::context::{Services, Visitor};
use axum::{
    Extension, Json,
    body::Body,
    extract::{Path, Query, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chat::{
    FileId, FileName,
    ports::{KeptFile, Removal, StoreError},
};
use serde::Deserialize;
use std::{
    fmt::Write,
    io::{self, Seek, SeekFrom},
};
use tokio::{fs::File, io::AsyncReadExt};
use tokio_util::io::ReaderStream;

/// What an upload says of itself.
#[derive(Debug, Deserialize)]
pub struct Named {
    #[serde(default)]
    name: String,
}

/// `POST /api/files?name=…`: takes the body as a file and answers it as an attachment (201). Faults are sentences.
pub async fn upload(
    State(keeper): State<FileKeeper>,
    State(services): State<Services>,
    Extension(Visitor(visitor)): Extension<Visitor>,
    Query(named): Query<Named>,
    request: Request,
) -> Response {
    let Some(user) = visitor else { return StatusCode::UNAUTHORIZED.into_response() };
    if let Some(refused) = refused_unread(request.headers(), keeper.limits.file_bytes) {
        return refused;
    }
    let upload = Upload {
        owner: user.id,
        id: FileId(services.ids.new_id()),
        name: FileName::parse(&named.name),
        now: services.clock.now(),
    };
    match keeper.take(upload, request.into_body().into_data_stream()).await {
        Ok(attachment) => (StatusCode::CREATED, Json(attachment)).into_response(),
        Err(error) => refused(error),
    }
}

/// What can be refused by its headers alone.
fn refused_unread(headers: &HeaderMap, limit: u64) -> Option<Response> {
    let says = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if says(header::CONTENT_TYPE).trim_start().to_ascii_lowercase().starts_with("multipart/") {
        let text = "Send the file itself as the body of the request, and its name in the address.";
        return Some((StatusCode::UNSUPPORTED_MEDIA_TYPE, text).into_response());
    }
    let announced = says(header::CONTENT_LENGTH).parse().ok();
    announced.filter(|length: &u64| *length > limit).map(|_| refused(TakeError::TooLarge(limit)))
}

fn refused(error: TakeError) -> Response {
    let status = match &error {
        TakeError::TooLarge(_) | TakeError::OverQuota(_) => StatusCode::PAYLOAD_TOO_LARGE,
        TakeError::Stalled => StatusCode::REQUEST_TIMEOUT,
        TakeError::Broken => StatusCode::BAD_REQUEST,
        TakeError::Unfit(_) => StatusCode::UNPROCESSABLE_ENTITY,
        TakeError::Full => StatusCode::INSUFFICIENT_STORAGE,
        TakeError::Stopping => StatusCode::SERVICE_UNAVAILABLE,
        TakeError::Store(StoreError::Busy) => {
            return (StatusCode::SERVICE_UNAVAILABLE, "The server is busy. Try again in a moment.").into_response();
        }
        TakeError::Store(_) | TakeError::Failed(_) => {
            let text = format!("Something broke on our side. Reference {}.", report(&error));
            return (StatusCode::INTERNAL_SERVER_ERROR, text).into_response();
        }
    };
    (status, error.to_string()).into_response()
}

/// `GET /api/files/{id}`: a file of whoever asks, or a range of it (RFC 9110, section 14). 404 for one that is not
/// there or not theirs.
pub async fn download(
    State(keeper): State<FileKeeper>,
    Extension(Visitor(visitor)): Extension<Visitor>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some(user) = visitor else { return StatusCode::UNAUTHORIZED.into_response() };
    let Ok(id) = id.parse() else { return StatusCode::NOT_FOUND.into_response() };
    match keeper.open(user.id, id).await {
        Ok(Some((file, opened))) => sent(&file, opened, &headers).unwrap_or_else(|error| refused(error.into())),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => refused(error),
    }
}

/// `DELETE /api/files/{id}`: removes a file that is in no message (204). 409 for one that is.
pub async fn remove(
    State(keeper): State<FileKeeper>,
    Extension(Visitor(visitor)): Extension<Visitor>,
    Path(id): Path<String>,
) -> Response {
    let Some(user) = visitor else { return StatusCode::UNAUTHORIZED.into_response() };
    let Ok(id) = id.parse() else { return StatusCode::NOT_FOUND.into_response() };
    match keeper.remove(user.id, id).await {
        Ok(Removal::Removed) => StatusCode::NO_CONTENT.into_response(),
        Ok(Removal::InMessage) => {
            (StatusCode::CONFLICT, "This file belongs to a message, and goes with it.").into_response()
        }
        Ok(Removal::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => refused(error.into()),
    }
}

fn sent(file: &KeptFile, mut opened: std::fs::File, request: &HeaderMap) -> io::Result<Response> {
    let length = opened.metadata()?.len();
    let tag = format!("\"{}\"", file.hash);
    let says = |name| request.get(name).and_then(|value| value.to_str().ok());
    let same = |name| says(name) == Some(tag.as_str());
    let range = match says(header::RANGE) {
        // A range of what the browser had before is not one of this.
        Some(range) if says(header::IF_RANGE).is_none() || same(header::IF_RANGE) => Range::parse(range, length),
        _ => Range::Whole,
    };
    let mut response = match range {
        _ if same(header::IF_NONE_MATCH) => StatusCode::NOT_MODIFIED.into_response(),
        Range::Whole => with_body(opened, length),
        Range::Part { first, last } => {
            opened.seek(SeekFrom::Start(first))?;
            let mut response = with_body(opened, last - first + 1);
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            set(&mut response, header::CONTENT_RANGE, &format!("bytes {first}-{last}/{length}"));
            response
        }
        Range::Beyond => {
            let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
            set(&mut response, header::CONTENT_RANGE, &format!("bytes */{length}"));
            return Ok(response);
        }
    };
    set(&mut response, header::ETAG, &tag);
    describe(&mut response, file);
    Ok(response)
}

fn with_body(opened: std::fs::File, length: u64) -> Response {
    let body = Body::from_stream(ReaderStream::new(File::from_std(opened).take(length)));
    let mut response = body.into_response();
    response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
    response
}

/// Says what a file is, so that nothing takes it for anything else.
fn describe(response: &mut Response, file: &KeptFile) {
    let attachment = &file.attachment;
    let is_utf8 = file.text == Some(file.hash);
    let (media_type, disposition) = match attachment.is_image() {
        true => (attachment.media_type.as_str(), "inline"),
        false if is_utf8 => ("text/plain; charset=utf-8", "attachment"),
        false => ("application/octet-stream", "attachment"),
    };
    let disposition = format!("{disposition}; filename*=UTF-8''{}", encoded(&attachment.name));
    for (name, value) in [
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_DISPOSITION, &disposition),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'; frame-ancestors 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (header::ACCEPT_RANGES, "bytes"),
        // What an id stands for never changes.
        (header::CACHE_CONTROL, "private, max-age=86400, immutable"),
    ] {
        set(response, name, value);
    }
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// A name as RFC 8187 has it in a header: everything but `attr-char` is written as the bytes of UTF-8.
pub(super) fn encoded(name: &FileName) -> String {
    name.as_str().bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            text.push(byte.into());
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn j02_a_full_disk_is_told_as_such() {
        for error in [
            TakeError::from(io::Error::from(io::ErrorKind::StorageFull)),
            TakeError::from(io::Error::from(io::ErrorKind::QuotaExceeded)),
            TakeError::from(StoreError::Full),
        ] {
            assert!(error.to_string().starts_with("The server's disk is full"), "{error}");
            assert_eq!(refused(error).status(), StatusCode::INSUFFICIENT_STORAGE);
        }
    }

    #[test]
    fn g01_a_name_in_a_header_is_written_in_ascii() {
        for (name, expected) in
            [("a b.txt", "a%20b.txt"), ("Grüße.md", "Gr%C3%BC%C3%9Fe.md"), ("a'\"();%*.x", "a%27%22%28%29%3B%25%2A.x")]
        {
            assert_eq!(encoded(&FileName::parse(name)), expected);
        }
    }
}
