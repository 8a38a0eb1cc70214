//! Shared conversations.

use super::{
    Sqlite,
    value::{Key, failed, unreadable},
};
use async_trait::async_trait;
use chat::{
    ConversationId, Timestamp, Title, UserId,
    ports::{Shares, StoreError},
    share::{NewShare, Share, ShareLink, ShareToken},
};

/// A link as its owner sees it.
struct LinkRow {
    token: String,
    conversation: Key,
    title: String,
    created_at: i64,
}

/// The token in a row is none that this program wrote.
#[derive(Debug, thiserror::Error)]
#[error("not a token of a shared conversation")]
struct BadToken;

fn token(text: &str) -> Result<ShareToken, StoreError> {
    ShareToken::parse(text).ok_or_else(|| unreadable(BadToken))
}

impl LinkRow {
    fn read(self) -> Result<ShareLink, StoreError> {
        Ok(ShareLink {
            token: token(&self.token)?,
            conversation: ConversationId(self.conversation.0),
            title: Title::try_from(self.title).map_err(unreadable)?,
            created_at: Timestamp(self.created_at),
        })
    }
}

#[async_trait]
impl Shares for Sqlite {
    async fn share(&self, new: &NewShare) -> Result<Option<ShareToken>, StoreError> {
        let NewShare { owner, conversation, token: wanted, share } = new;
        let (owner, conversation, wanted) = (Key(owner.0), Key(conversation.0), wanted.as_str());
        let (title, author, at) = (share.title.as_str(), share.author.as_str(), share.created_at.0);
        let messages = serde_json::to_string(&share.messages).map_err(unreadable)?;
        self.write(async |tx| {
            let stored = sqlx::query_scalar!(
                "INSERT INTO shares (token, user_id, conversation_id, title, author, messages, created_at)
                 SELECT ?1, user_id, id, ?4, ?5, ?6, ?7 FROM conversations WHERE id = ?2 AND user_id = ?3
                 ON CONFLICT (conversation_id) DO UPDATE SET title = excluded.title, author = excluded.author,
                     messages = excluded.messages, created_at = excluded.created_at
                 RETURNING token",
                wanted,
                conversation,
                owner,
                title,
                author,
                messages,
                at
            );
            stored.fetch_optional(tx).await.map_err(failed)?.as_deref().map(token).transpose()
        })
        .await
    }

    async fn shared(&self, token: &ShareToken) -> Result<Option<Share>, StoreError> {
        let token = token.as_str();
        let row = sqlx::query!(
            "SELECT title, author, messages, shares.created_at FROM shares
             JOIN users ON users.id = shares.user_id AND users.disabled_at IS NULL
             WHERE token = ?",
            token
        );
        let row = row.fetch_optional(&mut *self.reader().await?).await.map_err(failed)?;
        row.map(|row| {
            Ok(Share {
                title: Title::try_from(row.title).map_err(unreadable)?,
                author: row.author,
                messages: serde_json::from_str(&row.messages).map_err(unreadable)?,
                created_at: Timestamp(row.created_at),
            })
        })
        .transpose()
    }

    async fn link_of(&self, owner: UserId, conversation: ConversationId) -> Result<Option<ShareLink>, StoreError> {
        let (owner, conversation) = (Key(owner.0), Key(conversation.0));
        let row = sqlx::query_as!(
            LinkRow,
            r#"SELECT token, conversation_id AS "conversation: Key", title, created_at FROM shares
               WHERE conversation_id = ? AND user_id = ?"#,
            conversation,
            owner
        );
        row.fetch_optional(&mut *self.reader().await?).await.map_err(failed)?.map(LinkRow::read).transpose()
    }

    async fn links(&self, owner: UserId) -> Result<Vec<ShareLink>, StoreError> {
        let owner = Key(owner.0);
        let rows = sqlx::query_as!(
            LinkRow,
            r#"SELECT token, conversation_id AS "conversation: Key", title, created_at FROM shares
               WHERE user_id = ? ORDER BY created_at DESC, token"#,
            owner
        );
        let rows = rows.fetch_all(&mut *self.reader().await?).await.map_err(failed)?;
        rows.into_iter().map(LinkRow::read).collect()
    }

    async fn end_share(&self, owner: UserId, conversation: ConversationId) -> Result<bool, StoreError> {
        let (owner, conversation) = (Key(owner.0), Key(conversation.0));
        self.write(async |tx| {
            let ended =
                sqlx::query!("DELETE FROM shares WHERE conversation_id = ? AND user_id = ?", conversation, owner);
            Ok(ended.execute(tx).await.map_err(failed)?.rows_affected() == 1)
        })
        .await
    }
}
