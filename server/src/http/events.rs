//! `GET /api/turns/{id}/events`: watching a turn by server-sent events (HTML standard, section 9.2).
//!
//! A watcher says what it has seen, by `?after=N` or, when the browser reconnects, by `Last-Event-ID`. It
//! gets a snapshot unless that is where the turn is, then each event, then `event: end`.

use crate::auth::{SessionLayerParts, session::OwnSession};
use app::context::{Services, Visitor};
use axum::{
    Extension,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use chat::{Frame, Seq, ports::StoreError};
use futures::{StreamExt, stream};
use serde::Deserialize;
use std::{convert::Infallible, time::Duration};

/// Proxies and sleeping radios cut connections that are silent for longer.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Where a watcher is.
#[derive(Debug, Deserialize)]
pub struct Position {
    after: Option<String>,
}

/// Watches a turn. 401 for nobody, 404 for a turn that is not there or not theirs.
pub async fn watch(
    State(services): State<Services>,
    Extension(Visitor(visitor)): Extension<Visitor>,
    State(sessions): State<SessionLayerParts>,
    Extension(own): Extension<OwnSession>,
    Path(turn): Path<String>,
    Query(position): Query<Position>,
    headers: HeaderMap,
) -> Response {
    let Some(user) = visitor else { return StatusCode::UNAUTHORIZED.into_response() };
    let Some(signed_out) = sessions.end_of(own).await else { return StatusCode::UNAUTHORIZED.into_response() };
    let Ok(turn) = turn.parse() else { return StatusCode::NOT_FOUND.into_response() };
    // A number that is none, or not of this turn, only means that the watcher gets a snapshot.
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let seen = last.or(position.after).and_then(|text| text.parse().ok()).map(Seq);
    match services.runner.watch(user.id, turn, seen).await {
        Ok(Some(frames)) => {
            let end = stream::once(async { Event::default().event("end").data("{}") });
            let events = frames.map(|frame| event(&frame)).chain(end).map(Ok::<_, Infallible>).take_until(signed_out);
            let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response();
            let headers = response.headers_mut();
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
            headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
            response
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(StoreError::Failed(error)) => {
            crate::http::error::report(&*error);
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Err(StoreError::Busy | StoreError::Full) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

fn event(frame: &Frame) -> Event {
    let (name, seq, json) = match frame {
        Frame::Snapshot(turn) => ("snapshot", turn.seq, serde_json::to_string(turn)),
        Frame::Event(numbered) => ("event", numbered.seq, serde_json::to_string(&**numbered)),
    };
    Event::default().event(name).id(seq.0.to_string()).data(json.unwrap_or_default())
}
