//! The runner: turns that belong to no request.
//!
//! A turn is stored, waits for its place in the queue, then a task asks the model, folds what comes into the turn and
//! shows it to whoever watches. Another task stores what is new of all turns about every 200 ms. They go on when all
//! browsers have left.

mod aside;
#[cfg(test)]
mod fixtures;
mod flush;
mod gathered;
mod joint;
mod live;
mod queue;
mod run;
mod shut_down;
mod start;
mod summarise;
mod temporary;
mod title;
mod watch;

pub use queue::Limits;

use async_trait::async_trait;
use chat::{
    ConversationId, ModelRef, SendKey, Seq, Summary, TurnId, UserId,
    ports::{
        Clock, Conversations, Draft, FileContents, FrameStream, Ids, Models, Rules, Runner, SendError, Sent,
        SentTemporary, StoreError, SummariseError, TemporaryDraft, Turns,
    },
};
use flush::Flusher;
use live::LiveTurns;
use queue::Queue;
use start::{Attempt, Sends};
use std::sync::Arc;
use summarise::Summaries;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// What the runner needs.
#[derive(Clone)]
pub struct RunnerParts {
    /// Where turns are kept.
    pub turns: Arc<dyn Turns>,
    /// Where titles are kept.
    pub conversations: Arc<dyn Conversations>,
    /// What is in attached files.
    pub files: Arc<dyn FileContents>,
    /// What answers.
    pub models: Arc<dyn Models>,
    /// Who may ask which of them, and how much.
    pub rules: Arc<dyn Rules>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn Ids>,
    /// How many turns run at the same time.
    pub limits: Limits,
}

/// Runs turns.
#[derive(Clone)]
pub struct TurnRunner {
    parts: RunnerParts,
    live: LiveTurns,
    queue: Queue,
    flusher: Flusher,
    sends: Sends,
    summaries: Summaries,
    /// Everything that is under way.
    tasks: TaskTracker,
    /// The turns among it.
    turns: TaskTracker,
    /// No more turns are taken.
    closed: CancellationToken,
    /// Nothing is waited for any more.
    stopping: CancellationToken,
}

impl TurnRunner {
    /// A runner with nothing to run. To be called where there is an async runtime.
    pub fn new(parts: RunnerParts) -> Self {
        let (live, stopping) = (LiveTurns::default(), CancellationToken::new());
        Self {
            queue: Queue::new(parts.limits, parts.clock.clone()),
            flusher: Flusher::start(parts.turns.clone(), live.clone(), stopping.clone()),
            parts,
            live,
            sends: Sends::default(),
            summaries: Summaries::default(),
            tasks: TaskTracker::new(),
            turns: TaskTracker::new(),
            closed: CancellationToken::new(),
            stopping,
        }
    }
}

#[async_trait]
impl Runner for TurnRunner {
    async fn send(&self, owner: UserId, draft: Draft) -> Result<Sent, SendError> {
        self.to_its_end(|runner| runner.begin_message(owner, draft)).await
    }

    async fn retry(
        &self,
        owner: UserId,
        turn: TurnId,
        key: SendKey,
        model: Option<ModelRef>,
    ) -> Result<Sent, SendError> {
        let attempt = Attempt { of: turn, key, model, continues: false };
        self.to_its_end(|runner| runner.begin_attempt(owner, attempt)).await
    }

    async fn go_on(&self, owner: UserId, turn: TurnId, key: SendKey) -> Result<Sent, SendError> {
        let attempt = Attempt { of: turn, key, model: None, continues: true };
        self.to_its_end(|runner| runner.begin_attempt(owner, attempt)).await
    }

    async fn send_temporary(&self, owner: UserId, draft: TemporaryDraft) -> Result<SentTemporary, SendError> {
        self.to_its_end(|runner| runner.begin_temporary(owner, draft)).await
    }

    async fn summarise(
        &self,
        owner: UserId,
        conversation: ConversationId,
        model: Option<ModelRef>,
    ) -> Result<Summary, SummariseError> {
        self.to_its_end(|runner| runner.make_summary(owner, conversation, model)).await
    }

    async fn stop(&self, owner: UserId, turn: TurnId) -> Result<bool, StoreError> {
        if let Some(live) = self.live.get(owner, turn) {
            live.stop().await;
            return Ok(true);
        }
        Ok(self.parts.turns.turn(owner, turn).await?.is_some())
    }

    async fn stop_conversation(&self, owner: UserId, id: ConversationId) -> Result<(), StoreError> {
        for live in self.live.of_conversation(owner, id) {
            live.stop().await;
        }
        Ok(())
    }

    async fn stop_all(&self, owner: UserId) {
        for live in self.live.of_user(owner) {
            live.stop().await;
        }
    }

    async fn watch(&self, owner: UserId, turn: TurnId, seen: Option<Seq>) -> Result<Option<FrameStream>, StoreError> {
        if let Some(live) = self.live.get(owner, turn) {
            return Ok(Some(watch::running(&live, seen)));
        }
        let stored = self.parts.turns.turn(owner, turn).await?;
        Ok(stored.map(watch::ended))
    }

    fn is_closed(&self) -> bool {
        self.closed.is_cancelled()
    }
}
