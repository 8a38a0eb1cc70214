//! The messages that are shown, and how what the server says is taken into them without disturbing what is on the page.

use chat::{Message, MessageId, SendKey, Timestamp, Turn, UserMessage};
use leptos::prelude::*;
use std::sync::Arc;

/// One message on the page.
#[derive(Clone)]
pub(super) struct Item {
    /// Stays the same for as long as the message is on the page, also when its id becomes known only later.
    pub key: MessageId,
    pub body: Body,
}

#[derive(Clone)]
pub(super) enum Body {
    /// By the user. It never changes.
    User(Arc<UserMessage>),
    /// By a model.
    Reply(ArcRwSignal<Turn>),
}

impl Item {
    /// A message as the server has it.
    pub(super) fn new(message: Message) -> Self {
        let key = message.id();
        let body = match message {
            Message::User(message) => Body::User(Arc::new(message)),
            Message::Reply(turn) => Body::Reply(ArcRwSignal::new(turn)),
        };
        Self { key, body }
    }

    /// A message that is on its way to the server.
    pub(super) fn sending(key: SendKey, text: &str) -> Self {
        let (id, text, attachments) = (MessageId(key.0), text.to_owned(), Vec::new());
        let message = UserMessage { id, parent: None, text, attachments, created_at: Timestamp(0) };
        Self { key: id, body: Body::User(Arc::new(message)) }
    }

    pub(super) fn id(&self) -> MessageId {
        match &self.body {
            Body::User(message) => message.id,
            Body::Reply(turn) => turn.with_untracked(|turn| turn.reply),
        }
    }

    pub(super) fn turn(&self) -> Option<&ArcRwSignal<Turn>> {
        match &self.body {
            Body::User(_) => None,
            Body::Reply(turn) => Some(turn),
        }
    }

    /// The message as far as it has arrived.
    pub(super) fn message(&self) -> Message {
        match &self.body {
            Body::User(message) => Message::User((**message).clone()),
            Body::Reply(turn) => Message::Reply(turn.get_untracked()),
        }
    }

    fn says(&self, message: &Message) -> bool {
        match (&self.body, message) {
            (Body::User(shown), Message::User(message)) => {
                shown.text == message.text && shown.attachments == message.attachments
            }
            (Body::Reply(_), Message::Reply(_)) => true,
            _ => false,
        }
    }
}

/// What shall be shown, where `shown` was shown and the server has `messages`. What is on the page already stays as it
/// is; a reply's turn is brought up to date.
pub(super) fn merge(shown: &[Item], messages: Vec<Message>) -> Vec<Item> {
    let adopt = |message: Message| match shown.iter().find(|item| item.id() == message.id()) {
        Some(item) if item.says(&message) => {
            if let (Body::Reply(turn), Message::Reply(now)) = (&item.body, message) {
                bring_up_to_date(turn, now);
            }
            item.clone()
        }
        _ => Item::new(message),
    };
    messages.into_iter().map(adopt).collect()
}

/// A turn that runs is mostly further here than the server's store is. One that has ended is what the server says.
fn bring_up_to_date(turn: &ArcRwSignal<Turn>, now: Turn) {
    let newer = |turn: &Turn| *turn != now && (now.seq > turn.seq || !now.is_running());
    if turn.with_untracked(newer) {
        turn.set(now);
    }
}

/// Puts a message that the server has taken, and the turn that replies to it, in the place of the message that was on
/// its way. Gives the turn as it is shown.
pub(super) fn place(items: &mut Vec<Item>, key: SendKey, message: Message, turn: Turn) -> ArcRwSignal<Turn> {
    let known = items.iter().any(|item| item.key.0 != key.0 && item.id() == message.id());
    match items.iter().position(|item| item.key.0 == key.0) {
        Some(at) if known => _ = items.remove(at),
        Some(at) if items[at].says(&message) => items[at].body = Item::new(message).body,
        Some(at) => items[at] = Item::new(message),
        None if known => {}
        None => items.push(Item::new(message)),
    }
    if let Some(shown) = items.iter().filter_map(Item::turn).find(|shown| shown.with_untracked(|s| s.id == turn.id)) {
        return shown.clone();
    }
    push(items, turn)
}

/// Puts another version in the place of a message and of all that followed it, and the turn that replies. None when that
/// message is not shown.
pub(super) fn replace(
    items: &mut Vec<Item>,
    of: MessageId,
    message: Option<Message>,
    turn: Turn,
) -> Option<ArcRwSignal<Turn>> {
    let at = items.iter().position(|item| item.id() == of)?;
    items.truncate(at);
    items.extend(message.map(Item::new));
    Some(push(items, turn))
}

fn push(items: &mut Vec<Item>, turn: Turn) -> ArcRwSignal<Turn> {
    let (key, turn) = (turn.reply, ArcRwSignal::new(turn));
    items.push(Item { key, body: Body::Reply(turn.clone()) });
    turn
}

#[cfg(test)]
mod tests;
