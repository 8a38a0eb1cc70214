//! Where imported conversations go.

use super::{Ids, StoreError};
use crate::{
    id::{ConversationId, UserId},
    transfer::ImportedConversation,
};
use async_trait::async_trait;

/// Conversations that come from elsewhere.
#[async_trait]
pub trait Imports: Send + Sync {
    /// Stores conversations whole, all in one transaction, and gives the id of each; none for one whose origin this user
    /// has imported before. Everything gets an id of its own: those of the origin are taken.
    async fn import(
        &self,
        owner: UserId,
        conversations: &[ImportedConversation],
        ids: &dyn Ids,
    ) -> Result<Vec<Option<ConversationId>>, StoreError>;

    /// Takes conversations back that were imported.
    async fn take_back(&self, owner: UserId, ids: &[ConversationId]) -> Result<(), StoreError>;
}
