//! A store that counts how often turns are stored.

use async_trait::async_trait;
use chat::{
    SendKey, Timestamp, Turn, TurnId, UserId,
    ports::{BeginError, Begun, DayUsage, NewAttempt, NewTurn, Progress, Spent, StoreError, Turns},
};
use server::store::sqlite::Sqlite;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

#[derive(Clone)]
pub struct CountingTurns {
    store: Sqlite,
    transactions: Arc<AtomicU64>,
}

impl CountingTurns {
    pub fn over(store: Sqlite) -> Self {
        Self { store, transactions: Arc::default() }
    }

    /// How many transactions there were in which turns were stored.
    pub fn transactions(&self) -> u64 {
        self.transactions.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Turns for CountingTurns {
    async fn store(&self, progress: &[Progress]) -> Result<Vec<TurnId>, StoreError> {
        self.transactions.fetch_add(1, Ordering::SeqCst);
        self.store.store(progress).await
    }

    async fn begin(&self, new: &NewTurn) -> Result<Begun, BeginError> {
        self.store.begin(new).await
    }

    async fn begin_attempt(&self, new: &NewAttempt) -> Result<Begun, BeginError> {
        self.store.begin_attempt(new).await
    }

    async fn count(&self, owner: UserId, spent: &Spent) -> Result<(), StoreError> {
        self.store.count(owner, spent).await
    }

    async fn turn(&self, owner: UserId, id: TurnId) -> Result<Option<Turn>, StoreError> {
        self.store.turn(owner, id).await
    }

    async fn has_begun(&self, owner: UserId, key: SendKey) -> Result<bool, StoreError> {
        self.store.has_begun(owner, key).await
    }

    async fn interrupt_all(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.store.interrupt_all(now).await
    }

    async fn usage(&self, owner: UserId, from: Timestamp, to: Timestamp) -> Result<Vec<DayUsage>, StoreError> {
        self.store.usage(owner, from, to).await
    }
}
