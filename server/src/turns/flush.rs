//! The one task that stores what turns gather: of all of them together, in one transaction.
//!
//! A transaction costs a flush of the disk, whatever its size. So what is new is stored every 200 ms, and turns that
//! end while a transaction is under way share the next one.

use super::live::{Live, LiveTurns};
use chat::{
    Turn, TurnId,
    ports::{Progress, StoreError, Turns},
};
use futures::FutureExt;
use std::{collections::HashSet, error::Error, panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tokio::{
    sync::Notify,
    time::{MissedTickBehavior, interval, sleep},
};
use tokio_util::sync::{CancellationToken, DropGuard};

/// How often a running turn is stored: `kill -9` loses no more than this.
const STORE_EVERY: Duration = Duration::from_millis(200);
/// Longest wait between two tries when nothing can be stored.
const STORE_RETRY: Duration = Duration::from_secs(2);

/// The way to the flusher. It works until the last one of these is dropped.
#[derive(Clone)]
pub(super) struct Flusher {
    wake: Arc<Notify>,
    _works: Arc<DropGuard>,
}

impl Flusher {
    /// Begins to work. `stopping` tells that the server stops, and with it the patience when nothing can be stored.
    pub(super) fn start(turns: Arc<dyn Turns>, live: LiveTurns, stopping: CancellationToken) -> Self {
        let (wake, over) = (Arc::new(Notify::new()), CancellationToken::new());
        let worker = Worker { turns, live, stopping, wake: wake.clone(), apart: HashSet::new(), failing: false };
        tokio::spawn(over.clone().run_until_cancelled_owned(worker.work()));
        Self { wake, _works: Arc::new(over.drop_guard()) }
    }

    /// A turn has begun, or has ended and waits until that is stored.
    pub(super) fn wake(&self) {
        self.wake.notify_one();
    }
}

struct Worker {
    turns: Arc<dyn Turns>,
    live: LiveTurns,
    stopping: CancellationToken,
    wake: Arc<Notify>,
    /// Turns that could not be stored when others could. Each is stored by itself, so that it harms no other.
    apart: HashSet<TurnId>,
    /// Nothing could be stored the last time.
    failing: bool,
}

/// Turns, and what is to be stored of each.
#[derive(Default)]
struct Due {
    live: Vec<Arc<Live>>,
    progress: Vec<Progress>,
}

impl Worker {
    async fn work(mut self) {
        let mut tick = interval(STORE_EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut failed_for = None;
        loop {
            let only_ended = match failed_for {
                None => tokio::select! {
                    () = self.wake.notified() => true,
                    _ = tick.tick(), if !self.live.is_empty() => false,
                },
                Some(wait) => tokio::select! {
                    () = sleep(wait) => false,
                    () = self.stopping.cancelled() => false,
                },
            };
            failed_for = match self.round(only_ended).await {
                true => None,
                false if self.stopping.is_cancelled() => {
                    self.give_up();
                    None
                }
                false => Some(failed_for.map_or(STORE_EVERY, |wait| (wait * 2).min(STORE_RETRY))),
            };
        }
    }

    /// Stores what is new, of all turns or of those that have ended. `false` when nothing can be stored at present.
    async fn round(&mut self, only_ended: bool) -> bool {
        let (mut together, mut apart) = (Due::default(), Due::default());
        for live in self.live.all() {
            if only_ended && live.look(Turn::is_running) {
                continue;
            }
            let Some(progress) = live.progress(false) else { continue };
            let due = if self.apart.contains(&live.id) { &mut apart } else { &mut together };
            due.live.push(live);
            due.progress.push(progress);
        }
        let stored = together.live.is_empty() || self.together(&together).await;
        if stored {
            for n in 0..apart.live.len() {
                // It was told when it was put apart.
                let _ = self.store(&apart.live[n..=n], &apart.progress[n..=n]).await;
            }
        }
        self.apart.retain(|id| self.live.has(*id));
        stored
    }

    /// Tells once that nothing can be stored, not for each turn and each time.
    async fn together(&mut self, due: &Due) -> bool {
        let mut result = self.store(&due.live, &due.progress).await;
        if matches!(result, Err(StoreError::Failed(_))) && due.live.len() > 1 && self.one_by_one(due).await {
            result = Ok(());
        }
        match &result {
            Ok(()) if self.failing => tracing::info!("turns are stored again"),
            Err(error) if !self.failing => {
                tracing::error!(error = error as &dyn Error, "turns can't be stored; trying until they are");
            }
            _ => {}
        }
        self.failing = result.is_err();
        !self.failing
    }

    /// Finds out which ones can't be stored, and puts them apart. `false` when none can: then it is no fault of theirs.
    async fn one_by_one(&mut self, due: &Due) -> bool {
        let mut failed = Vec::new();
        for (n, live) in due.live.iter().enumerate() {
            if let Err(error) = self.store(&due.live[n..=n], &due.progress[n..=n]).await {
                failed.push((live.id, error));
            }
        }
        if failed.len() == due.live.len() {
            return false;
        }
        for (turn, error) in failed {
            tracing::error!(%turn, error = &error as &dyn Error, "this turn can't be stored, others can");
            self.apart.insert(turn);
        }
        true
    }

    /// Stores all of these in one transaction.
    async fn store(&self, live: &[Arc<Live>], progress: &[Progress]) -> Result<(), StoreError> {
        let behind = self.call(progress).await?;
        for (live, progress) in live.iter().zip(progress).filter(|(live, _)| !behind.contains(&live.id)) {
            self.note(live, progress);
        }
        if behind.is_empty() {
            return Ok(());
        }
        let behind = live.iter().filter(|live| behind.contains(&live.id));
        let whole = behind.filter_map(|live| live.progress(true).map(|progress| (live, progress)));
        let (live, whole): (Vec<&Arc<Live>>, Vec<Progress>) = whole.unzip();
        self.call(&whole).await?;
        live.iter().zip(&whole).for_each(|(live, progress)| self.note(live, progress));
        Ok(())
    }

    async fn call(&self, progress: &[Progress]) -> Result<Vec<TurnId>, StoreError> {
        let stored = AssertUnwindSafe(async { self.turns.store(progress).await }).catch_unwind().await;
        stored.unwrap_or_else(|_| Err(StoreError::Failed("storing turns panicked".into())))
    }

    fn note(&self, live: &Live, progress: &Progress) {
        live.stored(progress);
        if progress.turn.ended_at.is_some() {
            self.let_go(live);
        }
    }

    /// A server that stops does not wait for room on the disk; its next start marks these turns as interrupted.
    fn give_up(&self) {
        let ended = self.live.all().into_iter().filter(|live| live.look(|turn| !turn.is_running()));
        ended.for_each(|live| self.let_go(&live));
    }

    fn let_go(&self, live: &Live) {
        self.live.remove(live);
        live.done.cancel();
    }
}

#[cfg(test)]
mod tests;
