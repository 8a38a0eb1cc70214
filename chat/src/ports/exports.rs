//! What users take away.

use super::StoreError;
use crate::{
    conversation::Conversation,
    id::{ConversationId, MessageId, UserId},
    message::Message,
};
use async_trait::async_trait;

/// A conversation with the messages of all its branches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WholeConversation {
    /// The conversation.
    pub conversation: Conversation,
    /// Its messages, each after the one that it follows, and which that is; what was deleted is left out.
    pub messages: Vec<(Message, Option<MessageId>)>,
    /// The message at the end of the branch that is shown.
    pub shown: Option<MessageId>,
}

/// Conversations to be taken away.
#[async_trait]
pub trait Exports: Send + Sync {
    /// All conversations of a user, archived ones too, the oldest first.
    async fn conversations(&self, owner: UserId) -> Result<Vec<ConversationId>, StoreError>;

    /// A conversation of a user with everything in it. None when it is not there, or has no message.
    async fn whole(&self, owner: UserId, id: ConversationId) -> Result<Option<WholeConversation>, StoreError>;
}
