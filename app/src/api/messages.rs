//! Messages: delete, bring back.

#[cfg(feature = "ssr")]
use super::conversations::{found, parse};
#[cfg(feature = "ssr")]
use crate::context::{respond, services, signed_in};
use crate::error::AppError;
#[cfg(feature = "ssr")]
use chat::ports::Deletion;
use chat::{Timestamp, Transcript};
use leptos::server;

/// Deletes a message of a conversation: alone when `scope` is `one`, with everything that follows it when it is
/// `branch`. Gives the moment, by which it can be brought back.
#[server(prefix = "/api", endpoint = "messages/delete")]
pub async fn delete_message(conversation: String, message: String, scope: String) -> Result<Timestamp, AppError> {
    let user = respond(signed_in())?;
    let conversation = parse(&conversation)?;
    let message = respond(message.parse().map_err(|_| AppError::NotFound))?;
    let with_branch = match &*scope {
        "one" => false,
        "branch" => true,
        _ => return respond(Err(AppError::invalid("scope", "Delete one message, or it and what follows."))),
    };
    let services = services();
    let now = services.clock.now();
    let deletion = Deletion { owner: user.id, conversation, message, with_branch, now };
    respond(services.conversations.delete_message(&deletion).await)?;
    Ok(now)
}

/// Brings back what was deleted of a conversation at a moment, and gives the branch that is shown then.
#[server(prefix = "/api", endpoint = "messages/restore")]
pub async fn restore_messages(conversation: String, deleted_at: Timestamp) -> Result<Transcript, AppError> {
    let user = respond(signed_in())?;
    let id = parse(&conversation)?;
    let conversations = services().conversations;
    found(conversations.restore(user.id, id, deleted_at).await.map(|done| done.then_some(())))?;
    found(conversations.transcript(user.id, id).await)
}
