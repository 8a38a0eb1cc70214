//! Who may use which model, and how much.

use super::StoreError;
use crate::{
    audit::By,
    id::UserId,
    limits::{Limits, Used},
    model::ModelRef,
    time::Timestamp,
};
use async_trait::async_trait;
use std::collections::{BTreeMap, HashSet};

/// Who may use which model, and how much. What is changed is written into the audit log in the same transaction.
#[async_trait]
pub trait Rules: Send + Sync {
    /// The models that not everybody may use, with the groups that may.
    async fn model_groups(&self) -> Result<BTreeMap<ModelRef, Vec<String>>, StoreError>;

    /// Says which groups may use a model; everybody when there are none.
    async fn set_model_groups(&self, model: &ModelRef, groups: &[String], by: &By) -> Result<(), StoreError>;

    /// The models that a user may not use. Who administers may use all.
    async fn refused_models(&self, user: UserId) -> Result<HashSet<ModelRef>, StoreError>;

    /// How much may be used.
    async fn limits(&self) -> Result<Limits, StoreError>;

    /// Says how much may be used.
    async fn set_limits(&self, limits: Limits, by: &By) -> Result<(), StoreError>;

    /// What counts against the limits at a moment, for a user.
    async fn used(&self, user: UserId, now: Timestamp) -> Result<Used, StoreError>;
}
