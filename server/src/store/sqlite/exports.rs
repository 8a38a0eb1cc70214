//! What users take away.

use super::{
    Sqlite,
    conversations::conversation,
    tree,
    value::{Key, failed},
};
use async_trait::async_trait;
use chat::{
    ConversationId, UserId,
    ports::{Exports, StoreError, WholeConversation},
};

#[async_trait]
impl Exports for Sqlite {
    async fn conversations(&self, owner: UserId) -> Result<Vec<ConversationId>, StoreError> {
        let owner = Key(owner.0);
        let ids = sqlx::query_scalar!(
            r#"SELECT id AS "id: Key" FROM conversations WHERE user_id = ? ORDER BY created_at, id"#,
            owner
        );
        let ids = ids.fetch_all(&mut *self.reader().await?).await.map_err(failed)?;
        Ok(ids.into_iter().map(|id| ConversationId(id.0)).collect())
    }

    async fn whole(&self, owner: UserId, id: ConversationId) -> Result<Option<WholeConversation>, StoreError> {
        let mut reader = self.reader().await?;
        let Some(conversation) = conversation(&mut reader, owner, id).await? else { return Ok(None) };
        let Some(messages) = tree::messages(&mut reader, owner, id).await? else { return Ok(None) };
        let (messages, shown) = messages.all();
        Ok((!messages.is_empty()).then_some(WholeConversation { conversation, messages, shown }))
    }
}
