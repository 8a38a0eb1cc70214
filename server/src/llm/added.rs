//! Providers that administrators add: kept as records, their keys sealed, their models offered by the [`Catalog`].

mod fields;
mod forms;
mod keys;
mod overview;

pub use keys::KeyBox;

use super::{Catalog, settings::ProviderSettings};
use crate::guard::Reach;
use async_trait::async_trait;
use chat::{
    Failure, FailureKind, UserId,
    audit::By,
    ports::{
        AddedProvider, Clock, Models, ProviderDraft, ProviderFields, ProviderOverview, ProviderRecord, ProviderRecords,
        Providers, RefusedForm, SaveProviderError, SavedProvider, StoreError,
    },
};
use fields::Checked;
use forms::Forms;
use std::sync::Arc;
use tokio::sync::Mutex;

/// What providers that are added need of the world.
pub struct Parts {
    /// Where they are kept.
    pub records: Arc<dyn ProviderRecords>,
    /// What offers their models.
    pub catalog: Arc<Catalog>,
    /// What seals their keys.
    pub keys: KeyBox,
    /// Where they may be.
    pub reach: Reach,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The providers of the environment.
    pub environment: Vec<ProviderSettings>,
}

/// The providers that administrators add.
pub struct AddedProviders {
    parts: Parts,
    forms: Forms,
    /// Held while records are read and offered, so that an older list never comes after a newer one.
    offering: Mutex<()>,
}

impl AddedProviders {
    /// Offers nothing before [`AddedProviders::offer`].
    pub fn new(parts: Parts) -> Self {
        Self { parts, forms: Forms::default(), offering: Mutex::default() }
    }

    /// Has the catalog offer what is kept.
    pub async fn offer(&self) -> Result<(), StoreError> {
        let _one_at_a_time = self.offering.lock().await;
        let records = self.parts.records.list().await?;
        let usable = records.iter().filter(|record| record.enabled).filter_map(|record| self.prepare(record).ok());
        self.parts.catalog.set_added(usable.collect());
        Ok(())
    }

    /// What a record stands for, or why it can't be used as it is. Never without its keys when it has some: nobody asks
    /// a provider in another name than was meant.
    fn prepare(&self, record: &ProviderRecord) -> Result<ProviderSettings, Failure> {
        let cannot = |kind, message: String| Failure { kind, message };
        let base = self.parts.reach.read(&record.address);
        let base = base.map_err(|error| cannot(FailureKind::Unreachable, error.to_string()))?;
        let keys = self.parts.keys.open(&record.id, &base, &record.sealed_keys).ok_or_else(|| {
            let text = "The key can’t be read: AUTH_SECRET has changed, or the address has. Type it again.";
            cannot(FailureKind::Unauthorized, text.to_owned())
        })?;
        let ProviderRecord { id, name, dialect, model_list, .. } = record;
        let settings = ProviderSettings::added(id, name, *dialect, base.as_str(), keys, model_list);
        settings.map_err(|error| cannot(FailureKind::Internal, error.to_string()))
    }

    /// An id that nobody has, now or when the operator sets up what is known.
    fn new_id(&self, name: &str, known: &[ProviderRecord]) -> String {
        let word = fields::slug(name);
        let free = |id: &String| {
            known.iter().all(|record| record.id != *id)
                && self.parts.environment.iter().all(|provider| provider.id != *id)
                && !fields::is_reserved(id)
        };
        let numbered = (2..).map(|number: u32| format!("{word}-{number}"));
        std::iter::once(word.clone()).chain(numbered).find(free).unwrap_or(word)
    }
}

#[async_trait]
impl Providers for AddedProviders {
    async fn overview(&self) -> Result<Vec<ProviderOverview>, StoreError> {
        let records = self.parts.records.list().await?;
        // Those that have not been asked are, for a moment.
        self.parts.catalog.list().await;
        Ok(self.overview_of(&records))
    }

    async fn find(&self, id: &str) -> Result<Option<AddedProvider>, StoreError> {
        let records = self.parts.records.list().await?;
        Ok(records.into_iter().find(|record| record.id == id).map(|record| AddedProvider {
            keys_lost: self.parts.keys.open_record(&record).is_none(),
            id: record.id,
            version: record.version,
            fields: ProviderFields {
                name: record.name,
                dialect: record.dialect.word().to_owned(),
                address: record.address,
                model_list: record.model_list,
                enabled: record.enabled,
            },
            keys: record.keys,
        }))
    }

    async fn save(&self, draft: ProviderDraft, by: &By) -> Result<SavedProvider, SaveProviderError> {
        let known = self.parts.records.list().await?;
        let find = |id: &String| known.iter().find(|record| record.id == *id).ok_or(SaveProviderError::NotFound);
        let before = draft.id.as_ref().map(find).transpose()?;
        if before.is_some_and(|record| record.version != draft.version) {
            return Err(SaveProviderError::Changed);
        }
        let Checked { name, dialect, base, model_list } = Checked::of(&draft.fields, &self.parts.reach).await?;
        let id = before.map_or_else(|| self.new_id(&name, &known), |record| record.id.clone());
        let after = self.parts.keys.after(&id, before, &draft, &base)?;
        let record = ProviderRecord {
            id: id.clone(),
            name,
            dialect,
            address: base.into(),
            model_list,
            enabled: draft.fields.enabled,
            sealed_keys: after.sealed,
            keys: after.count,
            updated_at: self.parts.clock.now(),
            version: draft.version + 1,
        };
        let records = &self.parts.records;
        let saved =
            if before.is_some() { records.change(&record, by).await? } else { records.add(&record, by).await? };
        if !saved {
            return Err(SaveProviderError::Changed);
        }
        self.offer().await?;
        tracing::info!(provider = id, "a provider of models was saved");
        Ok(SavedProvider { id, keys_forgotten: after.forgotten })
    }

    async fn remove(&self, id: &str, by: &By) -> Result<bool, StoreError> {
        let removed = self.parts.records.remove(id, by).await?;
        self.offer().await?;
        Ok(removed)
    }

    fn remember(&self, user: UserId, form: RefusedForm) {
        self.forms.remember(user, form);
    }

    fn remembered(&self, user: UserId) -> Option<RefusedForm> {
        self.forms.remembered(user)
    }
}

#[cfg(test)]
mod tests;
