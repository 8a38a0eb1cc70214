//! The store of the order that users give to their conversations.

use super::StoreError;
use crate::{
    conversation::ConversationSummary,
    folder::{Act, Folder, FolderName},
    id::{ConversationId, FolderId, UserId},
    time::Timestamp,
};
use async_trait::async_trait;

/// Folders, and what is done to several conversations at once.
#[async_trait]
pub trait Folders: Send + Sync {
    /// A user's folders, in their order.
    async fn folders(&self, owner: UserId) -> Result<Vec<Folder>, StoreError>;

    /// Makes a folder, below the others.
    async fn add_folder(&self, owner: UserId, new: &Folder, now: Timestamp) -> Result<(), AddFolderError>;

    /// Gives it another name. `false` when there is no such folder.
    async fn rename_folder(&self, owner: UserId, id: FolderId, name: &FolderName) -> Result<bool, StoreError>;

    /// Shows it closed, or open. `false` when there is no such folder.
    async fn close_folder(&self, owner: UserId, id: FolderId, closed: bool) -> Result<bool, StoreError>;

    /// Changes its place with that of its neighbour; at an end it stays. `false` when there is no such folder.
    async fn shift_folder(&self, owner: UserId, id: FolderId, shift: Shift) -> Result<bool, StoreError>;

    /// Deletes it. What is in it is in no folder then. `false` when there is no such folder.
    async fn delete_folder(&self, owner: UserId, id: FolderId) -> Result<bool, StoreError>;

    /// Does something to conversations, all at once, and tells to which: those of the ids that are this user's, in no
    /// order. With a folder that is not this user's, to none.
    async fn organise(
        &self,
        owner: UserId,
        ids: &[ConversationId],
        act: Act,
        now: Timestamp,
    ) -> Result<Vec<ConversationId>, StoreError>;

    /// A user's archived conversations with the moments since when they are, the newest first, at most `limit`; those
    /// that follow one when that is given.
    async fn archived(
        &self,
        owner: UserId,
        after: Option<(Timestamp, ConversationId)>,
        limit: u32,
    ) -> Result<Vec<(Timestamp, ConversationSummary)>, StoreError>;
}

/// In which direction a folder is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shift {
    /// Towards the beginning.
    Up,
    /// Towards the end.
    Down,
}

/// A folder can't be made.
#[derive(Debug, thiserror::Error)]
pub enum AddFolderError {
    /// The user has [`AddFolderError::MOST`] already.
    #[error("there are too many folders")]
    TooMany,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl AddFolderError {
    /// The most folders that a user has.
    pub const MOST: u32 = 100;
}
