//! The server functions that the page itself calls, in a chunk: until something is asked of the server, the page does
//! without all that asking takes. What only chunks call needs no mention here.

use super::{conversations, folders, turns};
use crate::{chunk::chunk, error::AppError};
use chat::{ConversationSummary, Folder, Transcript, ports::Sent};
use std::{future::Future, pin::Pin};

/// What the server will have answered.
type Answer<T> = Pin<Box<dyn Future<Output = Result<T, AppError>>>>;

#[derive(Clone, Copy)]
struct Calls {
    list: fn() -> Answer<(Vec<ConversationSummary>, String)>,
    open: fn(String) -> Answer<Transcript>,
    send: fn([String; 7]) -> Answer<Sent>,
    stop: fn(String) -> Answer<()>,
}

chunk! {
    /// The server functions below.
    fn calls() -> Calls {
        Calls {
            list: || {
                Box::pin(async { Ok((conversations::list_conversations().await?, Folder::pack(&folders::list_folders().await?))) })
            },
            open: |id| Box::pin(conversations::open_conversation(id)),
            send: |[key, conversation, parent, instead_of, text, model, attachments]| {
                Box::pin(turns::send_message(key, conversation, parent, instead_of, text, model, attachments))
            },
            stop: |turn| Box::pin(turns::stop_turn(turn)),
        }
    }
}

/// The chunk; a server that can't be reached does not send it either.
async fn loaded() -> Result<Calls, AppError> {
    calls().load().await.ok_or(AppError::Offline)
}

/// See [`conversations::list_conversations`] and [`folders::list_folders`]; the folders are packed.
pub async fn list_conversations() -> Result<(Vec<ConversationSummary>, String), AppError> {
    (loaded().await?.list)().await
}

/// See [`conversations::open_conversation`].
pub async fn open_conversation(id: String) -> Result<Transcript, AppError> {
    (loaded().await?.open)(id).await
}

/// See [`turns::send_message`].
pub async fn send_message(
    key: String,
    conversation: String,
    parent: String,
    instead_of: String,
    text: String,
    model: String,
    attachments: String,
) -> Result<Sent, AppError> {
    (loaded().await?.send)([key, conversation, parent, instead_of, text, model, attachments]).await
}

/// See [`turns::stop_turn`].
pub async fn stop_turn(turn: String) -> Result<(), AppError> {
    (loaded().await?.stop)(turn).await
}

/// Begins to load the chunk, for somebody who will soon ask something of the server.
#[cfg(feature = "hydrate")]
pub fn warm() {
    leptos::task::spawn_local(async { _ = calls().load().await });
}
