//! The other end of sessions, at sign-in providers.

use super::{
    Sqlite,
    value::{Hash, Key, failed},
};
use chat::{
    Timestamp, UserId,
    ports::{ProviderLogout, ProviderSession, SessionToAsk, StoreError, TokenHash},
};
use sqlx::SqliteConnection;

pub(super) async fn of(store: &Sqlite, hash: TokenHash) -> Result<Option<ProviderSession>, StoreError> {
    let hash = hash.0.as_slice();
    let row = sqlx::query!(
        "SELECT provider, provider_sid AS sid, provider_tokens AS tokens, provider_asked_at AS asked_at
         FROM sessions WHERE id_hash = ?",
        hash
    )
    .fetch_optional(&mut *store.reader().await?)
    .await
    .map_err(failed)?;
    Ok(row.and_then(|row| {
        Some(ProviderSession {
            provider: row.provider?,
            sid: row.sid,
            tokens: row.tokens.unwrap_or_default(),
            can_be_asked: row.asked_at.is_some(),
        })
    }))
}

/// Those that were asked at `asked_before` or earlier, and used since; all when none is given.
pub(super) async fn to_ask(
    store: &Sqlite,
    now: Timestamp,
    idle_since: Timestamp,
    asked_before: Option<Timestamp>,
    limit: u32,
) -> Result<Vec<SessionToAsk>, StoreError> {
    let asked_before = asked_before.map(|at| at.0);
    let rows = sqlx::query!(
        r#"SELECT s.id_hash AS "hash: Hash", u.id AS "user: Key", u.issuer, u.subject,
               s.provider AS "provider!", s.provider_sid AS sid, s.provider_tokens AS tokens
           FROM sessions s JOIN users u ON u.id = s.user_id
           WHERE s.provider_asked_at <= coalesce(?1, ?2) AND s.provider IS NOT NULL
             AND (?1 IS NULL OR s.last_seen_at > s.provider_asked_at)
             AND s.revoked_at IS NULL AND s.expires_at > ?2 AND s.last_seen_at > ?3
           ORDER BY s.provider_asked_at
           LIMIT ?4"#,
        asked_before,
        now.0,
        idle_since.0,
        limit
    )
    .fetch_all(&mut *store.reader().await?)
    .await
    .map_err(failed)?;
    Ok(rows
        .into_iter()
        .map(|row| SessionToAsk {
            hash: row.hash.0,
            user: UserId(row.user.0),
            issuer: row.issuer,
            subject: row.subject,
            provider: ProviderSession {
                provider: row.provider,
                sid: row.sid,
                tokens: row.tokens.unwrap_or_default(),
                can_be_asked: true,
            },
        })
        .collect())
}

pub(super) async fn asked(store: &Sqlite, hash: TokenHash, tokens: &[u8], now: Timestamp) -> Result<(), StoreError> {
    let hash = hash.0.as_slice();
    store
        .write(async |tx| {
            sqlx::query!(
                "UPDATE sessions SET provider_tokens = ?, provider_asked_at = ? WHERE id_hash = ? AND revoked_at IS NULL",
                tokens,
                now.0,
                hash
            )
            .execute(tx)
            .await
            .map_err(failed)?;
            Ok(())
        })
        .await
}

pub(super) async fn log_out(
    store: &Sqlite,
    logout: &ProviderLogout,
    now: Timestamp,
) -> Result<Option<Vec<TokenHash>>, StoreError> {
    store
        .write(
            async |tx| {
                if use_token(tx, logout, now).await? { revoke(tx, logout, now).await.map(Some) } else { Ok(None) }
            },
        )
        .await
}

async fn revoke(
    tx: &mut SqliteConnection,
    logout: &ProviderLogout,
    now: Timestamp,
) -> Result<Vec<TokenHash>, StoreError> {
    let ended = sqlx::query!(
        r#"UPDATE sessions SET revoked_at = ?1
           WHERE provider = ?2 AND revoked_at IS NULL
             AND (?4 IS NULL OR provider_sid = ?4 OR (provider_sid IS NULL AND ?5 IS NOT NULL))
             AND user_id IN (SELECT id FROM users WHERE issuer = ?3 AND (?5 IS NULL OR subject = ?5))
           RETURNING id_hash AS "hash: Hash""#,
        now.0,
        logout.provider,
        logout.issuer,
        logout.sid,
        logout.subject
    )
    .fetch_all(tx)
    .await
    .map_err(failed)?;
    Ok(ended.into_iter().map(|row| row.hash.0).collect())
}

async fn use_token(tx: &mut SqliteConnection, logout: &ProviderLogout, now: Timestamp) -> Result<bool, StoreError> {
    sqlx::query!("DELETE FROM used_logout_tokens WHERE expires_at < ?", now.0)
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
    let hash = logout.token.0.as_slice();
    let noted = sqlx::query!(
        "INSERT INTO used_logout_tokens (token_hash, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
        hash,
        logout.expires_at.0
    )
    .execute(tx)
    .await
    .map_err(failed)?;
    Ok(noted.rows_affected() == 1)
}
