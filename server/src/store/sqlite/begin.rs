//! How a turn begins: everything that it needs is stored in one transaction, or nothing is.

mod insert;

use super::{
    conversations::{conversation, parameters_column},
    files, tree,
    value::{Key, failed},
};
use chat::{
    Conversation, ConversationId, Message, MessageId, SendKey, Turn, TurnId, UserId, UserMessage,
    folder::Shelf,
    ports::{BeginError, Begun, NewAttempt, NewTurn, Place, StoreError},
};
use insert::{RunningTurn, insert_messages, insert_reply, insert_turn, note_reply};
use sqlx::SqliteConnection;

/// Stores a message, an empty reply and a running turn.
pub(super) async fn turn(db: &mut SqliteConnection, new: &NewTurn) -> Result<Begun, BeginError> {
    if let Some((place, turn)) = sent_before(db, new.owner, new.key).await? {
        return begun(db, new.owner, place, turn, true).await;
    }
    let (place, parent) = make_place(db, new).await?;
    insert_messages(db, place, parent, new).await?;
    files::attach(db, new).await?;
    let turn = RunningTurn {
        owner: new.owner,
        key: new.key,
        parent: new.message,
        reply: new.reply,
        turn: new.turn,
        model: &new.model,
        model_name: &new.model_name,
        now: new.now,
    };
    insert_turn(db, place, &turn).await?;
    if let Place::NewConversation(id, title, parameters) = &new.place {
        let (created_at, updated_at) = (new.now, new.now);
        let (title, parameters) = (title.clone(), parameters.clone());
        return all_new(
            db,
            new,
            Conversation { id: *id, title, parameters, shelf: Shelf::default(), created_at, updated_at },
        )
        .await;
    }
    note_reply(db, new.owner, place, new.reply, new.now).await?;
    begun(db, new.owner, place, new.turn, false).await
}

/// Stores a reply, empty or with what an earlier one says, and a running turn beside a turn that ended.
pub(super) async fn attempt(db: &mut SqliteConnection, new: &NewAttempt) -> Result<Begun, BeginError> {
    if let Some((place, turn)) = sent_before(db, new.owner, new.key).await? {
        return begun(db, new.owner, place, turn, true).await;
    }
    let (place, parent) = place_of(db, new.owner, new.of).await?.ok_or(BeginError::NotFound)?;
    refuse_if_running(db, place).await?;
    let turn = RunningTurn {
        owner: new.owner,
        key: new.key,
        parent,
        reply: new.reply,
        turn: new.turn,
        model: &new.model,
        model_name: &new.model_name,
        now: new.now,
    };
    insert_reply(db, place, &turn, new.continues.then_some(new.of)).await?;
    insert_turn(db, place, &turn).await?;
    note_reply(db, new.owner, place, new.reply, new.now).await?;
    begun(db, new.owner, place, new.turn, false).await
}

/// What a key stands for, when it has been sent before.
pub(super) async fn sent_before(
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
           FROM turns
           WHERE id = ? AND user_id = ?
               AND NOT EXISTS (SELECT 1 FROM messages WHERE id IN (parent_id, reply_id) AND deleted_at IS NOT NULL)"#,
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
        Place::NewConversation(id, title, parameters) => {
            let (key, owner, title, leaf) = (Key(id.0), Key(new.owner.0), title.as_str(), Key(new.reply.0));
            let parameters = parameters_column(parameters)?;
            sqlx::query!(
                "INSERT INTO conversations
                     (id, user_id, title, title_source, parameters, created_at, updated_at, leaf_id)
                 VALUES (?1, ?2, ?3, 'prompt', ?4, ?5, ?5, ?6)",
                key,
                owner,
                title,
                parameters,
                new.now.0,
                leaf
            )
            .execute(db)
            .await
            .map_err(failed)?;
            Ok((*id, None))
        }
        Place::After(id, parent) => {
            let parent = match parent {
                Some(parent) => Some(find(db, new.owner, *id, *parent).await?.ok_or(BeginError::NotFound)?.id),
                None => end_of_shown(db, new.owner, *id).await?.ok_or(BeginError::NotFound)?,
            };
            refuse_if_running(db, *id).await?;
            Ok((*id, parent))
        }
        Place::Beside(id, message) => {
            let other = find(db, new.owner, *id, *message).await?.filter(|other| other.by_user);
            refuse_if_running(db, *id).await?;
            Ok((*id, other.ok_or(BeginError::NotFound)?.parent))
        }
    }
}

