//! One answer: the request, the connection and its silences around the [`Decoder`].

use super::{
    Limits, Shared,
    decoder::{Decoder, Fault},
    site::Site,
    told::Told,
};
use chat::{
    Failure,
    ports::{ModelEvent, ModelStream},
    prompt::ChatRequest,
};
use futures::{StreamExt, stream};
use reqwest::{
    Method, RequestBuilder, Response,
    header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER},
};
use std::{collections::VecDeque, mem, sync::Arc, time::Duration};
use tokio::time::{Instant, timeout};

/// The most bytes that are read of an answer that tells of an error.
const MAX_ERROR_BYTES: usize = 64 << 10;

/// How long the body of an answer that tells of an error may take.
const ERROR_PATIENCE: Duration = Duration::from_secs(10);

type Item = Result<ModelEvent, Failure>;

/// Asks `model` and streams what comes. Dropping the stream closes the connection.
pub fn stream(shared: Arc<Shared>, request: &ChatRequest, model: String) -> ModelStream {
    let body = shared.body(request, &model);
    let request = shared
        .request(Method::POST, &["chat", "completions"])
        .header(CONTENT_TYPE, "application/json")
        .header(ACCEPT, "text/event-stream")
        .body(body);
    let answer = Answer { shared, model, state: State::Unasked(Box::new(request)), last: VecDeque::new() };
    stream::unfold(answer, |mut answer| async move {
        let item = answer.next().await?;
        Some((item, answer))
    })
    .boxed()
}

struct Answer {
    shared: Arc<Shared>,
    model: String,
    state: State,
    /// What is still to be handed out after the connection is closed.
    last: VecDeque<Item>,
}

enum State {
    Unasked(Box<RequestBuilder>),
    Reading(Box<Reading>),
    Closed,
}

struct Reading {
    response: Response,
    decoder: Decoder,
    deadline: Instant,
    finished_at: Option<Instant>,
}

/// What came of waiting for bytes.
enum Waited {
    Bytes,
    Fault(Fault),
    End,
    Broken(reqwest::Error),
    Silence,
    TooSlow,
}

impl Answer {
    async fn next(&mut self) -> Option<Result<ModelEvent, Failure>> {
        loop {
            if let Some(item) = self.last.pop_front() {
                return Some(item);
            }
            match &mut self.state {
                State::Closed => return None,
                State::Unasked(_) => {
                    if let Err(failure) = self.open().await {
                        return Some(Err(failure));
                    }
                }
                State::Reading(reading) => match reading.decoder.next() {
                    Some(event) => return Some(Ok(event)),
                    None => self.read().await,
                },
            }
        }
    }

    /// Makes the request. The state is closed afterwards unless an answer has begun.
    async fn open(&mut self) -> Result<(), Failure> {
        let State::Unasked(request) = mem::replace(&mut self.state, State::Closed) else {
            return Ok(());
        };
        let Shared { site, limits, .. } = &*self.shared;
        let deadline = Instant::now() + limits.total;
        let response = match timeout(limits.idle, request.send()).await {
            Err(_) => return Err(site.silent(limits.idle, false)),
            Ok(Err(error)) => return Err(site.unreachable(error)),
            Ok(Ok(response)) => response,
        };
        let status = response.status();
        if !status.is_success() {
            let seconds =
                response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
            let body = timeout(ERROR_PATIENCE, beginning(response, MAX_ERROR_BYTES)).await.unwrap_or_default();
            return Err(site.refused(status.as_u16(), seconds, &Told::in_body(&body), &self.model));
        }
        let reading = Reading { response, decoder: Decoder::default(), deadline, finished_at: None };
        self.state = State::Reading(Box::new(reading));
        Ok(())
    }

    /// Waits for what comes next, and closes the answer when nothing more will come.
    async fn read(&mut self) {
        let State::Reading(reading) = &mut self.state else { return };
        let limits = &self.shared.limits;
        let waited = match reading.decoder.is_done() {
            true => Waited::End,
            false => reading.wait(limits).await,
        };
        if !matches!(waited, Waited::Bytes) {
            self.last = reading.close(waited, &self.shared.site, limits, &self.model);
            self.state = State::Closed;
        }
    }
}

impl Reading {
    async fn wait(&mut self, limits: &Limits) -> Waited {
        let now = Instant::now();
        let (patience, end) = if self.decoder.is_finished() {
            let finished_at = *self.finished_at.get_or_insert(now);
            (limits.after_finish, finished_at + limits.after_finish)
        } else {
            (limits.idle, self.deadline)
        };
        let left = end.saturating_duration_since(now);
        match timeout(patience.min(left), self.response.chunk()).await {
            Ok(Ok(Some(bytes))) => match self.decoder.push(&bytes) {
                Ok(()) => Waited::Bytes,
                Err(fault) => Waited::Fault(fault),
            },
            Ok(Ok(None)) => Waited::End,
            Ok(Err(error)) => Waited::Broken(error),
            Err(_) if left < patience => Waited::TooSlow,
            Err(_) => Waited::Silence,
        }
    }

    /// The last items of the answer.
    fn close(&mut self, waited: Waited, site: &Site, limits: &Limits, model: &str) -> VecDeque<Item> {
        let decoder = &mut self.decoder;
        let had_text = decoder.had_text();
        let failure = match waited {
            Waited::Fault(fault) => Some(site.broken(&fault, model, had_text)),
            _ if decoder.is_finished() => None,
            Waited::Silence => Some(site.silent(limits.idle, had_text)),
            Waited::TooSlow => Some(site.too_slow(limits.total)),
            Waited::Broken(error) if !decoder.had_frames() => Some(site.unreachable(error)),
            Waited::Broken(_) | Waited::End | Waited::Bytes => None,
        };
        let end = match failure {
            Some(failure) => Err(failure),
            None => decoder.finish().map_err(|fault| site.broken(&fault, model, had_text)),
        };
        let mut items: VecDeque<Item> = std::iter::from_fn(|| decoder.next().map(Ok)).collect();
        match end {
            Ok(events) => items.extend(events.into_iter().map(Ok)),
            Err(failure) => items.push_back(Err(failure)),
        }
        items
    }
}

/// The beginning of a body, as far as it comes.
pub async fn beginning(mut response: Response, max: usize) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(bytes)) = response.chunk().await {
        let room = max - body.len();
        body.extend_from_slice(&bytes[..bytes.len().min(room)]);
        if body.len() == max {
            break;
        }
    }
    body
}
