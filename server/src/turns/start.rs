//! How a turn starts: it is stored, finds its place in the queue, and a task runs it.

use super::{TurnRunner, live::Live, run, title};
use chat::{
    ConversationId, MessageId, ModelInfo, ModelRef, Outcome, SendKey, Title, TurnId, UserId,
    limits::{self, LimitReached, Limits},
    ports::{Begun, Draft, NewAttempt, NewTurn, Place, SendError, Sent},
};
use std::{future::pending, panic::resume_unwind, sync::Arc};
use tokio::{
    sync::{Mutex, MutexGuard},
    task::JoinError,
};

/// Another attempt that somebody wants.
pub(super) struct Attempt {
    pub(super) of: TurnId,
    pub(super) key: SendKey,
    pub(super) model: Option<ModelRef>,
    pub(super) continues: bool,
}

impl TurnRunner {
    /// Does something to its end, even when nobody waits for it any more: what has been stored has to start.
    pub(super) async fn to_its_end<T, F>(&self, work: impl FnOnce(Self) -> F) -> T
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        match self.tasks.spawn(work(self.clone())).await.map_err(JoinError::try_into_panic) {
            Ok(done) => done,
            Err(Ok(panic)) => resume_unwind(panic),
            // The runtime ends, and whoever waits ends with it.
            Err(Err(_)) => pending().await,
        }
    }

    /// The model that shall answer a user: the wanted one if it is on offer to them, else the first one.
    pub(super) async fn choose(&self, owner: UserId, wanted: Option<&ModelRef>) -> Result<ModelInfo, SendError> {
        let refused = self.parts.rules.refused_models(owner).await?;
        let mut offered = self.parts.models.list().await;
        offered.retain(|model| !refused.contains(&model.id));
        match wanted {
            Some(wanted) => offered.into_iter().find(|model| model.id == *wanted).ok_or(SendError::NoSuchModel),
            None if offered.is_empty() => Err(SendError::NoModel),
            None => Ok(offered.swap_remove(0)),
        }
    }

    /// Refuses what would go beyond a limit. What is used counts when a turn has ended, so that those that run at the same
    /// time may together go beyond it.
    pub(super) async fn refuse_beyond_limits(&self, owner: UserId, model: &ModelInfo) -> Result<(), SendError> {
        let limits = self.parts.rules.limits().await?;
        if model.id.provider == limits::BUILT_IN || limits == Limits::default() {
            return Ok(());
        }
        let at = self.parts.clock.now();
        match limits.reached(self.parts.rules.used(owner, at).await?) {
            Some(limit) => Err(SendError::LimitReached(LimitReached { limit, at })),
            None => Ok(()),
        }
    }

    /// The same for what is stored. A repeated send uses nothing, and is told what became of it.
    async fn refuse_new_beyond_limits(&self, owner: UserId, key: SendKey, model: &ModelInfo) -> Result<(), SendError> {
        let refused = self.refuse_beyond_limits(owner, model).await;
        let over = matches!(refused, Err(SendError::LimitReached(_)));
        if over && self.parts.turns.has_begun(owner, key).await? { Ok(()) } else { refused }
    }

    /// Refuses what there is no room for. A repeated send needs none.
    pub(super) fn refuse_if_full(&self, owner: UserId, key: SendKey) -> Result<(), SendError> {
        if self.closed.is_cancelled() {
            return Err(SendError::Stopping);
        }
        let is_full = self.queue.is_full(owner) && self.live.by_key(owner, key).is_none();
        if is_full { Err(SendError::TooMany) } else { Ok(()) }
    }

    /// Stores a message and starts the turn that replies to it.
    pub(super) async fn begin_message(self, owner: UserId, draft: Draft) -> Result<Sent, SendError> {
        let model = self.choose(owner, draft.model.as_ref()).await?;
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
            message: MessageId(ids.new_id()),
            prompt: draft.prompt,
            attachments: draft.attachments,
            reply: MessageId(ids.new_id()),
            turn: TurnId(ids.new_id()),
            model: model.id.clone(),
            model_name: model.name.clone(),
            now: self.parts.clock.now(),
        };
        let _one_at_a_time = self.sends.lock(owner).await;
        self.refuse_if_full(owner, new.key)?;
        self.refuse_new_beyond_limits(owner, new.key, &model).await?;
        let begun = self.parts.turns.begin(&new).await?;
        self.start(owner, new.key, begun, model)
    }

    /// Starts another attempt at a turn that ended.
    pub(super) async fn begin_attempt(self, owner: UserId, wanted: Attempt) -> Result<Sent, SendError> {
        let Attempt { of, key, model, continues } = wanted;
        let before = self.parts.turns.turn(owner, of).await?.ok_or(SendError::NotFound)?;
        if continues && !before.is_cut() {
            return Err(if before.is_running() { SendError::StillRunning } else { SendError::NotFound });
        }
        let model = self.choose(owner, Some(model.as_ref().unwrap_or(&before.model))).await?;
        let ids = &self.parts.ids;
        let new = NewAttempt {
            owner,
            key,
            of,
            continues,
            reply: MessageId(ids.new_id()),
            turn: TurnId(ids.new_id()),
            model: model.id.clone(),
            model_name: model.name.clone(),
            now: self.parts.clock.now(),
        };
        let _one_at_a_time = self.sends.lock(owner).await;
        self.refuse_if_full(owner, key)?;
        self.refuse_new_beyond_limits(owner, key, &model).await?;
        let begun = self.parts.turns.begin_attempt(&new).await?;
        self.start(owner, key, begun, model)
    }

    /// Starts a stored turn, unless it has been started before, and tells the sender.
    fn start(&self, owner: UserId, key: SendKey, begun: Begun, model: ModelInfo) -> Result<Sent, SendError> {
        let Begun { conversation, branch, summary, turn, repeated } = begun;
        let message = branch.last().cloned().ok_or(SendError::NotFound)?;
        let sent = Sent { conversation, message, turn };
        if !repeated {
            let live = Arc::new(Live::new(owner, key, Some(sent.conversation.id), sent.turn.clone()));
            let parameters = sent.conversation.parameters.clone();
            self.run(live, run::Question { branch, summary, parameters, model });
        }
        Ok(sent)
    }

    /// Runs a turn as soon as there is room.
    pub(super) fn run(&self, live: Arc<Live>, question: run::Question) {
        self.live.insert(live.clone());
        self.flusher.wake();
        let seat = self.queue.join(&live);
        if self.closed.is_cancelled() {
            live.cut(Outcome::Interrupted);
        }
        let (runner, turns) = (self.clone(), self.turns.clone());
        self.tasks.spawn(async move {
            let title = title::Wish::of(&live, &question);
            turns.track_future(run::run(&runner, &live, question, seat)).await;
            if let Some(title) = title.filter(|_| live.look(|turn| !turn.text.is_empty())) {
                title.suggest(&runner).await;
            }
        });
    }
}

/// Each user's sends are stored one after another, so that they begin in their order and none overlooks another one.
#[derive(Clone, Default)]
pub(super) struct Sends(Arc<[Mutex<()>; 32]>);

impl Sends {
    /// Several users may share a lock: storing is quick, and everybody's is done one after another anyway.
    pub(super) async fn lock(&self, owner: UserId) -> MutexGuard<'_, ()> {
        let place = usize::from(owner.0.as_bytes()[15]) % self.0.len();
        self.0[place].lock().await
    }
}
