//! Finding what was said: the full text indexes that triggers keep, and for scripts without spaces between words what
//! was said itself. Each query goes from what matches to whose it is, which CROSS JOIN holds SQLite to.

use super::{
    Sqlite,
    value::{Key, failed, unreadable},
};
use async_trait::async_trait;
use chat::{
    ConversationId, MessageId, Timestamp, UserId,
    ports::{Search, StoreError},
    search::{Hit, Marked, MessageHit, Query},
};
use sqlx::SqliteConnection;

/// Of what matches, so many of the newest are ranked: the best of everything that holds a common word is nothing that
/// anybody looks for, and would take as long as there is much of it.
const RANKED: u32 = 1_000;

#[async_trait]
impl Search for Sqlite {
    async fn search(&self, owner: UserId, query: &Query, limit: u32) -> Result<Vec<Hit>, StoreError> {
        let mut reader = self.reader().await?;
        let mut found = titles(&mut reader, owner, query, limit).await?;
        found.extend(titles_without_spaces(&mut reader, owner, query, limit).await?);
        found.extend(messages(&mut reader, owner, query, limit).await?);
        found.extend(messages_without_spaces(&mut reader, owner, query, limit).await?);
        drop(reader);
        Ok(hits(found, query, usize::try_from(limit).unwrap_or(usize::MAX)))
    }
}

/// A title, or a message, that was found.
struct Found {
    conversation: Key,
    title: String,
    message: Option<Key>,
    text: Option<String>,
    at: i64,
    archived: bool,
}

/// Each conversation once, with the first of its messages.
fn hits(found: Vec<Found>, query: &Query, limit: usize) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::new();
    for found in found {
        let (conversation, archived) = (ConversationId(found.conversation.0), found.archived);
        let message = found.message.zip(found.text);
        let message =
            || message.map(|(id, text)| MessageHit { id: MessageId(id.0), snippet: Marked::snippet(&text, query) });
        match hits.iter().position(|hit| hit.conversation == conversation) {
            Some(known) if hits[known].message.is_none() => hits[known].message = message(),
            None if hits.len() < limit => {
                let title = Marked::whole(&found.title, query);
                hits.push(Hit { conversation, title, message: message(), at: Timestamp(found.at), archived });
            }
            _ => {}
        }
    }
    hits
}

async fn titles(db: &mut SqliteConnection, owner: UserId, query: &Query, limit: u32) -> Result<Vec<Found>, StoreError> {
    let (expression, owner) = (expression(owner, "title", query), Key(owner.0));
    sqlx::query_as!(
        Found,
        r#"WITH matching AS MATERIALIZED (
               SELECT rowid AS number, round(bm25(title_search, 0.0, 1.0), 1) AS score
               FROM title_search WHERE title_search MATCH ?1 ORDER BY rowid DESC LIMIT ?2
           )
           SELECT conversations.id AS "conversation!: Key", conversations.title AS "title!", NULL AS "message: Key",
               NULL AS "text: String", conversations.updated_at AS "at!",
               conversations.archived_at IS NOT NULL AS "archived!: bool"
           FROM matching
           CROSS JOIN title_numbers ON title_numbers.number = matching.number
           CROSS JOIN conversations ON conversations.id = title_numbers.conversation_id
           WHERE conversations.user_id = ?3
           ORDER BY score, conversations.updated_at DESC
           LIMIT ?4"#,
        expression,
        RANKED,
        owner,
        limit
    )
    .fetch_all(db)
    .await
    .map_err(failed)
}

async fn titles_without_spaces(
    db: &mut SqliteConnection,
    owner: UserId,
    query: &Query,
    limit: u32,
) -> Result<Vec<Found>, StoreError> {
    let (parts, owner) = (parts(query)?, Key(owner.0));
    sqlx::query_as!(
        Found,
        r#"SELECT conversations.id AS "conversation!: Key", conversations.title AS "title!", NULL AS "message: Key",
               NULL AS "text: String", conversations.updated_at AS "at!",
               conversations.archived_at IS NOT NULL AS "archived!: bool"
           FROM unspaced_titles
           CROSS JOIN title_numbers ON title_numbers.number = unspaced_titles.number
           CROSS JOIN conversations ON conversations.id = title_numbers.conversation_id
           WHERE unspaced_titles.user_id = ?1 AND conversations.user_id = ?1
               AND NOT EXISTS (SELECT 1 FROM json_each(?2) WHERE instr(lower(conversations.title), value) = 0)
           ORDER BY unspaced_titles.number DESC
           LIMIT ?3"#,
        owner,
        parts,
        limit
    )
    .fetch_all(db)
    .await
    .map_err(failed)
}

