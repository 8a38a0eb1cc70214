//! A provider that is asked over HTTP, in whatever dialect it speaks.

use super::{
    Provider, ProviderState, answer,
    dialect::{self, Call, Dialect, Target, Traits},
    failed, known,
    listing::{self, Models},
    model_list::ModelEntry,
    routes::{Route, Routes},
    settings::{BadSettings, Limits, ProviderSettings},
    site::Site,
};
use async_trait::async_trait;
use chat::{ModelInfo, ModelRef, ports::ModelStream, prompt::ChatRequest};
use futures::{StreamExt, stream};
use reqwest::{Client, RequestBuilder, header::CONTENT_TYPE};
use std::sync::Arc;

/// Where random numbers come from.
pub type Chance = Arc<dyn Fn() -> u64 + Send + Sync>;

/// What all remote providers share.
#[derive(Clone)]
pub struct Outside {
    /// The client by which they are asked.
    pub client: Client,
    /// How long an answer may take and be.
    pub limits: Limits,
    /// Spreads repeated requests in time.
    pub chance: Chance,
}

/// A provider that is asked over HTTP.
pub struct Remote {
    pub(super) shared: Arc<Shared>,
}

/// What requests need of a provider.
pub struct Shared {
    pub(super) id: String,
    pub(super) site: Site,
    pub(super) dialect: Box<dyn Dialect>,
    pub(super) routes: Routes,
    pub(super) client: Client,
    pub(super) limits: Limits,
    pub(super) chance: Chance,
    pub(super) models: Models,
    pub(super) if_it_answers: bool,
}

impl Remote {
    /// A provider. Asks nothing yet.
    ///
    /// # Errors
    /// When requests could not be made with these settings.
    pub fn new(settings: ProviderSettings, outside: Outside) -> Result<Self, BadSettings> {
        let ProviderSettings { id, name, dialect, endpoints, models, origin, if_it_answers } = settings;
        let dialect = dialect::of(dialect);
        let routes = Routes::new(&*dialect, &endpoints).map_err(|_| {
            let key = origin.key();
            BadSettings(format!("{key} has a character in it that no key has, such as a line break."))
        })?;
        if routes.len() == 0 {
            return Err(BadSettings(format!("{} is missing.", origin.address())));
        }
        let keys = endpoints.into_iter().flat_map(|endpoint| endpoint.keys).collect();
        let (site, models) = (Site { name, origin, keys }, Models::new(models));
        let Outside { client, limits, chance } = outside;
        let shared = Shared { id, site, dialect, routes, client, limits, chance, models, if_it_answers };
        Ok(Self { shared: Arc::new(shared) })
    }
}

impl Shared {
    /// A request of this provider's: the key goes to its own address only, since redirects are not followed.
    pub(super) fn request(&self, route: &Route, call: &Call) -> RequestBuilder {
        let mut request = self.client.request(call.method.clone(), call.url(&route.base));
        for (name, value) in &call.headers {
            request = request.header(*name, *value);
        }
        if let Some((name, value)) = &route.authorization {
            request = request.header(name, value);
        }
        match &call.body {
            Some(body) => request.header(CONTENT_TYPE, "application/json").body(body.to_string()),
            None => request,
        }
    }

    fn info(&self, entry: ModelEntry) -> ModelInfo {
        let traits = self.traits(&entry);
        let known = || known::find(&entry.id).and_then(|known| known.name_of(&entry.id)).map(str::to_owned);
        let name = entry.name.clone().or_else(known);
        ModelInfo {
            name: name.unwrap_or_else(|| entry.id.clone()),
            id: ModelRef::new(&*self.id, entry.id),
            provider_name: self.site.name.clone(),
            context_tokens: traits.context_tokens,
            prices: traits.prices,
            vision: traits.vision.unwrap_or(false),
            tools: traits.tools.unwrap_or(false),
            reasoning: traits.reasoning.unwrap_or(false),
            demo: false,
        }
    }

    /// What the settings say of a model, then the provider, then what is known.
    fn traits(&self, entry: &ModelEntry) -> Traits {
        // A provider whose addresses differ has no prices of its maker.
        let host = self.routes.get(0).base.host_str();
        entry.traits.or(known::find(entry.asked_as()).map(|known| known.traits(host)).unwrap_or_default())
    }

    /// Asks a model that is on offer.
    fn ask(self: Arc<Self>, question: &ChatRequest, entry: &ModelEntry) -> ModelStream {
        let model = entry.asked_as().to_owned();
        // A dialect asks the same at each address.
        let base = &self.routes.get(0).base;
        let target = Target { model: &model, traits: self.traits(entry), base };
        let call = self.dialect.ask(question, &target);
        answer::stream(self, call, model)
    }
}

#[async_trait]
impl Provider for Remote {
    fn id(&self) -> &str {
        &self.shared.id
    }

    fn name(&self) -> &str {
        &self.shared.site.name
    }

    async fn models(&self) -> Vec<ModelInfo> {
        let entries = listing::current(&self.shared).await;
        entries.into_iter().map(|entry| self.shared.info(entry)).collect()
    }

    fn state(&self) -> ProviderState {
        match self.shared.models.state() {
            ProviderState::Failed(_) | ProviderState::Unknown if self.shared.if_it_answers => ProviderState::Absent,
            state => state,
        }
    }

    fn ask(&self, question: ChatRequest) -> ModelStream {
        let shared = self.shared.clone();
        let stream = async move {
            match listing::offered(&shared, &question.model).await {
                Ok(entry) => shared.ask(&question, &entry),
                Err(failure) => failed(failure),
            }
        };
        stream::once(stream).flatten().boxed()
    }
}

#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
