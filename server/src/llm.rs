//! Models: the providers behind the port [`Models`], and the model that is built in.

pub mod added;
mod alternating;
mod answer;
mod anthropic;
mod client;
mod decoder;
mod dialect;
mod failure;
mod frame;
mod gemini;
mod known;
mod listing;
#[cfg(feature = "local-model")]
pub mod local;
pub mod model_list;
mod ollama;
mod openai;
pub mod remote;
mod responses;
mod retry;
mod routes;
pub mod settings;
mod setup;
mod site;
mod sse;
mod told;

pub use client::{CONNECT_TIMEOUT, client};
pub use settings::{Limits, ProviderSettings};

use crate::config::Config;
use async_trait::async_trait;
use chat::{
    Failure, FailureKind, ModelInfo,
    ports::{ModelStream, Models},
    prompt::ChatRequest,
};
use futures::{StreamExt, future::join_all, stream};
use remote::Outside;
use std::sync::{Arc, Mutex, PoisonError};

/// One provider of models.
#[async_trait]
pub trait Provider: Send + Sync {
    /// What stands before the slash of a [`chat::ModelRef`].
    fn id(&self) -> &str;

    /// Its name to show.
    fn name(&self) -> &str;

    /// Its models, the best known ones first; none while it can't be reached. Never takes much longer than
    /// two seconds.
    async fn models(&self) -> Vec<ModelInfo>;

    /// How it stands, by what was last seen of it. Asks nobody.
    fn state(&self) -> ProviderState;

    /// Asks one of its models. Every fault is an item of the stream, after which nothing follows.
    fn ask(&self, request: ChatRequest) -> ModelStream;
}

/// How a provider stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProviderState {
    /// It has not answered yet.
    Unknown,
    /// It offers models: how many.
    Ready(usize),
    /// It offers none, or only those that are named in the settings. Tells why and what to do.
    Failed(Failure),
    /// It would be there if it answered where one like it usually does. Nobody has asked for it.
    Absent,
}

/// A provider and how it stands, for those who run the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderStatus {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How it stands.
    pub state: ProviderState,
    /// An administrator has added it; the others are in the environment.
    pub added: bool,
}

/// The models of all providers, in the order of the providers; the demo model comes last.
pub struct Catalog {
    fixed: Vec<Arc<dyn Provider>>,
    added: Mutex<Vec<Added>>,
    /// What providers that are added share with the others, or why there can be none.
    outside: Result<Outside, String>,
}

/// A provider that an administrator has added.
#[derive(Clone)]
struct Added {
    settings: ProviderSettings,
    provider: Arc<dyn Provider>,
}

impl Catalog {
    /// The models of the providers that are set up. When an async runtime is at hand, they are asked for
    /// their lists in the background at once.
    pub fn new(config: &Config) -> Self {
        let fixed = setup::providers(config, setup::outside(config).as_ref());
        let outside = setup::outside_of_added(config);
        fixed.iter().for_each(look_ahead);
        Self { fixed, added: Mutex::default(), outside }
    }

    /// The models of these providers. Of two with the same id the first is asked.
    pub fn of(providers: Vec<Arc<dyn Provider>>) -> Self {
        let outside = Err("There is no client for providers that are added.".to_owned());
        Self { fixed: providers, added: Mutex::default(), outside }
    }

    /// Replaces the providers that administrators have added. One that stays as it was keeps what is known of it;
    /// one whose id the environment has is left out. Answers that are on their way are not disturbed.
    pub fn set_added(&self, settings: Vec<ProviderSettings>) {
        let before = self.added().clone();
        let is_fixed = |id: &str| self.fixed.iter().any(|provider| provider.id() == id);
        let mut added: Vec<Added> = Vec::new();
        for settings in settings.into_iter().filter(|settings| !is_fixed(&settings.id)) {
            let same = before.iter().find(|other| other.settings == settings).cloned();
            added.push(same.unwrap_or_else(|| {
                let provider = setup::remote(settings.clone(), self.outside.as_ref());
                look_ahead(&provider);
                Added { settings, provider }
            }));
        }
        *self.added() = added;
    }

    fn added(&self) -> std::sync::MutexGuard<'_, Vec<Added>> {
        self.added.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All providers: those of the environment, then those that were added.
    fn providers(&self) -> Vec<Arc<dyn Provider>> {
        let added = self.added().iter().map(|added| added.provider.clone()).collect::<Vec<_>>();
        self.fixed.iter().cloned().chain(added).collect()
    }

    /// How each provider stands, by what was last seen of it; [`Models::list`] looks again. One that is merely not
    /// there, as nobody has asked for it, is left out.
    pub fn status(&self) -> Vec<ProviderStatus> {
        let status = |(place, provider): (usize, Arc<dyn Provider>)| ProviderStatus {
            id: provider.id().to_owned(),
            name: provider.name().to_owned(),
            state: provider.state(),
            added: place >= self.fixed.len(),
        };
        let all = self.providers().into_iter().enumerate().map(status);
        all.filter(|status| status.state != ProviderState::Absent).collect()
    }
}

/// Asks a provider for its list in the background, when an async runtime is at hand.
fn look_ahead(provider: &Arc<dyn Provider>) {
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        let provider = provider.clone();
        runtime.spawn(async move { provider.models().await });
    }
}

#[async_trait]
impl Models for Catalog {
    async fn list(&self) -> Vec<ModelInfo> {
        let providers = self.providers();
        let lists = join_all(providers.iter().map(|provider| provider.models())).await;
        let (demo, mut list): (Vec<_>, Vec<_>) = lists.into_iter().flatten().partition(|model| model.demo);
        list.extend(demo);
        list
    }

    fn ask(&self, request: ChatRequest) -> ModelStream {
        match self.providers().iter().find(|provider| provider.id() == request.model.provider) {
            Some(provider) => provider.ask(request),
            None => failed(failure::no_such_model(&request.model)),
        }
    }
}

/// An answer that is nothing but a failure.
fn failed(failure: Failure) -> ModelStream {
    stream::once(async { Err(failure) }).boxed()
}

/// A failure with a sentence.
fn fail(kind: FailureKind, message: impl Into<String>) -> Failure {
    Failure { kind, message: message.into() }
}

#[cfg(test)]
#[path = "../tests/support/scripted_llm.rs"]
mod scripted_llm;
#[cfg(test)]
mod tests;
#[cfg(test)]
#[allow(dead_code, reason = "what only the integration tests use")]
#[path = "../tests/support/tls.rs"]
mod tls;
