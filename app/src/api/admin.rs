//! What the pages of administrators show. Only the server renders them, so that these are no server functions; what their
//! forms change goes to plain routes of the server.

use crate::{
    context::{RequestSignIn, administrator, services},
    error::AppError,
};
use chat::{
    ModelInfo, ModelRef, UserId,
    access::Access,
    audit::{AuditEntry, AuditFilter},
    limits::{Limits, Used},
    ports::{PeopleFilter, PeoplePage, Person},
    report::{Period, Report},
};
use leptos::prelude::expect_context;
use std::{collections::BTreeMap, sync::Arc};

/// How many people a page shows.
pub const PEOPLE: u32 = 50;
/// How many entries of the audit log a page shows.
pub const ENTRIES: u32 = 100;

/// Some of those who have an account.
pub async fn people(wanted: &PeopleFilter) -> Result<PeoplePage, AppError> {
    administrator()?;
    let services = services();
    Ok(services.people.people(wanted, PEOPLE, services.clock.now()).await?)
}

/// One of them.
pub async fn person(id: &str) -> Result<Person, AppError> {
    administrator()?;
    let (services, id) = (services(), id.parse::<UserId>().map_err(|_| AppError::NotFound)?);
    services.people.person(id, services.clock.now()).await?.ok_or(AppError::NotFound)
}

/// The groups that anybody is in.
pub async fn groups() -> Result<Vec<String>, AppError> {
    administrator()?;
    Ok(services().people.groups().await?)
}

/// The names of the sign-in providers.
pub fn sign_in_providers() -> Vec<String> {
    let RequestSignIn(sign_in) = expect_context();
    sign_in.providers().into_iter().map(|provider| provider.label).collect()
}

/// Entries of the audit log, the newest first, one more than a page shows if there are more.
pub async fn audit(wanted: &AuditFilter) -> Result<Vec<AuditEntry>, AppError> {
    administrator()?;
    Ok(services().audit.entries(wanted, ENTRIES + 1).await?)
}

/// Everybody who has an entry in the audit log.
pub async fn authors() -> Result<Vec<(UserId, String)>, AppError> {
    administrator()?;
    Ok(services().audit.authors().await?)
}

/// What everybody used in a period.
pub async fn usage(period: Period) -> Result<Report, AppError> {
    administrator()?;
    let services = services();
    let now = services.clock.now();
    let (from, to) = period.ends(now);
    Ok(Report::of(&services.usage.usage_of_all(from, to).await?, period, now))
}

/// All models that are on offer, whoever may use them.
pub async fn all_models() -> Result<Vec<ModelInfo>, AppError> {
    administrator()?;
    Ok(services().models.list().await)
}

/// Who may enter, as the settings of the server say.
pub fn access() -> Result<Arc<Access>, AppError> {
    administrator()?;
    Ok(services().access)
}

/// The models that not everybody may use.
pub async fn model_groups() -> Result<BTreeMap<ModelRef, Vec<String>>, AppError> {
    administrator()?;
    Ok(services().rules.model_groups().await?)
}

/// How much may be used, and what the administrator and all together have used of it.
pub async fn limits() -> Result<(Limits, Used), AppError> {
    let user = administrator()?;
    let services = services();
    let used = services.rules.used(user.id, services.clock.now()).await?;
    Ok((services.rules.limits().await?, used))
}
