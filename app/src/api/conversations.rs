//! Conversations: list, open, rename, delete.

#[cfg(feature = "ssr")]
use crate::context::{respond, services, signed_in};
use crate::error::AppError;
#[cfg(feature = "ssr")]
use chat::{ConversationId, Title, ports::StoreError};
use chat::{ConversationSummary, Transcript};
use leptos::server;

/// The most conversations that the sidebar lists.
#[cfg(feature = "ssr")]
const LIST_LIMIT: u32 = 200;

/// The user's conversations, newest first.
#[server(prefix = "/api", endpoint = "conversations/list")]
pub async fn list_conversations() -> Result<Vec<ConversationSummary>, AppError> {
    let user = respond(signed_in())?;
    respond(services().conversations.list(user.id, LIST_LIMIT).await)
}

/// A conversation with its messages.
#[server(prefix = "/api", endpoint = "conversations/transcript")]
pub async fn open_conversation(id: String) -> Result<Transcript, AppError> {
    let user = respond(signed_in())?;
    let id = parse(&id)?;
    found(services().conversations.transcript(user.id, id).await)
}

/// Gives a conversation another name.
#[server(prefix = "/api", endpoint = "conversations/rename")]
pub async fn rename_conversation(id: String, title: String) -> Result<(), AppError> {
    let user = respond(signed_in())?;
    let id = parse(&id)?;
    let title = respond(Title::parse(&title).map_err(|error| AppError::invalid("title", error)))?;
    found(services().conversations.rename(user.id, id, &title).await.map(|done| done.then_some(())))
}

/// Deletes a conversation; a reply that is being written in it is stopped first.
#[server(prefix = "/api", endpoint = "conversations/delete")]
pub async fn delete_conversation(id: String) -> Result<(), AppError> {
    let user = respond(signed_in())?;
    let id = parse(&id)?;
    let services = services();
    respond(services.runner.stop_conversation(user.id, id).await)?;
    found(services.conversations.delete(user.id, id).await.map(|done| done.then_some(())))
}

/// An id that is none names nothing.
#[cfg(feature = "ssr")]
fn parse(id: &str) -> Result<ConversationId, AppError> {
    respond(id.parse().map_err(|_| AppError::NotFound))
}

#[cfg(feature = "ssr")]
fn found<T>(result: Result<Option<T>, StoreError>) -> Result<T, AppError> {
    respond(result.map_err(AppError::from).and_then(|found| found.ok_or(AppError::NotFound)))
}
