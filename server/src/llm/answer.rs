//! One answer: the request, its repetitions, the connection and its silences around the [`Decoder`].

use super::{
    decoder::{Decoder, Fault},
    dialect::{self, Call},
    remote::Shared,
    retry::{Again, Retries},
    site::may_pass,
    told::Told,
};
use chat::{
    Failure,
    ports::{ModelEvent, ModelStream},
};
use futures::{StreamExt, stream};
use reqwest::{
    Response,
    header::{ACCEPT, RETRY_AFTER},
};
use std::{collections::VecDeque, sync::Arc, time::Duration};
use tokio::time::{Instant, sleep, timeout};

/// The most bytes that are read of an answer that tells of an error.
const MAX_ERROR_BYTES: usize = 64 << 10;

/// How long the body of an answer that tells of an error may take.
const ERROR_PATIENCE: Duration = Duration::from_secs(10);

type Item = Result<ModelEvent, Failure>;

/// A failure, and whether the question may be asked again.
type Refused = (Failure, Again);

/// Makes a call that asks `model`, and streams what comes. Dropping the stream closes the connection.
pub fn stream(shared: Arc<Shared>, call: Call, model: String) -> ModelStream {
    let deadline = Instant::now() + shared.limits.total;
    let (retries, last) = (Retries::default(), VecDeque::new());
    let answer = Answer { shared, call, model, deadline, retries, state: State::Unasked, last };
    stream::unfold(answer, |mut answer| async move {
        let item = answer.next().await?;
        Some((item, answer))
    })
    .boxed()
}

struct Answer {
    shared: Arc<Shared>,
    call: Call,
    model: String,
    deadline: Instant,
    retries: Retries,
    state: State,
    /// What is still to be handed out after the connection is closed.
    last: VecDeque<Item>,
}

enum State {
    Unasked,
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
    async fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.last.pop_front() {
                return Some(item);
            }
            match &mut self.state {
                State::Closed => return None,
                State::Unasked => match self.open().await {
                    Ok(reading) => self.state = State::Reading(Box::new(reading)),
                    Err(refused) => self.again_or_fail(refused).await,
                },
                State::Reading(reading) => match reading.decoder.next() {
                    Some(event) => return Some(Ok(event)),
                    None => self.read().await,
                },
            }
        }
    }

    /// Makes the request.
    async fn open(&mut self) -> Result<Reading, Refused> {
        let Shared { site, limits, routes, dialect, .. } = &*self.shared;
        let route = routes.get(self.retries.pick(routes));
        let request = self.shared.request(route, &self.call).header(ACCEPT, "text/event-stream, application/json");
        let left = self.deadline.saturating_duration_since(Instant::now());
        let response = match timeout(limits.idle.min(left), request.send()).await {
            // Whoever is silent may be at work; asking again would make it work twice.
            Err(_) => return Err((site.silent(limits.idle, false), Again::Never)),
            Ok(Err(error)) => {
                let again = if may_pass(&error) { Again::Soon } else { Again::Never };
                return Err((site.unreachable(error, &route.host), again));
            }
            Ok(Ok(response)) => response,
        };
        let status = response.status();
        if !status.is_success() {
            let seconds =
                response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
            let body = timeout(ERROR_PATIENCE, beginning(response, MAX_ERROR_BYTES)).await.unwrap_or_default();
            let told = Told::in_body(&body);
            let failure = site.refused(status.as_u16(), seconds, &told, &self.model);
            return Err((failure, Again::after_status(status.as_u16(), seconds, &told)));
        }
        let decoder = dialect::decoder(&**dialect, limits.max_text);
        Ok(Reading { response, decoder, deadline: self.deadline, finished_at: None })
    }

    /// Waits until the question may be asked again; or this is the end.
    async fn again_or_fail(&mut self, (failure, again): Refused) {
        let wait = self.retries.next(&self.shared.routes, again, (self.shared.chance)());
        match wait.filter(|wait| Instant::now() + *wait < self.deadline) {
            Some(wait) => {
                tracing::info!(provider = self.shared.site.name, "asked again: {}", failure.message);
                self.state = State::Unasked;
                sleep(wait).await;
            }
            None => {
                self.state = State::Closed;
                self.last.push_back(Err(failure));
            }
        }
    }

    /// Waits for what comes next, and closes the answer when nothing more will come.
    async fn read(&mut self) {
        let State::Reading(reading) = &mut self.state else { return };
        let limits = &self.shared.limits;
        let waited = match reading.decoder.is_done() {
            true => Waited::End,
            false => reading.wait(self.shared.limits.idle, limits.after_finish).await,
        };
        if matches!(waited, Waited::Bytes) {
            return;
        }
        let again = waited.again();
        let mut items = reading.close(waited, &self.shared, &self.model);
        let had_text = reading.decoder.had_text();
        self.state = State::Closed;
        match items.pop_back() {
            Some(Err(failure)) if !had_text => self.again_or_fail((failure, again)).await,
            Some(item) => {
                items.push_back(item);
                self.last = items;
            }
            None => {}
        }
    }
}

impl Waited {
    /// Whether the question may be asked again, if nothing was to be read yet.
    fn again(&self) -> Again {
        match self {
            Self::Broken(_) => Again::Soon,
            Self::Fault(Fault::Reported(told)) => Again::after_error(told),
            _ => Again::Never,
        }
    }
}

impl Reading {
    async fn wait(&mut self, idle: Duration, after_finish: Duration) -> Waited {
        let now = Instant::now();
        let (patience, end) = if self.decoder.is_finished() {
            let finished_at = *self.finished_at.get_or_insert(now);
            (after_finish, finished_at + after_finish)
        } else {
            (idle, self.deadline)
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
    fn close(&mut self, waited: Waited, shared: &Shared, model: &str) -> VecDeque<Item> {
        let (decoder, site, limits) = (&mut self.decoder, &shared.site, &shared.limits);
        let had_text = decoder.had_text();
        let failure = match waited {
            Waited::Fault(fault) => Some(site.broken(&fault, model, had_text)),
            _ if decoder.is_finished() => None,
            Waited::Silence => Some(site.silent(limits.idle, had_text)),
            Waited::TooSlow => Some(site.too_slow(limits.total)),
            Waited::Broken(error) if !decoder.had_frames() => {
                let host = self.response.url().host_str().unwrap_or_default();
                Some(site.unreachable(error, host))
            }
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
