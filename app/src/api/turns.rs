//! Turns: send, also in a temporary chat, try again, go on, stop. Watching one is `GET /api/turns/{id}/events`.

#[cfg(feature = "ssr")]
use crate::context::{respond, see_other_for_forms, services, signed_in};
use crate::error::AppError;
use chat::ports::{Said, Sent, SentTemporary};
#[cfg(feature = "ssr")]
use chat::{
    Attachment, FileId, ModelRef, Prompt, SendKey,
    ports::{Draft, SendError, TemporaryDraft},
};
use leptos::server;

/// Sends a message and starts the reply to it. Empty fields count as not given: without a conversation a
/// new one begins, without a parent the message follows the newest one, without a model the default answers.
/// With `instead_of`, a message of the user, it is another version of that one. `attachments` are ids of uploaded files,
/// separated by commas. The same key again is the same message. As a plain form it leads to the conversation.
#[server(prefix = "/api", endpoint = "turns/send")]
pub async fn send_message(
    key: String,
    #[server(default)] conversation: String,
    #[server(default)] parent: String,
    #[server(default)] instead_of: String,
    text: String,
    #[server(default)] model: String,
    #[server(default)] attachments: String,
) -> Result<Sent, AppError> {
    let user = respond(signed_in())?;
    let draft = respond(draft(&key, &conversation, [&parent, &instead_of], &text, &model))?;
    let draft = Draft { attachments: respond(files(&attachments))?, ..draft };
    let sent = respond(services().runner.send(user.id, draft).await)?;
    see_other_for_forms(&format!("/c/{}", sent.conversation.id));
    Ok(sent)
}

/// Starts the reply to a message of a temporary chat, of which nothing is stored: `said` is what was said before, oldest
/// first. The same key again is the same message.
#[server(prefix = "/api", endpoint = "turns/temporary")]
pub async fn send_temporary(
    key: String,
    #[server(default)] said: Vec<Said>,
    text: String,
    #[server(default)] model: String,
) -> Result<SentTemporary, AppError> {
    let user = respond(signed_in())?;
    let Draft { key, prompt, parameters, model, .. } = respond(draft(&key, "", ["", ""], &text, &model))?;
    let draft = TemporaryDraft { key, said, prompt, parameters, model };
    respond(services().runner.send_temporary(user.id, draft).await)
}

/// Tries a turn that ended again, beside it; with another model when one is named.
#[server(prefix = "/api", endpoint = "turns/retry")]
pub async fn retry_turn(key: String, turn: String, #[server(default)] model: String) -> Result<Sent, AppError> {
    let user = respond(signed_in())?;
    let turn = respond(turn.parse().map_err(|_| AppError::NotFound))?;
    let key = respond(send_key(&key))?;
    let model = respond(model_ref(&model))?;
    let sent = respond(services().runner.retry(user.id, turn, key, model).await)?;
    see_other_for_forms(&format!("/c/{}", sent.conversation.id));
    Ok(sent)
}

/// Has the model go on with a reply that was cut: another version, which begins with what it says.
#[server(prefix = "/api", endpoint = "turns/continue")]
pub async fn continue_turn(key: String, turn: String) -> Result<Sent, AppError> {
    let user = respond(signed_in())?;
    let turn = respond(turn.parse().map_err(|_| AppError::NotFound))?;
    let key = respond(send_key(&key))?;
    let sent = respond(services().runner.go_on(user.id, turn, key).await)?;
    see_other_for_forms(&format!("/c/{}", sent.conversation.id));
    Ok(sent)
}

/// Stops a turn; what has arrived is kept.
#[server(prefix = "/api", endpoint = "turns/stop")]
pub async fn stop_turn(turn: String) -> Result<(), AppError> {
    let user = respond(signed_in())?;
    let turn = respond(turn.parse().map_err(|_| AppError::NotFound))?;
    let known = respond(services().runner.stop(user.id, turn).await)?;
    respond(if known { Ok(()) } else { Err(AppError::NotFound) })
}

#[cfg(feature = "ssr")]
fn draft(
    key: &str,
    conversation: &str,
    [parent, instead_of]: [&str; 2],
    text: &str,
    model: &str,
) -> Result<Draft, AppError> {
    Ok(Draft {
        key: send_key(key)?,
        conversation: id(conversation)?,
        parent: id(parent)?,
        instead_of: id(instead_of)?,
        attachments: Vec::new(),
        parameters: chat::Parameters::default(),
        prompt: Prompt::parse(text).map_err(|error| AppError::invalid("text", error))?,
        model: model_ref(model)?,
    })
}

/// Ids in the order in which they came, each once.
#[cfg(feature = "ssr")]
fn files(text: &str) -> Result<Vec<FileId>, AppError> {
    let mut files = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let id = part.parse().map_err(|_| SendError::NoSuchFile)?;
        if !files.contains(&id) {
            files.push(id);
        }
    }
    if files.len() > Attachment::MAX_PER_MESSAGE {
        let most = Attachment::MAX_PER_MESSAGE;
        return Err(AppError::invalid("attachments", format!("A message has {most} files at most. Remove some.")));
    }
    Ok(files)
}

#[cfg(feature = "ssr")]
fn send_key(text: &str) -> Result<SendKey, AppError> {
    text.parse().map_err(|_| AppError::invalid("key", "This page is out of date. Reload it and send again."))
}

/// An empty field is none; anything else that is no id names nothing.
#[cfg(feature = "ssr")]
fn id<T: std::str::FromStr>(text: &str) -> Result<Option<T>, AppError> {
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| AppError::NotFound) }
}

#[cfg(feature = "ssr")]
fn model_ref(text: &str) -> Result<Option<ModelRef>, AppError> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| AppError::invalid("model", "There is no such model. Choose another one."))
}
