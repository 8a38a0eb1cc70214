//! A database in which much has been said, written past Confab by SQL.

use crate::confab::Installation;
use anyhow::Result;
use sqlx::{Connection, SqliteConnection};

/// Conversations that the owner has had.
pub const CONVERSATIONS: i64 = 10_000;
/// Messages in each of them, questions and replies in turn.
pub const MESSAGES: i64 = 4;
/// Messages in the one long conversation.
pub const LONG: i64 = 1_000;

const REPLY: &str = "The keeper **never** said why, but there are three good guesses:\n\n\
                     1. The *light* had to be cleaned before dusk, and nobody else knew how.\n\
                     2. The gull would not eat from any other hand.\n\
                     3. It was quiet there; see [the log](https://example.com/log).\n\n\
                     ```rust\nfn ships(evening: &Evening) -> usize {\n    evening.log.iter().filter(|ship| ship.lit).count()\n}\n```\n\n\
                     So the answer depends on whom you ask, and the log tells no more than `counted: 7`.\n";

/// Makes the schema by starting Confab once, then fills it.
pub async fn fill(installation: &Installation) -> Result<()> {
    fill_with(installation, MESSAGES).await
}

/// The same with so many messages in each conversation.
pub async fn fill_with(installation: &Installation, messages: i64) -> Result<()> {
    installation.start()?.process.end()?;
    let mut database = installation.database().await?;
    let mut transaction = database.begin().await?;
    for number in 1..=CONVERSATIONS {
        conversation(&mut transaction, number, messages).await?;
    }
    conversation(&mut transaction, CONVERSATIONS + 1, LONG).await?;
    transaction.commit().await?;
    Ok(database.close().await?)
}

/// The id of the long conversation, as in the address of its page.
pub fn long() -> String {
    let digits: String = id('c', CONVERSATIONS + 1, 0).iter().map(|byte| format!("{byte:02x}")).collect();
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}

/// Any sixteen bytes are an identifier.
fn id(kind: char, conversation: i64, message: i64) -> Vec<u8> {
    format!("{kind}{conversation:010}{message:05}").into_bytes()
}

async fn conversation(database: &mut SqliteConnection, number: i64, messages: i64) -> Result<()> {
    let conversation = id('c', number, 0);
    let at = number * 1_000_000;
    sqlx::query(
        "INSERT INTO conversations (id, user_id, title, title_source, created_at, updated_at)
         SELECT ?1, id, 'Story ' || ?2, 'model', ?3, ?3 FROM users LIMIT 1",
    )
    .bind(&conversation)
    .bind(number)
    .bind(at)
    .execute(&mut *database)
    .await?;
    for message in 0..messages {
        let (key, parent) = (id('m', number, message), (message > 0).then(|| id('m', number, message - 1)));
        let is_reply = message % 2 == 1;
        sqlx::query(
            "INSERT INTO messages (id, conversation_id, parent_id, author, text, created_at) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(&key)
        .bind(&conversation)
        .bind(&parent)
        .bind(if is_reply { "assistant" } else { "user" })
        .bind(if is_reply { REPLY } else { "Why did the keeper of the lighthouse count the ships every evening?" })
        .bind(at)
        .execute(&mut *database)
        .await?;
        if is_reply {
            turn(database, number, message, at).await?;
        }
    }
    Ok(())
}

async fn turn(database: &mut SqliteConnection, conversation: i64, message: i64, at: i64) -> Result<()> {
    sqlx::query(
        "INSERT INTO turns (id, user_id, conversation_id, parent_id, reply_id, send_key, model, model_name, state,
                            started_at, first_text_at, ended_at)
         SELECT ?1, id, ?2, ?3, ?4, ?5, 'openai/scripted-0ms', 'scripted-0ms', 'complete', ?6, ?6, ?6
         FROM users LIMIT 1",
    )
    .bind(id('t', conversation, message))
    .bind(id('c', conversation, 0))
    .bind(id('m', conversation, message - 1))
    .bind(id('m', conversation, message))
    .bind(id('k', conversation, message))
    .bind(at)
    .execute(database)
    .await?;
    Ok(())
}
