//! What runs turns.

use super::{BeginError, StoreError};
use crate::{
    attachment::{Attachment, FileContent},
    conversation::{Conversation, Summary},
    event::{Frame, Seq},
    id::{ConversationId, FileId, MessageId, SendKey, TurnId, UserId},
    limits::LimitReached,
    message::{Message, Prompt},
    model::ModelRef,
    parameters::Parameters,
    turn::{Failure, Turn},
};
use async_trait::async_trait;
use futures_core::Stream;
use serde::{Deserialize, Serialize};
use std::{collections::HashMap, pin::Pin};

/// What is in the files that users attach.
#[async_trait]
pub trait FileContents: Send + Sync {
    /// The contents of a user's files; one that is gone, or not theirs, is missing.
    async fn contents(&self, owner: UserId, files: &[Attachment]) -> Result<HashMap<FileId, FileContent>, StoreError>;
}

/// A message as it comes from the composer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The same key again is the same send.
    pub key: SendKey,
    /// The conversation; a new one when none.
    pub conversation: Option<ConversationId>,
    /// The message that this one follows; the end of the branch that is shown when none.
    pub parent: Option<MessageId>,
    /// The message of which this is another version. Without a parent.
    pub instead_of: Option<MessageId>,
    /// The text.
    pub prompt: Prompt,
    /// Files that come with it.
    pub attachments: Vec<FileId>,
    /// How models shall answer, in a new conversation.
    pub parameters: Parameters,
    /// What shall answer; the default model when none.
    pub model: Option<ModelRef>,
}

/// A message has been stored and its turn runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The conversation, new or old.
    pub conversation: Conversation,
    /// The user's message that is replied to.
    pub message: Message,
    /// The turn that replies.
    pub turn: Turn,
}

/// A message could not be sent. It has not been stored.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The conversation, the parent message or the turn is not there, or not this user's.
    #[error("there is no such conversation")]
    NotFound,
    /// A turn is running in this conversation.
    #[error("a reply is still being written in this conversation")]
    StillRunning,
    /// The model is not on offer.
    #[error("this model is not on offer")]
    NoSuchModel,
    /// There is no model at all.
    #[error("no model is set up")]
    NoModel,
    /// One of the files is not there, or not this user's.
    #[error("an attached file is not there")]
    NoSuchFile,
    /// The user has too many turns waiting.
    #[error("too many replies are waiting")]
    TooMany,
    /// A limit is reached.
    #[error("{0}")]
    LimitReached(LimitReached),
    /// The server is going down.
    #[error("the server is stopping")]
    Stopping,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<BeginError> for SendError {
    fn from(error: BeginError) -> Self {
        match error {
            BeginError::NotFound => Self::NotFound,
            BeginError::StillRunning => Self::StillRunning,
            BeginError::NoSuchFile => Self::NoSuchFile,
            BeginError::Store(error) => Self::Store(error),
        }
    }
}

/// A message of a temporary chat: one that is never stored, so that it comes with all that was said before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemporaryDraft {
    /// The same key again is the same send, while its turn is known.
    pub key: SendKey,
    /// What was said before, oldest first.
    pub said: Vec<Said>,
    /// The text.
    pub prompt: Prompt,
    /// How models shall answer.
    pub parameters: Parameters,
    /// What shall answer; the default model when none.
    pub model: Option<ModelRef>,
}

/// What was said in a temporary chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// By the user, or else by the assistant.
    pub by_user: bool,
    /// The words.
    pub text: String,
}

/// A message of a temporary chat has been taken, and its turn runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentTemporary {
    /// The user's message that is replied to.
    pub message: Message,
    /// The turn that replies.
    pub turn: Turn,
}

/// A conversation could not be summarised.
#[derive(Debug, thiserror::Error)]
pub enum SummariseError {
    /// The conversation is not there, or not this user's.
    #[error("there is no such conversation")]
    NotFound,
    /// There is nothing before the last message and its reply.
    #[error("there is nothing to summarise")]
    TooShort,
    /// The model is not on offer.
    #[error("this model is not on offer")]
    NoSuchModel,
    /// There is no model at all.
    #[error("no model is set up")]
    NoModel,
    /// A limit is reached.
    #[error("{0}")]
    LimitReached(LimitReached),
    /// The model failed.
    #[error("the model made no summary: {}", .0.message)]
    Failed(Failure),
    /// The server is going down.
    #[error("the server is stopping")]
    Stopping,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a watcher of a turn receives, until the turn ends.
pub type FrameStream = Pin<Box<dyn Stream<Item = Frame> + Send>>;

/// Runs turns. A turn belongs to no request: it goes on when everybody has left.
#[async_trait]
pub trait Runner: Send + Sync {
    /// Stores a message and starts the turn that replies to it.
    async fn send(&self, owner: UserId, draft: Draft) -> Result<Sent, SendError>;

    /// Starts another attempt at a turn that ended; by the same model when none is named.
    async fn retry(
        &self,
        owner: UserId,
        turn: TurnId,
        key: SendKey,
        model: Option<ModelRef>,
    ) -> Result<Sent, SendError>;

    /// Has the model go on with a reply that was cut: another attempt that begins with what it says. One that was not
    /// cut is the same as one that is not there.
    async fn go_on(&self, owner: UserId, turn: TurnId, key: SendKey) -> Result<Sent, SendError>;

    /// Starts the reply to a message of a temporary chat. Nothing of it is stored but how many tokens it used; its turn
    /// is watched and stopped like any other, and forgotten two minutes after its end.
    async fn send_temporary(&self, owner: UserId, draft: TemporaryDraft) -> Result<SentTemporary, SendError>;

    /// Has a model summarise what was said in a conversation before the last message and its reply, and stores that. By
    /// the model of the last reply when none is named. Takes up to two minutes, and goes on when the caller leaves; two
    /// at once are one.
    async fn summarise(
        &self,
        owner: UserId,
        conversation: ConversationId,
        model: Option<ModelRef>,
    ) -> Result<Summary, SummariseError>;

    /// Stops a running turn; what had arrived is kept. `false` when there is no such turn. Stopping one that
    /// has ended is no error.
    async fn stop(&self, owner: UserId, turn: TurnId) -> Result<bool, StoreError>;

    /// Stops whatever runs in a conversation, before it is deleted.
    async fn stop_conversation(&self, owner: UserId, id: ConversationId) -> Result<(), StoreError>;

    /// Stops whatever runs for a user, stored or not.
    async fn stop_all(&self, owner: UserId);

    /// Watches a turn from the event after `seen`. The stream begins with a snapshot unless `seen` is where
    /// the turn is, has no gap and no repetition, and ends with the turn. None when there is no such turn.
    async fn watch(&self, owner: UserId, turn: TurnId, seen: Option<Seq>) -> Result<Option<FrameStream>, StoreError>;

    /// The server is going down: no more turns are taken.
    fn is_closed(&self) -> bool;
}
