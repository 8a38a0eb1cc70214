//! Which models a provider has: those of the settings, and those that it lists itself.

use super::{Shared, answer::beginning, told::Told};
use crate::llm::{
    ProviderState, fail, known,
    model_list::{ModelEntry, ModelList},
};
use chat::{Failure, FailureKind};
use reqwest::Method;
use serde_json::Value;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::watch,
    time::{Instant, timeout},
};

/// How long a list is believed.
const FRESH: Duration = Duration::from_secs(5 * 60);
/// How long a failure is believed.
const FRESH_FAILURE: Duration = Duration::from_secs(30);
/// How long somebody who needs the first list waits for it.
const FIRST_WAIT: Duration = Duration::from_secs(2);
/// How long a provider may take to list its models.
const FETCH_TIMEOUT: Duration = Duration::from_secs(20);
/// The most bytes of a list, and the most models in it.
const MAX_LIST_BYTES: usize = 4 << 20;
const MAX_MODELS: usize = 1_000;
const MAX_ID_BYTES: usize = 200;

/// The models of one provider.
pub struct Models {
    list: ModelList,
    fetched: Mutex<Fetched>,
    /// Tells how many fetches have ended.
    ended: watch::Sender<u64>,
}

#[derive(Default)]
struct Fetched {
    /// The last list that came.
    ids: Option<Vec<String>>,
    /// Why there is none, or none newer.
    failure: Option<Failure>,
    /// Until when this is believed.
    until: Option<Instant>,
    running: bool,
}

impl Models {
    /// The models that a list from the settings selects.
    pub fn new(list: ModelList) -> Self {
        Self { list, fetched: Mutex::default(), ended: watch::Sender::new(0) }
    }

    /// How the provider stands by what was last seen.
    pub fn state(&self) -> ProviderState {
        let fetched = self.lock();
        match &fetched.failure {
            Some(failure) => ProviderState::Failed(failure.clone()),
            None if self.list.wants_fetched() && fetched.ids.is_none() => ProviderState::Unknown,
            None => ProviderState::Ready(self.entries(&fetched).len()),
        }
    }

    /// What the provider has to be asked for to get a model; none when the model is not on offer.
    pub fn asked_as(&self, id: &str) -> Option<String> {
        let fetched = self.lock();
        let entry = self.entries(&fetched).into_iter().find(|entry| entry.id == id);
        // As long as the provider's own list has not come, it is for the provider to tell.
        let unheard = || self.list.wants_fetched() && fetched.ids.is_none() && !self.list.hides(id);
        match entry {
            Some(entry) => Some(entry.deployment.unwrap_or(entry.id)),
            None => unheard().then(|| id.to_owned()),
        }
    }

    fn entries(&self, fetched: &Fetched) -> Vec<ModelEntry> {
        self.list.apply(fetched.ids.clone().unwrap_or_default())
    }

    fn lock(&self) -> MutexGuard<'_, Fetched> {
        self.fetched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a fetch has to be begun, and whether none has ever ended.
    fn look(&self) -> (bool, bool) {
        let mut fetched = self.lock();
        let fresh = fetched.until.is_some_and(|until| Instant::now() < until);
        let begin = !fresh && !fetched.running;
        fetched.running |= begin;
        (begin, fetched.until.is_none())
    }

    fn store(&self, result: Result<Vec<String>, Failure>) {
        let mut fetched = self.lock();
        fetched.running = false;
        let believed = if result.is_ok() { FRESH } else { FRESH_FAILURE };
        fetched.until = Some(Instant::now() + believed);
        match result {
            Ok(ids) => (fetched.ids, fetched.failure) = (Some(ids), None),
            Err(failure) => fetched.failure = Some(failure),
        }
        drop(fetched);
        self.ended.send_modify(|ended| *ended += 1);
    }
}

/// The models on offer now. What is old is shown while it is fetched anew; the first list is waited for a
/// little.
pub async fn current(shared: &Arc<Shared>) -> Vec<ModelEntry> {
    let models = &shared.models;
    if models.list.wants_fetched() {
        let mut ended = models.ended.subscribe();
        let (begin, first) = models.look();
        if begin {
            let shared = shared.clone();
            tokio::spawn(async move {
                let result = fetch(&shared).await;
                if let Err(failure) = &result {
                    tracing::warn!(provider = shared.site.name, "no list of models: {}", failure.message);
                }
                shared.models.store(result);
            });
        }
        if first {
            // An end of the time changes nothing: what there is is shown.
            let _ = timeout(FIRST_WAIT, ended.changed()).await;
        }
    }
    let fetched = models.lock();
    models.entries(&fetched)
}

/// Asks the provider for its models (OpenAI API reference, "List models").
async fn fetch(shared: &Shared) -> Result<Vec<String>, Failure> {
    let site = &shared.site;
    let answer = async {
        let response =
            shared.request(Method::GET, &["models"]).send().await.map_err(|error| site.unreachable(error))?;
        let status = response.status();
        Ok((status, beginning(response, MAX_LIST_BYTES).await))
    };
    let (status, body) = timeout(FETCH_TIMEOUT, answer).await.map_err(|_| site.silent(FETCH_TIMEOUT, false))??;
    if status.as_u16() == 404 {
        let (name, prefix) = (&site.name, &site.prefix);
        let text = format!(
            "{name} lists no models at this address. Check {prefix}_PROXY_URL, or name them in {prefix}_MODEL_LIST."
        );
        return Err(fail(FailureKind::NoSuchModel, text));
    }
    if !status.is_success() {
        return Err(site.refused(status.as_u16(), None, &Told::in_body(&body), ""));
    }
    let no_list = || {
        let text = format!(
            "{} answered with something that is no list of models. Check {}_PROXY_URL.",
            site.name, site.prefix
        );
        fail(FailureKind::Protocol, text)
    };
    ids_in(&body).map(known::chat_models).ok_or_else(no_list)
}

/// The ids in `{"data": [{"id": …}]}`, or in the list alone. Ids that no model has are passed over.
fn ids_in(body: &[u8]) -> Option<Vec<String>> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let list = value["data"].as_array().or(value.as_array())?;
    let is_id = |id: &&str| !id.is_empty() && id.len() <= MAX_ID_BYTES && !id.chars().any(char::is_control);
    let ids = list.iter().filter_map(|model| model["id"].as_str()).filter(is_id);
    Some(ids.take(MAX_MODELS).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests;
