//! Faults: what is broken, full or cut off must stay small.

use super::{count, database, stranger};
use crate::store::{
    contract::{Ports, after, at, hash},
    sqlite::{Sqlite, value},
};
use chat::{
    ConversationId, TurnEvent, UserId,
    ports::{
        BeginError, Conversations, LoginLinks, NewSession, NewTurn, Place, Sessions, StoreError, TokenHash, Turns,
        Users,
    },
};
use sha2::{Digest, Sha256};
use std::{
    fs,
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};
use uuid::Uuid;

/// Polls a future a number of times and drops it if that was not enough.
async fn dropped_after<T>(polls: usize, future: impl Future<Output = T>) -> Option<T> {
    let (mut future, mut left) = (pin!(future), polls);
    poll_fn(move |context| {
        left = left.saturating_sub(1);
        match future.as_mut().poll(context) {
            Poll::Ready(value) => Poll::Ready(Some(value)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

async fn assert_sound(store: &Sqlite) {
    let found: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&store.readers).await.expect("checked");
    assert_eq!(found, "ok");
    let dangling = sqlx::query("PRAGMA foreign_key_check").fetch_all(&store.readers).await.expect("checked");
    assert!(dangling.is_empty());
}

#[tokio::test]
async fn b07_a_stolen_file_has_no_session_id_and_no_link_token() {
    let (folder, store) = database().await;
    let ports = Ports::of(store.clone());
    let user = ports.user("ann").await;
    let (id, token) = ("session-GMAqSokhZGdCsKJ1pnSOQA", "link-bXbh2SBYbv0ZzSnnyFvVwA");
    let digest = |text: &str| TokenHash(Sha256::digest(text).into());
    let session = NewSession {
        hash: digest(id),
        user,
        user_agent: "a user agent to find".into(),
        address: None,
        created_at: at(0),
        expires_at: at(9),
        provider: None,
    };
    assert!(ports.sessions.create(&session).await.expect("created"));
    assert!(ports.sessions.find(digest(id), at(1), at(-1)).await.expect("read").is_some());
    ports.links.create(digest(token), user, at(0), at(9)).await.expect("created");

    let holds = |text: &str| {
        fs::read_dir(folder.path()).expect("a folder").any(|entry| {
            let bytes = fs::read(entry.expect("a file").path()).expect("read");
            bytes.windows(text.len()).any(|window| window == text.as_bytes())
        })
    };
    for _ in 0..2 {
        assert!(holds("a user agent to find"), "the search finds what is there");
        assert!(!holds(id) && !holds(token) && !holds(&id[8..]) && !holds(&token[5..]));
        store.close().await;
    }
}

fn short_session(n: u8, user: UserId) -> NewSession {
    let user_agent = String::new();
    NewSession { hash: hash(n), user, user_agent, address: None, created_at: at(0), expires_at: at(9), provider: None }
}

#[tokio::test]
async fn b11_a_session_that_cannot_be_read_is_signed_out() {
    let (folder, store) = database().await;
    let ports = Ports::of(store.clone());
    let user = ports.user("ann").await;
    for n in 1..=2 {
        let session = short_session(n, user);
        ports.sessions.create(&session).await.expect("created");
    }
    let mut vandal = stranger(&folder).await;
    sqlx::query("PRAGMA ignore_check_constraints = ON").execute(&mut vandal).await.expect("set");
    sqlx::query("UPDATE sessions SET user_id = x'0102' WHERE id_hash = ?")
        .bind(hash(1).0.as_slice())
        .execute(&mut vandal)
        .await
        .expect("damaged");
    assert_eq!(ports.sessions.find(hash(1), at(1), at(-1)).await.expect("no error"), None);
    assert_eq!(ports.sessions.find(hash(2), at(1), at(-1)).await.expect("read").map(|live| live.user.id), Some(user));
}

#[tokio::test]
async fn b13_strangers_leave_no_rows() {
    let (_folder, store) = database().await;
    for n in 0..100 {
        store.touch(hash(n), at(0), None).await.expect("no error");
        store.revoke(hash(n), at(0)).await.expect("no error");
        store.use_up(hash(n), at(0)).await.expect("no error");
    }
    assert_eq!(count(&store, "SELECT (SELECT count(*) FROM sessions) + (SELECT count(*) FROM login_links)").await, 0);
}

#[tokio::test]
async fn j04_a_connection_that_reads_cannot_write() {
    let (_folder, store) = database().await;
    for statement in ["DELETE FROM users", "PRAGMA user_version = 3", "CREATE TABLE t (x)"] {
        let error = sqlx::query(statement).execute(&store.readers).await.expect_err("refused");
        assert_eq!(value::result_code(&error), Some(value::READONLY), "{error}");
    }
}

#[tokio::test]
async fn j04_a_transaction_that_reads_first_has_the_write_lock_already() {
    let (folder, store) = database().await;
    let mut other = stranger(&folder).await;
    sqlx::query("PRAGMA busy_timeout = 0").execute(&mut other).await.expect("set");
    let done: Result<(), StoreError> = store
        .write(async |tx| {
            sqlx::query("SELECT count(*) FROM users").execute(&mut *tx).await.map_err(value::failed)?;
            let refused = sqlx::query("DELETE FROM users").execute(&mut other).await.expect_err("locked out");
            assert_eq!(value::result_code(&refused), Some(value::BUSY), "{refused}");
            sqlx::query("DELETE FROM users").execute(tx).await.map_err(value::failed)?;
            Ok(())
        })
        .await;
    done.expect("nobody came in between");
}

#[tokio::test]
async fn j11_a_send_dropped_at_any_moment_is_whole_or_nothing_and_holds_no_lock() {
    let (folder, store) = database().await;
    let ports = Ports::of(store.clone());
    let ann = ports.user("ann").await;
    let mut other = stranger(&folder).await;
    for polls in 1.. {
        let finished = dropped_after(polls, store.begin(&ports.first_message(ann, "Hello", at(1)))).await;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.expect("no lock is held");
        sqlx::query("ROLLBACK").execute(&mut other).await.expect("rolled back");
        let turns = count(&store, "SELECT count(*) FROM turns").await;
        assert_eq!(count(&store, "SELECT count(*) FROM messages").await, 2 * turns, "after {polls} polls");
        assert_eq!(count(&store, "SELECT count(*) FROM conversations").await, turns, "after {polls} polls");
        if let Some(begun) = finished {
            begun.expect("the one that was left alone has begun");
            assert!(polls > 1, "it was never dropped");
            break;
        }
    }
    assert_sound(&store).await;
}

#[tokio::test]
async fn j11_a_transaction_that_fails_leaves_nothing_behind() {
    let (_folder, store) = database().await;
    let nobody = UserId(Uuid::from_u128(99));
    let ports = Ports::of(store.clone());
    let failed = store.begin(&ports.first_message(nobody, "Hello", at(1))).await;
    assert!(matches!(failed, Err(BeginError::Store(StoreError::Failed(_)))), "{failed:?}");
    assert_eq!(count(&store, "SELECT count(*) FROM conversations").await, 0);
    ports.user("ann").await;
}

#[tokio::test]
async fn j11_a_transaction_that_sqlite_gave_up_does_not_spoil_its_connection() {
    let (_folder, store) = database().await;
    let ports = Ports::of(store.clone());
    for _ in 0..2 {
        // What SQLite does of its own accord after some errors (https://www.sqlite.org/lang_transaction.html).
        let given_up: Result<(), StoreError> = store
            .write(async |tx| {
                sqlx::query("ROLLBACK").execute(tx).await.map_err(value::failed)?;
                Ok(())
            })
            .await;
        assert!(matches!(given_up, Err(StoreError::Failed(_))), "what was not committed is not acknowledged");
        ports.user("ann").await;
    }
}

/// Lets the file grow by no more than some pages. It is a setting of the connection, which may be a new one.
async fn leave_pages(store: &Sqlite, limit: i64) {
    let statement = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {limit}"));
    sqlx::query(statement).execute(&store.writer).await.expect("set");
}

#[tokio::test]
async fn j02_a_full_disk_is_told_and_reading_goes_on_and_room_is_enough_to_go_on() {
    let (_folder, store) = database().await;
    let ports = Ports::of(store.clone());
    let ann = ports.user("ann").await;
    let old = ports.complete(ann, &"x".repeat(100), at(1)).await;
    let place = Place::After(old.conversation.id, None);
    let filler = ports.message(ann, place, &"fill ".repeat(10_000), at(2));
    let mut filled = store.begin(&filler).await.expect("room").turn;
    ports.finish(&mut filled, "ok").await;
    let mut running = ports.running(ann, "Go on", at(3)).await.turn;

    let limit = count(&store, "SELECT page_count FROM pragma_page_count").await;
    let long = NewTurn { prompt: filler.prompt.clone(), ..ports.first_message(ann, "Too much", at(4)) };
    let stored = running.clone();
    running.record(TurnEvent::Text("long ".repeat(10_000)), at(5));
    for _ in 0..3 {
        leave_pages(&store, limit).await;
        let full = store.begin(&long).await;
        assert!(matches!(full, Err(BeginError::Store(StoreError::Full))), "{full:?}");
        leave_pages(&store, limit).await;
        let full = store.store(&[after(&running, &stored)]).await;
        assert!(matches!(full, Err(StoreError::Full)), "{full:?}");
        assert_eq!(store.list(ann, 9).await.expect("reading goes on").len(), 2);
        assert_eq!(ports.stored(ann, running.id).await, stored);
    }
    running.record(TurnEvent::Text("and longer".into()), at(6));

    leave_pages(&store, limit).await;
    assert!(store.delete(ann, old.conversation.id).await.expect("deleting makes room"));
    leave_pages(&store, limit).await;
    store.store(&[after(&running, &stored)]).await.expect("the failed piece, with more");
    assert_eq!(ports.stored(ann, running.id).await, running);
    assert_sound(&store).await;
}

#[tokio::test]
async fn a_very_long_conversation_can_be_deleted() {
    let (_folder, store) = database().await;
    let ports = Ports::of(store.clone());
    let ann = ports.user("ann").await;
    let begun = ports.complete(ann, "Hello", at(1)).await;
    // Longer than the 1000 levels that SQLite lets a chain of cascades go down.
    sqlx::query(
        "WITH RECURSIVE line (n, conversation_id, parent_id, id) AS (
             SELECT 1, conversation_id, id, randomblob(16) FROM messages WHERE author = 'assistant'
             UNION ALL
             SELECT n + 1, conversation_id, id, randomblob(16) FROM line WHERE n < 3000
         )
         INSERT INTO messages (id, conversation_id, parent_id, author, text, created_at)
         SELECT id, conversation_id, parent_id, 'user', 'line', 0 FROM line ORDER BY n",
    )
    .execute(&store.writer)
    .await
    .expect("written");
    // As in a conversation from before branches could be chosen.
    sqlx::query("UPDATE conversations SET leaf_id = NULL").execute(&store.writer).await.expect("written");
    let shown = store.transcript(ann, begun.conversation.id).await.expect("read").expect("a transcript");
    assert_eq!(shown.messages.len(), 3002);
    assert!(store.delete(ann, begun.conversation.id).await.expect("deleted"));
    assert_eq!(count(&store, "SELECT count(*) FROM messages").await, 0);
    assert_sound(&store).await;
}

#[tokio::test]
async fn a_deleted_user_leaves_nothing() {
    let (_folder, store) = database().await;
    let ports = Ports::of(store.clone());
    let (ann, bob) = (ports.user("ann").await, ports.user("bob").await);
    for user in [ann, bob] {
        let begun = ports.complete(user, "Hello", at(1)).await;
        store.begin_attempt(&ports.attempt(user, begun.turn.id, at(2))).await.expect("an attempt");
        let n = if user == ann { 1 } else { 2 };
        ports.links.create(hash(n), user, at(0), at(9)).await.expect("a link");
        let session = short_session(n, user);
        ports.sessions.create(&session).await.expect("a session");
    }
    sqlx::query("DELETE FROM users WHERE id = ?")
        .bind(ann.0.as_bytes().as_slice())
        .execute(&store.writer)
        .await
        .expect("deleted");
    let counts: (i64, i64, i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM sessions), (SELECT count(*) FROM login_links),
                (SELECT count(*) FROM conversations), (SELECT count(*) FROM messages), (SELECT count(*) FROM turns)",
    )
    .fetch_one(&store.readers)
    .await
    .expect("counted");
    assert_eq!(counts, (1, 1, 1, 3, 2), "what is left is Bob's");
    assert!(store.user(bob).await.expect("read").is_some());
    assert_sound(&store).await;
}

#[tokio::test]
async fn a_parent_is_in_the_same_conversation_whatever_the_program_does() {
    let (_folder, store) = database().await;
    let ports = Ports::of(store.clone());
    let ann = ports.user("ann").await;
    let (one, other) = (ports.complete(ann, "One", at(1)).await, ports.complete(ann, "Other", at(2)).await);
    let ConversationId(other) = other.conversation.id;
    let mixed = sqlx::query("UPDATE messages SET parent_id = ? WHERE conversation_id = ? AND author = 'assistant'")
        .bind(one.turn.parent.0.as_bytes().as_slice())
        .bind(other.as_bytes().as_slice())
        .execute(&store.writer)
        .await;
    assert!(mixed.is_err(), "the schema forbids it");
}
