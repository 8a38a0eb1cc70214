//! What the migration makes of a database that is in use, and what deletions leave in the indexes.

use super::{count, file};
use crate::store::{
    contract::{Ports, at},
    sqlite::{MIGRATIONS, PATIENCE, Sqlite},
};
use chat::{
    UserId,
    ports::Search,
    search::{Hit, Query},
};
use sqlx::migrate::Migrator;

/// The version of the migration that makes the indexes.
const SEARCH: i64 = 20_261_125_170_000;

/// Two messages in each of so many conversations of a user, and one that is deleted.
const FILL: &str = "
    INSERT INTO conversations (id, user_id, title, title_source, created_at, updated_at)
    WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?2)
    SELECT randomblob(16), ?1, 'Talk ' || n || iif(n % 10 = 0, ' 会話', ''), 'prompt', n, n FROM n;
    INSERT INTO messages (id, conversation_id, author, text, created_at, deleted_at)
    WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?3)
    SELECT randomblob(16), id, 'user', 'message number ' || n || iif(n = 2, ' gone', '')
        || iif(created_at % 10 = 0, ' 東京', ''), created_at, iif(n = 2, 1, NULL)
    FROM conversations JOIN n WHERE user_id = ?1;";

async fn fill(store: &Sqlite, owner: UserId, conversations: i64, messages: i64) {
    for query in FILL.split_inclusive(';') {
        sqlx::query(sqlx::AssertSqlSafe(query))
            .bind(owner.0.as_bytes().as_slice())
            .bind(conversations)
            .bind(messages)
            .execute(&store.writer)
            .await
            .expect("filled");
    }
}

async fn found(store: &Sqlite, owner: UserId, typed: &str) -> Vec<Hit> {
    store.search(owner, &Query::parse(typed).expect("a query"), 20).await.expect("hits")
}

#[tokio::test]
async fn what_was_said_before_there_was_an_index_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Sqlite::connect(&file(&folder), None, PATIENCE).await.expect("opened");
    let before = MIGRATIONS.iter().filter(|migration| migration.version < SEARCH).cloned().collect();
    Migrator::with_migrations(before).run(&store.writer).await.expect("migrated");
    let ports = Ports::of(store.clone());
    let ann = ports.user("ann").await;
    fill(&store, ann, 20, 2).await;
    store.migrate().await.expect("migrated");
    for (typed, hits) in [("\"talk 7\"", 1), ("会話", 2), ("東京", 2), ("\"number 1\"", 20), ("gone", 0)] {
        assert_eq!(found(&store, ann, typed).await.len(), hits, "{typed}");
    }
}

#[tokio::test]
async fn j15_a_deleted_user_leaves_nothing_in_the_indexes() {
    let (_folder, store) = super::database().await;
    let ports = Ports::of(store.clone());
    let (ann, bob) = (ports.user("ann").await, ports.user("bob").await);
    fill(&store, ann, 20, 3).await;
    ports.complete(bob, "Hello", at(1)).await;
    assert_eq!(count(&store, "SELECT count(*) FROM message_search").await, 42);
    let delete = sqlx::query("DELETE FROM users WHERE id = ?").bind(ann.0.as_bytes().as_slice().to_owned());
    delete.execute(&store.writer).await.expect("deleted");
    for (what, left) in [
        ("SELECT count(*) FROM message_search", 2),
        ("SELECT count(*) FROM title_search", 1),
        ("SELECT count(*) FROM title_numbers", 1),
        ("SELECT count(*) FROM unspaced_messages", 0),
        ("SELECT count(*) FROM unspaced_titles", 0),
        ("SELECT count(*) FROM message_search WHERE message_search MATCH 'talk OR message'", 0),
    ] {
        assert_eq!(count(&store, what).await, left, "{what}");
    }
    for index in ["message_search", "title_search"] {
        let check = format!("INSERT INTO {index} ({index}) VALUES ('integrity-check')");
        sqlx::query(sqlx::AssertSqlSafe(check)).execute(&store.writer).await.expect("sound");
    }
}
