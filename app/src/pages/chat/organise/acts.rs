//! What is done to conversations and folders: seen at once, then asked of the server, and put back when that fails.

use super::words;
use crate::{
    api::folders as server,
    components::{Toast, ToastAction},
    error::AppError,
    pages::chat::state::ChatState,
};
use chat::{Act, ConversationId, ConversationSummary, Folder, FolderId, Shelf};
use leptos::{prelude::*, task::spawn_local};

/// A folder of the sidebar.
pub(super) fn folder(state: ChatState, id: FolderId) -> Option<Folder> {
    state.order.with_untracked(|order| order.folders.iter().find(|folder| folder.id == id).cloned())
}

/// The folders of the sidebar.
pub(super) fn folders(state: ChatState) -> Vec<Folder> {
    state.order.with_untracked(|order| order.folders.clone())
}

/// Does something to conversations, and offers to undo it.
pub(super) fn organise(state: ChatState, ids: Vec<ConversationId>, act: Act) {
    let back = opposite(state, &ids, act);
    let ids = Changes { list: vec![(act, ids)] };
    spawn_local(async move {
        if ids.make(state).await {
            let count = ids.list.iter().map(|(_, ids)| ids.len()).sum();
            let text = words::done(state, act, count);
            let action = (!back.is_empty())
                .then(|| ToastAction { label: "Undo".into(), run: Callback::new(move |()| undo(state, back.clone())) });
            state.toast.set(Some(Toast { text, action }));
        }
    });
}

fn undo(state: ChatState, back: Vec<(Act, Vec<ConversationId>)>) {
    spawn_local(async move {
        if (Changes { list: back }).make(state).await {
            state.status.set("Put back".into());
        }
    });
}

/// What undoes an act: conversations may have been in different folders.
fn opposite(state: ChatState, ids: &[ConversationId], act: Act) -> Vec<(Act, Vec<ConversationId>)> {
    let mut back: Vec<(Act, Vec<ConversationId>)> = Vec::new();
    let mut add = |act, id| match back.iter_mut().find(|(known, _)| *known == act) {
        Some((_, ids)) => ids.push(id),
        None => back.push((act, vec![id])),
    };
    for id in ids {
        let before = untrack(|| state.shelf(*id)).unwrap_or_default();
        match act {
            Act::Pin if !before.pinned => add(Act::Unpin, *id),
            Act::Unpin => add(Act::Pin, *id),
            Act::Archive => add(Act::Unarchive, *id),
            Act::Unarchive => add(Act::Archive, *id),
            Act::Move(_) => {
                add(Act::Move(before.folder), *id);
                if before.pinned {
                    add(Act::Pin, *id);
                }
            }
            Act::Pin | Act::Delete => {}
        }
    }
    back
}

/// Acts, each with what it is done to.
struct Changes {
    list: Vec<(Act, Vec<ConversationId>)>,
}

impl Changes {
    /// Makes the changes: first seen, then asked of the server. When that fails, they are taken back and it is told.
    async fn make(&self, state: ChatState) -> bool {
        for (act, ids) in &self.list {
            let before = state.conversations.get_untracked();
            show(state, ids, *act);
            if let Err(error) = ask(ids, *act).await {
                put_back(state, ids, &before);
                state.tell(&error);
                return false;
            }
            // What was not listed may be now.
            if ids.iter().any(|id| before.iter().all(|known| known.id != *id)) {
                state.refresh();
            }
        }
        true
    }
}

async fn ask(ids: &[ConversationId], act: Act) -> Result<(), AppError> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let folder = match act {
        Act::Move(Some(folder)) => folder.to_string(),
        _ => String::new(),
    };
    match server::organise(ids.join(","), act.word().to_owned(), folder).await {
        // What somebody else has deleted already is deleted.
        Err(AppError::NotFound) if act == Act::Delete => Ok(()),
        answer => answer.map(|_| ()),
    }
}

fn show(state: ChatState, ids: &[ConversationId], act: Act) {
    state.change(|list| match act {
        Act::Delete => list.retain(|c| !ids.contains(&c.id)),
        act => list.iter_mut().filter(|c| ids.contains(&c.id)).for_each(|c| c.shelf = c.shelf.after(act)),
    });
}

/// Shows conversations where they were before. What has happened since to others stays.
fn put_back(state: ChatState, ids: &[ConversationId], before: &[ConversationSummary]) {
    let shelf = |id: ConversationId| before.iter().find(|c| c.id == id).map(|c| c.shelf);
    state.change(|list| {
        for conversation in before.iter().filter(|c| ids.contains(&c.id)) {
            if list.iter().all(|c| c.id != conversation.id) {
                let place = list.partition_point(|c| c.updated_at > conversation.updated_at);
                list.insert(place, conversation.clone());
            }
        }
        for conversation in list.iter_mut().filter(|c| ids.contains(&c.id)) {
            conversation.shelf = shelf(conversation.id).unwrap_or(Shelf::default());
        }
    });
}

/// Moves a folder by one place.
pub(super) fn shift(state: ChatState, id: FolderId, up: bool) {
    let before = folders(state);
    let Some(from) = before.iter().position(|folder| folder.id == id) else { return };
    let to = if up { from.saturating_sub(1) } else { (from + 1).min(before.len() - 1) };
    state.order.update(|order| order.folders.swap(from, to));
    spawn_local(async move {
        let word = if up { "up" } else { "down" };
        match server::shift_folder(id.to_string(), word.into()).await {
            Ok(()) => state.status.set(["Folder moved ", word].concat()),
            Err(error) => folders_failed(state, before, &error),
        }
    });
}

/// Shows a folder closed or open, from now on. The page has done so already.
pub(super) fn close(state: ChatState, id: FolderId, closed: bool) {
    state.order.update(|order| {
        order.folders.iter_mut().filter(|folder| folder.id == id).for_each(|folder| folder.closed = closed);
    });
    spawn_local(async move {
        if let Err(error) = server::close_folder(id.to_string(), closed).await {
            state.tell(&error);
        }
    });
}

/// Shows the folders as they were.
pub(super) fn folders_failed(state: ChatState, before: Vec<Folder>, error: &AppError) {
    state.order.update(|order| order.folders = before);
    state.tell(error);
}
