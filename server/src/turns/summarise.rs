//! Summaries: what stands for the beginning of a long conversation when a model is asked.

use super::{TurnRunner, aside};
use chat::{
    ConversationId, Failure, FailureKind, Message, ModelInfo, ModelRef, Summary, Transcript, UserId,
    ports::{SendError, SummariseError},
    prompt::ChatRequest,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::OnceCell;

/// How long a model may work on a summary.
const PATIENCE: Duration = Duration::from_secs(120);

/// A summary that is being made, for all who wait for it.
type Making = Arc<OnceCell<Result<Summary, Failure>>>;

/// The summaries that are being made.
#[derive(Clone, Default)]
pub(super) struct Summaries(Arc<Mutex<HashMap<ConversationId, Making>>>);

impl Summaries {
    fn map(&self) -> MutexGuard<'_, HashMap<ConversationId, Making>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TurnRunner {
    /// Has a model summarise everything before the last message and its reply.
    pub(super) async fn make_summary(
        self,
        owner: UserId,
        id: ConversationId,
        wanted: Option<ModelRef>,
    ) -> Result<Summary, SummariseError> {
        if self.closed.is_cancelled() {
            return Err(SummariseError::Stopping);
        }
        let found = self.parts.conversations.transcript(owner, id).await?;
        let transcript = found.ok_or(SummariseError::NotFound)?;
        let making = self.summaries.map().entry(id).or_default().clone();
        let made = making.get_or_try_init(|| self.ask_for_summary(owner, &transcript, wanted)).await.cloned();
        self.summaries.map().remove(&id);
        made?.map_err(SummariseError::Failed)
    }

    async fn ask_for_summary(
        &self,
        owner: UserId,
        transcript: &Transcript,
        wanted: Option<ModelRef>,
    ) -> Result<Result<Summary, Failure>, SummariseError> {
        let beginning = beginning(&transcript.messages);
        let upto = beginning.last().map(Message::id).ok_or(SummariseError::TooShort)?;
        let before = transcript.summary.as_ref();
        if let Some(summary) = before.filter(|summary| summary.upto == upto) {
            return Ok(Ok(summary.clone()));
        }
        let model = self.model_for_summary(owner, wanted, &transcript.messages).await?;
        let request = ChatRequest::summary_of(beginning, &model, before);
        let text = tokio::select! {
            text = aside::ask(self, owner, &model, request, PATIENCE) => text,
            () = self.stopping.cancelled() => return Err(SummariseError::Stopping),
        };
        let text = match text {
            Ok(text) if text.trim().is_empty() => {
                return Ok(Err(aside::failure(FailureKind::Incomplete, "The model gave no summary. Try another one.")));
            }
            Ok(text) => text.trim().to_owned(),
            Err(failure) => return Ok(Err(failure)),
        };
        let summary = Summary { upto, text };
        match self.parts.conversations.summarise(owner, transcript.conversation.id, &summary).await? {
            true => Ok(Ok(summary)),
            false => Err(SummariseError::NotFound),
        }
    }

    /// The wanted model, or else the one that replied last, or else the default one.
    async fn model_for_summary(
        &self,
        owner: UserId,
        wanted: Option<ModelRef>,
        messages: &[Message],
    ) -> Result<ModelInfo, SummariseError> {
        let last = messages.iter().rev().find_map(|message| match message {
            Message::Reply(turn) => Some(&turn.model),
            Message::User(_) => None,
        });
        let chosen = match (&wanted, last) {
            (None, Some(last)) => match self.choose(owner, Some(last)).await {
                Err(SendError::NoSuchModel) => self.choose(owner, None).await,
                chosen => chosen,
            },
            _ => self.choose(owner, wanted.as_ref()).await,
        };
        let refused = |error| match error {
            SendError::NoSuchModel => SummariseError::NoSuchModel,
            SendError::LimitReached(reached) => SummariseError::LimitReached(reached),
            SendError::Store(error) => SummariseError::Store(error),
            _ => SummariseError::NoModel,
        };
        let model = chosen.map_err(refused)?;
        self.refuse_beyond_limits(owner, &model).await.map_err(refused)?;
        Ok(model)
    }
}

/// What comes before the user's last message.
fn beginning(messages: &[Message]) -> &[Message] {
    let last = messages.iter().rposition(|message| matches!(message, Message::User(_)));
    &messages[..last.unwrap_or(0)]
}
