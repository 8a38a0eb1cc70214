//! From the settings to the providers.

#[cfg(feature = "local-model")]
use super::local::{self, LocalModel};
use super::{
    Provider, ProviderState, client, fail, failed, failure,
    model_list::ModelList,
    openai::{Limits, OpenAi, Settings},
};
use crate::config::{self, Config};
use async_trait::async_trait;
use chat::{Failure, FailureKind, ModelInfo, ports::ModelStream, prompt::ChatRequest};
#[cfg(feature = "local-model")]
use std::path::PathBuf;
use std::sync::Arc;

/// The providers that are set up. One that can't be used stays among them and tells why.
pub fn providers(config: &Config) -> Vec<Arc<dyn Provider>> {
    let mut providers: Vec<Arc<dyn Provider>> = Vec::new();
    if let Some(openai) = &config.openai {
        providers.push(remote(openai));
    }
    #[cfg(feature = "local-model")]
    if let Some(path) = model_file(config) {
        providers.push(Arc::new(LocalModel::open(path, local::IDLE, Arc::new(seed))));
    }
    providers
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

/// A seed for one answer. Without any randomness answers are merely the same each time.
#[cfg(feature = "local-model")]
fn seed() -> u64 {
    getrandom::u64().unwrap_or(0)
}

fn remote(settings: &config::OpenAi) -> Arc<dyn Provider> {
    // Another address is another provider that speaks the same language.
    let name = match settings.base.host_str() {
        Some("api.openai.com") | None => "OpenAI".to_owned(),
        Some(host) => host.to_owned(),
    };
    match build(settings, name.clone()) {
        Ok(provider) => Arc::new(provider),
        Err(reason) => {
            tracing::error!(provider = name, "the provider can't be used: {reason}");
            Arc::new(Unusable { id: "openai", name, failure: fail(FailureKind::Internal, reason) })
        }
    }
}

fn build(settings: &config::OpenAi, name: String) -> Result<OpenAi, String> {
    let models =
        ModelList::parse(&settings.model_list).map_err(|faults| format!("OPENAI_MODEL_LIST: {}", faults.join(" ")))?;
    let client = client().map_err(|_| "The certificates of this system can't be read. Install ca-certificates.")?;
    let settings = Settings {
        id: "openai".into(),
        name,
        prefix: "OPENAI".into(),
        base: settings.base.clone(),
        key: settings.key.clone(),
        models,
        limits: Limits::default(),
    };
    OpenAi::new(settings, client).map_err(|error| error.to_string())
}

/// A provider that can't be used as it is set up.
struct Unusable {
    id: &'static str,
    name: String,
    failure: Failure,
}

#[async_trait]
impl Provider for Unusable {
    fn id(&self) -> &str {
        self.id
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
