//! The audit log.

use super::StoreError;
use crate::{
    audit::{AuditEntry, AuditFilter, NewAuditEntry},
    id::UserId,
    time::Timestamp,
};
use async_trait::async_trait;

/// The audit log. What a port changes itself it writes down itself, in the same transaction: sessions that begin, login
/// links, roles, people, providers, rules. Everything else is recorded by whoever does it, afterwards.
#[async_trait]
pub trait Audit: Send + Sync {
    /// Writes something down.
    async fn record(&self, entry: &NewAuditEntry) -> Result<(), StoreError>;

    /// The newest entries that are wanted, the newest first, at most `limit`.
    async fn entries(&self, wanted: &AuditFilter, limit: u32) -> Result<Vec<AuditEntry>, StoreError>;

    /// Everybody who has an entry, with the name of their newest one, by name; at most a thousand.
    async fn authors(&self) -> Result<Vec<(UserId, String)>, StoreError>;

    /// Forgets entries from before `before`, and tells how many.
    async fn purge(&self, before: Timestamp) -> Result<u64, StoreError>;
}
