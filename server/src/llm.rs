//! Models: the providers behind the port [`Models`], and the model that is built in.

mod client;
mod failure;
mod known;
#[cfg(feature = "local-model")]
pub mod local;
pub mod model_list;
pub mod openai;
mod setup;
mod sse;

pub use client::{CONNECT_TIMEOUT, client};

use crate::config::Config;
use async_trait::async_trait;
use chat::{
    Failure, FailureKind, ModelInfo,
    ports::{ModelStream, Models},
    prompt::ChatRequest,
};
use futures::{StreamExt, future::join_all, stream};
use std::sync::Arc;

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
}

/// The models of all providers, in the order of the providers; the demo model comes last.
pub struct Catalog {
    providers: Vec<Arc<dyn Provider>>,
}

impl Catalog {
    /// The models of the providers that are set up. When an async runtime is at hand, they are asked for
    /// their lists in the background at once.
    pub fn new(config: &Config) -> Self {
        let catalog = Self::of(setup::providers(config));
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            for provider in catalog.providers.clone() {
                runtime.spawn(async move { provider.models().await });
            }
        }
        catalog
    }

    /// The models of these providers. Of two with the same id the first is asked.
    pub fn of(providers: Vec<Arc<dyn Provider>>) -> Self {
        Self { providers }
    }

    /// How each provider stands, by what was last seen of it; [`Models::list`] looks again.
    pub fn status(&self) -> Vec<ProviderStatus> {
        let status = |provider: &Arc<dyn Provider>| ProviderStatus {
            id: provider.id().to_owned(),
            name: provider.name().to_owned(),
            state: provider.state(),
        };
        self.providers.iter().map(status).collect()
    }
}

#[async_trait]
impl Models for Catalog {
    async fn list(&self) -> Vec<ModelInfo> {
        let lists = join_all(self.providers.iter().map(|provider| provider.models())).await;
        let (demo, mut list): (Vec<_>, Vec<_>) = lists.into_iter().flatten().partition(|model| model.demo);
        list.extend(demo);
        list
    }

    fn ask(&self, request: ChatRequest) -> ModelStream {
        match self.providers.iter().find(|provider| provider.id() == request.model.provider) {
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