/// The best message of each conversation.
async fn messages(
    db: &mut SqliteConnection,
    owner: UserId,
    query: &Query,
    limit: u32,
) -> Result<Vec<Found>, StoreError> {
    let (expression, owner) = (expression(owner, "text", query), Key(owner.0));
    sqlx::query_as!(
        Found,
        r#"WITH matching AS MATERIALIZED (
               SELECT rowid AS number, round(bm25(message_search, 0.0, 1.0), 1) AS score
               FROM message_search WHERE message_search MATCH ?1 ORDER BY rowid DESC LIMIT ?2
           ), best AS (
               SELECT matching.number, score, row_number() OVER (
                   PARTITION BY messages.conversation_id ORDER BY score, matching.number DESC
               ) AS place
               FROM matching
               CROSS JOIN messages ON messages.number = matching.number
               CROSS JOIN conversations ON conversations.id = messages.conversation_id
               WHERE conversations.user_id = ?3 AND messages.deleted_at IS NULL
           ), first AS (
               SELECT number, score FROM best WHERE place = 1 ORDER BY score, number DESC LIMIT ?4
           )
           SELECT conversations.id AS "conversation!: Key", conversations.title AS "title!",
               messages.id AS "message?: Key", messages.text AS "text?", messages.created_at AS "at!",
               conversations.archived_at IS NOT NULL AS "archived!: bool"
           FROM first
           CROSS JOIN messages ON messages.number = first.number
           CROSS JOIN conversations ON conversations.id = messages.conversation_id
           WHERE conversations.user_id = ?3
           ORDER BY first.score, first.number DESC"#,
        expression,
        RANKED,
        owner,
        limit
    )
    .fetch_all(db)
    .await
    .map_err(failed)
}

/// The newest first, so that what is common is soon found.
async fn messages_without_spaces(
    db: &mut SqliteConnection,
    owner: UserId,
    query: &Query,
    limit: u32,
) -> Result<Vec<Found>, StoreError> {
    let (parts, owner) = (parts(query)?, Key(owner.0));
    sqlx::query_as!(
        Found,
        r#"SELECT conversations.id AS "conversation!: Key", conversations.title AS "title!",
               messages.id AS "message?: Key", messages.text AS "text?", messages.created_at AS "at!",
               conversations.archived_at IS NOT NULL AS "archived!: bool"
           FROM unspaced_messages
           CROSS JOIN messages ON messages.number = unspaced_messages.number
           CROSS JOIN conversations ON conversations.id = messages.conversation_id
           WHERE unspaced_messages.user_id = ?1 AND conversations.user_id = ?1 AND messages.deleted_at IS NULL
               AND NOT EXISTS (SELECT 1 FROM json_each(?2) WHERE instr(lower(messages.text), value) = 0)
           ORDER BY unspaced_messages.number DESC
           LIMIT ?3"#,
        owner,
        parts,
        limit
    )
    .fetch_all(db)
    .await
    .map_err(failed)
}

/// A query of FTS5 (<https://www.sqlite.org/fts5.html#full_text_query_syntax>). Words hold letters and digits only; they
/// stand in quotes, so that none is an operator.
fn expression(owner: UserId, column: &str, query: &Query) -> String {
    let term = |term: &chat::search::Term| {
        let open = if term.open { " *" } else { "" };
        format!("\"{}\"{open}", term.words.join(" "))
    };
    let terms = query.terms().iter().map(term).collect::<Vec<_>>().join(" AND ");
    // As the function hex() of SQLite writes it.
    format!("owner : \"{}\" AND {column} : ({terms})", owner.0.simple())
}

/// The words as a list in JSON.
fn parts(query: &Query) -> Result<String, StoreError> {
    let words: Vec<&String> = query.terms().iter().flat_map(|term| &term.words).collect();
    serde_json::to_string(&words).map_err(unreadable)
}
