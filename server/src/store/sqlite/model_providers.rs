//! Providers of models that administrators add.

use super::{
    Sqlite,
    value::{failed, unreadable},
};
use async_trait::async_trait;
use chat::{
    Dialect, Timestamp,
    ports::{ProviderRecord, ProviderRecords, StoreError},
};

/// The row names no dialect that this version knows.
#[derive(Debug, thiserror::Error)]
#[error("a provider is spoken to in a way that is not known: {0}")]
struct UnknownDialect(String);

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

    async fn add(&self, record: &ProviderRecord) -> Result<bool, StoreError> {
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
            .execute(tx)
            .await
            .map_err(failed)?;
            Ok(added.rows_affected() == 1)
        })
        .await
    }

    async fn change(&self, record: &ProviderRecord) -> Result<bool, StoreError> {
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
            .execute(tx)
            .await
            .map_err(failed)?;
            Ok(changed.rows_affected() == 1)
        })
        .await
    }

    async fn remove(&self, id: &str) -> Result<bool, StoreError> {
        self.write(async |tx| {
            let removed =
                sqlx::query!("DELETE FROM model_providers WHERE id = ?", id).execute(tx).await.map_err(failed)?;
            Ok(removed.rows_affected() == 1)
        })
        .await
    }
}
