//! The audit log.

use super::{
    Sqlite,
    value::{Key, failed},
};
use async_trait::async_trait;
use chat::{
    Timestamp, UserId,
    audit::{AuditEntry, AuditFilter, AuditKind, By, NewAuditEntry},
    ports::{Audit, StoreError},
};
use sqlx::SqliteConnection;
use std::net::IpAddr;

/// How many people the log can be searched for.
const MOST_AUTHORS: u32 = 1_000;

/// Writes something down, in the transaction in which it happens.
pub(super) async fn write(db: &mut SqliteConnection, entry: &NewAuditEntry) -> Result<(), StoreError> {
    let NewAuditEntry { by: By { user, name, address, at }, kind, subject, details } = entry;
    let (user, kind) = (user.map(|user| Key(user.0)), kind.word());
    let address = address.map(|address| address.to_string());
    let details = serde_json::to_string(details).map_err(|error| StoreError::Failed(error.into()))?;
    sqlx::query!(
        "INSERT INTO audit (at, user_id, name, kind, subject, address, details) VALUES (?, ?, ?, ?, ?, ?, ?)",
        at.0,
        user,
        name,
        kind,
        subject,
        address,
        details
    )
    .execute(db)
    .await
    .map_err(failed)?;
    Ok(())
}

/// A user as the one who does something.
pub(super) async fn user(
    db: &mut SqliteConnection,
    id: Key,
    address: Option<IpAddr>,
    at: Timestamp,
) -> Result<By, StoreError> {
    let name = sqlx::query_scalar!("SELECT name FROM users WHERE id = ?", id).fetch_optional(db).await;
    let name = name.map_err(failed)?.unwrap_or_default();
    Ok(By { user: Some(UserId(id.0)), name, address, at })
}

#[async_trait]
impl Audit for Sqlite {
    async fn record(&self, entry: &NewAuditEntry) -> Result<(), StoreError> {
        self.write(async |tx| write(tx, entry).await).await
    }

    async fn entries(&self, wanted: &AuditFilter, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let AuditFilter { text, user, kind, before } = wanted;
        let text = text.trim().to_ascii_lowercase();
        // Words that the page shows in place of what is stored.
        let named = AuditKind::ALL.iter().filter(|kind| kind.label().to_ascii_lowercase().contains(&text));
        let named = serde_json::to_string(&named.map(|kind| kind.word()).collect::<Vec<_>>());
        let named = named.map_err(|error| StoreError::Failed(error.into()))?;
        let (user, kind, before) =
            (user.map(|user| Key(user.0)), kind.map(AuditKind::word), before.unwrap_or(i64::MAX));
        let rows = sqlx::query!(
            r#"SELECT number, at, user_id AS "user: Key", name, kind, subject, address, details
               FROM audit
               WHERE number < ?1 AND (?2 IS NULL OR user_id = ?2) AND (?3 IS NULL OR kind = ?3)
                 AND (?4 = '' OR instr(lower(name), ?4) OR instr(lower(subject), ?4) OR instr(lower(details), ?4)
                      OR instr(coalesce(address, ''), ?4) OR kind IN (SELECT value FROM json_each(?5)))
               ORDER BY number DESC LIMIT ?6"#,
            before,
            user,
            kind,
            text,
            named,
            limit
        )
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(failed)?;
        let entries = rows.into_iter().map(|row| AuditEntry {
            number: row.number,
            at: Timestamp(row.at),
            user: row.user.map(|user| UserId(user.0)),
            name: row.name,
            kind: row.kind,
            subject: row.subject,
            address: row.address.and_then(|address| address.parse().ok()),
            details: serde_json::from_str(&row.details).unwrap_or_default(),
        });
        Ok(entries.collect())
    }

    async fn authors(&self) -> Result<Vec<(UserId, String)>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT newest.user_id AS "user!: Key", audit.name
               FROM (SELECT user_id, max(number) AS number FROM audit WHERE user_id IS NOT NULL GROUP BY user_id) newest
               JOIN audit ON audit.number = newest.number
               ORDER BY lower(audit.name), newest.user_id LIMIT ?"#,
            MOST_AUTHORS
        )
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(failed)?;
        Ok(rows.into_iter().map(|row| (UserId(row.user.0), row.name)).collect())
    }

    async fn purge(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.write(async |tx| {
            let gone = sqlx::query!("DELETE FROM audit WHERE at < ?", before.0).execute(tx).await.map_err(failed)?;
            Ok(gone.rows_affected())
        })
        .await
    }
}
