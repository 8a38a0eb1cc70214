//! Finding what was said.

use super::StoreError;
use crate::{
    id::UserId,
    search::{Hit, Query},
};
use async_trait::async_trait;

/// Finding what was said.
#[async_trait]
pub trait Search: Send + Sync {
    /// The user's conversations that have every term of the query in their title, then those that have every one in a
    /// message, at most `limit` together, each once. The best match comes first, the newest first among equals. Neither
    /// what is deleted nor what is still being written is found.
    async fn search(&self, owner: UserId, query: &Query, limit: u32) -> Result<Vec<Hit>, StoreError>;
}
