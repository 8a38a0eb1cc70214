//! `GET /api/turns/{id}/events`: watching a turn by server-sent events (HTML standard, section 9.2).
//!
//! A watcher says what it has seen, by `?after=N` or, when the browser reconnects, by `Last-Event-ID`. It
//! gets a snapshot unless that is where the turn is, then each event, then `event: end`.

use crate::{
    auth::{SessionLayerParts, session::OwnSession},
    http::places::Places,
};
use app::context::{Services, Visitor};
use axum::{
    Extension,
    body::{Body, Bytes},
    extract::{FromRequestParts, Path, Query, State, rejection::QueryRejection},
    http::{HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use chat::{
    Frame, Seq, UserId,
    ports::{FrameStream, StoreError},
};
use futures::{FutureExt, Stream, StreamExt, stream};
use serde::Deserialize;
use std::{convert::Infallible, io::Write, time::Duration};
use tokio::time::timeout;

/// Proxies and sleeping radios cut connections that are silent for longer.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// How many streams one user may have open: a hundred tabs, and a bit.
const STREAMS_PER_USER: usize = 128;

/// The streams that are open, by user.
pub type OpenStreams = Places<UserId>;

/// A comment, which nobody is told of.
const SILENCE: Bytes = Bytes::from_static(b":\n\n");

/// The last event of each stream.
const END: Bytes = Bytes::from_static(b"event: end\ndata: {}\n\n");

/// Bytes beyond which no more events are put into one piece of the response.
const ENOUGH: usize = 16 << 10;

const HEADERS: [(HeaderName, HeaderValue); 3] = [
    (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
    (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
];

/// What a watcher has seen. A number that is none, or not of this turn, only means that the watcher gets a snapshot.
pub struct Seen(Option<Seq>);

#[derive(Deserialize)]
struct Position {
    after: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for Seen {
    type Rejection = QueryRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, QueryRejection> {
        let Query(position) = Query::<Position>::try_from_uri(&parts.uri)?;
        let last = parts.headers.get("last-event-id").and_then(|value| value.to_str().ok()).map(str::to_owned);
        Ok(Self(last.or(position.after).and_then(|text| text.parse().ok()).map(Seq)))
    }
}

/// Watches a turn. 401 for nobody, 404 for a turn that is not there or not theirs.
pub async fn watch(
    State(services): State<Services>,
    Extension(Visitor(visitor)): Extension<Visitor>,
    State(sessions): State<SessionLayerParts>,
    State(open): State<OpenStreams>,
    Extension(own): Extension<OwnSession>,
    Path(turn): Path<String>,
    Seen(seen): Seen,
) -> Response {
    let Some(user) = visitor else { return StatusCode::UNAUTHORIZED.into_response() };
    let Some(signed_out) = sessions.end_of(own).await else { return StatusCode::UNAUTHORIZED.into_response() };
    let Ok(turn) = turn.parse() else { return StatusCode::NOT_FOUND.into_response() };
    let Some(place) = open.hold(user.id, STREAMS_PER_USER) else {
        return (StatusCode::TOO_MANY_REQUESTS, "Too many tabs watch replies at once. Close some.").into_response();
    };
    match services.runner.watch(user.id, turn, seen).await {
        Ok(Some(frames)) => {
            let end = stream::once(async { END });
            let pieces = pieces(frames, HEARTBEAT).chain(end).take_until(signed_out);
            let pieces = pieces.map(move |piece| {
                let _held = &place;
                Ok::<_, Infallible>(piece)
            });
            (HEADERS, Body::from_stream(pieces)).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(StoreError::Failed(error)) => {
            crate::http::error::report(&*error);
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Err(StoreError::Busy | StoreError::Full) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// The events as they go over the wire. What is ready at the same time is one piece, and so is a comment after each
/// `heartbeat` of silence.
fn pieces(frames: FrameStream, heartbeat: Duration) -> impl Stream<Item = Bytes> {
    stream::unfold(frames.fuse(), move |mut frames| async move {
        let Ok(first) = timeout(heartbeat, frames.next()).await else { return Some((SILENCE, frames)) };
        let mut piece = Vec::with_capacity(128);
        write(&mut piece, &first?);
        while piece.len() < ENOUGH
            && let Some(Some(frame)) = frames.next().now_or_never()
        {
            write(&mut piece, &frame);
        }
        Some((piece.into(), frames))
    })
}

/// JSON has no line ends, so each event has one line of data. Nothing fails that is written to memory.
fn write(piece: &mut Vec<u8>, frame: &Frame) {
    let _ = match frame {
        Frame::Snapshot(turn) => {
            let _ = write!(piece, "event: snapshot\nid: {}\ndata: ", turn.seq.0);
            serde_json::to_writer(&mut *piece, turn)
        }
        Frame::Event(numbered) => {
            let _ = write!(piece, "event: event\nid: {}\ndata: ", numbered.seq.0);
            serde_json::to_writer(&mut *piece, &**numbered)
        }
    };
    piece.extend_from_slice(b"\n\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use chat::{Numbered, Timestamp, TurnEvent};
    use std::sync::Arc;

    fn text(n: u64, text: &str) -> Frame {
        Frame::Event(Arc::new(Numbered { seq: Seq(n), at: Timestamp(7), event: TurnEvent::Text(text.into()) }))
    }

    #[tokio::test(start_paused = true)]
    async fn events_that_are_ready_are_one_piece_and_silence_is_broken_by_comments() {
        let later = stream::once(async {
            tokio::time::sleep(HEARTBEAT * 5 / 2).await;
            text(3, "c\nd")
        });
        let frames = stream::iter([text(1, "a"), text(2, "b")]).chain(later);
        let told: Vec<Bytes> = pieces(Box::pin(frames), HEARTBEAT).collect().await;
        let expected: [&[u8]; 4] = [
            b"event: event\nid: 1\ndata: {\"seq\":1,\"at\":7,\"event\":{\"text\":\"a\"}}\n\n\
              event: event\nid: 2\ndata: {\"seq\":2,\"at\":7,\"event\":{\"text\":\"b\"}}\n\n",
            b":\n\n",
            b":\n\n",
            b"event: event\nid: 3\ndata: {\"seq\":3,\"at\":7,\"event\":{\"text\":\"c\\nd\"}}\n\n",
        ];
        assert_eq!(told, expected);
    }

    #[tokio::test]
    async fn a_piece_does_not_grow_without_end() {
        let frames = stream::iter((1..=1_000).map(|n| text(n, &"x".repeat(1_000))));
        let told: Vec<Bytes> = pieces(Box::pin(frames), HEARTBEAT).collect().await;
        assert!(told.len() > 50 && told.iter().all(|piece| piece.len() < 2 * ENOUGH), "{} pieces", told.len());
    }
}
