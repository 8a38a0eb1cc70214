//! Sessions. Only [`Sessions::create`] inserts: nothing that finishes late brings an ended session back.

use super::{
    Sqlite, audit, provider_sessions,
    users::UserRow,
    value::{Hash, Key, failed},
};
use async_trait::async_trait;
use chat::{
    Timestamp, UserId,
    audit::{AuditKind, NewAuditEntry},
    ports::{
        LiveSession, NewSession, ProviderLogout, ProviderSession, SessionSummary, SessionToAsk, Sessions, StoreError,
        TokenHash,
    },
};
use std::net::IpAddr;

#[async_trait]
impl Sessions for Sqlite {
    async fn create(&self, session: &NewSession) -> Result<bool, StoreError> {
        let (hash, user) = (session.hash.0.as_slice(), Key(session.user.0));
        let provider = session.provider.as_ref();
        let (id, sid) = (provider.map(|p| &p.provider), provider.and_then(|p| p.sid.as_ref()));
        let tokens = provider.map(|p| p.tokens.as_slice());
        let address = session.address.map(|address| address.to_string());
        let asked_at = provider.filter(|p| p.can_be_asked).map(|_| session.created_at.0);
        self.write(async |tx| {
            let inserted = sqlx::query!(
                "INSERT INTO sessions
                     (id_hash, user_id, user_agent, created_at, last_seen_at, expires_at,
                      provider, provider_sid, provider_tokens, provider_asked_at, address)
                 VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                 ON CONFLICT (id_hash) DO NOTHING",
                hash,
                user,
                session.user_agent,
                session.created_at.0,
                session.expires_at.0,
                id,
                sid,
                tokens,
                asked_at,
                address
            )
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
            if inserted.rows_affected() == 0 {
                return Ok(false);
            }
            let by = audit::user(tx, user, session.address, session.created_at).await?;
            let entry = NewAuditEntry::new(by, AuditKind::SignedIn, "");
            let entry = match id {
                Some(provider) => entry.with("through", provider.as_str()),
                None => entry,
            };
            audit::write(tx, &entry).await?;
            Ok(true)
        })
        .await
    }

    async fn find(
        &self,
        hash: TokenHash,
        now: Timestamp,
        idle_since: Timestamp,
    ) -> Result<Option<LiveSession>, StoreError> {
        let hash = hash.0.as_slice();
        let found = sqlx::query!(
            r#"SELECT user_id AS "id: Key", name, email, role, last_seen_at, expires_at,
                   (SELECT fetched_at FROM pictures WHERE user_id = users.id) AS "picture?: i64"
               FROM sessions
               JOIN users ON users.id = user_id
               WHERE id_hash = ? AND revoked_at IS NULL AND expires_at > ? AND last_seen_at > ?
                   AND disabled_at IS NULL"#,
            hash,
            now.0,
            idle_since.0
        )
        .fetch_optional(&mut *self.reader().await?)
        .await;
        match found {
            Ok(None) => Ok(None),
            Ok(Some(row)) => {
                let (last_seen_at, expires_at) = (Timestamp(row.last_seen_at), Timestamp(row.expires_at));
                let row =
                    UserRow { id: row.id, name: row.name, email: row.email, role: row.role, picture: row.picture };
                Ok(Some(LiveSession { user: row.user()?, last_seen_at, expires_at }))
            }
            // Whoever holds it signs in again; nobody is let in by a row that can't be read.
            Err(error @ sqlx::Error::ColumnDecode { .. }) => {
                tracing::warn!(%error, "a session can't be read and counts as signed out");
                Ok(None)
            }
            Err(error) => Err(failed(error)),
        }
    }

    async fn touch(&self, hash: TokenHash, now: Timestamp, address: Option<IpAddr>) -> Result<(), StoreError> {
        let (hash, address) = (hash.0.as_slice(), address.map(|address| address.to_string()));
        self.write(async |tx| {
            sqlx::query!(
                "UPDATE sessions SET last_seen_at = max(last_seen_at, ?), address = coalesce(?, address)
                 WHERE id_hash = ? AND revoked_at IS NULL",
                now.0,
                address,
                hash
            )
            .execute(tx)
            .await
            .map_err(failed)?;
            Ok(())
        })
        .await
    }

    async fn revoke(&self, hash: TokenHash, now: Timestamp) -> Result<(), StoreError> {
        let hash = hash.0.as_slice();
        self.write(async |tx| {
            sqlx::query!("UPDATE sessions SET revoked_at = ? WHERE id_hash = ? AND revoked_at IS NULL", now.0, hash)
                .execute(tx)
                .await
                .map_err(failed)?;
            Ok(())
        })
        .await
    }

    async fn provider_session(&self, hash: TokenHash) -> Result<Option<ProviderSession>, StoreError> {
        provider_sessions::of(self, hash).await
    }

    async fn to_ask(
        &self,
        now: Timestamp,
        idle_since: Timestamp,
        asked_before: Timestamp,
        limit: u32,
    ) -> Result<Vec<SessionToAsk>, StoreError> {
        provider_sessions::to_ask(self, now, idle_since, Some(asked_before), limit).await
    }

    async fn all_to_ask(
        &self,
        now: Timestamp,
        idle_since: Timestamp,
        limit: u32,
    ) -> Result<Vec<SessionToAsk>, StoreError> {
        provider_sessions::to_ask(self, now, idle_since, None, limit).await
    }

    async fn asked(&self, hash: TokenHash, tokens: &[u8], now: Timestamp) -> Result<(), StoreError> {
        provider_sessions::asked(self, hash, tokens, now).await
    }

    async fn log_out(&self, logout: &ProviderLogout, now: Timestamp) -> Result<Option<Vec<TokenHash>>, StoreError> {
        provider_sessions::log_out(self, logout, now).await
    }

    async fn of_user(
        &self,
        user: UserId,
        now: Timestamp,
        idle_since: Timestamp,
    ) -> Result<Vec<(TokenHash, SessionSummary)>, StoreError> {
        let user = Key(user.0);
        let rows = sqlx::query!(
            r#"SELECT id_hash AS "hash: Hash", user_agent, address, created_at, last_seen_at
               FROM sessions
               WHERE user_id = ? AND revoked_at IS NULL AND expires_at > ? AND last_seen_at > ?
               ORDER BY last_seen_at DESC, created_at DESC"#,
            user,
            now.0,
            idle_since.0
        )
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(failed)?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let summary = SessionSummary {
                    id: row.hash.0.to_string(),
                    user_agent: row.user_agent,
                    address: row.address.and_then(|address| address.parse().ok()),
                    created_at: Timestamp(row.created_at),
                    last_seen_at: Timestamp(row.last_seen_at),
                    current: false,
                };
                (row.hash.0, summary)
            })
            .collect())
    }

    async fn purge(&self, before: Timestamp, idle_since: Timestamp) -> Result<u64, StoreError> {
        self.write(async |tx| {
            let gone = sqlx::query!(
                "DELETE FROM sessions WHERE revoked_at < ?1 OR expires_at < ?1 OR last_seen_at <= ?2",
                before.0,
                idle_since.0
            )
            .execute(tx)
            .await
            .map_err(failed)?;
            Ok(gone.rows_affected())
        })
        .await
    }
}
