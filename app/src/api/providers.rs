//! Providers of models: what there is for everybody, adding and changing them for administrators.

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::{administrator, by, respond, see_other_for_forms, services, signed_in},
    pages::escape,
};
use chat::ports::{AddedProvider, KeptKeys, ProviderOverview, RefusedForm, SavedProvider};
#[cfg(feature = "ssr")]
use chat::ports::{ProviderDraft, ProviderFields, TypedKey};
use leptos::server;

/// The page of the providers.
#[cfg(feature = "ssr")]
const MODELS: &str = "/settings/models";

/// The providers and how they stand. Where they are is for administrators only.
#[server(prefix = "/api", endpoint = "providers/list")]
pub async fn list_providers() -> Result<Vec<ProviderOverview>, AppError> {
    let user = respond(signed_in())?;
    let all = respond(services().providers.overview().await)?;
    Ok(if user.role.administers() { all } else { all.into_iter().map(ProviderOverview::for_members).collect() })
}

/// A provider that an administrator added, for its form.
#[server(prefix = "/api", endpoint = "providers/find")]
pub async fn find_provider(id: String) -> Result<AddedProvider, AppError> {
    respond(administrator())?;
    let found = respond(services().providers.find(&id).await)?;
    respond(found.ok_or(AppError::NotFound))
}

/// The form that the administrator sent last and that was not saved, if it was for this provider; for a new one when
/// the id is empty.
#[server(prefix = "/api", endpoint = "providers/refused")]
pub async fn refused_provider(#[server(default)] id: String) -> Result<Option<RefusedForm>, AppError> {
    let user = respond(administrator())?;
    Ok(services().providers.remembered(user.id).filter(|form| form.id.as_deref().unwrap_or_default() == id))
}

/// Adds a provider, or changes the one with this id. As a plain form it leads to the page of the providers, or back to
/// the form, which then tells what is wrong and has everything in it but the key.
#[server(prefix = "/api", endpoint = "providers/save")]
pub async fn save_provider(
    #[server(default)] id: String,
    #[server(default)] version: u32,
    name: String,
    dialect: String,
    address: String,
    #[server(default)] models: String,
    #[server(default)] key: String,
    #[server(default)] kept: KeptKeys,
    #[server(default)] enabled: bool,
) -> Result<SavedProvider, AppError> {
    let user = respond(administrator())?;
    let fields = ProviderFields { name, dialect, address, model_list: models, enabled };
    let id = Some(id).filter(|id| !id.is_empty());
    let draft = ProviderDraft { id: id.clone(), version, fields: fields.clone(), key: TypedKey(key), kept };
    let result = respond(services().providers.save(draft, &by(&user)).await);
    if let Err(error) = &result {
        services().providers.remember(user.id, refused(error, id, fields));
    }
    lead_on(&result, services().providers.remembered(user.id));
    result
}

/// Removes a provider with its keys. As a plain form it leads to the page of the providers.
#[server(prefix = "/api", endpoint = "providers/remove")]
pub async fn remove_provider(id: String) -> Result<(), AppError> {
    let user = respond(administrator())?;
    let found = respond(services().providers.remove(&id, &by(&user)).await)?;
    see_other_for_forms(&[MODELS, "?removed=1"].concat());
    respond(found.then_some(()).ok_or(AppError::NotFound))
}

/// What is shown again of a form that was not saved.
#[cfg(feature = "ssr")]
fn refused(error: &AppError, id: Option<String>, fields: ProviderFields) -> RefusedForm {
    let field = match error {
        AppError::Invalid { field, .. } => field.clone(),
        _ => String::new(),
    };
    RefusedForm { id, fields, field, problem: error.to_string() }
}

/// Where a plain form goes on.
#[cfg(feature = "ssr")]
fn lead_on(result: &Result<SavedProvider, AppError>, refused: Option<RefusedForm>) {
    let id = refused.and_then(|form| form.id);
    match result {
        Ok(SavedProvider { id, keys_forgotten }) => {
            let forgotten = if *keys_forgotten { "&forgotten=1" } else { "" };
            see_other_for_forms(&[MODELS, "?saved=", &escape(id), forgotten].concat());
        }
        Err(AppError::NotFound) => see_other_for_forms(&[MODELS, "?gone=1"].concat()),
        Err(_) => {
            let form = id.as_deref().map_or_else(|| "new".to_owned(), escape);
            see_other_for_forms(&[MODELS, "/", &form, "?refused=1"].concat());
        }
    }
}
