//! The runner: turns that belong to no request.
//!
//! A turn is stored, then a task asks the model, folds what comes into the turn and shows it to whoever watches.
//! Another task stores what is new of all turns about every 200 ms. They go on when all browsers have left.

mod flush;
mod gathered;
mod live;
mod run;
mod watch;

use async_trait::async_trait;
use chat::{
    ConversationId, Message, ModelInfo, ModelRef, Outcome, SendKey, Seq, Title, TurnId, UserId,
    ports::{
        Begun, Clock, Conversations, Draft, FileContents, FrameStream, Ids, Models, NewAttempt, NewTurn, Place, Runner,
        SendError, Sent, StoreError, Turns,
    },
};
use flush::Flusher;
use live::{Live, LiveTurns};
use std::sync::Arc;
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
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn Ids>,
}

/// Runs turns.
#[derive(Clone)]
pub struct TurnRunner {
    parts: RunnerParts,
    live: LiveTurns,
    flusher: Flusher,
    tasks: TaskTracker,
    stopping: CancellationToken,
}

impl TurnRunner {
    /// A runner with nothing to run. To be called where there is an async runtime.
    pub fn new(parts: RunnerParts) -> Self {
        let (live, stopping) = (LiveTurns::default(), CancellationToken::new());
        let flusher = Flusher::start(parts.turns.clone(), live.clone(), stopping.clone());
        Self { parts, live, flusher, tasks: TaskTracker::new(), stopping }
    }

    /// Takes no more turns, interrupts those that run and waits until they are stored.
    pub async fn shut_down(&self) {
        self.stopping.cancel();
        self.live.all().iter().for_each(|live| live.cut(Outcome::Interrupted));
        self.idle().await;
    }

    /// Waits until no turn runs, and no title is being made.
    pub async fn idle(&self) {
        self.tasks.close();
        self.tasks.wait().await;
        self.tasks.reopen();
    }

    /// The model that shall answer: the wanted one if it is on offer, else the first one.
    async fn choose(&self, wanted: Option<&ModelRef>) -> Result<ModelInfo, SendError> {
        let mut offered = self.parts.models.list().await;
        match wanted {
            Some(wanted) => offered.into_iter().find(|model| model.id == *wanted).ok_or(SendError::NoSuchModel),
            None if offered.is_empty() => Err(SendError::NoModel),
            None => Ok(offered.swap_remove(0)),
        }
    }

    /// Starts another attempt at a turn that ended.
    async fn attempt(
        &self,
        owner: UserId,
        of: TurnId,
        key: SendKey,
        model: Option<ModelRef>,
        continues: bool,
    ) -> Result<Sent, SendError> {
        if self.stopping.is_cancelled() {
            return Err(SendError::Stopping);
        }
        let before = self.parts.turns.turn(owner, of).await?.ok_or(SendError::NotFound)?;
        let model = self.choose(Some(model.as_ref().unwrap_or(&before.model))).await?;
        let ids = &self.parts.ids;
        let new = NewAttempt {
            owner,
            key,
            of,
            continues: continues && before.is_cut(),
            reply: chat::MessageId(ids.new_id()),
            turn: TurnId(ids.new_id()),
            model: model.id.clone(),
            model_name: model.name.clone(),
            now: self.parts.clock.now(),
        };
        let begun = self.parts.turns.begin_attempt(&new).await?;
        self.start(owner, begun, model)
    }

    /// Starts a stored turn, unless it has been started before, and tells the sender.
    fn start(&self, owner: UserId, begun: Begun, model: ModelInfo) -> Result<Sent, SendError> {
        let Begun { conversation, branch, summary, turn, repeated } = begun;
        let message = branch.last().cloned().ok_or(SendError::NotFound)?;
        let sent = Sent { conversation, message, turn };
        if !repeated {
            let live = Arc::new(Live::new(owner, sent.conversation.id, sent.turn.clone()));
            self.live.insert(live.clone());
            self.flusher.wake();
            if self.stopping.is_cancelled() {
                live.cut(Outcome::Interrupted);
            }
            let parameters = sent.conversation.parameters.clone();
            let question = run::Question { branch, summary, parameters, model };
            self.tasks.spawn(run::run(self.clone(), live, question));
        }
        Ok(sent)
    }
}

#[async_trait]
impl Runner for TurnRunner {
    async fn send(&self, owner: UserId, draft: Draft) -> Result<Sent, SendError> {
        if self.stopping.is_cancelled() {
            return Err(SendError::Stopping);
        }
        let model = self.choose(draft.model.as_ref()).await?;
        let ids = &self.parts.ids;
        let place = match (draft.conversation, draft.parent, draft.instead_of) {
            (Some(conversation), parent, None) => Place::After(conversation, parent),
            (Some(conversation), None, Some(other)) => Place::Beside(conversation, other),
            (None, None, None) => {
                let title = Title::from_prompt(&draft.prompt);
                Place::NewConversation(ConversationId(ids.new_id()), title, draft.parameters)
            }
            // Nothing can precede the first message of a new conversation, or be replaced by it.
            _ => return Err(SendError::NotFound),
        };
        let new = NewTurn {
            owner,
            key: draft.key,
            place,
            message: chat::MessageId(ids.new_id()),
            prompt: draft.prompt,
            attachments: draft.attachments,
            reply: chat::MessageId(ids.new_id()),
            turn: TurnId(ids.new_id()),
            model: model.id.clone(),
            model_name: model.name.clone(),
            now: self.parts.clock.now(),
        };
        let begun = self.parts.turns.begin(&new).await?;
        self.start(owner, begun, model)
    }

    async fn retry(
        &self,
        owner: UserId,
        turn: TurnId,
        key: SendKey,
        model: Option<ModelRef>,
    ) -> Result<Sent, SendError> {
        self.attempt(owner, turn, key, model, false).await
    }

    async fn go_on(&self, owner: UserId, turn: TurnId, key: SendKey) -> Result<Sent, SendError> {
        self.attempt(owner, turn, key, None, true).await
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

    async fn watch(&self, owner: UserId, turn: TurnId, seen: Option<Seq>) -> Result<Option<FrameStream>, StoreError> {
        if let Some(live) = self.live.get(owner, turn) {
            return Ok(Some(watch::running(&live, seen)));
        }
        let stored = self.parts.turns.turn(owner, turn).await?;
        Ok(stored.map(watch::ended))
    }
}

/// The text of the message that begins a branch, if the branch is nothing else.
fn opening(branch: &[Message]) -> Option<&str> {
    match branch {
        [Message::User(message)] => Some(&message.text),
        _ => None,
    }
}
