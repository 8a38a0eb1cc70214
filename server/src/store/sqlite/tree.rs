//! The tree of a conversation's messages: which branch is shown, and what is deleted.

use super::{
    Sqlite, files,
    rows::MessageRow,
    value::{Key, failed},
};
use chat::{
    ConversationId, Fork, Message, MessageId, Summary, Timestamp, UserId,
    ports::{DeleteError, Deletion, StoreError},
    tree::Tree,
};
use sqlx::SqliteConnection;
use std::collections::HashMap;

/// A conversation's messages, of all branches, and which branch is shown.
pub(super) struct Messages {
    tree: Tree,
    summaries: HashMap<MessageId, String>,
    /// The end of the branch that was chosen.
    chosen: Option<MessageId>,
}

/// One branch.
pub(super) struct Branch {
    pub(super) messages: Vec<Message>,
    pub(super) forks: Vec<Fork>,
    pub(super) summary: Option<Summary>,
}

impl Messages {
    /// The branch that is shown; empty when everything is deleted.
    pub(super) fn shown(self) -> Branch {
        match self.chosen.or_else(|| self.tree.newest_leaf(None)) {
            Some(leaf) => self.branch(leaf),
            None => Branch { messages: Vec::new(), forks: Vec::new(), summary: None },
        }
    }

    /// All that is not deleted, each with the message that it follows, and the end of the branch that is shown.
    pub(super) fn all(self) -> (Vec<(Message, Option<MessageId>)>, Option<MessageId>) {
        let shown = self.chosen.or_else(|| self.tree.newest_leaf(None));
        (self.tree.kept(), shown)
    }

    /// The branch that ends in a message.
    pub(super) fn branch(mut self, leaf: MessageId) -> Branch {
        let (messages, forks) = self.tree.branch(leaf);
        let last = messages.iter().rev().map(Message::id).find(|id| self.summaries.contains_key(id));
        let summary = last.and_then(|upto| Some(Summary { upto, text: self.summaries.remove(&upto)? }));
        Branch { messages, forks, summary }
    }
}

