//! The store of turns.

use super::StoreError;
use crate::{
    conversation::{Conversation, Summary, Title},
    event::{Seq, Usage},
    id::{ConversationId, FileId, MessageId, SendKey, TurnId, UserId},
    message::{Message, Prompt},
    model::ModelRef,
    parameters::Parameters,
    time::Timestamp,
    turn::Turn,
};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

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

    /// Adds what was used outside of a stored turn to its user's day.
    async fn count(&self, owner: UserId, spent: &Spent) -> Result<(), StoreError>;

    /// A turn as it was last stored.
    async fn turn(&self, owner: UserId, id: TurnId) -> Result<Option<Turn>, StoreError>;

    /// Whether a turn has begun with this key.
    async fn has_begun(&self, owner: UserId, key: SendKey) -> Result<bool, StoreError>;

    /// Marks every running turn as interrupted: no one runs when the server starts. Tells how many.
    async fn interrupt_all(&self, now: Timestamp) -> Result<u64, StoreError>;

    /// What a user's turns have used in the days from one moment to another, by day (in UTC) and model, the oldest
    /// first.
    async fn usage(&self, owner: UserId, from: Timestamp, to: Timestamp) -> Result<Vec<DayUsage>, StoreError>;
}

/// What somebody asked of a model, without a word of what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spent {
    /// When.
    pub at: Timestamp,
    /// The model.
    pub model: ModelRef,
    /// How many turns it was: none when a title or a summary was made.
    pub turns: u32,
    /// Tokens used.
    pub usage: Usage,
    /// What they cost, in nanodollars, when prices are known.
    pub cost: Option<u64>,
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
