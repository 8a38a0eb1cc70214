//! The messages that are shown, and how what the server says is taken into them without disturbing what is on the page.

use chat::{Message, MessageId, SendKey, Turn, TurnId};
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
    User { id: MessageId, text: Arc<str> },
    /// By a model.
    Reply(ArcRwSignal<Turn>),
}

impl Item {
    /// A message as the server has it.
    pub(super) fn new(message: Message) -> Self {
        let key = message.id();
        let body = match message {
            Message::User(message) => Body::User { id: message.id, text: message.text.into() },
            Message::Reply(turn) => Body::Reply(ArcRwSignal::new(turn)),
        };
        Self { key, body }
    }

    /// A message that is on its way to the server.
    pub(super) fn sending(key: SendKey, text: &str) -> Self {
        let id = MessageId(key.0);
        Self { key: id, body: Body::User { id, text: text.into() } }
    }

    pub(super) fn id(&self) -> MessageId {
        match &self.body {
            Body::User { id, .. } => *id,
            Body::Reply(turn) => turn.with_untracked(|turn| turn.reply),
        }
    }

    pub(super) fn turn(&self) -> Option<&ArcRwSignal<Turn>> {
        match &self.body {
            Body::User { .. } => None,
            Body::Reply(turn) => Some(turn),
        }
    }

    fn says(&self, message: &Message) -> bool {
        match (&self.body, message) {
            (Body::User { text, .. }, Message::User(message)) => **text == *message.text,
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
        Some(at) if items[at].says(&message) => {
            if let Body::User { id, .. } = &mut items[at].body {
                *id = message.id();
            }
        }
        Some(at) => items[at] = Item::new(message),
        None if known => {}
        None => items.push(Item::new(message)),
    }
    if let Some(shown) = items.iter().filter_map(Item::turn).find(|shown| shown.with_untracked(|s| s.id == turn.id)) {
        return shown.clone();
    }
    push(items, turn)
}

/// Puts another attempt in the place of the reply that turn `of` wrote, and of all that followed it. None when that
/// reply is not shown.
pub(super) fn replace(items: &mut Vec<Item>, of: TurnId, turn: Turn) -> Option<ArcRwSignal<Turn>> {
    let wrote = |item: &Item| item.turn().is_some_and(|turn| turn.with_untracked(|turn| turn.id == of));
    let at = items.iter().position(wrote)?;
    items.truncate(at);
    Some(push(items, turn))
}

fn push(items: &mut Vec<Item>, turn: Turn) -> ArcRwSignal<Turn> {
    let (key, turn) = (turn.reply, ArcRwSignal::new(turn));
    items.push(Item { key, body: Body::Reply(turn.clone()) });
    turn
}

#[cfg(test)]
mod tests;
