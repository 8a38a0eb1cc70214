//! Which conversations the sidebar lists, and under which headings.

use super::state::ChatState;
use crate::case::lower;
use chat::{
    ConversationId, ConversationSummary, Folder, FolderId, Timestamp, conversation::by_period, time::UtcOffset,
};
use leptos::prelude::*;

/// Conversations that stand under one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// The heading.
    pub heading: String,
    /// The folder, if it is one.
    pub folder: Option<FolderId>,
    /// It is shown closed.
    pub closed: bool,
    /// The conversations, newest first.
    pub members: Vec<ConversationId>,
}

impl Group {
    /// What tells it from others in the list; another name makes it another one.
    pub fn key(&self) -> String {
        self.heading_id() + &self.heading
    }

    /// The `id` of the heading's element.
    pub fn heading_id(&self) -> String {
        match self.folder {
            Some(folder) => ["g-", &folder.to_string()].concat(),
            None => "g-".to_owned() + &lower(&self.heading).replace(' ', "-"),
        }
    }
}

/// What the sidebar lists, followed as it changes.
pub(super) fn of(state: ChatState) -> Vec<Group> {
    let (now, offset) = (state.now.get(), state.offset.get());
    state.conversations.with(|list| state.order.with(|order| groups(list, &order.folders, now, offset)))
}

/// The conversations under their headings: those that are pinned, the folders, then all others by their dates.
fn groups(list: &[ConversationSummary], folders: &[Folder], now: Timestamp, offset: UtcOffset) -> Vec<Group> {
    let (mut pinned, mut loose) = (Vec::new(), Vec::new());
    let mut inside: Vec<Vec<ConversationId>> = folders.iter().map(|_| Vec::new()).collect();
    for summary in list.iter().filter(|summary| !summary.shelf.archived) {
        let folder = folders.iter().position(|folder| summary.shelf.folder == Some(folder.id));
        match folder {
            _ if summary.shelf.pinned => pinned.push(summary.id),
            Some(folder) => inside[folder].push(summary.id),
            None => loose.push(summary.clone()),
        }
    }
    let plain = |heading: &str, members| Group { heading: heading.to_owned(), folder: None, closed: false, members };
    let mut groups = Vec::new();
    if !pinned.is_empty() {
        groups.push(plain("Pinned", pinned));
    }
    for (folder, members) in folders.iter().zip(inside) {
        let heading = folder.name.as_str().to_owned();
        groups.push(Group { heading, folder: Some(folder.id), closed: folder.closed, members });
    }
    for (period, members) in by_period(loose, now, offset) {
        groups.push(plain(period.heading(), members.into_iter().map(|c| c.id).collect()));
    }
    groups
}

#[cfg(test)]
mod tests;
