//! The ports on SQLite: one file with a write-ahead log, one connection that writes, several that read.
//!
//! - Whatever writes goes through `Sqlite::write`, one `BEGIN IMMEDIATE` transaction. A transaction that reads
//!   first and writes later would fail at once when another wrote in between, whatever the timeout.
//! - The connections that read can't write, and hold no snapshot for longer than a call of a port takes; an open
//!   snapshot would keep the log from being folded into the file.
//! - `synchronous = FULL`: what was acknowledged survives a power cut. It costs one flush of the disk for each
//!   transaction, whatever its size: 4 ms (median of 500; 15 ms for the slowest in a hundred) on the virtual disk it
//!   was measured on, against 0.03 ms without. All running turns together are stored in five a second.

mod audit;
mod begin;
mod conversations;
mod exports;
mod files;
mod folders;
mod imports;
mod login_links;
mod model_providers;
mod open;
mod people;
mod pictures;
mod provider_sessions;
mod rows;
mod rules;
mod search;
mod sessions;
mod shares;
mod tree;
mod turns;
mod usage;
mod users;
mod value;

pub use open::OpenError;

use chat::ports::StoreError;
use sqlx::{SqliteConnection, SqlitePool, migrate::Migrator, pool::PoolConnection};
use std::{fs::File, path::Path, sync::Arc, time::Duration};
use value::failed;

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations");

/// How long a call waits for its turn before it is [`StoreError::Busy`].
const PATIENCE: Duration = Duration::from_secs(5);

/// How the tables of a database stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// There is no database.
    None,
    /// Of an older version, to be brought up to date.
    Older,
    /// Up to date.
    Current,
}

/// An open database. Cloning it is cheap; all clones are the same database.
#[derive(Debug, Clone)]
pub struct Sqlite {
    path: Arc<Path>,
    writer: SqlitePool,
    readers: SqlitePool,
    rules: rules::KnownRules,
    /// Held for as long as any clone lives; let go by the system when the process ends, however it ends.
    _lock: Option<Arc<File>>,
}

impl Sqlite {
    /// Opens the database of a server at an address such as `sqlite:data/confab.db`, and makes the file when
    /// there is none. The folder must be there. A file that is no sound database is refused, never replaced.
    ///
    /// One server has one database: a second one is told [`OpenError::InUse`], by a lock on `<file>.lock`.
    pub async fn open(address: &str) -> Result<Self, OpenError> {
        let path = open::path_of(address)?;
        // First, so that no lock file is left beside what is no database.
        open::inspect(&path)?;
        let lock = open::lock(&path)?;
        Self::connect(&path, Some(lock), PATIENCE).await
    }

    /// Opens a database that is there, beside the server that may be using it, for a command that does one small
    /// thing, such as making a login link. Don't migrate through it.
    pub async fn open_beside(address: &str) -> Result<Self, OpenError> {
        let path = open::path_of(address)?;
        open::must_exist(&path)?;
        Self::connect(&path, None, PATIENCE).await
    }

    /// How the database at an address stands, without changing it.
    pub async fn schema(address: &str) -> Result<Schema, OpenError> {
        let path = open::path_of(address)?;
        if !path.exists() {
            return Ok(Schema::None);
        }
        let store = Self::open_beside(address).await?;
        // Not checked when this is compiled: the table is that of sqlx itself, and no migration makes it.
        let query = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM _sqlx_migrations WHERE success");
        let applied = query.fetch_one(&store.readers).await.unwrap_or_default();
        store.close().await;
        Ok(if usize::try_from(applied) == Ok(MIGRATIONS.iter().count()) { Schema::Current } else { Schema::Older })
    }

    async fn connect(path: &Path, lock: Option<File>, patience: Duration) -> Result<Self, OpenError> {
        let (writer, readers) = open::pools(path, patience).await?;
        Ok(Self { path: path.into(), writer, readers, rules: Default::default(), _lock: lock.map(Arc::new) })
    }

    /// Brings the schema up to date.
    pub async fn migrate(&self) -> Result<(), OpenError> {
        MIGRATIONS.run(&self.writer).await.map_err(|error| open::not_migrated(&self.path, error))
    }

    /// Folds the log into the file and closes it, once all calls under way have ended. Later calls fail.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Runs `work` in one transaction, the only one that writes at that time, and commits it. When `work` fails
    /// or this future is dropped, nothing has happened.
    async fn write<T, E: From<StoreError>>(
        &self,
        work: impl AsyncFnOnce(&mut SqliteConnection) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        let done = work(&mut transaction).await?;
        transaction.commit().await.map_err(failed)?;
        Ok(done)
    }

    /// A connection that can only read, for the length of one call.
    async fn reader(&self) -> Result<PoolConnection<sqlx::Sqlite>, StoreError> {
        self.readers.acquire().await.map_err(failed)
    }
}

#[cfg(test)]
mod tests;
