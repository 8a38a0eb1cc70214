//! The ports: what the domain needs of the world. The crate `server` implements them.
//!
//! Rules that hold for every port: a method that reads a user's data takes the owner, and what belongs to
//! somebody else is the same as what does not exist. Time and ids are parameters. A method that writes has
//! committed when it returns `Ok`. Dropping a future never leaves half a write behind.

mod accounts;
mod files;
mod models;
mod providers;
mod sign_in;

pub use accounts::{
    LiveSession, LoginLinks, NewSession, Picture, Pictures, ProviderLogout, ProviderSession, SessionSummary,
    SessionToAsk, Sessions, TokenHash, Users,
};
pub use files::{AddFileError, FileHash, Files, KeptFile, NewFile, Removal};
pub use models::{ModelEvent, ModelStream, Models, StopReason};
pub use providers::{
    AddedProvider, KeptKeys, ProviderDraft, ProviderFields, ProviderHealth, ProviderOrigin, ProviderOverview,
    ProviderRecord, ProviderRecords, Providers, RefusedForm, SaveProviderError, SavedProvider, TypedKey,
};
pub use sign_in::{BeginSignInError, ClaimError, ProviderButton, SignIn};

use crate::{
    attachment::{Attachment, FileContent},
    conversation::{Conversation, ConversationSummary, Summary, Title, Transcript},
    event::{Frame, Seq},
    id::{ConversationId, FileId, MessageId, SendKey, TurnId, UserId},
    message::{Message, Prompt},
    model::ModelRef,
    parameters::Parameters,
    time::Timestamp,
    turn::Turn,
};
use async_trait::async_trait;
use futures_core::Stream;
use serde::{Deserialize, Serialize};
use std::{collections::HashMap, error::Error, pin::Pin};
use uuid::Uuid;

/// Where time comes from.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;
}

/// Where ids come from.
pub trait Ids: Send + Sync {
    /// A new one: unique, and later ones sort after earlier ones (UUID version 7).
    fn new_id(&self) -> Uuid;
}

/// A store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Others held it for too long: the same call may succeed in a moment.
    #[error("the database is busy")]
    Busy,
    /// There is no room left to write; reading goes on.
    #[error("the disk is full")]
    Full,
    /// Anything else, for the log.
    #[error("the database failed")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
}

/// Conversations.
#[async_trait]
pub trait Conversations: Send + Sync {
    /// A user's conversations, the newest first, at most `limit`.
    async fn list(&self, owner: UserId, limit: u32) -> Result<Vec<ConversationSummary>, StoreError>;

    /// A conversation with the branch that was chosen, or else written to last.
    async fn transcript(&self, owner: UserId, id: ConversationId) -> Result<Option<Transcript>, StoreError>;

    /// Shows, from now on, the branch through a message, to where something was said last in it. `false` when there
    /// is no such message in the conversation.
    async fn choose(&self, owner: UserId, id: ConversationId, message: MessageId) -> Result<bool, StoreError>;

    /// Sets how models shall answer in it. `false` when there is no such conversation.
    async fn configure(&self, owner: UserId, id: ConversationId, parameters: &Parameters) -> Result<bool, StoreError>;

    /// Stores what stands for the beginning of a branch. `false` when there is no such message in the conversation.
    async fn summarise(&self, owner: UserId, id: ConversationId, summary: &Summary) -> Result<bool, StoreError>;

    /// Deletes a message, alone or with everything that follows it, so that it can be undone; another branch is shown
    /// if that leaves nothing of this one. Refused while a turn runs below it.
    async fn delete_message(&self, new: &Deletion) -> Result<(), DeleteError>;

    /// Brings back what was deleted at that moment. `false` when there is nothing (any more).
    async fn restore(&self, owner: UserId, id: ConversationId, deleted_at: Timestamp) -> Result<bool, StoreError>;

    /// Forgets what messages said that were deleted before a moment. Tells how many.
    async fn purge_deleted(&self, before: Timestamp) -> Result<u64, StoreError>;

    /// Gives it a title that its user chose. `false` when there is no such conversation.
    async fn rename(&self, owner: UserId, id: ConversationId, title: &Title) -> Result<bool, StoreError>;

    /// Gives it a title that a model made, unless its user has chosen one.
    async fn suggest_title(&self, owner: UserId, id: ConversationId, title: &Title) -> Result<(), StoreError>;

    /// Deletes it with everything in it. `false` when there is no such conversation.
    async fn delete(&self, owner: UserId, id: ConversationId) -> Result<bool, StoreError>;

    /// The turns that run in a conversation; none for one that does not exist.
    async fn running_turns(&self, owner: UserId, id: ConversationId) -> Result<Vec<TurnId>, StoreError>;
}

/// A message that is to be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deletion {
    /// Whose.
    pub owner: UserId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The message.
    pub message: MessageId,
    /// With everything that follows it, or alone.
    pub with_branch: bool,
    /// When; by this moment it can be brought back.
    pub now: Timestamp,
}

/// A message can't be deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteError {
    /// It is not there, or not this user's.
    #[error("there is no such message")]
    NotFound,
    /// A turn is writing it, or something below it.
    #[error("a reply is still being written there")]
    StillRunning,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where a new message goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// At the start of a new conversation, with this id and title, in which models answer so.
    NewConversation(ConversationId, Title, Parameters),
    /// After a message of a conversation; at the end of the branch that is shown when none is named.
    After(ConversationId, Option<MessageId>),
    /// In the place of a message that a user wrote, as another version of it.
    Beside(ConversationId, MessageId),
}

