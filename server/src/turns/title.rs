//! Titles that a model makes.

use super::{TurnRunner, live::Live, run::Question};
use chat::{Message, ModelInfo, Title, ports::ModelEvent, prompt::ChatRequest};
use futures::StreamExt;
use std::time::Duration;
use tokio::time::timeout;

/// How long a model may think about a title.
const TITLE_TIME: Duration = Duration::from_secs(20);

/// Asks the model of a first reply for a title. Without one the title stays as it was cut from the message.
pub(super) async fn suggest(runner: &TurnRunner, live: &Live, question: &Question) {
    let has_text = live.look(|turn| !turn.text.is_empty());
    let (Some(conversation), Some(message)) = (live.conversation, opening(&question.branch)) else { return };
    if question.model.demo || !has_text {
        return;
    }
    let answer = timeout(TITLE_TIME, title(runner, message, &question.model));
    let title = tokio::select! {
        answer = answer => answer.ok().flatten(),
        () = runner.stopping.cancelled() => None,
    };
    let Some(title) = title else { return };
    if let Err(error) = runner.parts.conversations.suggest_title(live.owner, conversation, &title).await {
        tracing::warn!(%error, "a title could not be stored");
    }
}

/// The text of the message that begins a branch, if the branch is nothing else.
fn opening(branch: &[Message]) -> Option<&str> {
    match branch {
        [Message::User(message)] => Some(&message.text),
        _ => None,
    }
}

async fn title(runner: &TurnRunner, message: &str, model: &ModelInfo) -> Option<Title> {
    let mut stream = runner.parts.models.ask(ChatRequest::title_of(message, model.id.clone()));
    let mut text = String::new();
    while let Some(event) = stream.next().await {
        match event.ok()? {
            ModelEvent::Text(piece) if text.len() < 1_000 => text.push_str(&piece),
            ModelEvent::End(_) => return Title::from_model(&text),
            _ => {}
        }
    }
    None
}
