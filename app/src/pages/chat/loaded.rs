//! What the chat page comes with: loaded by the server before it renders, and written into the page for the browser.

use crate::{codec::Json, error::AppError};
#[cfg(feature = "ssr")]
use chat::Folder;
use chat::{ConversationSummary, ModelInfo, Transcript};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the chat page comes with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Loaded {
    /// The sidebar's list.
    pub conversations: Vec<ConversationSummary>,
    /// The user's folders, packed.
    pub folders: String,
    /// The models on offer.
    pub models: Vec<ModelInfo>,
    /// The conversation that the address names, if it names one.
    pub opened: Option<Arrival>,
}

/// What the address of a conversation calls it, and what came of opening it.
pub type Arrival = (String, Result<Transcript, AppError>);

/// Loads what the page at an address shows.
#[cfg(feature = "ssr")]
pub async fn load(path: &str) -> Result<Loaded, AppError> {
    use crate::api::{
        conversations::{list_conversations, open_conversation},
        folders::list_folders,
        models::list_models,
    };
    let (conversations, models) = (list_conversations().await?, list_models().await?);
    let folders = Folder::pack(&list_folders().await?);
    let opened = match path.strip_prefix("/c/") {
        Some(id) => Some((id.to_owned(), open_conversation(id.to_owned()).await)),
        None => None,
    };
    Ok(Loaded { conversations, folders, models, opened })
}

/// What came with the page. `loaded` is what the server has loaded; a browser has nothing of its own to give.
pub fn with_page(loaded: Option<Result<Loaded, AppError>>) -> Option<Result<Loaded, AppError>> {
    SharedValue::<_, Json>::new_with_encoding(|| loaded).into_inner()
}
