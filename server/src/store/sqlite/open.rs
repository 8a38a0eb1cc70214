//! Opening: from an address to two pools whose settings have been seen to hold, or a sentence that says what is
//! wrong with which file.

use super::value::{BUSY, CANTOPEN, CORRUPT, FULL, LOCKED, NOTADB, PERM, READONLY, result_code};
use sqlx::{
    AssertSqlSafe, Connection, SqlitePool,
    migrate::MigrateError,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    ffi::OsString,
    fmt,
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

/// Reading at the same time: more than two cores serve at once, and each connection is a thread.
pub(super) const READERS: u32 = 6;

/// Files up to this size are read through at the start, in less than a second from a disk of our days. In larger
/// ones a damaged page is found when it is needed.
const CHECKED_BYTES: u64 = 256 << 20;

/// A database can't be opened. Displayed, it names the file and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another server uses it.
    #[error("{}: another server is using this database", .0.display())]
    InUse(PathBuf),
    /// Not an address of a file. It is not repeated: that of another database may hold a password.
    #[error("the address of a database is written sqlite:folder/file.db")]
    Address,
    /// Anything else.
    #[error("{}: {problem}", path.display())]
    Failed {
        /// The file, or the folder that should hold it.
        path: PathBuf,
        /// What is wrong, what to do, and what the system or SQLite said.
        problem: String,
    },
}

/// How `PRAGMA synchronous` says FULL.
const SYNCHRONOUS_FULL: i64 = 2;

const NO_DATABASE: &str = "there is no database here";
const NO_FOLDER: &str = "this folder does not exist; create it first";
const NO_FILE: &str = "this is a folder; name a file in it";
const EMPTY: &str = "this file is empty, so it is no database; restore a backup, or remove it to begin anew";
const LONE_LOG: &str = "the database is gone but its log (-wal) is there, with data in it; put the database back, or \
                        remove the log to begin anew";
const NOT_A_DATABASE: &str = "this is not an SQLite database; it has been left as it is";
const DAMAGED: &str = "this database is damaged; it has been left as it is. Restore a backup";
const NOT_WRITABLE: &str = "this can't be written; check the owner and the permissions of the file and its folder";
const HELD: &str = "another program holds this database; close it";
const DISK_FULL: &str = "the disk is full";
const NO_WAL: &str = "SQLite can't keep its write-ahead log here; put the database on a local disk";
const NEWER: &str = "this database was made by a newer version; run that version, or restore a backup";
const ALTERED: &str = "this database was made by a version with other migrations; restore a backup";
const OTHER: &str = "this database can't be opened";

impl OpenError {
    fn new(path: &Path, problem: &str) -> Self {
        Self::Failed { path: path.into(), problem: problem.into() }
    }

    fn because(path: &Path, problem: &str, cause: impl fmt::Display) -> Self {
        Self::Failed { path: path.into(), problem: format!("{problem} ({cause})") }
    }

    fn sql(path: &Path, error: sqlx::Error) -> Self {
        Self::because(path, problem(&error), error)
    }

    fn io(path: &Path, error: io::Error) -> Self {
        let problem = match error.kind() {
            io::ErrorKind::StorageFull => DISK_FULL,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => NOT_WRITABLE,
            _ => OTHER,
        };
        Self::because(path, problem, error)
    }
}

fn problem(error: &sqlx::Error) -> &'static str {
    match result_code(error) {
        Some(NOTADB) => NOT_A_DATABASE,
        Some(CORRUPT) => DAMAGED,
        Some(PERM | READONLY | CANTOPEN) => NOT_WRITABLE,
        Some(BUSY | LOCKED) => HELD,
        Some(FULL) => DISK_FULL,
        _ => OTHER,
    }
}

pub(super) fn not_migrated(path: &Path, error: MigrateError) -> OpenError {
    let problem = match &error {
        MigrateError::VersionMissing(_) => NEWER,
        MigrateError::VersionMismatch(_) => ALTERED,
        MigrateError::Execute(sql) | MigrateError::ExecuteMigration(sql, _) => problem(sql),
        _ => OTHER,
    };
    OpenError::because(path, problem, error)
}

/// The file of an address `sqlite:path` or `sqlite://path`. The path is taken as it stands: nothing is decoded.
pub(super) fn path_of(address: &str) -> Result<PathBuf, OpenError> {
    let path = address.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path));
    match path {
        Some(path) if is_file_name(path) => Ok(path.into()),
        _ => Err(OpenError::Address),
    }
}

/// Not what SQLite reads as a database in memory, or as an address with options.
fn is_file_name(path: &str) -> bool {
    !path.is_empty() && path != ":memory:" && !path.starts_with("file:") && !path.contains('?')
}

