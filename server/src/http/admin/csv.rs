//! Tables as comma-separated values (RFC 4180).

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use chat::Timestamp;
use futures::Stream;
use std::convert::Infallible;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// A line of cells. What a spreadsheet would take for a formula gets an apostrophe before it: others chose the text.
pub fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let cells = cells.into_iter().map(|cell| {
        let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { "'" } else { "" };
        if cell.contains(['"', ',', '\r', '\n']) {
            format!("\"{guard}{}\"", cell.replace('"', "\"\""))
        } else {
            [guard, cell].concat()
        }
    });
    let mut line = cells.collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

/// A time for machines and people (RFC 3339, in UTC, to the second).
pub fn moment(at: Timestamp) -> String {
    let at = OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1000)).ok();
    at.and_then(|at| at.format(&Rfc3339).ok()).unwrap_or_default()
}

/// The day of a time, in UTC.
pub fn day(at: Timestamp) -> String {
    moment(at).chars().take(10).collect()
}

/// A file to save, made as it is sent.
pub fn file(name: &str, lines: impl Stream<Item = String> + Send + 'static) -> Response {
    use futures::StreamExt;
    let body = Body::from_stream(lines.map(|lines| Ok::<_, Infallible>(Bytes::from(lines))));
    let mut response = body.into_response();
    let disposition = format!("attachment; filename=\"{name}\"");
    for (name, value) in [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, &disposition),
        (header::CACHE_CONTROL, "private, no-store"),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be_and_are_never_formulas() {
        assert_eq!(line(["a", "b c", ""]), "a,b c,\r\n");
        assert_eq!(line(["a,b", "say \"hi\"", "two\nlines"]), "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\r\n");
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            let text = line([formula]);
            assert!(text.trim_start_matches('"').starts_with('\''), "{text}");
        }
        assert_eq!(
            line(["=HYPERLINK(\"http://evil.example\",\"x\")"]),
            "\"'=HYPERLINK(\"\"http://evil.example\"\",\"\"x\"\")\"\r\n"
        );
    }

    #[test]
    fn times_are_those_of_utc() {
        assert_eq!(moment(Timestamp(1_795_424_400_123)), "2026-11-23T09:00:00Z");
        assert_eq!(day(Timestamp(1_795_424_400_123)), "2026-11-23");
    }
}
