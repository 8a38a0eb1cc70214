//! Opening, refusing and locking.

use super::{address, count, database, file, stranger};
use crate::store::sqlite::{OpenError, Sqlite};
use chat::{Role, UserId, ports::Users, user::Identity};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;
use uuid::Uuid;

/// What a person reads who can't open a database.
async fn refusal(address: &str) -> String {
    Sqlite::open(address).await.expect_err("refused").to_string()
}

async fn refused_with(path: &Path, hint: &str) {
    let said = refusal(&format!("sqlite:{}", path.display())).await;
    assert!(said.starts_with(&path.display().to_string()) && said.contains(hint), "{said}");
}

/// A closed database of some fifty pages, all of them in the file.
async fn closed_database() -> (TempDir, PathBuf) {
    let (folder, store) = database().await;
    for n in 0..400u128 {
        let identity = Identity::local(&format!("user {n} {}", "x".repeat(200)));
        store.sign_in(&identity, Role::Member, UserId(Uuid::from_u128(n)), super::now()).await.expect("ok");
    }
    store.close().await;
    let path = file(&folder);
    (folder, path)
}

#[tokio::test]
async fn a_database_is_made_once_and_found_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let owner = UserId(Uuid::from_u128(1));
    for _ in 0..2 {
        let store = Sqlite::open(&address(&folder)).await.expect("opened");
        store.migrate().await.expect("migrated");
        store.migrate().await.expect("migrating twice is no error");
        store.sign_in(&Identity::owner(), Role::Admin, owner, super::now()).await.expect("a user");
        assert_eq!(count(&store, "SELECT count(*) FROM users").await, 1);
        store.close().await;
    }
    let names: Vec<_> =
        fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("a file").file_name()).collect();
    assert!(!names.iter().any(|name| name.to_string_lossy().ends_with("-wal")), "closing folds the log in: {names:?}");
}

#[tokio::test]
async fn an_address_may_have_slashes_and_must_name_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("with space & 100%.db");
    for address in [format!("sqlite:{}", path.display()), format!("sqlite://{}", path.display())] {
        Sqlite::open(&address).await.expect("opened").close().await;
        assert!(path.is_file());
    }
    for address in
        ["", "sqlite:", "sqlite::memory:", "sqlite:x.db?mode=ro", "postgres://ann:hunter2@db/confab", "confab.db"]
    {
        let said = refusal(address).await;
        assert!(said.contains("sqlite:folder/file.db") && !said.contains("hunter2"), "{said}");
    }
}

#[tokio::test]
async fn j12_a_second_server_on_the_same_database_refuses() {
    let (folder, first) = database().await;
    drop(first);
    let first = Sqlite::open(&address(&folder)).await.expect("opened");
    let clone = first.clone();
    drop(first);
    let second = Sqlite::open(&address(&folder)).await;
    assert!(matches!(second, Err(OpenError::InUse(_))), "{second:?}");
    let beside = Sqlite::open_beside(&address(&folder)).await.expect("a command may");
    beside.sign_in(&Identity::owner(), Role::Admin, UserId(Uuid::nil()), super::now()).await.expect("and may write");
    drop(beside);
    assert!(matches!(Sqlite::open(&address(&folder)).await, Err(OpenError::InUse(_))), "and leaves the lock alone");
    drop(clone);
    Sqlite::open(&address(&folder)).await.expect("free again");
}

#[tokio::test]
async fn a_command_beside_the_server_makes_no_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = Sqlite::open_beside(&address(&folder)).await.expect_err("refused").to_string();
    assert!(refused.contains("no database here"), "{refused}");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

#[tokio::test]
async fn j13_settings_hold_on_every_connection() {
    let (_folder, store) = database().await;
    let settings = "SELECT journal_mode, foreign_keys, synchronous, timeout
                    FROM pragma_journal_mode, pragma_foreign_keys, pragma_synchronous, pragma_busy_timeout";
    let mut connections = vec![store.writer.acquire().await.expect("a connection")];
    for _ in 0..store.readers.options().get_max_connections() {
        connections.push(store.readers.acquire().await.expect("a connection"));
    }
    for connection in &mut connections {
        let found: (String, i64, i64, i64) = sqlx::query_as(settings).fetch_one(&mut **connection).await.expect("read");
        assert_eq!(found, ("wal".into(), 1, 2, 5000), "FULL is 2");
    }
}

#[tokio::test]
async fn j08_what_is_no_database_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file(&folder);
    let text = b"Dear diary, this file has nothing to do with a database, and it is mine. ".repeat(20);
    for content in [text.as_slice(), &text[..60], &[0; 5000]] {
        fs::write(&path, content).expect("written");
        refused_with(&path, "not an SQLite database").await;
        assert_eq!(fs::read(&path).expect("still there"), content);
    }
    fs::write(&path, b"").expect("written");
    refused_with(&path, "empty").await;
    assert_eq!(fs::read(&path).expect("still there"), b"");
}

#[tokio::test]
async fn j08_damage_is_refused_and_left_as_it_is() {
    let (_folder, path) = closed_database().await;
    let sound = fs::read(&path).expect("read");
    let pages = sound.len() / 4096;
    assert!(pages > 20);
    for page in 0..pages {
        let mut damaged = sound.clone();
        // The first page begins with the header of the file, the others with what kind of page they are.
        damaged[if page == 0 { 100 } else { page * 4096 }] ^= 0x5a;
        fs::write(&path, &damaged).expect("written");
        refused_with(&path, "damaged").await;
        assert!(fs::read(&path).expect("still there") == damaged, "page {page} was written to");
    }
    for length in [sound.len() - 4096, sound.len() / 2, 5000, 4096] {
        fs::write(&path, &sound[..length]).expect("written");
        refused_with(&path, "damaged").await;
        assert_eq!(fs::read(&path).expect("still there").len(), length);
    }
    fs::write(&path, &sound).expect("written");
    let store = Sqlite::open(&format!("sqlite:{}", path.display())).await.expect("the sound one opens");
    assert_eq!(count(&store, "SELECT count(*) FROM users").await, 400);
}

#[tokio::test]
async fn j07_a_log_without_its_database_is_not_thrown_away() {
    let (folder, store) = database().await;
    let (path, log) = (file(&folder), folder.path().join("confab.db-wal"));
    let kept = fs::read(&log).expect("a log");
    assert!(!kept.is_empty());
    drop(store);
    fs::remove_file(&path).expect("removed");
    fs::write(&log, &kept).expect("written");
    refused_with(&path, "its log (-wal) is there").await;
    assert_eq!(fs::read(&log).expect("still there"), kept);
}

#[tokio::test]
async fn j09_a_folder_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = folder.path().join("data");
    let said = refusal(&format!("sqlite:{}", missing.join("confab.db").display())).await;
    assert!(said.starts_with(&missing.display().to_string()) && said.contains("does not exist"), "{said}");
    assert!(!missing.exists(), "nor is it made: a mistyped address would begin anew elsewhere");
    refused_with(folder.path(), "this is a folder").await;
}

/// The kernel refuses files here even to root, as whom tests may run.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn j09_a_folder_that_takes_no_files_is_named() {
    let said = refusal("sqlite:/sys/confab.db").await;
    assert!(said.starts_with("/sys/confab.db") && said.contains("owner and the permissions"), "{said}");
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused() {
    let (folder, store) = database().await;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (99991231235959, 'from the future', TRUE, x'00', 0)",
    )
    .execute(&mut stranger(&folder).await)
    .await
    .expect("written");
    let refused = store.migrate().await.expect_err("refused").to_string();
    assert!(refused.contains("newer version"), "{refused}");
}
