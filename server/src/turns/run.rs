//! The task of one turn.

use super::{TurnRunner, live::Live, opening};
use chat::{
    Failure, FailureKind, Message, ModelInfo, Outcome, Parameters, Seq, Summary, Title, Turn, TurnEvent,
    ports::{ModelEvent, Progress, StopReason, StoreError},
    prompt::{ChatRequest, History},
};
use futures::{FutureExt, StreamExt};
use std::{collections::HashMap, panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

/// How often a running turn is stored: `kill -9` loses no more than this.
const STORE_EVERY: Duration = Duration::from_millis(200);
/// Longest wait between two tries to store the end of a turn.
const STORE_RETRY: Duration = Duration::from_secs(5);
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
    let mut stored = Stored::of(&live.turn());
    let request = question.request(&live.turn());
    let asked = AssertUnwindSafe(ask(&runner, &live, request, &mut stored)).catch_unwind().await;
    let outcome = asked.unwrap_or_else(|_| {
        tracing::error!(turn = %live.turn().id, "a turn panicked");
        failed(FailureKind::Internal, "Something broke on our side. What had arrived is kept.")
    });
    let now = runner.parts.clock.now();
    let cost = question.model.prices.and_then(|prices| prices.of(live.turn().usage));
    if let Some(cost) = cost {
        live.record(TurnEvent::Cost(cost), now);
    }
    live.record(TurnEvent::Finished(outcome), now);
    store_end(&runner, &live, &mut stored).await;
    runner.live.remove(&live);
    live.done.cancel();
    let model = &question.model;
    if let Some(message) = opening(&question.branch).filter(|_| !model.demo && !live.turn().text.is_empty()) {
        suggest_title(&runner, &live, message, model).await;
    }
}

/// Asks the model and records what it says, until it ends one way or another.
async fn ask(runner: &TurnRunner, live: &Live, request: ChatRequest, stored: &mut Stored) -> Outcome {
    let mut answer = runner.parts.models.ask(request);
    let mut tick = interval(STORE_EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let item = tokio::select! {
            biased;
            () = live.stop.cancelled() => return Outcome::Stopped,
            () = runner.stopping.cancelled() => return Outcome::Interrupted,
            _ = tick.tick() => {
                if let Err(error) = store(runner, live, stored).await {
                    tracing::warn!(turn = %live.turn().id, %error, "a turn could not be stored; trying again");
                }
                continue;
            }
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

/// How much of a turn has been stored.
struct Stored {
    seq: Seq,
    text: usize,
    reasoning: usize,
}

impl Stored {
    fn of(turn: &Turn) -> Self {
        Self { seq: turn.seq, text: turn.text.len(), reasoning: turn.reasoning.len() }
    }

    fn progress(&self, turn: &Turn, whole: bool) -> Progress {
        let (text, reasoning) = if whole { (0, 0) } else { (self.text, self.reasoning) };
        Progress {
            stored_seq: self.seq,
            text: turn.text.get(text..).unwrap_or_default().to_owned(),
            reasoning: turn.reasoning.get(reasoning..).unwrap_or_default().to_owned(),
            whole,
            turn: Turn { text: String::new(), reasoning: String::new(), ..turn.clone() },
        }
    }
}

/// Stores what is new, if anything is.
async fn store(runner: &TurnRunner, live: &Live, stored: &mut Stored) -> Result<(), StoreError> {
    let turn = live.turn().clone();
    if turn.seq == stored.seq {
        return Ok(());
    }
    if !runner.parts.turns.store(&[stored.progress(&turn, false)]).await?.is_empty() {
        runner.parts.turns.store(&[stored.progress(&turn, true)]).await?;
    }
    *stored = Stored::of(&turn);
    Ok(())
}

/// Stores the end of a turn, as often as it takes: when the disk is full, until there is room again. A
/// server that stops meanwhile gives up; the next start marks the turn as interrupted.
async fn store_end(runner: &TurnRunner, live: &Live, stored: &mut Stored) {
    let mut wait = STORE_EVERY;
    while let Err(error) = store(runner, live, stored).await {
        tracing::error!(turn = %live.turn().id, %error, "the end of a turn could not be stored; trying again");
        if runner.stopping.is_cancelled() {
            return;
        }
        tokio::select! {
            () = sleep(wait) => {}
            () = runner.stopping.cancelled() => {}
        }
        wait = (wait * 2).min(STORE_RETRY);
    }
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
