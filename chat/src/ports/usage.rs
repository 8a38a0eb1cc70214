//! What everybody has used, for administrators.

use super::{DayUsage, StoreError};
use crate::{id::UserId, time::Timestamp};
use async_trait::async_trait;

/// What somebody's turns used on one day by one model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonDay {
    /// Who.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: Option<String>,
    /// What.
    pub usage: DayUsage,
}

/// What everybody has used.
#[async_trait]
pub trait UsageReport: Send + Sync {
    /// What all users used in the days from one moment to another, by day (in UTC), user and model.
    async fn usage_of_all(&self, from: Timestamp, to: Timestamp) -> Result<Vec<PersonDay>, StoreError>;
}
