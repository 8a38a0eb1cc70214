//! How a turn begins: everything that it needs is stored in one transaction, or nothing is.

use super::{
    conversations::{conversation, messages},
    value::{Key, failed},
};
use chat::{
    ConversationId, Message, MessageId, ModelRef, SendKey, Timestamp, TurnId, UserId,
    ports::{BeginError, Begun, NewAttempt, NewTurn, Place, StoreError},
    tree,
};
use sqlx::SqliteConnection;

/// Stores a message, an empty reply and a running turn.
pub(super) async fn turn(db: &mut SqliteConnection, new: &NewTurn) -> Result<Begun, BeginError> {
    if let Some((place, turn)) = sent_before(db, new.owner, new.key).await? {
        return begun(db, new.owner, place, turn, true).await;
    }
    let (place, parent) = make_place(db, new).await?;
    insert_message(db, place, parent, new).await?;
    let reply = Reply {
        owner: new.owner,
        key: new.key,
        parent: new.message,
        reply: new.reply,
        turn: new.turn,
        model: &new.model,
        model_name: &new.model_name,
        now: new.now,
    };
    insert_reply(db, place, &reply).await?;
    begun(db, new.owner, place, new.turn, false).await
}

/// Stores an empty reply and a running turn beside a turn that ended.
pub(super) async fn attempt(db: &mut SqliteConnection, new: &NewAttempt) -> Result<Begun, BeginError> {
    if let Some((place, turn)) = sent_before(db, new.owner, new.key).await? {
        return begun(db, new.owner, place, turn, true).await;
    }
    let (place, parent) = place_of(db, new.owner, new.of).await?.ok_or(BeginError::NotFound)?;
    refuse_if_running(db, place).await?;
    let reply = Reply {
        owner: new.owner,
        key: new.key,
        parent,
        reply: new.reply,
        turn: new.turn,
        model: &new.model,
        model_name: &new.model_name,
        now: new.now,
    };
    insert_reply(db, place, &reply).await?;
    begun(db, new.owner, place, new.turn, false).await
}

/// What a key stands for, when it has been sent before.
async fn sent_before(
    db: &mut SqliteConnection,
    owner: UserId,
    key: SendKey,
) -> Result<Option<(ConversationId, TurnId)>, StoreError> {
    let (owner, key) = (Key(owner.0), Key(key.0));
    let sent = sqlx::query!(
        r#"SELECT id AS "turn: Key", conversation_id AS "conversation: Key"
           FROM turns WHERE user_id = ? AND send_key = ?"#,
        owner,
        key
    )
    .fetch_optional(db)
    .await
    .map_err(failed)?;
    Ok(sent.map(|row| (ConversationId(row.conversation.0), TurnId(row.turn.0))))
}

/// The conversation of a user's turn, and the message that it replies to.
async fn place_of(
    db: &mut SqliteConnection,
    owner: UserId,
    turn: TurnId,
) -> Result<Option<(ConversationId, MessageId)>, StoreError> {
    let (owner, turn) = (Key(owner.0), Key(turn.0));
    let place = sqlx::query!(
        r#"SELECT conversation_id AS "conversation: Key", parent_id AS "parent: Key"
           FROM turns WHERE id = ? AND user_id = ?"#,
        turn,
        owner
    )
    .fetch_optional(db)
    .await
    .map_err(failed)?;
    Ok(place.map(|row| (ConversationId(row.conversation.0), MessageId(row.parent.0))))
}

/// The conversation that the new message goes to, made if need be, and the message that it follows there.
async fn make_place(
    db: &mut SqliteConnection,
    new: &NewTurn,
) -> Result<(ConversationId, Option<MessageId>), BeginError> {
    match &new.place {
        Place::NewConversation(id, title) => {
            let (key, owner, title) = (Key(id.0), Key(new.owner.0), title.as_str());
            sqlx::query!(
                "INSERT INTO conversations (id, user_id, title, title_source, created_at, updated_at)
                 VALUES (?1, ?2, ?3, 'prompt', ?4, ?4)",
                key,
                owner,
                title,
                new.now.0
            )
            .execute(db)
            .await
            .map_err(failed)?;
            Ok((*id, None))
        }
        Place::After(id, parent) => {
            let parent = find_parent(db, new.owner, *id, *parent).await?.ok_or(BeginError::NotFound)?;
            refuse_if_running(db, *id).await?;
            Ok((*id, Some(parent)))
        }
    }
}