/// A message in its place.
struct Placed {
    id: MessageId,
    parent: Option<MessageId>,
    by_user: bool,
}

/// A message of a user's conversation.
async fn find(
    db: &mut SqliteConnection,
    owner: UserId,
    conversation: ConversationId,
    message: MessageId,
) -> Result<Option<Placed>, StoreError> {
    let (owner, conversation, wanted) = (Key(owner.0), Key(conversation.0), Key(message.0));
    let found = sqlx::query!(
        r#"SELECT parent_id AS "parent: Key", author = 'user' AS "by_user!: bool"
           FROM messages
           WHERE id = ? AND deleted_at IS NULL
               AND conversation_id = (SELECT id FROM conversations WHERE id = ? AND user_id = ?)"#,
        wanted,
        conversation,
        owner
    )
    .fetch_optional(db)
    .await
    .map_err(failed)?;
    let placed = |row: Option<Key>, by_user| Placed { id: message, parent: row.map(|key| MessageId(key.0)), by_user };
    Ok(found.map(|row| placed(row.parent, row.by_user)))
}

/// The end of the branch that is shown of a user's conversation; none within when nothing is left of it, none at all
/// when there is no such conversation.
async fn end_of_shown(
    db: &mut SqliteConnection,
    owner: UserId,
    conversation: ConversationId,
) -> Result<Option<Option<MessageId>>, StoreError> {
    let Some(messages) = tree::messages(db, owner, conversation).await? else { return Ok(None) };
    Ok(Some(messages.shown().messages.last().map(Message::id)))
}

async fn refuse_if_running(db: &mut SqliteConnection, conversation: ConversationId) -> Result<(), BeginError> {
    if tree::is_running(db, conversation).await? { Err(BeginError::StillRunning) } else { Ok(()) }
}

/// What the first send of a conversation has stored. It is all known: each statement that it is not read back with is one
/// fewer for which everybody else waits who writes.
async fn all_new(db: &mut SqliteConnection, new: &NewTurn, conversation: Conversation) -> Result<Begun, BeginError> {
    let attachments = match new.attachments.is_empty() {
        true => Vec::new(),
        false => {
            let mut files = files::of_conversation(db, new.owner, conversation.id).await?;
            files.remove(&new.message).unwrap_or_default()
        }
    };
    let text = new.prompt.as_str().to_owned();
    let message = UserMessage { id: new.message, parent: None, text, attachments, created_at: new.now };
    let (model, model_name) = (new.model.clone(), new.model_name.clone());
    let turn = Turn::begun(new.turn, new.message, new.reply, model, model_name, new.now);
    Ok(Begun { conversation, branch: vec![Message::User(message)], summary: None, turn, repeated: false })
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
    let messages = tree::messages(db, owner, place).await?.ok_or(BeginError::NotFound)?;
    let reply = reply_of(db, turn).await?;
    let tree::Branch { mut messages, summary, .. } = messages.branch(reply);
    match messages.pop() {
        Some(Message::Reply(turn)) => Ok(Begun { conversation, branch: messages, summary, turn, repeated }),
        _ => Err(BeginError::NotFound),
    }
}

/// The reply that a turn writes.
async fn reply_of(db: &mut SqliteConnection, turn: TurnId) -> Result<MessageId, StoreError> {
    let turn = Key(turn.0);
    let reply = sqlx::query_scalar!(r#"SELECT reply_id AS "reply: Key" FROM turns WHERE id = ?"#, turn);
    Ok(MessageId(reply.fetch_one(db).await.map_err(failed)?.0))
}