/// A message to store and the turn that will reply to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTurn {
    /// Who sends.
    pub owner: UserId,
    /// The same key again is the same send.
    pub key: SendKey,
    /// Where the message goes.
    pub place: Place,
    /// The id of the user's message.
    pub message: MessageId,
    /// What the user wrote.
    pub prompt: Prompt,
    /// Files of the owner that come with it.
    pub attachments: Vec<FileId>,
    /// The id of the reply.
    pub reply: MessageId,
    /// The id of the turn.
    pub turn: TurnId,
    /// What shall answer.
    pub model: ModelRef,
    /// Its name.
    pub model_name: String,
    /// When.
    pub now: Timestamp,
}

/// Another attempt at a reply, beside one that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAttempt {
    /// Whose conversation it is.
    pub owner: UserId,
    /// The same key again is the same attempt.
    pub key: SendKey,
    /// The turn to be tried again.
    pub of: TurnId,
    /// The new reply begins with what the other one says, and goes on from there.
    pub continues: bool,
    /// The id of the new reply.
    pub reply: MessageId,
    /// The id of the new turn.
    pub turn: TurnId,
    /// What shall answer.
    pub model: ModelRef,
    /// Its name.
    pub model_name: String,
    /// When.
    pub now: Timestamp,
}

/// A turn that has been stored and may start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// Its conversation.
    pub conversation: Conversation,
    /// The branch up to and with the user's message.
    pub branch: Vec<Message>,
    /// What stands for its beginning when a model is asked.
    pub summary: Option<Summary>,
    /// The turn.
    pub turn: Turn,
    /// The send had been seen before: its turn has started already, and maybe ended.
    pub repeated: bool,
}

/// A turn can't begin.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// The conversation, the parent message or the turn is not there, or not this user's.
    #[error("there is no such conversation")]
    NotFound,
    /// A turn is running in this conversation.
    #[error("a reply is still being written in this conversation")]
    StillRunning,
    /// One of the files is not there, or not this user's.
    #[error("an attached file is not there")]
    NoSuchFile,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is new in a turn since it was stored last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The turn as it is now, its text and reasoning left out.
    pub turn: Turn,
    /// The number up to which it was stored before.
    pub stored_seq: Seq,
    /// What was added to the text since.
    pub text: String,
    /// What was added to the reasoning since.
    pub reasoning: String,
    /// Text and reasoning are the whole, and take the place of what was stored.
    pub whole: bool,
}

/// Turns.
#[async_trait]
pub trait Turns: Send + Sync {
    /// Stores a user's message, an empty reply and a running turn, in one transaction.
    async fn begin(&self, new: &NewTurn) -> Result<Begun, BeginError>;

    /// Stores an empty reply beside an ended one, and a running turn, in one transaction.
    async fn begin_attempt(&self, new: &NewAttempt) -> Result<Begun, BeginError>;

    /// Stores what turns have gathered, each one's text and number together, and its end when it has ended, with what
    /// it used added to its user's day; all in one transaction. Storing the same progress twice changes nothing. A turn
    /// that was deleted is no error. Gives the turns of which more was stored before than the caller knew, as when it
    /// stopped waiting for an earlier call: nothing was stored of those, they are to be stored whole.
    async fn store(&self, progress: &[Progress]) -> Result<Vec<TurnId>, StoreError>;

    /// A turn as it was last stored.
    async fn turn(&self, owner: UserId, id: TurnId) -> Result<Option<Turn>, StoreError>;

    /// Marks every running turn as interrupted: no one runs when the server starts. Tells how many.
    async fn interrupt_all(&self, now: Timestamp) -> Result<u64, StoreError>;

    /// What a user's turns have used in the days from one moment to another, by day (in UTC) and model, the oldest
    /// first.
    async fn usage(&self, owner: UserId, from: Timestamp, to: Timestamp) -> Result<Vec<DayUsage>, StoreError>;
}

/// What a user's turns by one model used on one day. It stays when conversations are deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayUsage {
    /// The day, counted from 1970-01-01 (UTC).
    pub day: i64,
    /// The model.
    pub model: ModelRef,
    /// Turns that ended.
    pub turns: u64,
    /// Tokens that the model read.
    pub input: u64,
    /// Those of them that it had kept.
    pub cached: u64,
    /// Tokens that it wrote.
    pub output: u64,
    /// Those of them that were reasoning.
    pub reasoning: u64,
    /// What they cost, in nanodollars, as far as prices were known.
    pub cost: u64,
}

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

    /// Has the model go on with a reply that was cut: another attempt that begins with what it says.
    async fn go_on(&self, owner: UserId, turn: TurnId, key: SendKey) -> Result<Sent, SendError>;

    /// Stops a running turn; what had arrived is kept. `false` when there is no such turn. Stopping one that
    /// has ended is no error.
    async fn stop(&self, owner: UserId, turn: TurnId) -> Result<bool, StoreError>;

    /// Stops whatever runs in a conversation, before it is deleted.
    async fn stop_conversation(&self, owner: UserId, id: ConversationId) -> Result<(), StoreError>;

    /// Watches a turn from the event after `seen`. The stream begins with a snapshot unless `seen` is where
    /// the turn is, has no gap and no repetition, and ends with the turn. None when there is no such turn.
    async fn watch(&self, owner: UserId, turn: TurnId, seen: Option<Seq>) -> Result<Option<FrameStream>, StoreError>;
}
