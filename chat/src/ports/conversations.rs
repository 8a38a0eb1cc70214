//! The store of conversations.

use super::StoreError;
use crate::{
    conversation::{ConversationSummary, Summary, Title, Transcript},
    id::{ConversationId, MessageId, TurnId, UserId},
    parameters::Parameters,
    time::Timestamp,
};
use async_trait::async_trait;

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

    /// Deletes all of a user's conversations, some at a time so that others can write in between. Tells how many.
    async fn delete_all(&self, owner: UserId) -> Result<u64, StoreError>;

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
