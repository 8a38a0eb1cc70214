//! Login links.

use super::{
    Sqlite, audit,
    value::{Key, failed},
};
use async_trait::async_trait;
use chat::{
    LinkedUser, Timestamp, UserId,
    audit::{AuditKind, By, NewAuditEntry},
    ports::{LoginLinks, StoreError, TokenHash},
    user::{LOCAL_ISSUER, OWNER_SUBJECT},
};

#[async_trait]
impl LoginLinks for Sqlite {
    async fn create(
        &self,
        hash: TokenHash,
        user: UserId,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let (hash, user) = (hash.0.as_slice(), Key(user.0));
        self.write(async |tx| {
            sqlx::query!("DELETE FROM login_links WHERE expires_at <= ?", now.0)
                .execute(&mut *tx)
                .await
                .map_err(failed)?;
            sqlx::query!(
                "INSERT INTO login_links (token_hash, user_id, created_at, expires_at) VALUES (?, ?, ?, ?)",
                hash,
                user,
                now.0,
                expires_at.0
            )
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
            let whose = audit::user(tx, user, None, now).await?.name;
            // Whoever can run commands beside the server is not known here.
            let by = By { user: None, name: "Command line".into(), address: None, at: now };
            audit::write(tx, &NewAuditEntry::new(by, AuditKind::LoginLinkMade, whose)).await
        })
        .await
    }

    async fn find(&self, hash: TokenHash, now: Timestamp) -> Result<Option<LinkedUser>, StoreError> {
        let hash = hash.0.as_slice();
        let found = sqlx::query!(
            "SELECT users.name, users.issuer, users.subject
             FROM login_links JOIN users ON users.id = login_links.user_id
             WHERE token_hash = ? AND used_at IS NULL AND expires_at > ?",
            hash,
            now.0
        )
        .fetch_optional(&mut *self.reader().await?)
        .await
        .map_err(failed)?;
        Ok(found.map(|row| LinkedUser {
            name: row.name,
            owner: row.issuer == LOCAL_ISSUER && row.subject == OWNER_SUBJECT,
        }))
    }

    async fn use_up(&self, hash: TokenHash, now: Timestamp) -> Result<Option<UserId>, StoreError> {
        let hash = hash.0.as_slice();
        self.write(async |tx| {
            let user = sqlx::query_scalar!(
                r#"UPDATE login_links SET used_at = ?1
                   WHERE token_hash = ?2 AND used_at IS NULL AND expires_at > ?1
                   RETURNING user_id AS "user!: Key""#,
                now.0,
                hash
            )
            .fetch_optional(tx)
            .await
            .map_err(failed)?;
            Ok(user.map(|user| UserId(user.0)))
        })
        .await
    }
}
