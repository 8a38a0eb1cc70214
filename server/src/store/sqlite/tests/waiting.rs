//! Who waits for whom, for how long, and who must not.

use super::{count, database, file, patient_database, stranger};
use crate::store::{
    contract::{Ports, at, whole},
    sqlite::open::READERS,
};
use chat::{
    Outcome, TurnEvent, UserId,
    ports::{Conversations, StoreError, Turns},
};
use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{task::JoinSet, time::timeout};

/// Long enough for whatever does not wait, on a busy machine too.
const A_SECOND: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn j03_sixty_four_writers_and_long_readers_all_succeed() {
    // However slow the disk of the day: what must never come is an error that waiting would not have cured.
    let (folder, store) = patient_database(60 * A_SECOND).await;
    let ports = Arc::new(Ports::of(store.clone()));
    let ann = ports.user("ann").await;
    let first = ports.complete(ann, "Hello", at(0)).await.conversation.id;

    let mut long_readers = Vec::new();
    for _ in 0..3 {
        let mut reader = stranger(&folder).await;
        sqlx::query("BEGIN").execute(&mut reader).await.expect("begun");
        sqlx::query("SELECT count(*) FROM messages").execute(&mut reader).await.expect("a snapshot");
        long_readers.push(reader);
    }
    let writing = Arc::new(AtomicBool::new(true));
    let mut readers = JoinSet::new();
    for _ in 0..8 {
        let (store, writing) = (store.clone(), Arc::clone(&writing));
        readers.spawn(async move {
            while writing.load(Ordering::Relaxed) {
                store.list(ann, 100).await.expect("a list");
                store.transcript(ann, first).await.expect("read").expect("a transcript");
            }
        });
    }
    let mut writers = JoinSet::new();
    for n in 0..64 {
        let (store, ports) = (store.clone(), Arc::clone(&ports));
        writers.spawn(async move {
            let mut turn = store.begin(&ports.first_message(ann, "Hello", at(n))).await.expect("begun").turn;
            turn.record(TurnEvent::Text("Hi".into()), at(n + 1));
            store.store(&[whole(&turn)]).await.expect("stored");
            turn.record(TurnEvent::Finished(Outcome::Complete), at(n + 2));
            store.store(&[whole(&turn)]).await.expect("stored");
        });
    }
    writers.join_all().await;
    writing.store(false, Ordering::Relaxed);
    readers.join_all().await;
    assert_eq!(count(&store, "SELECT count(*) FROM turns WHERE state = 'complete'").await, 65);
}

#[tokio::test]
async fn j03_a_write_waits_for_another_process() {
    let (folder, store) = database().await;
    let ports = Ports::of(store);
    let mut other = stranger(&folder).await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.expect("held");
    let mut write = Box::pin(ports.user("ann"));
    assert!(timeout(A_SECOND / 10, &mut write).await.is_err(), "it waits");
    sqlx::query("COMMIT").execute(&mut other).await.expect("let go");
    write.await;
}

#[tokio::test]
async fn j03_a_write_that_waited_too_long_is_told_so() {
    let (folder, store) = patient_database(A_SECOND).await;
    let ports = Ports::of(store.clone());
    let ann = ports.user("ann").await;
    let begun = ports.running(ann, "Hello", at(1)).await;
    let mut other = stranger(&folder).await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.expect("held");
    // The first one waits in SQLite, the second one in the queue for the connection.
    let id = begun.conversation.id;
    let (one, two) = tokio::join!(store.delete(ann, id), store.interrupt_all(at(2)));
    assert!(matches!(one, Err(StoreError::Busy)), "{one:?}");
    assert!(matches!(two, Err(StoreError::Busy)), "{two:?}");
    assert_eq!(store.list(ann, 9).await.expect("reading goes on").len(), 1);
    sqlx::query("COMMIT").execute(&mut other).await.expect("let go");
    assert!(store.delete(ann, id).await.expect("and so does writing"));
}

#[tokio::test]
async fn j11_when_every_reader_is_taken_a_read_is_told_so() {
    let (_folder, store) = patient_database(A_SECOND).await;
    let ann = UserId(uuid::Uuid::nil());
    let mut taken = Vec::new();
    for _ in 0..READERS {
        taken.push(store.reader().await.expect("a connection"));
    }
    let busy = store.list(ann, 9).await;
    assert!(matches!(busy, Err(StoreError::Busy)), "{busy:?}");
    store.interrupt_all(at(1)).await.expect("writing goes on");
    drop(taken);
    store.list(ann, 9).await.expect("free again");
}

/// Whether the whole log could be folded into the file, at the first try.
async fn log_folds(folder: &tempfile::TempDir) -> bool {
    let mut other = stranger(folder).await;
    sqlx::query("PRAGMA busy_timeout = 0").execute(&mut other).await.expect("set");
    let (busy, _, _): (i64, i64, i64) =
        sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut other).await.expect("tried");
    let log = fs::metadata(file(folder).with_extension("db-wal")).expect("a log").len();
    busy == 0 && log == 0
}

#[tokio::test]
async fn j05_no_read_keeps_the_log_from_being_folded_in() {
    let (folder, store) = database().await;
    let ports = Ports::of(store.clone());
    let ann = ports.user("ann").await;
    for n in 0..20 {
        let begun = ports.complete(ann, "Hello", at(n)).await;
        store.list(ann, 9).await.expect("a list");
        store.list(ann, 1).await.expect("a part of a list");
        store.transcript(ann, begun.conversation.id).await.expect("read").expect("a transcript");
        store.turn(ann, begun.turn.id).await.expect("read").expect("a turn");
        store.running_turns(ann, begun.conversation.id).await.expect("read");
    }
    assert!(log_folds(&folder).await);

    // That the question can be answered with no:
    let mut reader = stranger(&folder).await;
    sqlx::query("BEGIN").execute(&mut reader).await.expect("begun");
    sqlx::query("SELECT count(*) FROM messages").execute(&mut reader).await.expect("a snapshot");
    ports.complete(ann, "Hello", at(99)).await;
    assert!(!log_folds(&folder).await);
}
