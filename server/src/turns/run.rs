//! The task of one turn.

use super::{TurnRunner, gathered::Gathered, joint::Joint, live::Live, queue::Seat, temporary};
use chat::{
    Attachment, Failure, FailureKind, Message, ModelInfo, Outcome, Parameters, Phase, Summary, TurnEvent, TurnState,
    ports::{ModelEvent, StopReason, StoreError},
    prompt::{ChatRequest, History},
};
use futures::{FutureExt, StreamExt};
use std::{collections::HashMap, panic::AssertUnwindSafe, pin::pin, sync::Arc};

/// What a turn is to answer.
pub(super) struct Question {
    pub(super) branch: Vec<Message>,
    pub(super) summary: Option<Summary>,
    pub(super) parameters: Parameters,
    pub(super) model: ModelInfo,
}

impl Question {
    /// What the model is asked. A turn that goes on with an earlier one has its text at the end.
    async fn request(self, runner: &TurnRunner, live: &Live) -> Result<ChatRequest, StoreError> {
        let mut branch = self.branch;
        branch.extend(live.look(|turn| (!turn.text.is_empty()).then(|| Message::Reply(turn.clone()))));
        let files = attached(&branch);
        let files = match files.is_empty() {
            true => HashMap::new(),
            false => runner.parts.files.contents(live.owner, &files).await?,
        };
        let history = History { parameters: &self.parameters, summary: self.summary.as_ref(), files: &files };
        Ok(ChatRequest::reply_to(&branch, &self.model, history))
    }
}

fn attached(branch: &[Message]) -> Vec<Attachment> {
    let of = |message: &Message| match message {
        Message::User(message) => message.attachments.clone(),
        Message::Reply(_) => Vec::new(),
    };
    branch.iter().flat_map(of).collect()
}

/// Runs a turn to its end, whatever happens, and until that is stored.
pub(super) async fn run(runner: &TurnRunner, live: &Arc<Live>, question: Question, seat: Seat) {
    let prices = question.model.prices;
    let mut joint = live.look(|turn| Joint::after(&turn.text));
    let outcome = AssertUnwindSafe(answer(runner, live, question, seat, &mut joint)).catch_unwind().await;
    let outcome = outcome.unwrap_or_else(|_| {
        tracing::error!(turn = %live.id, "a turn panicked");
        failed(FailureKind::Internal, "Something broke on our side. What had arrived is kept.")
    });
    let now = runner.parts.clock.now();
    let rest = joint.rest();
    if !rest.is_empty() {
        live.record(TurnEvent::Text(rest), now);
    }
    let cost = prices.and_then(|prices| prices.of(live.look(|turn| turn.usage)));
    if let Some(cost) = cost {
        live.record(TurnEvent::Cost(cost), now);
    }
    live.record(TurnEvent::Finished(outcome), now);
    if live.is_kept() {
        runner.flusher.wake();
        live.done.cancelled().await;
    } else {
        temporary::end(runner, live).await;
    }
}

/// Waits for a seat, asks the model and records what it says, until it ends one way or another.
async fn answer(runner: &TurnRunner, live: &Live, question: Question, mut seat: Seat, joint: &mut Joint) -> Outcome {
    let mut cut_off = pin!(live.cut_off());
    let request = tokio::select! {
        biased;
        outcome = &mut cut_off => return outcome,
        () = seat.begins() => question.request(runner, live).await,
    };
    let request = match request {
        Ok(request) => request,
        Err(error) => {
            tracing::error!(turn = %live.id, error = &error as &dyn std::error::Error, "attached files can't be read");
            return failed(FailureKind::Internal, "The attached files can't be read at the moment. Try again.");
        }
    };
    if live.look(|turn| turn.state != TurnState::Running(Phase::Asked)) {
        live.record(TurnEvent::Phase(Phase::Asked), runner.parts.clock.now());
    }
    let mut answer = Gathered::new(runner.parts.models.ask(request));
    loop {
        let item = tokio::select! {
            biased;
            outcome = &mut cut_off => return outcome,
            item = answer.next() => item,
        };
        let event = match item {
            Some(Ok(ModelEvent::Phase(phase))) => TurnEvent::Phase(phase),
            Some(Ok(ModelEvent::Reasoning(piece))) => TurnEvent::Reasoning(piece),
            Some(Ok(ModelEvent::Text(piece))) => match joint.take(piece) {
                piece if piece.is_empty() => continue,
                piece => TurnEvent::Text(piece),
            },
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
