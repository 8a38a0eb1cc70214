//! Conversations: list, open, show another branch, set how models answer, summarise, rename, delete.

#[cfg(feature = "ssr")]
use crate::context::{respond, see_other_for_forms, services, signed_in};
use crate::error::AppError;
#[cfg(feature = "ssr")]
use chat::{ConversationId, Parameters, Title, ports::StoreError};
use chat::{ConversationSummary, Summary, Transcript};
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

/// Shows, from now on, the branch through a message, and gives it. As a plain form it leads to the conversation.
#[server(prefix = "/api", endpoint = "conversations/choose")]
pub async fn choose_branch(id: String, message: String) -> Result<Transcript, AppError> {
    let user = respond(signed_in())?;
    let id = parse(&id)?;
    let message = respond(message.parse().map_err(|_| AppError::NotFound))?;
    let conversations = services().conversations;
    found(conversations.choose(user.id, id, message).await.map(|done| done.then_some(())))?;
    see_other_for_forms(&format!("/c/{id}"));
    found(conversations.transcript(user.id, id).await)
}

/// Sets how models shall answer in a conversation from now on. An empty field is not set.
#[server(prefix = "/api", endpoint = "conversations/configure")]
pub async fn configure_conversation(
    id: String,
    #[server(default)] instructions: String,
    #[server(default)] temperature: String,
    #[server(default)] top_p: String,
    #[server(default)] max_tokens: String,
    #[server(default)] effort: String,
) -> Result<(), AppError> {
    let user = respond(signed_in())?;
    let id = parse(&id)?;
    let parameters = Parameters::parse(&instructions, &temperature, &top_p, &max_tokens, &effort);
    let parameters = respond(parameters.map_err(|error| AppError::invalid(error.field(), error)))?;
    found(services().conversations.configure(user.id, id, &parameters).await.map(|done| done.then_some(())))
}

/// Has the model that replied last summarise what was said before the last message and its reply: models then read that
/// instead. Takes up to two minutes. As a plain form it leads to the conversation.
#[server(prefix = "/api", endpoint = "conversations/summarise")]
pub async fn summarise_conversation(id: String) -> Result<Summary, AppError> {
    let user = respond(signed_in())?;
    let id = parse(&id)?;
    let summary = respond(services().runner.summarise(user.id, id, None).await)?;
    see_other_for_forms(&format!("/c/{id}"));
    Ok(summary)
}

/// Gives a conversation another name. As a plain form it leads to the conversation.
#[server(prefix = "/api", endpoint = "conversations/rename")]
pub async fn rename_conversation(id: String, title: String) -> Result<(), AppError> {
    let user = respond(signed_in())?;
    let id = parse(&id)?;
    let title = respond(Title::parse(&title).map_err(|error| AppError::invalid("title", error)))?;
    found(services().conversations.rename(user.id, id, &title).await.map(|done| done.then_some(())))?;
    see_other_for_forms(&format!("/c/{id}"));
    Ok(())
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
pub(super) fn parse(id: &str) -> Result<ConversationId, AppError> {
    respond(id.parse().map_err(|_| AppError::NotFound))
}

#[cfg(feature = "ssr")]
pub(super) fn found<T>(result: Result<Option<T>, StoreError>) -> Result<T, AppError> {
    respond(result.map_err(AppError::from).and_then(|found| found.ok_or(AppError::NotFound)))
}
