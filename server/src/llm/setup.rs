//! From the settings to the providers.

#[cfg(feature = "local-model")]
use super::local::{self, LocalModel};
use super::{
    Provider, ProviderState, client,
    client::client_within,
    fail, failed, failure,
    remote::{Outside, Remote},
    settings::ProviderSettings,
};
use crate::{
    config::{self, Config},
    guard::Reach,
};
use async_trait::async_trait;
use chat::{Failure, FailureKind, ModelInfo, ports::ModelStream, prompt::ChatRequest};
use reqwest::Client;
#[cfg(feature = "local-model")]
use std::path::PathBuf;
use std::sync::Arc;

/// The providers of the environment, and the built-in model. One that can't be used stays among them and tells why.
pub fn providers(config: &Config, outside: Result<&Outside, &String>) -> Vec<Arc<dyn Provider>> {
    let settings = config.models.providers.iter().cloned();
    #[cfg_attr(not(feature = "local-model"), allow(unused_mut))]
    let mut providers: Vec<_> = settings.map(|settings| remote(settings, outside)).collect();
    #[cfg(feature = "local-model")]
    if let Some(path) = model_file(config) {
        providers.push(Arc::new(LocalModel::open(path, local::IDLE, Arc::new(seed))));
    }
    providers
}

/// What all remote providers share.
///
/// # Errors
/// Why none can be asked.
pub fn outside(config: &Config) -> Result<Outside, String> {
    Ok(shared(config, client(config.models.ca_file.as_deref())?))
}

/// What providers that administrators add share: they are asked only where they may be.
///
/// # Errors
/// Why none can be asked.
pub fn outside_of_added(config: &Config) -> Result<Outside, String> {
    let reach = Reach::new(&config.models.networks);
    Ok(shared(config, client_within(reach, config.models.ca_file.as_deref())?))
}

fn shared(config: &Config, client: Client) -> Outside {
    Outside { client, limits: config.models.limits, chance: Arc::new(seed) }
}

/// Where the built-in model's file is: where the settings say, or wherever set-up puts it: under `models` in
/// the data folder, beside the program, or beside the folder of the program (which is cargo's target folder
/// while developing). None when there is none.
#[cfg(feature = "local-model")]
fn model_file(config: &Config) -> Option<PathBuf> {
    match &config.local_model {
        config::LocalModel::Off => None,
        config::LocalModel::File(path) => Some(path.clone()),
        config::LocalModel::IfThere => {
            let program = std::env::current_exe().unwrap_or_default();
            let folders = std::iter::once(&*config.data_dir).chain(program.ancestors().skip(1).take(2));
            let file = format!("models/{}.gguf", local::DEMO_SHA256);
            folders.map(|folder| folder.join(&file)).find(|path| path.is_file())
        }
    }
}

/// A random number. Without any randomness answers are merely the same each time.
fn seed() -> u64 {
    getrandom::u64().unwrap_or(0)
}

/// A remote provider.
pub fn remote(settings: ProviderSettings, outside: Result<&Outside, &String>) -> Arc<dyn Provider> {
    let (id, name) = (settings.id.clone(), settings.name.clone());
    let built = outside
        .map_err(String::clone)
        .and_then(|outside| Remote::new(settings, outside.clone()).map_err(|error| error.to_string()));
    match built {
        Ok(provider) => Arc::new(provider),
        Err(reason) => {
            tracing::error!(provider = name, "the provider can't be used: {reason}");
            Arc::new(Unusable { id, name, failure: fail(FailureKind::Internal, reason) })
        }
    }
}

/// A provider that can't be used as it is set up.
struct Unusable {
    id: String,
    name: String,
    failure: Failure,
}

#[async_trait]
impl Provider for Unusable {
    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }

    async fn models(&self) -> Vec<ModelInfo> {
        Vec::new()
    }

    fn state(&self) -> ProviderState {
        ProviderState::Failed(self.failure.clone())
    }

    fn ask(&self, request: ChatRequest) -> ModelStream {
        failed(failure::no_such_model(&request.model))
    }
}

#[cfg(test)]
mod tests;
