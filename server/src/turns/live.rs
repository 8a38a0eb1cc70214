//! Turns that run at this moment.

use chat::{ConversationId, Numbered, Timestamp, Turn, TurnEvent, TurnId, UserId};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{sync::broadcast, time::timeout};
use tokio_util::sync::CancellationToken;

/// How long anybody waits for the end of a turn to be stored.
const STORE_PATIENCE: Duration = Duration::from_secs(2);

/// Events that a watcher may lag behind before it gets a snapshot instead.
const BACKLOG: usize = 256;

/// A turn that runs.
pub(super) struct Live {
    pub(super) owner: UserId,
    pub(super) conversation: ConversationId,
    turn: Mutex<Turn>,
    events: broadcast::Sender<Numbered>,
    /// The user wants it to stop.
    pub(super) stop: CancellationToken,
    /// It has been stored for the last time.
    pub(super) done: CancellationToken,
}

impl Live {
    pub(super) fn new(owner: UserId, conversation: ConversationId, turn: Turn) -> Self {
        Self {
            owner,
            conversation,
            turn: Mutex::new(turn),
            events: broadcast::channel(BACKLOG).0,
            stop: CancellationToken::new(),
            done: CancellationToken::new(),
        }
    }

    /// The turn as it is now. A panic elsewhere leaves it as good as it was: each event is folded in whole.
    pub(super) fn turn(&self) -> MutexGuard<'_, Turn> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Folds an event in and shows it, in one step, so that whoever begins to watch misses nothing.
    pub(super) fn record(&self, event: TurnEvent, now: Timestamp) {
        let mut turn = self.turn();
        if let Some(numbered) = turn.record(event, now) {
            // Nobody watches: that is no fault.
            let _ = self.events.send(numbered);
        }
    }

    /// The turn as it is now and everything that will happen to it.
    pub(super) fn subscribe(&self) -> (Turn, broadcast::Receiver<Numbered>) {
        let turn = self.turn();
        (turn.clone(), self.events.subscribe())
    }

    /// Stops it and waits until that is stored.
    pub(super) async fn stop(&self) {
        self.stop.cancel();
        self.stored().await;
    }

    /// Waits until its end is stored; not for ever, since a full disk may keep it from being so.
    pub(super) async fn stored(&self) {
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
        let id = live.turn().id;
        self.map().insert(id, live);
    }

    pub(super) fn remove(&self, live: &Live) {
        let id = live.turn().id;
        self.map().remove(&id);
    }

    /// A user's turn, if it runs.
    pub(super) fn get(&self, owner: UserId, id: TurnId) -> Option<Arc<Live>> {
        self.map().get(&id).filter(|live| live.owner == owner).cloned()
    }

    pub(super) fn of_conversation(&self, owner: UserId, id: ConversationId) -> Vec<Arc<Live>> {
        let map = self.map();
        map.values().filter(|live| live.owner == owner && live.conversation == id).cloned().collect()
    }
}
