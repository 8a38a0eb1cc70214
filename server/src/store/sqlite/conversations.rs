//! Conversations.

use super::{
    Sqlite,
    rows::MessageRow,
    value::{Key, failed, unreadable},
};
use async_trait::async_trait;
use chat::{
    Conversation, ConversationId, ConversationSummary, Message, Timestamp, Title, Transcript, TurnId, UserId,
    ports::{Conversations, StoreError},
    tree,
};
use sqlx::SqliteConnection;

#[async_trait]
impl Conversations for Sqlite {
    async fn list(&self, owner: UserId, limit: u32) -> Result<Vec<ConversationSummary>, StoreError> {
        let owner = Key(owner.0);
        let rows = sqlx::query!(
            r#"SELECT id AS "id: Key", title, updated_at,
                   EXISTS (SELECT 1 FROM turns WHERE conversation_id = conversations.id AND state = 'running')
                       AS "running: bool"
               FROM conversations
               WHERE user_id = ?
               ORDER BY updated_at DESC, id DESC
               LIMIT ?"#,
            owner,
            limit
        )
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(failed)?;
        let summary = |id: Key, title, updated_at, running| {
            let (id, title) = (ConversationId(id.0), Title::parse(title).map_err(unreadable)?);
            Ok(ConversationSummary { id, title, updated_at: Timestamp(updated_at), running })
        };
        rows.iter().map(|row| summary(row.id, &row.title, row.updated_at, row.running)).collect()
    }

    async fn transcript(&self, owner: UserId, id: ConversationId) -> Result<Option<Transcript>, StoreError> {
        let mut reader = self.reader().await?;
        let Some(conversation) = conversation(&mut reader, owner, id).await? else {
            return Ok(None);
        };
        let messages = tree::newest_branch(messages(&mut reader, owner, id).await?);
        // A conversation begins with a message: one without has been deleted since the line above.
        Ok((!messages.is_empty()).then_some(Transcript { conversation, messages }))
    }

    async fn rename(&self, owner: UserId, id: ConversationId, title: &Title) -> Result<bool, StoreError> {
        let (owner, id, title) = (Key(owner.0), Key(id.0), title.as_str());
        self.write(async |tx| {
            let renamed = sqlx::query!(
                "UPDATE conversations SET title = ?, title_source = 'user' WHERE id = ? AND user_id = ?",
                title,
                id,
                owner
            )
            .execute(tx)
            .await
            .map_err(failed)?;
            Ok(renamed.rows_affected() == 1)
        })
        .await
    }

    async fn suggest_title(&self, owner: UserId, id: ConversationId, title: &Title) -> Result<(), StoreError> {
        let (owner, id, title) = (Key(owner.0), Key(id.0), title.as_str());
        self.write(async |tx| {
            sqlx::query!(
                "UPDATE conversations SET title = ?, title_source = 'model'
                 WHERE id = ? AND user_id = ? AND title_source <> 'user'",
                title,
                id,
                owner
            )
            .execute(tx)
            .await
            .map_err(failed)?;
            Ok(())
        })
        .await
    }

    async fn delete(&self, owner: UserId, id: ConversationId) -> Result<bool, StoreError> {
        let (owner, id) = (Key(owner.0), Key(id.0));
        self.write(async |tx| {
            let deleted = sqlx::query!("DELETE FROM conversations WHERE id = ? AND user_id = ?", id, owner)
                .execute(tx)
                .await
                .map_err(failed)?;
            Ok(deleted.rows_affected() == 1)
        })
        .await
    }

    async fn running_turns(&self, owner: UserId, id: ConversationId) -> Result<Vec<TurnId>, StoreError> {
        let (owner, id) = (Key(owner.0), Key(id.0));
        let running = sqlx::query_scalar!(
            r#"SELECT id AS "id: Key" FROM turns
               WHERE conversation_id = ? AND user_id = ? AND state = 'running'"#,
            id,
            owner
        )
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(failed)?;
        Ok(running.into_iter().map(|id| TurnId(id.0)).collect())
    }
}

/// A conversation of a user.
pub(super) async fn conversation(
    db: &mut SqliteConnection,
    owner: UserId,
    id: ConversationId,
) -> Result<Option<Conversation>, StoreError> {
    let (owner, key) = (Key(owner.0), Key(id.0));
    let row = sqlx::query!(
        "SELECT title, created_at, updated_at FROM conversations WHERE id = ? AND user_id = ?",
        key,
        owner
    )
    .fetch_optional(db)
    .await
    .map_err(failed)?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Conversation {
        id,
        title: Title::parse(&row.title).map_err(unreadable)?,
        created_at: Timestamp(row.created_at),
        updated_at: Timestamp(row.updated_at),
    }))
}

/// Every message of a user's conversation, of all branches, in the order in which they were made.
pub(super) async fn messages(
    db: &mut SqliteConnection,
    owner: UserId,
    id: ConversationId,
) -> Result<Vec<Message>, StoreError> {
    let (owner, id) = (Key(owner.0), Key(id.0));
    let rows = sqlx::query_as!(
        MessageRow,
        r#"SELECT messages.id AS "id: Key", messages.parent_id AS "parent: Key", text, reasoning, seq,
               messages.created_at, turns.id AS "turn?: Key", model AS "model?", model_name AS "model_name?",
               state AS "state?", failure_kind, failure_message, input_tokens AS "input_tokens: u32",
               output_tokens AS "output_tokens: u32", first_reasoning_at, first_text_at, ended_at
           FROM conversations
           JOIN messages ON messages.conversation_id = conversations.id
           LEFT JOIN turns ON turns.reply_id = messages.id
           WHERE conversations.id = ? AND conversations.user_id = ?
           ORDER BY messages.number"#,
        id,
        owner
    )
    .fetch_all(db)
    .await
    .map_err(failed)?;
    rows.into_iter().map(MessageRow::message).collect()
}