/// Takes the lock that makes this the only server on the database.
pub(super) fn lock(path: &Path) -> Result<File, OpenError> {
    let beside = with_suffix(path, ".lock");
    let file = File::options().create(true).truncate(false).write(true).open(&beside);
    let file = file.map_err(|error| OpenError::io(&beside, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(path.into())),
        Err(TryLockError::Error(error)) => Err(OpenError::io(&beside, error)),
    }
}

fn folder_of(path: &Path) -> Result<(), OpenError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if folder.is_dir() { Ok(()) } else { Err(OpenError::new(folder, NO_FOLDER)) }
}

/// Refuses where a database would be made.
pub(super) fn must_exist(path: &Path) -> Result<(), OpenError> {
    if path.exists() { Ok(()) } else { Err(OpenError::new(path, NO_DATABASE)) }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// Looks at the file before SQLite does, which would make a database of an empty file, and throw away a log that
/// has lost its database.
pub(super) fn inspect(path: &Path) -> Result<u64, OpenError> {
    folder_of(path)?;
    let log = fs::metadata(with_suffix(path, "-wal")).map_or(0, |log| log.len());
    match fs::metadata(path) {
        Ok(file) if file.is_dir() => Err(OpenError::new(path, NO_FILE)),
        Ok(file) if file.len() == 0 => Err(OpenError::new(path, EMPTY)),
        Ok(file) => Ok(file.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound && log > 0 => Err(OpenError::new(path, LONE_LOG)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(OpenError::io(path, error)),
    }
}

/// The pool that writes, of one connection, and the pool that reads.
pub(super) async fn pools(path: &Path, patience: Duration) -> Result<(SqlitePool, SqlitePool), OpenError> {
    let size = inspect(path)?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(patience)
        .foreign_keys(true)
        .synchronous(SqliteSynchronous::Full);
    let writing = options.clone().create_if_missing(true).journal_mode(SqliteJournalMode::Wal);
    let pool = SqlitePoolOptions::new()
        .acquire_timeout(patience)
        .idle_timeout(None)
        .max_lifetime(None)
        // A file does not hang up: asking each connection whether it is still there is a round trip for nothing.
        .test_before_acquire(false);
    let writer = pool
        .clone()
        .max_connections(1)
        // A transaction that SQLite itself rolled back, as it may when the disk is full, leaves the connection
        // counted as being inside of one for ever. Such a connection is replaced.
        .before_acquire(|connection, _| Box::pin(async { Ok(!connection.is_in_transaction()) }))
        .connect_with(writing)
        .await
        .map_err(|error| OpenError::sql(path, error))?;
    let readers = pool.max_connections(READERS).connect_with(options.read_only(true)).await;
    let readers = readers.map_err(|error| OpenError::sql(path, error))?;
    if size <= CHECKED_BYTES {
        check_pages(path, &readers).await?;
    }
    for pool in [&writer, &readers] {
        check_settings(path, pool, patience).await?;
    }
    Ok((writer, readers))
}

async fn check_pages(path: &Path, pool: &SqlitePool) -> Result<(), OpenError> {
    let failed = |error| OpenError::sql(path, error);
    // All pages, but not whether the full-text index says the same as the messages: that takes ten times as long as all else.
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'shadow')")
            .fetch_all(pool)
            .await
            .map_err(failed)?;
    for table in tables {
        let check = ["PRAGMA quick_check(\"", &table.replace('"', "\"\""), "\")"].concat();
        let fault: String = sqlx::query_scalar(AssertSqlSafe(check)).fetch_one(pool).await.map_err(failed)?;
        if fault != "ok" {
            return Err(OpenError::because(path, DAMAGED, fault));
        }
    }
    Ok(())
}

/// Asks SQLite for the settings rather than trusting that they were taken: some file systems refuse the log.
async fn check_settings(path: &Path, pool: &SqlitePool, patience: Duration) -> Result<(), OpenError> {
    let (journal, foreign_keys, synchronous, timeout): (String, i64, i64, i64) = sqlx::query_as(
        "SELECT journal_mode, foreign_keys, synchronous, timeout
         FROM pragma_journal_mode, pragma_foreign_keys, pragma_synchronous, pragma_busy_timeout",
    )
    .fetch_one(pool)
    .await
    .map_err(|error| OpenError::sql(path, error))?;
    let millis = i64::try_from(patience.as_millis()).unwrap_or(i64::MAX);
    if journal != "wal" {
        return Err(OpenError::because(path, NO_WAL, journal));
    }
    if (foreign_keys, synchronous, timeout) != (1, SYNCHRONOUS_FULL, millis) {
        return Err(OpenError::because(path, OTHER, "SQLite did not take its settings"));
    }
    Ok(())
}
