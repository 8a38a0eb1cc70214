//! Titles that a model makes.

use super::{TurnRunner, aside, live::Live, run::Question};
use chat::{ConversationId, Message, ModelInfo, Title, UserId, prompt::ChatRequest};
use std::time::Duration;

/// How long a model may think about a title.
const TITLE_TIME: Duration = Duration::from_secs(20);

/// A title that is to be asked for when the first reply is there.
pub(super) struct Wish {
    owner: UserId,
    conversation: ConversationId,
    model: ModelInfo,
    request: ChatRequest,
}

impl Wish {
    /// None for what is not the first message of a conversation, or is answered by a model that makes no good titles.
    pub(super) fn of(live: &Live, question: &Question) -> Option<Self> {
        let [Message::User(message)] = question.branch.as_slice() else { return None };
        let model = Some(question.model.clone()).filter(|model| !model.demo)?;
        let request = ChatRequest::title_of(&message.text, model.id.clone());
        Some(Self { owner: live.owner, conversation: live.conversation?, model, request })
    }

    /// Asks the model. Without an answer the title stays as it was cut from the message.
    pub(super) async fn suggest(self, runner: &TurnRunner) {
        let Self { owner, conversation, model, request } = self;
        let text = tokio::select! {
            text = aside::ask(runner, owner, &model, request, TITLE_TIME) => text.ok(),
            () = runner.stopping.cancelled() => None,
        };
        let Some(title) = text.and_then(|text| Title::from_model(&text)) else { return };
        if let Err(error) = runner.parts.conversations.suggest_title(owner, conversation, &title).await {
            tracing::warn!(%error, "a title could not be stored");
        }
    }
}
