//! Files that users attach: what is known of them. What is in them is kept elsewhere, under a hash.

use super::StoreError;
use crate::{
    attachment::Attachment,
    id::{FileId, UserId},
    time::Timestamp,
};
use async_trait::async_trait;
use std::{collections::HashSet, fmt};

/// SHA-256 of contents: the name under which they are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileHash(pub [u8; 32]);

impl fmt::Display for FileHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A file, and where its contents are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFile {
    /// The file as its user knows it.
    pub attachment: Attachment,
    /// Its contents.
    pub hash: FileHash,
    /// Its text in UTF-8: the contents themselves, or what was read out of them. None for a picture.
    pub text: Option<FileHash>,
}

/// A file to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Whose it is.
    pub owner: UserId,
    /// The file.
    pub file: KeptFile,
    /// Bytes that it takes, with its text.
    pub stored_bytes: u64,
    /// When.
    pub now: Timestamp,
}

/// A file can't be kept.
#[derive(Debug, thiserror::Error)]
pub enum AddFileError {
    /// It and the user's other files are more than a user may have.
    #[error("the user's files would take more than they may")]
    OverQuota,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of the wish to remove a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// It is gone.
    Removed,
    /// It stays: a message has it.
    InMessage,
    /// There is no such file.
    NotFound,
}

/// What is known of files. A file that was sent is there for as long as a message has it.
#[async_trait]
pub trait Files: Send + Sync {
    /// Notes a file, unless its owner's files would take more than `quota` bytes. Of many calls at once none goes
    /// over it.
    async fn add(&self, file: &NewFile, quota: u64) -> Result<(), AddFileError>;

    /// A user's file.
    async fn find(&self, owner: UserId, id: FileId) -> Result<Option<KeptFile>, StoreError>;

    /// Bytes that a user's files take.
    async fn used(&self, owner: UserId) -> Result<u64, StoreError>;

    /// Removes a user's file that is in no message.
    async fn remove(&self, owner: UserId, id: FileId) -> Result<Removal, StoreError>;

    /// Removes files that were added before a moment and are in no message. Tells how many.
    async fn purge_unsent(&self, before: Timestamp) -> Result<u64, StoreError>;

    /// The hashes of everything that has to be kept.
    async fn hashes_in_use(&self) -> Result<HashSet<FileHash>, StoreError>;
}
