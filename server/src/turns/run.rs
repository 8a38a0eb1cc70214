//! The task of one turn.

use super::{TurnRunner, gathered::Gathered, live::Live, opening};
use chat::{
    Failure, FailureKind, Message, ModelInfo, Outcome, Parameters, Summary, Title, Turn, TurnEvent,
    ports::{ModelEvent, StopReason},
    prompt::{ChatRequest, History},
};
use futures::{FutureExt, StreamExt};
use std::{collections::HashMap, panic::AssertUnwindSafe, pin::pin, sync::Arc, time::Duration};
use tokio::time::timeout;

/// How long a model may think about a title.
const TITLE_TIME: Duration = Duration::from_secs(20);

/// What a turn is to answer.
pub(super) struct Question {
    pub(super) branch: Vec<Message>,
    pub(super) summary: Option<Summary>,
    pub(super) parameters: Parameters,
    pub(super) model: ModelInfo,
}

impl Question {
    /// What the model is asked. A turn that goes on with an earlier one has its text at the end.
    fn request(&self, turn: &Turn) -> ChatRequest {
        let mut branch = self.branch.clone();
        if !turn.text.is_empty() {
            branch.push(Message::Reply(turn.clone()));
        }
        let files = HashMap::new();
        let history = History { parameters: &self.parameters, summary: self.summary.as_ref(), files: &files };
        ChatRequest::reply_to(&branch, &self.model, history)
    }
}

/// Runs a turn to its end, whatever happens.
pub(super) async fn run(runner: TurnRunner, live: Arc<Live>, question: Question) {
    let request = live.look(|turn| question.request(turn));
    let asked = AssertUnwindSafe(ask(&runner, &live, request)).catch_unwind().await;
    let outcome = asked.unwrap_or_else(|_| {
        tracing::error!(turn = %live.id, "a turn panicked");
        failed(FailureKind::Internal, "Something broke on our side. What had arrived is kept.")
    });
    let now = runner.parts.clock.now();
    let cost = question.model.prices.and_then(|prices| prices.of(live.look(|turn| turn.usage)));
    if let Some(cost) = cost {
        live.record(TurnEvent::Cost(cost), now);
    }
    live.record(TurnEvent::Finished(outcome), now);
    runner.flusher.wake();
    live.done.cancelled().await;
    let model = &question.model;
    let has_text = live.look(|turn| !turn.text.is_empty());
    if let Some(message) = opening(&question.branch).filter(|_| !model.demo && has_text) {
        suggest_title(&runner, &live, message, model).await;
    }
}

/// Asks the model and records what it says, until it ends one way or another.
async fn ask(runner: &TurnRunner, live: &Live, request: ChatRequest) -> Outcome {
    let mut answer = Gathered::new(runner.parts.models.ask(request));
    let mut cut_off = pin!(live.cut_off());
    loop {
        let item = tokio::select! {
            biased;
            outcome = &mut cut_off => return outcome,
            item = answer.next() => item,
        };
        let event = match item {
            Some(Ok(ModelEvent::Phase(phase))) => TurnEvent::Phase(phase),
            Some(Ok(ModelEvent::Reasoning(piece))) => TurnEvent::Reasoning(piece),
            Some(Ok(ModelEvent::Text(piece))) => TurnEvent::Text(piece),
            Some(Ok(ModelEvent::Usage(usage))) => TurnEvent::Usage(usage),
            Some(Ok(ModelEvent::End(reason))) => return ended(reason),
            Some(Err(failure)) => return Outcome::Failed(failure),
            None => return failed(FailureKind::Incomplete, "The answer broke off. What had arrived is kept."),
        };
        live.record(event, runner.parts.clock.now());
    }
}

fn ended(reason: StopReason) -> Outcome {
    match reason {
        StopReason::Done => Outcome::Complete,
        StopReason::Length => Outcome::Length,
        StopReason::Filtered => {
            failed(FailureKind::Provider, "The provider withheld the rest of the answer. Ask in other words.")
        }
    }
}

fn failed(kind: FailureKind, message: &str) -> Outcome {
    Outcome::Failed(Failure { kind, message: message.into() })
}

/// Asks the model for a title. Without one the title stays as it was cut from the message.
async fn suggest_title(runner: &TurnRunner, live: &Live, message: &str, model: &ModelInfo) {
    let answer = timeout(TITLE_TIME, title(runner, message, model));
    let title = tokio::select! {
        answer = answer => answer.ok().flatten(),
        () = runner.stopping.cancelled() => None,
    };
    let Some(title) = title else { return };
    let suggested = runner.parts.conversations.suggest_title(live.owner, live.conversation, &title).await;
    if let Err(error) = suggested {
        tracing::warn!(%error, "a title could not be stored");
    }
}

async fn title(runner: &TurnRunner, message: &str, model: &ModelInfo) -> Option<Title> {
    let mut stream = runner.parts.models.ask(ChatRequest::title_of(message, model.id.clone()));
    let mut text = String::new();
    while let Some(event) = stream.next().await {
        match event.ok()? {
            ModelEvent::Text(piece) if text.len() < 1_000 => text.push_str(&piece),
            ModelEvent::End(_) => return Title::from_model(&text),
            _ => {}
        }
    }
    None
}
