//! What users share.

use super::StoreError;
use crate::{
    id::{ConversationId, UserId},
    share::{NewShare, Share, ShareLink, ShareToken},
};
use async_trait::async_trait;

/// Shared conversations.
#[async_trait]
pub trait Shares: Send + Sync {
    /// Stores a snapshot of a conversation. One that was shared before keeps its link and gets the new snapshot. Gives the
    /// link; none when there is no such conversation.
    async fn share(&self, new: &NewShare) -> Result<Option<ShareToken>, StoreError>;

    /// The snapshot behind a link, for anybody. None when there is none (any more), or its owner is disabled.
    async fn shared(&self, token: &ShareToken) -> Result<Option<Share>, StoreError>;

    /// The link of a conversation.
    async fn link_of(&self, owner: UserId, conversation: ConversationId) -> Result<Option<ShareLink>, StoreError>;

    /// The links of a user, the newest snapshot first.
    async fn links(&self, owner: UserId) -> Result<Vec<ShareLink>, StoreError>;

    /// Ends the link of a conversation, at once and for good. `false` when there is none.
    async fn end_share(&self, owner: UserId, conversation: ConversationId) -> Result<bool, StoreError>;
}
