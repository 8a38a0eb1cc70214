//! Providers of models that administrators add.

use super::{
    Sqlite, audit,
    value::{failed, unreadable},
};
use async_trait::async_trait;
use chat::{
    Dialect, Timestamp,
    audit::{AuditKind, By, NewAuditEntry},
    ports::{ProviderRecord, ProviderRecords, StoreError},
};
use sqlx::SqliteConnection;

/// The row names no dialect that this version knows.
#[derive(Debug, thiserror::Error)]
#[error("a provider is spoken to in a way that is not known: {0}")]
struct UnknownDialect(String);

/// Writes down what was done, if it was.
async fn note(
    db: &mut SqliteConnection,
    done: bool,
    by: &By,
    kind: AuditKind,
    provider: &str,
) -> Result<bool, StoreError> {
    if done {
        audit::write(db, &NewAuditEntry::new(by.clone(), kind, provider)).await?;
    }
    Ok(done)
}

#[async_trait]
impl ProviderRecords for Sqlite {
    async fn list(&self) -> Result<Vec<ProviderRecord>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT id, name, dialect, address, model_list, enabled AS "enabled: bool", sealed_keys,
                   keys AS "keys: u32", updated_at, version AS "version: u32"
               FROM model_providers ORDER BY lower(name), id"#
        )
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(failed)?;
        let records = rows.into_iter().map(|row| {
            let dialect = Dialect::parse(&row.dialect).ok_or_else(|| unreadable(UnknownDialect(row.dialect)))?;
            Ok(ProviderRecord {
                id: row.id,
                name: row.name,
                dialect,
                address: row.address,
                model_list: row.model_list,
                enabled: row.enabled,
                sealed_keys: row.sealed_keys,
                keys: row.keys,
                updated_at: Timestamp(row.updated_at),
                version: row.version,
            })
        });
        records.collect()
    }

    async fn add(&self, record: &ProviderRecord, by: &By) -> Result<bool, StoreError> {
        let dialect = record.dialect.word();
        self.write(async |tx| {
            let added = sqlx::query!(
                "INSERT INTO model_providers (id, name, dialect, address, model_list, enabled, sealed_keys, keys,
                     updated_at, version)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                record.id,
                record.name,
                dialect,
                record.address,
                record.model_list,
                record.enabled,
                record.sealed_keys,
                record.keys,
                record.updated_at.0,
                record.version
            )
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
            note(tx, added.rows_affected() == 1, by, AuditKind::ProviderAdded, &record.name).await
        })
        .await
    }

    async fn change(&self, record: &ProviderRecord, by: &By) -> Result<bool, StoreError> {
        let dialect = record.dialect.word();
        self.write(async |tx| {
            let changed = sqlx::query!(
                "UPDATE model_providers
                 SET name = ?, dialect = ?, address = ?, model_list = ?, enabled = ?, sealed_keys = ?, keys = ?,
                     updated_at = ?, version = ?
                 WHERE id = ? AND version + 1 = ?",
                record.name,
                dialect,
                record.address,
                record.model_list,
                record.enabled,
                record.sealed_keys,
                record.keys,
                record.updated_at.0,
                record.version,
                record.id,
                record.version
            )
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
            note(tx, changed.rows_affected() == 1, by, AuditKind::ProviderChanged, &record.name).await
        })
        .await
    }

    async fn remove(&self, id: &str, by: &By) -> Result<bool, StoreError> {
        self.write(async |tx| {
            let removed = sqlx::query_scalar!("DELETE FROM model_providers WHERE id = ? RETURNING name", id)
                .fetch_optional(&mut *tx)
                .await
                .map_err(failed)?;
            note(tx, removed.is_some(), by, AuditKind::ProviderRemoved, &removed.unwrap_or_default()).await
        })
        .await
    }
}