/// A message of a user's conversation: the wanted one, or the newest when none is named.
async fn find_parent(
    db: &mut SqliteConnection,
    owner: UserId,
    conversation: ConversationId,
    wanted: Option<MessageId>,
) -> Result<Option<MessageId>, StoreError> {
    let (owner, conversation, wanted) = (Key(owner.0), Key(conversation.0), wanted.map(|wanted| Key(wanted.0)));
    let found = sqlx::query_scalar!(
        r#"SELECT messages.id AS "id: Key"
           FROM conversations JOIN messages ON messages.conversation_id = conversations.id
           WHERE conversations.id = ?1 AND user_id = ?2 AND (?3 IS NULL OR messages.id = ?3)
           ORDER BY number DESC
           LIMIT 1"#,
        conversation,
        owner,
        wanted
    )
    .fetch_optional(db)
    .await
    .map_err(failed)?;
    Ok(found.map(|id| MessageId(id.0)))
}

async fn refuse_if_running(db: &mut SqliteConnection, conversation: ConversationId) -> Result<(), BeginError> {
    let conversation = Key(conversation.0);
    let running = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM turns WHERE conversation_id = ? AND state = 'running') AS "running: bool""#,
        conversation
    )
    .fetch_one(db)
    .await
    .map_err(failed)?;
    if running { Err(BeginError::StillRunning) } else { Ok(()) }
}

async fn insert_message(
    db: &mut SqliteConnection,
    place: ConversationId,
    parent: Option<MessageId>,
    new: &NewTurn,
) -> Result<(), StoreError> {
    let (id, place, parent) = (Key(new.message.0), Key(place.0), parent.map(|parent| Key(parent.0)));
    let text = new.prompt.as_str();
    sqlx::query!(
        "INSERT INTO messages (id, conversation_id, parent_id, author, text, created_at) VALUES (?, ?, ?, 'user', ?, ?)",
        id, place, parent, text, new.now.0
    )
    .execute(db)
    .await
    .map_err(failed)?;
    Ok(())
}

/// A reply that is to be written.
struct Reply<'a> {
    owner: UserId,
    key: SendKey,
    parent: MessageId,
    reply: MessageId,
    turn: TurnId,
    model: &'a ModelRef,
    model_name: &'a str,
    now: Timestamp,
}

/// Stores an empty reply with its running turn, and that something was said in the conversation.
async fn insert_reply(db: &mut SqliteConnection, place: ConversationId, new: &Reply<'_>) -> Result<(), StoreError> {
    let (owner, key, place) = (Key(new.owner.0), Key(new.key.0), Key(place.0));
    let (parent, reply, turn) = (Key(new.parent.0), Key(new.reply.0), Key(new.turn.0));
    let model = new.model.to_string();
    sqlx::query!(
        "INSERT INTO messages (id, conversation_id, parent_id, author, text, created_at)
         VALUES (?, ?, ?, 'assistant', '', ?)",
        reply,
        place,
        parent,
        new.now.0
    )
    .execute(&mut *db)
    .await
    .map_err(failed)?;
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
    .execute(&mut *db)
    .await
    .map_err(failed)?;
    sqlx::query!("UPDATE conversations SET updated_at = ? WHERE id = ?", new.now.0, place)
        .execute(db)
        .await
        .map_err(failed)?;
    Ok(())
}

/// Reads back what a send has stored, now or before.
async fn begun(
    db: &mut SqliteConnection,
    owner: UserId,
    place: ConversationId,
    turn: TurnId,
    repeated: bool,
) -> Result<Begun, BeginError> {
    let conversation = conversation(db, owner, place).await?.ok_or(BeginError::NotFound)?;
    let messages = messages(db, owner, place).await?;
    let turn = messages.iter().find_map(|message| match message {
        Message::Reply(reply) if reply.id == turn => Some(reply.clone()),
        _ => None,
    });
    let turn = turn.ok_or(BeginError::NotFound)?;
    let branch = tree::branch_to(messages, turn.parent);
    Ok(Begun { conversation, branch, turn, repeated })
}
