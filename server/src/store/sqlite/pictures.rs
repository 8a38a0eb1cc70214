//! Pictures of users.

use super::{
    Sqlite,
    value::{Key, failed},
};
use async_trait::async_trait;
use chat::{
    Timestamp, UserId,
    ports::{Picture, Pictures, StoreError},
};

#[async_trait]
impl Pictures for Sqlite {
    async fn picture(&self, owner: UserId) -> Result<Option<Picture>, StoreError> {
        let owner = Key(owner.0);
        sqlx::query_as!(Picture, "SELECT source, media_type, bytes FROM pictures WHERE user_id = ?", owner)
            .fetch_optional(&mut *self.reader().await?)
            .await
            .map_err(failed)
    }

    async fn set_picture(&self, owner: UserId, picture: Option<&Picture>, now: Timestamp) -> Result<(), StoreError> {
        let owner = Key(owner.0);
        self.write(async |tx| {
            sqlx::query!("DELETE FROM pictures WHERE user_id = ?", owner).execute(&mut *tx).await.map_err(failed)?;
            if let Some(Picture { source, media_type, bytes }) = picture {
                sqlx::query!(
                    "INSERT INTO pictures (user_id, source, media_type, bytes, fetched_at) VALUES (?, ?, ?, ?, ?)",
                    owner,
                    source,
                    media_type,
                    bytes,
                    now.0
                )
                .execute(tx)
                .await
                .map_err(failed)?;
            }
            Ok(())
        })
        .await
    }
}
