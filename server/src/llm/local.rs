//! The model that is built in: a `.gguf` file of the llama family, computed in this process.
//!
//! It is there so that the first run answers without a key or another program. It lives in a thread of its
//! own, is loaded when it is first asked and unloaded when it has been idle, and answers one question at a
//! time; the others wait in line.

mod detokenizer;
mod engine;
mod file;
mod queue;
mod sampler;
mod template;
mod threads;
mod tokens;
mod worker;

pub use engine::Report;
pub use file::DEMO_SHA256;
pub use threads::settle_threads;
pub use worker::Activity;

use super::{Provider, ProviderState, fail, failed, failure};
use async_trait::async_trait;
use chat::{FailureKind, ModelInfo, ModelRef, ports::ModelStream, prompt::ChatRequest};
use file::Identity;
use futures::{StreamExt, stream};
use queue::{Item, Job, Queue, Stopped};
use std::{
    path::PathBuf,
    sync::{Arc, Mutex, Once, PoisonError},
    thread,
    time::Duration,
};
use tokio::sync::{mpsc, watch};
use worker::Shared;

/// The provider's id.
const ID: &str = "local";
/// How long the model stays in memory unused.
pub const IDLE: Duration = Duration::from_secs(10 * 60);
/// Pieces of an answer that may wait for whoever reads them.
const BUFFERED: usize = 16;

/// Where seeds come from: each answer chooses its words by one.
pub type Seeds = Arc<dyn Fn() -> u64 + Send + Sync>;

/// The model that is built in.
pub struct LocalModel {
    /// None when the file can't be used.
    identity: Option<Identity>,
    shared: Arc<Shared>,
    seeds: Seeds,
    started: Once,
}

impl LocalModel {
    /// The model in a file. Reads the file's head, which takes some milliseconds; a file that can't be used
    /// makes a provider without models that tells why.
    pub fn open(path: PathBuf, idle: Duration, seeds: Seeds) -> Self {
        let (identity, broken) = match Identity::read(&path) {
            Ok(identity) => (Some(identity), None),
            Err(reason) => {
                tracing::error!(file = %path.display(), "the built-in model can't be used: {reason}");
                (None, Some(reason))
            }
        };
        let activity = watch::Sender::default();
        let shared = Shared { path, idle, queue: Queue::default(), activity, broken: Mutex::new(broken) };
        Self { identity, shared: Arc::new(shared), seeds, started: Once::new() }
    }

    /// What it does: whether it is in memory, and what came of the last question.
    pub fn activity(&self) -> watch::Receiver<Activity> {
        self.shared.activity.subscribe()
    }

    fn broken(&self) -> Option<String> {
        self.shared.broken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The model, unless it has turned out that its file can't be used.
    fn usable(&self) -> Option<&Identity> {
        self.identity.as_ref().filter(|_| self.broken().is_none())
    }

    /// Starts the thread with the first question.
    fn start(&self) {
        self.started.call_once(|| {
            let shared = self.shared.clone();
            let spawned = thread::Builder::new().name("built-in model".into()).spawn(move || worker::run(&shared));
            if let Err(error) = spawned {
                tracing::error!("there is no thread for the built-in model: {error}");
                *self.shared.broken.lock().unwrap_or_else(PoisonError::into_inner) =
                    Some("there is no thread left for it".into());
                self.shared.queue.close();
            }
        });
    }
}

impl Drop for LocalModel {
    fn drop(&mut self) {
        self.shared.queue.close();
    }
}

#[async_trait]
impl Provider for LocalModel {
    fn id(&self) -> &str {
        ID
    }

    fn name(&self) -> &str {
        "This server"
    }

    async fn models(&self) -> Vec<ModelInfo> {
        let info = |identity: &Identity| ModelInfo {
            id: ModelRef::new(ID, &*identity.id),
            name: identity.name.clone(),
            provider_name: self.name().into(),
            context_tokens: u32::try_from(identity.window).ok(),
            prices: None,
            vision: false,
            tools: false,
            reasoning: false,
            demo: identity.demo,
        };
        self.usable().map(info).into_iter().collect()
    }

    fn state(&self) -> ProviderState {
        match self.broken() {
            Some(reason) => ProviderState::Failed(worker::unusable(&reason)),
            None => ProviderState::Ready(1),
        }
    }

    fn ask(&self, request: ChatRequest) -> ModelStream {
        match self.usable() {
            Some(identity) if identity.id == request.model.model => {}
            _ => return failed(failure::no_such_model(&request.model)),
        }
        let (events, items) = mpsc::channel(BUFFERED);
        let stopped = Stopped::default();
        if self.shared.queue.join(Job::new(request, (self.seeds)(), events, stopped.clone())).is_err() {
            let text = "Too many are waiting for the built-in model. Your message is kept; try again in a few minutes.";
            return failed(fail(FailureKind::RateLimited, text));
        }
        self.start();
        let answer = Answer { items, stopped, shared: self.shared.clone() };
        stream::unfold(answer, |mut answer| async move {
            let item = answer.items.recv().await?;
            Some((item, answer))
        })
        .boxed()
    }
}

/// An answer as it is read. Whoever drops it stops the model.
struct Answer {
    items: mpsc::Receiver<Item>,
    stopped: Stopped,
    shared: Arc<Shared>,
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.shared.queue.leave(&self.stopped);
    }
}

#[cfg(test)]
mod tests;
