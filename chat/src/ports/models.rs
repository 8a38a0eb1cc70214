//! Models.

use crate::{
    event::Usage,
    model::ModelInfo,
    prompt::ChatRequest,
    turn::{Failure, Phase},
};
use async_trait::async_trait;
use futures_core::Stream;
use std::pin::Pin;

/// Why a model stopped of its own accord.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// It had said everything.
    Done,
    /// It reached the limit of tokens.
    Length,
    /// The provider withheld the rest.
    Filtered,
}

/// What comes out of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelEvent {
    /// What it does until it writes.
    Phase(Phase),
    /// A piece of its thinking.
    Reasoning(String),
    /// A piece of its answer.
    Text(String),
    /// Tokens used so far.
    Usage(Usage),
    /// The end. A stream without it was cut off.
    End(StopReason),
}

/// A model's answer. Dropping it stops the model.
pub type ModelStream = Pin<Box<dyn Stream<Item = Result<ModelEvent, Failure>> + Send>>;

/// The models of every provider.
#[async_trait]
pub trait Models: Send + Sync {
    /// The models that users may choose; the first one is the default.
    async fn list(&self) -> Vec<ModelInfo>;

    /// Asks a model. Every fault is an item of the stream, after which nothing follows.
    fn ask(&self, request: ChatRequest) -> ModelStream;
}