/// Every message of a user's conversation; none when there is no such conversation, or it has no message.
pub(super) async fn messages(
    db: &mut SqliteConnection,
    owner: UserId,
    id: ConversationId,
) -> Result<Option<Messages>, StoreError> {
    let mut files = files::of_conversation(&mut *db, owner, id).await?;
    let (owner, id) = (Key(owner.0), Key(id.0));
    let chosen = sqlx::query_scalar!(
        r#"SELECT leaf_id AS "leaf: Key" FROM conversations WHERE id = ? AND user_id = ?"#,
        id,
        owner
    );
    let chosen = chosen.fetch_optional(&mut *db).await.map_err(failed)?.flatten();
    let rows = sqlx::query_as!(
        MessageRow,
        r#"SELECT messages.id AS "id: Key", messages.parent_id AS "parent: Key", text, reasoning, seq,
               messages.created_at, deleted_at, summary, turns.id AS "turn?: Key", model AS "model?",
               model_name AS "model_name?", state AS "state?", stop_reason, failure_kind, failure_message,
               input_tokens AS "input_tokens: u32", cached_tokens AS "cached_tokens: u32",
               output_tokens AS "output_tokens: u32", reasoning_tokens AS "reasoning_tokens: u32", cost,
               first_reasoning_at, first_text_at, ended_at
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
    let deleted = rows.iter().filter(|row| row.deleted_at.is_some()).map(|row| MessageId(row.id.0)).collect();
    let summaries = rows.iter().filter_map(|row| Some((MessageId(row.id.0), row.summary.clone()?))).collect();
    let mut messages: Vec<Message> = rows.into_iter().map(MessageRow::message).collect::<Result<_, _>>()?;
    for message in &mut messages {
        if let Message::User(message) = message {
            message.attachments = files.remove(&message.id).unwrap_or_default();
        }
    }
    let chosen = chosen.map(|id| MessageId(id.0)).filter(|id| messages.iter().any(|message| message.id() == *id));
    let none = messages.is_empty();
    Ok((!none).then_some(Messages { tree: Tree::new(messages, deleted), summaries, chosen }))
}

impl Sqlite {
    /// See [`chat::ports::Conversations::choose`].
    pub(super) async fn choose_branch(
        &self,
        owner: UserId,
        id: ConversationId,
        message: MessageId,
    ) -> Result<bool, StoreError> {
        self.write(async |tx| {
            let Some(messages) = messages(tx, owner, id).await? else { return Ok(false) };
            let leaf = messages.tree.newest_leaf(Some(message));
            // A message that is not there would have given the newest branch of all.
            if !messages.tree.below(message).iter().any(|below| Some(*below) == leaf) {
                return Ok(false);
            }
            show(tx, id, leaf).await?;
            Ok(true)
        })
        .await
    }

    /// See [`chat::ports::Conversations::delete_message`].
    pub(super) async fn delete_from_tree(&self, deletion: &Deletion) -> Result<(), DeleteError> {
        let Deletion { owner, conversation, message, with_branch, now } = *deletion;
        self.write(async |tx| {
            let before = messages(tx, owner, conversation).await?.ok_or(DeleteError::NotFound)?;
            let below = before.tree.below(message);
            if below.is_empty() {
                return Err(DeleteError::NotFound);
            }
            if is_running(tx, conversation).await? {
                return Err(DeleteError::StillRunning);
            }
            let deleted = if with_branch { &below[..] } else { &below[..1] };
            for id in deleted {
                mark_deleted(tx, *id, now).await?;
            }
            // What is shown stays, unless it ended in what is gone.
            let after = messages(tx, owner, conversation).await?.ok_or(DeleteError::NotFound)?;
            let shown = after.chosen.or_else(|| before.tree.newest_leaf(None));
            if shown.is_none_or(|leaf| deleted.contains(&leaf)) {
                let parent = parent_of(tx, message).await?;
                let leaf = after.tree.newest_leaf(parent).or_else(|| after.tree.newest_leaf(None));
                show(tx, conversation, leaf).await?;
            }
            Ok(())
        })
        .await
    }

    /// See [`chat::ports::Conversations::restore`].
    pub(super) async fn restore_into_tree(
        &self,
        owner: UserId,
        id: ConversationId,
        deleted_at: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(async |tx| {
            let (user, conversation) = (Key(owner.0), Key(id.0));
            let restored = sqlx::query_scalar!(
                r#"UPDATE messages SET deleted_at = NULL
                   WHERE conversation_id = (SELECT id FROM conversations WHERE id = ? AND user_id = ?)
                       AND deleted_at = ?
                   RETURNING id AS "id: Key""#,
                conversation,
                user,
                deleted_at.0
            )
            .fetch_all(&mut *tx)
            .await
            .map_err(failed)?;
            let Some(first) = restored.first().map(|id| MessageId(id.0)) else { return Ok(false) };
            if let Some(messages) = messages(tx, owner, id).await? {
                show(tx, id, messages.tree.newest_leaf(Some(first))).await?;
            }
            Ok(true)
        })
        .await
    }

    /// See [`chat::ports::Conversations::purge_deleted`].
    pub(super) async fn purge_tree(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.write(async |tx| {
            files::detach_deleted(tx, before).await?;
            // Their places stay: what follows them is still there, or may be.
            let purged = sqlx::query!(
                "UPDATE messages SET text = '', reasoning = '', summary = NULL
                 WHERE deleted_at < ? AND (text <> '' OR reasoning <> '' OR summary IS NOT NULL)",
                before.0
            )
            .execute(tx)
            .await
            .map_err(failed)?;
            Ok(purged.rows_affected())
        })
        .await
    }

    /// See [`chat::ports::Conversations::summarise`].
    pub(super) async fn store_summary(
        &self,
        owner: UserId,
        id: ConversationId,
        summary: &Summary,
    ) -> Result<bool, StoreError> {
        let (owner, id, upto) = (Key(owner.0), Key(id.0), Key(summary.upto.0));
        self.write(async |tx| {
            let stored = sqlx::query!(
                "UPDATE messages SET summary = ?
                 WHERE id = ? AND deleted_at IS NULL
                     AND conversation_id = (SELECT id FROM conversations WHERE id = ? AND user_id = ?)",
                summary.text,
                upto,
                id,
                owner
            )
            .execute(tx)
            .await
            .map_err(failed)?;
            Ok(stored.rows_affected() == 1)
        })
        .await
    }
}

/// Shows the branch that ends in a message from now on.
pub(super) async fn show(
    db: &mut SqliteConnection,
    id: ConversationId,
    leaf: Option<MessageId>,
) -> Result<(), StoreError> {
    let (id, leaf) = (Key(id.0), leaf.map(|leaf| Key(leaf.0)));
    let query = sqlx::query!("UPDATE conversations SET leaf_id = ? WHERE id = ?", leaf, id);
    query.execute(db).await.map_err(failed)?;
    Ok(())
}

/// Whether a turn runs in a conversation.
pub(super) async fn is_running(db: &mut SqliteConnection, conversation: ConversationId) -> Result<bool, StoreError> {
    let conversation = Key(conversation.0);
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM turns WHERE conversation_id = ? AND state = 'running') AS "running: bool""#,
        conversation
    )
    .fetch_one(db)
    .await
    .map_err(failed)
}

async fn mark_deleted(db: &mut SqliteConnection, message: MessageId, now: Timestamp) -> Result<(), StoreError> {
    let message = Key(message.0);
    let query = sqlx::query!("UPDATE messages SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL", now.0, message);
    query.execute(db).await.map_err(failed)?;
    Ok(())
}

async fn parent_of(db: &mut SqliteConnection, message: MessageId) -> Result<Option<MessageId>, StoreError> {
    let message = Key(message.0);
    let parent = sqlx::query_scalar!(r#"SELECT parent_id AS "parent: Key" FROM messages WHERE id = ?"#, message);
    Ok(parent.fetch_optional(db).await.map_err(failed)?.flatten().map(|parent| MessageId(parent.0)))
}
