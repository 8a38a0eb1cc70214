//! What is where in an open conversation.

use super::Thread;
use crate::pages::chat::{
    items::{Body, Item},
    versions::{self, Place},
};
use chat::{MessageId, TurnId};
use leptos::prelude::*;

impl Thread {
    /// Which version is shown at a place of the page, followed as it changes; none when there are no others.
    pub(in super::super) fn versions(self, key: MessageId) -> Option<Place> {
        if self.forks.with(Vec::is_empty) {
            return None;
        }
        let shown = self.items.with(|items| items.iter().find(|item| item.key == key).map(Item::id))?;
        self.forks.with(|forks| versions::place(forks, shown))
    }

    /// The id of the message at a place of the page.
    pub(in super::super) fn id_at(self, key: MessageId) -> Option<MessageId> {
        self.items.try_with_untracked(|items| items.iter().find(|item| item.key == key).map(Item::id))?
    }

    /// The ids of the files that came with the message at a place of the page, as they are sent.
    pub(in super::super) fn files_at(self, key: MessageId) -> String {
        let files = self.items.with_untracked(|items| match &items.iter().find(|item| item.key == key)?.body {
            Body::User(message) => Some(message.attachments.iter().map(|file| file.id.to_string()).collect::<Vec<_>>()),
            Body::Reply(_) => None,
        });
        files.unwrap_or_default().join(",")
    }

    /// What the user said at a place of the page.
    pub(in super::super) fn said_at(self, key: MessageId) -> Option<String> {
        self.items.with_untracked(|items| match &items.iter().find(|item| item.key == key)?.body {
            Body::User(message) => Some(message.text.clone()),
            Body::Reply(_) => None,
        })
    }

    /// The reply that a turn wrote.
    pub(in super::super) fn reply_of(self, id: TurnId) -> Option<MessageId> {
        let wrote = |item: &&Item| item.turn().is_some_and(|turn| turn.with_untracked(|turn| turn.id == id));
        self.items.try_with_untracked(|items| items.iter().find(wrote).map(Item::id))?
    }

    /// Whether what a turn replies to is still there, followed as it changes: without a question there is no other answer.
    pub(in super::super) fn has_question(self, id: TurnId) -> bool {
        let parent = |item: &Item| item.turn()?.with_untracked(|turn| (turn.id == id).then_some(turn.parent));
        self.items.with(|items| {
            items.iter().find_map(parent).is_some_and(|parent| items.iter().any(|item| item.id() == parent))
        })
    }

    /// Whether a turn's reply is what was said last, followed as it changes.
    pub(in super::super) fn is_last(self, id: TurnId) -> bool {
        let last = self.items.with(|items| items.last().and_then(|item| item.turn().cloned()));
        last.is_some_and(|turn| turn.with_untracked(|turn| turn.id == id))
    }

    /// Whether a message comes right after what a summary stands for.
    pub(in super::super) fn follows_summary(self, id: MessageId) -> bool {
        let Some(upto) = self.summary.with(|summary| summary.as_ref().map(|summary| summary.upto)) else {
            return false;
        };
        self.items.with(|items| items.windows(2).any(|two| two[0].id() == upto && two[1].id() == id))
    }
}
