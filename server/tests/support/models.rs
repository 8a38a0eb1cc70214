//! A provider whose answers tests write word by word, through the same port as the real ones.

use async_trait::async_trait;
use chat::{
    Failure, ModelInfo, ModelRef,
    ports::{ModelEvent, ModelStream, Models, StopReason},
    prompt::ChatRequest,
};
use futures::{StreamExt, stream};
use std::sync::{Mutex, PoisonError};
use tokio::sync::{Mutex as AsyncMutex, mpsc};
use tokio_util::sync::{CancellationToken, DropGuard};

/// One question to a model, and the pen with which its answer is written.
pub struct Ask {
    pub request: ChatRequest,
    pen: mpsc::UnboundedSender<Result<ModelEvent, Failure>>,
    /// Cancelled when the server has let go of the stream.
    pub dropped: CancellationToken,
}

impl Ask {
    pub fn event(&self, event: ModelEvent) {
        // The turn may have been stopped meanwhile.
        let _ = self.pen.send(Ok(event));
    }

    pub fn text(&self, piece: &str) {
        self.event(ModelEvent::Text(piece.into()));
    }

    pub fn end(&self) {
        self.event(ModelEvent::End(StopReason::Done));
    }

    pub fn fail(&self, failure: Failure) {
        let _ = self.pen.send(Err(failure));
    }
}

/// The models `scripted/one`, the default, and `scripted/two`.
pub struct ScriptedModels {
    asks: mpsc::UnboundedSender<Ask>,
    asked: AsyncMutex<mpsc::UnboundedReceiver<Ask>>,
    panics: Mutex<bool>,
    list_panics: Mutex<bool>,
}

impl Default for ScriptedModels {
    fn default() -> Self {
        let (asks, asked) = mpsc::unbounded_channel();
        Self { asks, asked: AsyncMutex::new(asked), panics: Mutex::new(false), list_panics: Mutex::new(false) }
    }
}

impl ScriptedModels {
    /// The next question, once it has been asked.
    pub async fn next(&self) -> Ask {
        self.asked.lock().await.recv().await.unwrap()
    }

    /// Whether a question waits to be answered.
    pub async fn has_been_asked(&self) -> bool {
        !self.asked.lock().await.is_empty()
    }

    /// From now on asking panics.
    pub fn panic_when_asked(&self) {
        *self.panics.lock().unwrap_or_else(PoisonError::into_inner) = true;
    }

    /// Whether listing the models panics.
    pub fn panic_when_listed(&self, panics: bool) {
        *self.list_panics.lock().unwrap_or_else(PoisonError::into_inner) = panics;
    }

    pub fn info(model: &str) -> ModelInfo {
        ModelInfo {
            id: ModelRef::new("scripted", model),
            name: format!("Scripted {model}"),
            provider_name: "Scripted".into(),
            context_tokens: None,
            prices: None,
            vision: false,
            tools: false,
            reasoning: false,
            // No title is asked for, so that each question is a turn's.
            demo: model != "titled",
        }
    }
}

#[async_trait]
impl Models for ScriptedModels {
    async fn list(&self) -> Vec<ModelInfo> {
        let panics = *self.list_panics.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(!panics, "the test wants a panic here");
        ["one", "two", "titled"].map(Self::info).into()
    }

    fn ask(&self, request: ChatRequest) -> ModelStream {
        assert!(!*self.panics.lock().unwrap_or_else(PoisonError::into_inner), "the test wants a panic here");
        let (pen, ink) = mpsc::unbounded_channel();
        let dropped = CancellationToken::new();
        let guard: DropGuard = dropped.clone().drop_guard();
        self.asks.send(Ask { request, pen, dropped }).unwrap();
        stream::unfold((ink, guard), |(mut ink, guard)| async { Some((ink.recv().await?, (ink, guard))) }).boxed()
    }
}
