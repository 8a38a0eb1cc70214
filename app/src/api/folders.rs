//! The order that a user gives to conversations: pinned, put into folders, archived.

#[cfg(feature = "ssr")]
use super::conversations::found;
#[cfg(feature = "ssr")]
use crate::context::{respond, see_other_for_forms, services, signed_in};
use crate::error::AppError;
#[cfg(feature = "ssr")]
use chat::{Act, FolderId, FolderName, ports::Shift};
use chat::{ConversationId, ConversationSummary, Folder, Timestamp};
use leptos::server;

/// The most conversations that something is done to at once.
#[cfg(feature = "ssr")]
const MOST_AT_ONCE: usize = 500;
/// How many archived conversations a page has.
#[cfg(feature = "ssr")]
const ARCHIVE_PAGE: u32 = 50;

/// Does something to conversations, whose ids are separated by commas, and tells to which: `pin`, `unpin`, `archive`,
/// `unarchive`, `delete`, or `move` into a `folder`, or out of any. Ids of others are left alone. As a plain form it leads
/// to the conversation, or away from what is gone.
#[server(prefix = "/api", endpoint = "conversations/organise")]
pub async fn organise(
    ids: String,
    act: String,
    #[server(default)] folder: String,
) -> Result<Vec<ConversationId>, AppError> {
    let user = respond(signed_in())?;
    let (ids, act) = (respond(conversations(&ids))?, respond(Act::parse(&act, &folder).ok_or(AppError::NotFound))?);
    respond(stop_before(user.id, &ids, act).await)?;
    let services = services();
    let done = services.folders.organise(user.id, &ids, act, services.clock.now()).await;
    let done = found(done.map(|done| Some(done).filter(|done| !done.is_empty())))?;
    see_other_for_forms(&next(&done, act));
    Ok(done)
}

/// The user's folders, in their order.
#[server(prefix = "/api", endpoint = "folders/list")]
pub async fn list_folders() -> Result<Vec<Folder>, AppError> {
    let user = respond(signed_in())?;
    respond(services().folders.folders(user.id).await)
}

/// Makes a folder, below the others.
#[server(prefix = "/api", endpoint = "folders/add")]
pub async fn add_folder(name: String) -> Result<Folder, AppError> {
    let user = respond(signed_in())?;
    let services = services();
    let folder = Folder { id: FolderId(services.ids.new_id()), name: respond(name_of(&name))?, closed: false };
    respond(services.folders.add_folder(user.id, &folder, services.clock.now()).await)?;
    see_other_for_forms("/folders");
    Ok(folder)
}

/// Gives a folder another name.
#[server(prefix = "/api", endpoint = "folders/rename")]
pub async fn rename_folder(id: String, name: String) -> Result<(), AppError> {
    let user = respond(signed_in())?;
    let (id, name) = (respond(folder_id(&id))?, respond(name_of(&name))?);
    changed(services().folders.rename_folder(user.id, id, &name).await)
}

/// Shows a folder closed, or open.
#[server(prefix = "/api", endpoint = "folders/close")]
pub async fn close_folder(id: String, closed: bool) -> Result<(), AppError> {
    let user = respond(signed_in())?;
    let id = respond(folder_id(&id))?;
    changed(services().folders.close_folder(user.id, id, closed).await)
}

/// Changes the place of a folder with that of its neighbour: `up` or `down`.
#[server(prefix = "/api", endpoint = "folders/shift")]
pub async fn shift_folder(id: String, to: String) -> Result<(), AppError> {
    let user = respond(signed_in())?;
    let (id, shift) = (respond(folder_id(&id))?, if to == "up" { Shift::Up } else { Shift::Down });
    changed(services().folders.shift_folder(user.id, id, shift).await)
}

/// Deletes a folder. What is in it is in no folder then.
#[server(prefix = "/api", endpoint = "folders/delete")]
pub async fn delete_folder(id: String) -> Result<(), AppError> {
    let user = respond(signed_in())?;
    let id = respond(folder_id(&id))?;
    changed(services().folders.delete_folder(user.id, id).await)
}

/// Archived conversations with the moments since when they are, the newest first: those that follow the one named by its
/// moment and id, as `123-…`, or all without.
#[server(prefix = "/api", endpoint = "conversations/archived")]
pub async fn archived_conversations(
    #[server(default)] after: String,
) -> Result<Vec<(Timestamp, ConversationSummary)>, AppError> {
    let user = respond(signed_in())?;
    let after = after.split_once('-').and_then(|(at, id)| Some((Timestamp(at.parse().ok()?), id.parse().ok()?)));
    respond(services().folders.archived(user.id, after, ARCHIVE_PAGE).await)
}

/// Whether a page of the archive is full, so that another one may follow.
#[cfg(feature = "ssr")]
pub fn is_full(page: &[(Timestamp, ConversationSummary)]) -> bool {
    page.len() >= ARCHIVE_PAGE as usize
}

/// What is being written in a conversation that is to be deleted is stopped first, as when it is deleted alone.
#[cfg(feature = "ssr")]
async fn stop_before(user: chat::UserId, ids: &[ConversationId], act: Act) -> Result<(), AppError> {
    if act == Act::Delete {
        for id in ids {
            services().runner.stop_conversation(user, *id).await?;
        }
    }
    Ok(())
}

/// Where a plain form leads.
#[cfg(feature = "ssr")]
fn next(done: &[ConversationId], act: Act) -> String {
    match (act, done) {
        (_, []) | (Act::Delete, _) => "/".into(),
        (Act::Archive, _) => "/archive".into(),
        (_, [first, ..]) => format!("/c/{first}"),
    }
}

#[cfg(feature = "ssr")]
fn changed(result: Result<bool, chat::ports::StoreError>) -> Result<(), AppError> {
    found(result.map(|done| done.then_some(())))?;
    see_other_for_forms("/folders");
    Ok(())
}

#[cfg(feature = "ssr")]
fn conversations(ids: &str) -> Result<Vec<ConversationId>, AppError> {
    let ids: Result<Vec<ConversationId>, _> = ids.split(',').map(str::parse).collect();
    match ids.map_err(|_| AppError::NotFound)? {
        ids if ids.len() > MOST_AT_ONCE => {
            Err(AppError::invalid("ids", format!("Choose {MOST_AT_ONCE} conversations at most at a time.")))
        }
        ids => Ok(ids),
    }
}

#[cfg(feature = "ssr")]
fn folder_id(id: &str) -> Result<FolderId, AppError> {
    id.parse().map_err(|_| AppError::NotFound)
}

#[cfg(feature = "ssr")]
fn name_of(name: &str) -> Result<FolderName, AppError> {
    FolderName::parse(name).map_err(|error| AppError::invalid("name", error))
}
