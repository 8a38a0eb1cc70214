//! Providers of models that administrators add, beside those of the settings.

use super::StoreError;
use crate::{
    audit::By,
    id::UserId,
    model::Dialect,
    time::Timestamp,
    turn::{Failure, FailureKind},
};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An added provider, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderRecord {
    /// What stands before the slash of its models: lower-case letters, digits and `-`. It never changes.
    pub id: String,
    /// The name to show.
    pub name: String,
    /// How it is spoken to.
    pub dialect: Dialect,
    /// Its base address.
    pub address: String,
    /// Which models, in LobeChat's grammar; all that it lists when empty.
    pub model_list: String,
    /// Its models are on offer.
    pub enabled: bool,
    /// Its keys, sealed; opaque to whoever keeps them. Empty without a key.
    pub sealed_keys: String,
    /// How many keys those are.
    pub keys: u32,
    /// When it was changed last.
    pub updated_at: Timestamp,
    /// Counts its changes, so that nobody overwrites one that they have not seen.
    pub version: u32,
}

/// Where added providers are kept. What is changed is written into the audit log in the same transaction.
#[async_trait]
pub trait ProviderRecords: Send + Sync {
    /// All of them, by name.
    async fn list(&self) -> Result<Vec<ProviderRecord>, StoreError>;

    /// Keeps a new one. `false` when its id is taken.
    async fn add(&self, record: &ProviderRecord, by: &By) -> Result<bool, StoreError>;

    /// Puts a record in the place of the one with its id and the version before its own. `false` when there is none:
    /// it was changed or removed meanwhile.
    async fn change(&self, record: &ProviderRecord, by: &By) -> Result<bool, StoreError>;

    /// Forgets one, with its keys. `false` when there is none.
    async fn remove(&self, id: &str, by: &By) -> Result<bool, StoreError>;
}

/// A key as somebody typed it. Its `Debug` prints nothing of it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct TypedKey(pub String);

impl fmt::Debug for TypedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypedKey(…)")
    }
}

/// What becomes of the keys that are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeptKeys {
    /// They stay, until a key is typed in their place.
    #[default]
    Keep,
    /// They stay, beside one that is typed; requests take turns.
    Beside,
    /// They are forgotten.
    Forget,
}

/// A provider as it comes from the form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProviderDraft {
    /// Which one; a new one when none, as with everything that follows.
    pub id: Option<String>,
    /// The version that the form showed.
    pub version: u32,
    /// The fields but for the keys.
    pub fields: ProviderFields,
    /// The key; empty for none.
    pub key: TypedKey,
    /// What becomes of those that are kept.
    pub kept: KeptKeys,
}

/// The fields of the form that may be shown again.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ProviderFields {
    /// The name.
    pub name: String,
    /// The word of the [`Dialect`].
    pub dialect: String,
    /// The base address.
    pub address: String,
    /// Which models.
    pub model_list: String,
    /// Its models are on offer.
    pub enabled: bool,
}

/// An added provider, for its form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedProvider {
    /// Which one.
    pub id: String,
    /// The version that the form shows.
    pub version: u32,
    /// Its fields.
    pub fields: ProviderFields,
    /// How many keys are kept.
    pub keys: u32,
    /// The kept keys can't be opened (any more).
    pub keys_lost: bool,
}

/// A provider was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedProvider {
    /// Its id.
    pub id: String,
    /// Its keys were forgotten, since they belong to the address that it had.
    pub keys_forgotten: bool,
}

/// A provider could not be saved. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum SaveProviderError {
    /// A field can't be used: its name, and what to do.
    #[error("{problem}")]
    Invalid {
        /// The name of the field.
        field: &'static str,
        /// What is wrong and what to do.
        problem: String,
    },
    /// It was removed meanwhile.
    #[error("there is no such provider")]
    NotFound,
    /// It was changed meanwhile.
    #[error("somebody else has changed this provider")]
    Changed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A form that was not saved, to be shown again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedForm {
    /// The provider that it was for; a new one when none.
    pub id: Option<String>,
    /// What was typed.
    pub fields: ProviderFields,
    /// The field that can't be used; empty when it is none of them.
    pub field: String,
    /// What is wrong and what to do.
    pub problem: String,
}

/// Who has set a provider up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProviderOrigin {
    /// The operator, by variables of the environment; how they begin, as far as they do.
    Environment(Option<String>),
    /// An administrator, in the settings.
    Administrator {
        /// How many keys are kept.
        keys: u32,
    },
}

/// How a provider stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProviderHealth {
    /// It has not answered yet.
    Unknown,
    /// It offers models: how many.
    Ready(usize),
    /// It offers none, or only those that are named: why, and what to do.
    Failed(Failure),
    /// It is switched off.
    Off,
}

/// A provider as the settings list it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderOverview {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Scheme, host and port of its address; none when it has none, or for who need not know.
    pub address: Option<String>,
    /// How it is spoken to; none when it runs in this process.
    pub dialect: Option<Dialect>,
    /// Who has set it up.
    pub origin: ProviderOrigin,
    /// How it stands.
    pub health: ProviderHealth,
}

impl ProviderOverview {
    /// What everybody may know of it: not where it is, nor how it is set up.
    pub fn for_members(self) -> Self {
        let health = match self.health {
            ProviderHealth::Failed(Failure { kind, .. }) => {
                ProviderHealth::Failed(Failure { kind, message: told_to_members(kind).to_owned() })
            }
            other => other,
        };
        Self { address: None, dialect: None, origin: ProviderOrigin::Environment(None), health, ..self }
    }
}

fn told_to_members(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::Unauthorized => "It refuses the key. Your administrator can change that.",
        FailureKind::RateLimited => "It takes no more requests for now.",
        FailureKind::Unreachable | FailureKind::TimedOut => "It can’t be reached at the moment.",
        _ => "It does not answer as it should. Your administrator sees more here.",
    }
}

/// The providers of this server, for its settings. Who may call what is decided before.
#[async_trait]
pub trait Providers: Send + Sync {
    /// All of them, those of the environment first. Asks providers that have not been asked, for two seconds at most.
    async fn overview(&self) -> Result<Vec<ProviderOverview>, StoreError>;

    /// An added one.
    async fn find(&self, id: &str) -> Result<Option<AddedProvider>, StoreError>;

    /// Adds one or changes it; its models are on offer at once.
    async fn save(&self, draft: ProviderDraft, by: &By) -> Result<SavedProvider, SaveProviderError>;

    /// Removes an added one. `false` when there is none.
    async fn remove(&self, id: &str, by: &By) -> Result<bool, StoreError>;

    /// Remembers, until the next one, a form of a user that was not saved.
    fn remember(&self, user: UserId, form: RefusedForm);

    /// The form that was remembered last.
    fn remembered(&self, user: UserId) -> Option<RefusedForm>;
}
