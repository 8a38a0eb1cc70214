//! Turns that run at this moment.

use chat::{
    ConversationId, Numbered, Outcome, SendKey, Seq, Timestamp, Turn, TurnEvent, TurnId, UserId, ports::Progress,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};
use tokio::{sync::broadcast, time::timeout};
use tokio_util::sync::CancellationToken;

/// How long anybody waits for the end of a turn to be stored.
const STORE_PATIENCE: Duration = Duration::from_secs(2);

/// Events that a watcher may lag behind before it gets a snapshot instead.
const BACKLOG: usize = 128;

/// A turn that runs.
pub(super) struct Live {
    pub(super) id: TurnId,
    pub(super) owner: UserId,
    /// The key that its sender chose.
    key: SendKey,
    /// Where it belongs; none for one that is never stored.
    pub(super) conversation: Option<ConversationId>,
    state: Mutex<State>,
    events: broadcast::Sender<Arc<Numbered>>,
    /// How somebody wants it to end before its time.
    cut: OnceLock<Outcome>,
    cut_now: CancellationToken,
    /// It has been stored for the last time.
    pub(super) done: CancellationToken,
}

struct State {
    turn: Turn,
    stored: Stored,
}

/// How much of a turn has been stored.
struct Stored {
    seq: Seq,
    text: usize,
    reasoning: usize,
}

impl Live {
    /// A turn that has been stored as it is.
    pub(super) fn new(owner: UserId, key: SendKey, conversation: Option<ConversationId>, turn: Turn) -> Self {
        let stored = Stored { seq: turn.seq, text: turn.text.len(), reasoning: turn.reasoning.len() };
        Self {
            id: turn.id,
            owner,
            key,
            conversation,
            state: Mutex::new(State { turn, stored }),
            events: broadcast::channel(BACKLOG).0,
            cut: OnceLock::new(),
            cut_now: CancellationToken::new(),
            done: CancellationToken::new(),
        }
    }

    /// A panic elsewhere leaves it as good as it was: each event is folded in whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it is stored.
    pub(super) fn is_kept(&self) -> bool {
        self.conversation.is_some()
    }

    /// Looks at the turn as it is now.
    pub(super) fn look<T>(&self, at: impl FnOnce(&Turn) -> T) -> T {
        at(&self.state().turn)
    }

    /// Folds an event in and shows it, in one step, so that whoever begins to watch misses nothing.
    pub(super) fn record(&self, event: TurnEvent, now: Timestamp) {
        let mut state = self.state();
        if let Some(numbered) = state.turn.record(event, now) {
            // Nobody watches: that is no fault.
            let _ = self.events.send(Arc::new(numbered));
        }
    }

    /// Looks at the turn as it is now, and gives everything that will happen to it.
    pub(super) fn subscribe<T>(&self, at: impl FnOnce(&Turn) -> T) -> (T, broadcast::Receiver<Arc<Numbered>>) {
        let state = self.state();
        (at(&state.turn), self.events.subscribe())
    }

    /// What is to be stored: what is new, or everything when `whole`. None when nothing is new.
    pub(super) fn progress(&self, whole: bool) -> Option<Progress> {
        let State { turn, stored } = &*self.state();
        let (text, reasoning) = if whole { (0, 0) } else { (stored.text, stored.reasoning) };
        (turn.seq != stored.seq).then(|| Progress {
            turn: turn.without_text(),
            stored_seq: stored.seq,
            text: turn.text.get(text..).unwrap_or_default().to_owned(),
            reasoning: turn.reasoning.get(reasoning..).unwrap_or_default().to_owned(),
            whole,
        })
    }

    /// Notes that this has been stored, and whether it was the last of the turn.
    pub(super) fn stored(&self, progress: &Progress) {
        let stored = &mut self.state().stored;
        let (text, reasoning) = if progress.whole { (0, 0) } else { (stored.text, stored.reasoning) };
        *stored = Stored {
            seq: progress.turn.seq,
            text: text + progress.text.len(),
            reasoning: reasoning + progress.reasoning.len(),
        };
    }

    /// Ends it before its time. The first wish counts.
    pub(super) fn cut(&self, outcome: Outcome) {
        let _ = self.cut.set(outcome);
        self.cut_now.cancel();
    }

    /// Waits until somebody wants it to end, and tells how.
    pub(super) async fn cut_off(&self) -> Outcome {
        self.cut_now.cancelled().await;
        self.cut.get().cloned().unwrap_or(Outcome::Stopped)
    }

    /// Stops it and waits until that is stored.
    pub(super) async fn stop(&self) {
        self.cut(Outcome::Stopped);
        self.over().await;
    }

    /// Waits until its end is stored; not for ever, since a full disk may keep it from being so.
    pub(super) async fn over(&self) {
        let _ = timeout(STORE_PATIENCE, self.done.cancelled()).await;
    }
}

/// The turns that run, by id.
#[derive(Clone, Default)]
pub(super) struct LiveTurns(Arc<Mutex<HashMap<TurnId, Arc<Live>>>>);

impl LiveTurns {
    fn map(&self) -> MutexGuard<'_, HashMap<TurnId, Arc<Live>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn insert(&self, live: Arc<Live>) {
        self.map().insert(live.id, live);
    }

    pub(super) fn remove(&self, live: &Live) {
        self.map().remove(&live.id);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.map().is_empty()
    }

    pub(super) fn has(&self, id: TurnId) -> bool {
        self.map().contains_key(&id)
    }

    pub(super) fn all(&self) -> Vec<Arc<Live>> {
        self.map().values().cloned().collect()
    }

    /// A user's turn, if it runs.
    pub(super) fn get(&self, owner: UserId, id: TurnId) -> Option<Arc<Live>> {
        self.map().get(&id).filter(|live| live.owner == owner).cloned()
    }

    /// The turn that a user began with this key.
    pub(super) fn by_key(&self, owner: UserId, key: SendKey) -> Option<Arc<Live>> {
        self.map().values().find(|live| live.owner == owner && live.key == key).cloned()
    }

    pub(super) fn of_user(&self, owner: UserId) -> Vec<Arc<Live>> {
        self.map().values().filter(|live| live.owner == owner).cloned().collect()
    }

    pub(super) fn of_conversation(&self, owner: UserId, id: ConversationId) -> Vec<Arc<Live>> {
        let map = self.map();
        map.values().filter(|live| live.owner == owner && live.conversation == Some(id)).cloned().collect()
    }
}
