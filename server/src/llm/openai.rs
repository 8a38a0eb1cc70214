//! Any provider that speaks OpenAI's chat completion protocol.
//!
//! Written by hand, because what matters in it is what servers do wrong: a turn is complete only when the
//! model's reason to stop has arrived, whatever else the stream says or does not say.

mod answer;
mod decoder;
mod models;
mod site;
mod told;
mod wire;

use super::{Provider, ProviderState, failed, failure, known, model_list::ModelList};
use crate::secret::Secret;
use async_trait::async_trait;
use chat::{
    ModelInfo, ModelRef,
    ports::ModelStream,
    prompt::{ChatRequest, Speaker},
};
use models::Models;
use reqwest::{
    Client, Method, RequestBuilder,
    header::{AUTHORIZATION, HeaderValue},
};
use serde_json::json;
use site::Site;
use std::{sync::Arc, time::Duration};
use url::Url;

/// How long an answer may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Without a single byte, from the request on.
    pub idle: Duration,
    /// From the request to the end.
    pub total: Duration,
    /// From the model's last word to the end of the stream, in which the usage may come.
    pub after_finish: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            idle: Duration::from_secs(120),
            total: Duration::from_secs(60 * 60),
            after_finish: Duration::from_secs(5),
        }
    }
}

/// A provider that speaks OpenAI's protocol.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Its id in [`ModelRef`]s, such as `openai`.
    pub id: String,
    /// Its name to show, such as `OpenAI`.
    pub name: String,
    /// The beginning of its variables, such as `OPENAI`, for sentences about what to do.
    pub prefix: String,
    /// The base address, such as `https://api.openai.com/v1`, with or without a slash at its end.
    pub base: Url,
    /// The key; some servers want none.
    pub key: Option<Secret>,
    /// Which models.
    pub models: ModelList,
    /// How long an answer may take.
    pub limits: Limits,
}

/// The address or the key can't be used. Says why and what to do, never the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadSettings(String);

/// A provider that speaks OpenAI's protocol.
pub struct OpenAi {
    shared: Arc<Shared>,
}

/// What requests need of a provider.
struct Shared {
    id: String,
    site: Site,
    base: Url,
    client: Client,
    authorization: Option<HeaderValue>,
    limits: Limits,
    models: Models,
}

impl OpenAi {
    /// A provider. Asks nothing yet.
    ///
    /// # Errors
    /// When requests could not be made with these settings.
    pub fn new(settings: Settings, client: Client) -> Result<Self, BadSettings> {
        let Settings { id, name, prefix, base, key, models, limits } = settings;
        if !matches!(base.scheme(), "http" | "https") || !base.has_host() {
            return Err(BadSettings(format!("{prefix}_PROXY_URL should begin with http:// or https://.")));
        }
        if !base.username().is_empty() || base.password().is_some() {
            let text =
                format!("{prefix}_PROXY_URL has a user name or password in it. Put the key into {prefix}_API_KEY.");
            return Err(BadSettings(text));
        }
        let authorization = key.as_ref().map(|key| bearer(key, &prefix)).transpose()?;
        let site = Site { name, host: Site::host_of(&base), prefix, key };
        let models = Models::new(models);
        Ok(Self { shared: Arc::new(Shared { id, site, base, client, authorization, limits, models }) })
    }
}

fn bearer(key: &Secret, prefix: &str) -> Result<HeaderValue, BadSettings> {
    let bad = |_| BadSettings(format!("{prefix}_API_KEY has a character in it that no key has, such as a line break."));
    let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose())).map_err(bad)?;
    value.set_sensitive(true);
    Ok(value)
}

impl Shared {
    fn request(&self, method: Method, path: &[&str]) -> RequestBuilder {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        let request = self.client.request(method, url);
        match &self.authorization {
            Some(value) => request.header(AUTHORIZATION, value),
            None => request,
        }
    }

    /// The body of a request for an answer (OpenAI API reference, "Create chat completion").
    fn body(&self, request: &ChatRequest, model: &str) -> Vec<u8> {
        let role = |speaker| match speaker {
            Speaker::System => "system",
            Speaker::User => "user",
            Speaker::Assistant => "assistant",
        };
        let messages: Vec<_> =
            request.parts.iter().map(|part| json!({ "role": role(part.speaker), "content": part.text })).collect();
        let mut body = json!({
            "model": model,
            "messages": messages,
            "stream": true,
            "stream_options": { "include_usage": true },
        });
        if let Some(limit) = request.sampling.max_tokens {
            // OpenAI's newer models refuse the old name; most other servers know no other.
            let is_openai = self.base.host_str() == Some("api.openai.com");
            body[if is_openai { "max_completion_tokens" } else { "max_tokens" }] = limit.into();
        }
        body.to_string().into_bytes()
    }
}

#[async_trait]
impl Provider for OpenAi {
    fn id(&self) -> &str {
        &self.shared.id
    }

    fn name(&self) -> &str {
        &self.shared.site.name
    }

    async fn models(&self) -> Vec<ModelInfo> {
        let shared = &self.shared;
        let entries = models::current(shared).await;
        let info = |entry: super::model_list::ModelEntry| {
            let known = known::find(&entry.id);
            let name = entry.name.or_else(|| known.filter(|known| known.id == entry.id).map(|known| known.name.into()));
            ModelInfo {
                name: name.unwrap_or_else(|| entry.id.clone()),
                id: ModelRef::new(&*shared.id, entry.id),
                provider_name: shared.site.name.clone(),
                context_tokens: entry.context_tokens.or(known.map(|known| known.context_tokens)),
                prices: None,
                vision: entry.vision || known.is_some(),
                tools: entry.tools || known.is_some(),
                reasoning: entry.reasoning || known.is_some_and(|known| known.reasoning),
                demo: false,
            }
        };
        entries.into_iter().map(info).collect()
    }

    fn state(&self) -> ProviderState {
        self.shared.models.state()
    }

    fn ask(&self, request: ChatRequest) -> ModelStream {
        match self.shared.models.asked_as(&request.model.model) {
            Some(model) => answer::stream(self.shared.clone(), &request, model),
            None => failed(failure::no_such_model(&request.model)),
        }
    }
}

#[cfg(test)]
mod tests;
