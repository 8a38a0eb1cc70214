//! Conversations that come from elsewhere.

use super::{
    Sqlite,
    value::{Key, failed},
};
use async_trait::async_trait;
use chat::{
    ConversationId, ModelRef, UserId,
    ports::{Ids, Imports, StoreError},
    transfer::{ImportedConversation, ImportedMessage},
};
use sqlx::SqliteConnection;
use uuid::Uuid;

/// The provider of models that are known by a name only.
const PROVIDER: &str = "imported";
/// The name of a model of which not even that is known.
const UNNAMED: &str = "Assistant";

#[async_trait]
impl Imports for Sqlite {
    async fn import(
        &self,
        owner: UserId,
        conversations: &[ImportedConversation],
        ids: &dyn Ids,
    ) -> Result<Vec<Option<ConversationId>>, StoreError> {
        self.write(async |tx| {
            let mut imported = Vec::with_capacity(conversations.len());
            for conversation in conversations {
                imported.push(import(tx, owner, conversation, ids).await?);
            }
            Ok(imported)
        })
        .await
    }

    async fn take_back(&self, owner: UserId, ids: &[ConversationId]) -> Result<(), StoreError> {
        let owner = Key(owner.0);
        self.write(async |tx| {
            for id in ids {
                let id = Key(id.0);
                sqlx::query!(
                    "DELETE FROM conversations WHERE id = ? AND user_id = ? AND origin IS NOT NULL",
                    id,
                    owner
                )
                .execute(&mut *tx)
                .await
                .map_err(failed)?;
            }
            Ok(())
        })
        .await
    }
}

async fn import(
    db: &mut SqliteConnection,
    owner: UserId,
    conversation: &ImportedConversation,
    ids: &dyn Ids,
) -> Result<Option<ConversationId>, StoreError> {
    let id = ids.new_id();
    let messages: Vec<Uuid> = conversation.messages.iter().map(|_| ids.new_id()).collect();
    let (key, user, title) = (Key(id), Key(owner.0), conversation.title.as_str());
    let leaf = messages.get(conversation.shown).copied().map(Key);
    let inserted = sqlx::query!(
        "INSERT INTO conversations (id, user_id, title, title_source, created_at, updated_at, leaf_id, origin)
         VALUES (?, ?, ?, 'user', ?, ?, ?, ?)
         ON CONFLICT (user_id, origin) WHERE origin IS NOT NULL DO NOTHING",
        key,
        user,
        title,
        conversation.created_at.0,
        conversation.updated_at.0,
        leaf,
        conversation.origin
    )
    .execute(&mut *db)
    .await
    .map_err(failed)?;
    if inserted.rows_affected() == 0 {
        return Ok(None);
    }
    for (message, own) in conversation.messages.iter().zip(&messages) {
        let parent = message.parent.and_then(|parent| messages.get(parent).copied());
        insert_message(db, id, *own, parent, message).await?;
        if let (Some(model), Some(parent)) = (&message.model, parent) {
            let turn = Turn { owner, conversation: id, parent, reply: *own, model, message };
            insert_turn(db, &turn, ids).await?;
        }
    }
    Ok(Some(ConversationId(id)))
}

async fn insert_message(
    db: &mut SqliteConnection,
    conversation: Uuid,
    id: Uuid,
    parent: Option<Uuid>,
    message: &ImportedMessage,
) -> Result<(), StoreError> {
    let (id, conversation, parent) = (Key(id), Key(conversation), parent.map(Key));
    let author = if message.model.is_some() { "assistant" } else { "user" };
    sqlx::query!(
        "INSERT INTO messages (id, conversation_id, parent_id, author, text, reasoning, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
        id,
        conversation,
        parent,
        author,
        message.text,
        message.reasoning,
        message.created_at.0
    )
    .execute(db)
    .await
    .map_err(failed)?;
    Ok(())
}

/// The turn of an imported reply: it ended well, and nothing is known of what it used.
struct Turn<'a> {
    owner: UserId,
    conversation: Uuid,
    parent: Uuid,
    reply: Uuid,
    model: &'a str,
    message: &'a ImportedMessage,
}

async fn insert_turn(db: &mut SqliteConnection, turn: &Turn<'_>, ids: &dyn Ids) -> Result<(), StoreError> {
    let (id, owner, key) = (Key(ids.new_id()), Key(turn.owner.0), Key(ids.new_id()));
    let (conversation, parent, reply) = (Key(turn.conversation), Key(turn.parent), Key(turn.reply));
    let name = if turn.model.is_empty() { UNNAMED } else { turn.model };
    let model = ModelRef::new(PROVIDER, name).to_string();
    sqlx::query!(
        "INSERT INTO turns
             (id, user_id, conversation_id, parent_id, reply_id, send_key, model, model_name, state, started_at, ended_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'complete', ?9, ?9)",
        id,
        owner,
        conversation,
        parent,
        reply,
        key,
        model,
        name,
        turn.message.created_at.0
    )
    .execute(db)
    .await
    .map_err(failed)?;
    Ok(())
}
