//! Which models a provider has: those of the settings, and those that it lists itself.

use super::{
    ProviderState,
    answer::beginning,
    dialect::{Call, Listed},
    fail, failure, known,
    model_list::{ModelEntry, ModelList},
    remote::Shared,
    told::Told,
};
use chat::{Failure, FailureKind, ModelRef};
use futures::{StreamExt, stream};
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
/// How many models a provider is asked about one by one, and how many of them at once.
const MAX_DESCRIBED: usize = 100;
const DESCRIBED_AT_ONCE: usize = 4;

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
    list: Option<Vec<Listed>>,
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
            None if self.list.wants_fetched() && fetched.list.is_none() => ProviderState::Unknown,
            None => ProviderState::Ready(self.entries(&fetched).len()),
        }
    }

    /// A model that is on offer.
    fn offered(&self, id: &str) -> Option<ModelEntry> {
        let fetched = self.lock();
        self.entries(&fetched).into_iter().find(|entry| entry.id == id)
    }

    /// Why a model is not on offer, if that is because the provider does not list its models.
    fn failure(&self) -> Option<Failure> {
        let fetched = self.lock();
        fetched.failure.clone().filter(|_| fetched.list.is_none())
    }

    fn entries(&self, fetched: &Fetched) -> Vec<ModelEntry> {
        self.list.apply(fetched.list.clone().unwrap_or_default())
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

    fn store(&self, result: Result<Vec<Listed>, Failure>) {
        let mut fetched = self.lock();
        fetched.running = false;
        let believed = if result.is_ok() { FRESH } else { FRESH_FAILURE };
        fetched.until = Some(Instant::now() + believed);
        match result {
            Ok(list) => (fetched.list, fetched.failure) = (Some(list), None),
            Err(failure) => fetched.failure = Some(failure),
        }
        drop(fetched);
        self.ended.send_modify(|ended| *ended += 1);
    }
}

/// The models on offer now. What is old is shown while it is fetched anew; the first list is waited for a
/// little.
pub async fn current(shared: &Arc<Shared>) -> Vec<ModelEntry> {
    look(shared, FIRST_WAIT).await;
    let models = &shared.models;
    let fetched = models.lock();
    models.entries(&fetched)
}

/// The model that is asked. Only what is on offer is: the first list is waited for as long as it may take.
///
/// # Errors
/// It is not on offer, or the provider does not tell what is.
pub async fn offered(shared: &Arc<Shared>, model: &ModelRef) -> Result<ModelEntry, Failure> {
    let models = &shared.models;
    if let Some(entry) = models.offered(&model.model) {
        return Ok(entry);
    }
    look(shared, FETCH_TIMEOUT).await;
    let refusal = || models.failure().unwrap_or_else(|| failure::no_such_model(model));
    models.offered(&model.model).ok_or_else(refusal)
}

/// Sees to it that the list is a new one, and waits for the first.
async fn look(shared: &Arc<Shared>, patience: Duration) {
    let models = &shared.models;
    if !models.list.wants_fetched() {
        return;
    }
    let mut ended = models.ended.subscribe();
    let (begin, first) = models.look();
    if begin {
        let shared = shared.clone();
        tokio::spawn(async move {
            let result = fetch(&shared).await;
            match &result {
                Err(failure) if !shared.if_it_answers => {
                    tracing::warn!(provider = shared.site.name, "no list of models: {}", failure.message);
                }
                _ => {}
            }
            shared.models.store(result);
        });
    }
    if first {
        // An end of the time changes nothing: what there is is shown.
        let _ = timeout(patience, ended.changed()).await;
    }
}

/// Asks the provider for its models, over each way at most once.
async fn fetch(shared: &Shared) -> Result<Vec<Listed>, Failure> {
    let Shared { site, dialect, routes, .. } = shared;
    let mut tried = Vec::new();
    let body = loop {
        tried.push(routes.pick(&tried));
        match get(shared, tried[tried.len() - 1], &dialect.list()).await {
            Ok(body) => break body,
            Err(failure) if tried.len() == routes.len() => return Err(failure),
            Err(_) => {}
        }
    };
    let Some(listed) = dialect.listed(&body) else {
        let (name, address) = (&site.name, site.origin.address());
        let text = format!("{name} answered with something that is no list of models. Check {address}.");
        return Err(fail(FailureKind::Protocol, text));
    };
    let is_id = |id: &str| !id.is_empty() && id.len() <= MAX_ID_BYTES && !id.chars().any(char::is_control);
    let mut listed: Vec<_> = listed.into_iter().filter(|model| is_id(&model.id)).take(MAX_MODELS).collect();
    for model in &mut listed {
        model.name = model.name.take().map(|name| failure::quote(&name, &site.keys)).filter(|name| !name.is_empty());
    }
    Ok(described(shared, known::chat_models(listed), tried[tried.len() - 1]).await)
}

/// Asks about each model what the list did not tell.
async fn described(shared: &Shared, listed: Vec<Listed>, route: usize) -> Vec<Listed> {
    let describe = |(place, mut model): (usize, Listed)| async move {
        if let Some(call) = shared.dialect.describe(&model).filter(|_| place < MAX_DESCRIBED)
            && let Ok(body) = get(shared, route, &call).await
        {
            shared.dialect.described(&body, &mut model);
        }
        model
    };
    stream::iter(listed.into_iter().enumerate().map(describe)).buffered(DESCRIBED_AT_ONCE).collect().await
}

/// What a call over one way answers.
async fn get(shared: &Shared, route: usize, call: &Call) -> Result<Vec<u8>, Failure> {
    let (site, route) = (&shared.site, shared.routes.get(route));
    let answer = async {
        let response =
            shared.request(route, call).send().await.map_err(|error| site.unreachable(error, &route.host))?;
        let status = response.status();
        Ok((status.as_u16(), beginning(response, MAX_LIST_BYTES).await))
    };
    let (status, body) = timeout(FETCH_TIMEOUT, answer).await.map_err(|_| site.silent(FETCH_TIMEOUT, false))??;
    match status {
        200..=299 => Ok(body),
        404 => {
            let (name, address, list) = (&site.name, site.origin.address(), site.origin.list());
            let text =
                format!("{name} lists no models at this address. Check {address}, or name the models in {list}.");
            Err(fail(FailureKind::NoSuchModel, text))
        }
        _ => Err(site.refused(status, None, &Told::in_body(&body), "")),
    }
}

#[cfg(test)]
mod tests;
