//! A turn: one attempt of a model to reply to one message, folded from its events.
//!
//! The same fold runs in the server, which stores its result, and in the browser, which shows it. Folding a
//! prefix of the events, storing the turn, and folding the rest gives what folding all of them gives.

use crate::{
    event::{Numbered, Seq, TurnEvent, Usage},
    id::{MessageId, TurnId},
    model::ModelRef,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// One attempt of a model to reply to one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Which turn.
    pub id: TurnId,
    /// The reply that it writes.
    pub reply: MessageId,
    /// The user's message that it replies to.
    pub parent: MessageId,
    /// What answers.
    pub model: ModelRef,
    /// The model's name at that time, to show.
    pub model_name: String,
    /// Whether it runs, or how it ended.
    pub state: TurnState,
    /// The number of the last event that was folded in.
    pub seq: Seq,
    /// The answer so far, in Markdown.
    pub text: String,
    /// The model's thinking so far.
    pub reasoning: String,
    /// Tokens used, as far as known.
    pub usage: Usage,
    /// What they cost, in nanodollars, when prices are known. Told when the turn has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<u64>,
    /// When it began.
    pub started_at: Timestamp,
    /// When the first piece of thinking came.
    pub first_reasoning_at: Option<Timestamp>,
    /// When the first piece of the answer came.
    pub first_text_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// Whether a turn runs, or how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnState {
    /// It runs.
    Running(Phase),
    /// It ended, and nothing more will happen.
    Ended(Outcome),
}

/// What a running turn does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The provider has been asked.
    Asked,
    /// Others are served first: how many.
    Queued(u32),
    /// The model is being loaded into memory.
    Loading,
    /// The model reads the conversation.
    Reading,
    /// The model thinks or answers.
    Writing,
}

/// How a turn ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The model said that it was done.
    Complete,
    /// The model reached the most tokens that it may write; it can be asked to go on.
    Length,
    /// The user stopped it.
    Stopped,
    /// It went wrong; what had arrived is kept.
    Failed(Failure),
    /// The server stopped in the middle of it; what had arrived is kept.
    Interrupted,
}

/// What went wrong in a turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What kind of fault.
    pub kind: FailureKind,
    /// What happened and what to do, for a person to read. Never a key, an address with one, or a stack.
    pub message: String,
}

/// What kind of fault ended a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// The provider could not be reached.
    Unreachable,
    /// The provider refused the key.
    Unauthorized,
    /// The provider does not have the model.
    NoSuchModel,
    /// Too many requests, or no credit left.
    RateLimited,
    /// The conversation does not fit into the model.
    TooLong,
    /// The provider reported an error of its own.
    Provider,
    /// The provider said something that is not its protocol.
    Protocol,
    /// The answer broke off.
    Incomplete,
    /// The provider was silent for too long.
    TimedOut,
    /// A fault of this server.
    Internal,
}

impl FailureKind {
    /// The code that is shown beside the sentence, for whoever looks it up.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Unauthorized => "unauthorized",
            Self::NoSuchModel => "no_such_model",
            Self::RateLimited => "rate_limited",
            Self::TooLong => "too_long",
            Self::Provider => "provider",
            Self::Protocol => "protocol",
            Self::Incomplete => "incomplete",
            Self::TimedOut => "timed_out",
            Self::Internal => "internal",
        }
    }
}

/// The event is not the one that follows: whoever watches needs a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the event is not the next one of this turn")]
pub struct OutOfOrder;

impl Turn {
    /// Whether more will happen.
    pub fn is_running(&self) -> bool {
        matches!(self.state, TurnState::Running(_))
    }

    /// How it ended, if it has.
    pub fn outcome(&self) -> Option<&Outcome> {
        match &self.state {
            TurnState::Running(_) => None,
            TurnState::Ended(outcome) => Some(outcome),
        }
    }

    /// Numbers what has just happened and folds it in. Nothing happens after the end of a turn.
    pub fn record(&mut self, event: TurnEvent, at: Timestamp) -> Option<Numbered> {
        let numbered = Numbered { seq: self.seq.next(), at, event };
        self.apply(&numbered).ok()?;
        Some(numbered)
    }

    /// Folds in the next event.
    pub fn apply(&mut self, numbered: &Numbered) -> Result<(), OutOfOrder> {
        if numbered.seq != self.seq.next() || !self.is_running() {
            return Err(OutOfOrder);
        }
        self.seq = numbered.seq;
        match &numbered.event {
            TurnEvent::Phase(phase) => self.state = TurnState::Running(*phase),
            TurnEvent::Reasoning(piece) => {
                self.first_reasoning_at.get_or_insert(numbered.at);
                self.state = TurnState::Running(Phase::Writing);
                self.reasoning.push_str(piece);
            }
            TurnEvent::Text(piece) => {
                self.first_text_at.get_or_insert(numbered.at);
                self.state = TurnState::Running(Phase::Writing);
                self.text.push_str(piece);
            }
            TurnEvent::Usage(usage) => self.usage = *usage,
            TurnEvent::Cost(cost) => self.cost = Some(*cost),
            TurnEvent::Finished(outcome) => {
                self.ended_at = Some(numbered.at);
                self.state = TurnState::Ended(outcome.clone());
            }
        }
        Ok(())
    }

    /// Everything but the text and the reasoning, which may be long.
    pub fn without_text(&self) -> Self {
        Self {
            model: self.model.clone(),
            model_name: self.model_name.clone(),
            state: self.state.clone(),
            text: String::new(),
            reasoning: String::new(),
            ..*self
        }
    }

    /// Whether the answer stops before its end, so that the model can be asked to go on.
    pub fn is_cut(&self) -> bool {
        !self.text.is_empty() && !matches!(self.state, TurnState::Running(_) | TurnState::Ended(Outcome::Complete))
    }

    /// Milliseconds until the first thing to read arrived.
    pub fn first_token_ms(&self) -> Option<u64> {
        let first = self.first_reasoning_at.into_iter().chain(self.first_text_at).min()?;
        Some(first.millis_since(self.started_at))
    }

    /// Milliseconds of thinking before the answer began, or before the turn ended without one.
    pub fn thinking_ms(&self) -> Option<u64> {
        let end = self.first_text_at.or(self.ended_at)?;
        Some(end.millis_since(self.first_reasoning_at?))
    }

    /// Tokens written in a second, when the provider told how many there were.
    pub fn tokens_per_second(&self) -> Option<f64> {
        let first = self.first_reasoning_at.into_iter().chain(self.first_text_at).min()?;
        let millis = self.ended_at?.millis_since(first);
        let tokens = self.usage.output?;
        (millis > 0 && tokens > 1).then(|| f64::from(tokens - 1) * 1000.0 / millis as f64)
    }
}

#[cfg(test)]
mod tests;
