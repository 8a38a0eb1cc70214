//! Questions to a model that are no turns: for a title, or a summary.

use super::TurnRunner;
use chat::{
    Failure, FailureKind, ModelInfo, Usage, UserId,
    ports::{ModelEvent, Spent, StopReason},
    prompt::ChatRequest,
};
use futures::StreamExt;
use std::time::Duration;
use tokio::time::timeout;

/// The longest answer that is read, in bytes.
const LONGEST: usize = 50_000;

/// Asks a model and gives its whole answer. What it used is its user's, as with a turn.
pub(super) async fn ask(
    runner: &TurnRunner,
    owner: UserId,
    model: &ModelInfo,
    request: ChatRequest,
    patience: Duration,
) -> Result<String, Failure> {
    let mut usage = Usage::default();
    let answer = timeout(patience, answer(runner, request, &mut usage)).await;
    let cost = model.prices.and_then(|prices| prices.of(usage));
    let spent = Spent { at: runner.parts.clock.now(), model: model.id.clone(), turns: 0, usage, cost };
    if usage != Usage::default() {
        count(runner, owner, &spent).await;
    }
    let too_slow = || failure(FailureKind::TimedOut, "The model took too long. Try again, or choose another one.");
    answer.unwrap_or_else(|_| Err(too_slow()))
}

/// Adds to what somebody has used.
pub(super) async fn count(runner: &TurnRunner, owner: UserId, spent: &Spent) {
    if let Err(error) = runner.parts.turns.count(owner, spent).await {
        tracing::warn!(error = &error as &dyn std::error::Error, "tokens that were used could not be counted");
    }
}

async fn answer(runner: &TurnRunner, request: ChatRequest, usage: &mut Usage) -> Result<String, Failure> {
    let mut stream = runner.parts.models.ask(request);
    let mut text = String::new();
    while let Some(event) = stream.next().await {
        match event? {
            ModelEvent::Text(piece) if text.len() < LONGEST => text.push_str(&piece),
            ModelEvent::Usage(used) => *usage = used,
            ModelEvent::End(StopReason::Filtered) => {
                return Err(failure(FailureKind::Provider, "The provider withheld the answer."));
            }
            ModelEvent::End(_) => return Ok(text),
            ModelEvent::Phase(_) | ModelEvent::Reasoning(_) | ModelEvent::Text(_) => {}
        }
    }
    Err(failure(FailureKind::Incomplete, "The answer broke off. Try again."))
}

pub(super) fn failure(kind: FailureKind, message: &str) -> Failure {
    Failure { kind, message: message.into() }
}
