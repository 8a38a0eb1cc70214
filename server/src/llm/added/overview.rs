//! All providers, as the settings list them.

use super::AddedProviders;
use crate::llm::{
    ProviderState, ProviderStatus,
    settings::{Origin, ProviderSettings},
};
use chat::{
    Failure, FailureKind,
    ports::{ProviderHealth, ProviderOrigin, ProviderOverview, ProviderRecord},
};
use url::Url;

impl AddedProviders {
    pub(super) fn overview_of(&self, records: &[ProviderRecord]) -> Vec<ProviderOverview> {
        let (added, fixed): (Vec<_>, Vec<_>) = self.parts.catalog.status().into_iter().partition(|status| status.added);
        let of_records = records.iter().map(|record| {
            let shadowed = fixed.iter().any(|status| status.id == record.id);
            self.of_record(record, shadowed, added.iter().find(|status| status.id == record.id))
        });
        fixed.iter().map(|status| self.of_environment(status)).chain(of_records).collect()
    }

    fn of_environment(&self, status: &ProviderStatus) -> ProviderOverview {
        let settings = self.parts.environment.iter().find(|settings| settings.id == status.id);
        let prefix = settings.and_then(|settings| match &settings.origin {
            Origin::Environment(prefix) => Some(prefix.clone()),
            Origin::Administrator => None,
        });
        ProviderOverview {
            id: status.id.clone(),
            name: status.name.clone(),
            address: settings.and_then(first_address),
            dialect: settings.map(|settings| settings.dialect),
            origin: ProviderOrigin::Environment(prefix),
            health: health(&status.state),
        }
    }

    fn of_record(&self, record: &ProviderRecord, shadowed: bool, status: Option<&ProviderStatus>) -> ProviderOverview {
        let failed = |kind, message: &str| ProviderHealth::Failed(Failure { kind, message: message.to_owned() });
        let health = match (record.enabled, self.prepare(record)) {
            (false, _) => ProviderHealth::Off,
            (true, Err(failure)) => ProviderHealth::Failed(failure),
            (true, Ok(_)) if shadowed => failed(
                FailureKind::Internal,
                "The environment sets up a provider with the same id, which is asked in its place. Add this one anew.",
            ),
            (true, Ok(_)) => status.map_or(ProviderHealth::Unknown, |status| health(&status.state)),
        };
        ProviderOverview {
            id: record.id.clone(),
            name: record.name.clone(),
            address: Url::parse(&record.address).ok().map(|base| base.origin().ascii_serialization()),
            dialect: Some(record.dialect),
            origin: ProviderOrigin::Administrator { keys: record.keys },
            health,
        }
    }
}

fn first_address(settings: &ProviderSettings) -> Option<String> {
    settings.endpoints.first().map(|endpoint| endpoint.base.origin().ascii_serialization())
}

fn health(state: &ProviderState) -> ProviderHealth {
    match state {
        ProviderState::Unknown | ProviderState::Absent => ProviderHealth::Unknown,
        ProviderState::Ready(count) => ProviderHealth::Ready(*count),
        ProviderState::Failed(failure) => ProviderHealth::Failed(failure.clone()),
    }
}
