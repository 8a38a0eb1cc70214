//! The rows of a turn that begins.

use super::super::value::{Key, failed};
use chat::{
    ConversationId, MessageId, ModelRef, SendKey, Timestamp, TurnId, UserId,
    ports::{NewTurn, StoreError},
};
use sqlx::SqliteConnection;

/// Stores a message, and the empty reply to it.
pub(super) async fn insert_messages(
    db: &mut SqliteConnection,
    place: ConversationId,
    parent: Option<MessageId>,
    new: &NewTurn,
) -> Result<(), StoreError> {
    let (id, reply, place) = (Key(new.message.0), Key(new.reply.0), Key(place.0));
    let parent = parent.map(|parent| Key(parent.0));
    let text = new.prompt.as_str();
    sqlx::query!(
        "INSERT INTO messages (id, conversation_id, parent_id, author, text, created_at)
         VALUES (?1, ?2, ?3, 'user', ?4, ?5), (?6, ?2, ?1, 'assistant', '', ?5)",
        id,
        place,
        parent,
        text,
        new.now.0,
        reply
    )
    .execute(db)
    .await
    .map_err(failed)?;
    Ok(())
}

/// A turn that is to run.
pub(super) struct RunningTurn<'a> {
    pub(super) owner: UserId,
    pub(super) key: SendKey,
    pub(super) parent: MessageId,
    pub(super) reply: MessageId,
    pub(super) turn: TurnId,
    pub(super) model: &'a ModelRef,
    pub(super) model_name: &'a str,
    pub(super) now: Timestamp,
}

/// Stores another reply, empty or with the text of the turn that it goes on with.
pub(super) async fn insert_reply(
    db: &mut SqliteConnection,
    place: ConversationId,
    new: &RunningTurn<'_>,
    begins_as: Option<TurnId>,
) -> Result<(), StoreError> {
    let (reply, place, parent) = (Key(new.reply.0), Key(place.0), Key(new.parent.0));
    let begins_as = begins_as.map(|turn| Key(turn.0));
    sqlx::query!(
        "INSERT INTO messages (id, conversation_id, parent_id, author, text, created_at)
         VALUES (?, ?, ?, 'assistant', coalesce((
             SELECT text FROM turns JOIN messages ON messages.id = reply_id WHERE turns.id = ?
         ), ''), ?)",
        reply,
        place,
        parent,
        begins_as,
        new.now.0
    )
    .execute(db)
    .await
    .map_err(failed)?;
    Ok(())
}

pub(super) async fn insert_turn(
    db: &mut SqliteConnection,
    place: ConversationId,
    new: &RunningTurn<'_>,
) -> Result<(), StoreError> {
    let (owner, key, place) = (Key(new.owner.0), Key(new.key.0), Key(place.0));
    let (parent, reply, turn) = (Key(new.parent.0), Key(new.reply.0), Key(new.turn.0));
    let model = new.model.to_string();
    sqlx::query!(
        "INSERT INTO turns
             (id, user_id, conversation_id, parent_id, reply_id, send_key, model, model_name, state, started_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running', ?)",
        turn,
        owner,
        place,
        parent,
        reply,
        key,
        model,
        new.model_name,
        new.now.0
    )
    .execute(db)
    .await
    .map_err(failed)?;
    Ok(())
}

/// Notes that something was said in a conversation, and shows the branch that ends with it.
pub(super) async fn note_reply(
    db: &mut SqliteConnection,
    owner: UserId,
    place: ConversationId,
    reply: MessageId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (owner, place, reply) = (Key(owner.0), Key(place.0), Key(reply.0));
    // What is talked about again is not out of the way any more.
    sqlx::query!(
        "UPDATE conversations SET updated_at = ?, leaf_id = ?, archived_at = NULL WHERE id = ? AND user_id = ?",
        now.0,
        reply,
        place,
        owner
    )
    .execute(db)
    .await
    .map_err(failed)?;
    Ok(())
}
